"""One article on many sites, as somebody at a desk decides: arrange, arrange_all.

What was decided looked at how a placement stood; where it stands otherwise by now, nothing is done and that is said.
Each deed is one transaction, and expects an active tenant scope. The deeds themselves are `publishing.placing`'s.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing.models import Article, Placement
from publishing.placing import amend, discard, elect_canonical, hold, override, place, prepare, unpublish

Status = Placement.Status


class Do(StrEnum):
    """What can be decided about one site."""

    SAVE = "save"  # what was typed, and nothing about where it stands
    DRAFT = "draft"
    PUBLISH = "publish"  # now
    SCHEDULE = "schedule"  # from a moment to come
    EXPIRE = "expire"  # an end, or none
    UNPUBLISH = "unpublish"
    CANONICAL = "canonical"
    DISCARD = "discard"


class Changed(ValidationError):
    """The placement stands otherwise than when it was decided upon."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done on one site. `fields` are Placement's own by name, and those not named stay as they are.

    `meant` names the overrides that are still meant though the article has changed beneath them; `seen` is the stamp of
    what was looked at, None: whatever it is.
    """

    do: Do
    fields: dict[str, Any] = field(default_factory=dict)
    meant: frozenset[str] = frozenset()
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish: the placement as it is now, if there is one, and sentences why nothing was done."""

    site: Site
    placement: Placement | None
    refused: list[str] = field(default_factory=list)
    changed_meanwhile: bool = False


# What a stamp is made of. Not the canonical mark, which moves from site to site by itself.
_STAMPED = (
    "pk", "status", "go_live", "expires_at", "slug", "section_id", "pin", "title", "summary", "image_id", "sources",
)  # fmt: skip


def stamp(placement: Placement | None) -> str:
    """How a placement stands, in 16 characters: another one where anything of it was changed. None is no placement."""
    values = [_plain(getattr(placement, name)) for name in _STAMPED] if placement else []
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


@transaction.atomic
def arrange(*, article: Article, site: Site, wish: Wish) -> Placement | None:
    """Do on one site what was wished; the placement as it is then, None where none is left.

    Raises Changed where the placement was not what was looked at, any other ValidationError where it cannot be done.
    """
    hold([article], sites=[site.pk])
    placement = Placement.objects.on(site).filter(article=article).select_related("site", "article__tenant").first()
    if wish.seen is not None and wish.seen != stamp(placement):
        if _is_so(placement, wish):
            return placement  # sent twice, or two had one thought
        raise Changed("Somebody changed it meanwhile: here is how it is now.")
    placement = _DEEDS[wish.do](article, site, placement, wish.fields)
    if placement and wish.meant:
        override(placement=placement, **{name: getattr(placement, name) for name in wish.meant})
    return placement


@transaction.atomic
def arrange_all(*, article: Article, wishes: Sequence[tuple[Site, Wish]]) -> list[Outcome]:
    """Do on each site what was wished there, and say of each what became of it: one refusal stops no other."""
    hold([article], sites=[site.pk for site, _ in wishes])
    return [_outcome(article, site, wish) for site, wish in wishes]


def refuse_unready(article: Article) -> None:
    """Raise ValidationError, a sentence each, for what must be done before the article is published anew anywhere.

    `publishing.placing` does not ask, since it also brings in what others have published already.
    """
    # These begin with `hold`, as every deed does.
    from publishing.readiness import problems
    from publishing.reviewing import refuse_unapproved

    sentences = list(problems(article))
    if article.tenant.needs_approval:
        try:
            refuse_unapproved(article=article)
        except ValidationError as error:
            sentences += error.messages
    if sentences:
        raise ValidationError(sentences)


def refuse_taken(article: Article, site: Site, slug: str | None) -> None:
    """Raise ValidationError where another article of the site has the slug: what somebody typed is meant, and gets no
    number."""
    if not slug:
        return
    others = Placement.objects.on(site).filter(slug=slug).exclude(article=article).select_related("article")
    if other := others.first():
        raise ValidationError({"slug": f"“{slug}” is taken on {site.domain} by “{other.article}”."})


