"""Taking an article back everywhere, and undoing that: recall_everywhere, undo.

Each is one transaction and expects an active tenant scope. `publishing.placing.recall` does the taking back; here it is
written down how everything stood before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing.arranging import refuse_unready
from publishing.models import Article, Placement, Recall
from publishing.permission import Allowed, refuse_unless
from publishing.placing import elect_canonical, hold, recall
from tenants.models import User

Status = Placement.Status


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a recall did, by domain: the sites that have the article again, and why others were left as they
    are. `canonical` says why the canonical mark is another's now, or is empty; `rewritten`, whether the article was
    changed since, and is back as it is now."""

    restored: list[Site] = field(default_factory=list)
    left: list[tuple[Site, str]] = field(default_factory=list)
    canonical: str = ""
    rewritten: bool = False


class PlacedMeanwhile(ValidationError):
    """The article is published on other sites than those that were looked at."""


@transaction.atomic
def recall_everywhere(
    *, article: Article, by: User | None = None, expected: frozenset[int] | None = None
) -> Recall:  # fmt: skip
    """Take an article back from every site at once, so that it can be undone. `expected` are the placements, by primary
    key, that were looked at. Raises PlacedMeanwhile where they are others, ValidationError where there are none."""
    hold([article])
    placements = published(article)
    if expected is not None and expected != {placement.pk for placement in placements}:
        raise PlacedMeanwhile(f"Meanwhile “{article}” was placed somewhere, or taken off: look again.")
    before = [
        {"placement": placement.pk, "status": placement.status, "is_canonical": placement.is_canonical}
        for placement in placements
    ]
    if not before:
        raise ValidationError(f"“{article}” is published nowhere: there is nothing to recall.")
    recall(article=article)
    return Recall.objects.create(
        tenant_id=article.tenant_id, article=article, before=before, recalled_by=by, recalled_at=timezone.now()
    )


@transaction.atomic
def undo(*, recalled: Recall, by: User | None = None, allowed: Allowed | None = None) -> Undone:
    """Put an article back where it was before a recall: published or scheduled, with the canonical mark where it was.

    What was changed since on a site is left as it is, and told. Raises ValidationError where the recall was undone
    already, where a later one stands, and where the words were changed since and may not be published as they are.
    """
    hold([recalled.article])
    recalled.refresh_from_db()
    article = Article.objects.select_related("tenant").get(pk=recalled.article_id)
    refuse_unless(allowed, article)
    _refuse_undoing(recalled, article)
    done = _restore(recalled, article)
    recalled.undone_by, recalled.undone_at = by, timezone.now()
    recalled.save(update_fields=["undone_by", "undone_at"])
    return done


def published(article: Article) -> list[Placement]:
    """Where it is published or scheduled, by domain: what a recall takes back."""
    placements = Placement.objects.filter(article=article, status=Status.PUBLISHED)
    return list(placements.select_related("site").order_by("site__domain"))


def standing_recall(article: Article) -> Recall | None:
    """The article's latest recall, if that has not been undone."""
    latest = Recall.objects.filter(article=article).select_related("recalled_by").order_by("-pk").first()
    return latest if latest and latest.undone_at is None else None


def recalled_from(recalled: Recall) -> list[Placement]:
    """The placements that a recall took back, as they are now, by domain."""
    keys = [entry["placement"] for entry in recalled.before]
    return list(Placement.objects.filter(pk__in=keys).select_related("site").order_by("site__domain"))


def would_return(recalled: Recall, placements: Iterable[Placement]) -> list[Placement]:
    """Of these placements of the article those that undoing the recall would publish again."""
    keys = {entry["placement"] for entry in recalled.before}
    return [one for one in placements if one.pk in keys and not _changed(one, recalled)]


def _refuse_undoing(recalled: Recall, article: Article) -> None:
    if recalled.undone_at:
        raise ValidationError(f"The recall of “{article}” has been undone already.")
    if Recall.objects.filter(article=article, pk__gt=recalled.pk).exists():
        raise ValidationError(f"“{article}” was recalled once more since then: only its latest recall can be undone.")
    if article.updated_at > recalled.recalled_at:
        refuse_unready(article)


def _restore(recalled: Recall, article: Article) -> Undone:
    """Within the deed, which holds the article already."""
    done = Undone()
    now = {placement.pk: placement for placement in recalled_from(recalled)}
    restored, canonical = [], None
    for entry in recalled.before:
        placement = now.get(entry["placement"])
        if placement is None:
            continue  # its site is gone, or somebody deleted it: there is nothing to leave, and nobody to tell
        if changed := _changed(placement, recalled):
            done.left.append((placement.site, changed))
        else:
            restored.append(placement)
        if entry["is_canonical"]:
            canonical = placement
    # Who has the mark now got it by what was done since.
    taken = Placement.objects.filter(article=article, is_canonical=True).select_related("site").first()
    Placement.objects.filter(pk__in=[placement.pk for placement in restored]).update(status=Status.PUBLISHED)
    elect_canonical(article=article, prefer=taken or canonical)
    said = f"{taken.site.name} keeps the canonical mark: it was published there since." if taken else ""
    restored.sort(key=lambda placement: placement.site.domain)
    return Undone(
        [placement.site for placement in restored],
        sorted(done.left, key=lambda one: one[0].domain),
        said if canonical and taken and taken.pk != canonical.pk else "",
        rewritten=article.updated_at > recalled.recalled_at,
    )


def _changed(placement: Placement, recalled: Recall) -> str:
    """What was done to it since the recall, or nothing. A recall leaves behind what was recalled, and, of what had not
    appeared yet, what was unpublished."""
    appeared = placement.go_live is not None and placement.go_live <= recalled.recalled_at
    if placement.status == (Status.RECALLED if appeared else Status.UNPUBLISHED):
        return ""
    since = {Status.PUBLISHED: "published again", Status.DRAFT: "prepared anew", Status.UNPUBLISHED: "unpublished"}
    return f"it was {since.get(Status(placement.status), 'changed')} since"
