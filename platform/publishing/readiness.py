"""What must be mended of an article before it is published. Imports and operators are not asked."""

from collections.abc import Iterator

from publishing.bodies import tree
from publishing.bodies.pictures import named_in
from publishing.images import of_stems
from publishing.models import Article, Image, Placement


def problems(article: Article) -> list[str]:
    """A sentence for each thing to mend: a missing title, and every picture that is shown without alternative text.

    In four statements at most, within the tenant's scope. Pictures that lie elsewhere on the web are the author's own
    matter, and captions nobody's.
    """
    found = [] if article.title.strip() else ["The article has no title: give it one."]
    told: set[int] = set()
    for image, where in [*_chosen(article), *_in_text(article)]:
        if image.pk not in told and not (image.alt.strip() or image.decorative):
            told.add(image.pk)
            found.append(
                f"The picture “{image.name}”, {where}, has no alternative text: say what it shows, or mark it as "
                "decorative."
            )
    return found


def _chosen(article: Article) -> Iterator[tuple[Image, str]]:
    """The lead picture, and what sites show in its place."""
    if article.lead_image:
        yield article.lead_image, "at the head of the article"
    own = Placement.objects.filter(article=article, image__isnull=False).select_related("image", "site")
    for placement in own.order_by("site__domain"):
        if placement.image:
            yield placement.image, f"on {placement.site.name}"


def _in_text(article: Article) -> Iterator[tuple[Image, str]]:
    """The tenant's own pictures for which the text itself has no words either."""
    silent = list(dict.fromkeys(_silent(article.html)))
    known = of_stems(article.tenant_id, silent)
    for stem in silent:
        if stem in known:
            yield known[stem], "in the text"


def _silent(html: str) -> Iterator[str]:
    if "<img" not in html:
        return
    for element in tree.parse(html).descendants():
        if element.tag == "img" and not element.attributes.get("alt", "").strip():
            yield from named_in(element.attributes.get("src", ""))
