"""Pictures as they arrive and are kept: a row, and files that are named by the digest of what was uploaded.

Nothing of the upload itself is ever served. What moves is kept as its first image: a page that moves by itself cannot
be read by everybody, and frames have no bound.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum

from publishing.encoding import (
    FORMATS,
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    WIDTHS,
    Made,
    RefusedImage,
    Shape,
    decoded,
    encoded,
    formats_for,
    make,
    too_large,
)
from publishing.models import Image
from publishing.models.images import MEDIA_TYPES, OLDEST_FORMAT, STEM
from tenants.models import Tenant

if TYPE_CHECKING:
    from publishing.bodies.pictures import Pictures

__all__ = [
    "BODY_WIDTH", "FORMATS", "LONGEST_SIDE", "MOST_BYTES", "MOST_PIXELS", "WIDTHS", "RefusedImage", "alone_with",
    "bytes_of", "complete", "count", "file_of", "files_of", "former", "keep", "lacks_formats", "media_path", "of_stems",
    "receive", "refuse_beyond_quota", "renamed", "shown_in", "store", "take_over", "too_large", "used",
    "with_todays_names", "write_files",
]  # fmt: skip

_NAMED = re.compile(rf"/media/([0-9a-f]{{{STEM}}})-([1-9][0-9]{{0,4}})\.(?:{'|'.join(MEDIA_TYPES)})(?![\w.-])")
# The width of a picture in a body that a browser without `srcset` gets.
BODY_WIDTH = 960


def store(tenant: Tenant, data: bytes, *, name: str, alt: str = "", caption: str = "", quickly: bool = False) -> Image:
    """Keep a picture for a tenant, in up to three widths as AVIF, WebP and JPEG, or PNG where one can see through it.

    `quickly` makes larger files in a third of the time. The same bytes again give the same Image. Raises RefusedImage
    for whatever is not a raster picture of at most 25 megapixels, 16,383 pixels a side and 30 MB. What an operator
    brings in, such as an import, counts against the tenant's quota and is not refused by it; what members upload is
    `receive`d.
    """
    known = _known(tenant, hashlib.sha256(data).hexdigest())
    return known or keep(tenant, make(data, name=name, quickly=quickly), alt=alt, caption=caption)[0]


def receive(tenant: Tenant, data: bytes, *, name: str) -> tuple[Image, bool]:
    """Keep what a member uploads, as `store` does, within the tenant's quota; and whether it is new.

    Raises RefusedImage, also where the quota leaves no room: nothing is kept then.
    """
    if known := _known(tenant, hashlib.sha256(data).hexdigest()):
        return known, False
    refuse_beyond_quota(tenant, 0)  # before the work; it is asked again before anything is kept
    return keep(tenant, make(data, name=name), within_quota=True)


@transaction.atomic
def keep(
    tenant: Tenant, made: Made, *, alt: str = "", caption: str = "", within_quota: bool = False
) -> tuple[Image, bool]:
    """The row and the files of what was made; and whether it is new."""
    alone_with(tenant.pk, made.digest)
    if known := _known(tenant, made.digest):
        return known, False
    image = Image(tenant=tenant, alt=alt[:500], caption=caption[:500])
    take_over(image, made)
    if within_quota:
        refuse_beyond_quota(tenant, made.bytes)
    # Files first: one without a row is found again by its digest and written over, a row without files is a hole.
    write_files(image, made)
    image.save()
    return image, True


def take_over(image: Image, made: Made) -> None:
    """The row's columns that say what its files are."""
    image.digest, image.name = made.digest, made.name
    image.width, image.height = made.width, made.height
    image.widths, image.formats = list(made.widths), made.formats
    image.bytes = made.bytes


def write_files(image: Image, made: Made) -> None:
    for width, suffix, data in made.files:
        _write(file_of(image, width, suffix), data)


# --- The quota -------------------------------------------------------------------------------------------------------


def used(tenant: Tenant) -> int:
    """Bytes of all files of the tenant's pictures. A sum over its rows: 9 ms for 50,000."""
    return int(Image.objects.filter(tenant=tenant).aggregate(sum=Sum("bytes"))["sum"] or 0)


def refuse_beyond_quota(tenant: Tenant, more: int) -> None:
    """Within a transaction: whoever asks next waits until this one has kept its bytes, or has not."""
    with transaction.atomic():
        # The row that everybody's uploads have in common. Not its key: rows that refer to it may come meanwhile.
        quota = Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk).quota_bytes
        taken = used(tenant)
    if taken + more > quota or taken >= quota:
        raise RefusedImage(
            f"There is no room for it: pictures take {taken / 1e6:,.1f} MB of the {quota / 1e6:,.1f} MB that "
            f"{tenant.name} has. Delete what is used nowhere, or ask the platform’s staff for more."
        )


# --- What is there ---------------------------------------------------------------------------------------------------


def lacks_formats(image: Image) -> bool:
    """Whether an older Masthead made it, in fewer formats than this one would."""
    return len(image.formats) < (2 if _shape(image).is_much else 3)


