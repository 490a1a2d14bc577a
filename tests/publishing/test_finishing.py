"""What the finishing step makes of sanitised bodies: HTML that a validator, a screen reader and a keyboard can use."""

import re
from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.bodies import plain, render
from publishing.bodies.addresses import tidy
from publishing.bodies.sanitising import clean
from publishing.bodies.tree import parse, written


def html(source: str) -> str:
    return render(source, "html").html


def levels(source: str) -> list[str]:
    return re.findall(r"<(h\d) ", html(source))


@pytest.mark.parametrize(
    ("written_levels", "shown"),
    [
        ("2 3 3 2", "2 3 3 2"),
        ("3 4 3", "2 3 2"),
        ("6", "2"),
        ("2 4 5 4 2", "2 3 4 3 2"),
        ("4 2 3", "2 2 3"),
        ("2 4 3 6", "2 3 3 4"),
        ("2 3 4 5 6 6", "2 3 4 5 6 6"),
    ],
)
def test_no_level_of_headings_is_left_out_and_the_first_is_below_the_title(written_levels: str, shown: str):
    source = "".join(f"<h{level}>x</h{level}>" for level in written_levels.split())
    assert levels(source) == [f"h{level}" for level in shown.split()]


def test_headings_of_html_have_ids_of_their_own_as_those_of_markdown_do():
    shown = html(
        '<h2>One &amp; <em>two</em></h2><h2>One &amp; two</h2><p id="three">x</p><h3>Three</h3><h3 id="own">x</h3>'
    )
    assert re.findall(r'<h\d id="([^"]*)"', shown) == ["s-one--two", "s-one--two-1", "s-three-1", "s-own"]
    assert re.findall(r'<h\d id="([^"]*)"', render("## One & *two*", "markdown").html) == ["s-one--two"]


def test_a_very_long_heading_has_an_id_that_stays_one():
    shown = html(f"<h2>{'word ' * 100}</h2>")
    assert len(re.findall(r'id="([^"]*)"', shown)[0]) <= 128
    assert clean(shown) == shown


def test_headings_without_words_are_dropped_and_those_of_a_picture_alone_are_none():
    assert html("<h2></h2><h3>&nbsp;<br></h3><h2><b> </b></h2>x") == "x"
    assert html('<h2><img src="/a.png"></h2>').startswith("<p><img")
    assert '<h2 id="s-section"><img' in html('<h2><img src="/a.png" alt="A name"></h2>')


def test_an_id_is_given_once():
    assert html('<p id="a">x</p><h2 id="a">y</h2><p id="b">z</p>').count('id="s-a"') == 1


def test_a_table_scrolls_by_keyboard_and_the_tables_within_go_with_it():
    shown = html("<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>")
    assert shown.startswith('<div class="scroll" tabindex="0"><table><tbody>')
    assert shown.endswith("</table></div>")
    assert shown.count("scroll") == 1


def test_preformatted_text_scrolls_by_keyboard_but_not_within_a_link():
    assert html("<pre>x</pre>") == '<pre tabindex="0">x</pre>'
    assert html("<pre>x\n\n y &lt;</pre>") == '<pre tabindex="0">x\n\n y &lt;</pre>'
    linked = html('<a href="/x"><pre>x</pre><table><tr><td>y</td></tr></table></a>')
    assert "tabindex" not in linked


