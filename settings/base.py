"""What every deployment shares. The other modules of this package state differences only."""

import re
import sys
from collections.abc import Callable, Mapping
from ipaddress import ip_address
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


def secret_enough(token: str) -> None:
    """A validator: the token opens every site's private key."""
    if token and not re.fullmatch(r"[!-~]{32,}", token):
        raise ValidationError("Give at least 32 printable characters without spaces, or nothing.")


# What an edge shows when it asks which names have which certificates; empty: nobody is told.
EDGE_TOKEN = env.str("EDGE_TOKEN", "", validate=secret_enough)

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
    "events",
    "tenants",
    "publishing",
    "domains",
    "reading",
    *(["studio"] if WITH_STUDIO else []),  # before allauth: its mails are the studio's
    # allauth.account, and the second step, which ops asks for too.
    *(["studio.apps.Accounts", "allauth", "allauth.mfa"] if WITH_STAFF else []),
    *(["django.contrib.humanize", "django_htmx", "django_prose_editor"] if WITH_STUDIO else []),
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
    "preview": ["reading.previewing.middleware.KeptFromAll", "reading.middleware.BrandVoice"],
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
_timeouts = f"-c statement_timeout={_statement_seconds * 1000} -c lock_timeout=5000 -c jit=off"


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
# Not allauth's beside it: a second one would hash a wrong password twice.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60  # seconds that the link in a mail is good
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if WITH_STUDIO:
    CSRF_FAILURE_VIEW = "studio.errors.stale"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]

# --- Signing in to the studio ----------------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "studio.signing.adapter.StudioAccounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # asked for by the library's checks; nobody signs up
# An address is the user's own column, proven by the invitation that reached it. The library's second table of addresses
# stays empty: an old one in it could still ask for a new password.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {"login": "studio.signing.forms.SignInForm"}
# Of one address of the network (ip), of somebody who is signed in (user), of what is tried (key): an e-mail address,
# a user's second factor, a newsroom.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "invite": "60/h/key,20/10m/user",
    "accept": "30/m/ip",
}

MFA_ADAPTER = "studio.signing.factors.StudioFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_PERIOD = 30  # seconds
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
# The library compares less than the whole origin, and nothing without TLS; studio.signing.passkeys compares it whole.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
MFA_FORMS = {
    "authenticate": "studio.signing.factors.CodeForm",
    "reauthenticate": "studio.signing.factors.CodeAgainForm",
    "add_webauthn": "studio.signing.passkeys.AddForm",
    "edit_webauthn": "studio.signing.passkeys.RenameForm",
    "login_webauthn": "studio.signing.passkeys.SignInForm",
    "authenticate_webauthn": "studio.signing.passkeys.SecondFactorForm",
    "reauthenticate_webauthn": "studio.signing.passkeys.AgainForm",
}

# How many proxies append to X-Forwarded-For: the limits above count by the address that the first of them saw. The edge
# believes nobody's header, so that with the edge alone there is one.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1, validate=validate.Range(min=0))

# --- Domains ---------------------------------------------------------------------------------------------------------


def resolver(text: str) -> None:
    """A validator: an address, or an address and a port; IPv6 with a port as in [2001:db8::1]:53."""
    address, port = text, "53"
    if match := re.fullmatch(r"\[(.+)\](?::([0-9]{1,5}))?|([0-9.]+):([0-9]{1,5})", text, re.ASCII):
        address, port = match[1] or match[3], match[2] or match[4] or "53"
    an_address(address)
    if not 0 < int(port) < 65536:
        raise ValidationError(f"“{text}” has a port that is none.")


def an_address(text: str) -> None:
    """A validator: an IP address."""
    try:
        ip_address(text)
    except ValueError as error:
        raise ValidationError(f"“{text}” is not an IP address.") from error


def each(valid: Callable[[str], None]) -> Callable[[list[str]], None]:
    """A validator of a list, of one for its items."""

    def check(items: list[str]) -> None:
        for item in items:
            valid(item)

    return check


