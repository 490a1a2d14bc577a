"""Which host answers with which URLconf.

django-hosts matches prefixes of PLATFORM_DOMAIN; `sites_core.gate.SiteGate` stands before it and has already refused
every hostname that is not exactly known. Whatever is left over is a site's own hostname: the reader's front, which is
DEFAULT_HOST and therefore needs a pattern that matches nothing.
"""

from django.conf import settings
from django_hosts import host, patterns

NOTHING = r"(?!)"

surfaces = (
    host(r"studio", "studio.urls", name="studio"),  # editors
    host(r"ops", "operations.urls", name="ops"),  # platform staff: the Django admin
    host(r"internal", "operations.internal_urls", name="internal"),  # probes; the edge never routes it
    host(NOTHING, "reading.urls", name="reader"),  # every site
)

host_patterns = patterns("", *(surface for surface in surfaces if surface.name in settings.SURFACES))
