"""One article, or one static page, as its own page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import JSONObject

from publishing.models import Article, Correction, Placement
from publishing.models.placements import PlacementQuerySet
from reading import columns
from reading.canonical import canonical_place
from reading.columns import Link, Picture
from sites_core.directory import SiteEntry
from sites_core.origins import origin
from tenants.scope import of_site

LEAD_WIDTH = 960


class NotHere(LookupError):
    """The site shows nothing under this slug, and says no more than that."""


class Recalled(NotHere):
    """It was shown here and has been taken back."""


@dataclass(frozen=True, slots=True)
class Note:
    """A correction, with its date."""

    text: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """An article as its page shows it. `html` was sanitised when it was saved; `canonical` is an absolute URL.

    `standfirst` is the summary above the text, empty where the text would say the same again.
    """

    path: str
    title: str
    summary: str
    standfirst: str
    html: str
    published: datetime
    minutes: int
    language: str
    is_page: bool
    canonical: str
    section: Link | None
    picture: Picture | None
    bylines: tuple[Link, ...]
    topics: tuple[Link, ...]
    corrections: tuple[Note, ...]


def opened(site: SiteEntry, slug: str, now: datetime) -> Opened:
    """What stands at the slug, in one statement. Raises NotHere, or Recalled where readers once could open it."""
    with of_site(site.id):
        here = Placement.objects.on(site.id).filter(slug=slug)
        row = _rows(answered(here, now), now).first()
    if row is None:
        raise NotHere(slug)
    if row["status"] == Placement.Status.RECALLED:
        raise Recalled(slug)
    return _opened(site, row)


def answered(placements: PlacementQuerySet, now: datetime) -> PlacementQuerySet:
    """Those whose page is no 404: what is live, and what was recalled after readers could open it."""
    return placements.live(now) | placements.filter(status=Placement.Status.RECALLED, go_live__lte=now)


def _rows(placements: PlacementQuerySet, now: datetime) -> Any:
    return placements.order_by().values(
        "slug",
        "status",
        "go_live",
        "article__kind",
        "article__html",
        "article__language",
        "article__word_count",
        "section__slug",
        "section__name",
        shown_title=columns.TITLE,
        shown_summary=columns.SUMMARY,
        begins_so=_begins_with_its_summary(),
        picture=columns.picture(),
        bylines=columns.bylines(),
        topics=columns.topics(),
        corrections=_corrections(),
        canonical=_canonical(now),
    )


def _begins_with_its_summary() -> Func:
    """Whether the text opens with the words of the summary, whole or cut off by an ellipsis, as imports make them."""
    words = Func(columns.SUMMARY, Value("…"), function="RTRIM", output_field=TextField())
    return Func("article__text", words, function="STARTS_WITH", output_field=BooleanField())


def _corrections() -> ArraySubquery:
    notes = Correction.objects.filter(article=OuterRef("article"))
    return ArraySubquery(notes.values_list(JSONObject(note="note", noted_at="noted_at")))


def _canonical(now: datetime) -> Subquery:
    return Subquery(canonical_place(now).values_list(JSONObject(domain="site__domain", slug="slug")))


def _opened(site: SiteEntry, row: dict[str, Any]) -> Opened:
    canonical = row["canonical"] or {"domain": site.domain, "slug": row["slug"]}
    return Opened(
        path=f"/{row['slug']}/",
        title=columns.title_or_untitled(row["shown_title"]),
        summary=row["shown_summary"],
        standfirst="" if row["begins_so"] else row["shown_summary"],
        html=row["article__html"],
        published=row["go_live"],
        minutes=columns.reading_minutes(row["article__word_count"]),
        language=row["article__language"] or site.brand.language,
        is_page=row["article__kind"] == Article.Kind.PAGE,
        canonical=f"{origin(canonical['domain'])}/{canonical['slug']}/",
        section=columns.section_link(row["section__slug"], row["section__name"]),
        picture=columns.picture_from(row["picture"], wanted_width=LEAD_WIDTH),
        bylines=columns.links("bylines", row["bylines"]),
        topics=columns.links("topics", row["topics"]),
        corrections=tuple(Note(n["note"], datetime.fromisoformat(n["noted_at"])) for n in row["corrections"]),
    )
