"""The pages that a process holds: a bounded number of bytes, the least recently asked for leave first."""

import threading
from collections import OrderedDict

from sites_core.page_cache.pages import Page

# Site, path, shaping query. The generation is the page's: a site has one page at a path, and it is the newest made.
Key = tuple[int, str, str]

# One page may take this share of the memory: a long sitemap must not push out a thousand articles.
LARGEST_SHARE = 1 / 16


class Memory:
    """Least recently used, by bytes. Safe to share between threads; looking up takes no lock."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._weights: dict[Key, int] = {}
        self._changing = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Key) -> Page | None:
        """The page last put there, of whatever generation."""
        page = self._pages.get(key)
        if page is not None:
            try:  # noqa: SIM105 -- a context manager costs more than the look-up
                self._pages.move_to_end(key)
            except KeyError:  # another thread took it out between the two
                pass
        return page

    def put(self, key: Key, page: Page) -> None:
        """Hold the page in place of whatever stood at the key, unless that is newer."""
        with self._changing:
            held = self._pages.get(key)
            if held is not None and held.generation > page.generation:
                return
            self._pages[key] = page
            self._pages.move_to_end(key)
            self._weigh(key, page)

    def weigh(self, key: Key, page: Page) -> None:
        """Count again a page that got heavier, if it is still the one that is held."""
        with self._changing:
            if self._pages.get(key) is page:
                self._weigh(key, page)

    def drop(self, key: Key) -> None:
        """Forget the page, if there is one."""
        with self._changing:
            self._take_out(key)

    def _weigh(self, key: Key, page: Page) -> None:
        weight = page.weight + len(key[1]) + len(key[2])
        self.bytes += weight - self._weights.get(key, 0)
        self._weights[key] = weight
        if weight > self.limit * LARGEST_SHARE:
            self._take_out(key)
        while self.bytes > self.limit:
            # Not by iterating: a thread that looks up moves keys about.
            oldest, _ = self._pages.popitem(last=False)
            self.bytes -= self._weights.pop(oldest)

    def _take_out(self, key: Key) -> None:
        if self._pages.pop(key, None) is not None:
            self.bytes -= self._weights.pop(key)
