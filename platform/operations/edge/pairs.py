"""Certificates as the edge takes them: a chain and its key in PEM, read from the database when they are newer."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import connection

from domains.certificates.ordering import order
from domains.models import Certificate
from sites_core.directory import Names
from sites_core.previews import site_previewed_on
from sites_core.resolving import on_platform
from sites_core.sealing import Unreadable, unseal

PURPOSE = "domains.certificate"
# Rows that are read at once: some of them are two kilobytes, and there may be thousands.
AT_ONCE = 500
# Damaged certificates that are ordered anew at once.
FEW = 5
# The platform's own hosts that browsers go to; `internal` is nobody's.
FRONTS = ("studio", "ops")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Differs whenever a certificate was added, replaced or deleted: each write takes a later number than any before.

    A number that commits late may be smaller than one that was seen already, so the greatest alone would not do.
    """

    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate that can be served. `chain` and `key` are PEM; `version` is of its row."""

    name: str
    version: int
    serial: str
    not_after: datetime
    chain: str
    key: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row that cannot be served, and why."""

    name: str
    version: int
    problem: str


def fingerprint() -> Fingerprint:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(sum(version), 0)::bigint FROM domains_certificate")
        return Fingerprint(*cursor.fetchone())


def versions(*, above: int = 0) -> dict[str, int]:
    """The version of each certificate, by name; only of those newer than `above`."""
    return dict(Certificate.objects.filter(version__gt=above).values_list("name", "version"))


def is_served(name: str, names: Names) -> bool:
    """Whether the edge shows a certificate of this name: a site's or its previews', the platform's, all free names'."""
    if name in names.by_hostname:
        return not on_platform(name)
    if site_previewed_on(name, names):
        return True
    front, _, rest = name.partition(".")
    return (front in FRONTS and rest == settings.PLATFORM_DOMAIN) or (front == "*" and rest == settings.SITES_DOMAIN)


def read(names: Iterable[str]) -> Iterator[Pair | Damaged]:
    """The certificates of `names`, with their keys opened."""
    remaining = iter(names)
    while some := list(islice(remaining, AT_ONCE)):
        rows = Certificate.objects.filter(name__in=some)
        for row in rows.only("name", "version", "serial", "not_after", "chain", "key"):
            yield _pair(row)


def order_anew(damaged: Collection[Damaged]) -> None:
    """Have a few damaged certificates replaced.

    Many at once are no damage but a wrong SECRET_KEY: ordering them all would only use up what the authority allows.
    """
    for one in damaged if len(damaged) <= FEW else ():
        order(name=one.name, renewal=True, problem=f"The stored certificate is damaged: {one.problem}")


def _pair(row: Certificate) -> Pair | Damaged:
    try:
        key = unseal(PURPOSE, bytes(row.key)).decode("ascii")
    except Unreadable as error:
        return Damaged(row.name, row.version, str(error))
    except UnicodeDecodeError:
        return Damaged(row.name, row.version, "Its key is not PEM.")
    for what, text, label in (("chain", row.chain, "CERTIFICATE-----"), ("key", key, "PRIVATE KEY-----")):
        # No more than that: Traefik itself passes over a pair that it cannot read, and reading each costs a third of a
        # millisecond.
        if not (text.startswith("-----BEGIN ") and text.count(label) >= 2 and text.rstrip().endswith(label)):
            return Damaged(row.name, row.version, f"Its {what} is not PEM.")
    return Pair(row.name, row.version, row.serial, row.not_after, row.chain, key)
