"""XML read element by element with a flat memory; entities, external or defined in the file, are refused."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from publishing.importing.post import Unreadable


def local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(source: Path, *names: str) -> Iterator[Element]:
    """The whole elements of these local names, each emptied when the next is asked for. Raises `Unreadable`."""
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
