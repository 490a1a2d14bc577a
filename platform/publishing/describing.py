"""The deed on what is said about a picture, and on what of it must stay in sight: describe."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from publishing.models import Article, Image, Placement
from publishing.placing import hold
from publishing.reviewing import end_approval
from publishing.usage import naming, sites_showing
from publishing.writing import rendered

Check = Callable[[Image], None]
"""Of a deed on a picture: called once the picture, and what shows it, is held; raises where the deed may not be done.

Whoever asks before the deed asks about what may be another by then: a file takes seconds to become a picture, and
meanwhile somebody publishes what shows the one that it replaces.
"""


def unasked(image: Image) -> None:
    """Whoever calls may do it to any picture, at any time."""


# What `describe` takes.
SAID = ("alt", "caption", "decorative", "focus_x", "focus_y")
# Of the texts that name a picture so many are rendered anew at once; where there are more, `manage.py render_articles`
# does it. A second or two for a long newsroom's signature.
MOST_RENDERED = 1_000


@transaction.atomic
def describe(*, image: Image, check: Check = unasked, **fields: Any) -> Image:
    """Say what a picture shows (`alt`), its `caption`, whether it is `decorative`, and its focus in per cent.

    What only decorates has no alternative text. Texts that show the picture without words of their own get the new
    ones; what was approved with it is a draft again (`unapprove`). Raises ValidationError for a focus that lies
    outside. Returns the row as it is now.
    """
    approvable = hold_showing(image)
    image.refresh_from_db()
    check(image)
    wanted = {name: value for name, value in fields.items() if name in SAID}
    if wanted.get("decorative", image.decorative):
        wanted["alt"] = ""
    changed = [name for name, value in wanted.items() if getattr(image, name) != value]
    for name in changed:
        setattr(image, name, wanted[name])
    image.full_clean(exclude=["tenant"])
    if changed:
        image.save(update_fields=changed)
    if "alt" in changed:
        keep_rendered(naming(image)[:MOST_RENDERED])
    if changed:
        unapprove(approvable)
    return image


def hold_showing(image: Image) -> list[int]:
    """Within a deed on a picture, and first: the texts that name it, and the sites that show it.

    Where the tenant wants approval, all articles that show it: their primary keys, else none.
    """
    named = naming(image).only("pk")
    approvable = list(_showing(image)) if image.tenant.needs_approval else []
    hold([*named[:MOST_RENDERED], *approvable], sites=sites_showing(image))
    return [article.pk for article in approvable]


def unapprove(articles: Iterable[int]) -> None:
    """Within a deed, which holds these: what was approved with another picture, or other words on it, is so no more."""
    approved = Article.objects.filter(pk__in=articles, stage=Article.Stage.APPROVED).select_related("tenant")
    for article in approved.defer("body", "html", "text"):
        end_approval(article)


def _showing(image: Image) -> QuerySet[Article]:
    """The articles that show it at their head, in their text, or on a site."""
    placed = Placement.objects.filter(image=image).values("article")
    named = naming(image).values("pk")
    return Article.objects.filter(Q(lead_image=image) | Q(pk__in=placed) | Q(pk__in=named)).only("pk")


def keep_rendered(articles: Iterable[Article]) -> int:
    """Within a deed, which holds them: what readers get of these articles, from what they say now; how many changed.

    No deed of an editor: no revision, and they were not updated.
    """
    again = [article for article in articles if renew(article)]
    Article.objects.bulk_update(again, ["html", "text", "word_count"], batch_size=100)
    return len(again)


def renew(article: Article) -> bool:
    """Whether it is another than it was, in what is made of its body."""
    body = rendered(article)
    made = (body.html, body.text, body.word_count)
    before = (article.html, article.text, article.word_count)
    article.html, article.text, article.word_count = made
    return made != before
