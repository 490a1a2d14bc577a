"""What an application server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")

django_application = get_wsgi_application()

# Imported once the settings are in force.
from domains.certificates.challenges import answering  # noqa: E402
from sites_core.page_cache.cache import in_front_of  # noqa: E402

application = answering(in_front_of(django_application))
