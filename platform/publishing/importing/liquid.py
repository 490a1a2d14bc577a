"""The part of Liquid that a Jekyll site's posts use: assign, capture, comment, raw, highlight, if, unless, for, output.

What a post takes from files that are not there (`include`, `site.…`) cannot be known: an include is left out, and an
unknown value becomes `UNKNOWN`, which the caller resolves.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from publishing.bodies import MAX_SOURCE
from publishing.importing.post import Unreadable

UNKNOWN = "\ufdd0"
"""Stands in the result for a value that is not known: a code point that Unicode keeps out of all text."""

_TOKEN = re.compile(
    r"\{%-?\s*(\w+)((?:(?!\{%).)*?)-?%\}|\{\{-?(?![<%])((?:(?!\{\{).)*?)-?\}\}", re.DOTALL
)  # never past the next opening, so that time grows with the length only
_ASSIGN = re.compile(r"\s*([\w-]+)\s*=(.*)", re.DOTALL)
_FOR = re.compile(r"\s*([\w-]+)\s+in\s+(.+)", re.DOTALL)
_COMPARISON = re.compile(r"(.+?)\s*(==|!=|\bcontains\b)\s*(.+)", re.DOTALL)
_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_BETWEEN_PIPES = re.compile(r"(?:[^|\"']|\"[^\"]*\"|'[^']*'|[\"'])+")
_KNOWN_EMPTY = {"site.baseurl", "site.url"}
_STATEMENTS = {
    "include", "include_relative", "include_cached", "link", "post_url", "seo", "feed_meta", "gist",
}  # fmt: skip
_MAX_STEPS = 100_000
_MAX_CONDITION = 2_000
_MAX_DEPTH = 100


@dataclass(slots=True)
class Rendered:
    text: str
    includes: int


def render(source: str, page: Mapping[str, Any]) -> Rendered:
    """Raises `Unreadable` where the result would grow beyond any post."""
    if "{%" not in source and "{{" not in source:
        return Rendered(source, 0)
    run = _Run(list(_tokens(source)), {"page": page})
    return Rendered(run.until(set()), run.includes)


def _tokens(source: str) -> Iterator[str | re.Match[str]]:
    position = 0
    for token in _TOKEN.finditer(source):
        yield source[position : token.start()]
        yield token
        position = token.end()
    yield source[position:]


@dataclass(slots=True)
class _Run:
    tokens: Sequence[str | re.Match[str]]
    scope: dict[str, Any]
    position: int = 0
    includes: int = 0
    steps: int = 0
    depth: int = 0
    ended_by: str = field(default="", init=False)

    def until(self, ends: set[str]) -> str:
        """Runs on to one of these tags or the end of the source."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Unreadable(f"Its Liquid tags are nested more than {_MAX_DEPTH} deep. Flatten them.")
        try:
            return self._until(ends)
        finally:
            self.depth -= 1

    def _until(self, ends: set[str]) -> str:
        parts: list[str] = []
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            self._count()
            if isinstance(token, str):
                parts.append(token)
            elif token[1] is None:
                parts.append(_shown(self.value(token[3])))
            elif token[1] in ends:
                self.ended_by = token[1]
                return "".join(parts)
            else:
                parts.append(self._tag(token[1], token[2], token[0]))
        if ends:
            raise Unreadable(f"A Liquid tag is never closed by {min(ends)}. Close it.")
        self.ended_by = ""
        return "".join(parts)

    def _as_written_until(self, end: str) -> str:
        parts: list[str] = []
        for token in self.tokens[self.position :]:
            self.position += 1
            if not isinstance(token, str) and token[1] == end:
                return "".join(parts)
            parts.append(token if isinstance(token, str) else token[0])
        raise Unreadable(f"A Liquid tag is never closed by {end}. Close it.")

    def _count(self) -> None:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise Unreadable("Its Liquid loops write more than any post holds.")

    def _tag(self, name: str, arguments: str, as_written: str) -> str:
        match name:
            case "assign":
                if assigned := _ASSIGN.match(arguments):
                    self.scope[assigned[1]] = self.value(assigned[2])
                return ""
            case "capture":
                captured = self.until({"endcapture"})
                self.scope[arguments.strip().strip("\"'")] = captured[:MAX_SOURCE]
                return ""
            case "comment" | "raw":
                written = self._as_written_until(f"end{name}")
                return written if name == "raw" else ""
            case "highlight":
                code = self._as_written_until("endhighlight").strip("\n")
                return f"```{next(iter(arguments.split()), '')}\n{code}\n```"
            case "if" | "unless":
                return self._branches(self.holds(arguments) == (name == "if"))
            case "for":
                return self._loop(arguments)
            case _ if name in _STATEMENTS:
                self.includes += 1
                return UNKNOWN if name in ("link", "post_url") else ""
            case _:
                return "" if name.startswith("end") else as_written

    def _branches(self, taken: bool) -> str:
        result, done = "", False
        while True:
            before = dict(self.scope)
            block = self.until({"else", "elsif", "endif", "endunless"})
            if taken and not done:
                result, done = block, True
            else:
                self.scope = before
            if self.ended_by not in ("else", "elsif"):
                return result
            tag = self.tokens[self.position - 1]
            taken = self.ended_by == "else" or (not isinstance(tag, str) and self.holds(tag[2]))

    def _loop(self, arguments: str) -> str:
        start, parts = self.position, []
        looped = _FOR.match(arguments)
        name, expression = looped.groups() if looped else ("", "")
        items = self.value(expression)
        for item in items if isinstance(items, list) else []:
            self.position = start
            self.scope[name] = item
            parts.append(self.until({"endfor"}))
        if not parts:
            self.until({"endfor"})
        return "".join(parts)

    def holds(self, condition: str) -> bool:
        if len(condition) > _MAX_CONDITION:
            raise Unreadable(f"A Liquid condition has more than {_MAX_CONDITION:,} characters. Shorten it.")
        if compared := _COMPARISON.fullmatch(condition.strip()):
            left, right = self.value(compared[1]), self.value(compared[3])
            if compared[2] == "contains":
                return isinstance(left, str | list) and right in left
            return bool(left == right) == (compared[2] == "==")
        value = self.value(condition)
        return value is not None and value is not False

    def value(self, expression: str) -> Any:
        """What an expression with its filters is; None where that is not known."""
        first, *filters = _BETWEEN_PIPES.findall(expression) or [""]
        value = self._operand(first.strip())
        for step in filters:
            name, _, argument = step.strip().partition(":")
            arguments = [self._operand(part.strip()) for part in _split_arguments(argument)]
            value = _filtered(value, name.strip(), arguments)
        return value

    def _operand(self, expression: str) -> Any:
        if quoted := _STRING.fullmatch(expression):
            return quoted[1] if quoted[1] is not None else quoted[2]
        if re.fullmatch(r"-?\d{1,15}", expression):
            return int(expression)
        if expression in ("true", "false"):
            return expression == "true"
        if expression in _KNOWN_EMPTY:
            return ""
        value: Any = self.scope
        for name in expression.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value


