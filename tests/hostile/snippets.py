"""What somebody would write who wants a script of theirs to run where others read: by kinds, each kind generated."""

import itertools

from tests.hostile.elements import addresses, clobbering, embedding, handlers, styles
from tests.hostile.markdown import markdown
from tests.hostile.parsing import breakouts, hidden, letters, mutations, namespaces, nested, unclosed

KINDS: dict[str, list[str]] = {
    kind.__name__: list(dict.fromkeys(kind()))
    for kind in (
        handlers,
        addresses,
        namespaces,
        mutations,
        breakouts,
        embedding,
        styles,
        clobbering,
        hidden,
        unclosed,
        letters,
        markdown,
        nested,
    )
}


SNIPPETS = list(dict.fromkeys(itertools.chain.from_iterable(KINDS.values())))
