"""What changed between two texts, for somebody who reads it."""

import random
import time

import pytest

from publishing.comparing import Block, blocks_of, compare, count_words, words
from publishing.comparing.aligning import Budget, anchored_runs, common_runs
from publishing.comparing.blocks import MAX_BLOCKS


def kinds(old: str, new: str, body_format: str = "markdown") -> list[str]:
    return [one.kind for one in compare(blocks_of(old, body_format), blocks_of(new, body_format)).changes]


def told(old: str, new: str) -> str:
    marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in words(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("It was on Tuesday.", "It was on Wednesday.", "It was on [-Tuesday-][+Wednesday+]."),
        ("", "New.", "[+New.+]"),
        ("Old.", "", "[-Old.-]"),
        ("The same.", "The same.", "The same."),
        ("one two", "one very two", "one [+very +]two"),
        ("die alte Frau", "die junge Dame", "die [-alte Frau-][+junge Dame+]"),
        ("今日は雨です", "今日は雪です", "今日は[-雨-][+雪+]です"),
    ],
)
def test_words_that_went_and_came_are_told_apart(old: str, new: str, shown: str):
    assert told(old, new) == shown


def test_both_texts_can_be_read_off_the_pieces():
    random.seed(5)
    letters = ["a ", "bb ", "ccc ", "dddd, ", "e"]
    for _ in range(300):
        old, new = ("".join(random.choices(letters, k=random.randrange(12))) for _ in range(2))
        pieces = words(old, new)
        assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
        assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


def test_what_is_found_in_common_is_the_most_there_is():
    random.seed(7)
    for _ in range(500):
        a, b = (random.choices("abcd", k=random.randrange(12)) for _ in range(2))
        runs = common_runs(a, b, Budget(10_000))
        longest = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
        for i, one in enumerate(a):
            for j, other in enumerate(b):
                longest[i + 1][j + 1] = longest[i][j] + 1 if one == other else max(longest[i][j + 1], longest[i + 1][j])
        assert sum(size for *_, size in runs) == longest[-1][-1]


def test_whatever_the_budget_what_is_common_is_common_and_in_order():
    random.seed(9)
    for _ in range(500):
        a, b = (random.choices("abcdef", k=random.randrange(15)) for _ in range(2))
        for runs in (common_runs(a, b, Budget(random.randrange(9))), anchored_runs(a, b, Budget(random.randrange(9)))):
            i = j = 0
            for x, y, size in runs:
                assert x >= i
                assert y >= j
                assert size > 0
                assert a[x : x + size] == b[y : y + size]
                i, j = x + size, y + size


def test_a_paragraph_is_the_same_changed_added_or_removed():
    old = "First stays.\n\nIt was a sunny day on the coast.\n\nThis one goes away entirely."
    new = "First stays.\n\nIt was a rainy day on the coast.\n\nSomething else was put here instead, wholly."
    assert kinds(old, new) == ["same", "changed", "removed", "added"]


def test_what_only_moved_is_said_to_have_moved():
    paragraph = "This is a paragraph which is long enough to be known again."
    old = f"{paragraph}\n\nSecond one here.\n\nThird one here."
    new = f"Second one here.\n\nThird one here.\n\n{paragraph}"
    assert kinds(old, new) == ["moved away", "same", "same", "moved here"]


def test_html_is_compared_as_what_is_read_and_formatting_is_noted():
    old = "<h2>Top</h2><p>The <b>quick</b> fox</p><ul><li>one</li><li>two</li></ul>"
    new = "<h3>Top</h3><p>The quick <a href='/fox'>fox</a></p><ul><li>one</li><li>2</li></ul>"
    changes = compare(blocks_of(old, "html"), blocks_of(new, "html")).changes
    assert [one.kind for one in changes] == ["formatted", "formatted", "same", "removed", "added"]
    assert changes[0].note == "heading → heading 3"
    assert changes[1].note == "formatting: bold, link"


def test_html_blocks_say_what_they_are():
    html = (
        "<h2>A</h2><p>B</p><blockquote><p>C</p></blockquote><pre>D\n  E</pre>"
        "<table><tr><th>F</th><td>G</td></tr></table>"
        "<figure><img src='/i.png' alt='H'><figcaption>I</figcaption></figure><script>alert(1)</script><hr>"
    )
    assert [(one.label, one.text) for one in blocks_of(html, "html")] == [
        ("heading", "A"), ("", "B"), ("quote", "C"), ("code", "D\n  E"), ("table row", "F | G"), ("picture", "H"),
        ("caption", "I"), ("rule", "———"),
    ]  # fmt: skip


def test_markdown_is_compared_as_it_was_typed_and_code_is_one_block():
    source = "# Title\n\n- one\n- two\n\n```python\na = 1\n\nb = 2\n```\n\n> said"
    assert [(one.label, one.text) for one in blocks_of(source, "markdown")] == [
        ("heading", "# Title"),
        ("list", "- one\n- two"),
        ("code", "```python\na = 1\n\nb = 2\n```"),
        ("quote", "> said"),
    ]
    assert blocks_of("**bold**", "markdown", rendered=True) == [Block("", "bold", frozenset({("bold", " bold")}))]


def test_the_same_text_has_no_change():
    text = "One.\n\nTwo.\n\nTwo.\n\nThree."
    assert compare(blocks_of(text, "markdown"), blocks_of(text, "markdown")).is_same


def test_words_are_counted_as_what_came_and_what_went():
    assert count_words("one two three", "three one four five") == (2, 1)
    assert count_words("", "") == (0, 0)


HUGE = {
    "another text": lambda: [" ".join(random.choices([f"w{n}" for n in range(3000)], k=150_000)) for _ in range(2)],
    "other paragraphs": lambda: [
        "\n\n".join(" ".join(random.choices([f"w{n}" for n in range(3000)], k=80)) for _ in range(2000))
        for _ in range(2)
    ],
    "the same two words": lambda: ["ab " * 330_000, "ba " * 330_000],
    "tiny paragraphs": lambda: ["x\n\n" * 100_000, "y\n\nx\n\n" * 100_000],
    "signs": lambda: ["".join(random.choices("(.,;", k=600_000)) for _ in range(2)],
}


@pytest.mark.parametrize("name", HUGE)
def test_a_body_of_a_megabyte_is_compared_within_a_bound(name: str):
    random.seed(3)
    old, new = HUGE[name]()
    started = time.process_time()
    comparison = compare(blocks_of(old, "markdown"), blocks_of(new, "markdown"))
    # A hundred times what a common text takes here, and far from what an unbounded search would.
    assert time.process_time() - started < 20
    assert comparison.changes
    assert len(blocks_of(old, "markdown")) <= MAX_BLOCKS + 1


def test_two_that_share_nothing_are_told_apart_roughly_and_said_so():
    random.seed(3)
    old, new = HUGE["another text"]()
    assert compare(blocks_of(old, "markdown"), blocks_of(new, "markdown")).rough
    assert not compare(blocks_of("One.", "markdown"), blocks_of("Two.", "markdown")).rough
