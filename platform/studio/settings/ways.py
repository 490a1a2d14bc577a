"""The pages of a tenant's settings, as tabs: those that the member's role reaches."""

from django.urls import reverse

from studio.access import TenantRequest
from tenants.roles import Power

_TABS = (
    ("settings", "Newsroom", Power.MANAGE),
    ("topics", "Topics", Power.EDIT),
    ("bylines", "Bylines", Power.EDIT),
)


def tabs(request: TenantRequest, here: str) -> list[tuple[str, str, bool]]:
    """The address, the label and whether one is there."""
    return [
        (reverse(name, kwargs={"tenant": request.tenant.slug}), label, name == here)
        for name, label, power in _TABS
        if request.membership.may(power)
    ]
