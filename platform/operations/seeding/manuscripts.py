"""What lies in demo/: who owns what, and what they wrote."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml

from operations.seeding.pictures import Order
from publishing.importing.front_matter import split
from publishing.models import Article, Image

DEMO = Path(__file__).parents[1] / "demo"
# A line of its own: [figure NAME], or [gallery NAME NAME …: caption].
_SHOWN = re.compile(r"^\[(figure|gallery) ([a-z0-9 -]+?)(?:: (.+))?\]$", re.MULTILINE)
# How wide a picture in a text is asked for; where a browser knows more, it chooses.
_WIDTH = 960


@dataclass(frozen=True)
class Manuscript:
    """An article or a static page as its file has it."""

    name: str
    kind: str
    about: Mapping[str, Any]
    body: str

    @property
    def tenant(self) -> str:
        return str(self.about["tenant"])

    @property
    def source_id(self) -> str:
        return f"demo:{self.name}"

    @property
    def placements(self) -> list[Mapping[str, Any]]:
        """A page names its one site and has been there from the beginning."""
        one = {"site": self.about.get("site"), "slug": self.about.get("slug"), "days_ago": 760}
        return self.about.get("placements") or [one]

    def pictures(self) -> Iterator[Order]:
        if "picture" in self.about:
            yield Order(self.name, self.about["picture"])
        for name, about in self.about.get("pictures", {}).items():
            yield Order(f"{self.name}/{name}", about)

    def text(self, pictures: Mapping[str, Image]) -> str:
        """The body, with its figures where its file only names them."""

        def shown(line: re.Match[str]) -> str:
            images = [pictures[f"{self.name}/{name}"] for name in line[2].split()]
            caption = escape(line[3] or images[0].caption)
            sources = "".join(f'<img src="{one.url_for(_WIDTH)}" alt="{escape(one.alt)}">' for one in images)
            kind = ' class="gallery"' if line[1] == "gallery" else ""
            return f"<figure{kind}>{sources}<figcaption>{caption}</figcaption></figure>"

        return _SHOWN.sub(shown, self.body).strip() + "\n"

    def translation_group(self) -> UUID | None:
        """The same for what says the same: the original names itself by its file, a translation names the original."""
        original = self.about.get("translates") or (self.about.get("translated") and self.name)
        return uuid5(NAMESPACE_URL, f"demo:{original}") if original else None


def about_tenants() -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", yaml.safe_load((DEMO / "demo.yaml").read_text(encoding="utf-8"))["tenants"])


def manuscripts() -> list[Manuscript]:
    """All of them, articles first, in the order of their names."""
    return [
        _read(path, kind)
        for kind, folder in ((Article.Kind.ARTICLE, "articles"), (Article.Kind.PAGE, "pages"))
        for path in sorted((DEMO / folder).glob("*.md"))
    ]


def _read(path: Path, kind: str) -> Manuscript:
    head = split(path.read_text(encoding="utf-8"))
    return Manuscript(name=path.stem, kind=kind, about=head.fields, body=head.body)
