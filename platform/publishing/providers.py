"""Whose films, sounds and charts an article may show: the allow-list. Asked also by those who only serve pages.

`publishing.bodies.embeds` writes them into bodies; the reader's policy names their hosts.
"""

import re
from dataclasses import dataclass


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
REST = r"(?:[/?&#].*)?"
_PAGES = [
    (provider, re.compile(page + REST, re.ASCII | re.DOTALL)) for provider in PROVIDERS for page in provider.pages
]


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
