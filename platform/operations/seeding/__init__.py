"""The demonstration newsroom, made from demo/ by the deeds that editors use."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from operations.seeding.brands import NotSeeded, make_site
from operations.seeding.desk import Desk
from operations.seeding.manuscripts import Manuscript, about_tenants, manuscripts
from operations.seeding.people import PASSPHRASE, Login, known_people, make_people
from operations.seeding.pictures import Order, stored
from tenants.models import Tenant
from tenants.scope import across_tenants, tenant_scope

__all__ = ["PASSPHRASE", "Login", "NotSeeded", "has_other_tenants", "seed"]

TENANTS = ("acme", "bolt")

Report = Callable[[int, int], None]
"""Called with how many pictures and articles there are, and how many there will be."""


def has_other_tenants() -> bool:
    """Whether anybody works here beside the demo's people."""
    return Tenant.objects.exclude(slug__in=TENANTS).exists()


def seed(*, generate_passwords: bool, report: Report | None = None) -> list[Login]:
    """Make the demo, once: where one of its tenants exists nothing is made, so that what was taken away stays away.

    The demo's people get the published pass phrase, or one generated for each and told this once. Raises NotSeeded
    where a name is taken; then nothing has been made.
    """
    if Tenant.objects.filter(slug__in=TENANTS).exists():
        return list(known_people())
    abouts, written = about_tenants(), manuscripts()
    with transaction.atomic():
        with across_tenants("the demo has several tenants and its people are looked up by e-mail"):
            tenants = {one["slug"]: Tenant.objects.create(slug=one["slug"], name=one["name"]) for one in abouts}
            logins = list(make_people(tenants, generate_passwords=generate_passwords))
        _fill(abouts, tenants, written, report or _unheard)
    return logins


def _unheard(done: int, total: int) -> None:
    """Nobody watches."""


def _fill(abouts: list[dict[str, Any]], tenants: dict[str, Tenant], written: list[Manuscript], report: Report) -> None:
    sites: dict[str, dict[str, Any]] = {}
    for about in abouts:
        tenant = tenants[about["slug"]]
        with tenant_scope(tenant):
            # All sites before the first picture: a name that is taken is told at once.
            sites[tenant.slug] = {one["domain"]: make_site(tenant, one) for one in about["sites"]}
    orders = {about["slug"]: _orders(about, written) for about in abouts}
    total, done = sum(map(len, orders.values())) + len(written), 0
    for about in abouts:
        tenant = tenants[about["slug"]]
        with tenant_scope(tenant):
            pictures = {}
            for name, image in stored(tenant, orders[tenant.slug]):
                pictures[name] = image
                report(done := done + 1, total)
            desk = Desk(tenant, sites[tenant.slug], pictures, about)
            for one in written:
                if one.tenant == tenant.slug:
                    desk.publish(one)
                    report(done := done + 1, total)


def _orders(about: dict[str, Any], written: list[Manuscript]) -> list[Order]:
    """Every picture that a tenant needs: its marks, its bylines' faces, and those of its articles."""
    marks = [Order(one["domain"], one["logo"]) for one in about["sites"] if "logo" in one]
    faces = [Order(f"byline:{one['slug']}", one["picture"]) for one in about["bylines"]]
    return [*marks, *faces, *(order for one in written if one.tenant == about["slug"] for order in one.pictures())]
