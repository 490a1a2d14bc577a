"""Deeds on words that are not saved yet, and on saving them: keep, discard, seen, save.

A draft is one person's, on one article. It never touches the article; saving does, and never over what somebody else
saved in between.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from publishing.models import Article, ArticleByline, ArticleTopic, Byline, Draft, Image, Revision, Topic
from publishing.permission import Allowed, refuse_unless
from publishing.placing import hold
from publishing.slugs import slug_from
from publishing.writing import revise, write
from tenants.models import Tenant, User

PRESENT = timedelta(seconds=45)
"""Who was not heard of for so long has closed the article."""
MOST_NEW = 20
"""Topics, or bylines, that one saving may add to the tenant's."""

Term = TypeVar("Term", Topic, Byline)
_LONGEST_SLUG = 100


class MovedOn(Exception):
    """Somebody saved the article since the revision that these words began from. `latest` is the newest's number."""

    def __init__(self, latest: int) -> None:
        super().__init__(f"The article is at revision {latest} meanwhile.")
        self.latest = latest


class Kept(NamedTuple):
    """`is_behind`: another window of the same person has kept other words since; these were not kept."""

    draft: Draft
    is_behind: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What an editor sets of an article. `new_topics` and `new_bylines` are names of some that may not be there yet."""

    title: str
    summary: str
    body: str
    body_format: str
    kind: str
    language: str
    lead_image: Image | None
    topics: Sequence[Topic] = ()
    bylines: Sequence[Byline] = ()
    new_topics: Sequence[str] = ()
    new_bylines: Sequence[str] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """Those that are columns of Article."""
        names = ("title", "summary", "body", "body_format", "kind", "language", "lead_image")
        return {name: getattr(self, name) for name in names}


@transaction.atomic
def keep(*, article: Article, by: User, base: int, words: Mapping[str, Any], version: int) -> Kept:
    """Keep unsaved words. `version` is that of the draft which they follow: 0 if there was none.

    The same words once more keep nothing anew, so that an answer that got lost may be asked for again.
    """
    draft = _held(article, by, base)
    if draft.words == dict(words):
        draft.seen_at = timezone.now()
        draft.save(update_fields=["seen_at"])
        return Kept(draft, is_behind=False)
    if draft.version != version:
        return Kept(draft, is_behind=True)
    draft.words, draft.base = dict(words), base
    draft.version += 1
    draft.saved_at = draft.seen_at = timezone.now()
    draft.save()
    return Kept(draft, is_behind=False)


@transaction.atomic
def discard(*, article: Article, by: User) -> Draft | None:
    """Forget somebody's unsaved words."""
    draft = Draft.objects.select_for_update().filter(article=article, user=by).first()
    return _emptied(draft, draft.base) if draft else None


@transaction.atomic
def seen(*, article: Article, by: User, base: int) -> Draft:
    """That somebody has the article open."""
    draft, is_new = Draft.objects.get_or_create(
        article=article, user=by, defaults={"tenant_id": article.tenant_id, "base": base}
    )
    if not is_new:
        draft.seen_at = timezone.now()
        draft.save(update_fields=["seen_at"])
    return draft


def others_at(article: Article, *, by: User, now: datetime) -> list[Draft]:
    """The drafts, without their words, of everybody else who has the article open now; the latest heard of first."""
    present = Draft.objects.filter(article=article, seen_at__gt=now - PRESENT).exclude(user=by)
    return list(present.select_related("user").defer("words").order_by("-seen_at"))


def latest_of(article: Article) -> int:
    """The number of the article's newest revision; 0 without one."""
    return Revision.objects.filter(article=article).aggregate(last=Max("number"))["last"] or 0


@transaction.atomic
def begin(*, tenant: Tenant, by: User, once: str, title: str, kind: str, language: str = "") -> Article:
    """A new article with a title and no body yet. The same `once` gives the same article, however often it is sent.

    It is kept where an import keeps the mark by which it knows an article again: the database has each mark once.
    """
    mark = f"studio:{by.pk}:{once}"
    if known := Article.objects.filter(tenant=tenant, source_id=mark).first():
        return known
    try:
        with transaction.atomic():
            return write(
                tenant=tenant, by=by, title=title, kind=kind, language=language, body_format="html", source_id=mark
            )
    except IntegrityError:
        # Sent twice at one moment: the other was first.
        return Article.objects.get(tenant=tenant, source_id=mark)


