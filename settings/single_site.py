"""One deployment per site, same code, same database shape: SITE_ID says which, and no other host is answered."""

from marshmallow import validate

import settings.base

# Read before production seals the environment, so that a missing SITE_ID is named together with the rest.
SITE_ID = settings.base.env.int("SITE_ID", validate=validate.Range(min=1))

from settings.production import *  # noqa: E402