def complete(image: Image) -> None:
    """Make the formats that a picture lacks, from its largest file. No file is written anew: each is held for ever.

    Raises RefusedImage where that file is missing or damaged.
    """
    known = image.formats or [OLDEST_FORMAT]
    original = file_of(image, max(image.widths, default=0), "png" if "png" in known else OLDEST_FORMAT)
    try:
        picture = decoded(original.read_bytes(), image.name)
    except OSError as error:
        raise RefusedImage(f"{image.name}: {original.name} cannot be read ({error.strerror or error}).") from error
    shape = _shape(image)
    formats = formats_for(shape, picture)
    lacking = [suffix for suffix in formats if suffix not in known]
    for width, suffix, data in list(encoded(shape, picture, lacking, name=image.name)):
        _write(file_of(image, width, suffix), data)
    image.formats = [*(suffix for suffix in known if suffix not in formats), *formats]
    image.bytes = bytes_of(image)
    image.save(update_fields=["formats", "bytes"])


def count(image: Image) -> None:
    """Say of a row that an older Masthead made what its files take."""
    image.bytes = bytes_of(image)
    image.save(update_fields=["bytes"])


def shown_in(tenant_id: int, source: str) -> "Pictures":
    """The tenant's pictures that a body names, for rendering it; in one statement, or in none. Expects its scope."""
    # Here, so that whoever only serves pictures does not load what renders bodies.
    from publishing.bodies.pictures import OwnPicture, named_in

    return {
        stem: OwnPicture(*image.variants(BODY_WIDTH), image.width, image.height, image.alt)
        for stem, image in of_stems(tenant_id, named_in(source)).items()
        if image.widths
    }


def of_stems(tenant_id: int, stems: Iterable[str]) -> dict[str, Image]:
    """The tenant's pictures by how their files' names begin, or began before they were replaced.

    In one statement, or in none; in two more where a name is none of today's.
    """
    named = list(stems)
    found = {image.stem: image for image in Image.objects.filter(_begins(named), tenant=tenant_id)} if named else {}
    former = [stem for stem in named if stem not in found]
    return found | _replaced(tenant_id, former) if former else found


def with_todays_names(tenant_id: int, source: str) -> str:
    """A body that names files of pictures as they were before they were replaced, naming those that they have now."""
    from publishing.bodies.pictures import named_in

    return renamed(source, of_stems(tenant_id, named_in(source)))


def renamed(source: str, images: Mapping[str, Image]) -> str:
    """The body with other names for the files of these pictures, given by how those that it names begin."""

    def todays(named: re.Match[str]) -> str:
        image = images.get(named[1])
        return named[0] if image is None or image.stem == named[1] else image.url_for(int(named[2]))

    return _NAMED.sub(todays, source)


def _replaced(tenant_id: int, stems: list[str]) -> dict[str, Image]:
    """By what the history says that they were: an open editor, or an old revision, may still name them so."""
    was = dict(
        _events().filter(_begins(stems), tenant=tenant_id).order_by("pgh_id").values_list("digest", "pgh_obj_id")
    )
    now = Image.objects.in_bulk(was.values()) if was else {}
    return {digest[:STEM]: now[pk] for digest, pk in was.items() if pk in now}


def _begins(stems: Iterable[str]) -> Q:
    """Ranges, which the index on tenant and digest answers; a digest has no letter after f."""
    wanted = Q()
    for stem in stems:
        wanted |= Q(digest__gte=stem, digest__lt=f"{stem}g")
    return wanted


def former(image: Image) -> dict[str, int]:
    """The digests that it had before it was replaced, each with its width in pixels."""
    was = _events().filter(pgh_obj_id=image.pk, tenant=image.tenant_id).exclude(digest=image.digest)
    return dict(was.values_list("digest", "width"))


def _events() -> QuerySet[Any]:
    """What pictures were; the model is the library's making, so nobody knows its fields."""
    events: Any = apps.get_model("publishing", "ImageEvent")
    return cast(QuerySet[Any], events.objects.all())


# --- Files -----------------------------------------------------------------------------------------------------------


def file_of(image: Image, width: int, suffix: str) -> Path:
    return media_path(image.tenant_id, f"{image.stem}-{width}.{suffix}")


def files_of(tenant_id: int, digest: str, width: int) -> list[Path]:
    """The files that there are of an upload of this digest and this many pixels across, in whatever format."""
    names = (f"{digest[:STEM]}-{one}.{suffix}" for one in {min(one, width) for one in WIDTHS} for suffix in MEDIA_TYPES)
    return [path for path in (media_path(tenant_id, name) for name in names) if path.is_file()]


def bytes_of(image: Image) -> int:
    """What its files take on the disk, without those of what it was before it was replaced."""
    return sum(path.stat().st_size for path in files_of(image.tenant_id, image.digest, image.width))


def media_path(tenant_id: int, file_name: str) -> Path:
    """Where a tenant's file lies; the name has no directory part."""
    return Path(settings.MEDIA_ROOT) / str(tenant_id) / Path(file_name).name


def alone_with(tenant_id: int, digest: str) -> None:
    """To the end of the transaction nobody else keeps or removes the files of this digest.

    Without it the files that one upload has just written could be removed by who deletes the same picture.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"picture {tenant_id} {digest}"])


def _known(tenant: Tenant, digest: str) -> Image | None:
    return Image.objects.filter(tenant=tenant, digest=digest).first()


def _shape(image: Image) -> Shape:
    return Shape(image.width, image.height, image.widths)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a reader never meets half a file.
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
