"""One machine, nothing installed: what `manage.py up` runs, and what every other command speaks to meanwhile.

`up` writes where its services listen into run.json of the data folder. A variable in the environment wins over it.
"""

import json

from settings.base import *
from settings.base import CACHE_LOCAL, HOST_PORTS, OUTBOX, ROOT, database, env, known_mailer, mail, seal, secret_enough

DATA = env.path("MASTHEAD_DATA", ROOT / ".masthead")

try:
    _run = json.loads((DATA / "run.json").read_text())
except (OSError, ValueError):
    _run = {}

# Only this machine reaches an embedded Masthead, and its sessions are worth as much as the demo's passwords.
SECRET_KEY = env.str("SECRET_KEY", "embedded-masthead-listens-on-loopback-only")
DEBUG = env.bool("DEBUG", False)

PUBLIC_SCHEME = env.str("PUBLIC_SCHEME", _run.get("public_scheme", "http"))
PUBLIC_PORT = env.int("PORT", _run.get("public_port", 8000))
if PUBLIC_SCHEME == "https":
    # The edge ends TLS and forces this header on every request.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
EDGE_TOKEN = env.str("EDGE_TOKEN", _run.get("edge_token", ""), validate=secret_enough)
# `up --tls` orders certificates of an authority of this machine.
ACME_DIRECTORY = env.str("ACME_DIRECTORY", _run.get("acme_directory", ""))
ACME_CA_BUNDLE = env.str("ACME_CA_BUNDLE", _run.get("acme_ca_bundle", ""))
EDGE_TLS_ADDRESS = env.str("EDGE_TLS_ADDRESS", _run.get("edge_tls_address", ""))
HOST_PORTS = HOST_PORTS | {PUBLIC_PORT}

_database_url = _run.get("database_url", "postgres://masthead@127.0.0.1:5432/masthead")
DATABASES = {"default": database(env.dj_db_url("DATABASE_URL", _database_url) or {})}

_redis_url = PAGE_CACHE_REDIS_URL = env.str("REDIS_URL", _run.get("redis_url") or "")
CACHES = (
    {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis_url}}
    if _redis_url
    else CACHE_LOCAL
)

# Each mail a file of the data folder, unless the environment names a server. `up` says where.
EMAIL_BACKEND = OUTBOX
MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
if env.str("EMAIL_URL", "", validate=known_mailer):
    globals().update(mail(env.dj_email_url("EMAIL_URL")))

MEDIA_ROOT = DATA / "media"
# Static files straight from the apps: nothing to collect before the first page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

seal()
