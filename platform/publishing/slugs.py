"""Slugs: the last part of an article's address on a site."""

import itertools
import re
import unicodedata

from publishing.models import Placement
from publishing.models.placements import RESERVED_SLUGS

LONGEST = 200
_GAPS = re.compile(r"[^a-z0-9]+")


def slug_from(text: str, *, otherwise: str = "untitled") -> str:
    """Lower-case ASCII letters and digits joined by single hyphens, at most 200 characters.

    `otherwise` serves where nothing is left, as of a title in a script without Latin letters.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _GAPS.sub("-", ascii_text)[:LONGEST].strip("-") or otherwise


def free_slug(wanted: str, *, site_id: int, article_id: int) -> str:
    """`wanted`, or the first of wanted-2, wanted-3 … that no other article on the site has."""
    stem = wanted[: LONGEST - 6].rstrip("-")
    others = Placement.objects.on(site_id).exclude(article_id=article_id)
    taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True)) | set(RESERVED_SLUGS)
    candidates = itertools.chain([wanted], (f"{stem}-{number}" for number in itertools.count(2)))
    return next(slug for slug in candidates if slug not in taken)
