"""Deeds on what a picture is: replace, forget_former, discard.

A picture that was replaced keeps its key; its files' names begin with another digest. The former files stay, since
pages that others hold still name them, and count as its own until they are forgotten. Whoever saves a text that names
them, out of an editor that was open meanwhile or out of an old revision, shows what is there now (`images.of_stems`).
"""

from functools import partial

from django.db import transaction

from publishing.describing import MOST_RENDERED, Check, hold_showing, renew, unapprove, unasked
from publishing.encoding import Made, RefusedImage, make
from publishing.images import (
    alone_with,
    bytes_of,
    count,
    files_of,
    former,
    refuse_beyond_quota,
    renamed,
    take_over,
    write_files,
)
from publishing.models import Article, Image
from publishing.usage import Places, logos, naming, places
from tenants.scope import across_tenants


class StillUsed(ValueError):
    """The picture cannot go: something shows it. The message says what, in a sentence."""


def replace(*, image: Image, data: bytes, name: str, check: Check = unasked) -> Image:
    """The new file takes the picture's place everywhere: at the head of articles, in texts, as a portrait, as a logo.

    Its words and its focus stay. Texts that name the old files name the new ones, without a revision: no word changed.
    Where the tenant wants approval, what was approved with the old one is a draft again.
    Raises RefusedImage for a file that becomes no picture, that is another picture of the library, or for which the
    quota leaves no room. Returns the row as it is now.
    """
    return _replace(image, make(data, name=name), check)


@transaction.atomic
def forget_former(*, image: Image, check: Check = unasked) -> int:
    """Remove the files that it had before it was replaced; how many pictures it was. Links to those are dead then."""
    hold_showing(image)
    image = Image.objects.select_for_update().get(pk=image.pk)
    check(image)
    gone = former(image)
    image.bytes = bytes_of(image)
    image.save(update_fields=["bytes"])
    _remove_afterwards(image.tenant_id, gone)
    return len(gone)


@transaction.atomic
def discard(*, image: Image, check: Check = unasked) -> None:
    """Delete a picture that is used nowhere, and its files with it. Raises StillUsed where it is."""
    image = Image.objects.select_for_update().get(pk=image.pk)
    check(image)
    if not (shown := places(image)).is_empty:
        raise StillUsed(_still_used(image, shown))
    gone = {**former(image), image.digest: image.width}
    tenant_id = image.tenant_id
    image.delete()
    _remove_afterwards(tenant_id, gone)


@transaction.atomic
def _replace(image: Image, made: Made, check: Check) -> Image:
    approvable = hold_showing(image)
    image = Image.objects.select_for_update().get(pk=image.pk)
    check(image)
    if made.digest == image.digest:
        return image
    alone_with(image.tenant_id, made.digest)
    articles, brands, before = list(naming(image)[: MOST_RENDERED + 1]), logos(image), image.stem
    _refuse(image, made, len(articles))
    if not image.bytes:
        count(image)  # so that the history knows what it was, also of a row that is older than the history
    kept = image.bytes
    take_over(image, made)
    image.bytes += kept
    refuse_beyond_quota(image.tenant, made.bytes)
    write_files(image, made)
    image.save()
    for article in articles:
        article.body = renamed(article.body, {before: image})
        renew(article)
    Article.objects.bulk_update(articles, ["body", "html", "text", "word_count"], batch_size=100)
    unapprove(approvable)
    for brand in brands:
        brand.logo, brand.logo_width, brand.logo_height = image.digest, image.width, image.height
        brand.save(update_fields=["logo", "logo_width", "logo_height"])
    return image


def _refuse(image: Image, made: Made, articles: int) -> None:
    other = Image.objects.filter(digest=made.digest).exclude(pk=image.pk).first()
    if other:
        raise RefusedImage(
            f"{made.name} is in the library already, as “{other.name}”. Choose that one where {image.name} is shown."
        )
    if articles > MOST_RENDERED:
        raise RefusedImage(
            f"{image.name} stands in the text of more than {MOST_RENDERED:,} articles: that is too much to change at "
            "once. Upload the new picture, and name it where it is wanted."
        )


def _still_used(image: Image, shown: Places) -> str:
    by = [f"the article “{place.article}”" for place in shown.articles[:3]]
    by += [f"the portrait of {byline.name}" for byline in shown.portraits[:2]]
    by += [f"the logo of {brand.site.name}" for brand in shown.logos[:2]]
    by += [f"what {draft.user} is writing in “{draft.article}”" for draft in shown.drafts[:2]]
    return f"“{image.name}” is used by {', '.join(by)}. Take it out there first, or replace it."


def _remove_afterwards(tenant_id: int, gone: dict[str, int]) -> None:
    """Once the deed is done, and not if it is undone."""
    for digest, width in gone.items():
        transaction.on_commit(partial(_remove, tenant_id, digest, width))


@transaction.atomic
def _remove(tenant_id: int, digest: str, width: int) -> None:
    alone_with(tenant_id, digest)
    with across_tenants("the deed's scope may have ended; one tenant is named"):
        # Somebody may have uploaded the same again meanwhile.
        is_back = Image.objects.filter(tenant=tenant_id, digest=digest).exists()
    if not is_back:
        for path in files_of(tenant_id, digest, width):
            path.unlink(missing_ok=True)
