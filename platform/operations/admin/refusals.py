"""What the database refuses: kept from it, or told as a sentence on the page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import DatabaseError, IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponseRedirect

# PostgreSQL's codes of a serialization failure, a deadlock, a lock that was waited for too long.
BUSY = {"40001", "40P01", "55P03"}


def or_refused(view: Callable[..., Any]) -> Callable[..., Any]:
    """Lead back to the form, with a sentence, where the database refuses what it was to save.

    Forms catch what they can know. The rest is a race, or a rule that only a commit can check, such as that a site
    with content keeps its tenant.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(request, *args, **kwargs)  # a page that cannot be read would lead back to itself for ever
        before = len(messages.get_messages(request))
        try:
            return view(request, *args, **kwargs)
        except (IntegrityError, OperationalError) as error:
            _unsay(request, before)
            messages.error(request, _sentence(error))
            return HttpResponseRedirect(request.get_full_path())

    return answer


def without_nul(view: Callable[..., Any]) -> Callable[..., Any]:
    """Leave NUL out of what the query string asks for: PostgreSQL's texts hold none, and the admin's filters try."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        asked = request.GET.copy()
        for name, values in asked.lists():
            asked.setlist(name, [value.replace("\x00", "") for value in values])
        if asked != request.GET:
            request.GET = asked  # type: ignore[assignment]  # as the stock UserAdmin does with POST
        return view(request, *args, **kwargs)

    return answer


def _unsay(request: HttpRequest, before: int) -> None:
    """Take back what the view said already, that all went well, and leave what was to be read before."""
    # Reading takes them all away.
    for one in list(messages.get_messages(request))[:before]:
        messages.add_message(request, one.level, one.message, one.extra_tags)


def _sentence(error: DatabaseError) -> str:
    if getattr(error.__cause__, "sqlstate", None) in BUSY:
        return "Nothing was saved. Somebody else is changing the same rows; try again."
    reason = str(error).strip().partition("\n")[0]
    if isinstance(error, IntegrityError):
        return f"Nothing was saved. The database refused it: {reason}"
    return f"The database gave up: {reason}. See whether it was saved, and try again."
