"""What the tests run on: a throw-away PostgreSQL of their own, nothing else."""

from settings.base import *
from settings.base import CACHE_LOCAL, HOST_PORTS, env, seal

SECRET_KEY = "tests"  # noqa: S105 -- guards nothing
PLATFORM_DOMAIN = PARENT_HOST = "platform.test"
SITES_DOMAIN = "sites.test"
HOST_PORTS = HOST_PORTS | {8000}

# tests/conftest.py starts a cluster where the variable is not set.
# Without the pool, and with the reader's statements prepared as everywhere.
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", "postgres://127.0.0.1:1/none") | {"OPTIONS": {"prepare_threshold": 0}}
}
CACHES = CACHE_LOCAL
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Each test that stores media points this at a folder of its own.
MEDIA_ROOT = "/nonexistent"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

seal()
