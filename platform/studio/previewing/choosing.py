"""Which site an article is looked at on, and what of it: what is stored, or what the member has not saved yet."""

from dataclasses import dataclass
from typing import Any

from django.contrib.sites.models import Site
from django.http import Http404
from django.utils import timezone

from publishing.models import Article, Draft, Placement, Preview
from publishing.previewing import address, address_of_stored
from studio.access import TenantRequest, sites_with
from studio.standing import Standing, standing
from tenants.roles import Power

# Of a tenant with more sites, those where the article is have a tab each, and all of them stand in a list.
MOST_TABS = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A site of the member's, and how the article stands there; None: it is not placed there."""

    site: Site
    standing: Standing | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page shows: `url` is the preview's, and `preview` its row where it is of words that are not saved."""

    choices: list[Choice]
    site: Site | None
    url: str
    preview: Preview | None

    @property
    def tabs(self) -> list[Choice]:
        """The chosen one, where the article is placed, and the rest if there is room."""
        first = sorted(self.choices, key=lambda choice: (not choice.chosen, not choice.standing))
        shown = {choice.site.pk for choice in first[:MOST_TABS]}
        return [choice for choice in self.choices if choice.site.pk in shown]

    @property
    def has_more(self) -> bool:
        return len(self.choices) > MOST_TABS


def seen(request: TenantRequest, article: Article) -> Seen:
    """What was asked for: `site` in the query, or `shown`, a preview of one's own. Http404 for what is not there."""
    choices, canonical = _choices(request, article)
    sites = {choice.site.pk: choice.site for choice in choices}
    preview = preview_of(request, article, request.GET["shown"]) if "shown" in request.GET else None
    if preview is not None:
        wanted = preview.site_id
    elif "site" in request.GET:
        wanted = number(request.GET["site"])
    else:
        wanted = next(iter(_first(choices, canonical)), 0)
        if not wanted:
            return Seen([], None, "", None)
    if wanted not in sites:
        raise Http404
    site = sites[wanted]
    url = address(preview) if preview else address_of_stored(site=site, article=article)
    marked = [Choice(choice.site, choice.standing, chosen=choice.site.pk == wanted) for choice in choices]
    return Seen(marked, site, url, preview)


def site_sent(request: TenantRequest, article: Article) -> Site:
    """The member's site that a form names; the first, where it names none. Http404 for any other."""
    choices, canonical = _choices(request, article)
    wanted = number(request.POST["site"]) if request.POST.get("site") else next(iter(_first(choices, canonical)), 0)
    found = next((choice.site for choice in choices if choice.site.pk == wanted), None)
    if found is None:
        raise Http404
    return found


def preview_of(request: TenantRequest, article: Article, text: str) -> Preview | None:
    """The member's own preview of the article; None where it has expired meanwhile. Http404 for what is no number."""
    mine = Preview.objects.filter(article=article, made_by=request.user, expires_at__gt=timezone.now())
    return mine.filter(pk=number(text)).first()


def unsaved(request: TenantRequest, article: Article) -> dict[str, Any] | None:
    """The member's own words that are not saved yet."""
    mine = Draft.objects.filter(article=article, user=request.user).values_list("words", flat=True).first()
    return mine or None


def has_unsaved(request: TenantRequest, article: Article) -> bool:
    return Draft.objects.filter(article=article, user=request.user, words__isnull=False).exists()


def number(text: str) -> int:
    """A primary key as an address or a form has it. Http404 for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Http404
    return int(text)


def _choices(request: TenantRequest, article: Article) -> tuple[list[Choice], int]:
    """The member's sites by domain, and the one where the article's canonical page is, 0 if none."""
    now = timezone.now()
    placed = {placement.site_id: placement for placement in Placement.objects.filter(article=article)}
    canonical = next((one.site_id for one in placed.values() if one.is_canonical), 0)
    return [
        Choice(site, standing(placed[site.pk], now) if site.pk in placed else None, chosen=False)
        for site in sites_with(request, Power.READ)
    ], canonical


def _first(choices: list[Choice], canonical: int) -> list[int]:
    """The sites in the order in which one would look: the canonical one, where it is placed, the others."""
    ordered = sorted(choices, key=lambda choice: (choice.site.pk != canonical, not choice.standing))
    return [choice.site.pk for choice in ordered]
