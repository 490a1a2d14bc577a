"""What every reader yields: a post as it was found, or the reason why it could not be taken."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from html import unescape
from pathlib import Path
from typing import Any, Literal

from publishing.bodies import BodyFormat

Status = Literal["published", "draft"]

MAX_FILE = 2_000_000
"""Bytes of one post's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRef:
    """`ref` stands in the body; `path` is the local file it means, None where the picture stays on the web."""

    ref: str
    path: Path | None
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`source_id` is the same in every run; moments are aware; `permalinks` are old absolute paths on the site;
    `warnings` are sentences about what was lost."""

    source_id: str
    source: str
    title: str
    slug: str
    body: str
    body_format: BodyFormat
    published_at: datetime | None
    expires_at: datetime | None = None
    summary: str = ""
    status: Status = "published"
    kind: Literal["article", "page"] = "article"
    language: str | None = None
    bylines: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    permalinks: tuple[str, ...] = ()
    images: tuple[ImageRef, ...] = ()
    lead_image: ImageRef | None = None
    warnings: tuple[str, ...] = ()

    def digest(self) -> str:
        """64 hexadecimal digits of SHA-256: 40 of all that would be stored, pictures included, 12 of the slug, 12 of
        when it appears. `changes` reads them; the same post has the same digest."""
        names = (
            field.name for field in fields(self) if field.name not in ("source", "images", "lead_image", "warnings")
        )
        digest = self._digest_of(*names)
        for image in (*self.images, *filter(None, [self.lead_image])):
            digest.update(f"{image.ref!r} {image.alt!r}\n".encode("utf-8", "surrogatepass"))
            if image.path:
                with image.path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
        slug, timing = self._digest_of("slug"), self._digest_of("published_at", "expires_at", "status")
        return f"{digest.hexdigest()[:40]}{slug.hexdigest()[:12]}{timing.hexdigest()[:12]}"

    def _digest_of(self, *names: str) -> Any:
        digest = hashlib.sha256()
        for name in names:
            digest.update(f"{name}={getattr(self, name)!r}\n".encode("utf-8", "surrogatepass"))
        return digest


@dataclass(frozen=True, slots=True)
class Changes:
    """What the source itself has changed since an import; an editor's decision yields to nothing else."""

    slug: bool
    timing: bool


def changes(before: str, now: str) -> Changes:
    """Between two digests of a post."""
    return Changes(slug=before[40:52] != now[40:52], timing=before[52:] != now[52:])


@dataclass(frozen=True, slots=True)
class Refusal:
    """A broken item: where it stands and a sentence that says what is wrong with it."""

    source: str
    reason: str


Found = Post | Refusal


class Unreadable(ValueError):
    """The sentence says what is wrong with the item and what to do; it becomes a `Refusal`."""


def guarded(source: str, read: Callable[[], Post]) -> Found:
    """What `read` gives, or a refusal with the sentence for whatever it raised: one item never ends an import."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001 -- parsers raise what they like on hostile input; the next item goes on
        return Refusal(source, sentence_of(error))


def sentence_of(error: Exception) -> str:
    match error:
        case Unreadable():
            return str(error)
        case RecursionError():
            return "It is nested deeper than any post. Flatten it."
        case OSError():
            return f"It cannot be read: {error.strerror or error}."
        case _:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            return f"It cannot be read: {reason.rstrip('.')}."


def plain(html: str) -> str:
    """The words of a title, a name or a summary that may hold tags and entities; white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " " if "</p>" in html else "", html)).split())


@dataclass(frozen=True, slots=True)
class Settings:
    """`time_zone` is meant by dates that name none; `origin` tells the same file name of two sources apart."""

    time_zone: tzinfo
    origin: str


def source_id_of(kind: str, *parts: str) -> str:
    """At most 500 characters; longer ones end in their digest."""
    source_id = ":".join((kind, *parts)).replace("\0", "")
    if len(source_id) <= 500:
        return source_id
    return f"{source_id[:430]}#{hashlib.sha256(source_id.encode()).hexdigest()}"


def paths_of(candidates: Sequence[object]) -> tuple[str, ...]:
    """Those of the old addresses that are plain absolute paths on the site, once each."""
    paths = (str(candidate).strip() for candidate in candidates)
    rooted = (path if path.startswith("/") else f"/{path}" for path in paths if path)
    return tuple(
        dict.fromkeys(
            path
            for path in rooted
            if re.fullmatch(r"/(?:[^/\\?#:\s\x00-\x1f][^\\?#:\x00-\x1f]*)?", path) and 1 < len(path) <= 500
        )
    )
