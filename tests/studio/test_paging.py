"""Positions in a list."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from studio.paging import Position, TitlePosition


def test_a_position_survives_being_written_and_read():
    position = Position(timezone.now(), 7)
    assert Position.from_text(str(position)) == position


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300), st.integers(0, 10**18 - 1)
)
def test_a_position_among_titles_survives_being_written_and_read(title: str, pk: int):
    position = TitlePosition(title, pk)
    assert TitlePosition.from_text(str(position)) == position


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), st.integers(0, 10**18 - 1))  # noqa: DTZ001
def test_positions_are_exact_to_the_microsecond(moment: datetime, pk: int):
    assert Position.from_text(str(Position(moment, pk))) == Position(moment, pk)
    assert Position.from_text(str(Position(moment + timedelta(microseconds=1), pk))) != Position(moment, pk)


@pytest.mark.parametrize("text", ["", "-", "x-title", "1", "1\0-x", "1-\0", "9" * 19 + "-x", "1-" + "x" * 401, "１-x"])
def test_what_is_no_position_among_titles_is_a_page_that_does_not_exist(text: str):
    with pytest.raises(Http404):
        TitlePosition.from_text(text)
