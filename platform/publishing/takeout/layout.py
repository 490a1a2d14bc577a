"""What lies where in a takeout, and what of each row is taken along.

Rows are named as people name them, never by numbers of one database: sites by hostname, topics, bylines and sections by
slug, pictures by digest, people by e-mail address.

    takeout.json                the format's number, when and where it was made
    tenant.json                 the tenant, its members, its topics and bylines
    sites/<hostname>.json       a site: names, brand, menus, sections, redirects
    images.json                 alternative texts, captions, sizes
    media/<file>                the pictures' files
    articles/<n>-<slug>.md      what was written: front matter, a line of three hyphens, the body as it was typed
    history/<n>.json            its revisions, comments and reviews
    changes.jsonl               who changed what and when, a line each; for reading, it is not landed
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

FORMAT = 1
MEDIA_NAME = re.compile(r"[0-9a-f]{32}-[0-9]{1,5}\.(avif|webp|jpg|png)")

BRAND = (
    "theme", "options", "fonts", "accent", "accent_dark", "paper", "ink", "paper_dark", "ink_dark", "logo",
    "logo_width", "logo_height", "tagline", "language", "time_zone", "date_style",
)  # fmt: skip
IMAGE = (
    "digest", "name", "alt", "caption", "width", "height", "widths", "formats", "focus_x", "focus_y", "decorative",
    "bytes", "added_at",
)  # fmt: skip
ARTICLE = (
    "title", "kind", "summary", "language", "body_format", "stage", "translation_group", "source_id", "source_digest",
    "created_at", "updated_at",
)  # fmt: skip
PLACEMENT = (
    "status", "go_live", "expires_at", "slug", "is_canonical", "pin", "title", "summary", "sources",
)  # fmt: skip
REVISION = ("number", "title", "summary", "body", "body_format", "made_at")
COMMENT = ("text", "quote", "before", "after", "made_at", "resolved_at")
REVIEW = ("revision", "state", "note", "asked_at", "answer", "answered_at")


Report = Callable[[int, int], None]
"""Called with how many pictures and articles are done, and how many there are."""


class NotATakeout(ValueError):
    """The file is no takeout, or a damaged one; the message says what is wrong with it, in a sentence."""


def unheard(done: int, total: int) -> None:
    """Nobody watches."""


def columns(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The row's values by name, as JSON knows them."""
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=plain).encode()
