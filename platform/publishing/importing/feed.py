"""RSS and Atom files, item by item: each is handed alone to feedparser, so that memory does not grow with the file."""

import io
import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, tostring

import feedparser

from publishing.importing import image_refs, xml_elements
from publishing.importing.front_matter import moment
from publishing.importing.post import (
    MAX_FILE,
    Found,
    ImageRef,
    Post,
    Refusal,
    Settings,
    Unreadable,
    guarded,
    paths_of,
    plain,
    source_id_of,
)  # fmt: skip
from publishing.slugs import slug_from

_ABSOLUTE = re.compile(r"https?://[^/]|tag:|urn:", re.IGNORECASE)
_NAME_IN_ADDRESS = re.compile(r"[^()]*\(([^()]+)\)\s*")


@dataclass(slots=True)
class _Channel:
    """What the feed says once for all of its items."""

    language: str = ""
    link: str = ""
    authors: tuple[str, ...] = ()

    def take(self, element: Element) -> None:
        text = (element.text or "").strip()
        match xml_elements.local_name(element):
            case "language":
                self.language = self.language or text
            case "link" if element.get("rel", "alternate") == "alternate":
                address = xml_elements.joined(element.get(xml_elements.BASE, ""), element.get("href") or text)
                self.link = self.link or address
            case "author" | "creator" | "managingEditor":
                named = next((child.text for child in element if xml_elements.local_name(child) == "name"), None)
                self._add_author(plain(named or text))

    def _add_author(self, name: str) -> None:
        """RSS writes `mail@address (Name)`; a mail address alone is nobody's byline."""
        within = _NAME_IN_ADDRESS.fullmatch(name)
        name = within[1].strip() if within else name
        if name and "@" not in name:
            self.authors = tuple(dict.fromkeys((*self.authors, name)))


_OF_CHANNEL = ("language", "link", "author", "creator", "managingEditor")


def read(source: Path, settings: Settings) -> Iterator[Found]:
    """The feed's items in the order of the file."""
    channel, seen = _Channel(), 0
    try:
        for element in xml_elements.elements(source, "item", "entry", *_OF_CHANNEL):
            if xml_elements.local_name(element) in _OF_CHANNEL:
                channel.take(element)
                continue
            seen += 1
            name = f"{source.name}, item {seen}"
            yield guarded(name, partial(_post, element, name, channel, settings))
        if not seen:
            yield Refusal(source.name, "The feed has no items.")
    except Unreadable as error:
        yield Refusal(f"{source.name}, after item {seen}" if seen else source.name, str(error))


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


def _post(element: Element, name: str, channel: _Channel, settings: Settings) -> Post:
    identity = _identity(element)
    if not element.get(xml_elements.BASE) and channel.link:
        element.set(xml_elements.BASE, channel.link)
    entry = _entry(element)
    content = next((part.get("value", "") for part in entry.get("content", []) if part.get("value")), "")
    summary = entry.get("summary", "")
    body = content or summary
    title = plain(entry.get("title", "")) or plain(body)[:80].strip()
    if not title:
        raise Unreadable("The item has neither a title nor a text.")
    link = urlsplit(entry.get("link", ""))
    language = entry.get("language") or element.get(xml_elements.LANGUAGE) or channel.language
    published, warnings = _date(entry)
    images: dict[str, ImageRef] = {}
    image_refs.replace(body, "html", lambda ref, alt: images.setdefault(ref, ImageRef(ref=ref, path=None, alt=alt)).ref)
    return Post(
        source_id=_source_id(identity or entry.get("link") or title, channel, settings),
        source=f"{name} “{title[:80]}”",
        title=title,
        slug=slug_from(unquote(link.path.rstrip("/").rpartition("/")[2]).removesuffix(".html"), title),
        summary=plain(summary) if content and summary != content else "",
        body=body,
        body_format="html",
        published_at=published,
        language=language[:12] or None,
        bylines=_bylines(entry) or channel.authors,
        topics=tuple(
            dict.fromkeys(
                term for tag in entry.get("tags", []) if (term := plain(tag.get("label") or tag.get("term") or ""))
            )
        ),
        permalinks=() if link.query or link.path in ("", "/") else paths_of([unquote(link.path)]),
        images=tuple(images.values()),
        warnings=warnings,
    )


def _identity(element: Element) -> str:
    """As it is written: feedparser would make an address of it."""
    written = (child.text or "" for child in element if xml_elements.local_name(child) in ("guid", "id"))
    return next(written, "").strip()


def _source_id(identity: str, channel: _Channel, settings: Settings) -> str:
    """Two feeds that count their items from 1 have different items, so a bare number carries its feed's address."""
    if _ABSOLUTE.match(identity):
        return source_id_of("feed", identity)
    return source_id_of("feed", channel.link or settings.origin, identity)


def _date(entry: Any) -> tuple[datetime | None, tuple[str, ...]]:
    # A plain dict: feedparser's own warns of one date that it gives for the other.
    said = dict(entry.items())
    written = said.get("published") or said.get("updated") or ""
    parsed = said.get("published_parsed") or said.get("updated_parsed")
    try:
        if parsed:
            return moment(datetime.fromtimestamp(timegm(parsed), UTC), UTC), ()
    except (ValueError, OverflowError, OSError):
        parsed = None
    lost = f"The date {written[:60]!r} is not a date between 1900 and 2199: it appears from its import on."
    return None, (lost,) if written else ()


def _bylines(entry: Any) -> tuple[str, ...]:
    named = [author.get("name") or author.get("email") for author in entry.get("authors", [])]
    return tuple(dict.fromkeys(plain(name) for name in named if name))
