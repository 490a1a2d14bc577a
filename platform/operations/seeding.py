"""The demonstration newsroom, made from demo/ by the deeds that editors use."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings
from django.contrib.sites.models import Site
from django.db import transaction
from django.utils import timezone

from publishing.importing.front_matter import split
from publishing.models import Article, Byline, Section, Topic
from publishing.placing import place, recall
from publishing.writing import correct, write
from sites_core.models import Brand
from sites_core.origins import origin
from tenants.adding import add_site
from tenants.models import Membership, Ownership, Tenant, User
from tenants.roles import Role
from tenants.scope import across_tenants, tenant_scope

DEMO = Path(__file__).parent / "demo"
PASSPHRASE = "masthead demo"  # noqa: S105 -- published on purpose: the embedded services listen on loopback only
LOOK = ("tagline", "language", "time_zone", "accent")
MEMBERS = (("acme", Role.OWNER), ("acme", Role.EDITOR), ("bolt", Role.EDITOR))
STAFF = "staff@masthead.example"

Row = TypeVar("Row")


class NotSeeded(Exception):
    """The demo cannot be made here; the message says why."""


@dataclass(frozen=True)
class Login:
    """How somebody of the demo signs in. `password` is None where it is not known any more."""

    email: str
    password: str | None
    role: str
    where: str


def has_other_tenants() -> bool:
    """Whether anybody works here beside the demo's people."""
    return Tenant.objects.exclude(slug__in={slug for slug, _ in MEMBERS}).exists()


def seed(*, generate_passwords: bool) -> list[Login]:
    """Make whatever of the demo is missing and leave alone what is there, changed or not. Safe to repeat.

    The demo's people get the published pass phrase, or one generated for each and told this once.
    """
    demo = yaml.safe_load((DEMO / "demo.yaml").read_text(encoding="utf-8"))
    with transaction.atomic():
        with across_tenants("the demo has several tenants and its people are looked up by e-mail"):
            tenants = {about["slug"]: _tenant(about) for about in demo["tenants"]}
            logins = list(_people(tenants, generate_passwords=generate_passwords))
        for about in demo["tenants"]:
            tenant = tenants[about["slug"]]
            with tenant_scope(tenant):
                _vocabulary(tenant, about)
                sites = {one["domain"]: _site(tenant, one) for one in about["sites"]}
                _Desk(tenant, sites).publish()
    return logins


def _tenant(about: dict[str, Any]) -> Tenant:
    return Tenant.objects.get_or_create(slug=about["slug"], defaults={"name": about["name"]})[0]


def _people(tenants: dict[str, Tenant], *, generate_passwords: bool) -> Iterator[Login]:
    for slug, role in MEMBERS:
        tenant = tenants[slug]
        user, password = _user(f"{role}@{slug}.example", generate_password=generate_passwords)
        Membership.objects.get_or_create(user=user, tenant=tenant, defaults={"role": role})
        yield Login(
            user.email, password, f"{role} of {tenant.name}", f"{origin(f'studio.{settings.PLATFORM_DOMAIN}')}/"
        )
    user, password = _user(STAFF, generate_password=generate_passwords, is_staff=True, is_superuser=True)
    yield Login(user.email, password, "platform staff", f"{origin(f'ops.{settings.PLATFORM_DOMAIN}')}/")


def _user(email: str, *, generate_password: bool, **fields: bool) -> tuple[User, str | None]:
    user = User.objects.filter(email=email).first()
    if user:
        # Somebody may have changed it; a known password that no longer opens anything must not be printed.
        return user, PASSPHRASE if user.check_password(PASSPHRASE) else None
    password = secrets.token_urlsafe(15) if generate_password else PASSPHRASE
    return User.objects.create_user(email, password, **fields), password


