"""What a view says about its answer: that it may be kept, until when, and what it was made of."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

# Where the page cache finds it: Django's request.META is the WSGI environment itself.
KEPT = "masthead.kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """`until` is the moment from which the page would show something else without any row changing; None: never."""

    site_id: int
    until: datetime | None


def keep(request: HttpRequest, *, site_id: int, until: datetime | None) -> None:
    """Let the page cache hold the answer to this request. Without this word nothing is held.

    The answer must depend on nothing but the site, its rows up to the site's generation, the path and the query's
    parameters of `queries.SHAPING`; never on a cookie, a user or another header.
    """
    request.META[KEPT] = Kept(site_id, until)
