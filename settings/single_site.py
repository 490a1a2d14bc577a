"""One deployment per site, same code, same database shape: SITE_ID says which, and no other host is answered."""

from settings.production import *
from settings.production import env

SITE_ID = env.int("SITE_ID")

env.seal()
