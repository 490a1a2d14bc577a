"""What each role may do: one table, read by a person, asked by code.

A power that no row grants does not exist. Platform staff hold no role in a tenant; their front is ops.
"""

from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    EDITOR = "editor"
    AUTHOR = "author"
    VIEWER = "viewer"


class Power(StrEnum):
    READ = "read"  # see articles, drafts too, and where they are placed
    WRITE = "write"  # write articles and change one's own
    EDIT = "edit"  # change anybody's article, answer reviews
    PLACE = "place"  # place, schedule, unpublish, recall, correct, on the sites of the membership
    BRAND = "brand"  # change how a site looks and speaks
    MANAGE = "manage"  # members, roles, hostnames, what happened, takeout


OWN, EDI, AUT, VIE = Role.OWNER, Role.EDITOR, Role.AUTHOR, Role.VIEWER

POWERS: dict[Power, frozenset[Role]] = {
    Power.READ: frozenset({OWN, EDI, AUT, VIE}),
    Power.WRITE: frozenset({OWN, EDI, AUT}),
    Power.EDIT: frozenset({OWN, EDI}),
    Power.PLACE: frozenset({OWN, EDI}),
    Power.BRAND: frozenset({OWN}),
    Power.MANAGE: frozenset({OWN}),
}

# What no part of a tenant can be managed without.
TENANT_WIDE = frozenset({Power.MANAGE})


def may(role: Role | str, power: Power) -> bool:
    """Whether the role holds the power; an unknown role holds none."""
    return role in POWERS[power]