# Whom to ask for what stands in DNS: several that do not know each other are believed where most of them agree. Empty:
# the resolver of this machine.
DNS_RESOLVERS: list[str] = env.list("DNS_RESOLVERS", [], validate=each(resolver)) or []
# What the names of sites must point at: the edge's addresses, or a name of its own for which they are an alias. Empty:
# wherever a name points is right.
EDGE_ADDRESSES: list[str] = env.list("EDGE_ADDRESSES", [], validate=each(an_address)) or []
EDGE_CNAME = env.str("EDGE_CNAME", "", validate=lambda name: canonical(name) if name else None)
# How the certificate authority is called in CAA records, such as letsencrypt.org. Empty: they are not asked for.
ACME_CAA_DOMAIN = env.str("ACME_CAA_DOMAIN", "", validate=lambda name: canonical(name) if name else None)

# --- Certificates ----------------------------------------------------------------------------------------------------


def over_tls(url: str) -> None:
    """A validator: certificates are asked for over TLS."""
    if url and not re.fullmatch(r"https://[!-~]+", url):
        raise ValidationError(f"“{url}” is no address of an authority's directory. Begin it with https://.")


def found(path: str) -> None:
    """A validator: a file that is read later is missed now."""
    if path and not (Path(path).is_absolute() and Path(path).is_file()):
        raise ValidationError(f"“{path}” is not the absolute path of a file.")


def endpoint(address: str) -> None:
    """A validator: where somebody listens."""
    if address and not re.fullmatch(r"([a-z0-9.-]+|\[[0-9a-f:]+\]):[0-9]{1,5}", address, re.ASCII):
        raise ValidationError(f"“{address}” is no address with a port, such as 127.0.0.1:8443.")


# The directory of the authority (ACME) that certificates are ordered from. Empty: whatever ends TLS sees to its own.
ACME_DIRECTORY = env.str("ACME_DIRECTORY", "", validate=over_tls)
# Whom the authority may write to; and the roots to trust, for an authority of one's own.
ACME_EMAIL = env.str("ACME_EMAIL", "")
ACME_CA_BUNDLE = env.str("ACME_CA_BUNDLE", "", validate=found)
# A program, run with "add" or "remove", a record's name and its value, that sets TXT records in the zone of
# SITES_DOMAIN and returns when they can be seen. With it all free names share one certificate.
ACME_DNS_HOOK: str = env.str("ACME_DNS_HOOK", "", validate=found)
# The authority's limits: orders of the account in three hours, certificates of a registered domain in a week; and
# what a tenant may order in a day, renewals apart.
ACME_ORDERS_PER_3H = env.int("ACME_ORDERS_PER_3H", 300, validate=validate.Range(min=1))
ACME_PER_REGISTERED_WEEK = env.int("ACME_PER_REGISTERED_WEEK", 50, validate=validate.Range(min=1))
ACME_PER_TENANT_DAY = env.int("ACME_PER_TENANT_DAY", 100, validate=validate.Range(min=1))
# Where the edge is asked, by a handshake, whether it serves a certificate. Empty: nothing is asked.
EDGE_TLS_ADDRESS = env.str("EDGE_TLS_ADDRESS", "", validate=endpoint)

# --- Events ----------------------------------------------------------------------------------------------------------


def known_broker(url: str) -> None:
    """A validator: of a scheme that nobody knows, the relay would only complain once a second."""
    if url and not re.match(r"(rediss?|redis\+socket|sentinel)://", url):
        raise ValidationError("Begin it with redis://, rediss://, redis+socket:// or sentinel://.")


# Where Celery's workers take events from, such as redis://host:6379/1; empty: the relay delivers them itself.
EVENTS_BROKER_URL = env.str("EVENTS_BROKER_URL", "", validate=known_broker)

# --- Mail ------------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"Masthead <no-reply@{PLATFORM_DOMAIN}>")


def known_mailer(url: str) -> None:
    """A validator: of a scheme that nobody knows, Django would make a server on this machine."""
    if url and not re.match(r"(smtp|submission|file|console|dummy)://", url):
        raise ValidationError("Begin it with smtp://, submission://, file://, console:// or dummy://.")


# Writes each mail as an event, in the deed's own transaction; the relay sends it.
OUTBOX = "events.mail.Outbox"
# What the outbox sends by.
MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def mail(named: dict[str, Any] | None) -> dict[str, Any]:
    """What EMAIL_URL names, as what the outbox sends by. A server that does not answer is waited for ten seconds."""
    known = named or {}
    return known | {
        "EMAIL_BACKEND": OUTBOX,
        "MAIL_BACKEND": known.get("EMAIL_BACKEND", MAIL_BACKEND),
        "EMAIL_TIMEOUT": known.get("EMAIL_TIMEOUT") or 10,
    }


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
