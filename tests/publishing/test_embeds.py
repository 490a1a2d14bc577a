"""What of other hosts is shown in a body, and that nothing else of them ever is."""

import re

import pytest

from publishing import bodies, providers
from publishing.bodies import plain, render
from publishing.bodies.sanitising import clean
from reading.policies import CONTENT_POLICY, content_policy

SHOWN = {
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ&t=1": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://youtu.be/dQw4w9WgXcQ?t=3": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://www.youtube.com/shorts/dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "http://vimeo.com/123456789": "https://player.vimeo.com/video/123456789?dnt=1",
    "https://www.dailymotion.com/video/x8abcde": "https://geo.dailymotion.com/player.html?video=x8abcde",
    "https://www.ted.com/talks/a_talk": "https://embed.ted.com/talks/a_talk",
    "https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk": "https://open.spotify.com/embed/episode/4rOoJ6Egrf8K2IrywzwOMk",
    "https://soundcloud.com/a-band/a-song": "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a-band/a-song",
    "https://podcasts.apple.com/gb/podcast/a-show/id123456789": "https://embed.podcasts.apple.com/gb/podcast/a-show/id123456789",
    "https://datawrapper.dwcdn.net/aB3dE/2/": "https://datawrapper.dwcdn.net/aB3dE/",
    "https://public.flourish.studio/visualisation/123456/": "https://flo.uri.sh/visualisation/123456/embed",
}  # fmt: skip
NOT_SHOWN = [
    "https://evil.test/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com.evil.test/watch?v=dQw4w9WgXcQ",
    "https://evil.test/https://youtu.be/dQw4w9WgXcQ",
    'https://youtu.be/dQw4w9WgXcQ"onload=alert(1)',
    "https://youtu.be/dQw4w9WgXcé",
    "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
    "https://www.youtube.com@evil.test/embed/dQw4w9WgXcQ",
    "https://vimeo.com/1",
    "//youtu.be/dQw4w9WgXcQ",
    "",
]


def figure(address: str, title: str = "A film") -> str:
    return f'<figure class="embed"><a href="{address}">{title}</a><figcaption>Seen</figcaption></figure>'


@pytest.mark.parametrize(("address", "player"), SHOWN.items())
def test_what_is_on_the_list_is_shown_by_its_player(address: str, player: str):
    html = render(figure(address), "html").html
    assert f'<iframe src="{player}" title="A film" loading="lazy" sandbox="' in html
    assert "<a " not in html
    assert content_policy(html) == f"{CONTENT_POLICY}; frame-src https://{player.split('/')[2]}"


@pytest.mark.parametrize("address", NOT_SHOWN)
def test_what_is_not_on_the_list_stays_a_link_at_most(address: str):
    html = render(figure(address.replace('"', "&quot;")), "html").html
    assert "<iframe" not in html
    assert content_policy(html) == CONTENT_POLICY


@pytest.mark.parametrize("provider", providers.PROVIDERS, ids=lambda one: one.name)
def test_the_address_that_a_body_keeps_and_the_players_own_lead_to_the_same(provider: providers.Provider):
    found = [embed for address in SHOWN if (embed := providers.found_at(address))]
    names = {embed.name for embed in found if embed.provider is provider}
    assert names
    for name in names:
        assert providers.found_at(provider.page.format(name)) == providers.Embed(provider, name)


def test_the_players_are_asked_over_tls_and_are_of_the_hosts_that_pages_name():
    assert all(
        one.player.startswith(f"https://{one.host}/") and one.host in providers.HOSTS for one in providers.PROVIDERS
    )


