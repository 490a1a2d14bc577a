"""What readers get of a body is on the allow-list, whatever an author or an import wrote."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing import bodies
from publishing.bodies import MAX_SOURCE, BodyFormat, BodyTooLong, grids, mending, plain, render
from publishing.bodies.sanitising import ATTRIBUTES, CLASSES, ID_PREFIX, TAGS, clean

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.test/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror  =alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='x' onerror\t=\talert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src=javascript:alert(1)>",
    "<img src=data:image/svg+xml;base64,PHN2Zz4=>",
    "<img srcset='https://evil.test/1 2x' src=x>",
    "<img src=x style=position:fixed>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=https://evil.test></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=https://evil.test/x.swf>",
    "<form action=https://evil.test><input name=password><button>Go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<select onchange=alert(1)><option>x</select>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<body onload=alert(1)>",
    "<html manifest=x><head><base href=https://evil.test/></head>",
    "<base href=https://evil.test/>",
    "<link rel=stylesheet href=https://evil.test/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<style>*{display:none}</style>",
    "<style>@import 'https://evil.test/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style=position:fixed;inset:0>x</div>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='blob:https://evil.test/1'>x</a>",
    "<a href='ftp://evil.test'>x</a>",
    "<a href='\\\\evil.test\\x'>x</a>",
    "<a href=x target=_blank ping=https://evil.test onclick=alert(1)>x</a>",
    "<a name=getElementById href=x>x</a>",
    "<img name=cookie id=cookie src=x>",
    "<form id=search><input id=action></form>",
    "<div id=main class='modal overlay'>x</div>",
    "<p id='a b'>x</p>",
    "<p id='<script>'>x</p>",
    "<p class='highlight k footnotes'>x</p>",
    "<p title='x'>x</p>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<!--><script>alert(1)</script-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<x-custom onclick=alert(1)>x</x-custom>",
    "<slot onslotchange=alert(1)></slot>",
    "<dialog open>x</dialog>",
    "<table background=javascript:alert(1)><td background=x>x</table>",
    "<a href=x><a href=javascript:alert(1)>x</a></a>",
    "<p><p><b><i></p></b>unclosed <a href='x",
    "<img src=x width=1e9 height='100%'>",
    "<ol start=-1e99><li value=9>x</ol>",
    "<td colspan=99999999>x</td>",
    "<a href=x rel=opener>x</a>",
    "<time datetime=x onclick=alert(1)>x</time>",
    "[x](javascript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    '[x](https://a.test "onclick=alert(1)")',
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "| <script> |\n|-|\n| <img src=x onerror=alert(1)> |",
    "\x00<scr\x00ipt>alert(1)</script>",
]
ALLOWED_URL = re.compile(r"(?i)(https?:|mailto:)|(?![a-z][a-z0-9+.\-]*:)")


# What the finishing step writes beside it: every tag of ours with every attribute and its value.
OURS = {
    "div": {"class": r"scroll", "tabindex": "0"},
    "pre": {"tabindex": "0"},
    "picture": {},
    "source": {"type": r"image/\w+", "srcset": r"[^<>\"]+", "sizes": r"[^<>\"]+"},
    "img": {"srcset": r"[^<>\"]+", "sizes": r"[^<>\"]+", "decoding": "async"},
}


class Auditor(HTMLParser):
    """Asserts, independently of the sanitiser's own parser, that every tag and attribute is allowed or ours."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS | OURS.keys()
        for name, value in attrs:
            if name in OURS.get(tag, {}) and re.fullmatch(OURS[tag][name], value or ""):
                continue
            added = {"a": {"rel"}, "img": {"loading"}}.get(tag, set())
            assert name in ATTRIBUTES.get(tag, set()) | {"id", "class"} | added
            self.check(tag, name, value or "")

    def check(self, tag: str, name: str, value: str) -> None:
        if name in ("href", "src"):
            assert ALLOWED_URL.match(value)
            assert "\\" not in value
        elif name == "id":
            assert value.startswith(ID_PREFIX)
        elif name == "class":
            assert set(value.split()) <= CLASSES.get(tag, set())
        elif name == "rel":
            assert value == "noopener noreferrer"

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")

    def handle_pi(self, data: str) -> None:
        raise AssertionError("a processing instruction")


def cleaned(source: str, body_format: BodyFormat) -> str:
    return clean(bodies._to_html(bodies.storable(source), body_format))


def audit(html: str) -> None:
    auditor = Auditor(convert_charrefs=True)
    auditor.feed(html)
    auditor.close()


def test_the_list_of_hostile_snippets_is_long():
    assert len(set(HOSTILE)) >= 90