def _vocabulary(tenant: Tenant, about: dict[str, Any]) -> None:
    for one in about["topics"]:
        Topic.objects.get_or_create(tenant=tenant, slug=one["slug"], defaults={"name": one["name"]})
    for one in about["bylines"]:
        defaults = {"name": one["name"], "bio": one["bio"]}
        Byline.objects.get_or_create(tenant=tenant, slug=one["slug"], defaults=defaults)


def _site(tenant: Tenant, about: dict[str, Any]) -> Site:
    domain = about["domain"]
    site = Site.objects.filter(hostnames__name=domain).first()
    if site is None:
        site = add_site(tenant=tenant, domain=domain, name=about["name"])
        Brand.objects.filter(site=site).update(**{name: about[name] for name in LOOK})
    elif not Ownership.objects.filter(site=site, tenant=tenant).exists():
        raise NotSeeded(
            f"{domain} already belongs to a site that is not the demo's. Rename it, or use another database."
        )
    for position, one in enumerate(about["sections"]):
        defaults = {"tenant": tenant, "name": one["name"], "position": position}
        Section.objects.get_or_create(site=site, slug=one["slug"], defaults=defaults)
    return site


class _Desk:
    """One tenant's writing, put on its sites."""

    def __init__(self, tenant: Tenant, sites: dict[str, Site]) -> None:
        self.tenant = tenant
        self.sites = sites
        self.now = timezone.now()
        self.editor = User.objects.get(email=f"editor@{tenant.slug}.example")
        self.topics = {topic.slug: topic for topic in Topic.objects.all()}
        self.bylines = {byline.slug: byline for byline in Byline.objects.all()}
        self.sections = {(one.site_id, one.slug): one for one in Section.objects.all()}
        self.known = set(Article.objects.exclude(source_id=None).values_list("source_id", flat=True))

    def publish(self) -> None:
        for kind, folder in ((Article.Kind.ARTICLE, "articles"), (Article.Kind.PAGE, "pages")):
            for path in sorted((DEMO / folder).glob("*.md")):
                head = split(path.read_text(encoding="utf-8"))
                source_id = f"demo:{path.stem}"
                if head.fields["tenant"] == self.tenant.slug and source_id not in self.known:
                    self._publish(dict(head.fields), head.body, kind=kind, slug=path.stem, source_id=source_id)

    def _publish(self, about: dict[str, Any], body: str, *, kind: str, slug: str, source_id: str) -> None:
        # A page names its one site and has been there from the beginning.
        placements = about.get("placements") or [{"site": about["site"], "slug": about["slug"], "days_ago": 180}]
        moments = [self._ago(one["days_ago"]) for one in placements]
        article = write(
            tenant=self.tenant, by=self.editor, kind=kind, source_id=source_id, body=body.strip() + "\n",
            title=about["title"], summary=about.get("summary", ""),
            topics=_chosen(self.topics, about.get("topics", ())),
            bylines=_chosen(self.bylines, about.get("bylines", ())),
            created_at=min(self.now, *moments), updated_at=min(self.now, max(moments)),
        )  # fmt: skip
        for one, moment in zip(placements, moments, strict=True):
            self._place(article, one, moment, slug)
        if any(one.get("status") == "recalled" for one in placements):
            recall(article=article)
        if note := about.get("correction"):
            correct(article=article, note=note.strip(), noted_at=min(self.now, max(moments) + timedelta(days=1)))

    def _place(self, article: Article, about: dict[str, Any], moment: datetime, slug: str) -> None:
        site = self.sites[about["site"]]
        days = about.get("expires_in_days")
        place(
            article=article, site=site, go_live=moment, slug=about.get("slug", slug),
            canonical=about.get("canonical", False), section=self.sections.get((site.pk, about.get("section", ""))),
            expires_at=self.now + timedelta(days=days) if days else None,
            title=about.get("title", ""), summary=about.get("summary", ""),
        )  # fmt: skip

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


def _chosen(rows: dict[str, Row], slugs: Iterable[str]) -> list[Row]:
    return [rows[slug] for slug in slugs]
