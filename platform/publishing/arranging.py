"""One article on many sites, as somebody at a desk decides: arrange, arrange_all.

What was decided looked at how a placement stood; where it stands otherwise by now, nothing is done and that is said.
Each deed is one transaction, and expects an active tenant scope. The deeds themselves are `publishing.placing`'s.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing.models import Article, Placement
from publishing.placing import discard, elect, hold, override, put

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
    desk = _Desk(article)
    placement = desk.arrange(site, _placements(article, [site]).get(site.pk), wish)
    desk.elect()
    if placement:
        placement.refresh_from_db(fields=["is_canonical"])
    return placement


@transaction.atomic
def arrange_all(*, article: Article, wishes: Sequence[tuple[Site, Wish]]) -> list[Outcome]:
    """Do on each site what was wished there, and say of each what became of it: one refusal stops no other."""
    hold([article], sites=[site.pk for site, _ in wishes])
    desk = _Desk(article)
    placements = _placements(article, [site for site, _ in wishes])
    told = {}
    # The canonical one last: as long as it is there, what changes on one site is seen on that site alone.
    for site, wish in sorted(wishes, key=lambda one: _is_canonical(placements.get(one[0].pk))):
        told[site.pk] = desk.outcome(site, placements.get(site.pk), wish)
        desk.elect_if_none()
    desk.elect()
    return [told[site.pk] for site, _ in wishes]


def lacking(article: Article) -> list[str]:
    """What must be done before the article, as it was loaded, is published anew anywhere, a sentence each.

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
    return sentences


def refuse_unready(article: Article) -> None:
    """Raise ValidationError where it lacks something."""
    if sentences := lacking(article):
        raise ValidationError(sentences)


def refuse_taken(article: Article, site: Site, slug: str | None) -> None:
    """Raise ValidationError where another article of the site has the slug: what somebody typed is meant, and gets no
    number."""
    if not slug:
        return
    others = Placement.objects.on(site).filter(slug=slug).exclude(article=article).select_related("article")
    if other := others.first():
        raise ValidationError({"slug": f"“{slug}” is taken on {site.name} by “{other.article}”."})


