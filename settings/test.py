"""What the tests run on: a throw-away PostgreSQL of their own, nothing else."""

from settings.base import *
from settings.base import CACHE_LOCAL, HOST_PORTS, env

SECRET_KEY = "tests"  # noqa: S105 -- guards nothing
PLATFORM_DOMAIN = PARENT_HOST = "platform.test"
SITES_DOMAIN = "sites.test"
HOST_PORTS = HOST_PORTS | {8000}

DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
CACHES = CACHE_LOCAL
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Each test that stores media points this at a folder of its own.
MEDIA_ROOT = "/nonexistent"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

env.seal()