@pytest.mark.parametrize(
    "frame",
    [
        '<iframe width="5" src="https://www.youtube.com/embed/dQw4w9WgXcQ?feature=x" title="A film" allow></iframe>',
        "<iframe title='A film' src='//www.youtube-nocookie.com/embed/dQw4w9WgXcQ'>Old browsers</iframe>",
        '<div><IFRAME src=https://www.youtube.com/embed/dQw4w9WgXcQ title="A film"></IFRAME></div>',
    ],
)
@pytest.mark.parametrize("body_format", ["html", "markdown"])
def test_a_frame_that_an_import_brings_is_shown_if_it_is_on_the_list(frame: str, body_format: bodies.BodyFormat):
    html = render(f"<p>Before</p>\n\n{frame}\n\n<p>After</p>", body_format).html
    assert len(re.findall("<iframe", html)) == 1
    assert '<iframe src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ" title="A film"' in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<iframe src=https://evil.test></iframe>",
        "<iframe srcdoc='<script>alert(1)</script>' src='https://youtu.be/dQw4w9WgXcQ'></iframe>",
        "<iframe src='https://youtu.be/dQw4w9WgXcQ'><script>alert(1)</script></iframe>",
        "<iframe onload=alert(1) src='https://youtu.be/dQw4w9WgXcQ' name=x allow=camera></iframe>",
        "<iframe src='https://youtu.be/dQw4w9WgXcQ' title='\"><script>alert(1)</script>'></iframe>",
        figure("https://youtu.be/dQw4w9WgXcQ", '"&gt;&lt;script&gt;alert(1)&lt;/script&gt;'),
        "<figure class=embed><iframe src=https://evil.test></iframe><a href=https://youtu.be/dQw4w9WgXcQ>x</a></figure>",
    ],
)
def test_a_frame_has_what_we_write_and_nothing_else(hostile: str):
    html = render(hostile, "html").html
    allowed = r'<iframe src="https://www\.youtube-nocookie\.com/embed/dQw4w9WgXcQ" title="[^"<>]*" loading="lazy"'
    allowed += r' sandbox="[a-z -]+" allow="fullscreen; picture-in-picture"'
    allowed += r' referrerpolicy="strict-origin-when-cross-origin"></iframe>'
    assert "<iframe" not in re.sub(allowed, "", html)
    assert "<script" not in html
    assert "onload" not in re.sub(allowed, "", html)


def test_what_is_said_of_it_is_found_and_read_where_it_cannot_be_shown():
    body = render(figure("https://youtu.be/dQw4w9WgXcQ", "How bridges sing"), "html")
    assert body.text == "How bridges sing Seen"
    assert 'title="YouTube"' in render(figure("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/x"), "html").html


def test_nothing_that_is_finished_passes_the_sanitiser_as_a_frame():
    assert "<iframe" not in clean(render(figure("https://youtu.be/dQw4w9WgXcQ"), "html").html)


def test_a_page_names_the_hosts_of_its_frames_and_no_other():
    two = render(figure("https://youtu.be/dQw4w9WgXcQ") + figure("https://vimeo.com/123456789"), "html").html
    assert content_policy(two).endswith("; frame-src https://player.vimeo.com https://www.youtube-nocookie.com")
    assert content_policy('<p>&lt;iframe src="https://evil.test/"</p>') == CONTENT_POLICY
    assert content_policy('<iframe src="https://evil.test/"></iframe>') == CONTENT_POLICY


# --- What the editor writes is what readers get -----------------------------------------------------------------------


MARKDOWN = """## One

Text[^n] with `code`, **bold** and a [link](/x/).

```python
x = 1 < 2
```

| a | b |
|---|:-:|
| 1 | 2 |

- one
  - two

![a](/media/x.png)

[^n]: A *note*.
"""


def test_markdown_turned_into_html_shows_the_same():
    source = bodies.as_html(MARKDOWN)
    assert 'class="language-python"' in source
    assert render(source, "html") == render(MARKDOWN, "markdown")


def test_code_of_html_is_highlighted_by_the_language_that_it_names():
    html = render('<pre><code class="language-python">def f(): pass</code></pre>', "html").html
    assert '<span class="k">def</span>' in html
    assert "language-" not in html
    assert plain.text_of(html) == "def f(): pass"


@pytest.mark.parametrize(
    "hostile", ['<code class="x">a</code>', '<code class="language-x y">a</code>', "<script>x</script>"]
)
def test_a_source_to_go_on_with_is_sanitised(hostile: str):
    assert bodies.as_html(hostile).strip() in ("<p><code>a</code></p>", "")
