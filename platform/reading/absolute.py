"""Links of a body that also lead somewhere outside of its page, as in a feed reader."""

import re
from html import escape, unescape
from urllib.parse import urljoin

# The sanitiser writes every attribute in double quotes, and escapes each "<" that is not a tag's.
_TAG = re.compile(r'<(?:a|img|source)\b(?:[^<>"]|"[^"]*")*>')
# Each of them, so that none is looked for within the value of another.
_ATTRIBUTE = re.compile(r' ([^ "=<>]+)="([^"]*)"')
_ADDRESSES = {"href", "src", "srcset"}


def with_absolute_links(html: str, page_url: str) -> str:
    """`html` must come from the sanitiser; `page_url` is where it stands."""

    def absolute(found: re.Match[str]) -> str:
        name, value = found[1], unescape(found[2])
        if name not in _ADDRESSES:
            return found[0]
        try:
            told = _candidates(page_url, value) if name == "srcset" else urljoin(page_url, value)
        except ValueError:
            # An address that no browser could follow either, such as "http://[".
            return found[0]
        return f' {name}="{escape(told)}"'

    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(absolute, tag[0]), html)


def _candidates(page_url: str, written: str) -> str:
    """A srcset: addresses, each with its width. No address of ours has a comma in it, and nobody else writes one."""
    candidates = [candidate.strip().partition(" ") for candidate in written.split(",")]
    return ", ".join(f"{urljoin(page_url, address)}{space}{width}" for address, space, width in candidates)
