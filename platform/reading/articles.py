"""One article, or one static page, as its own page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publishing.models import Article, Placement
from reading.answers import earliest
from reading.asking import Rows, rows_of
from reading.canonical import CANONICAL, NEXT_ELSEWHERE, canonical_of
from reading.cards import Card
from reading.columns import (
    BYLINES,
    CHANGED,
    IMAGE,
    PICTURE,
    SECTION,
    SUMMARY,
    TITLE,
    TOPICS,
    Link,
    Picture,
    links,
    picture_from,
    reading_minutes,
    section_link,
    title_or_untitled,
)
from reading.contents import Heading, contents_of
from reading.related import RELATED, related_from
from reading.shown import ANSWERED, SHOWN, of
from reading.voice import Told, language_name, voice
from sites_core.directory import SiteEntry
from sites_core.origins import origin

LEAD_WIDTH = 960

# Whether the text opens with the words of the summary, whole or cut off by an ellipsis, as imports make them. The
# first characters alone are read of a text that is stored apart.
_BEGINS_SO = "starts_with(left(article.text, char_length(shown.summary)), rtrim(shown.summary, '…'))"
_CORRECTIONS = """ARRAY(
    SELECT json_build_array(note, noted_at) FROM publishing_correction
     WHERE article_id = placement.article_id ORDER BY noted_at, id)"""


def _neighbour(others: str, follows: str, order: str) -> str:
    """The article beside this one in the site's list, as (title, slug): one step along its index."""
    return f"""
        (SELECT ARRAY[coalesce(nullif(beside.title, ''), written.title)::text, beside.slug::text]
           FROM {others} WHERE placement.listed AND {of("beside", SHOWN)}
            AND (beside.go_live, beside.id) {follows} (placement.go_live, placement.id)
          ORDER BY beside.go_live {order}, beside.id {order} LIMIT 1)"""  # noqa: S608


# Of each article of the group, this one among them, its canonical page. An article without a language of its own has
# that of the site.
_TRANSLATIONS = f"""ARRAY(
    SELECT json_build_array(coalesce(nullif(other.language, ''), brand.language), site.domain, there.slug, other.title)
      FROM publishing_article other
     CROSS JOIN LATERAL (SELECT place.site_id, place.slug {canonical_of("other.id")}) there
      JOIN django_site site ON site.id = there.site_id JOIN sites_core_brand brand ON brand.site_id = there.site_id
     WHERE other.translation_group = article.translation_group AND other.tenant_id = article.tenant_id
     ORDER BY coalesce(nullif(other.language, ''), brand.language), other.id)"""  # noqa: S608 -- made of constants
_NEXT_TRANSLATION = """
    (SELECT least(min(place.go_live) FILTER (WHERE place.go_live > %(now)s),
                  min(place.expires_at) FILTER (WHERE place.expires_at > %(now)s))
       FROM publishing_article other JOIN publishing_placement place ON place.article_id = other.id
      WHERE other.translation_group = article.translation_group AND other.tenant_id = article.tenant_id
        AND place.status = 'published')"""


def opening(this: str, others: str) -> str:
    """The statement of an article's page. `this` is where its row is looked for, as `placement` and `article`; `others`
    where those beside it are, as `beside` and `written`."""
    newer, older = _neighbour(others, ">", "ASC"), _neighbour(others, "<", "DESC")
    return f"""
SELECT placement.status, placement.go_live, {CHANGED}, article.id, article.kind, article.html,
       article.language, article.word_count, shown.title, shown.summary, {_BEGINS_SO}, section.slug, section.name,
       {BYLINES}, {TOPICS},
       ARRAY(SELECT topic_id FROM publishing_articletopic WHERE article_id = placement.article_id), {_CORRECTIONS},
       (SELECT ARRAY[site.domain::text, canonical.slug::text]
          FROM (SELECT place.site_id, place.slug {CANONICAL}) canonical
          JOIN django_site site ON site.id = canonical.site_id),
       ({NEXT_ELSEWHERE}), {newer}, {older}, {_TRANSLATIONS}, {_NEXT_TRANSLATION}, {RELATED}, {PICTURE}
  FROM {this}
       CROSS JOIN LATERAL (
           SELECT {TITLE} AS title, {SUMMARY} AS summary, placement.id AS placement_id, placement.article_id) shown
       {SECTION} {IMAGE}
 WHERE placement.site_id = %(site)s AND placement.slug = %(slug)s AND {ANSWERED}
"""  # noqa: S608 -- made of constants


