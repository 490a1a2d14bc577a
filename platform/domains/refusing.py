"""Names that nobody may claim, and why.

What would be the platform's, or be taken for it or for somebody else's name. Look-alikes are found with a small table
of our own (`domains.looks` says what it does not know), so it is a fence and no wall: what keeps a name safe is that
only whoever holds its DNS can prove it. Whoever is refused for a likeness alone may ask platform staff to vouch.
"""

import re
from collections.abc import Iterator
from functools import cache

import idna
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Func, Q, Value
from publicsuffixlist import PublicSuffixList

from domains.looks import narrow, skeleton, wrong_with
from sites_core.hostnames import hostname_from_text, unicode_hostname
from sites_core.models import Hostname
from sites_core.previews import is_for_previews
from sites_core.resolving import on_platform
from tenants.models import Tenant

# The record that proves a name is below it, and has a name of at most 253 characters itself.
LONGEST = 253 - len("_masthead.")
# Top-level domains that lead nowhere on the Internet (RFC 6761, 6762, 7686, 9476, ICANN's reservations).
NOWHERE = frozenset({"alt", "arpa", "corp", "home", "internal", "invalid", "local", "localdomain", "mail", "onion"})
# Below SITES_DOMAIN: what the platform uses itself, or may one day, and what mail and certificates give a meaning.
KEPT = frozenset(
    {
        "abuse", "admin", "administrator", "api", "assets", "autoconfig",
        "autodiscover", "cdn", "dns", "edge", "ftp", "help",
        "hostmaster", "imap", "live", "localhost", "mail", "masthead",
        "media", "mta-sts", "ns", "ns1", "ns2", "platform",
        "pop", "postmaster", "preview", "root", "security", "smtp", "ssl", "static", "status", "support", "tls",
        "webmaster", "wpad", "www",
    }
)  # fmt: skip
_KEPT = re.compile(r"(preview|site)-[0-9]+\Z|ns[0-9]+\Z", re.ASCII)
_A_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z", re.ASCII)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def registered(name: str) -> str:
    """The registrable domain of a canonical name: the public suffix and one label. Of a suffix, itself."""
    return str(_suffixes().privatesuffix(name) or name)


def is_free(name: str) -> bool:
    """Whether a canonical name is below SITES_DOMAIN, where the platform gives names away."""
    return name.endswith(f".{settings.SITES_DOMAIN}") and not on_platform(name)


def claimable(text: str, *, tenant: Tenant | None = None) -> str:
    """The canonical spelling of a name that a person typed and that may be claimed. Raises ValidationError."""
    name = hostname_from_text(text)
    refuse(name, tenant=tenant)
    return name


def refuse(name: str, *, tenant: Tenant | None = None, likeness: bool = True) -> None:
    """Raise ValidationError with a sentence for a canonical name that nobody may claim.

    `tenant`: its own names may look alike. `likeness`: whether to look for names of others that it could be taken for;
    platform staff decide about those themselves.
    """
    _refuse_length(name)
    _refuse_what_is_ours(name)
    _refuse_labels(name)
    if is_free(name):
        _refuse_free(name)
    else:
        _refuse_what_nobody_has(name)
    _refuse_taken_for_the_platform(name)
    if likeness:
        _refuse_taken_for_another(name, tenant)


def _refuse_length(name: str) -> None:
    if len(name) > LONGEST:
        raise ValidationError(
            f"This name has {len(name)} characters; {LONGEST} are the most that can be proven in DNS."
        )


def _refuse_what_is_ours(name: str) -> None:
    if on_platform(name):
        raise ValidationError(
            f"{name} is at or below the platform's own domain {settings.PLATFORM_DOMAIN}: choose another."
        )
    if name == settings.SITES_DOMAIN or is_for_previews(name):
        raise ValidationError(f"{name} is kept for the platform itself: choose another.")
    for own in _own_domains():
        if name.startswith(f"{own}.") or f".{own}." in name:
            raise ValidationError(f"{name} has the platform's own name {own} in it: choose another.")


