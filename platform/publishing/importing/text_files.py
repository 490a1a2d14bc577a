"""Bytes of unknown origin, read as text or refused with a sentence."""

from pathlib import Path

from publishing.importing.post import MAX_FILE, Unreadable

_CONTROL = set(range(32)) - {9, 10, 12, 13} | {127}


def read_text(path: Path) -> str:
    """The text of a file; line ends become "\\n". Raises `Unreadable`."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise Unreadable(f"The file has {size / 1e6:,.1f} MB; a post may have {MAX_FILE / 1e6:g} MB. Split it.")
        return decoded(path.read_bytes())
    except OSError as error:
        raise Unreadable(f"The file cannot be read: {error.strerror or error}.") from error


def decoded(data: bytes) -> str:
    """UTF-8, or Windows-1252 where that plausibly is text. Raises `Unreadable`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _unfolded(_decoded_as("utf-16", data))
    if b"\0" in data:
        raise Unreadable("The file contains NUL bytes: it is not text. Leave it out or save it as UTF-8.")
    try:
        return _unfolded(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _unfolded(_legacy(data))


def _legacy(data: bytes) -> str:
    controls = sum(byte in _CONTROL for byte in data)
    foreign = sum(byte >= 0x80 for byte in data)
    if controls or foreign * 4 > len(data):
        raise Unreadable("The file is neither UTF-8 nor plain Western text. Save it as UTF-8.")
    return _decoded_as("cp1252", data)


def _decoded_as(encoding: str, data: bytes) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"The file is not valid {encoding.upper()} text. Save it as UTF-8.") from error


def _unfolded(text: str) -> str:
    if "\0" in text:
        raise Unreadable("The text contains NUL characters. Remove them.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
