"""One article, or one static page, as its own page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publishing.models import Article, Placement
from reading.asking import rows_of
from reading.canonical import CANONICAL, NEXT_ELSEWHERE
from reading.columns import (
    BYLINES,
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
from reading.shown import ANSWERED
from reading.voice import Told, voice
from sites_core.directory import SiteEntry
from sites_core.origins import origin

LEAD_WIDTH = 960

# Whether the text opens with the words of the summary, whole or cut off by an ellipsis, as imports make them. The
# first characters alone are read of a text that is stored apart.
_BEGINS_SO = "starts_with(left(article.text, char_length(shown.summary)), rtrim(shown.summary, '…'))"
_CORRECTIONS = """ARRAY(
    SELECT json_build_array(note, noted_at) FROM publishing_correction
     WHERE article_id = placement.article_id ORDER BY noted_at, id)"""
_OPENED = f"""
SELECT placement.status, placement.go_live, article.id, article.kind, article.html, article.language,
       article.word_count, shown.title, shown.summary, {_BEGINS_SO}, section.slug, section.name, {BYLINES}, {TOPICS},
       ARRAY(SELECT topic_id FROM publishing_articletopic WHERE article_id = placement.article_id), {_CORRECTIONS},
       (SELECT ARRAY[site.domain::text, canonical.slug::text]
          FROM (SELECT place.site_id, place.slug {CANONICAL}) canonical
          JOIN django_site site ON site.id = canonical.site_id),
       ({NEXT_ELSEWHERE}), {PICTURE}
  FROM publishing_placement placement JOIN publishing_article article ON article.id = placement.article_id
       CROSS JOIN LATERAL (SELECT {TITLE} AS title, {SUMMARY} AS summary) shown {SECTION} {IMAGE}
 WHERE placement.site_id = %(site)s AND placement.slug = %(slug)s AND {ANSWERED}
"""  # noqa: S608 -- made of constants


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
class Opened:
    """An article as its page shows it. `html` was sanitised when it was saved; `canonical` is an absolute URL.

    `standfirst` is the summary above the text, empty where the text would say the same again. `until` is when its
    canonical page may be another without any row changing; None: never.
    """

    id: int
    title: str
    summary: str
    standfirst: str
    html: str
    published: Told
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


def opened(site: SiteEntry, slug: str, now: datetime) -> Opened:
    """What stands at the slug, in one statement. Raises NotHere, or Recalled where readers once could open it."""
    rows = rows_of(site.id, _OPENED, slug=slug, now=now)
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
    *picture: Any,
) -> Opened:
    speaking = voice()
    canonical_domain, canonical_slug = canonical or (site.domain, slug)
    return Opened(
        id=key,
        title=title_or_untitled(title),
        summary=summary,
        standfirst="" if begins_so else summary,
        html=html,
        published=speaking.told(published),
        reading_time=speaking.reading_time(reading_minutes(words)),
        language=language or site.brand.language,
        is_page=kind == Article.Kind.PAGE,
        canonical=f"{origin(canonical_domain)}/{canonical_slug}/",
        until=until,
        section=section_link(section_slug, section_name),
        picture=picture_from(*picture, wanted_width=LEAD_WIDTH),
        bylines=links("bylines", bylines),
        topics=links("topics", topics),
        topic_ids=tuple(topic_ids),
        corrections=tuple(
            [Note(note, speaking.told(datetime.fromisoformat(noted_at))) for note, noted_at in corrections]
        ),
    )
