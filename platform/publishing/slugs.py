"""Slugs: the last part of an article's address on a site."""

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Sequence

from publishing.models import Placement
from publishing.models.placements import RESERVED_SLUGS

LONGEST = 200
_GAPS = re.compile(r"[^a-z0-9]+")
# Letters that no decomposition turns into ASCII.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def slug_from(*candidates: str | None) -> str:
    """Lower-case ASCII letters and digits joined by single hyphens, at most 200 characters.

    From the first candidate that keeps at least half of its letters so: "επίπεδο 2" would be just "2". Where none
    does, as of a title in another script, a slug that is the same for the same candidates.
    """
    for candidate in candidates:
        written = (candidate or "").lower().translate(_LETTERS)
        plain = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().replace("'", "")
        slug = _GAPS.sub("-", plain).strip("-")
        if slug and 2 * sum(map(str.isalnum, slug)) >= sum(map(str.isalnum, written)):
            return slug[:LONGEST].strip("-")
    stable = hashlib.sha256("\n".join(filter(None, candidates)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"post-{stable[:8]}"


def free_slug(wanted: str, *, site_id: int, article_id: int) -> str:
    """`wanted`, or the first of wanted-2, wanted-3 … that no other article on the site has."""
    return free_slugs([wanted], site_id=site_id, article_id=article_id)[0]


def free_slugs(wanted: Sequence[str], *, site_id: int, article_id: int = 0) -> list[str]:
    """Each slug, or the first of slug-2, slug-3 … that neither the site nor an earlier one of these has.

    `article_id` is whose own slug is free to it; 0 is nobody's.
    """
    others = Placement.objects.on(site_id).exclude(article_id=article_id)
    taken = {*RESERVED_SLUGS, *others.filter(slug__in=wanted).values_list("slug", flat=True)}
    free = []
    for first_choice in wanted:
        slug = first_choice
        if slug in taken:
            stem = slug[: LONGEST - 6].rstrip("-")
            taken |= set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
            slug = next(one for number in itertools.count(2) if (one := f"{stem}-{number}") not in taken)
        taken.add(slug)
        free.append(slug)
    return free