@pytest.mark.parametrize("body_format", ["markdown", "html"])
@pytest.mark.parametrize("snippet", HOSTILE)
def test_a_hostile_snippet_leaves_nothing_that_is_not_allowed(snippet: str, body_format: BodyFormat):
    html = render(f"before\n\n{snippet}\n\nafter", body_format).html
    audit(html)
    assert "before" in html


def test_the_auditor_itself_finds_what_is_forbidden():
    for forbidden in (
        "<script>", "<p onclick=x>", "<a href='javascript:x'>", "<p id=main>", "<!-- x -->", "<p tabindex=0>",
        "<div class=overlay>", "<img sizes='\">'>",
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            audit(forbidden)


MARKUP = st.lists(
    st.sampled_from([
        *"<>\"'/=&;#-`*_[]()!| \n\t", "\\", "script", "img", "a", "p", "table", "td", "pre", "svg", "h1", "href",
        "onerror", "id", "class", "style", "javascript:", "x", "&#x3c;", "<pre>\n\n", "</", "<b>", "<!--", "é", "\x00",
    ])
    | st.text(max_size=5),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(MARKUP, st.sampled_from(["markdown", "html"]))
def test_cleaning_what_is_clean_changes_nothing(source: str, body_format: BodyFormat):
    html = cleaned(source, body_format)
    assert clean(html) == html
    audit(render(source, body_format).html)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=4).map("".join), st.sampled_from(["markdown", "html"]))
def test_hostile_snippets_do_not_help_each_other(source: str, body_format: BodyFormat):
    html = cleaned(source, body_format)
    assert clean(html) == html
    audit(render(source, body_format).html)


def test_markdown_has_tables_code_footnotes_definitions_and_strikethrough():
    html = render(
        "| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n~~gone~~ x[^1]\n\n```python\ndef f(): ...\n```\n\n"
        "Term\n: meant\n\n[^1]: Note.",
        "markdown",
    ).html
    assert '<td class="align-center">1</td>' in html
    assert '<th class="align-right">b</th>' in html
    assert "<del>gone</del>" in html
    assert '<pre class="highlight" tabindex="0"><code><span class="k">def</span>' in html
    assert "<dt>Term</dt>" in html
    assert 'href="#s-fn-1"' in html
    assert 'id="s-fn-1"' in html


def test_code_of_an_unknown_language_is_shown_as_it_is():
    assert "<code>&lt;b&gt; &amp;\n</code>" in render("```nonsense\n<b> &\n```", "markdown").html


def test_headings_start_below_the_page_title_and_have_an_id_each():
    html = render("# One *more*\n\n## One more\n\n### 7. `x` & y", "markdown").html
    assert '<h2 id="s-one-more">One <em>more</em></h2>' in html
    assert '<h2 id="s-one-more-1">One more</h2>' in html
    assert '<h3 id="s-x--y">' in html


def test_links_to_sections_follow_the_ids():
    html = render('[a](#news) [b](/2019/10/09/#news) [c](https://else.test/#news) <p id="news">', "markdown").html
    assert 'href="#s-news"' in html
    assert 'href="/2019/10/09/#s-news"' in html
    assert 'href="https://else.test/#news"' in html
    assert '<p id="s-news">' in html


def test_a_link_to_nowhere_is_its_words():
    assert render("[a *b*](<>) and [c][d]\n\n[d]: <>", "markdown").html == "<p>a <em>b</em> and c</p>\n"


def test_images_load_when_they_are_seen():
    html = render("![A view](/media/a.webp)", "markdown").html
    assert '<img src="/media/a.webp" alt="A view" loading="lazy">' in html


def test_the_text_has_the_words_and_not_the_tags():
    body = render("# Title\n\nOne **two**-three `<b>` &amp; x[^1]\n\n- four\n- five\n\n[^1]: six", "markdown")
    assert body.text == "Title One two-three <b> & x four five six"
    assert body.word_count == 9


def test_chinese_and_japanese_signs_count_as_words():
    assert render("漢字 かな two words", "markdown").word_count == 6


def test_the_opening_is_the_first_paragraph_that_has_words():
    html = render("# Title\n\n<p></p>\n\nThe first, *longer* paragraph.\n\nThe second.", "markdown").html
    assert plain.opening(html, 100) == "The first, longer paragraph."
    assert plain.opening(html, 19) == "The first, longer…"
    assert plain.opening("<p>漢字漢字漢字</p>", 4) == "漢字漢…"
    assert plain.opening("<p></p>", 10) == ""


def test_what_postgresql_refuses_does_not_arrive():
    assert render("a\x00b \ud800 c", "markdown").text == "ab \ufffd c"


def test_a_body_longer_than_any_article_is_refused_with_a_sentence():
    with pytest.raises(BodyTooLong, match=r"2,000,001 characters.*Split it"):
        render("x" * (MAX_SOURCE + 1), "markdown")


