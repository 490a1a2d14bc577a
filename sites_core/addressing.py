"""Deeds on a site's names: add_site, add_alias, remove_alias, rename_site, retire_site, reinstate_site.

Each is one transaction and takes names in any spelling that a person types. What is refused raises ValidationError
with a sentence. Hostname, SiteState and Brand rows come by database triggers; so does the directory's new version.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from sites_core.hostnames import hostname_from_text
from sites_core.models import Hostname, SiteState
from sites_core.previews import is_for_previews
from sites_core.resolving import on_platform


def free_hostname(text: str, *, promoting: Site | None = None) -> str:
    """The canonical spelling of a name that may be given to a site.

    `promoting` is a site that may get it although it is already one of its own.
    """
    name = hostname_from_text(text)
    if on_platform(name):
        raise ValidationError(
            f"{name} is at or below the platform's own domain {settings.PLATFORM_DOMAIN}: choose another."
        )
    if is_for_previews(name):
        raise ValidationError(f"{name} is kept for the previews of a site: choose another.")
    owner = Hostname.objects.filter(name=name).first()
    if owner and (promoting is None or owner.site_id != promoting.pk):
        raise _taken(name)
    return name


@transaction.atomic
def add_site(*, domain: str, name: str, aliases: Iterable[str] = ()) -> Site:
    """A new site, served by every worker within a second of the commit; each alias redirects to its domain."""
    site = Site(domain=free_hostname(domain), name=name.strip())
    site.full_clean(validate_unique=False)
    _save(site, site.domain)
    for alias in aliases:
        add_alias(site=site, name=alias)
    return site


@transaction.atomic
def add_alias(*, site: Site, name: str) -> Hostname:
    """One more name of the site, which redirects to its domain."""
    hostname = Hostname(site=site, name=free_hostname(name))
    _save(hostname, hostname.name)
    return hostname


@transaction.atomic
def remove_alias(*, site: Site, name: str) -> None:
    """Take a name away from a site; from then on it is unknown and free for another."""
    name = hostname_from_text(name)
    if name == site.domain:
        raise ValidationError(f"{name} is the site's primary name: rename the site first, then remove the old name.")
    removed, _ = Hostname.objects.filter(site=site, name=name).delete()
    if not removed:
        raise ValidationError(f"{name} is not an alias of {site.domain}.")


@transaction.atomic
def rename_site(*, site: Site, domain: str) -> Site:
    """Give a site another primary name, or promote one of its aliases; the old name stays and redirects."""
    domain = free_hostname(domain, promoting=site)
    if domain == site.domain:
        raise ValidationError(f"The site is already called {domain}.")
    before, site.domain = site.domain, domain
    try:
        site.clean_fields()
        _save(site, domain)
    except ValidationError:
        site.domain = before
        raise
    return site


def retire_site(*, site: Site) -> None:
    """From now on every name of the site answers 410 Gone; nothing of it is deleted."""
    retired = SiteState.objects.filter(site=site, retired_at=None).update(retired_at=timezone.now())
    if not retired:
        raise ValidationError(f"{site.domain} is already retired.")


def reinstate_site(*, site: Site) -> None:
    """Undo `retire_site`."""
    reinstated = SiteState.objects.filter(site=site).exclude(retired_at=None).update(retired_at=None)
    if not reinstated:
        raise ValidationError(f"{site.domain} is not retired.")


def _save(row: Site | Hostname, name: str) -> None:
    try:
        # A savepoint: whoever was faster by a moment must not break the transaction around this one.
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _taken(name) from error


def _taken(name: str) -> ValidationError:
    # Whose it is, is nobody else's business.
    return ValidationError(f"{name} already belongs to a site.")
