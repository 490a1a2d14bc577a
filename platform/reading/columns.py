"""What a placement shows, as SQL and as values: its own words where it has any, the article's where not."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from publishing.models.images import fitting, picture_path
from reading.shown import each

TITLE = "coalesce(nullif(placement.title, ''), article.title)"
SUMMARY = "coalesce(nullif(placement.summary, ''), article.summary)"
PICTURE = "image.digest, image.widths::text, image.width, image.height, image.alt, image.caption"

# One row each, looked up for the few placements that are shown.
ARTICLE = each("publishing_article", "article", "placement.article_id")
SECTION = each("publishing_section", "section", "placement.section_id")
IMAGE = each("publishing_image", "image", "coalesce(placement.image_id, article.lead_image_id)")


def _terms(kind: str) -> str:
    return f"""ARRAY(
        SELECT ARRAY[{kind}.name::text, {kind}.slug::text]
          FROM publishing_article{kind} filed {each(f"publishing_{kind}", kind, f"filed.{kind}_id")}
         WHERE filed.article_id = placement.article_id ORDER BY filed.position, filed.id)"""  # noqa: S608


BYLINES, TOPICS = _terms("byline"), _terms("topic")

# When readers last met something new: it appeared, was revised or corrected. GREATEST passes over NULL.
CHANGED = """greatest(placement.go_live, article.updated_at, (
    SELECT max(noted_at) FROM publishing_correction correction WHERE correction.article_id = placement.article_id))"""

# Silent reading of prose in languages with spaces.
WORDS_A_MINUTE = 230


# Tuples, and so are cards: a list makes a hundred of them, and a frozen dataclass takes four times as long to make.


class Link(NamedTuple):
    name: str
    path: str


class Picture(NamedTuple):
    """`src` is a path on the site, `srcset` the same picture in every width that there is."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str


def links(under: str, rows: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    """The links of (name, slug) pairs."""
    return tuple([Link(name, f"/{under}/{slug}/") for name, slug in rows])


def section_link(slug: str | None, name: str | None) -> Link | None:
    return Link(name or "", f"/sections/{slug}/") if slug else None


def picture_from(
    digest: str | None, widths: str, width: int, height: int, alt: str, caption: str, *, wanted_width: int
) -> Picture | None:
    """The picture of PICTURE's columns, `src` being the smallest at least `wanted_width` pixels wide."""
    available = _widths(widths) if digest else None
    if not digest or not available:
        return None
    srcset = ", ".join([f"{picture_path(digest, pixels)} {pixels}w" for pixels in available])
    return Picture(picture_path(digest, fitting(available, wanted_width)), srcset, width, height, alt, caption)


@lru_cache(maxsize=256)
def _widths(written: str) -> tuple[int, ...]:
    # The same few sets of widths over and over.
    return tuple(json.loads(written))


def title_or_untitled(title: str) -> str:
    return title.strip() or _("Untitled")


def reading_minutes(words: int) -> int:
    """At least one, also for a picture without a word."""
    return max(1, round(words / WORDS_A_MINUTE))
