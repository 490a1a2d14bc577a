"""Whom to tell of a hole: /.well-known/security.txt, as RFC 9116 has it."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from reading.answers import FRESH, kept
from sites_core.origins import origin
from sites_core.requests import SiteRequest

# A contact is to be confirmed at least once a year: what was kept or copied somewhere expires long before.
MONTHS = 7


def security_txt(request: SiteRequest) -> HttpResponse:
    """The same on every site, but for its own address. It expires between six and seven months after any moment."""
    now = timezone.now()
    text = "\n".join(
        [
            f"Contact: {settings.SECURITY_CONTACT}",
            f"Expires: {_first_of_month(now, MONTHS):%Y-%m-%dT%H:%M:%SZ}",
            f"Canonical: {origin(request.site.domain)}{request.path}\n",
        ]
    )
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": FRESH})
    return kept(request, answer, until=_first_of_month(now, 1))


def _first_of_month(moment: datetime, later: int) -> datetime:
    """When, in UTC, the month begins that is so many months after the moment's."""
    day = moment.astimezone(UTC)
    years, month = divmod(day.month - 1 + later, 12)
    return datetime(day.year + years, month + 1, 1, tzinfo=UTC)
