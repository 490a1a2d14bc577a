"""Files that members send: new pictures, and those that take another one's place.

A file is bounded while it arrives, before it fills a disk: the views choose their own upload handlers, which Django
allows until the body has been read. Its check against forgery reads it, so it runs inside and not around them.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from publishing import replacing
from publishing.encoding import MOST_BYTES, RefusedImage, tidy_name, too_large
from publishing.images import receive
from publishing.models import Image
from studio.access import TenantRequest, needs
from studio.pictures import telling
from studio.pictures.rights import change_of, image_of
from tenants.roles import Power

if TYPE_CHECKING:
    Upload = UploadedFile[Any]
else:
    Upload = UploadedFile

# Of one request, which without JavaScript brings all files at once.
MOST_AT_ONCE = 200 * 1024 * 1024


class Bounded(FileUploadHandler):
    """First of the handlers: no file is taken further than a picture may be long. `refused` are those that were."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.refused: list[str] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.size += len(raw_data)
        if self.size > MOST_BYTES:
            self.refused.append(tidy_name(self.file_name or ""))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def bounded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view is called with the body read and the request known to be no forgery, as (request, files, too long)."""

    @wraps(view)
    def answer(request: TenantRequest, **kwargs: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_AT_ONCE:
            return _refused(request, [("", f"That is more than {MOST_AT_ONCE // 1024 // 1024} MB at once.")], 413)
        first = Bounded(request)
        request.upload_handlers = [first, MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
        try:
            files = cast(list[Upload], request.FILES.getlist("file"))
        except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
            return _refused(request, [("", "The upload did not arrive whole, or has too many parts. Try again.")], 400)

        def honest(known: TenantRequest) -> HttpResponse:
            return view(known, files, first.refused, **kwargs)

        return csrf_protect(honest)(request)

    return answer


@csrf_exempt
@require_POST
@needs(Power.WRITE)
@bounded
def upload(request: TenantRequest, files: list[Upload], too_long: list[str]) -> HttpResponse:
    refused = [(name, too_large(name, MOST_BYTES + 1)) for name in too_long]
    kept: list[tuple[Image, bool]] = []
    for file in files:
        try:
            kept.append(receive(request.tenant, file.read(), name=file.name or ""))
        except RefusedImage as error:
            refused.append((tidy_name(file.name or ""), str(error)))
    if not kept and not refused:
        refused = [("", "No file arrived. Choose a picture: JPEG, PNG, WebP, GIF or AVIF.")]
    return _answer(request, kept, refused, 413 if too_long else 400)


@csrf_exempt
@require_POST
@needs(Power.WRITE)
@bounded
def replace_file(request: TenantRequest, files: list[Upload], too_long: list[str], image_id: int) -> HttpResponse:
    image = image_of(image_id)
    check = change_of(request)
    check(image)  # before the work; the deed asks once more before anything is changed
    if too_long or not files:
        sentence = too_large(too_long[0], MOST_BYTES + 1) if too_long else "Choose the file that takes its place."
        return _not_replaced(request, image, sentence, 413 if too_long else 400)
    try:
        after = replacing.replace(image=image, data=files[0].read(), name=files[0].name or "", check=check)
    except RefusedImage as error:
        return _not_replaced(request, image, str(error), 400)
    if telling.wants_json(request):
        return telling.told(request.tenant.slug, after)
    messages.success(request, f"“{after.name}” stands now wherever “{image.name}” stood.")
    return redirect("media-image", tenant=request.tenant.slug, image_id=image.pk)


def _answer(
    request: TenantRequest, kept: list[tuple[Image, bool]], refused: list[tuple[str, str]], status: int
) -> HttpResponse:
    if refused:
        return _refused(request, refused, status, kept)
    image, is_new = kept[0]
    if telling.wants_json(request):
        return telling.told(request.tenant.slug, image, known=not is_new)
    for one, new in kept:
        messages.success(request, f"“{one.name}” is in the library{'' if new else ' already'}.")
    return redirect("media", tenant=request.tenant.slug)


def _refused(
    request: TenantRequest, refused: list[tuple[str, str]], status: int, kept: list[tuple[Image, bool]] | None = None
) -> HttpResponse:
    """Of several files some may have been kept: the page says of each what became of it."""
    if telling.wants_json(request):
        return telling.refused(refused[0][1], status)
    shown = {"refused": refused, "kept": kept or []}
    return render(request, "studio/pictures/uploaded.html", shown, status=status)


def _not_replaced(request: TenantRequest, image: Image, sentence: str, status: int) -> HttpResponse:
    if telling.wants_json(request):
        return telling.refused(sentence, status)
    return render(
        request, "studio/pictures/uploaded.html", {"refused": [("", sentence)], "image": image}, status=status
    )
