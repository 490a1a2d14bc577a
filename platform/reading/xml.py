"""Text that may stand in XML."""

import re
from html import escape

# All that XML 1.0 has no place for, escaped or not.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def possible(text: str) -> str:
    return _IMPOSSIBLE.sub("", text)


def escaped(text: str) -> str:
    """The text as it stands between tags, or within an attribute's quotes."""
    return escape(possible(text))
