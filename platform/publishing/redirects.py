"""The ledger of paths that moved, per site: chains are collapsed when written, loops cannot be stored."""

from django.contrib.sites.models import Site
from django.db import transaction

from publishing.models import Redirect
from tenants.models import Tenant


@transaction.atomic
def redirect(*, tenant: Tenant, site: Site, path: str, target: str) -> None:
    """From now on `path` answers with a redirect to `target`, both paths of this site beginning with a slash.

    What redirected to `path` redirects to `target` at once; a redirect away from `target` ends, since a page is there.
    """
    on_site = Redirect.objects.filter(site=site)
    on_site.filter(path=target).delete()
    if path == target:
        return
    on_site.filter(target=path).update(target=target)
    Redirect.objects.update_or_create(site=site, path=path, defaults={"tenant": tenant, "target": target})


def arrived(*, site: Site, path: str) -> None:
    """A page stands at `path` now: whatever redirected away from it must not hide it."""
    Redirect.objects.filter(site=site, path=path).delete()
