"""What every page of a site has beside its content: the menus above and below, and how long it holds.

It changes with the site's generation, and is asked for once a generation and process.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from reading.asking import Rows, rows_of
from reading.columns import ARTICLE, TITLE, Link, title_or_untitled
from reading.shown import LIVE
from sites_core.directory import directory

# How many sites' frames a process holds, of some 4 KB each; the one that was longest not asked for goes first.
CAPACITY = 4096

# The site's next change by time alone: what is scheduled appears, or what is shown expires. Each is one step down one
# index; the static pages are few. Two minima for what is scheduled, since the list's index knows articles alone.
_UNTIL = """
SELECT least(
    (SELECT min(go_live) FROM publishing_placement
      WHERE site_id = %(site)s AND status = 'published' AND listed AND go_live > %(now)s),
    (SELECT min(go_live) FROM publishing_placement
      WHERE site_id = %(site)s AND status = 'published' AND NOT listed AND go_live > %(now)s),
    (SELECT min(expires_at) FROM publishing_placement
      WHERE site_id = %(site)s AND status = 'published' AND expires_at > %(now)s))
"""
FRAME = f"""
SELECT 'section', section.position, section.name, section.slug, NULL::timestamptz
  FROM publishing_section section WHERE section.site_id = %(site)s
UNION ALL
SELECT 'page', 0, {TITLE}, placement.slug, NULL
  FROM publishing_placement placement {ARTICLE} WHERE {LIVE} AND NOT placement.listed
UNION ALL
SELECT menu, row_number() OVER (ORDER BY position, id), label, url, NULL
  FROM sites_core_menuitem WHERE site_id = %(site)s
UNION ALL
SELECT 'until', 0, '', '', ({_UNTIL})
"""  # noqa: S608 -- made of constants


@dataclass(frozen=True, slots=True)
class Frame:
    """`header`, `footer` and `social` are the site's own menus; without items, the header is the `sections` and the
    footer is empty, since the static `pages` and the lists stand there anyway.

    `until` is when the site next shows something else without any row changing; None: never.
    """

    sections: tuple[Link, ...]
    pages: tuple[Link, ...]
    header: tuple[Link, ...]
    footer: tuple[Link, ...]
    social: tuple[Link, ...]
    until: datetime | None


class Frames:
    """The frames of the sites that were asked for last, each with the generation that it is of."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: OrderedDict[int, tuple[int, datetime, Frame]] = OrderedDict()
        self._holding = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, site_id: int, generation: int, now: datetime) -> Frame | None:
        with self._holding:
            held = self._held.get(site_id)
            if held is None:
                return None
            known, since, frame = held
            # A page of the moment before a scheduled change must not take its `until` from the moment after it.
            if known != generation or now < since or (frame.until and frame.until <= now):
                return None
            self._held.move_to_end(site_id)
            return frame

    def put(self, site_id: int, generation: int, since: datetime, frame: Frame) -> None:
        """Hold the frame that was made for the moment `since`, unless the one that is held is newer."""
        with self._holding:
            held = self._held.get(site_id)
            if held is not None and (held[0], held[1]) > (generation, since):
                return
            self._held[site_id] = (generation, since, frame)
            self._held.move_to_end(site_id)
            while len(self._held) > self._capacity:
                self._held.popitem(last=False)

    def forget(self) -> None:
        """Start again from nothing, as a new process does."""
        with self._holding:
            self._held.clear()


frames = Frames(CAPACITY)


def frame_of(site_id: int, now: datetime) -> Frame:
    """The site's frame: no statement where the process has it, one where not."""
    # Before the statement: what is read afterwards is of this generation or of a later one, never of an earlier.
    generation = directory.names().generations.get(site_id)
    frame = frames.get(site_id, generation, now) if generation is not None else None
    if frame is None:
        frame = frame_from(rows_of(site_id, FRAME, now=now))
        if generation is not None:
            frames.put(site_id, generation, now, frame)
    return frame


def frame_from(rows: Rows) -> Frame:
    """Of the rows of FRAME."""
    sections = sorted((position, name, slug) for kind, position, name, slug, _ in rows if kind == "section")
    pages = sorted((title, slug) for kind, _, title, slug, _ in rows if kind == "page")
    header, footer, social = (_menu(rows, menu) for menu in ("header", "footer", "social"))
    sections_of_site = tuple(Link(name, f"/sections/{slug}/") for _, name, slug in sections)
    (until,) = (moment for kind, *_, moment in rows if kind == "until")
    return Frame(
        sections=sections_of_site,
        pages=tuple(Link(title_or_untitled(title), f"/{slug}/") for title, slug in pages),
        header=header or sections_of_site,
        footer=footer,
        social=social,
        until=until,
    )


def _menu(rows: Rows, menu: str) -> tuple[Link, ...]:
    items = sorted((position, label, url) for kind, position, label, url, _ in rows if kind == menu)
    return tuple(Link(label, url) for _, label, url in items)
