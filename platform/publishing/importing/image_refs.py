"""Pictures as a body names them: found, and replaced by where they now are."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote

from publishing.bodies import BodyFormat
from publishing.importing import kramdown

Replace = Callable[[str, str], str | None]
"""(ref, alt) → the address to use, None where the picture is missing."""

_ALT = r"((?:[^\[\]\\]|\\.|\[[^\[\]]{0,300}\]){0,1000})"
_INLINE = re.compile(rf"!\[{_ALT}\]\(\s*(?:<([^<>\n]{{1,2000}})>|([^\s()<>]{{1,2000}}))([^()\n]{{0,500}})\)")
_BY_LABEL = re.compile(rf"!\[{_ALT}\]\[([^\[\]]{{0,300}})\]")
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]]{1,300})\]:[ \t]*<?([^\s<>]{1,2000})>?", re.MULTILINE)
_TAG = re.compile(r"<img\b(?:[^<>\"']|\"[^\"]*\"|'[^']*'){0,100}>", re.IGNORECASE)
_SRC = re.compile(r"(\ssrc\s*=\s*)(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_ALT_TEXT = re.compile(r"\salt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_ON_THE_WEB = re.compile(r"(?:[a-z][a-z0-9+.\-]*:)?//|(?:data|cid|about|javascript):", re.IGNORECASE)


def is_on_the_web(ref: str) -> bool:
    return bool(_ON_THE_WEB.match(ref))


def replace(body: str, body_format: BodyFormat, with_: Replace) -> str:
    """The body with every picture's address replaced, or, where it is missing, its words in its place.

    A picture inside of code is a sample of notation, and stays.
    """
    if body_format == "markdown" and "![" in body:
        body = kramdown.sub_in_prose(_INLINE, lambda image: _inline(image, with_), _labels_resolved(body))
    if "<img" not in body.lower():
        return body
    if body_format == "markdown":
        return kramdown.sub_in_prose(_TAG, lambda tag: _tag(tag, with_), body)
    return _TAG.sub(lambda tag: _tag(tag, with_), body)


def addresses(body: str, body_format: BodyFormat, urls: Mapping[str, str | None]) -> str:
    """The body with those addresses replaced that `urls` knows; None there means that the picture is missing."""
    return replace(body, body_format, lambda ref, _alt: urls.get(ref, ref))


def _labels_resolved(body: str) -> str:
    """`![alt][label]` written as `![alt](address)`, which needs no look elsewhere."""
    defined = {" ".join(label.split()).casefold(): url for label, url in _DEFINITION.findall(body)}

    def inlined(image: re.Match[str]) -> str:
        url = defined.get(" ".join((image[2] or image[1]).split()).casefold())
        return f"![{image[1]}](<{url}>)" if url else image[0]

    return kramdown.sub_in_prose(_BY_LABEL, inlined, body) if defined else body


def _inline(image: re.Match[str], with_: Replace) -> str:
    ref = image[2] or image[3]
    address = with_(ref, image[1])
    if address is None:
        return missing(image[1], ref)
    return image[0] if address == ref else f"![{image[1]}](<{address}>{image[4]})"


def _tag(tag: re.Match[str], with_: Replace) -> str:
    source = _SRC.search(tag[0])
    if source is None:
        return tag[0]
    ref = source[2] or source[3] or source[4] or ""
    described = _ALT_TEXT.search(tag[0])
    alt = (described[1] or described[2] or "") if described else ""
    address = with_(ref, alt)
    if address is None:
        return missing(alt, ref)
    if address == ref:
        return tag[0]
    return f'{tag[0][: source.start()]}{source[1]}"{address}"{tag[0][source.end() :]}'


def missing(alt: str, ref: str) -> str:
    named = alt.strip() or re.sub(r"[^\w.\- ]", "", ref.rsplit("/", 1)[-1])
    return f"(image missing: {named})"


def local_file(ref: str, root: Path, beside: Path) -> Path | None:
    """The file below `root` that a body in the folder `beside` means; None where there is none.

    Raises `PermissionError` where it would lie outside of `root`, by `..` or by a symbolic link.
    """
    plain = unquote(re.split("[?#]", ref, maxsplit=1)[0])
    if not plain or "\0" in plain or len(plain) > 1000:
        return None
    relative = plain.lstrip("/")
    folders = (root, root / "static", root / "assets", root / "source") if plain.startswith("/") else (beside, root)
    outside = False
    for folder in folders:
        file = (folder / relative).resolve()
        if not file.is_relative_to(root.resolve()):
            outside = True
        elif file.is_file():
            return file
    if outside:
        raise PermissionError(ref)
    return None
