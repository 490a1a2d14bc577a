"""Three versions become one: nothing is lost, nothing is decided where both changed the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.bodies.blocks import blocks_of, joined
from publishing.merging import Piece, State, merge_blocks, merge_items, merge_value

BLOCKS = st.lists(st.sampled_from(["a", "b", "c", "d ", " e", "f\n"]), max_size=9)
WORDS = st.text(alphabet="ab \n`~<>/p\"'hr1-|", max_size=80)
STATES = {
    ("x", "x", "x"): State.SAME,
    ("x", "y", "x"): State.THEIRS,
    ("x", "x", "y"): State.MINE,
    ("x", "y", "y"): State.BOTH,
    ("x", "y", "z"): State.CONFLICT,
}


def taken(pieces: list[Piece], side: str) -> list[str]:
    return [block for piece in pieces for block in getattr(piece, side)]


@pytest.mark.parametrize(("versions", "state"), STATES.items())
def test_a_value_is_whose_who_changed_it(versions: tuple[str, str, str], state: State):
    base, theirs, mine = versions
    field = merge_value(theirs, mine, base=base)
    assert field.state == state
    assert field.proposed == ("y" if state in (State.THEIRS, State.BOTH) else mine)


def test_of_what_is_not_known_to_have_been_nothing_is_proposed_silently():
    assert merge_value("x", "x", base=None, is_known=False).state == State.SAME
    assert merge_value("x", "y", base=None, is_known=False).state == State.CONFLICT


def test_of_lists_what_either_added_is_there_and_what_either_took_out_is_not():
    assert merge_items([1, 2, 3], [1, 3, 4], [2, 3, 5, 1]) == (3, 5, 1, 4)
    assert merge_items([1, 2], [2, 1], [1, 2]) == (2, 1)


@given(BLOCKS, BLOCKS)
def test_what_one_changed_alone_is_taken_to_the_letter(base: list[str], changed: list[str]):
    for pieces in (merge_blocks(base, base, changed), merge_blocks(base, changed, base)):
        assert not any(piece.state == State.CONFLICT for piece in pieces)
        assert [block for piece in pieces for block in piece.proposed or ()] == changed


@given(BLOCKS, BLOCKS)
def test_what_both_changed_alike_is_no_conflict(base: list[str], changed: list[str]):
    pieces = merge_blocks(base, changed, changed)
    assert [block for piece in pieces for block in piece.proposed or ()] == changed


@given(BLOCKS, BLOCKS, BLOCKS)
def test_each_version_can_be_had_again_and_the_sides_are_alike(base: list[str], theirs: list[str], mine: list[str]):
    pieces = merge_blocks(base, theirs, mine)
    for version, side in ((base, "base"), (theirs, "theirs")):
        assert taken(pieces, side) == version
    assert [block.strip() for block in taken(pieces, "mine")] == [block.strip() for block in mine]
    mirrored = {State.THEIRS: State.MINE, State.MINE: State.THEIRS}
    other = merge_blocks(base, mine, theirs)
    assert [mirrored.get(piece.state, piece.state) for piece in other] == [piece.state for piece in pieces]


def test_changes_in_two_places_are_both_taken():
    pieces = merge_blocks(
        ["one\n", "two\n", "three\n"], ["ONE\n", "two\n", "three\n"], ["one\n", "two\n", "3\n", "4\n"]
    )
    assert [piece.state for piece in pieces] == [State.THEIRS, State.SAME, State.MINE]
    assert [block for piece in pieces for block in piece.proposed or ()] == ["ONE\n", "two\n", "3\n", "4\n"]


def test_changes_in_one_place_are_for_somebody_to_decide():
    (piece,) = merge_blocks(["one"], ["ONE"], ["1"])
    assert (piece.state, piece.proposed) == (State.CONFLICT, None)


def test_very_long_bodies_are_merged_and_what_is_too_much_is_one_stretch():
    base = [f"{number}" for number in range(5000)]
    theirs, mine = [f"t{one}" for one in base], ["first", *base]
    pieces = merge_blocks(base, theirs, mine)
    assert [piece.state for piece in pieces] == [State.CONFLICT]


@given(WORDS, st.sampled_from(["markdown", "html"]))
def test_the_blocks_of_a_source_are_the_source_to_the_letter(source: str, body_format: str):
    blocks = blocks_of(source, body_format)
    assert "".join(blocks) == source
    assert all(blocks)


def test_markdown_is_cut_at_blank_lines_and_not_within_code():
    source = "One\n\n```\na\n\nb\n```\n\n- x\n- y\n"
    assert blocks_of(source, "markdown") == ["One\n\n", "```\na\n\nb\n```\n\n", "- x\n- y\n"]


def test_html_is_cut_around_its_outermost_blocks():
    source = "<h2>a</h2>\n<p>b <b>c</b></p>\n<ul><li><p>d</p></li></ul>text <i>e</i><p>f<p>g"
    assert blocks_of(source, "html") == [
        "<h2>a</h2>\n", "<p>b <b>c</b></p>\n", "<ul><li><p>d</p></li></ul>", "text <i>e</i>", "<p>f", "<p>g",
    ]  # fmt: skip
    assert len(blocks_of("<div>" * 5000 + "x", "html")) == 1


def test_blocks_of_two_sources_are_kept_apart():
    assert joined(["one", "two\n\n", "three"], "markdown") == "one\n\ntwo\n\nthree"
    assert joined(["<p>a</p>", "<p>b</p>"], "html") == "<p>a</p><p>b</p>"
    assert joined([], "markdown") == ""
