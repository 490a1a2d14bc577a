"""How a feed is written: RSS 2.0, Atom and JSON Feed 1.1, of the same entries."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from reading.feeds.entries import Entry

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_MEDIA = {"xmlns:media": "http://search.yahoo.com/mrss/"}


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed as a whole. `page_url` is where people read the same, `url` the feed's own address, `icon` a picture's.

    Every address is absolute, every text possible in XML.
    """

    title: str
    description: str
    publisher: str
    page_url: str
    url: str
    icon: str
    language: str
    entries: list[Entry]


class Timeless(SyndicationFeed):
    """Says of an empty feed that it has not changed, where Django would tell the moment of asking."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else _NEVER


class FullTextRss(Timeless, Rss201rev2Feed):
    """RSS with the summary as description and the whole text beside it."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | _MEDIA | {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for byline in entry.bylines:
            handler.addQuickElement("dc:creator", byline.name, {"xmlns:dc": "http://purl.org/dc/elements/1.1/"})
        handler.addQuickElement("content:encoded", entry.html)
        _add_picture(handler, entry)


class FullTextAtom(Timeless, Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | _MEDIA

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("icon", self.feed["icon"])

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        entry: Entry = item["entry"]
        return {"xml:lang": entry.language} if entry.language else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for byline in entry.bylines:
            handler.startElement("author", {})
            handler.addQuickElement("name", byline.name)
            handler.addQuickElement("uri", byline.path)
            handler.endElement("author")
        handler.addQuickElement("content", entry.html, {"type": "html"})
        _add_picture(handler, entry)


def _add_picture(handler: Any, entry: Entry) -> None:
    if entry.picture:
        handler.startElement("media:content", {"url": entry.picture, "medium": "image"})
        if entry.picture_alt:
            handler.addQuickElement("media:description", entry.picture_alt, {"type": "plain"})
        handler.endElement("media:content")


class Xml:
    """A format that Django writes the frame of."""

    def __init__(self, kind: type[FullTextRss | FullTextAtom]) -> None:
        self._kind = kind
        self.content_type = kind.content_type

    def written(self, channel: Channel) -> str:
        feed = self._kind(
            title=channel.title,
            link=channel.page_url,
            description=channel.description,
            subtitle=channel.description or None,
            language=channel.language,
            # An entry without a byline is the publisher's own.
            author_name=channel.publisher,
            feed_url=channel.url,
            feed_guid=channel.page_url,
            icon=channel.icon,
        )
        for entry in channel.entries:
            feed.add_item(
                title=entry.title,
                link=entry.url,
                description=entry.summary,
                pubdate=entry.published,
                updateddate=entry.updated,
                unique_id=entry.id,
                unique_id_is_permalink=False,
                categories=entry.topics,
                entry=entry,
            )
        written: str = feed.writeString("utf-8")
        return written


class Json:
    """JSON Feed, version 1.1."""

    content_type = "application/feed+json; charset=utf-8"

    def written(self, channel: Channel) -> str:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": channel.title,
            "home_page_url": channel.page_url,
            "feed_url": channel.url,
            "description": channel.description,
            "icon": channel.icon,
            "language": channel.language,
            "authors": [{"name": channel.publisher}],
            "items": [_json(entry) for entry in channel.entries],
        }
        return json.dumps(_said(feed), ensure_ascii=False)


def _json(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": entry.picture,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": byline.name, "url": byline.path} for byline in entry.bylines],
        "tags": list(entry.topics),
        "language": entry.language,
    }
    # The text is there even where it is empty: an item without any is none.
    return {"content_html": entry.html} | _said(item)


def _said(told: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in told.items() if value or name == "items"}


Format = Xml | Json
RSS, ATOM, JSON = Xml(FullTextRss), Xml(FullTextAtom), Json()
