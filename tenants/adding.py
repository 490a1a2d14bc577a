"""The deed that adds a site to a tenant."""

from collections.abc import Iterable

from django.contrib.sites.models import Site
from django.db import transaction

from sites_core import addressing
from tenants.models import Ownership, Tenant


@transaction.atomic
def add_site(*, tenant: Tenant, domain: str, name: str, aliases: Iterable[str] = ()) -> Site:
    """A new site that the tenant owns. Raises ValidationError with a sentence, as `sites_core.addressing` does."""
    site = addressing.add_site(domain=domain, name=name, aliases=aliases)
    Ownership.objects.create(site=site, tenant=tenant)
    return site
