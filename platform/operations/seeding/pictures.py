"""The demonstration's pictures: drawn a few ahead, stored as an upload would be."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from operations import drawing
from publishing.images import store
from publishing.models import Image
from tenants.models import Tenant

# Drawing and storing both are mostly Pillow's work in C, which lets other threads run.
AHEAD = 3
# Pixels to a unit, of 1600 by 1000: what stands at the top of a page is drawn in full, the rest as wide as a text.
LARGE, USUAL = 1.0, 0.6
_WORDS = ("alt", "caption", "focus", "large")


@dataclass(frozen=True)
class Order:
    """A picture that is wanted: the name it is known by here, what to draw and in which words to tell of it."""

    name: str
    about: Mapping[str, Any]

    @property
    def file_name(self) -> str:
        return re.sub("[^a-z0-9]+", "-", self.name)

    def drawn(self) -> bytes:
        """The PNG."""
        given = {name: value for name, value in self.about.items() if name not in _WORDS}
        if "mark" in given:
            return drawing.mark(given.pop("mark"), scale=LARGE, **given)
        seed = given.pop("seed", self.name)
        if "cut" in given:
            return drawing.portrait(seed=seed, scale=LARGE, **given)
        return drawing.picture(seed=seed, scale=LARGE if self.about.get("large") else USUAL, **given)


def stored(tenant: Tenant, orders: Iterable[Order]) -> Iterator[tuple[str, Image]]:
    """Each picture's name and its Image, in the order of the orders; expects the tenant's scope."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting: deque[tuple[Order, Future[bytes]]] = deque()
        for order in orders:
            waiting.append((order, pool.submit(order.drawn)))
            if len(waiting) > AHEAD:
                yield _stored(tenant, *waiting.popleft())
        while waiting:
            yield _stored(tenant, *waiting.popleft())


def _stored(tenant: Tenant, order: Order, drawn: "Future[bytes]") -> tuple[str, Image]:
    alt, caption = order.about["alt"], order.about.get("caption", "")
    image = store(tenant, drawn.result(), name=f"{order.file_name}.png", alt=alt, caption=caption, quickly=True)
    if focus := order.about.get("focus"):
        image.focus_x, image.focus_y = focus
        image.save(update_fields=["focus_x", "focus_y"])
    return order.name, image
