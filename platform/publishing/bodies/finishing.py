"""The last step, after the sanitiser: what only we may write, and what HTML's own rules want.

It adds markup of ours and takes away or renames what the sanitiser allowed; nothing that a body says becomes markup.
"""

from publishing.bodies import embeds, headings, mending, pictures, tree
from publishing.bodies.pictures import Pictures
from publishing.bodies.sanitising import FORBIDDEN
from publishing.bodies.tree import Element


def finish(html: str, own: Pictures) -> str:
    """`html` must come from the sanitiser. What is too tangled to be put right stays as that left it."""
    html = FORBIDDEN.sub("", html)
    root = tree.parse(html)
    # First: what a picture shows may be the only words of the link around it.
    pictures.show(root, own)
    try:
        mending.mend(root)
    except mending.Tangled:
        return html
    headings.order(root)
    # Last: nothing that an author writes is a frame, so no other rule has to know what one is.
    embeds.show(root)
    _let_scroll(root)
    return tree.written(root)


def _let_scroll(root: Element) -> None:
    """What may be wider than a page scrolls by itself, by keyboard too: whoever has no mouse must reach it."""
    waiting = [(root, False)]
    while waiting:
        element, in_table = waiting.pop()
        if element.tag == "a":
            continue  # a link holds nothing else that can be reached
        if element.tag == "pre":
            element.attributes["tabindex"] = "0"
        elif element.tag == "table" and not in_table:
            table = element.copied()
            element.become("div", {"class": "scroll", "tabindex": "0"}, [table])
            element, in_table = table, True
        waiting += [(child, in_table) for child in element.children if isinstance(child, Element)]
