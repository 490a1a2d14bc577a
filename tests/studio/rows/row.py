"""What a row of the isolation table is: what each role is answered by one URL of the studio, on its own tenant."""

from dataclasses import dataclass, field
from typing import Any

ROLES = ("anonymous", "owner", "editor", "author", "viewer", "limited", "stranger", "staff")
"""Of Acme, but for the stranger, who owns Bolt, and for the platform's staff, who belong to no tenant.

"limited" is an editor on Acme's first site alone, where the objects of the table are."""


def row(*statuses: int) -> dict[str, int]:
    return dict(zip(ROLES, statuses, strict=True))


#                   anonymous owner editor author viewer limited stranger staff
EVERY_MEMBER = row(302, 200, 200, 200, 200, 200, 404, 404)
WRITERS = row(302, 200, 200, 200, 403, 200, 404, 404)
EDITORS = row(302, 200, 200, 403, 403, 200, 404, 404)
OWNERS = row(302, 200, 403, 403, 403, 403, 404, 404)
READ_ONLY = row(302, 405, 405, 405, 405, 405, 405, 405)
"""For a POST where a page is only read: the method is refused before anybody is asked who they are."""


@dataclass(frozen=True)
class Row:
    """`get` and `post` say what each role is answered; `sent` is the body of the POST. What it does is undone."""

    get: dict[str, int]
    post: dict[str, int]
    sent: dict[str, Any] = field(default_factory=dict)
    # A view of a tenant, guarded by a power. What is not, is everybody's own: signing in, one's account.
    is_of_tenant: bool = True
    # Without a tenant in its address, but about an object of one: an invitation.
    is_owned: bool = False

    def missing(self, value: Any) -> Any:
        """What names nothing, in the place of an argument of this value."""
        return 10**9 if isinstance(value, int) else "f" * len(str(value))