OPENED = opening(
    "publishing_placement placement JOIN publishing_article article ON article.id = placement.article_id",
    "publishing_placement beside JOIN publishing_article written ON written.id = beside.article_id",
)


class NotHere(LookupError):
    """The site shows nothing under this slug, and says no more than that."""


class Recalled(NotHere):
    """It was shown here and has been taken back."""


@dataclass(frozen=True, slots=True)
class Note:
    """A correction, with its date."""

    text: str
    noted: Told


@dataclass(frozen=True, slots=True)
class Translation:
    """The same in another language, or this article itself: `name` is the language's own, `url` absolute."""

    language: str
    name: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An article as its page shows it. `html` was sanitised when it was saved; `canonical` is an absolute URL.

    `standfirst` is the summary above the text, empty where the text would say the same again. `updated` is None where
    it was not revised after the day on which it appeared. `translations` are all languages that it can be read in, its
    own among them; empty where that is the only one. `until` is when its canonical page, or that of a translation, may
    be another without any row changing; None: never.
    """

    id: int
    title: str
    summary: str
    standfirst: str
    html: str
    published: Told
    updated: Told | None
    words: int
    reading_time: str
    language: str
    is_page: bool
    canonical: str
    until: datetime | None
    section: Link | None
    picture: Picture | None
    bylines: tuple[Link, ...]
    topics: tuple[Link, ...]
    topic_ids: tuple[int, ...]
    corrections: tuple[Note, ...]
    contents: tuple[Heading, ...]
    newer: Link | None
    older: Link | None
    translations: tuple[Translation, ...]
    related: list[Card]


def opened(site: SiteEntry, slug: str, now: datetime) -> Opened:
    """What stands at the slug, in one statement. Raises NotHere, or Recalled where readers once could open it."""
    return opened_from(site, slug, rows_of(site.id, OPENED, slug=slug, now=now))


def opened_from(site: SiteEntry, slug: str, rows: Rows) -> Opened:
    """The same of the rows of OPENED."""
    if not rows:
        raise NotHere(slug)
    status, *rest = rows[0]
    if status == Placement.Status.RECALLED:
        raise Recalled(slug)
    return _opened(site, slug, *rest)


def _opened(
    site: SiteEntry,
    slug: str,
    published: datetime,
    changed: datetime,
    key: int,
    kind: str,
    html: str,
    language: str,
    words: int,
    title: str,
    summary: str,
    begins_so: bool,
    section_slug: str | None,
    section_name: str | None,
    bylines: list[tuple[str, str]],
    topics: list[tuple[str, str]],
    topic_ids: list[int],
    corrections: list[tuple[str, str]],
    canonical: tuple[str, str] | None,
    until: datetime | None,
    newer: tuple[str, str] | None,
    older: tuple[str, str] | None,
    translations: list[tuple[str, str, str, str]],
    next_translation: datetime | None,
    related: list[list[Any]],
    *picture: Any,
) -> Opened:
    speaking = voice()
    canonical_domain, canonical_slug = canonical or (site.domain, slug)
    told = speaking.told(published)
    updated = speaking.told(changed) if changed > published else told
    is_page = kind == Article.Kind.PAGE
    return Opened(
        id=key,
        title=title_or_untitled(title),
        summary=summary,
        standfirst="" if begins_so else summary,
        html=html,
        published=told,
        updated=updated if updated.day != told.day else None,
        words=words,
        reading_time=speaking.reading_time(reading_minutes(words)),
        language=language or site.brand.language,
        is_page=is_page,
        canonical=f"{origin(canonical_domain)}/{canonical_slug}/",
        until=earliest(until, next_translation),
        section=section_link(section_slug, section_name),
        picture=picture_from(*picture, wanted_width=LEAD_WIDTH),
        bylines=links("bylines", bylines),
        topics=links("topics", topics),
        topic_ids=tuple(topic_ids),
        corrections=tuple(
            [Note(note, speaking.told(datetime.fromisoformat(noted_at))) for note, noted_at in corrections]
        ),
        contents=contents_of(html, words),
        newer=_link(newer),
        older=_link(older),
        translations=_translations(translations),
        related=[] if is_page else related_from(related),
    )


def _link(beside: tuple[str, str] | None) -> Link | None:
    return Link(title_or_untitled(beside[0]), f"/{beside[1]}/") if beside else None


def _translations(rows: list[tuple[str, str, str, str]]) -> tuple[Translation, ...]:
    if len(rows) < 2:
        return ()
    return tuple(
        Translation(language, language_name(language), f"{origin(domain)}/{slug}/", title_or_untitled(title))
        for language, domain, slug, title in rows
    )
