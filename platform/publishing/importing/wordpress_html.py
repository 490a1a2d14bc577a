"""WordPress's own notation in a body (paragraphs by blank lines, shortcodes, block comments), written as HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Attachment:
    url: str
    title: str
    parent: str


_BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|address"
    "|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|details|summary"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BLOCK_COMMENT = re.compile(r"<!-- wp:")
_KEPT = re.compile(r"<(pre|script|style|textarea)\b.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_BEFORE_BLOCK = re.compile(rf"(<(?:{_BLOCKS})\b[^>]*>)", re.IGNORECASE)
_AFTER_BLOCK = re.compile(rf"(</(?:{_BLOCKS})>|<hr\b[^>]*>)", re.IGNORECASE)
_STARTS_WITH_BLOCK = re.compile(rf"\s*</?(?:{_BLOCKS})\b", re.IGNORECASE)
_CAPTION = re.compile(r"\[(caption|wp_caption)\b([^\]]*)\](.*?)\[/\1\]", re.DOTALL)
_PICTURE = re.compile(r"((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", re.DOTALL)
_GALLERY = re.compile(r"\[gallery\b([^\]]*)\]")
_CODE = re.compile(r"\[(code|sourcecode)\b[^\]]*\](.*?)\[/\1\]", re.DOTALL)
_EMBED = re.compile(r"\[embed\b[^\]]*\]\s*(\S+?)\s*\[/embed\]")
_MEDIA = re.compile(
    r"\[(?:audio|video|playlist|youtube|vimeo|wpvideo|googlemaps|soundcloud|tweet)\b[=\s]*([^\]]*)\](?:\s*\[/(?:audio|video)\])?"
)
_PLAYER = re.compile(r"<(video|audio|iframe)\b([^>]*)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_LONE_URL = re.compile(r"^[ \t]*(?:<p>)?[ \t]*(https?://[^\s<>\"]+)[ \t]*(?:</p>)?[ \t]*$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>\]]+))")
_OPENING = re.compile(r"<[a-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_CLASS = re.compile(r"\sclass\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.IGNORECASE)
_ALIGNED = re.compile(r"\balign(left|right|center)\b")
_ALIGNED_STYLE = re.compile(r"\sstyle=\"[^\"]*text-align:\s*(left|right|center)[^\"]*\"", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\"'\]]+")
_LINE_END = re.compile(r"(?<!<br>)(?<!<br/>)(?<!<br />)\n")
_GAP = re.compile(r"\n\s*\n")


def to_html(body: str, *, post_id: str, attachments: Mapping[str, Attachment]) -> str:
    """HTML for the sanitiser. Block-editor bodies are HTML already; classic ones get their paragraphs."""
    has_blocks = bool(_BLOCK_COMMENT.search(body))
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    body = _CODE.sub(lambda code: f"<pre>{escape(unescape(code[2].strip(chr(10))))}</pre>", body)
    body = _COMMENT.sub("", body)
    body = _CAPTION.sub(_figure, body)
    body = _GALLERY.sub(lambda gallery: _gallery(gallery[1], post_id, attachments), body)
    body = _PLAYER.sub(lambda player: _link(_attributes(player[2]).get("src", "")), body)
    body = _EMBED.sub(lambda embed: f"\n\n{_link(embed[1])}\n\n", body)
    body = _MEDIA.sub(lambda media: _link(_first_address(media[1])), body)
    body = _LONE_URL.sub(lambda line: f"<p>{_link(line[1])}</p>", body)
    body = _OPENING.sub(lambda tag: _aligned(tag[0]), body) if "align" in body else body
    return body if has_blocks else paragraphs(body)


def _aligned(tag: str) -> str:
    """WordPress's names of alignments as the sanitiser's; a class or a style says them, and no word of the text."""
    tag = _CLASS.sub(lambda written: _ALIGNED.sub(r"align-\1", written[0]), tag)
    return _ALIGNED_STYLE.sub(r' class="align-\1"', tag)


def paragraphs(body: str) -> str:
    """Blank lines part paragraphs, single line ends break lines, as WordPress shows classic posts."""
    kept: list[str] = []
    body = body.replace("\ufdd2", "")
    body = _KEPT.sub(lambda block: _keep(block[0], kept), body)
    body = _AFTER_BLOCK.sub(r"\1\n\n", _BEFORE_BLOCK.sub(r"\n\n\1", body))
    written = [_paragraph(part.strip()) for part in _GAP.split(body) if part.strip()]
    return re.sub("\ufdd2(\\d+)\ufdd2", lambda mark: kept[int(mark[1])], "\n".join(written))


def _paragraph(part: str) -> str:
    if _STARTS_WITH_BLOCK.match(part):
        return part
    if re.fullmatch("\ufdd2\\d+\ufdd2", part):
        return part
    return f"<p>{_LINE_END.sub('<br>', part)}</p>"


def _keep(block: str, kept: list[str]) -> str:
    kept.append(block)
    return f"\n\n\ufdd2{len(kept) - 1}\ufdd2\n\n"


def _figure(shortcode: re.Match[str]) -> str:
    attributes = _attributes(shortcode[2])
    shown = _PICTURE.match(shortcode[3].strip())
    picture, words = (shown[1], shown[2]) if shown else (shortcode[3], "")
    caption = attributes.get("caption") or words.strip()
    side = attributes.get("align", "").removeprefix("align")
    opening = f'<figure class="align{side}">' if side in ("left", "right", "center") else "<figure>"
    return f"\n\n{opening}{picture.strip()}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>\n\n"


def _gallery(written: str, post_id: str, attachments: Mapping[str, Attachment]) -> str:
    ids = re.findall(r"\d+", _attributes(written).get("ids", ""))
    chosen = [attachments[one] for one in ids if one in attachments]
    if not ids:
        chosen = [one for one in attachments.values() if one.parent == post_id and _is_picture(one.url)]
    images = "".join(f'<img src="{escape(one.url)}" alt="{escape(one.title)}">' for one in chosen)
    return f'\n\n<figure class="gallery">{images}</figure>\n\n' if images else ""


def _is_picture(url: str) -> bool:
    return urlsplit(url).path.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"))


def _link(url: str) -> str:
    """What played inside the page is a link here: nothing foreign runs in a reader's page."""
    plain = unescape(url)
    if plain.startswith("//"):
        plain = f"https:{plain}"
    return f'<a href="{escape(plain)}">{escape(plain)}</a>' if _ADDRESS.fullmatch(plain) else ""


def _first_address(arguments: str) -> str:
    found = _ADDRESS.search(arguments)
    return found[0] if found else ""


def _attributes(written: str) -> dict[str, str]:
    return {name.lower(): double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(written)}
