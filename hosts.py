"""Which host answers with which URLconf.

A surface's host is its name below PLATFORM_DOMAIN; every site's own hostname is the reader's, and beside each site
there is the host of its previews, below SITES_DOMAIN. `sites_core.gate` decides which surface a request is for, by
exact name, and the URLconf is looked up here by that surface. The patterns serve django-hosts' reversing of URLs across
hosts: it matches them by prefix, which is no way to admit a request.
"""

from django_hosts import host, patterns

from sites_core.surfaces import is_served

NOTHING = r"(?!)"

surfaces = (
    host(r"studio", "studio.urls", name="studio"),  # editors
    host(r"ops", "operations.urls", name="ops"),  # platform staff: the Django admin
    host(r"internal", "operations.internal_urls", name="internal"),  # probes; the edge never routes it
    host(NOTHING, "reading.urls", name="reader"),  # every site
    host(NOTHING, "reading.previewing.urls", name="preview"),  # a site as it would be: sites_core.previews
)

host_patterns = patterns("", *(surface for surface in surfaces if is_served(surface.name)))
