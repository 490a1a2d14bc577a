"""XML read element by element with a flat memory; entities, external or defined in the file, are refused."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from publishing.importing.post import Unreadable

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
BASE = "{http://www.w3.org/XML/1998/namespace}base"


def local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(source: Path, *names: str) -> Iterator[Element]:
    """The whole elements of these local names, each emptied when the next is asked for. Raises `Unreadable`.

    Each carries the xml:lang and the xml:base that hold for it, whichever element around it names them.
    """
    wanted = set(names)
    path: list[Element] = []
    inside = 0
    try:
        for event, element in iterparse(source, events=("start", "end")):
            matches = local_name(element) in wanted
            if event == "start":
                path.append(element)
                inside += matches
                continue
            path.pop()
            inside -= matches
            if matches and not inside:
                _inherit(element, path)
                yield element
            if not inside and path:
                # Forgotten by its parent as well, else the parent of a million items holds a million husks.
                path[-1].remove(element)
    except DefusedXmlException as error:
        raise Unreadable("The file defines XML entities, which can be a bomb. Remove its DOCTYPE.") from error
    except ParseError as error:
        raise Unreadable(f"The file is not well-formed XML: {error}.") from error
    except (OSError, ValueError, LookupError) as error:
        raise Unreadable(f"The file cannot be read as XML: {error}.") from error


def _inherit(element: Element, around: Sequence[Element]) -> None:
    language = next((one.get(LANGUAGE) for one in (element, *reversed(around)) if one.get(LANGUAGE)), None)
    base = ""
    for one in (*around, element):
        base = joined(base, one.get(BASE, ""))
    for name, value in ((LANGUAGE, language), (BASE, base)):
        if value:
            element.set(name, value)


def joined(base: str, address: str) -> str:
    """The address as it is meant at `base`; what is no address is none."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return base
