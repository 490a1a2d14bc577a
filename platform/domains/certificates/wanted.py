"""Which names are to have a certificate, and which have one by way of the wildcard."""

from django.conf import settings
from django.utils import timezone

from domains.models import Certificate
from sites_core.models import Hostname
from sites_core.previews import is_for_previews
from sites_core.resolving import on_platform

SERVED = [Hostname.State.VERIFIED, Hostname.State.LIVE, Hostname.State.GRACE]
# The platform's own fronts that people's browsers go to.
FRONTS = ("studio", "ops")


def wildcard() -> str:
    """The name that stands for all free names, where there is a hook to prove it with; otherwise ""."""
    return f"*.{settings.SITES_DOMAIN}" if settings.ACME_DNS_HOOK else ""


def below_wildcard(name: str) -> bool:
    """Whether the wildcard of SITES_DOMAIN is good for the name: one label below, as certificates have it."""
    label, _, rest = name.partition(".")
    return label not in {"", "*"} and rest == settings.SITES_DOMAIN


def covered(name: str) -> bool:
    """Whether the wildcard's certificate is there and serves the name."""
    good = Certificate.objects.filter(name=f"*.{settings.SITES_DOMAIN}", not_after__gt=timezone.now())
    return below_wildcard(name) and good.exists()


def own_names() -> list[str]:
    """What has a certificate without being anybody's hostname."""
    return [f"{front}.{settings.PLATFORM_DOMAIN}" for front in FRONTS] + ([wildcard()] if wildcard() else [])


def is_wanted(name: str) -> bool:
    """Whether the name is here and served, so that a certificate of it is of use."""
    if name in own_names():
        return True
    if name.startswith("*.") or on_platform(name):
        return False
    return is_for_previews(name) or Hostname.objects.filter(name=name, state__in=SERVED).exists()
