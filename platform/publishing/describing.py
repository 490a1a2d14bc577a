"""The deed on what is said about a picture, and on what of it must stay in sight: describe."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from publishing.models import Article, Image
from publishing.placing import hold
from publishing.usage import naming, sites_showing
from publishing.writing import rendered

# What `describe` takes.
SAID = ("alt", "caption", "decorative", "focus_x", "focus_y")
# Of the texts that name a picture so many are rendered anew at once; where there are more, `manage.py render_articles`
# does it. A second or two for a long newsroom's signature.
MOST_RENDERED = 1_000


@transaction.atomic
def describe(*, image: Image, **fields: Any) -> Image:
    """Say what a picture shows (`alt`), its `caption`, whether it is `decorative`, and its focus in per cent.

    What only decorates has no alternative text. Texts that show the picture without words of their own get the new
    ones. Raises ValidationError for a focus that lies outside. Returns the row as it is now.
    """
    hold_showing(image)
    image.refresh_from_db()
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
    return image


def hold_showing(image: Image) -> None:
    """Within a deed on a picture, and first: the texts that name it, and the sites that show it."""
    hold(naming(image).only("pk")[:MOST_RENDERED], sites=sites_showing(image))


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