MENDED = {
    "an image without words says so": ('<img src="/a.png">', '<img src="/a.png" loading="lazy" alt="">'),
    "an image without an address is its words": ('<p><img src="data:x" alt="A cat"></p>', "<p>A cat</p>"),
    "an empty paragraph is none": (
        "<p>a</p><p>&nbsp;</p><p><br></p><div><div></div></div><p>b</p>", "<p>a</p><p>b</p>",
    ),
    "a link without a target is its words": ("<p><a>Here</a></p>", "<p>Here</p>"),
    "a link without a target stays one that can be linked to": ('<a id="x">y</a>', '<span id="s-x">y</span>'),
    "a link without words is none": ('a<a href="/x"> </a>b', "a b"),
    "what stands between items joins the one before": (
        "<ul><li>a</li><ul><li>b</li></ul>c</ul>", "<ul><li>a<ul><li>b</li></ul>c</li></ul>",
    ),
    "what stands before the first item is one": ("<ol>a<li>b</li></ol>", "<ol><li>a</li><li>b</li></ol>"),
    "items without a list get one": ("x<li>a</li><li>b</li>y", "x<ul><li>a</li><li>b</li></ul>y"),
    "terms without a list get one": ("<dt>a</dt><dd>b</dd>", "<dl><dt>a</dt><dd>b</dd></dl>"),
    "terms that mean nothing are no list": ("<dl><dt>a</dt></dl>", "<div><div>a</div></div>"),
    "a caption without a figure is text": ("<figcaption>a</figcaption>", "<div>a</div>"),
    "a figure has one caption, at its end": (
        "<figure><b>a</b><figcaption>b</figcaption>c<figcaption>d</figcaption></figure>",
        "<figure><b>a</b>c<div>d</div><figcaption>b</figcaption></figure>",
    ),
    "a summary comes first": (
        "<details>a<summary>b</summary></details>", "<details><summary>b</summary>a</details>",
    ),
    "details without a summary are always open": ("<details>a</details>", "<div>a</div>"),
    "an inline element holds no block": ("<b><p>a</p></b>", "<p>a</p>"),
    "paragraphs in a heading are lines": (
        "<h2><p>a</p><p>b</p></h2>", '<h2 id="s-ab">a<br>b</h2>',
    ),
    "a heading that holds a list is none": ("<h2>a<ul><li>b</li></ul></h2>", "<div>a<ul><li>b</li></ul></div>"),
    "a time that no machine reads is text": ('<time datetime="soon">a</time>', "a"),
    "a time stays": ('<time datetime="2021-02-02 19:00-0000">a</time>', '<time datetime="2021-02-02 19:00Z">a</time>'),
    "control characters are gone": ("a\x0c\x07b\x85", "ab"),
}  # fmt: skip


@pytest.mark.parametrize("what", MENDED)
def test_mended(what: str):
    source, shown = MENDED[what]
    assert html(source).replace("\n", "") == shown


TABLES = {
    "an empty corner is no header": (
        "<tr><th></th><th>a</th></tr><tr><th>b</th><td>c</td></tr>",
        "<tbody><tr><td></td><th>a</th></tr><tr><th>b</th><td>c</td></tr></tbody>",
    ),
    "columns that only spans make up go": (
        '<tr><td colspan="3">a</td><td>b</td></tr><tr><td colspan="3">c</td><td>d</td></tr>',
        '<tbody><tr><td colspan="1">a</td><td>b</td></tr><tr><td colspan="1">c</td><td>d</td></tr></tbody>',
    ),
    "spans that have their columns stay": (
        '<tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr>',
        '<tbody><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></tbody>',
    ),
    "a cell that reaches down keeps its column": (
        '<tr><td rowspan="2">a</td><td>b</td></tr><tr><td colspan="2">c</td></tr>'
        "<tr><td>d</td><td>e</td><td>f</td></tr>",
        '<tbody><tr><td rowspan="2">a</td><td>b</td></tr><tr><td colspan="2">c</td></tr>'
        "<tr><td>d</td><td>e</td><td>f</td></tr></tbody>",
    ),
    "empty rows go, and what reached across them is lower": (
        '<tr><td rowspan="3">a</td><td>b</td></tr><tr></tr><tr><td>c</td></tr><tr><td>d</td></tr>',
        '<tbody><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr></tbody>',
    ),
    "no cell reaches out of its group": (
        '<tr><td rowspan="9">a</td></tr>', '<tbody><tr><td rowspan="1">a</td></tr></tbody>',
    ),
    "parts come in their order": (
        "<tfoot><tr><td>f</td></tr></tfoot><tbody><tr><td>b</td></tr></tbody><caption>c</caption>"
        "<thead><tr><td>h</td></tr></thead>",
        "<caption>c</caption><tbody><tr><td>b</td></tr></tbody><tbody><tr><td>h</td></tr></tbody>"
        "<tfoot><tr><td>f</td></tr></tfoot>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TABLES)
def test_tables_mended(what: str):
    source, shown = TABLES[what]
    assert html(f"<table>{source}</table>") == f'<div class="scroll" tabindex="0"><table>{shown}</table></div>'


def test_a_link_around_a_picture_without_words_is_named_by_where_it_leads():
    assert 'aria-label="large.jpg"' in html('<a href="/files/large.jpg?x=1"><img src="/a.png"></a>')
    assert 'aria-label="else.test"' in html('<a href="https://else.test/"><img src="/a.png"></a>')
    assert "aria-label" not in html('<a href="/x"><img src="/a.png" alt="A name"></a>')
    assert 'aria-label="Own"' in html('<a href="/x" aria-label="Own"><img src="/a.png"></a>')


@pytest.mark.parametrize(
    ("address", "spelt"),
    [
        ("/plain/path?x=1&amp;y=2#z", "/plain/path?x=1&amp;y=2#z"),
        ("/a b|c^d", "/a%20b%7Cc%5Ed"),
        ("https://a.test/x##y", "https://a.test/x#%23y"),
        ("https:///a.test/x", "https://a.test/x"),
        ("/100%", "/100%25"),
        ("/100%25", "/100%25"),
        ("http://[::1]/[x]", "http://[::1]/%5Bx%5D"),
        ("/日本?q=ö", "/日本?q=ö"),
        ("/a&quot;b&lt;", "/a%22b%3C"),
    ],
)
def test_addresses_are_spelt_as_the_standard_wants(address: str, spelt: str):
    assert tidy(address) == spelt
    assert tidy(spelt) == spelt


TAGS = [
    "h1", "h2", "h3", "h6", "p", "br", "hr", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody",
    "tr", "th", "td", "blockquote", "pre", "code", "div", "section", "figure", "figcaption", "img", "a", "span", "em",
    "b", "del", "time", "details", "summary",
]  # fmt: skip
PIECES = st.lists(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS])
    | st.sampled_from(['<a href="/x y">', '<img src="/a" alt="w">', '<td colspan="3">', '<td rowspan="3">'])
    | st.sampled_from(['<b id="x">', '<h2 id="x">'])
    | st.sampled_from(["word ", "&nbsp;", "\n", "&lt;"]),
    max_size=40,
).map("".join)  # fmt: skip


