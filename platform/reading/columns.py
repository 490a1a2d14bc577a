"""What a placement shows, as SQL and as values: its own words where it has any, the article's where not."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from publishing.models.images import Source, Variants, variants
from reading.shown import each

TITLE = "coalesce(nullif(placement.title, ''), article.title)"
SUMMARY = "coalesce(nullif(placement.summary, ''), article.summary)"
# Nine columns, which `picture_from` takes in this order.
PICTURE = """image.digest, image.widths::text, image.formats::text, image.width, image.height, image.alt, image.caption,
    image.focus_x, image.focus_y"""

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
    """What `<picture>` needs. `src` is a path on the site and `srcset` the same in every width, in a format that every
    browser knows; `sources` are the better ones. `focus` names the CSS classes that keep in sight what must be."""

    src: str
    srcset: str
    sources: tuple[Source, ...]
    width: int
    height: int
    alt: str
    caption: str
    focus: str


def links(under: str, rows: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    """The links of (name, slug) pairs."""
    return tuple([Link(name, f"/{under}/{slug}/") for name, slug in rows])


def section_link(slug: str | None, name: str | None) -> Link | None:
    return Link(name or "", f"/sections/{slug}/") if slug else None


def picture_from(
    digest: str | None,
    widths: str,
    formats: str,
    width: int,
    height: int,
    alt: str,
    caption: str,
    focus_x: int,
    focus_y: int,
    *,
    wanted_width: int,
) -> Picture | None:
    """The picture of PICTURE's columns, `src` being the smallest at least `wanted_width` pixels wide."""
    files = _variants(digest, widths, formats, wanted_width) if digest else None
    if files is None:
        return None
    sources, src, srcset = files
    return Picture(src, srcset, sources, width, height, alt, caption, _focus(focus_x, focus_y))


@lru_cache(maxsize=2048)
def _variants(digest: str, widths: str, formats: str, wanted_width: int) -> Variants | None:
    # The same pictures over and over; what they name is 1 KB of text each.
    available = json.loads(widths)
    return variants(digest, available, json.loads(formats), wanted_width) if available else None


@lru_cache(maxsize=128)
def _focus(x: int, y: int) -> str:
    """Classes and no style, which the pages' Content-Security-Policy forbids: one for each ten per cent."""
    left, top = (x + 5) // 10 * 10, (y + 5) // 10 * 10
    return "" if left == top == 50 else f"fx-{left} fy-{top}"


def title_or_untitled(title: str) -> str:
    return title.strip() or _("Untitled")


def reading_minutes(words: int) -> int:
    """At least one, also for a picture without a word."""
    return max(1, round(words / WORDS_A_MINUTE))
