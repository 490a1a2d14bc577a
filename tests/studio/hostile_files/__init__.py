"""Files that nobody should send, made in code: one module a kind, each with `files()`.

Together they are what is tried on every way into the library.
"""

from functools import cache

from tests.studio.hostile_files import animated, bombs, broken, documents, hidden, lying, modes, names, polyglots
from tests.studio.hostile_files.sent import Sent

KINDS = {
    module.__name__.rpartition(".")[2]: module
    for module in (documents, polyglots, bombs, lying, broken, hidden, animated, modes, names)
}


@cache
def files_of(kind: str) -> tuple[Sent, ...]:
    return tuple(KINDS[kind].files())
