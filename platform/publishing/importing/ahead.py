"""Posts read and rendered ahead in a thread, while this one waits for the database."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

from publishing.bodies import Body, BodyTooLong, render
from publishing.importing.post import Found, ImageRef, Post, Refusal, sentence_of

T = TypeVar("T")

MOST_AHEAD = 32
_PATIENCE = 0.1


@dataclass(frozen=True, slots=True)
class Ready:
    """A post with its digest; `body` is None where local pictures must get their addresses first."""

    post: Post
    digest: str
    body: Body | None


def ready(found: Found) -> Ready | Refusal:
    if isinstance(found, Refusal):
        return found
    try:
        body = None if local_images(found) else render(found.body, found.body_format)
        return Ready(found, found.digest(), body)
    except BodyTooLong as error:
        return Refusal(found.source, str(error))
    except OSError as error:
        return Refusal(found.source, f"A picture cannot be read: {error.strerror or error}.")
    except Exception as error:  # noqa: BLE001 -- whatever one body does to a parser, the other posts are landed
        return Refusal(found.source, sentence_of(error))


def local_images(post: Post) -> list[ImageRef]:
    return [image for image in post.images if image.path]


def read_ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """The same items in the same order; at most `MOST_AHEAD` wait. An exception of `items` is raised in its place."""
    reader = _Reader(items)
    reader.start()
    try:
        while True:
            item = reader.queue.get()
            if isinstance(item, _End):
                if item.error:
                    raise item.error
                return
            yield item
    finally:
        reader.stop()


@dataclass(frozen=True, slots=True)
class _End:
    error: BaseException | None = None


class _Reader(Thread, Generic[T]):
    def __init__(self, items: Iterable[T]) -> None:
        super().__init__(name="import-reader", daemon=True)
        self.items = items
        self.queue: Queue[T | _End] = Queue(MOST_AHEAD)
        self.stopped = Event()

    def run(self) -> None:
        end = _End()
        try:
            for item in self.items:
                if not self._put(item):
                    return
        except BaseException as error:  # noqa: BLE001 -- raised again in the thread that asked for the items
            end = _End(error)
        self._put(end)

    def _put(self, item: "T | _End") -> bool:
        while not self.stopped.is_set():
            try:
                self.queue.put(item, timeout=_PATIENCE)
            except Full:
                continue
            return True
        return False

    def stop(self) -> None:
        """Whether it has read all or not; no file of it stays open."""
        self.stopped.set()
        while self.is_alive():
            try:
                self.queue.get(timeout=_PATIENCE)
            except Empty:
                continue
        self.join()
