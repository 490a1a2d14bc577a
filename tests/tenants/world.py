"""The surfaces' URLs as their URLconfs have them, and two tenants that own one of everything, with their people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from domains.models import Certificate, Claim, Order, Tombstone
from events.models import Event
from publishing.models import Byline, Image, Redirect, Revision, Section, Topic
from publishing.writing import set_bylines, set_topics
from sites_core.models import Hostname
from tenants.models import Membership, User
from tenants.scope import tenant_scope
from tests.cast import LANTERN, PASSWORD, TECHBLOG, House, acme, article_on, bolt, signed_in
from tests.studio.rows import objects_of

HOSTS = {
    "reader": ("reading.urls", TECHBLOG),
    "studio": ("studio.urls", "studio.platform.test"),
    "ops": ("operations.urls", "ops.platform.test"),
    "internal": ("operations.internal_urls", "internal.platform.test"),
    # Its host is the site's, by the site's number.
    "preview": ("reading.previewing.urls", ""),
}

# --- The URLs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """`name` with its namespace; where a URL has none, its pattern stands for it."""

    surface: str
    name: str
    pattern: URLPattern
    prefix: str

    @property
    def arguments(self) -> set[str]:
        return set(self.pattern.pattern.regex.groupindex) | set(re.findall(r"<(?:\w+:)?(\w+)>", self.prefix))

    def path(self, kwargs: dict[str, Any]) -> str:
        wanted = {name: kwargs[name] for name in self.arguments}
        if self.pattern.name:
            return reverse(self.name, HOSTS[self.surface][0], kwargs=wanted)
        written = re.sub(r"<\w+:(\w+)>|\(\?P<(\w+)>.*?\)\$?", r"{\1\2}", f"{self.prefix}{self.pattern.pattern}")
        return f"/{written.format(**wanted)}"


def routes(surface: str) -> Iterator[Route]:
    def walk(patterns: list[Any], namespace: str, prefix: str) -> Iterator[Route]:
        for one in patterns:
            if isinstance(one, URLResolver):
                inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
                yield from walk(one.url_patterns, inner, f"{prefix}{one.pattern}")
            else:
                yield Route(surface, f"{namespace}{one.name or f'{prefix}{one.pattern}'}", one, prefix)

    yield from walk(get_resolver(HOSTS[surface][0]).url_patterns, "", "")


ROUTES = {surface: list(routes(surface)) for surface in HOSTS}


def named(surface: str) -> list[Any]:
    return [pytest.param(route, id=route.name) for route in ROUTES[surface]]


# --- The cast, and its things ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Things:
    """One of everything that a tenant owns, by the name of its model in the admin, and its slug on its site."""

    house: House
    rows: dict[str, Any]
    slug: str
    # What the studio's areas have beside, by the arguments of their URLs.
    in_areas: dict[str, Any]

    def in_ops(self, route: Route) -> dict[str, Any]:
        model = route.prefix.strip("/").replace("/", "_")
        row = self.rows.get(model, self.house.tenant).pk
        other = {"content_type_id": 1, "app_label": "publishing", "url": f"nothing/{row}/"}
        return other | {"id": row, "pk": row, "object_id": row}

    def in_studio(self) -> dict[str, Any]:
        return {"tenant": self.house.tenant.slug, "article_id": self.rows["publishing_article"].pk, **self.in_areas}


def things(house: House, domain: str, slug: str) -> Things:
    site = house.sites[domain]
    article = article_on(house, domain, title=slug)
    with tenant_scope(house.tenant):
        topic = Topic.objects.create(tenant=house.tenant, slug=slug, name=slug)
        byline = Byline.objects.create(tenant=house.tenant, slug=slug, name=slug)
        section = Section.objects.create(tenant=house.tenant, site=site, slug=slug, name=slug)
        article.placements.update(section=section)
        set_topics(article=article, topics=[topic])
        set_bylines(article=article, bylines=[byline])
        rows = {
            "publishing_article": article,
            "publishing_topic": topic,
            "publishing_byline": byline,
            "publishing_section": section,
            "publishing_image": Image.objects.create(
                tenant=house.tenant, digest=slug.ljust(64, "0"), name="i", width=1, height=1, widths=[1]
            ),
            "publishing_redirect": Redirect.objects.create(
                tenant=house.tenant, site=site, path=f"/was-{slug}/", target=f"/{slug}/"
            ),
            "publishing_revision": Revision.objects.get(article=article),
            "tenants_membership": Membership.objects.filter(user=house.people["viewer"]).get(),
            "tenants_tenant": house.tenant,
            "tenants_user": house.people["viewer"],
            "sites_site": site,
            "sites_core_brand": site.brand,
            **_of_names(house, site, slug),
            "events_event": Event.objects.create(name="mail", payload={"message_id": slug}),
        }
        in_areas = objects_of(house, article, site, slug)
    return Things(house, rows, slug, in_areas)


def _of_names(house: House, site: Site, slug: str) -> dict[str, Any]:
    """What there is beside a hostname."""
    name, now = f"{slug}.names.test", timezone.now()
    return {
        "sites_core_hostname": Hostname.objects.get(name=site.domain),
        "domains_claim": Claim.objects.create(tenant=house.tenant, site=site, name=name, token=slug),
        "domains_tombstone": Tombstone.objects.create(name=name, tenant=house.tenant, until=now),
        "domains_order": Order.objects.create(name=name, registered=name, tenant=house.tenant, state="done"),
        "domains_certificate": Certificate.objects.create(
            name=name, chain="-", key=b"-", serial=slug, issuer="Test CA", not_before=now, not_after=now, renew_at=now
        ),
    }


@dataclass(frozen=True)
class World:
    acme: Things
    bolt: Things
    people: dict[str, User | None]

    def client(self, role: str, surface: str) -> Client:
        user = self.people[role]
        client = signed_in(user, surface) if user else Client()
        client.defaults["HTTP_HOST"] = HOSTS[surface][1]
        return client


def acme_and_bolt() -> World:
    ours = things(acme(), TECHBLOG, "acmes-own")
    theirs = things(bolt(), LANTERN, "bolts-own")
    staff = User.objects.create_superuser("staff@platform.test", PASSWORD)
    people = {"anonymous": None, **ours.house.people, "stranger": theirs.house.people["owner"], "staff": staff}
    return World(ours, theirs, people)


MISSING = 10**9


def same(one: Any, other: Any, *paths: str) -> bool:
    """Whether two answers differ in nothing but the path that was asked for."""
    return _bare(one, paths) == _bare(other, paths)


def _bare(answer: Any, paths: tuple[str, ...]) -> tuple[object, ...]:
    body, location = answer.content.decode(errors="replace"), answer.get("Location", "")
    for path in paths:
        body, location = body.replace(path, "…"), location.replace(path, "…")
    # A token that hides another one is new with each page.
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)
    headers = {name: value for name, value in answer.items() if name not in {"Location", "Content-Length", "Expires"}}
    return answer.status_code, location, body, headers
