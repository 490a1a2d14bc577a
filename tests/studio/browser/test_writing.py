"""Writing as somebody does it: in Chromium, with the keyboard, with connections and sessions that end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, ViewportSize, expect
from playwright.sync_api import Page as Tab

from tests.stack.program import Program

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SECONDS = 1000.0
DESK = ViewportSize(width=1280, height=900)
MARKDOWN = """## Pasted

With **bold**, a [link](https://example.com/) and a note[^1].

- one
- two

| a | b |
|---|---|
| 1 | 2 |

```python
x = 1 < 2
```

[^1]: The note.
"""
OF_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><style>p.MsoNormal {margin: 0}</style>
<p class=MsoNormal style='margin:0'>Out of <b style='mso-bidi-font-weight:normal'>Word</b><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>&middot;</span>One</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>&middot;</span>Two</p></html>"""
# Of the demo, as an import brings it.
IMPORTED = "/acme/articles/1/"
# What the editor would lose of a body: null, or the names of elements.
HELD = """async (html) => {
  const { lossIn } = await import("studio/writing/rich");
  const { editor } = document.querySelector(".ProseMirror");
  editor.commands.setContent(html, { emitUpdate: false });
  return lossIn(editor, html);
}"""
PASTE = """([text, html]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  if (html) data.setData("text/html", html);
  document.querySelector(".ProseMirror").dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@dataclass
class Studio:
    """Somebody's browser, signed in. `said` is what it complained of, which a page never makes it do."""

    context: BrowserContext
    origin: str
    email: str
    said: list[str] = field(default_factory=list)
    _tab: Tab | None = None

    def tab(self, path: str = "/") -> Tab:
        opened = self.context.new_page()
        opened.set_default_timeout(30 * SECONDS)
        opened.on("console", self._hear)
        opened.on("pageerror", lambda error: self.said.append(str(error)))
        opened.goto(f"{self.origin}{path}")
        return opened

    def _hear(self, message: ConsoleMessage) -> None:
        # A request that is refused, or finds no network, is told by the browser whatever the page does about it.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.said.append(message.text)

    def sign_in(self, tab: Tab | None = None) -> None:
        opened = tab or self.tab("/sign-in/")
        opened.fill("input[type=email]", self.email)
        opened.fill("input[type=password]", "masthead demo")
        opened.get_by_role("button", name="Sign in", exact=True).click()
        expect(opened.get_by_role("button", name="Sign out")).to_be_visible()
        opened.close()

    def begin(self, title: str) -> Tab:
        """A new article, open in the editor."""
        tab = self.tab("/acme/articles/new/")
        tab.fill("[name=title]", title)
        tab.get_by_role("button", name="Begin to write").click()
        return ready(tab)

    def reused(self) -> Tab:
        """An open editor in which nothing is saved."""
        self._tab = self._tab or self.begin("Looked at")
        return self._tab


def ready(tab: Tab) -> Tab:
    tab.wait_for_selector("html[data-writing=ready]")
    return tab


def body(tab: Tab) -> str:
    """What would be sent."""
    tab.evaluate("document.getElementById('words').dispatchEvent(new CustomEvent('flush'))")
    return tab.input_value("[name=body]")


def keep(tab: Tab) -> None:
    """Not to wait until it keeps the words by itself."""
    tab.get_by_role("button", name="Keep for later").click()


def says(tab: Tab, words: str) -> None:
    expect(tab.locator("[data-kept]")).to_contain_text(re.compile(words), timeout=30 * SECONDS)


def signed_in(chromium: Browser, program: Program, email: str) -> Iterator[Studio]:
    with chromium.new_context(locale="en-GB", reduced_motion="reduce", viewport=DESK) as context:
        studio = Studio(context, f"http://studio.masthead.localhost:{program.port}", email)
        studio.sign_in()
        yield studio
        assert studio.said == []


@pytest.fixture(scope="module")
def editor(chromium: Browser, studio_program: Program) -> Iterator[Studio]:
    yield from signed_in(chromium, studio_program, "editor@acme.example")


@pytest.fixture(scope="module")
def owner(chromium: Browser, studio_program: Program) -> Iterator[Studio]:
    yield from signed_in(chromium, studio_program, "owner@acme.example")


def test_markdown_that_is_typed_becomes_formatting_and_is_saved_by_the_keyboard_alone(editor: Studio):
    tab = editor.begin("Typed")
    keys = tab.keyboard
    tab.focus(".ProseMirror")
    for line in ("## A heading", "Some **bold** and *slanted* and `code` words", "- one", "two", "", "1. first", ""):
        keys.type(line)
        keys.press("Enter")
    keys.type("> quoted")
    # Escape leads out to the toolbar, arrows walk in it, Escape leads back.
    keys.press("Escape")
    expect(tab.get_by_label("Style of the paragraph")).to_be_focused()
    keys.press("ArrowRight")
    expect(tab.get_by_role("button", name="Bold", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(tab.locator(".ProseMirror")).to_be_focused()
    keys.type(" loud")
    keys.press("Control+s")
    says(tab, "^Saved ")
    tab.reload()
    assert body(ready(tab)).splitlines() == [
        "<h2>A heading</h2>",
        "<p>Some <strong>bold</strong> and <em>slanted</em> and <code>code</code> words</p>",
        "<ul><li>one</li><li>two</li></ul>",
        "<ol><li>first</li></ol>",
        "<blockquote><p>quoted<strong> loud</strong></p></blockquote>",
    ]
    tab.close()


def test_what_is_pasted_becomes_formatting_and_no_more(editor: Studio):
    tab = editor.begin("Pasted")
    tab.focus(".ProseMirror")
    tab.keyboard.type("Before")
    tab.keyboard.press("Enter")
    tab.evaluate(PASTE, [MARKDOWN, ""])
    expect(tab.locator(".ProseMirror section.footnotes")).to_contain_text("The note.")
    pasted = body(tab)
    for piece in (
        "<p>Before</p>", ">Pasted</h2>", "<strong>bold</strong>", "<ul><li>one</li><li>two</li></ul>",
        "<thead><tr><th>a</th><th>b</th></tr></thead>", '<pre><code class="language-python">x = 1 &lt; 2</code></pre>',
        '<sup class="footnote-ref"><a href="#fn-1" id="fnref-1">1</a></sup>',
        '<li id="fn-1"><p>The note. <a href="#fnref-1"',
    ):  # fmt: skip
        assert piece in pasted
    tab.evaluate("document.querySelector('.ProseMirror').editor.commands.clearContent(true)")
    tab.evaluate(PASTE, ["Out of Word", OF_WORD])
    assert body(tab) == "<p>Out of <strong>Word</strong></p>\n<ul><li>One</li><li>Two</li></ul>"
    tab.evaluate("document.querySelector('.ProseMirror').editor.commands.clearContent(true)")
    tab.evaluate(PASTE, ["https://youtu.be/dQw4w9WgXcQ?t=3", ""])
    address = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert body(tab) == f'<figure class="embed"><a href="{address}">{address}</a></figure>'
    tab.close()


def test_a_footnote_holds_words_and_no_figure_by_whatever_way_it_comes(editor: Studio):
    tab = editor.begin("Noted")
    tab.focus(".ProseMirror")
    tab.keyboard.type("Words")
    buttons = [tab.get_by_role("button", name=name, exact=True) for name in ("Picture", "Footnote")]
    expect(buttons[0]).to_have_attribute("aria-disabled", "false")
    buttons[1].click()
    expect(tab.locator(".ProseMirror section.footnotes li")).to_have_count(1)
    for button in buttons:
        expect(button).to_have_attribute("aria-disabled", "true")
        button.click(force=True)
    expect(tab.locator("dialog[open]")).to_have_count(0)
    tab.evaluate(PASTE, ["https://youtu.be/dQw4w9WgXcQ", ""])
    tab.keyboard.press("Enter")
    tab.evaluate(PASTE, ["", '<figure><img src="/a.png" alt="b"><figcaption>A <em>tower</em></figcaption></figure>'])
    tab.evaluate("""() => {
      const { editor } = document.querySelector(".ProseMirror");
      editor.commands.insertContent({ type: "embed", attrs: { href: "https://vimeo.com/123456", title: "" } });
      editor.commands.addFootnote();
    }""")
    noted = body(tab)
    assert "figure" not in noted
    assert "youtu.be/dQw4w9WgXcQ" in noted
    assert "<p>A <em>tower</em>" in noted
    assert noted.count('class="footnote-ref"') == noted.count("<li id=") == 1
    tab.locator(".ProseMirror > p").first.click()
    expect(buttons[0]).to_have_attribute("aria-disabled", "false")
    tab.close()


def test_words_outlive_a_lost_connection_and_a_closed_page(editor: Studio):
    tab = editor.begin("Far away")
    editor.context.set_offline(True)
    tab.focus(".ProseMirror")
    tab.keyboard.type("Written in a tunnel.")
    keep(tab)
    says(tab, "Offline: kept on this device")
    address = tab.url
    tab.close()
    editor.context.set_offline(False)
    again = ready(editor.tab(address.removeprefix(editor.origin)))
    expect(again.locator("[data-offer]")).to_contain_text("Your unsaved words of")
    assert body(again) == ""
    again.get_by_role("button", name="Restore").click()
    says(again, "Unsaved, kept")
    assert body(again) == "<p>Written in a tunnel.</p>"
    # On the server now: offered on any device, until it is saved or discarded.
    again.evaluate("localStorage.clear()")
    again.reload()
    ready(again).get_by_role("button", name="Restore").click()
    says(again, "Restored")
    again.get_by_role("button", name="Save", exact=True).click()
    says(again, "^Saved ")
    again.reload()
    expect(ready(again).locator("[data-offer]")).to_be_hidden()
    assert body(again) == "<p>Written in a tunnel.</p>"
    again.close()


def test_words_outlive_the_session_and_go_on_after_signing_in_again(chromium: Browser, studio_program: Program):
    for editor in signed_in(chromium, studio_program, "editor@acme.example"):
        tab = editor.begin("Long afternoon")
        editor.context.clear_cookies()
        tab.focus(".ProseMirror")
        tab.keyboard.type("After lunch.")
        tab.get_by_role("button", name="Save", exact=True).click()
        says(tab, "Your session has ended: kept on this device")
        with tab.context.expect_page() as opened:
            tab.get_by_role("link", name="Sign in in another tab").click()
        editor.sign_in(opened.value)
        says(tab, "Unsaved, kept")
        tab.get_by_role("button", name="Save", exact=True).click()
        says(tab, "^Saved ")
        tab.reload()
        assert body(ready(tab)) == "<p>After lunch.</p>"


def test_two_people_see_each_other_and_merge_what_both_wrote(editor: Studio, owner: Studio):
    mine = editor.begin("Together")
    mine.focus(".ProseMirror")
    for line in ("One.", "Two.", "Three."):
        mine.keyboard.type(line)
        mine.keyboard.press("Enter")
    mine.keyboard.press("Control+s")
    says(mine, "^Saved ")
    theirs = ready(owner.tab(mine.url.removeprefix(editor.origin)))
    expect(theirs.locator("[data-presence]")).to_contain_text("Ben Okafor")
    theirs.fill("[name=summary]", "Theirs")
    theirs.locator(".ProseMirror p").first.click()
    theirs.keyboard.press("End")
    theirs.keyboard.type(" More of one.")
    theirs.keyboard.press("Control+s")
    says(theirs, "^Saved ")
    mine.locator(".ProseMirror p").nth(2).click()
    mine.keyboard.press("End")
    mine.keyboard.type(" More of three.")
    keep(mine)
    expect(mine.locator("[data-moved]")).to_contain_text("Ada Brandt saved this article")
    mine.keyboard.press("Control+s")
    expect(mine.get_by_role("heading", name="Two versions of this article")).to_be_visible()
    assert axe(mine) == []
    mine.get_by_role("button", name="Save this").click()
    assert body(ready(mine)) == "<p>One. More of one.</p>\n<p>Two.</p>\n<p>Three. More of three.</p>"
    assert mine.input_value("[name=summary]") == "Theirs"
    for tab in (mine, theirs):
        tab.close()


def test_markdown_stays_markdown_until_somebody_turns_it_into_formatted_text(editor: Studio):
    tab = ready(editor.tab(IMPORTED))
    before = body(tab)
    expect(tab.locator("[data-shown] p").first).to_be_visible()
    tab.get_by_role("button", name="Turn into formatted text").click()
    expect(tab.locator("[data-notice]")).to_be_visible()
    assert tab.input_value("[name=body_format]") == "html"
    tab.get_by_role("button", name="Back to Markdown").click()
    assert (tab.input_value("[name=body_format]"), body(tab)) == ("markdown", before)
    tab.close()


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        ("<p>a</p><details><summary>b</summary><p>c</p></details>", ["details", "summary"]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", ["dl", "dt", "dd"]),
        ("<table><caption>a</caption><tr><td>b</td></tr></table>", ["caption"]),
        ('<p id="here">a</p>', ["p"]),
        ('<pre><code><span class="k">def</span></code></pre>', ["span"]),
    ],
)
def test_what_the_editor_cannot_hold_is_noticed(editor: Studio, html: str, lost: list[str]):
    tab = editor.reused()
    assert tab.evaluate(HELD, html) == lost


@pytest.mark.parametrize(
    "html",
    [
        "<b>a</b> <i>b</i>\n\nc",
        '<h1>a</h1><ul>\n<li><p>b</p></li>\n<li>c<ol start="3"><li>d</li></ol></li></ul>',
        '<figure class="align-left"><img src="/a.png" alt="b"><figcaption>c <em>d</em></figcaption></figure>',
        '<p class="align-right">a<br> b <a href="/x/" title="y"><code>c</code></a> <kbd>d</kbd></p>',
        "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
        '<tbody><tr><td class="align-right" colspan="2">c</td></tr></tbody></table>',
        '<pre><code class="language-c">a\n\n  b\n</code></pre><hr><blockquote>c</blockquote>',
        '<figure class="embed"><a href="https://vimeo.com/123456">a</a><figcaption>b</figcaption></figure>',
        '<p>a<sup class="footnote-ref"><a href="#s-fn-x" id="s-fnref-x">1</a></sup></p><section class="footnotes"><ol>'
        '<li id="s-fn-x"><p>b <a href="#s-fnref-x" class="footnote-backref">↩</a></p></li></ol></section>',
    ],
)
def test_what_the_editor_can_hold_it_holds(editor: Studio, html: str):
    assert editor.reused().evaluate(HELD, html) is None


def axe(tab: Tab) -> list[str]:
    """What axe says of the page, on a desk by day and on a telephone by night."""
    tab.evaluate(AXE)
    found = set()
    for width, scheme in ((1280, "light"), (390, "dark")):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        answer = tab.evaluate("rules => axe.run(document, rules)", RULES)
        found |= {f"{one['id']}: {node['html'][:120]}" for one in answer["violations"] for node in one["nodes"]}
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.set_viewport_size(DESK)
    return sorted(found)


def test_axe_finds_nothing_on_the_editors_pages(editor: Studio):
    tab = editor.begin("For everybody")
    tab.focus(".ProseMirror")
    tab.evaluate(PASTE, [MARKDOWN, ""])
    expect(tab.locator(".ProseMirror section.footnotes")).to_contain_text("The note.")
    tab.focus("#id_topics")
    tab.keyboard.type("Some new topic")
    expect(tab.get_by_role("option", name="Add “Some new topic”")).to_be_visible()
    assert axe(tab) == []
    tab.focus("#id_topics")
    tab.keyboard.press("Enter")
    assert axe(tab) == []
    tab.goto(f"{editor.origin}{IMPORTED}")
    assert axe(ready(tab)) == []
    tab.close()
