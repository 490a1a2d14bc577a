"""Words and bodies as the studio's pages show them: not as a brand does, and with nothing from other hosts."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from publishing.bodies import BodyFormat, BodyTooLong, render
from publishing.images import shown_in
from publishing.models import Article, Image
from studio.writing.words import TERMS
from tenants.models import Tenant

_FILE = re.compile(r"(?<=[\" ])/media/(?=[0-9a-f]{32}-[0-9]{1,5}\.[a-z]{3,4}[\" ])")
_IMAGE = re.compile(r'<img\b((?:[^<>"]|"[^"]*")*)>')
_WRITTEN = re.compile(r' (src|alt)="([^"]*)"')
_FRAME = re.compile(r'<iframe src="([^"]*)" title="([^"]*)"[^<>]*></iframe>')


def shown(tenant: Tenant, html: str) -> SafeString:
    """A rendered body, whose pictures come from the studio's own host, and what is shown from elsewhere is a link.

    Of a picture that is on another host its words stand there: the page's policy would not let it load.
    """
    files = reverse("media", kwargs={"tenant": tenant.slug}) + "file/"
    linked = _FRAME.sub(r'<a class="elsewhere" href="\1" rel="noopener noreferrer">\2</a>', html)
    # Sanitised before it was stored; what is put in here is an address of ours.
    return mark_safe(_IMAGE.sub(partial(_image, files), _FILE.sub(files, linked)))  # noqa: S308


def _image(files: str, image: re.Match[str]) -> str:
    written = dict(_WRITTEN.findall(image[1]))
    if written.get("src", "").startswith(files):
        return image[0]
    return f'<span class="elsewhere">{written.get("alt") or "A picture that is not in the library"}</span>'


class Shower:
    """Shows the versions of an article's words that are looked at together, and asks for what they name once."""

    def __init__(
        self, tenant: Tenant, versions: Sequence[Mapping[str, Any]], known: Mapping[str, Mapping[int, str]]
    ) -> None:
        """`known` are names of topics and bylines, by vocabulary and primary key, that somebody has already."""
        self.tenant = tenant
        self._pictures = shown_in(tenant.pk, "\n".join([str(one.get("body", "")) for one in versions]))
        self._names = {name: {**known[name], **more} for name, more in _names(versions, known).items()}
        images = {one["lead_image"] for one in versions if one.get("lead_image")}
        self._images = dict(Image.objects.filter(pk__in=images).values_list("pk", "name")) if len(images) > 1 else {}

    def body(self, source: str, body_format: str) -> SafeString:
        """A source as it would be shown."""
        written: BodyFormat = "html" if body_format == "html" else "markdown"
        try:
            return shown(self.tenant, render(source, written, self._pictures).html)
        except BodyTooLong:
            return mark_safe("<p>Too long to be shown.</p>")

    def value(self, name: str, value: Any) -> str:
        """A field's value as one reads it."""
        if name in TERMS:
            return ", ".join([self._names[name][pk] for pk in value or () if pk in self._names[name]])
        if name == "lead_image":
            return str(self._images.get(value, "a picture that is gone")) if value else "none"
        if name == "kind":
            return str(dict(Article.Kind.choices).get(value, value or ""))
        if name == "language":
            return value or "that of the site"
        return str(value or "")


def _names(versions: Sequence[Mapping[str, Any]], known: Mapping[str, Mapping[int, str]]) -> dict[str, dict[int, str]]:
    """Those that are named and not known yet, in one statement or in none."""
    missing = {name: {pk for one in versions for pk in one.get(name, ())} - known[name].keys() for name in TERMS}
    found: dict[str, dict[int, str]] = {name: {} for name in TERMS}
    asked: list[QuerySet[Any]] = [
        TERMS[name].objects.filter(pk__in=pks).order_by().annotate(vocabulary=Value(name))
        .values_list("vocabulary", "pk", "name")
        for name, pks in missing.items()
        if pks
    ]  # fmt: skip
    for vocabulary, pk, name in asked[0].union(*asked[1:], all=True) if asked else ():
        found[vocabulary][pk] = name
    return found
