"""Links of a body that also lead somewhere outside of its page, as in a feed reader."""

import re
from html import escape, unescape
from urllib.parse import urljoin

# The sanitiser writes every attribute in double quotes, and escapes each "<" that is not a tag's.
_TAG = re.compile(r'<(?:a|img)\b(?:[^<>"]|"[^"]*")*>')
_ADDRESS = re.compile(r' (href|src)="([^"]*)"')


def with_absolute_links(html: str, page_url: str) -> str:
    """`html` must come from the sanitiser; `page_url` is where it stands."""

    def absolute(found: re.Match[str]) -> str:
        try:
            return f' {found[1]}="{escape(urljoin(page_url, unescape(found[2])))}"'
        except ValueError:
            # An address that no browser could follow either, such as "http://[".
            return found[0]

    return _TAG.sub(lambda tag: _ADDRESS.sub(absolute, tag[0]), html)
