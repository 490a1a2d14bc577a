"""WordPress exports (WXR): posts and pages, read element by element, so that memory does not grow with the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from publishing.importing import image_refs, wordpress_html, xml_elements
from publishing.importing.front_matter import moment
from publishing.importing.post import (
    MAX_FILE,
    Found,
    ImageRef,
    Post,
    Refusal,
    Settings,
    Status,
    Unreadable,
    guarded,
    paths_of,
    plain,
    source_id_of,
)  # fmt: skip
from publishing.slugs import slug_from

_STATUSES: dict[str, Status] = {
    "publish": "published", "future": "published", "draft": "draft", "pending": "draft", "auto-draft": "draft",
    "private": "draft",
}  # fmt: skip
_KINDS: dict[str, Literal["article", "page"]] = {"post": "article", "page": "page"}
_UPLOADS = re.compile(r"/(?:wp-content/uploads|files|uploads)/(.+)|/(\d{4}/\d{2}/.+)")
_SIZE_SUFFIX = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+$)")


@dataclass(slots=True)
class _Library:
    """What posts refer to and the file may tell only later: writers' names and attachments."""

    authors: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, wordpress_html.Attachment] = field(default_factory=dict)
    language: str = ""
    blog: str = ""


def read(source: Path, settings: Settings) -> Iterator[Found]:
    """Posts and pages in the order of the file, which is read twice: first for what they refer to."""
    try:
        library = _library(source)
    except Unreadable as error:
        yield Refusal(source.name, str(error))
        return
    seen = 0
    try:
        for item in xml_elements.elements(source, "item"):
            seen += 1
            if _text(item, "post_type") in _KINDS and _text(item, "status") not in ("trash", "inherit"):
                yield _found(item, source, library, settings)
    except Unreadable as error:
        yield Refusal(f"{source.name}, after item {seen}", str(error))


def _library(source: Path) -> _Library:
    library = _Library()
    for element in xml_elements.elements(source, "author", "item", "language", "base_blog_url"):
        name = xml_elements.local_name(element)
        if name == "author":
            login = _text(element, "author_login")
            library.authors[login] = _text(element, "author_display_name") or login
        elif name == "language":
            library.language = (element.text or "").strip()
        elif name == "base_blog_url":
            library.blog = (element.text or "").strip()
        elif _text(element, "post_type") == "attachment":
            library.attachments[_text(element, "post_id")] = wordpress_html.Attachment(
                url=_text(element, "attachment_url"),
                title=_text(element, "title"),
                parent=_text(element, "post_parent"),
            )
    return library


def _found(item: Element, source: Path, library: _Library, settings: Settings) -> Found:
    post_id = _text(item, "post_id")
    name = f"{source.name}, post {post_id or '?'} “{_text(item, 'title')[:80]}”"
    return guarded(name, partial(_post, item, post_id, name, source, library, settings))


def _post(item: Element, post_id: str, name: str, source: Path, library: _Library, settings: Settings) -> Post:
    written = _text(item, "encoded", "content/")
    if len(written) > MAX_FILE:
        raise Unreadable(f"Its body has {len(written):,} characters; at most {MAX_FILE:,} are allowed. Split it.")
    status, warnings = _status(item)
    pictures = _Pictures(source.parent)
    body = wordpress_html.to_html(written, post_id=post_id, attachments=library.attachments)
    body = image_refs.replace(body, "html", pictures.resolve)
    title = plain(_text(item, "title"))
    thumbnail = library.attachments.get(_meta(item, "_thumbnail_id"))
    link = urlsplit(_text(item, "link"))
    return Post(
        # Not the guid: exports from joined blogs give two posts the same one.
        source_id=source_id_of("wordpress", library.blog or settings.origin, post_id or _text(item, "guid")),
        source=name,
        title=title or plain(body)[:80].strip() or f"Untitled {post_id}",
        slug=slug_from(unquote(_text(item, "post_name")), title, f"post-{post_id}"),
        summary=plain(_text(item, "encoded", "excerpt/")),
        body=body,
        body_format="html",
        published_at=_date(item, settings),
        status=status,
        kind=_KINDS[_text(item, "post_type")],
        language=library.language[:12] or None,
        bylines=_bylines(item, library),
        topics=tuple(dict.fromkeys(plain(term.text or "") for term in item.iterfind("category") if _is_topic(term))),
        permalinks=() if link.query or link.path == "/" else paths_of([unquote(link.path)]),
        images=tuple(pictures.found.values()),
        lead_image=pictures.lead(thumbnail) if thumbnail else None,
        warnings=(*warnings, *pictures.warnings),
    )


def _status(item: Element) -> tuple[Status, list[str]]:
    written = _text(item, "status")
    if _text(item, "post_password"):
        return "draft", ["It was protected by a password, so it is a draft here."]
    if written == "private":
        return "draft", ["It was private, so it is a draft here."]
    return _STATUSES.get(written, "draft"), []


def _date(item: Element, settings: Settings) -> datetime | None:
    for name, time_zone in (("post_date_gmt", UTC), ("post_date", settings.time_zone)):
        written = _text(item, name)
        if written and not written.startswith("0000"):
            return moment(written, time_zone)
    return None


def _bylines(item: Element, library: _Library) -> tuple[str, ...]:
    login = _text(item, "creator").strip("<> ")
    return (library.authors.get(login, login),) if login else ()


def _is_topic(term: Element) -> bool:
    return (
        term.get("domain") in ("category", "post_tag")
        and bool((term.text or "").strip())
        and term.get("nicename") != "uncategorized"
    )


def _text(item: Element, name: str, space: str = "") -> str:
    """The text of a child by its local name; `space` is part of its namespace where the name alone is not enough."""
    for child in item:
        if xml_elements.local_name(child) == name and space in child.tag:
            return (child.text or "").strip() if name != "encoded" else (child.text or "")
    return ""


def _meta(item: Element, key: str) -> str:
    for child in item:
        if xml_elements.local_name(child) == "postmeta" and _text(child, "meta_key") == key:
            return _text(child, "meta_value")
    return ""


class _Pictures:
    """Pictures of an export stay where they are on the web, unless its `uploads` folder lies beside the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.uploads = [path for name in ("uploads", "wp-content/uploads") if (path := folder / name).is_dir()]
        self.found: dict[str, ImageRef] = {}
        self.warnings: list[str] = []

    def resolve(self, ref: str, alt: str) -> str:
        address = unescape(ref)
        self.found.setdefault(ref, ImageRef(ref=ref, path=self._local(address), alt=unescape(alt)))
        return ref

    def lead(self, attachment: wordpress_html.Attachment) -> ImageRef | None:
        path = self._local(attachment.url)
        return ImageRef(ref=attachment.url, path=path, alt=attachment.title) if path else None

    def _local(self, address: str) -> Path | None:
        uploaded = _UPLOADS.search(urlsplit(address).path) if self.uploads else None
        if uploaded is None:
            return None
        name = uploaded[1] or uploaded[2]
        for folder in self.uploads:
            for candidate in (_SIZE_SUFFIX.sub("", name), name):
                try:
                    if path := image_refs.local_file(candidate, folder, folder):
                        return path
                except (OSError, ValueError):
                    self.warnings.append(f"The image {address[:200]!r} leads out of the folder and was refused.")
                    return None
        return None
