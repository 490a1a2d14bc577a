"""The recurring cast: Acme owns techblog and financeblog, Bolt owns lantern; each has people in every role."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sites.models import Site
from django.test import Client
from django.utils import timezone

from publishing.models import Article, Placement
from publishing.placing import place
from publishing.writing import write
from sites_core.sessions import SURFACE
from tenants.models import Membership, MembershipSite, Ownership, Tenant, User
from tenants.roles import Role
from tenants.scope import tenant_scope

PASSWORD = "a long enough passphrase"

TECHBLOG, FINANCEBLOG, LANTERN = "techblog.test", "financeblog.test", "lantern.test"
STRANGER = "stranger.test"


@dataclass(frozen=True)
class House:
    """A tenant with its sites, by hostname, and its people, by role."""

    tenant: Tenant
    sites: dict[str, Site]
    people: dict[str, User]


def house(slug: str, name: str, *domains: str) -> House:
    """A tenant with sites, one person per role, and an editor limited to its first site ("limited")."""
    tenant = Tenant.objects.create(slug=slug, name=name)
    sites = {domain: Site.objects.create(domain=domain, name=domain.split(".")[0].title()) for domain in domains}
    for site in sites.values():
        Ownership.objects.create(site=site, tenant=tenant)
    people = {}
    with tenant_scope(tenant):
        for role in Role:
            people[role.value] = member(tenant, role.value, role)
        people["limited"] = member(tenant, "limited", Role.EDITOR)
        membership = Membership.objects.get(user=people["limited"])
        membership.all_sites = False
        membership.save()
        MembershipSite.objects.create(membership=membership, site=sites[domains[0]], tenant=tenant)
    return House(tenant, sites, people)


def member(tenant: Tenant, name: str, role: Role) -> User:
    user = User.objects.create_user(f"{name}@{tenant.slug}.test", PASSWORD, name=f"{tenant.name}'s {name}")
    Membership.objects.create(user=user, tenant=tenant, role=role)
    return user


def signed_in(user: User, surface: str) -> Client:
    """A browser on the surface's host in which this user has signed in."""
    client = Client(headers={"host": f"{surface}.platform.test"})
    client.force_login(user)
    session = client.session
    session[SURFACE] = surface
    session.save()
    return client


def acme() -> House:
    return house("acme", "Acme", TECHBLOG, FINANCEBLOG)


def bolt() -> House:
    return house("bolt", "Bolt", LANTERN)


def article_on(
    owner: House, *domains: str, title: str = "A headline", body: str = "Words.", ago: timedelta = timedelta(hours=1),
    **fields: Any,
) -> Article:  # fmt: skip
    """An article of the house, live on the sites since `ago`."""
    go_live: datetime = timezone.now() - ago
    with tenant_scope(owner.tenant):
        article = write(tenant=owner.tenant, title=title, body=body, **fields)
        for domain in domains:
            place(article=article, site=owner.sites[domain], go_live=go_live)
    return article


def placement_of(article: Article, site: Site) -> Placement:
    with tenant_scope(article.tenant):
        return Placement.objects.get(article=article, site=site)
