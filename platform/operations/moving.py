"""A site with its names goes to another tenant, as platform staff say: the deed, and what they are told before."""

import argparse
import secrets
from typing import Any

from django.contrib.sites.models import Site
from django.core.management.base import CommandError
from django.db import transaction

from domains.claiming import TOKEN_BYTES, hold_sites
from domains.models import Standing
from publishing.moving_sites import Placements, Plan, move_site, planned
from sites_core.models import Hostname
from tenants.models import Tenant, User


@transaction.atomic
def hand_over(
    *, site: Site, to: Tenant, by: User | None, placements: Placements = "recall", expected: str | None = None
) -> Plan:
    """As `move_site`. The old tenant's tokens prove nothing any more: for the site's names the platform vouches.

    But for those that DNS has lost: they fail on, until somebody proves them.
    """
    hold_sites([site.pk])
    plan = move_site(site=site, to=to, by=by, placements=placements, expected=expected)
    proven = Standing.objects.filter(hostname__site=site, proof=Standing.Proof.TXT)
    sound = proven.filter(failing_since=None).exclude(hostname__state=Hostname.State.QUARANTINED)
    keys = list(sound.values_list("pk", flat=True))
    for failing in proven.exclude(pk__in=keys):
        Standing.objects.filter(pk=failing.pk).update(token=secrets.token_urlsafe(TOKEN_BYTES))
    Standing.objects.filter(pk__in=keys).update(proof=Standing.Proof.VOUCHED, token="")
    return plan


# --- In words --------------------------------------------------------------------------------------------------------


def told(plan: Plan) -> list[str]:
    """The plan in sentences, for whoever is asked whether it is meant."""
    name = plan.site.domain
    said = [f"{name} passes from {plan.before or 'nobody'} to {plan.after}, with its brand, menus and hostnames."]
    if plan.going:
        said.append(
            f"{_many(plan.going, 'article or page is', 'articles and pages are')} on this site alone and would go "
            f"along, with {_many(plan.pictures, 'picture')}; who wrote them is not told to {plan.after}."
        )
    if plan.remarks:
        said.append(f"{_many(plan.remarks, 'draft, review or comment', 'drafts, reviews and comments')} on them end.")
    if plan.leaving:
        said.append(
            f"{_many(plan.leaving, 'placement')} on {name} would end, {plan.shown} of them open to readers now, who "
            f"get 404 there; the articles stay with {plan.before}."
        )
    if plan.elsewhere:
        said.append(f"{_many(plan.elsewhere, 'article is', 'articles are')} on other sites too and stay there.")
    if plan.menu_items:
        said.append(f"{_many(plan.menu_items, 'menu item leads', 'menu items lead')} to what would be gone.")
    said += [
        f"{_many(count, *words)} {ends}."
        for count, words, ends in (
            (plan.sections, ("section",), "would go along"),
            (plan.redirects, ("redirect",), "would go along"),
            (plan.redirects_ending, ("redirect",), "would end, with the pages that they lead to"),
            (plan.members, ("member",), "would lose a role that they have on this site only"),
            (plan.invitations, ("open invitation",), "would be withdrawn, being for this site alone"),
            (plan.proposals, ("open proposal",), "would end"),
            (plan.trusted, ("trusted source",), "would end"),
            (plan.previews, ("preview",), "would end"),
            (plan.claims, ("claim to a hostname", "claims to hostnames"), "would end"),
        )
        if count
    ]
    return said


def _many(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


# --- In the terminal -------------------------------------------------------------------------------------------------


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `manage.py site move` takes beside the site."""
    parser.add_argument("--to", required=True, metavar="TENANT", help="the tenant that gets it, by its slug")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--take-articles", action="store_true", help="what is on this site alone goes along")
    what.add_argument(
        "--leave", action="store_true", help="all articles stay with their tenant: so unless told otherwise"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
    parser.add_argument("--yes", action="store_true", help="do it without asking")


def asked(options: dict[str, Any], *, site: Site, to: Tenant, say: Any) -> str:
    """Tell what would happen, ask whether it is meant, and do it. Raises CommandError where it is not meant."""
    placements: Placements = "move" if options["take_articles"] else "recall"
    plan = planned(site=site, to=to, placements=placements)
    for sentence in told(plan):
        say(sentence)
    if options["dry_run"]:
        return "Nothing was changed."
    if not options["yes"]:
        try:
            meant = input(f"Move {site.domain} to {to}? [y/N] ").strip().lower() in {"y", "yes"}
        except EOFError:
            raise CommandError("Nothing was changed: there is nobody to ask. --yes does it without asking.") from None
        if not meant:
            raise CommandError("Nothing was changed.")
    hand_over(site=site, to=to, by=None, placements=placements, expected=plan.stamp)
    return f"{site.domain} is a site of {to} now."
