"""Bodies: what an author wrote, made into what a reader gets. Pure: knows no model and no database.

The source stays as it was written; `render` is run when an article is saved, never when it is read.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, assert_never

from publishing.bodies import embeds, finishing, highlighting, markdown, plain, sanitising, tables
from publishing.bodies.pictures import Pictures

BodyFormat = Literal["markdown", "html"]

MAX_SOURCE = 2_000_000
"""Characters; a novel has one million."""
MAX_CELLS = 50_000
"""Of all tables of a body: short rows are filled up, so 2,000 columns by 2,000 rows write 40 MB of a few KB."""
NO_PICTURES: Pictures = MappingProxyType({})


class BodyTooLong(ValueError):
    """The source has more than `MAX_SOURCE` characters, or its tables more than `MAX_CELLS` cells."""


@dataclass(frozen=True, slots=True)
class Body:
    """`html` is sanitised, then finished, and the only HTML that readers ever get; `text` is the same words for search
    and summaries, without tags and with white space folded; `word_count` counts them, each Chinese or Japanese sign as
    one."""

    html: str
    text: str
    word_count: int


def render(source: str, body_format: BodyFormat, pictures: Pictures = NO_PICTURES) -> Body:
    """`pictures` are those of the tenant that the body names: they are shown in every size and format.

    Never fails on what an author writes, whatever it is; raises `BodyTooLong` only.
    """
    _refuse_too_long(source, body_format)
    html = highlighting.highlighted(_to_html(storable(source), body_format))
    cleaned = sanitising.clean(embeds.from_frames(html))
    text = plain.text_of(cleaned)
    return Body(html=finishing.finish(cleaned, pictures), text=text, word_count=plain.count_words(text))


def as_html(source: str) -> str:
    """Markdown as an HTML source that an author can go on with: sanitised, not finished, code with its language's name.

    Rendered it is what the Markdown was. Raises `BodyTooLong` as `render` does.
    """
    _refuse_too_long(source, "markdown")
    return sanitising.clean_source(embeds.from_frames(markdown.to_html(storable(source))))


def storable(text: str) -> str:
    """The text without what PostgreSQL refuses: NUL is dropped, a lone surrogate becomes U+FFFD."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _refuse_too_long(source: str, body_format: BodyFormat) -> None:
    if len(source) > MAX_SOURCE:
        raise BodyTooLong(f"The body has {len(source):,} characters; at most {MAX_SOURCE:,} are allowed. Split it.")
    if body_format == "markdown" and (cells := tables.count_cells(source)) > MAX_CELLS:
        raise BodyTooLong(f"The tables have {cells:,} cells; at most {MAX_CELLS:,} are allowed. Split the article.")


def _to_html(source: str, body_format: BodyFormat) -> str:
    match body_format:
        case "markdown":
            return markdown.to_html(source)
        case "html":
            return source
        case _:
            assert_never(body_format)