class Nesting(HTMLParser):
    """Every end tag ends the innermost element, and what HTML wants of the commonest parents and children holds."""

    CHILDREN = {
        "ul": {"li"},
        "ol": {"li"},
        "tr": {"td", "th"},
        "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    }
    PARENTS = {"li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "figcaption": {"figure"}, "summary": {"details"}}
    LINES = {"span", "em", "b", "code", "h2", "h3", "h4", "h5", "h6", "p", "pre"}
    IN_A_LINE = {"span", "em", "b", "code", "a", "del", "time", "img", "br"}

    def __init__(self) -> None:
        super().__init__()
        self.open = [""]
        self.ids: list[str] = []
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1]
        assert tag in self.CHILDREN.get(parent, {tag})
        assert parent in self.PARENTS.get(tag, {parent})
        assert parent not in self.LINES or tag in self.IN_A_LINE
        assert tag != "a" or "a" not in self.open
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.levels += [int(tag[1])] if re.fullmatch(r"h\d", tag) else []
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert self.open[-1] not in ("ul", "ol", "dl", "tr", "table", "tbody") or not data.strip(" \n\t\f\r")


@settings(max_examples=400, deadline=None)
@given(PIECES)
def test_whatever_comes_it_nests_as_html_wants_it_and_no_word_is_lost(source: str):
    body = render(source, "html")
    seen = Nesting()
    seen.feed(body.html)
    seen.close()
    assert seen.open == [""]
    assert len(seen.ids) == len(set(seen.ids))
    assert all(after - before <= 1 for before, after in zip([1, *seen.levels], seen.levels, strict=False))
    assert sorted(plain.text_of(body.html).replace(" ", "")) == sorted(body.text.replace(" ", ""))


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_a_browser_reads_what_was_written(source: str):
    shown = html(source)
    # The sanitiser's parser is a browser's: it finds nothing to move, and takes away our own markup alone.
    assert parse_again(shown) == re.sub(r' tabindex="0"| class="scroll"', "", shown)


def parse_again(shown: str) -> str:
    return clean(shown).replace(' class=""', "")


def test_what_is_not_touched_is_written_as_it_was_read():
    source = clean('<p class="align-left">a &amp; b&nbsp;<br>c<img src="/x?a&b" alt=\'"\'></p><table><tr><td>x</table>')
    assert written(parse(source)) == source


@pytest.mark.parametrize(
    "source",
    [
        "<p>x" * 100_000,
        "<h2>x</h2>" * 100_000,
        "<li>x" * 100_000,
        "<table>" + '<tr><td rowspan="60000">x</td></tr><tr></tr>' * 20_000,
        "<table><tr>" + '<td rowspan="60000">x' * 1_000 + "<tr><td>x" * 50_000,
        "<table>" + '<td colspan="1000">x' * 50_000,
        "<blockquote><h2>" * 150 + "<i></i> " * 50_000,
        "<table><tr><th><b></b>" * 150 + "<p><br></p>" * 50_000,
    ],
)  # fmt: skip
def test_a_body_of_a_million_signs_takes_seconds_and_not_minutes(source: str):
    begun = process_time()
    html(source)
    assert process_time() - begun < 20