@transaction.atomic
def save(
    *, article: Article, by: User, base: int, words: Words, version: int | None = None, allowed: Allowed | None = None
) -> Article:  # fmt: skip
    """Make the words the article's, if `base` is still its newest revision; else raise MovedOn and change nothing.

    What the article says already is saved already: a form that is sent twice is saved once. `version` is that of the
    draft that ends with it, if one does: a later one is kept. Raises ValidationError for a language that a translation
    has, and BodyTooLong.
    """
    hold([article])
    refuse_unless(allowed, article)
    latest = latest_of(article)
    article.refresh_from_db()
    if latest != base and not _says(article, words):
        raise MovedOn(latest)
    topics = [*words.topics, *_named(Topic, article.tenant_id, words.new_topics)]
    bylines = [*words.bylines, *_named(Byline, article.tenant_id, words.new_bylines)]
    revise(article=article, by=by, topics=_once(topics), bylines=_once(bylines), **words.fields)
    draft = Draft.objects.select_for_update().filter(article=article, user=by).first()
    if draft and version is not None and draft.version <= version:
        _emptied(draft, latest_of(article))
    return article


def filed_under(article: Article) -> tuple[list[int], list[int]]:
    """The primary keys of the article's topics and of its bylines, in their order."""
    topics = ArticleTopic.objects.filter(article=article).values_list("topic_id", flat=True)
    bylines = ArticleByline.objects.filter(article=article).values_list("byline_id", flat=True)
    return list(topics), list(bylines)


def _says(article: Article, words: Words) -> bool:
    """Whether the article has these words already."""
    if any(getattr(article, name) != value for name, value in words.fields.items()):
        return False
    if words.new_topics or words.new_bylines:
        # Their names may be there by now, from the first time that this was sent.
        return _names(article, words)
    return filed_under(article) == ([one.pk for one in words.topics], [one.pk for one in words.bylines])


def _names(article: Article, words: Words) -> bool:
    topics, bylines = article.topics.order_by("pk"), article.bylines.order_by("pk")
    wanted = (
        {one.name.lower() for one in words.topics} | {name.lower() for name in words.new_topics},
        {one.name.lower() for one in words.bylines} | {name.lower() for name in words.new_bylines},
    )
    return wanted == ({one.name.lower() for one in topics}, {one.name.lower() for one in bylines})


def _held(article: Article, by: User, base: int) -> Draft:
    Draft.objects.get_or_create(article=article, user=by, defaults={"tenant_id": article.tenant_id, "base": base})
    return Draft.objects.select_for_update().get(article=article, user=by)


def _emptied(draft: Draft, base: int) -> Draft:
    draft.words, draft.saved_at, draft.base = None, None, base
    draft.version += 1
    draft.save()
    return draft


def _once(terms: Iterable[Term]) -> list[Term]:
    return list({term.pk: term for term in terms}.values())


def _named(model: type[Term], tenant_id: int, names: Sequence[str]) -> list[Term]:
    """Those of the tenant with these names, whatever their case; what is not there yet is added."""
    found = []
    for name in [" ".join(name.split())[:120] for name in names[:MOST_NEW]]:
        if name:
            known = model.objects.filter(tenant=tenant_id, name__iexact=name).order_by("pk").first()
            found.append(known or _added(model, tenant_id, name))
    return found


def _added(model: type[Term], tenant_id: int, name: str) -> Term:
    stem: str = slug_from(name)[: _LONGEST_SLUG - 6].strip("-")
    taken: set[str] = set(model.objects.filter(tenant=tenant_id, slug__startswith=stem).values_list("slug", flat=True))
    numbered = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    slug = next(one for one in numbered if one not in taken)
    # Of two who add the same name at one moment the second gets what the first made.
    term, _ = model.objects.get_or_create(tenant_id=tenant_id, slug=slug, defaults={"name": name})
    return term
