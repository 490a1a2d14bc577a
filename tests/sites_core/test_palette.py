"""Colours that can be read, against the numbers that WCAG gives and against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites_core.palette import TEXT, contrast, furthest, mixed, nearest_readable

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@given(COLOURS, COLOURS)
def test_the_nearest_readable_shade_is_readable_on_every_paper(colour: str, paper: str) -> None:
    assert contrast(nearest_readable(colour, paper), paper) >= TEXT


@given(COLOURS, COLOURS)
def test_a_readable_colour_stays_as_it_is(colour: str, paper: str) -> None:
    assert (nearest_readable(colour, paper) == colour) or contrast(colour, paper) < TEXT


@given(COLOURS)
def test_black_or_white_stands_out_from_everything(colour: str) -> None:
    assert contrast(furthest(colour), colour) >= TEXT


def test_shares_of_two_colours_are_mixed_by_channel() -> None:
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert mixed("#102030", "#ffffff", 0) == "#102030"
    assert mixed("#102030", "#ffffff", 1) == "#ffffff"
