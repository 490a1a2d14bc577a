"""What a placement shows, as expressions and as values: its own words where it has any, the article's where not.

The functions are called inside a scope; what they return is evaluated within the statement that uses it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Greatest, JSONObject, NullIf
from django.utils.translation import gettext as _

from publishing.models import ArticleByline, ArticleTopic, Correction, Image

TITLE = Coalesce(NullIf("title", Value("")), "article__title")
SUMMARY = Coalesce(NullIf("summary", Value("", output_field=TextField())), "article__summary")

# Silent reading of prose in languages with spaces.
WORDS_A_MINUTE = 230


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`src` is a path on the site, `srcset` the same picture in every width that there is."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str


def bylines() -> ArraySubquery:
    signed = ArticleByline.objects.filter(article=OuterRef("article"))
    return ArraySubquery(signed.values_list(JSONObject(name="byline__name", slug="byline__slug")))


def topics() -> ArraySubquery:
    filed = ArticleTopic.objects.filter(article=OuterRef("article"))
    return ArraySubquery(filed.values_list(JSONObject(name="topic__name", slug="topic__slug")))


def picture() -> Subquery:
    chosen = Image.objects.filter(pk=Coalesce(OuterRef("image_id"), OuterRef("article__lead_image_id")))
    fields = ("digest", "widths", "width", "height", "alt", "caption")
    return Subquery(chosen.values_list(JSONObject(**{field: field for field in fields})))


def changed() -> Greatest:
    """When readers last met something new: it appeared, was revised or corrected."""
    notes = Correction.objects.filter(article=OuterRef("article")).order_by("-noted_at")
    # GREATEST passes over the NULL of an article without a note.
    return Greatest("go_live", "article__updated_at", Subquery(notes.values("noted_at")[:1]))


def links(under: str, rows: Sequence[Mapping[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(row["name"], f"/{under}/{row['slug']}/") for row in rows)


def section_link(slug: str | None, name: str | None) -> Link | None:
    return Link(name or "", f"/sections/{slug}/") if slug else None


def picture_from(fields: dict[str, Any] | None, *, wanted_width: int) -> Picture | None:
    if not fields or not fields["widths"]:
        return None
    image = Image(**fields)
    srcset = ", ".join(f"{image.url_for(width)} {width}w" for width in image.widths)
    return Picture(image.url_for(wanted_width), srcset, image.width, image.height, image.alt, image.caption)


def title_or_untitled(title: str) -> str:
    return title.strip() or _("Untitled")


def reading_minutes(words: int) -> int:
    """At least one, also for a picture without a word."""
    return max(1, round(words / WORDS_A_MINUTE))
