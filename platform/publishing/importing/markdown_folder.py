"""Folders of Markdown as Jekyll, Hugo and Zola keep them, or one such file."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from publishing.bodies import BodyFormat, render
from publishing.importing import front_matter, image_refs, kramdown, liquid, shortcodes
from publishing.importing.post import (
    Found,
    ImageRef,
    Post,
    Settings,
    Status,
    Unreadable,
    guarded,
    paths_of,
    source_id_of,
)
from publishing.importing.text_files import read_text
from publishing.slugs import slug_from

MARKDOWN = {".md", ".markdown", ".mdown", ".mkd"}
_SKIPPED_FOLDERS = {
    "_includes",
    "_layouts",
    "_site",
    "_data",
    "_sass",
    "node_modules",
    "themes",
    "archetypes",
    "layouts",
}
_SKIPPED_FILES = {"_index.md", "readme.md", "license.md", "contributing.md", "code_of_conduct.md", "changelog.md"}
_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[-_](.+)")
_LIQUID_TAG = re.compile(r"\{%-?\s*(?:assign|include|capture|comment|raw|highlight|if|for|link|post_url)\b")
_FIRST_HEADING = re.compile(r"\A\s*#\s+([^\n]+?)[ \t#]*(?:\n|\Z)|\A\s*([^\n]+)\n=+[ \t]*(?:\n|\Z)")


def read(source: Path, settings: Settings) -> Iterator[Found]:
    """Every post below the folder, in the order of their paths; one file is in memory at a time."""
    root = source if source.is_dir() else source.parent
    files = _files(source) if source.is_dir() else iter([source])
    for file in files:
        name = file.relative_to(root).as_posix()
        yield guarded(name, partial(_post, file, root, name, settings))


def count(source: Path) -> int:
    return sum(1 for _ in _files(source)) if source.is_dir() else 1


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED_FOLDERS)
        for name in sorted(names):
            if (
                Path(name).suffix.lower() in MARKDOWN
                and not name.startswith(".")
                and name.lower() not in _SKIPPED_FILES
            ):
                yield Path(parent) / name


def _post(file: Path, root: Path, name: str, settings: Settings) -> Post:
    if not file.resolve().is_relative_to(root.resolve()):
        raise Unreadable("The file is a symbolic link that leads out of the folder. Copy the file itself.")
    head = front_matter.split(read_text(file))
    extra = _mapping(head.fields, "extra") | _mapping(head.fields, "params")
    fields = {**extra, **head.fields}
    title, body = _title(fields, head.body, file)
    body, warnings = _body(fields, body, head.syntax, file)
    when = _timing(fields, _DATED.fullmatch(file.stem), settings.time_zone, is_draft=_is_draft(fields, file))
    pictures = _Pictures(root, file.parent)
    body = image_refs.replace(body, "markdown", pictures.resolve)
    lead = pictures.lead(fields)
    dated = _DATED.fullmatch(file.stem)
    named = dated[4] if dated else file.parent.name if file.stem == "index" and file.parent != root else file.stem
    return Post(
        source_id=source_id_of("markdown", settings.origin, name),
        source=name,
        title=title,
        slug=slug_from(front_matter.text(fields.get("slug")), named, title),
        summary=_summary(fields),
        body=body,
        body_format=_FORMAT,
        published_at=when.published_at,
        expires_at=when.expires_at,
        status=when.status,
        kind="page" if fields.get("layout") == "page" or fields.get("type") == "page" else "article",
        language=front_matter.text(fields.get("lang") or fields.get("language")) or None,
        bylines=front_matter.texts(fields.get("authors")) or front_matter.texts(fields.get("author")),
        topics=_topics(fields),
        permalinks=_permalinks(fields),
        images=tuple(pictures.found.values()),
        lead_image=lead,
        warnings=(*when.warnings, *warnings, *pictures.warnings),
    )


_FORMAT: BodyFormat = "markdown"


def _mapping(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = fields.get(name)
    return dict(value) if isinstance(value, Mapping) else {}


def _title(fields: Mapping[str, Any], body: str, file: Path) -> tuple[str, str]:
    if title := front_matter.text(fields.get("title")):
        return title, body
    if heading := _FIRST_HEADING.match(body):
        return (heading[1] or heading[2]).strip(), body[heading.end() :]
    named = _DATED.fullmatch(file.stem)
    return (named[4] if named else file.stem).replace("-", " ").replace("_", " ").capitalize(), body


def _body(fields: Mapping[str, Any], body: str, syntax: str, file: Path) -> tuple[str, list[str]]:
    warnings: list[str] = []
    if shortcodes.are_in(body, syntax):
        body, lost = shortcodes.rendered(body, syntax)
        warnings += [f"{lost} shortcodes were left out."] if lost else []
    elif _is_jekyll(fields, body, syntax, file):
        rendered = liquid.render(body, fields)
        body, unknown = kramdown.without_unknown(rendered.text)
        body = kramdown.to_markdown(body)
        warnings += (
            [f"{rendered.includes} includes were left out: their files are not part of the post."]
            if rendered.includes
            else []
        )
        warnings += [f"{unknown} values of the site's configuration are not known."] if unknown else []
    body, undefined = kramdown.with_all_references(body)
    warnings += [f"{undefined} links have no address: their words are shown as text."] if undefined else []
    return body.strip("\n") + "\n", warnings


def _is_jekyll(fields: Mapping[str, Any], body: str, syntax: str, file: Path) -> bool:
    known = "layout" in fields or "permalink" in fields or _DATED.fullmatch(file.stem) or _LIQUID_TAG.search(body)
    return syntax == "yaml" and bool(known)


class _Timing(NamedTuple):
    published_at: datetime | None
    expires_at: datetime | None
    status: Status
    warnings: tuple[str, ...] = ()


def _timing(fields: Mapping[str, Any], dated: re.Match[str] | None, zone: tzinfo, *, is_draft: bool) -> _Timing:
    """From the later of the dates on, as Hugo has it, else from that in the file's name; until it expires."""
    folded = {name.lower(): value for name, value in fields.items()}
    begins = _moments(folded, ("date", "publishdate", "pubdate"), zone)
    published = max(begins) if begins else front_matter.moment(_date_of_name(dated), zone)
    expires = next(iter(_moments(folded, ("expirydate", "unpublishdate"), zone)), None)
    if expires and expires <= (published or datetime.now(UTC)):
        return _Timing(published, None, "draft", ("It expires before it is shown, so it is a draft here.",))
    return _Timing(published, expires, "draft" if is_draft else "published")


