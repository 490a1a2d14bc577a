"""An article's words by name, as plain values: as a form sends them, as a draft keeps them, as they are stored."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from publishing.bodies import MAX_SOURCE, storable
from publishing.drafting import MOST_NEW
from publishing.models import Article, Byline, Image, Revision, Topic
from publishing.models.articles import BodyFormat

TEXTS = ("title", "summary", "body", "body_format", "kind", "language")
TERMS: dict[str, type[Topic] | type[Byline]] = {"topics": Topic, "bylines": Byline}
MOST_TERMS = 200
_LARGEST = 2**63 - 1


def lines(text: str) -> str:
    """With line ends as we keep them; a form has the network's."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def same_lines(one: str, other: str) -> bool:
    """Whether two texts differ in their line ends alone, or in the one at the beginning that a text area swallows."""
    return lines(one).removeprefix("\n") == lines(other).removeprefix("\n")


def sent(data: QueryDict) -> dict[str, Any]:
    """Unchecked words out of a form, as a draft keeps them. Raises ValidationError where they are too many to keep."""
    words: dict[str, Any] = {name: storable(lines(data.get(name, ""))) for name in TEXTS}
    if len(words["body"]) > MAX_SOURCE or len(words["summary"]) + len(words["title"]) > MAX_SOURCE:
        raise ValidationError(f"At most {MAX_SOURCE:,} characters are kept.")
    words["body_format"] = words["body_format"] if words["body_format"] in BodyFormat.values else BodyFormat.HTML.value
    words["lead_image"] = next(iter(_numbers([data.get("lead_image", "")])), None)
    for name in TERMS:
        words[name] = _numbers(data.getlist(name))[:MOST_TERMS]
        words[f"new_{name}"] = [storable(new)[:120] for new in data.getlist(f"new_{name}") if new.strip()][:MOST_NEW]
    return words


def stored(article: Article, filed: Mapping[str, Iterable[int]]) -> dict[str, Any]:
    """The words that readers have; `filed` are the primary keys of its topics and bylines."""
    texts = {name: getattr(article, name) for name in TEXTS}
    return {**texts, "lead_image": article.lead_image_id, **{name: list(filed[name]) for name in TERMS}}


def of_revision(revision: Revision) -> dict[str, Any]:
    """What a revision keeps; an older one kept less."""
    words = {name: getattr(revision, name) for name in ("title", "summary", "body", "body_format")}
    details = {"lead_image" if name == "lead_image_id" else name: value for name, value in revision.details.items()}
    return words | details


def shown(words: Mapping[str, Any], file_of: Any) -> dict[str, Any]:
    """The same for the browser: topics, bylines and the picture with their names, those that are there still.

    `file_of` gives a picture's address in the studio.
    """
    told: dict[str, Any] = {name: words.get(name, "") for name in TEXTS}
    for name, model in TERMS.items():
        names = dict(model.objects.filter(pk__in=words.get(name, [])).values_list("pk", "name"))
        told[name] = [{"id": pk, "name": names[pk]} for pk in words.get(name, []) if pk in names]
        told[name] += [{"id": None, "name": new} for new in words.get(f"new_{name}", [])]
    image = Image.objects.filter(pk=words["lead_image"]).first() if words.get("lead_image") else None
    told["lead_image"] = {"id": image.pk, "thumb": file_of(image), "alt": image.alt} if image else None
    return told


def _numbers(values: Iterable[str]) -> list[int]:
    """Those that could be primary keys, each once."""
    digits = (value for value in values if value.isascii() and value.isdecimal() and len(value) < 20)
    return list(dict.fromkeys(number for value in digits if 0 < (number := int(value)) <= _LARGEST))
