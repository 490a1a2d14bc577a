"""Several screenshots in one picture: windows side by side, each with a telephone before it."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from showroom import browser

STYLE = Path(__file__).with_name("stage.css")
# CSS pixels: how wide a window and a telephone are on the stage, and the stage itself by the number of its windows.
WINDOW, PHONE, BETWEEN, AROUND, HEIGHT = 520, 168, 36, 44, 850


@dataclass(frozen=True, slots=True)
class Brand:
    """What stands in the address bar, and two screenshots as PNG."""

    address: str
    window: bytes
    phone: bytes


def composed(running: Browser, brands: Sequence[Brand]) -> bytes:
    """The picture as PNG."""
    width = 2 * AROUND + len(brands) * WINDOW + (len(brands) - 1) * BETWEEN
    with browser.tab(running) as tab:
        tab.set_viewport_size({"width": width, "height": HEIGHT})
        stage = "".join(map(_stand, brands))
        tab.set_content(
            f"<!doctype html><title>Stage</title><style>{STYLE.read_text(encoding='utf-8')}</style>"
            f'<div class="stage">{stage}</div>'
        )
        return tab.screenshot()


def _stand(brand: Brand) -> str:
    return (
        f'<div class="brand" style="width: {WINDOW}px"><div class="window"><p><i></i><i></i><i></i>'
        f'<b>{escape(brand.address)}</b></p><img alt="" src="{_data(brand.window)}"></div>'
        f'<div class="phone" style="width: {PHONE}px"><img alt="" src="{_data(brand.phone)}"></div></div>'
    )


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"
