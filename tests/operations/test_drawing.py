"""What the demonstration is illustrated with."""

import io

import pytest
from PIL import Image as Pillow

from operations import drawing
from operations.drawing.chance import field, floats
from operations.drawing.palettes import PALETTES, Light, mixed
from operations.seeding.manuscripts import manuscripts

SMALL = 0.1
# What a motif cannot do without.
GIVEN = {
    "balance": {"left": [3, 2], "right": [4]},
    "boxes": {"data": [5, 3, 2]},
    "bridge": {"data": [10, 4, -6]},
    "steps": {"data": [1, 2, 2]},
}


def size_of(png: bytes) -> tuple[int, int]:
    with Pillow.open(io.BytesIO(png)) as picture:
        return picture.size


def test_a_picture_is_as_large_as_it_is_asked_to_be():
    assert size_of(drawing.picture("tiles", seed="a", palette="chalk")) == (1600, 1000)
    assert size_of(drawing.picture("tiles", seed="a", palette="chalk", scale=0.6)) == (960, 600)
    assert size_of(drawing.portrait(seed="a", palette="ice", skin=1, hair="grey", cut="bun")) == (640, 640)


@pytest.mark.parametrize("motif", drawing.MOTIFS)
def test_a_motif_drawn_again_is_the_same_and_not_empty(motif: str):
    # The landscapes need a time of day, which is a palette as well.
    palette = next(name for name, colours in PALETTES.items() if isinstance(colours, Light))
    first, again = (
        drawing.picture(motif, seed="a", palette=palette, scale=SMALL, **GIVEN.get(motif, {})) for _ in range(2)
    )
    assert first == again
    with Pillow.open(io.BytesIO(first)) as picture:
        assert len(picture.getcolors(maxcolors=picture.width * picture.height) or []) > 3


def test_another_seed_is_another_picture():
    first, other = (drawing.picture("contours", seed=seed, palette="navy", scale=SMALL) for seed in "ab")
    assert first != other


def test_a_mark_lies_on_any_paper():
    with Pillow.open(io.BytesIO(drawing.mark("techblog", ink="#2f63ea", accent="#ffb84d", scale=SMALL))) as mark:
        assert mark.mode == "RGBA"
        assert mark.getchannel("A").getextrema() == (0, 255)
        assert mark.getchannel("A").getbbox() == (0, 0, *mark.size), "with nothing around it"


def test_a_field_reaches_from_nothing_to_one():
    from random import Random

    heights = floats(field(Random("a")))
    assert (min(heights), max(heights)) == (0, 1)


def test_colours_mix():
    assert [mixed("#000000", "#ffffff", share) for share in (0, 0.5, 1, 7)] == [
        "#000000",
        "#808080",
        "#ffffff",
        "#ffffff",
    ]


def test_no_two_pictures_of_the_demonstration_are_the_same():
    drawn = [order.about.get("seed", order.name) + order.about["motif"] + order.about["palette"]
             for one in manuscripts() for order in one.pictures()]  # fmt: skip
    assert len(set(drawn)) == len(drawn)
