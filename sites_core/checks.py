"""What must hold for a host to be trusted anywhere in the code."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

GATE = "sites_core.gate.SiteGate"


@register
def gate_is_first(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.MIDDLEWARE and settings.MIDDLEWARE[0] == GATE:
        return []
    return [
        Error(
            f"MIDDLEWARE does not begin with {GATE}.",
            hint="ALLOWED_HOSTS lets every host in because SiteGate refuses the unknown ones: put it first.",
            id="sites_core.E001",
        )
    ]


@register
def surfaces_are_known(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    unknown = sorted(settings.SURFACES - settings.SURFACE_MIDDLEWARE.keys())
    if not unknown:
        return []
    known = ", ".join(sorted(settings.SURFACE_MIDDLEWARE))
    return [Error(f"SURFACES names {', '.join(unknown)}.", hint=f"Choose from: {known}.", id="sites_core.E002")]
