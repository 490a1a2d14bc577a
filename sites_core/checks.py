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
