"""The head of a Markdown file: YAML between `---`, TOML between `+++`, or none."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any, Literal, NamedTuple

import yaml

from publishing.importing.post import Unreadable
from publishing.models.placements import FIRST, LAST

MAX_HEAD = 100_000
MAX_VALUES = 10_000
_FENCED = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(.*?)(?:^|\n)(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_OPENED = re.compile(r"\s*(---|\+\+\+)[ \t]*\n")
_FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NESTING = "[{:?-"
_MOST_NESTED = 500


class Head(NamedTuple):
    fields: Mapping[str, Any]
    body: str
    syntax: Literal["yaml", "toml", "none"]


def split(text: str) -> Head:
    """Raises `Unreadable` where a head was begun and is damaged."""
    fenced = _FENCED.match(text)
    if fenced is None:
        opened = _OPENED.match(text)
        if opened and (opened[1] == "+++" or re.match(r"[\w-]+:", text[opened.end() :])):
            raise Unreadable(f"The front matter begins with {opened[1]} and never ends. Close it with {opened[1]}.")
        return Head({}, text, "none")
    if len(fenced[2]) > MAX_HEAD:
        raise Unreadable(f"The front matter has more than {MAX_HEAD:,} characters.")
    syntax: Literal["yaml", "toml"] = "yaml" if fenced[1] == "---" else "toml"
    fields = parsed(fenced[2], syntax)
    if not isinstance(fields, dict):
        raise Unreadable("The front matter is not a list of names and values.")
    if _is_too_much(fields):
        raise Unreadable(f"The front matter has more than {MAX_VALUES:,} values.")
    return Head({str(name): value for name, value in fields.items()}, text[fenced.end() :], syntax)


def parsed(head: str, syntax: Literal["yaml", "toml"]) -> object:
    """What a head says. Raises `Unreadable` where it is damaged."""
    try:
        if syntax == "toml":
            return tomllib.loads(head)
        return yaml.load(head, _loader(head)) or {}  # noqa: S506 -- both are safe loaders
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise Unreadable(
            f"The front matter is not valid YAML{line}: {error.problem or 'it cannot be read'}."
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        raise Unreadable(f"The front matter is not valid {syntax.upper()}: {reason}.") from error


def _loader(head: str) -> Any:
    """The loader in C, save for a head that could nest so deep that C's stack ends and the process with it."""
    return _FastLoader if sum(map(head.count, _NESTING)) <= _MOST_NESTED else yaml.SafeLoader


def _is_too_much(fields: object) -> bool:
    """Whether the values, written out, are more than any head's: YAML's aliases say 2^60 in a few lines, or a cycle."""
    waiting, seen = [fields], 0
    while waiting and seen <= MAX_VALUES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return seen > MAX_VALUES


def texts(value: object) -> tuple[str, ...]:
    """One name or many, as authors write them: a string, a list, or mappings with a `name`; empty ones dropped."""
    match value:
        case Mapping():
            return texts(value.get("name") or value.get("title"))
        case Sequence() if not isinstance(value, str | bytes):
            return tuple(dict.fromkeys(text for item in value for text in texts(item)))
        case None | bool():
            return ()
        case _:
            return (folded,) if (folded := " ".join(str(value).split())) else ()


def words(value: object) -> tuple[str, ...]:
    """Tags: a list, or a string parted by commas or, as Jekyll has it, by spaces."""
    if not isinstance(value, str):
        return texts(value)
    return texts(value.split(",") if "," in value else value.split())


def text(value: object) -> str:
    return next(iter(texts(value)), "")


def moment(value: object, time_zone: tzinfo) -> datetime | None:
    """An aware moment; a day means its midnight, and `time_zone` is meant where none is named. Raises `Unreadable`.

    The year 1 is how Hugo writes that there is no date.
    """
    match value:
        case None | "" | False:
            return None
        case datetime():
            return _in_range(value if value.tzinfo else value.replace(tzinfo=time_zone)) if value.year > 1 else None
        case date():
            return moment(datetime.combine(value, time()), time_zone)
        case str():
            return moment(_from_text(value.strip()), time_zone)
        case _:
            raise Unreadable(f"The date {str(value)[:60]!r} is not a date. Write it as 2024-03-31 12:00.")


def is_true(value: object) -> bool:
    """Booleans as Hugo reads them: also as text, also as a number."""
    return str(value).strip().lower() in ("true", "t", "1")


def is_false(value: object) -> bool:
    return str(value).strip().lower() in ("false", "f", "0")


def _in_range(value: datetime) -> datetime:
    if FIRST <= value < LAST:
        return value
    raise Unreadable(f"The date {value.date()} lies outside of the years {FIRST.year} to {LAST.year - 1}. Correct it.")


def _from_text(value: str) -> datetime:
    offset = re.sub(r"\s+(?:UTC|GMT|Z)$", "+00:00", value)
    offset = re.sub(r"\s+([+-]\d\d):?(\d\d)$", r"\1:\2", offset)
    padded = re.sub(r"(?<=[-T ])(\d)(?=[-:T ]|$)", r"0\1", offset)
    try:
        return datetime.fromisoformat(padded)
    except ValueError as error:
        raise Unreadable(f"The date {value[:60]!r} is not a date. Write it as 2024-03-31 12:00.") from error
