"""What of other hosts may be shown in a body: the allow-list, and the only frames that a reader can ever get.

The sanitiser lets no frame through. A body names what it shows by the address of its page, in a link within
`<figure class="embed">`; what cannot show a frame has the link. `show` puts the frame in its place when the body has
been sanitised: every part of it is written here, but for the name of what is shown, whose letters are checked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from publishing.bodies.tree import Element, words_of

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Provider:
    """`pages` are the addresses that are recognised, as expressions that Python and browsers read alike; their group
    takes the place of `{}` in `page`, the address that a body keeps, and in `player`, what the frame shows."""

    name: str
    pages: tuple[str, ...]
    page: str
    player: str
    shape: str = ""

    @property
    def host(self) -> str:
        return self.player.split("/")[2]


# Privacy-friendly where there is a choice: no cookie before somebody presses play. All are asked over TLS only.
PROVIDERS = (
    Provider(
        "YouTube",
        (
            r"https?://(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:embed/|shorts/|live/)([A-Za-z0-9_-]{11})",
            r"https?://(?:www\.|m\.)?youtube\.com/watch\?(?:[^#]*&)?v=([A-Za-z0-9_-]{11})",
            r"https?://youtu\.be/([A-Za-z0-9_-]{11})",
        ),
        "https://www.youtube.com/watch?v={}",
        "https://www.youtube-nocookie.com/embed/{}",
    ),
    Provider(
        "Vimeo",
        (r"https?://(?:www\.)?vimeo\.com/([0-9]{6,12})", r"https?://player\.vimeo\.com/video/([0-9]{6,12})"),
        "https://vimeo.com/{}",
        "https://player.vimeo.com/video/{}?dnt=1",
    ),
    Provider(
        "Dailymotion",
        (
            r"https?://(?:www\.)?dailymotion\.com/(?:embed/)?video/([A-Za-z0-9]{5,12})",
            r"https?://geo\.dailymotion\.com/player\.html\?video=([A-Za-z0-9]{5,12})",
            r"https?://dai\.ly/([A-Za-z0-9]{5,12})",
        ),
        "https://www.dailymotion.com/video/{}",
        "https://geo.dailymotion.com/player.html?video={}",
    ),
    Provider(
        "TED",
        (r"https?://(?:www\.|embed\.)?ted\.com/talks/([a-z0-9_]{3,150})",),
        "https://www.ted.com/talks/{}",
        "https://embed.ted.com/talks/{}",
    ),
    Provider(
        "Spotify",
        (
            r"https?://open\.spotify\.com/(?:intl-[a-z]{2}/)?(?:embed/)?"
            r"((?:track|album|artist|playlist|episode|show)/[A-Za-z0-9]{22})",
        ),
        "https://open.spotify.com/{}",
        "https://open.spotify.com/embed/{}",
        "audio",
    ),
    Provider(
        "SoundCloud",
        (r"https?://(?:www\.|m\.)?soundcloud\.com/([a-z0-9_-]{1,60}/(?:sets/)?[a-z0-9_-]{1,120})",),
        "https://soundcloud.com/{}",
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/{}",
        "audio",
    ),
    Provider(
        "Apple Podcasts",
        (
            r"https?://(?:embed\.)?podcasts\.apple\.com/([a-z]{2}/podcast/[a-z0-9-]{1,150}/id[0-9]{5,12}(?:\?i=[0-9]+)?)",
        ),
        "https://podcasts.apple.com/{}",
        "https://embed.podcasts.apple.com/{}",
        "audio",
    ),
    Provider(
        "Datawrapper",
        (r"https?://datawrapper\.dwcdn\.net/([A-Za-z0-9]{5})", r"https?://www\.datawrapper\.de/_/([A-Za-z0-9]{5})"),
        "https://www.datawrapper.de/_/{}/",
        "https://datawrapper.dwcdn.net/{}/",
        "chart",
    ),
    Provider(
        "Flourish",
        (
            r"https?://public\.flourish\.studio/((?:visualisation|story)/[0-9]{3,12})",
            r"https?://flo\.uri\.sh/((?:visualisation|story)/[0-9]{3,12})",
        ),
        "https://public.flourish.studio/{}/",
        "https://flo.uri.sh/{}/embed",
        "chart",
    ),
)

HOSTS = frozenset(provider.host for provider in PROVIDERS)
"""All that a reader's page can ever frame."""

# What may follow the part of an address that says what is shown.
_REST = r"(?:[/?&#].*)?"
_PAGES = [
    (provider, re.compile(page + _REST, re.ASCII | re.DOTALL)) for provider in PROVIDERS for page in provider.pages
]
_FRAME = re.compile(r"<iframe\b((?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*)>[^<]*</iframe\s*>", re.IGNORECASE)
_WRITTEN = re.compile(r"\b(src|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)

# A frame of another origin: it may run its own scripts and keep its own data, open its page, fill the screen.
_SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation"


@dataclass(frozen=True, slots=True)
class Embed:
    provider: Provider
    name: str

    @property
    def page(self) -> str:
        return self.provider.page.format(self.name)

    @property
    def player(self) -> str:
        return self.provider.player.format(self.name)


def found_at(address: str) -> Embed | None:
    """What this address shows; None for whatever is not on the list."""
    for provider, page in _PAGES:
        if match := page.fullmatch(address.strip()):
            return Embed(provider, match[1])
    return None


def known() -> list[dict[str, Any]]:
    """The list for the editor in the browser, so that there is one."""
    return [
        {"name": one.name, "pages": [page + _REST for page in one.pages], "page": one.page, "shape": one.shape}
        for one in PROVIDERS
    ]


def from_frames(html: str) -> str:
    """Unsanitised HTML in which the frames that are on the list, as imports have them, are links of ours instead."""
    return _FRAME.sub(_as_link, html) if "<iframe" in html.lower() else html


def _as_link(frame: re.Match[str]) -> str:
    written = {name.lower(): unescape(a or b or c) for name, a, b, c in _WRITTEN.findall(frame[1])}
    source = written.get("src", "")
    embed = found_at(f"https:{source}" if source.startswith("//") else source)
    if embed is None:
        return frame[0]
    title = written.get("title") or embed.page
    return f'<figure class="embed"><a href="{escape(embed.page)}">{escape(title)}</a></figure>'


def show(root: Element) -> None:
    """In a sanitised body each link that stands for something on the list becomes what it stands for."""
    for figure in _figures(root):
        link = next((child for child in figure.children if isinstance(child, Element) and child.tag == "a"), None)
        embed = found_at(unescape(link.attributes.get("href", ""))) if link else None
        if link is None or embed is None:
            del figure.attributes["class"]
            continue
        title = words_of(link, LONGEST_TITLE).strip()
        if not title or "://" in title:
            title = embed.provider.name
        figure.attributes["class"] = f"embed {embed.provider.shape}".strip()
        link.become("iframe", _frame(embed, title), [])


def _figures(root: Element) -> Iterator[Element]:
    for element in list(root.descendants()):
        if element.tag == "figure" and element.attributes.get("class") == "embed":
            yield element


def _frame(embed: Embed, title: str) -> dict[str, str]:
    return {
        "src": escape(embed.player),
        "title": escape(title),
        "loading": "lazy",
        "sandbox": _SANDBOX,
        "allow": "fullscreen; picture-in-picture",
        "referrerpolicy": "strict-origin-when-cross-origin",
        "allowfullscreen": "",
    }
