"""The document that Traefik's HTTP provider polls, in the memory of the process that serves it.

Compressed in pieces, a gzip member for each of 256 groups of names: members that follow one another are one gzip file,
so that a changed certificate costs the compression of its group and no more.
"""

import gzip
import json
import logging
import threading
import time
import zlib
from collections.abc import Mapping

from django.db import Error as DatabaseError

from events.emitting import emit
from operations.edge import shrinking
from operations.edge.pairs import Damaged, Fingerprint, Pair, fingerprint, is_served, order_anew, read, versions
from sites_core.directory import DirectoryUnavailable, directory

log = logging.getLogger(__name__)

GROUPS = 256
# Each change costs every edge a reload, by the number of names: above so many, one document at most every so often.
MANY = 5_000
APART_SECONDS = 10.0
# zlib's: keys are random bytes in base64, and there is little to gain from trying harder.
EFFORT = 1

_Keys = tuple[tuple[str, int], ...]


class NotNow(Exception):
    """There is nothing that the edge should take in place of what it has; the message says why."""


class Document:
    """The names that are served and their certificates. Safe to share between threads."""

    def __init__(self) -> None:
        self._refreshing = threading.Lock()
        self._body: bytes | None = None
        self._shown: list[_Keys] = [()] * GROUPS
        self._members: list[memoryview | bytes] = [b""] * GROUPS
        self._fragments: dict[str, tuple[int, bytes]] = {}
        self._versions: dict[str, int] = {}
        self._known: tuple[int, Fingerprint] | None = None
        self._moved = float("-inf")
        self.damaged: dict[str, Damaged] = {}
        self.held_back = ""

    @property
    def names(self) -> int:
        """How many names the document has."""
        return sum(map(len, self._shown))

    def told(self) -> dict[str, object]:
        """For a probe: what this process tells edges. It makes nothing unready."""
        return {"names": self.names, "damaged": sorted(self.damaged), "held_back": self.held_back}

    def body(self) -> bytes:
        """The document as it should be now, gzip. Raises NotNow."""
        if self._refreshing.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._refreshing.release()
        if self.held_back:
            raise NotNow(self.held_back)
        if self._body is None:
            raise NotNow("The certificates were not read yet.")
        return self._body

    def _follow(self) -> None:
        # The first change after a quiet time goes out at once; what follows it waits and goes together.
        if self.names > MANY and time.monotonic() - self._moved < APART_SECONDS:
            return
        try:
            self.refresh()
        except (DatabaseError, DirectoryUnavailable) as error:
            log.warning("The edge's document stays as it is: %s", error)
            if self._body is None:
                self.held_back = "The database does not answer, and no certificate was read yet."

    def refresh(self) -> bool:
        """Take up what is newer; whether anything was. Raises DatabaseError and DirectoryUnavailable."""
        names = directory.names()
        known = (names.version, fingerprint())
        if known == self._known and not self.held_back:
            return False
        if self._known is None or known[1] != self._known[1]:
            self._read_versions(known[1])
        wanted = {name: version for name, version in self._versions.items() if is_served(name, names)}
        self._read_fragments(wanted)
        groups = self._grouped(wanted)
        # Noted in any case: what is held back is looked at again at each poll, for somebody may have confirmed it.
        self._known = known
        self._hold_back(
            shrinking.objection(
                now=sum(map(len, groups)),
                before=max(self.names, shrinking.remembered()),
                with_certificate=len(wanted),
                of=len(names.by_hostname),
            )
        )
        return not self.held_back and self._show(groups)

    def _hold_back(self, reason: str) -> None:
        if reason and reason != self.held_back:
            log.error("The edge keeps what it has: %s", reason)
            # Before the first certificate there is nothing to lose.
            if self.names or shrinking.remembered():
                _tell_staff(reason)
        self.held_back = reason

    def _read_versions(self, now: Fingerprint) -> None:
        newer = self._versions | versions(above=max(self._versions.values(), default=0))
        # What was deleted, and what committed late, shows in the sum.
        if Fingerprint(len(newer), sum(newer.values())) != now:
            newer = versions()
        self._versions = newer

    def _read_fragments(self, wanted: Mapping[str, int]) -> None:
        fragments, damaged = self._fragments, self.damaged
        newer = [name for name, version in wanted.items() if _version(name, fragments, damaged) != version]
        newly_damaged = []
        for found in read(newer):
            fragments.pop(found.name, None)
            damaged.pop(found.name, None)
            if isinstance(found, Pair):
                fragments[found.name] = (found.version, _fragment(found))
            else:
                damaged[found.name] = found
                newly_damaged.append(found)
                log.error("The certificate of %s is left out: %s", found.name, found.problem)
        order_anew(newly_damaged)
        for held in (fragments, damaged):
            for name in [name for name in held if name not in wanted]:
                del held[name]

    def _grouped(self, wanted: Mapping[str, int]) -> list[_Keys]:
        groups: list[list[tuple[str, int]]] = [[] for _ in range(GROUPS)]
        for name in sorted(self._fragments.keys() & wanted.keys()):
            groups[zlib.crc32(name.encode()) % GROUPS].append((name, self._fragments[name][0]))
        return [tuple(group) for group in groups]

    def _show(self, groups: list[_Keys]) -> bool:
        """Compress the groups that changed and put all of them together; whether any did."""
        changed = [number for number, group in enumerate(groups) if group != self._shown[number]]
        if not changed and self._body is not None:
            return False
        members = list(self._members)
        for number in changed:
            members[number] = _compressed(b",".join(self._fragments[name][1] for name, _ in groups[number]))
        self._body = _joined([member for member, group in zip(members, groups, strict=True) if group])
        self._moved = time.monotonic()
        shrinking.remember(sum(map(len, groups)))
        # Views of the whole: each byte is kept once.
        self._members, self._shown = _split(self._body, members, groups), groups
        return True


def _tell_staff(reason: str) -> None:
    try:
        emit(shrinking.HELD_BACK, once=shrinking.HELD_BACK, reason=reason)
    except DatabaseError as error:
        log.warning("Nobody could be told: %s", error)


def _version(name: str, *held: Mapping[str, tuple[int, bytes]] | Mapping[str, Damaged]) -> int | None:
    for kept in held:
        if found := kept.get(name):
            return found.version if isinstance(found, Damaged) else found[0]
    return None


def _fragment(pair: Pair) -> bytes:
    return json.dumps({"certFile": pair.chain, "keyFile": pair.key}, separators=(",", ":")).encode()


def _compressed(text: bytes) -> bytes:
    # No time in it: the same names make the same bytes.
    return gzip.compress(text, EFFORT, mtime=0)


HEAD, COMMA, TAIL = (_compressed(text) for text in (b'{"tls":{"certificates":[', b",", b"]}}"))


def _joined(members: list[memoryview | bytes]) -> bytes:
    between = [part for member in members for part in (COMMA, member)][1:]
    return b"".join([HEAD, *between, TAIL])


def _split(body: bytes, members: list[memoryview | bytes], groups: list[_Keys]) -> list[memoryview | bytes]:
    whole, at, views = memoryview(body), len(HEAD), list[memoryview | bytes]()
    for member, group in zip(members, groups, strict=True):
        views.append(whole[at : at + len(member)] if group else b"")
        at += len(member) + len(COMMA) if group else 0
    return views


document = Document()
