"""How a page is answered: the site's frame around its content, and the headers that every page has.

Templates are rendered without the request, so that nothing in it, least of all a cookie, can shape a page.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from reading.answers import FRESH, UNKEPT, earliest, kept
from reading.emblems import has_square_logo
from reading.environment import rendered
from reading.frames import Frame, frame_of
from reading.heads import Head, of_refusal
from reading.looks import Look, look_of
from reading.policies import CONTENT_POLICY, PERMISSIONS_POLICY
from reading.structured import written
from reading.voice import direction
from sites_core.directory import SiteEntry
from sites_core.origins import origin
from sites_core.requests import SiteRequest


def page(
    request: SiteRequest,
    template: str,
    *,
    now: datetime,
    head: Head | None = None,
    status: int = 200,
    canonical: str = "",
    language: str = "",
    until: datetime | None = None,
    about: Iterable[str] = (),
    policy: str = CONTENT_POLICY,
    **content: Any,
) -> HttpResponse:
    """A page of the site around `content`, which must be what is shown at `now`. Without a `head` it is a refusal.

    `canonical` is an absolute URL, `language` that of the content where it is not the site's. `until` is when the
    content may be another by time alone, beside the changes of the site itself; `about` are its surrogate keys.
    `policy` is its Content-Security-Policy.
    """
    site = request.site
    frame = frame_of(site.id, now)
    head = head or of_refusal(site)
    text = drawn(
        site,
        template,
        path=request.path,
        frame=frame,
        look=look_of(site.brand),
        head=head,
        canonical=canonical,
        language=language,
        **content,
    )
    answer = html(text, status=status, policy=policy)
    return kept(request, answer, until=earliest(frame.until, until), about=about) if status == 200 else answer


def drawn(
    site: SiteEntry,
    template: str,
    *,
    path: str,
    frame: Frame,
    look: Look,
    head: Head,
    canonical: str,
    language: str = "",
    **content: Any,
) -> str:
    """The text of a page at this path of the site."""
    spoken = language or site.brand.language
    return rendered(
        look.theme.name,
        template,
        site=site,
        look=look,
        path=path,
        frame=frame,
        head=head,
        data=written(site, frame.social, head.things) if head.things else "",
        icon_is_logo=has_square_logo(site),
        language=spoken,
        direction=direction(spoken),
        canonical=canonical,
        origin=origin(site.domain),
        **content,
    )


def html(text: str, *, status: int = 200, policy: str = CONTENT_POLICY) -> HttpResponse:
    return HttpResponse(
        text,
        status=status,
        headers={
            "Content-Security-Policy": policy,
            "Permissions-Policy": PERMISSIONS_POLICY,
            "Cache-Control": FRESH if status == 200 else UNKEPT,
        },
    )


def url_of_list(site: SiteEntry, request: HttpRequest, before: object) -> str:
    """The one absolute URL of this page of a list, without whatever else stands in the query."""
    return f"{origin(site.domain)}{request.path}{f'?before={before}' if before else ''}"
