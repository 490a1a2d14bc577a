"""One picture: what is said about it, what of it stays in sight, where it is used; and its end."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from publishing import describing, replacing
from publishing.images import files_of, former
from publishing.models import Image
from publishing.usage import places
from studio.access import TenantRequest, needs
from studio.pictures import telling
from studio.pictures.crops import CROPS, box
from studio.pictures.rights import change_of, image_of, may_change, may_say
from tenants.roles import Power

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Image]
else:
    ModelForm = forms.ModelForm


class DescribeForm(ModelForm):
    class Meta:
        model = Image
        fields = describing.SAID
        labels = {
            "alt": "Alternative text",
            "decorative": "It only decorates",
            "focus_x": "From left, %",
            "focus_y": "From top, %",
        }
        help_texts = {
            "alt": "What it shows, for those who do not see it: what matters, in a sentence. "
            "An article is published only when all of its pictures have this.",
            "decorative": "It says nothing that the text does not, and needs no alternative text.",
            "caption": "Printed below the picture where it leads an article.",
        }
        widgets = {
            "alt": forms.Textarea({"rows": 5}),
            "caption": forms.Textarea({"rows": 2}),
            "focus_x": forms.NumberInput({"min": 0, "max": 100, "inputmode": "numeric"}),
            "focus_y": forms.NumberInput({"min": 0, "max": 100, "inputmode": "numeric"}),
        }

    def only(self, names: set[str]) -> "DescribeForm":
        """The form of those fields that were sent, where not all are."""
        for name in set(self.fields) - names:
            del self.fields[name]
        return self


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.READ)
def picture(request: TenantRequest, image_id: int) -> HttpResponse:
    image = image_of(image_id)
    if request.method == "POST":
        return _say(request, image) if telling.wants_json(request) else _described(request, image)
    return _page(request, image, DescribeForm(instance=image))


@require_POST
@needs(Power.WRITE)
def forget(request: TenantRequest, image_id: int) -> HttpResponse:
    """Remove the files of what the picture was before it was replaced."""
    image = image_of(image_id)
    if replacing.forget_former(image=image, check=change_of(request)):
        messages.success(request, f"The former files of “{image.name}” are removed.")
    return redirect("media-image", tenant=request.tenant.slug, image_id=image.pk)


@require_POST
@needs(Power.WRITE)
def delete(request: TenantRequest, image_id: int) -> HttpResponse:
    image = image_of(image_id)
    try:
        replacing.discard(image=image, check=change_of(request))
    except replacing.StillUsed as used:
        messages.error(request, str(used))
        return redirect("media-image", tenant=request.tenant.slug, image_id=image_id)
    messages.success(request, f"“{image.name}” is deleted.")
    return redirect("media", tenant=request.tenant.slug)


def _described(request: TenantRequest, image: Image) -> HttpResponse:
    change_of(request)(image)
    form = DescribeForm(request.POST, instance=image)
    if not form.is_valid():
        return _page(request, image_of(image.pk), form, status=400)
    describing.describe(image=image, check=change_of(request), **form.cleaned_data)
    messages.success(request, f"“{image.name}” is saved.")
    return redirect("media-image", tenant=request.tenant.slug, image_id=image.pk)


def _say(request: TenantRequest, image: Image) -> HttpResponse:
    """Some of the fields, sent by a script; answered in JSON."""
    sent = set(request.POST) & set(describing.SAID)

    def check(image: Image) -> None:
        if not (may_change(request, image) or (may_say(request, image) and sent <= {"alt", "decorative"})):
            raise PermissionDenied

    try:
        check(image)
        form = DescribeForm(request.POST, instance=image).only(sent)
        if not form.is_valid():
            return telling.refused(" ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
        image = describing.describe(image=image, check=check, **form.cleaned_data)
    except PermissionDenied:
        return telling.refused("You may not change what is said about this picture: readers see it already.", 403)
    except ValidationError as error:
        return telling.refused(" ".join(error.messages))
    return telling.told(request.tenant.slug, image)


def _page(request: TenantRequest, image: Image, form: DescribeForm, status: int = 200) -> HttpResponse:
    shown: dict[str, Any] = {
        "image": image,
        "form": form,
        "places": places(image),
        "files": _files(image),
        "former": len(former(image)),
        "may_change": may_change(request, image),
        "crops": [(label, box(image, *shape)) for label, *shape in CROPS],
    }
    return render(request, "studio/pictures/picture.html", shown, status=status)


def _files(image: Image) -> list[tuple[int, list[tuple[str, str, int]]]]:
    """For each width its files, largest first: (name, format, bytes)."""
    there = [
        (path.name, path.suffix[1:], path.stat().st_size)
        for path in files_of(image.tenant_id, image.digest, image.width)
    ]
    by_width = {
        width: [one for one in there if one[0].startswith(f"{image.stem}-{width}.") and one[1] in image.formats]
        for width in sorted(image.widths, reverse=True)
    }
    return [(width, files) for width, files in by_width.items() if files]
