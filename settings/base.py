"""What every deployment shares. The other modules of this package state differences only."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pghistory
from csp.constants import NONCE
from environs import Env, EnvValidationError, ValidationError
from marshmallow import validate

from sites_core.connections import TrustedConnection
from sites_core.hostnames import MalformedHost, canonical_host

ROOT = Path(__file__).resolve().parent.parent

# Not eager: a wrong environment is reported whole, by `seal()` at the end of each deployment's module.
env = Env(eager=False)


def seal() -> None:
    """End the process, exit code 2, with a line for each variable that is missing or wrong.

    SystemExit and not ImproperlyConfigured, which manage.py swallows to read the settings a second time.
    """
    try:
        env.seal()
    except EnvValidationError as error:
        reasons = cast(Mapping[str, list[str]], error.error_messages)
        wrong = [f"  {name}: {' '.join(dict.fromkeys(sentences))}" for name, sentences in reasons.items()]
        print("\n".join(["Set these environment variables:", *wrong]), file=sys.stderr)
        raise SystemExit(2) from None


# --- Names -----------------------------------------------------------------------------------------------------------


def canonical(name: str) -> None:
    """A validator: a hostname in its one spelling, since hosts are compared exactly."""
    try:
        if canonical_host(name, ()) == name:
            return
    except MalformedHost:
        pass
    raise ValidationError(f"“{name}” is not a hostname in lower case, without port or trailing dot.")


# Studio, ops and internal live on PLATFORM_DOMAIN; free sites of tenants on SITES_DOMAIN, another registrable domain,
# so that pages written by tenants never share cookies with the studio.
PLATFORM_DOMAIN = env.str("PLATFORM_DOMAIN", "masthead.localhost", validate=canonical)
SITES_DOMAIN = env.str("SITES_DOMAIN", "localhost")


def contact(uri: str) -> None:
    """A validator: an address as security.txt wants it, in one line."""
    if not re.fullmatch(r"(mailto:|https://|tel:)[!-~]+", uri):
        raise ValidationError(f"“{uri}” is no contact. Begin it with mailto:, https:// or tel:.")


# Whom to tell of a hole: every site's /.well-known/security.txt says so.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", f"mailto:security@{PLATFORM_DOMAIN}", validate=contact)

# How readers reach the platform, for absolute URLs. The port is left out where it is the scheme's own.
PUBLIC_SCHEME = env.str("PUBLIC_SCHEME", "http")
PUBLIC_PORT = env.int("PUBLIC_PORT", 80)
# Ports that a Host header may name beside the public one; any other is malformed.
HOST_PORTS = frozenset({80, 443})

# Which fronts this process serves: "reader", "studio,ops", or all. The probes' front is always there.
FRONTS = frozenset({"reader", "studio", "ops"})


def known_fronts(names: list[str]) -> None:
    """A validator: an unknown front would be served by nobody and missed by nobody."""
    if unknown := {name.strip() for name in names} - FRONTS:
        raise ValidationError(f"{', '.join(sorted(unknown))}: choose from {', '.join(sorted(FRONTS))}.")


SURFACES = {name.strip() for name in env.list("SURFACES", sorted(FRONTS), validate=known_fronts) or []} | {"internal"}

ROOT_HOSTCONF = "hosts"
PARENT_HOST = PLATFORM_DOMAIN
DEFAULT_HOST = "reader" if "reader" in SURFACES else "internal"
ROOT_URLCONF = "reading.urls"
# SiteGate is the sole authority on hosts and puts a canonical name into each request; a system check holds it first.
ALLOWED_HOSTS = ["*"]

# --- Code ------------------------------------------------------------------------------------------------------------

# An application server, which loads settings.wsgi before the settings, loads what its SURFACES need. A command of
# manage.py sees every app: `migrate` must leave no table out.
_loaded = SURFACES if "settings.wsgi" in sys.modules else FRONTS
WITH_STUDIO, WITH_OPS = "studio" in _loaded, "ops" in _loaded
WITH_STAFF = WITH_STUDIO or WITH_OPS

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    *(["django.contrib.sessions", "django.contrib.messages"] if WITH_STAFF else []),
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sites",
    "django_hosts",
    "pgtrigger",
    "pghistory",
    "sites_core",
    "tenants",
    "publishing",
    "reading",
    *(
        [
            "studio.apps.Accounts",  # allauth.account
            "allauth",
            "allauth.mfa",
            "django.contrib.humanize",
            "django_htmx",
            "django_prose_editor",
            "studio",
        ]
        if WITH_STUDIO
        else []
    ),
    *(["operations", "django.contrib.admin"] if WITH_OPS else []),
]

MIDDLEWARE = [
    "sites_core.gate.SiteGate",  # first: nothing runs for a host that is not known
    "django.middleware.security.SecurityMiddleware",  # headers also on what WhiteNoise answers
    "whitenoise.middleware.WhiteNoiseMiddleware",  # static files, before anything that costs
    "sites_core.surfaces.SurfaceMiddleware",  # the surface's URLconf, and its middleware out of SURFACE_MIDDLEWARE
]

# A reader's request meets no session, no user and no cookie.
STAFF_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sites_core.sessions.SessionOfSurface",  # right behind it: nobody has read the session yet
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SURFACE_MIDDLEWARE = {
    "reader": ["reading.middleware.BrandVoice"],
    "studio": [
        "csp.middleware.CSPMiddleware",
        *STAFF_MIDDLEWARE,
        "pghistory.middleware.HistoryMiddleware",  # who did it, for what the database keeps of changes
        "django_htmx.middleware.HtmxMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "studio.middleware.SignedIn",
    ],
    "ops": [*STAFF_MIDDLEWARE, "pghistory.middleware.HistoryMiddleware", "operations.middleware.AcrossTenants"],
    "internal": [],
}

# These checks look for staff middleware in MIDDLEWARE; ours stands in SURFACE_MIDDLEWARE, where a test holds it.
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410", "security.W002", "security.W003"]

_STAFF_CONTEXT = [
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                *(_STAFF_CONTEXT if WITH_STAFF else []),
                *(["csp.context_processors.nonce", "studio.shell.shell"] if WITH_STUDIO else []),
            ],
        },
    },
]

# A theme is a folder here: its manifest, its templates, its style sheet.
THEMES = ROOT / "platform" / "reading" / "themes"
# A set of fonts is a folder here: its manifest, its files, their licence.
FONTS = ROOT / "platform" / "reading" / "static" / "reading" / "fonts"

WSGI_APPLICATION = "settings.wsgi.application"

# --- Data ------------------------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# No page's statement takes long; `migrate` on large tables is run with 0, no limit.
_statement_seconds = env.int("STATEMENT_TIMEOUT_SECONDS", 15) or 0
_timeouts = f"-c statement_timeout={_statement_seconds * 1000} -c lock_timeout=5000"


def database(named: Any) -> dict[str, Any]:
    """What DATABASE_URL names, in Django's words, with how connections to it are kept."""
    return {
        **named,
        # A restarted PostgreSQL leaves dead connections in the pool: each would cost one request a 500.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **named.get("OPTIONS", {}),
            # What is bound on the server is prepared at once: the reader's statements, and no others.
            "prepare_threshold": 0,
            # Django's native pool; it wants CONN_MAX_AGE 0. Exhausted, it answers within a second and does not queue.
            "pool": {"min_size": 0, "max_size": 8, "timeout": 1.0, "connection_class": TrustedConnection},
            "options": f"{_timeouts} -c idle_in_transaction_session_timeout=60000",
            # A database behind a cable that was cut: noticed within seconds, not by the system's own two hours.
            "connect_timeout": 5,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
    }


# Megabytes of ready pages that each process of the reader's front holds; 0: every page is made anew.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 64, validate=validate.Range(min=0))
# What the processes share: a page that one of them made. Each deployment says where, if anywhere.
PAGE_CACHE_REDIS_URL = ""

CACHE_LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Events are found by tenant, by site and by row; a key that each of them has beside would only cost.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)

AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    *(["allauth.account.auth_backends.AuthenticationBackend"] if WITH_STUDIO else []),
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# The studio's pages: nothing is loaded from elsewhere, and nothing in a page runs unless the page itself says so with
# its nonce. Words written by others stay words.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Site-relative, so that every brand serves its own files from its own host.
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", ROOT / "build" / "static")
MEDIA_URL = "/media/"

# --- Speech ----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Nothing is mailed: a refused host or a scanner must not be able to fill a mailbox.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
    },
}
