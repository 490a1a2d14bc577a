"""Real servers behind TLS. Refuses to start half configured and names everything that is missing at once."""

from pathlib import Path

from environs import ValidationError
from marshmallow import validate

from settings.base import *
from settings.base import (
    HOST_PORTS,
    OUTBOX,
    SILENCED_SYSTEM_CHECKS,
    SURFACES,
    canonical,
    database,
    env,
    known_mailer,
    mail,
    seal,
)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", validate=validate.Length(min=50))
# Former keys, by which what was sealed and signed can still be read.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", []) or []
PLATFORM_DOMAIN = PARENT_HOST = env.str("PLATFORM_DOMAIN", validate=canonical)


def apart(name: str) -> None:
    """A validator: a cookie of the one domain must not reach the other."""
    canonical(name)
    platform = PLATFORM_DOMAIN or ""
    if f".{name}".endswith(f".{platform}") or f".{platform}".endswith(f".{name}"):
        raise ValidationError(f"“{name}” and PLATFORM_DOMAIN must be two domains, neither of them below the other.")


SITES_DOMAIN = env.str("SITES_DOMAIN", validate=apart)

# "http" is for a trial on one's own machine: sessions then travel in the clear.
PUBLIC_SCHEME = env.str("PUBLIC_SCHEME", "https", validate=validate.OneOf(["https", "http"]))
PUBLIC_PORT = env.int("PUBLIC_PORT", 443 if PUBLIC_SCHEME == "https" else 80)
TLS = PUBLIC_SCHEME == "https"
HOST_PORTS = HOST_PORTS | {PUBLIC_PORT}

# Nothing where the variable is missing: seal() below reports that together with the rest.
DATABASES = {"default": database(env.dj_db_url("DATABASE_URL") or {})}

PAGE_CACHE_REDIS_URL = env.str("REDIS_URL", validate=validate.Length(min=1))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": PAGE_CACHE_REDIS_URL},
}


def absolute(path: Path) -> None:
    """A validator: a relative folder would be another one for each process."""
    if not path.is_absolute():
        raise ValidationError("Give an absolute path.")


MEDIA_ROOT = env.path("MEDIA_ROOT", validate=absolute)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Invitations and new passwords go by mail, and there is no other way in. Who has no server has nothing to deliver.
EMAIL_BACKEND, MAIL_BACKEND = OUTBOX, ""
if "studio" in SURFACES and env.str("EMAIL_URL", validate=[validate.Length(min=1), known_mailer]):
    globals().update(mail(env.dj_email_url("EMAIL_URL")))

# The edge ends TLS and forces this header on every request; the application is reachable through the edge alone.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = TLS
# Probes, and the edge's own question, come past the edge, in plain HTTP, to a host that the edge never routes.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^edge/traefik\.json$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000) if TLS else 0
# A customer's other subdomains are not ours to promise TLS for, nor is their domain ours to preload.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]

# __Host-: bound to one host, one path, TLS; a neighbouring subdomain can neither read nor set it.
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS

seal()
