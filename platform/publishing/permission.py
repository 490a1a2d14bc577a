"""Whether somebody may do what they ask, asked once more by the deed itself.

What a page asked before may not be so any more when the deed's turn comes: it has waited for others who held the
article.
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from publishing.models import Article

Allowed = Callable[[Article], bool]


def refuse_unless(allowed: Allowed | None, article: Article) -> None:
    """Within a deed, which holds the article: raise PermissionDenied where it is not allowed. None asks nobody."""
    if allowed is not None and not allowed(article):
        raise PermissionDenied
