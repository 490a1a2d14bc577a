"""The one list of the kinds of pages, and where each of them is to be found on a site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
THEMES = tuple(sorted(path.parent.name for path in (ROOT / "platform/reading/themes").glob("*/theme.toml")))

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# CSS pixels: a telephone, a tablet upright, a desk.
WIDTHS = (390, 768, 1440)

# What the articles of the showroom are about, a word that stands in most of them, and one that stands nowhere.
COMMON_WORD, NO_WORD = "harbour", "zyzzogeton"

# Sites of a theme: full, without any article, and with a database that fails.
FULL, EMPTY, BROKEN = "full", "empty", "broken"


def host(theme: str, state: str = FULL) -> str:
    """The hostname of a theme's site. The broken one is the full one, on a server of its own."""
    return f"{theme}.{'showroom' if state == BROKEN else state.replace(FULL, 'showroom')}.localhost"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page. `path` may name what was found on a site: {section}, {topic}, {byline}, {month}, {older}."""

    name: str
    path: str
    status: int = 200
    state: str = FULL
    # Made without templates, since they may be what is broken: it need not have a style sheet.
    is_plain: bool = False


KINDS = (
    Kind("front", "/"),
    Kind("front, older", "/{older}"),
    Kind("front, nothing yet", "/", state=EMPTY),
    Kind("article, long", "/everything/"),
    Kind("article, short", "/short-note/"),
    Kind("article, corrected", "/corrected/"),
    Kind("article, right to left", "/right-to-left/"),
    Kind("article, untitled", "/untitled/"),
    Kind("article, long words", "/long-words/"),
    Kind("article, imported", "/from-elsewhere/"),
    Kind("section", "/sections/{section}/"),
    Kind("topic", "/topics/{topic}/"),
    Kind("topics", "/topics/"),
    Kind("topics, nothing yet", "/topics/", state=EMPTY),
    Kind("byline", "/bylines/{byline}/"),
    Kind("archive", "/archive/"),
    Kind("archive, nothing yet", "/archive/", state=EMPTY),
    Kind("month", "/archive/{month}/"),
    Kind("search", "/search/"),
    Kind("search, found", f"/search/?q={COMMON_WORD}"),
    Kind("search, narrowed", f"/search/?q={COMMON_WORD}&topic={{topic}}"),
    Kind("search, nothing found", f"/search/?q={NO_WORD}"),
    Kind("static page", "/about-the-showroom/"),
    Kind("not found", "/no-such-page/", status=404),
    Kind("withdrawn", "/withdrawn/", status=410),
    Kind("bad request", "/search/?q=%00", status=400, is_plain=True),
    Kind("broken", "/", status=500, state=BROKEN, is_plain=True),
)

# Of each brand of the demo, which has colours, menus and a logo of its own.
BRANDED = (Kind("front", "/"), Kind("article", "/{newest}/"))


@dataclass(frozen=True, slots=True)
class Page:
    """One page: of which look, on which server, and what it answers."""

    look: str
    kind: Kind
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}{self.path}"

    @property
    def name(self) -> str:
        """For a file: "journal-article-long"."""
        return f"{self.look}-{self.kind.name}".replace(", ", "-").replace(" ", "-")

    def __str__(self) -> str:
        return f"{self.look}: {self.kind.name}"


# What furnishing found on each site: its host, then the names that a path may use.
Facts = Mapping[str, Mapping[str, str]]


def of_themes(facts: Facts, *, port: int, broken_port: int) -> Iterator[Page]:
    """Every kind in every theme."""
    for theme in THEMES:
        for kind in KINDS:
            name = host(theme, kind.state)
            known = facts[host(theme)]
            yield Page(theme, kind, name, broken_port if kind.state == BROKEN else port, kind.path.format(**known))


def of_brands(facts: Facts, *, port: int) -> Iterator[Page]:
    """The demo's own sites as their publishers made them up."""
    ours = {host(theme, state) for theme in THEMES for state in (FULL, EMPTY)}
    for name in sorted(set(facts) - ours):
        for kind in BRANDED:
            yield Page(name.partition(".")[0], kind, name, port, kind.path.format(**facts[name]))
