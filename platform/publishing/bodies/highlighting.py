"""Code in its language's colours, as classes that the style sheet knows."""

import re
from functools import lru_cache
from html import escape, unescape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

MAX_HIGHLIGHTED = 100_000
"""Characters of one code block; a longer one is shown plain."""

_CODE = re.compile(r'<pre><code(?: class="language-([^"]*)")?>([^<]*)</code></pre>')
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


def highlighted(html: str) -> str:
    """Unsanitised HTML with its blocks of code highlighted; one that names no language, or none known, stays plain."""
    return _CODE.sub(_highlighted, html)


def _highlighted(block: re.Match[str]) -> str:
    language, code = block[1], unescape(block[2])
    lexer = _lexer(unescape(language).lower()) if language and len(code) <= MAX_HIGHLIGHTED else None
    inner = highlight(code, lexer, _FORMATTER) if lexer else escape(code, quote=False)
    return f'<pre class="highlight"><code>{inner}</code></pre>'


@lru_cache(maxsize=256)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