def _plain(value: Any) -> str:
    """The same for one value, in whichever zone its moment is told and wherever it was read from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else f"{value}"


def _outcome(article: Article, site: Site, wish: Wish) -> Outcome:
    try:
        return Outcome(site, arrange(article=article, site=site, wish=wish))
    except ValidationError as error:
        stored = Placement.objects.on(site).filter(article=article).first()
        return Outcome(site, stored, error.messages, changed_meanwhile=isinstance(error, Changed))


# --- What each of them does, within `arrange`, which holds the article already ---------------------------------------


def _save(article: Article, site: Site, placement: Placement | None, fields: dict[str, Any]) -> Placement:
    if placement is None:
        return _draft(article, site, placement, fields)
    if placement.status == Status.PUBLISHED:
        # Emptied, the date is not told: what is published has one.
        fields = {name: value for name, value in fields.items() if name != "go_live" or value}
    _refuse_hiding(placement, fields.get("go_live"))
    _refuse_silent_publication(article, placement, fields)
    refuse_taken(article, site, fields.get("slug"))
    return amend(placement=placement, **fields)


def _draft(article: Article, site: Site, placement: Placement | None, fields: dict[str, Any]) -> Placement:
    if placement and _is_live(placement):
        raise ValidationError(f"Readers can open it on {site.domain}. Unpublish it there to take it off.")
    refuse_taken(article, site, fields.get("slug"))
    return prepare(article=article, site=site, **fields)


def _publish(article: Article, site: Site, placement: Placement | None, fields: dict[str, Any]) -> Placement:
    """From now on; what has a date that is past keeps it, and an end that is past is none."""
    now = timezone.now()
    date = fields.get("go_live") or (placement.go_live if placement and "go_live" not in fields else None)
    ends = fields.get("expires_at") or (placement.expires_at if placement and "expires_at" not in fields else None)
    if not (placement and _is_live(placement)):
        refuse_unready(article)
    refuse_taken(article, site, fields.get("slug"))
    fields = fields | {"go_live": date if date and date <= now else now, "expires_at": ends if _lasts(ends) else None}
    return place(article=article, site=site, **fields)


def _schedule(article: Article, site: Site, placement: Placement | None, fields: dict[str, Any]) -> Placement:
    date = fields.get("go_live")
    if date is None:
        raise ValidationError({"go_live": "Say from when on it is to be shown."})
    if date <= timezone.now():
        raise ValidationError({"go_live": "That moment has passed. To show it from now on, publish it."})
    _refuse_hiding(placement, date)
    if placement is None or placement.status != Status.PUBLISHED:
        refuse_unready(article)
    refuse_taken(article, site, fields.get("slug"))
    return place(article=article, site=site, **fields)


def _expire(article: Article, site: Site, placement: Placement | None, fields: dict[str, Any]) -> Placement:
    there = _there(placement, site)
    _refuse_silent_publication(article, there, fields)
    return amend(placement=there, expires_at=fields.get("expires_at"))


def _unpublish(article: Article, site: Site, placement: Placement | None, fields: dict[str, Any]) -> Placement:
    there = _there(placement, site)
    if there.status != Status.PUBLISHED:
        raise ValidationError(f"On {site.domain} it is {there.get_status_display()}, not published.")
    unpublish(placements=[there])
    there.refresh_from_db(fields=["status", "is_canonical"])
    return amend(placement=there, **fields) if fields else there


def _canonical(article: Article, site: Site, placement: Placement | None, fields: dict[str, Any]) -> Placement:
    there = _there(placement, site)
    if there.status != Status.PUBLISHED:
        raise ValidationError(f"It is not published on {site.domain}: search engines can be told of what is, only.")
    there = _save(article, site, there, fields) if fields else there
    elect_canonical(article=article, prefer=there)
    there.refresh_from_db(fields=["is_canonical"])
    return there


def _discard(article: Article, site: Site, placement: Placement | None, fields: dict[str, Any]) -> None:
    discard(placement=_there(placement, site))


_DEEDS: dict[Do, Callable[[Article, Site, Placement | None, dict[str, Any]], Placement | None]] = {
    Do.SAVE: _save,
    Do.DRAFT: _draft,
    Do.PUBLISH: _publish,
    Do.SCHEDULE: _schedule,
    Do.EXPIRE: _expire,
    Do.UNPUBLISH: _unpublish,
    Do.CANONICAL: _canonical,
    Do.DISCARD: _discard,
}


def _there(placement: Placement | None, site: Site) -> Placement:
    if placement is None:
        raise ValidationError(f"It is not placed on {site.domain}.")
    return placement


def _is_live(placement: Placement) -> bool:
    return placement.status == Status.PUBLISHED and _is_shown(placement.go_live, placement.expires_at)


def _is_shown(go_live: datetime | None, expires_at: datetime | None) -> bool:
    return go_live is not None and go_live <= timezone.now() and _lasts(expires_at)


def _lasts(expires_at: datetime | None) -> bool:
    return expires_at is None or expires_at > timezone.now()


def _is_so(placement: Placement | None, wish: Wish) -> bool:
    """Whether what was wished is how it stands already."""
    if placement is None:
        return wish.do == Do.DISCARD
    stands = {
        Do.SAVE: True,
        Do.EXPIRE: True,
        Do.DRAFT: placement.status == Status.DRAFT,
        Do.PUBLISH: _is_live(placement),
        Do.SCHEDULE: placement.status == Status.PUBLISHED,
        Do.UNPUBLISH: placement.status == Status.UNPUBLISHED,
        Do.CANONICAL: placement.is_canonical,
    }
    if wish.meant or not stands.get(wish.do):
        return False
    values = {name: value for name, value in wish.fields.items() if name != "slug" or value}
    if wish.do == Do.PUBLISH:
        values.pop("go_live", None)
    return all(getattr(placement, name) == value for name, value in values.items())


def _refuse_hiding(placement: Placement | None, go_live: datetime | None) -> None:
    if placement and _is_live(placement) and go_live and go_live > timezone.now():
        sentence = (
            f"Readers can open it on {placement.site.domain}, and could not until then. Unpublish it there first."
        )
        raise ValidationError({"go_live": sentence})


def _refuse_silent_publication(article: Article, placement: Placement, fields: dict[str, Any]) -> None:
    """A date that is moved makes what is scheduled appear at once, or what is over appear again: that is publishing."""
    if placement.status != Status.PUBLISHED or _is_live(placement):
        return
    dates = [fields.get(name, getattr(placement, name)) for name in ("go_live", "expires_at")]
    if _is_shown(*dates):
        refuse_unready(article)
