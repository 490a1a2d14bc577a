"""Who can sign in to the demonstration."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from sites_core.origins import origin
from tenants.models import Membership, Tenant, User
from tenants.roles import Role

PASSPHRASE = "masthead demo"  # noqa: S105 -- published on purpose: the embedded services listen on loopback only
# E-mail, name, tenant and role; platform staff have no tenant.
PEOPLE = (
    ("owner@acme.example", "Ada Brandt", "acme", Role.OWNER),
    ("editor@acme.example", "Ben Okafor", "acme", Role.EDITOR),
    ("author@acme.example", "Carla Jiménez", "acme", Role.AUTHOR),
    ("editor@bolt.example", "Dana Weiss", "bolt", Role.EDITOR),
    ("staff@masthead.example", "Eli Moreau", "", "platform staff"),
)


@dataclass(frozen=True)
class Login:
    """How somebody of the demo signs in. `password` is None where it is not known any more."""

    email: str
    password: str | None
    role: str
    where: str


def make_people(tenants: dict[str, Tenant], *, generate_passwords: bool) -> Iterator[Login]:
    for email, name, slug, role in PEOPLE:
        password = secrets.token_urlsafe(15) if generate_passwords else PASSPHRASE
        user = User.objects.create_user(email, password, name=name, is_staff=not slug, is_superuser=not slug)
        if slug:
            Membership.objects.create(user=user, tenant=tenants[slug], role=role)
        yield _login(email, slug, role, password)


def known_people() -> Iterator[Login]:
    users = {user.email: user for user in User.objects.filter(email__in=[email for email, *_ in PEOPLE])}
    for email, _, slug, role in PEOPLE:
        if user := users.get(email):
            # Somebody may have changed it; a known password that no longer opens anything must not be printed.
            yield _login(email, slug, role, PASSPHRASE if user.check_password(PASSPHRASE) else None)


def _login(email: str, slug: str, role: str, password: str | None) -> Login:
    surface = "studio" if slug else "ops"
    return Login(email, password, f"{role} of {slug}" if slug else role, f"{_front(surface)}/")


def _front(surface: str) -> str:
    return origin(f"{surface}.{settings.PLATFORM_DOMAIN}")
