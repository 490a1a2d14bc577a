"""What must hold before anything is served: who is trusted with hosts, and what brands can wear."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from sites_core.themes import BrokenManifest, font_sets, themes

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
def themes_can_be_worn(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    try:
        themes()
        font_sets()
    except BrokenManifest as error:
        return [Error(str(error), hint="docs/themes.md says what a manifest holds.", id="sites_core.E002")]
    return []
