"""RSS and Atom files, item by item: each is handed alone to feedparser, so that memory does not grow with the file."""

import io
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, tostring

import feedparser

from publishing.importing import image_refs, xml_elements
from publishing.importing.post import (
    MAX_FILE,
    Found,
    ImageRef,
    Post,
    Refusal,
    Settings,
    Unreadable,
    paths_of,
    slug_of,
    source_id_of,
)  # fmt: skip


def read(source: Path, settings: Settings) -> Iterator[Found]:
    """The feed's items in the order of the file."""
    language, seen = "", 0
    try:
        for element in xml_elements.elements(source, "item", "entry", "language"):
            if xml_elements.local_name(element) == "language":
                language = (element.text or "").strip()
                continue
            seen += 1
            yield _found(element, f"{source.name}, item {seen}", language, settings)
        if not seen:
            yield Refusal(source.name, "The feed has no items.")
    except Unreadable as error:
        yield Refusal(f"{source.name}, after item {seen}" if seen else source.name, str(error))


def _found(element: Element, name: str, language: str, settings: Settings) -> Found:
    try:
        return _post(_entry(element), name, language, settings)
    except Unreadable as error:
        return Refusal(name, str(error))


def _entry(element: Element) -> Any:
    written = tostring(element, encoding="unicode")
    if len(written) > MAX_FILE:
        raise Unreadable(f"It has {len(written):,} characters; at most {MAX_FILE:,} are allowed.")
    is_atom = xml_elements.local_name(element) == "entry"
    feed = (
        f'<feed xmlns="http://www.w3.org/2005/Atom">{written}</feed>'
        if is_atom
        else f'<rss version="2.0"><channel>{written}</channel></rss>'
    )
    # As a stream: a string could be taken for an address. Sanitising is the body's affair.
    parsed = feedparser.parse(io.BytesIO(feed.encode()), sanitize_html=False)
    if not parsed.entries:
        raise Unreadable("The item cannot be read as RSS or Atom.")
    return parsed.entries[0]


def _post(entry: Any, name: str, language: str, settings: Settings) -> Post:
    content = next((part.get("value", "") for part in entry.get("content", []) if part.get("value")), "")
    summary = entry.get("summary", "")
    body = content or summary
    title = _plain(entry.get("title", "")) or _plain(body)[:80].strip()
    if not title:
        raise Unreadable("The item has neither a title nor a text.")
    link = urlsplit(entry.get("link", ""))
    identity = entry.get("id") or entry.get("link") or f"{settings.origin}/{title}"
    images: dict[str, ImageRef] = {}
    image_refs.replace(body, "html", lambda ref, alt: images.setdefault(ref, ImageRef(ref=ref, path=None, alt=alt)).ref)
    return Post(
        source_id=source_id_of("feed", identity),
        source=f"{name} “{title[:80]}”",
        title=title,
        slug=slug_of(unquote(link.path.rstrip("/").rpartition("/")[2]).removesuffix(".html"), title),
        summary=_plain(summary) if content and summary != content else "",
        body=body,
        body_format="html",
        published_at=_date(entry),
        language=(entry.get("language") or language)[:12] or None,
        bylines=_bylines(entry),
        topics=tuple(
            dict.fromkeys(
                term for tag in entry.get("tags", []) if (term := _plain(tag.get("label") or tag.get("term") or ""))
            )
        ),
        permalinks=() if link.query or link.path in ("", "/") else paths_of([unquote(link.path)]),
        images=tuple(images.values()),
    )


def _date(entry: Any) -> datetime | None:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None


def _bylines(entry: Any) -> tuple[str, ...]:
    named = [author.get("name") or author.get("email") for author in entry.get("authors", [])]
    return tuple(dict.fromkeys(_plain(name) for name in named if name))


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " " if "</p>" in html else "", html)).split())
