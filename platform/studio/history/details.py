"""What a revision keeps beside the words, in words: language, lead picture, topics, bylines."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from publishing.auditing import events
from publishing.models import Byline, Image, Revision, Topic


class Detail(NamedTuple):
    label: str
    value: str


class Difference(NamedTuple):
    """Of a detail: what it was, what it became."""

    label: str
    old: str
    new: str


class Details:
    """Of these revisions. Three statements, and one for pictures that are gone."""

    def __init__(self, revisions: Iterable[Revision]) -> None:
        kept = [revision.details for revision in revisions]
        self._topics = Topic.objects.in_bulk({key for one in kept for key in one.get("topics", ())})
        self._bylines = Byline.objects.in_bulk({key for one in kept for key in one.get("bylines", ())})
        pictures = {one["lead_image_id"] for one in kept if one.get("lead_image_id")}
        self._images = {key: image.name for key, image in Image.objects.in_bulk(pictures).items()}
        if gone := pictures - self._images.keys():
            left = events("Image").filter(pgh_obj_id__in=gone, pgh_label="delete").values_list("pgh_obj_id", "name")
            self._images |= {key: f"{name} (deleted since)" for key, name in left}

    def of(self, revision: Revision) -> list[Detail]:
        """Empty of a revision from before details were kept."""
        kept = revision.details
        if not kept:
            return []
        named = kept.get("names", {})
        image = kept.get("lead_image_id")
        return [
            Detail("Language", kept.get("language") or "that of the site"),
            Detail(
                "Lead picture", self._images.get(image, f"one that was deleted since ({image})") if image else "none"
            ),
            Detail("Topics", _names(kept.get("topics", ()), self._topics, named.get("topics", {}))),
            Detail("Bylines", _names(kept.get("bylines", ()), self._bylines, named.get("bylines", {}))),
        ]

    def between(self, old: Revision, new: Revision) -> list[Difference]:
        before = {detail.label: detail.value for detail in self.of(old)}
        return [
            Difference(detail.label, before[detail.label], detail.value)
            for detail in self.of(new)
            if detail.label in before and before[detail.label] != detail.value
        ]


def _names(keys: Iterable[int], there: dict[int, Any], named: dict[str, str]) -> str:
    """`named` has the names that were kept with the revision, by key, for what was deleted since."""
    found = [
        str(there[key]) if key in there else f"{named.get(str(key), f'number {key}')} (deleted since)" for key in keys
    ]
    return ", ".join(found) or "none"