def _moments(fields: Mapping[str, Any], names: Sequence[str], zone: tzinfo) -> list[datetime]:
    return [moment for name in names if (moment := front_matter.moment(fields.get(name), zone))]


def _date_of_name(dated: re.Match[str] | None) -> date | None:
    try:
        return date(int(dated[1]), int(dated[2]), int(dated[3])) if dated else None
    except ValueError as error:
        raise Unreadable("The file's name begins with a date that no calendar has. Rename the file.") from error


def _is_draft(fields: Mapping[str, Any], file: Path) -> bool:
    is_draft = front_matter.is_true(fields.get("draft")) or front_matter.is_false(fields.get("published"))
    return is_draft or file.parent.name == "_drafts"


def _topics(fields: Mapping[str, Any]) -> tuple[str, ...]:
    taxonomies = _mapping(fields, "taxonomies")
    sources = (fields, taxonomies)
    named = [
        topic
        for one in sources
        for key in ("categories", "category", "tags")
        for topic in front_matter.words(one.get(key))
    ]
    content_type = front_matter.text(fields.get("type"))
    if not named and content_type not in ("", "post", "posts", "page"):
        named = [content_type]
    return tuple(dict.fromkeys(named))


def _permalinks(fields: Mapping[str, Any]) -> tuple[str, ...]:
    written = (fields.get(key) for key in ("permalink", "url", "aliases", "redirect_from", "path"))
    return paths_of([path for value in written for path in front_matter.texts(value)])


def _summary(fields: Mapping[str, Any]) -> str:
    written = next(
        (text for key in ("excerpt", "summary", "description") if (text := front_matter.text(fields.get(key)))), ""
    )
    return render(liquid.render(written, fields).text.replace(liquid.UNKNOWN, ""), "markdown").text


class _Pictures:
    """The pictures of one post, resolved once each."""

    def __init__(self, root: Path, beside: Path) -> None:
        self.root, self.beside = root, beside
        self.found: dict[str, ImageRef] = {}
        self.warnings: list[str] = []

    def resolve(self, ref: str, alt: str) -> str | None:
        if image_refs.is_on_the_web(ref):
            self.found.setdefault(ref, ImageRef(ref=ref, path=None, alt=alt))
            return ref
        path = self._local(ref)
        if path is None:
            return None
        self.found.setdefault(ref, ImageRef(ref=ref, path=path, alt=alt))
        return ref

    def _local(self, ref: str) -> Path | None:
        try:
            path = image_refs.local_file(ref, self.root, self.beside)
        except (OSError, ValueError):
            self.warnings.append(f"The image {ref[:200]!r} leads out of the folder and was refused.")
            return None
        if path is None:
            self.warnings.append(f"The image {ref[:200]!r} is missing.")
        return path

    def lead(self, fields: Mapping[str, Any]) -> ImageRef | None:
        for key in ("image", "featured_image", "cover", "header", "lead_image", "thumbnail", "featuredImage"):
            value = fields.get(key)
            if isinstance(value, Mapping):
                value = next(
                    (
                        value[k]
                        for k in ("path", "src", "url", "image", "feature", "relative")
                        if isinstance(value.get(k), str)
                    ),
                    None,
                )
            if isinstance(value, str) and value and not image_refs.is_on_the_web(value):
                path = self._local(value)
                return ImageRef(ref=value, path=path, alt="") if path else None
        return None
