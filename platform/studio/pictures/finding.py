"""Pictures of the library, newest first, and those among them that somebody is looking for.

No index knows of words in a picture's name, or of what nobody uses. So a page looks through the newest so many, and
says where to look on: what it costs does not grow with the library.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Left

from publishing.models import Article, Byline, Image, Placement
from publishing.models.images import STEM
from sites_core.models import Brand
from studio.paging import Position
from tenants.models import Tenant

PAGE = 48


class Only(StrEnum):
    UNUSED = "unused"
    WORDLESS = "wordless"


# Pictures that one page looks through. One whose words are looked at costs PostgreSQL 1 to 3 µs, one whose uses are 7.
LOOKED_THROUGH = {None: 4_000, Only.WORDLESS: 4_000, Only.UNUSED: 1_000}
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """`after` is where the next page begins; `looked` says that there may be more only because this one looked no
    further."""

    images: list[Image]
    after: Position | None
    looked: bool = False


def find(tenant: Tenant, *, words: str = "", only: Only | None = None, after: str | None = None) -> Found:
    """A page of pictures; Http404 for what is no position."""
    rows = _from(Position.from_text(after) if after else None)
    if not words.split() and only is None:
        images = list(rows[: PAGE + 1])
        return Found(images[:PAGE], _position(images[PAGE - 1]) if len(images) > PAGE else None)
    most = LOOKED_THROUGH[only]
    # The last that is looked at, and whether one follows. The offset is bounded, and within the index alone.
    last, *more = [*rows.values_list("added_at", "pk")[most - 1 : most + 1], None]
    if last is not None:
        rows = rows.filter(added_at__gte=last[0]).exclude(added_at=last[0], pk__lt=last[1])
    images = list(_matching(rows, tenant, words, only)[: PAGE + 1])
    if len(images) > PAGE:
        return Found(images[:PAGE], _position(images[PAGE - 1]))
    there_is_more = len(more) == 2
    return Found(images, Position(*last) if last and there_is_more else None, looked=there_is_more)


def _from(position: Position | None) -> QuerySet[Image]:
    rows = _newest_first(Image.objects.all())
    if position is None:
        return rows
    # Not the OR of two comparisons, for which no index begins in the right place.
    rows = rows.filter(added_at__lte=position.updated_at)
    return rows.exclude(added_at=position.updated_at, pk__gte=position.pk)


def _newest_first(images: QuerySet[Image]) -> QuerySet[Image]:
    return images.order_by("-added_at", "-pk")


def _position(image: Image) -> Position:
    return Position(image.added_at, image.pk)


def _matching(images: QuerySet[Image], tenant: Tenant, words: str, only: Only | None) -> QuerySet[Image]:
    if words.split():
        images = images.alias(said=Concat("name", Value(" "), "alt", Value(" "), "caption"))
        for word in words.split()[:_MOST_WORDS]:
            images = images.filter(said__icontains=word)
    if only is Only.WORDLESS:
        return images.filter(alt="", decorative=False)
    if only is Only.UNUSED:
        return images.filter(_used_by_none(tenant))
    return images


def _used_by_none(tenant: Tenant) -> Q:
    image = OuterRef("pk")
    stem = Func(
        Left(OuterRef("digest"), STEM),
        template="ARRAY[%(expressions)s]::varchar(32)[]",
        output_field=ArrayField(CharField(max_length=STEM)),
    )
    brands = Brand.objects.filter(site__ownership__tenant=tenant)
    return (
        ~Q(Exists(Article.objects.filter(lead_image=image)))
        & ~Q(Exists(Placement.objects.filter(image=image)))
        & ~Q(Exists(Byline.objects.filter(picture=image)))
        # Asked twice, so that the planner goes by the index: see publishing/usage.py.
        & ~Q(Exists(Article.objects.filter(stems__contains=stem, stems__overlap=stem)))
        & ~Q(digest__in=brands.values("logo"))
    )