@pytest.mark.parametrize(
    "deep", ["<div>" * 100_000, "</i><div>" * 50_000, "<b>" * 100_000, ">" * 50_000 + " x", "<table><tr><td>" * 20_000]
)
def test_tags_nested_beyond_reason_are_shown_as_text(deep: str):
    html = render(deep, "markdown").html
    assert "&lt;" in html
    assert max(html.count("<div"), html.count("<b>"), html.count("<table"), html.count("<blockquote")) == 0


def test_what_nests_in_reason_stays():
    assert render("<div>" * 100 + "x", "html").html.count("<div>") == 100
    assert render("<p>x" * 2_000, "html").html.count("<p>") == 2_000


def test_headings_of_one_name_have_three_ids():
    html = render("# content\n\n# content\n\n# content-1\n\n# content", "markdown").html
    ids = re.findall(r'id="([^"]+)"', html)
    assert ids == ["s-content", "s-content-1", "s-content-1-1", "s-content-2"]


def table(columns: int, rows: int) -> str:
    return f"{'|a' * columns}|\n{'|-' * columns}|\n" + "|b|\n" * rows


@pytest.mark.parametrize(
    "source",
    [
        table(2_000, 2_000),
        table(2_000, 2_000).replace("\n", "\r"),
        "".join(f"> {line}\n" for line in table(500, 500).splitlines()),
        f"{table(250, 190)}\n" * 2,
    ],
)
def test_tables_that_would_be_filled_up_without_end_are_refused(source: str):
    with pytest.raises(BodyTooLong, match=r"cells; at most 50,000"):
        render(source, "markdown")


def test_a_large_table_is_rendered():
    html = render(table(20, 1_000), "markdown").html
    assert html.count("<td>") == 20_000


@pytest.mark.parametrize(
    "unit",
    [
        "<div><!--</div>-->",
        "<div><br title='</div>'>",
        '<div><br title = "</div>">',
        '<div><br "></div">',
        "<div><?</div>",
        "<div></3</div>",
        "<div><style></div></style>",
        "<div><svg><![CDATA[</svg></div>]]>",
        "<div><table><tr><td></div></td></tr></table>",
        "<style><!--</style><div>-->",
        "<div><<!-- -->!-- </div> -->",
    ],
)
def test_no_end_tag_that_is_none_hides_how_deep_tags_are_nested(unit: str):
    html = clean(unit * 3_000)
    assert "<div" not in html


def test_comments_and_attributes_with_tags_are_no_depth():
    html = clean('<p><a title="<div>" href="/x">x</a><!-- <div> --></p>' * 1_000)
    assert html.count('<a title="<div>"') + html.count('<a title="&lt;div&gt;"') == 1_000


@pytest.mark.parametrize("unit", ["<div>x<!-- --!></div>", "<div>x<!--></div>-->", "<div><br b=='></div>'>"])
def test_end_tags_after_what_only_seems_to_hide_them_count(unit: str):
    assert clean(unit * 3_000).count("<div>") == 3_000


@pytest.mark.parametrize("parted", ["\ufdd0", "\x80", "\ufffe", "\uffff", "\x7f", "&#xfdd0;", "&#x80;"])
def test_no_scheme_is_put_together_from_what_a_document_may_not_hold(parted: str):
    for attribute, scheme in (("href", "java|script:alert(1)"), ("src", "da|ta:image/svg+xml,x")):
        tag = "a" if attribute == "href" else "img"
        html = render(f'<{tag} {attribute}="{scheme.replace("|", parted)}">x</{tag}>', "html").html
        assert scheme.replace("|", "") not in html


def test_emphasis_that_is_left_open_does_not_grow_without_bound():
    source = "<p>" + "".join(f"<b id=x{number}>" for number in range(490)) + "<p>a" * 500
    assert len(render(source, "html").html) < 10 * len(source)


@pytest.mark.parametrize(
    "source",
    [
        "<span>" * 490 + "<p>a" * 20_000 + "</span>" * 490,
        "<table>" + "<tr><td colspan=1000>a</td></tr>" * 5_000 + "</table>",
        ("<table>" + "<tr><td colspan=1000>a</td></tr>" * 150 + "</table>") * 40,
    ],
)
def test_what_is_too_tangled_stays_as_the_sanitiser_left_it(source: str, monkeypatch: pytest.MonkeyPatch):
    steps = 0
    held_by = mending._held_by

    def counted(element: Any) -> int:
        nonlocal steps
        steps += len(element.children)
        return held_by(element)

    monkeypatch.setattr(mending, "_held_by", counted)
    # Columns of so many places are not walked through at all.
    monkeypatch.setattr(grids, "_close_columns", lambda table: pytest.fail("walked through"))
    assert "a" in render(source, "html").text
    assert steps <= mending.MOST_STEPS