def _plain(value: Any) -> str:
    """The same for one value, in whichever zone its moment is told and wherever it was read from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else f"{value}"


def _placements(article: Article, sites: Iterable[Site]) -> dict[int, Placement]:
    """The article's on these sites, by the sites' keys; with each its own article, which the deeds read."""
    placements = Placement.objects.filter(article=article, site__in=[site.pk for site in sites])
    return {one.site_id: one for one in placements.select_related("site", "article__tenant")}


def _is_canonical(placement: Placement | None) -> bool:
    return placement is not None and placement.is_canonical


class _Desk:
    """What is decided about one article in one transaction, which holds it: whether it is ready is asked once, and the
    canonical placement elected once, however many sites are decided about."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.preferred: Placement | None = None
        self.canonical = Placement.objects.filter(article=article, is_canonical=True).first()
        self.lacking: list[str] | None = None

    def outcome(self, site: Site, placement: Placement | None, wish: Wish) -> Outcome:
        try:
            with transaction.atomic():
                return Outcome(site, self.arrange(site, placement, wish))
        except ValidationError as error:
            stored = _placements(self.article, [site]).get(site.pk)
            return Outcome(site, stored, error.messages, changed_meanwhile=isinstance(error, Changed))

    def arrange(self, site: Site, placement: Placement | None, wish: Wish) -> Placement | None:
        if wish.seen is not None and wish.seen != stamp(placement):
            if _is_so(placement, wish):
                return placement  # sent twice, or two had one thought
            raise Changed("Somebody changed it meanwhile: here is how it is now.")
        if wish.do in _OF_WHAT_IS_THERE and placement is None:
            raise ValidationError(f"It is not placed on {site.name}.")
        if wish.do == Do.DISCARD and placement:
            discard(placement=placement)
            return None
        refuse_taken(self.article, site, wish.fields.get("slug"))
        placement = placement or Placement(tenant_id=self.article.tenant_id, article=self.article, site=site)
        getattr(self, f"_{wish.do}")(placement, dict(wish.fields))
        if wish.meant:
            override(placement=placement, **{name: getattr(placement, name) for name in wish.meant})
        return placement

    def elect(self) -> None:
        self.canonical = elect(self.article, self.preferred)

    def elect_if_none(self) -> None:
        """The first that is published of several: while there is none, each change is seen on all of the sites."""
        if self.canonical is None:
            self.elect()

    def _save(self, placement: Placement, fields: dict[str, Any]) -> None:
        if placement.pk is None:
            return self._draft(placement, fields)
        if placement.status == Status.PUBLISHED and not fields.get("go_live"):
            fields.pop("go_live", None)  # emptied, the date is not told: what is published has one
        _refuse_hiding(placement, fields.get("go_live"))
        self._refuse_silent_publication(placement, fields)
        return put(placement, **fields)

    def _draft(self, placement: Placement, fields: dict[str, Any]) -> None:
        site = placement.site.name
        if _is_live(placement):
            raise ValidationError(f"Readers can open it on {site}. Unpublish it there to take it off.")
        if placement.status == Status.RECALLED:
            raise ValidationError(f"It has been recalled from {site}. Undo the recall, or publish it there again.")
        put(placement, status=Status.DRAFT, **fields)

    def _publish(self, placement: Placement, fields: dict[str, Any]) -> None:
        """From now on; what has a date that is past keeps it, and an end that is past is none."""
        if not _is_live(placement):
            self._refuse_unready()
        now = timezone.now()
        date, ends = (fields.pop(name, getattr(placement, name)) for name in ("go_live", "expires_at"))
        dates: dict[str, Any] = {
            "go_live": date if date and date <= now else now,
            "expires_at": ends if _lasts(ends) else None,
        }
        put(placement, status=Status.PUBLISHED, **dates, **fields)

    def _schedule(self, placement: Placement, fields: dict[str, Any]) -> None:
        date = fields.get("go_live")
        if date is None:
            raise ValidationError({"go_live": "Say from when on it is to be shown."})
        if date <= timezone.now():
            raise ValidationError({"go_live": "That moment has passed. To show it from now on, publish it."})
        _refuse_hiding(placement, date)
        if placement.status != Status.PUBLISHED or not _lasts(placement.expires_at):
            self._refuse_unready()
        put(placement, status=Status.PUBLISHED, **fields)

    def _expire(self, placement: Placement, fields: dict[str, Any]) -> None:
        fields = {"expires_at": fields.get("expires_at")}
        self._refuse_silent_publication(placement, fields)
        put(placement, **fields)

    def _unpublish(self, placement: Placement, fields: dict[str, Any]) -> None:
        if placement.status != Status.PUBLISHED:
            raise ValidationError(f"It is not published on {placement.site.name}: there is nothing to unpublish.")
        put(placement, status=Status.UNPUBLISHED, **fields)

    def _canonical(self, placement: Placement, fields: dict[str, Any]) -> None:
        if placement.status != Status.PUBLISHED:
            sentence = f"It is not published on {placement.site.name}: publish it there before you make it canonical."
            raise ValidationError(sentence)
        self._save(placement, fields)
        self.preferred = placement

    def _refuse_unready(self) -> None:
        if self.lacking is None:
            # As it is now: it was loaded before it was held, and may have been changed while this waited.
            stored = Article.objects.select_related("tenant", "lead_image").defer("body", "text", "words", "stems")
            self.lacking = lacking(stored.get(pk=self.article.pk))
        if self.lacking:
            raise ValidationError(self.lacking)

    def _refuse_silent_publication(self, placement: Placement, fields: dict[str, Any]) -> None:
        """A date that is moved makes what is scheduled appear at once, or brings back what is over, now or later: that
        is publishing."""
        if placement.status != Status.PUBLISHED or _is_live(placement):
            return
        dates = [fields.get(name, getattr(placement, name)) for name in ("go_live", "expires_at")]
        comes_back = not _lasts(placement.expires_at) and _lasts(dates[1])
        if comes_back or _is_shown(*dates):
            self._refuse_unready()


# What is decided about a placement, and never makes one.
_OF_WHAT_IS_THERE = {Do.EXPIRE, Do.UNPUBLISH, Do.CANONICAL, Do.DISCARD}


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


def _refuse_hiding(placement: Placement, go_live: datetime | None) -> None:
    if _is_live(placement) and go_live and go_live > timezone.now():
        sentence = f"Readers can open it on {placement.site.name}, and could not until then. Unpublish it there first."
        raise ValidationError({"go_live": sentence})