def _own_domains() -> set[str]:
    return {settings.PLATFORM_DOMAIN, settings.SITES_DOMAIN}


def _refuse_labels(name: str) -> None:
    shown = unicode_hostname(name)
    for label in shown.split("."):
        if not label.isascii() and (wrong := wrong_with(label)):
            raise ValidationError(f"“{shown}” ({name}) {wrong}, so that it could be taken for another name.")
    for label in name.split("."):
        # What decodes must be what it was encoded from: otherwise two spellings are one name.
        if label.startswith("xn--") and idna.alabel(idna.ulabel(label)).decode() != label:
            raise ValidationError(f"“{label}” in {name} is not the punycode of any name.")


def _refuse_free(name: str) -> None:
    label = name.removesuffix(f".{settings.SITES_DOMAIN}")
    if "." in label:
        raise ValidationError(f"A name below {settings.SITES_DOMAIN} has one label before it: {name} has more.")
    kept = KEPT | set(settings.SURFACE_MIDDLEWARE) | {own.partition(".")[0] for own in _own_domains()}
    if label in kept or _KEPT.match(label) or narrow(skeleton(label)) in {narrow(skeleton(one)) for one in kept}:
        raise ValidationError(f"{name} is kept for the platform itself: choose another.")


def _refuse_what_nobody_has(name: str) -> None:
    last = name.rpartition(".")[2]
    if _A_NUMBER.match(last):
        raise ValidationError(f"{name} is an address and no hostname, or would be read as one.")
    if "." not in name or last in NOWHERE or last == "localhost":
        raise ValidationError(f"{name} is no name that the Internet's DNS could hold.")
    if _suffixes().privatesuffix(name) is None:
        raise ValidationError(f"{name} is a public suffix: names below it belong to many. Claim one of those.")


def _refuse_taken_for_the_platform(name: str) -> None:
    """Its names, and names that have them as labels, however they are written."""
    looks = skeleton(name)
    for own in _own_domains():
        if "." not in own or is_free(name):
            continue
        # Also with a hyphen where the dot would be: studio-<platform>, <platform>-test.
        written = (narrow(looks), looks.replace("-", "."), narrow(looks.replace("-", ".")))
        if any(f".{plain}." in f".{one}." for one in written for plain in (skeleton(own), narrow(skeleton(own)))):
            raise ValidationError(f"{unicode_hostname(name)} ({name}) could be taken for the platform's own {own}.")


def _refuse_taken_for_another(name: str, tenant: Tenant | None) -> None:
    looks = skeleton(name)
    if looks == name:
        # Plain letters: whoever has a name that looks like it shall not keep it from whom it imitates.
        return
    if any(_taken_for(name, looks, other) for other in _resembling(looks, tenant)):
        # Whose it is, is nobody else's business.
        raise ValidationError(
            f"{unicode_hostname(name)} ({name}) could be taken for a name that is used here already. If it is yours "
            "all the same, ask the platform's staff."
        )


def _resembling(looks: str, tenant: Tenant | None) -> Iterator[str]:
    """Names of others that may look so: those of ASCII by the database, the rest one by one."""
    parts = looks.split(".")
    ends = [".".join(parts[start:]) for start in range(len(parts) - 1)]
    ends += [f"www.{end}" for end in ends]
    folded = Func(F("name"), Value("01"), Value("ol"), function="translate")
    found = Hostname.objects.annotate(looks=folded).filter(Q(looks__in=ends) | Q(name__contains="xn--"))
    if tenant is not None:
        found = found.exclude(site__ownership__tenant=tenant)
    yield from found.values_list("name", flat=True)


def _taken_for(name: str, looks: str, other: str) -> bool:
    """Whether the name, or one that it is below, looks like the other and is another."""
    name, looks, other = (one.removeprefix("www.") for one in (name, looks, other))
    wanted = skeleton(other)
    if looks != wanted and not looks.endswith(f".{wanted}"):
        return False
    labels = wanted.count(".") + 1
    return ".".join(name.split(".")[-labels:]) != other
