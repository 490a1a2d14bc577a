"""Marks of brands, drawn on nothing; their letters are Pillow's own, made heavier."""

from collections.abc import Callable

from operations.drawing.sheet import Sheet


def techblog(sheet: Sheet, ink: str, accent: str) -> None:
    """A prompt and a cursor in a square, and the name."""
    sheet.rect((0, 10, 200, 210), ink, radius=44)
    sheet.line([(52, 68), (98, 110), (52, 152)], "#ffffff", 22)
    sheet.rect((112, 138, 156, 162), accent, radius=6)
    sheet.text(238, 170, "Techblog", ink, 176, bold=5)


MARKS: dict[str, Callable[[Sheet, str, str], None]] = {"techblog": techblog}
