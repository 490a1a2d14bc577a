"""Hugo's and Zola's shortcodes: a figure stays a picture, a body stays text, the rest cannot be known."""

import re

from publishing.importing.kramdown import sub_in_prose

_HIGHLIGHT = re.compile(r"\{\{[<%]\s*highlight\s+\"?(\w*)\"?[^{}]*[>%]\}\}")
_HIGHLIGHT_END = re.compile(r"\{\{[<%]\s*/\s*highlight\s*[>%]\}\}")
_HUGO = re.compile(r"\{\{([<%])\s*(/?)\s*([\w/.-]+)((?:[^{}\"`]|\"[^\"]*\"|`[^`]*`)*?)/?\s*[>%]\}\}")
_ZOLA_CALL = re.compile(r"\{\{\s*(\w+)\(((?:[^(){}\"]|\"[^\"]*\")*)\)\s*\}\}")
_ZOLA_BLOCK = re.compile(r"\{%\s*(?:\w+\((?:[^(){}\"]|\"[^\"]*\")*\)|end)\s*%\}")
_ARGUMENT = re.compile(r"(\w+)\s*=\s*(?:\"([^\"]*)\"|`([^`]*)`|'([^']*)'|([^\s,\"'`]+))")
_FIRST = re.compile(r"\s*\"?([^\s\"]+)\"?")
_VIDEOS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}


def are_in(body: str, syntax: str) -> bool:
    return (
        "{{<" in body
        or "{{%" in body
        or (syntax == "toml" and bool(_ZOLA_CALL.search(body) or _ZOLA_BLOCK.search(body)))
    )


def rendered(body: str, syntax: str) -> tuple[str, int]:
    """The body without shortcodes, and how many were lost; inside of code they are samples, and stay."""
    lost = 0

    def written(name: str, arguments: str) -> str:
        nonlocal lost
        text = _known(name, arguments)
        lost += text is None
        return text or ""

    body = _fenced(body)
    body = sub_in_prose(_HUGO, lambda code: "" if code[2] else written(code[3], code[4]), body)
    if syntax == "toml":
        body = sub_in_prose(_ZOLA_CALL, lambda code: written(code[1], code[2]), body)
        body = sub_in_prose(_ZOLA_BLOCK, lambda _: "", body)
    return body, lost


def _fenced(body: str) -> str:
    body = sub_in_prose(_HIGHLIGHT, lambda code: f"```{code[1]}", body)
    return sub_in_prose(_HIGHLIGHT_END, lambda _: "```", body)


def _known(name: str, arguments: str) -> str | None:
    named = {found[0]: "".join(found[1:]) for found in _ARGUMENT.findall(arguments)}
    first = _FIRST.match(arguments)
    match name:
        case "figure" | "img" | "image" if "src" in named:
            caption = named.get("caption") or named.get("title")
            return f"![{named.get('alt', caption or '')}](<{named['src']}>)" + (f"\n\n*{caption}*" if caption else "")
        case "youtube" | "vimeo":
            address = _VIDEOS[name] + (named.get("id") or (first[1] if first and not named else ""))
            return f"<{address}>"
        case "ref" | "relref":
            return "" if first is None else first[1]
        case "notice" | "details" | "quote" | "callout" | "admonition":
            return ""
        case _:
            return None
