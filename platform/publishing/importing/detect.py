"""Which reader a source is for, and that reader's posts."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

from publishing.importing import feed, markdown_folder, wordpress
from publishing.importing.post import Found, Settings, Unreadable

Format = Literal["markdown", "wordpress", "feed"]
FORMATS: tuple[Format, ...] = get_args(Format)
_HEAD = 65_536

_READERS: Mapping[Format, Callable[[Path, Settings], Iterator[Found]]] = {
    "markdown": markdown_folder.read,
    "wordpress": wordpress.read,
    "feed": feed.read,
}


def format_of(source: Path) -> Format:
    """Raises `Unreadable` with what could be imported instead."""
    if source.is_dir() or source.suffix.lower() in markdown_folder.MARKDOWN:
        return "markdown"
    try:
        with source.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise Unreadable(f"{source} cannot be read: {error.strerror or error}.") from error
    if b"wordpress.org/export/" in head:
        return "wordpress"
    if b"<rss" in head or b"<feed" in head or b"<rdf:RDF" in head:
        return "feed"
    raise Unreadable(
        f"{source} is not a folder of Markdown, a WordPress export or an RSS or Atom file. Name its kind with --format."
    )


def read(source: Path, kind: Format, settings: Settings) -> Iterator[Found]:
    return _READERS[kind](source, settings)


def count(source: Path, kind: Format) -> int | None:
    """How many items there will be, where that is known before they are read."""
    return markdown_folder.count(source) if kind == "markdown" else None