def _split_arguments(argument: str) -> list[str]:
    return [part[0] for part in re.finditer(r"\s*(?:\"[^\"]*\"|'[^']*'|[^,])+", argument)]


def _shown(value: Any) -> str:
    match value:
        case None:
            return UNKNOWN
        case bool():
            return str(value).lower()
        case str() | int() | float() | datetime() | date():
            return str(value)
        case list():
            return "".join(_shown(item) for item in value[:1000] if isinstance(item, str | int))
        case _:
            return UNKNOWN


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "size": len,
    "upcase": lambda text: str(text).upper(),
    "downcase": lambda text: str(text).lower(),
    "capitalize": lambda text: str(text).capitalize(),
    "strip": lambda text: str(text).strip(),
    "append": lambda text, more: f"{text}{more}",
    "prepend": lambda text, more: f"{more}{text}",
    "replace": lambda text, old, new: str(text).replace(str(old), str(new)),
    "remove": lambda text, old: str(text).replace(str(old), ""),
    "plus": lambda number, more: int(number) + int(more),
    "minus": lambda number, less: int(number) - int(less),
    "date": lambda value, form: _date(value, str(form)),
    "first": lambda items: items[0],
    "last": lambda items: items[-1],
    "join": lambda items, between: str(between).join(map(str, items)),
    "split": lambda text, between: str(text).split(str(between)),
    "sort": lambda items, key="": sorted(items, key=lambda item: str(item.get(key) if key else item)),
    "sort_natural": lambda items, key="": sorted(items, key=lambda item: str(item.get(key) if key else item).lower()),
    "relative_url": lambda text: text,
    "absolute_url": lambda text: text,
    "escape": lambda text: text,
    "strip_html": lambda text: re.sub(r"<[^>]*>", "", str(text)),
    "markdownify": lambda text: text,
}


def _filtered(value: Any, name: str, arguments: Sequence[Any]) -> Any:
    if name == "default":
        return value if value not in (None, "", False) else next(iter(arguments), None)
    if value is None or name not in _FILTERS:
        return None
    try:
        result = _FILTERS[name](value, *arguments)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
        return None
    return result[:MAX_SOURCE] if isinstance(result, str) else result


def _date(value: Any, form: str) -> Any:
    if isinstance(value, int):
        value = datetime(1970, 1, 1) + timedelta(seconds=value)  # noqa: DTZ001 -- Liquid's own clock has no zone
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if form == "%s":
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        return int((moment.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
    return value.strftime(form[:100])
