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
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing.importing.front_matter import split
from publishing.models import Article, Byline, Section, Topic
from publishing.placing import place, recall
from publishing.writing import correct, write
from sites_core.models import Brand
from sites_core.origins import origin
from tenants.adding import add_site
from tenants.models import Membership, Tenant, User
from tenants.roles import Role
from tenants.scope import across_tenants, tenant_scope

DEMO = Path(__file__).parent / "demo"
PASSPHRASE = "masthead demo"  # noqa: S105 -- published on purpose: the embedded services listen on loopback only
LOOK = ("tagline", "language", "time_zone", "accent")
TENANTS = ("acme", "bolt")
# E-mail, tenant and role; platform staff have no tenant.
PEOPLE = (
    ("owner@acme.example", "acme", Role.OWNER),
    ("editor@acme.example", "acme", Role.EDITOR),
    ("editor@bolt.example", "bolt", Role.EDITOR),
    ("staff@masthead.example", "", "platform staff"),
)

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
    return Tenant.objects.exclude(slug__in=TENANTS).exists()


def seed(*, generate_passwords: bool) -> list[Login]:
    """Make the demo, once: where one of its tenants exists nothing is made, so that what was taken away stays away.

    The demo's people get the published pass phrase, or one generated for each and told this once.
    """
    if Tenant.objects.filter(slug__in=TENANTS).exists():
        return list(_known_people())
    demo = yaml.safe_load((DEMO / "demo.yaml").read_text(encoding="utf-8"))
    with transaction.atomic():
        with across_tenants("the demo has several tenants and its people are looked up by e-mail"):
            tenants = {
                one["slug"]: Tenant.objects.create(slug=one["slug"], name=one["name"]) for one in demo["tenants"]
            }
            logins = list(_make_people(tenants, generate_passwords=generate_passwords))
        for about in demo["tenants"]:
            tenant = tenants[about["slug"]]
            with tenant_scope(tenant):
                _vocabulary(tenant, about)
                sites = {one["domain"]: _site(tenant, one) for one in about["sites"]}
                _Desk(tenant, sites).publish()
    return logins


def _make_people(tenants: dict[str, Tenant], *, generate_passwords: bool) -> Iterator[Login]:
    for email, slug, role in PEOPLE:
        password = secrets.token_urlsafe(15) if generate_passwords else PASSPHRASE
        user = User.objects.create_user(email, password, is_staff=not slug, is_superuser=not slug)
        if slug:
            Membership.objects.create(user=user, tenant=tenants[slug], role=role)
        yield _login(email, slug, role, password)


def _known_people() -> Iterator[Login]:
    users = {user.email: user for user in User.objects.filter(email__in=[email for email, _, _ in PEOPLE])}
    for email, slug, role in PEOPLE:
        if user := users.get(email):
            # Somebody may have changed it; a known password that no longer opens anything must not be printed.
            yield _login(email, slug, role, PASSPHRASE if user.check_password(PASSPHRASE) else None)


def _login(email: str, slug: str, role: str, password: str | None) -> Login:
    surface = "studio" if slug else "ops"
    return Login(email, password, f"{role} of {slug}" if slug else role, f"{_front(surface)}/")


def _front(surface: str) -> str:
    return origin(f"{surface}.{settings.PLATFORM_DOMAIN}")


def _vocabulary(tenant: Tenant, about: dict[str, Any]) -> None:
    for one in about["topics"]:
        Topic.objects.create(tenant=tenant, **one)
    for one in about["bylines"]:
        Byline.objects.create(tenant=tenant, **one)


def _site(tenant: Tenant, about: dict[str, Any]) -> Site:
    try:
        site = add_site(tenant=tenant, domain=about["domain"], name=about["name"])
    except ValidationError as error:
        raise NotSeeded(f"{' '.join(error.messages)} Rename that site, or use another database.") from error
    Brand.objects.filter(site=site).update(**{name: about[name] for name in LOOK})
    for position, one in enumerate(about["sections"]):
        Section.objects.create(tenant=tenant, site=site, position=position, **one)
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

    def publish(self) -> None:
        for kind, folder in ((Article.Kind.ARTICLE, "articles"), (Article.Kind.PAGE, "pages")):
            for path in sorted((DEMO / folder).glob("*.md")):
                head = split(path.read_text(encoding="utf-8"))
                source_id = f"demo:{path.stem}"
                if head.fields["tenant"] == self.tenant.slug:
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
