"""Deeds on an article's stage: ask_review, withdraw, approve, ask_changes. Each keeps its Review beside the stage.
`require_approval` is the tenant's wish for them.

Each is one transaction and expects a tenant scope. Each refuses with ValidationError, in a sentence. Where an article
appears is not decided here: `refuse_unapproved` is what the deeds of placing ask first.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from publishing.bodies import storable
from publishing.models import Article, Placement, Review, Revision
from publishing.permission import Allowed, refuse_unless
from publishing.placing import elect, hold
from tenants.models import Membership, Tenant, User
from tenants.roles import Power

MAX_WORDS = 5_000
"""Characters of a note or an answer."""

Stage, State = Article.Stage, Review.State


@transaction.atomic
def ask_review(
    *, article: Article, by: User, of: User | None = None, note: str = "", allowed: Allowed | None = None
) -> Review:  # fmt: skip
    """Ask that an article be read: of one member, or of whoever may answer. It is in review from now on.

    Whoever is named is only the one who is asked: everybody who may edit can answer.
    """
    hold([article])
    refuse_unless(allowed, article)
    article.refresh_from_db(fields=["stage"])
    asker = _member(by)
    if asker is None or not asker.may(Power.WRITE):
        raise ValidationError(f"With your role you cannot ask for a review of “{article}”.")
    if (asked := open_review(article)) is not None:
        raise ValidationError(f"{asked.asked_by or 'Somebody'} has already asked for a review of “{article}”.")
    if article.stage == Stage.APPROVED:
        raise ValidationError(f"“{article}” is approved already, and has not been changed since.")
    _refuse_reviewer(asker, of)
    review = Review.objects.create(
        tenant_id=article.tenant_id,
        article=article,
        revision=latest_revision(article),
        note=_words(note),
        asked_by=by,
        asked_of=of,
    )
    _stand(article, Stage.REVIEW)
    return review


@transaction.atomic
def withdraw(*, review: Review, by: User) -> Review:
    """Take a request back: by who asked, or by somebody who may edit. The article is a draft again."""
    member = _opened(review, by)
    if review.asked_by_id != by.pk and not member.may(Power.EDIT):
        raise ValidationError("Only who asked for the review, or an editor, can take the request back.")
    return _answer(review, State.WITHDRAWN, by, "", Stage.DRAFT)


@transaction.atomic
def approve(*, review: Review, by: User, seen: int | None = None, answer: str = "") -> Review:
    """The article may be placed, as it is now. `seen` is the number of the revision that was read, if that is known:
    where the words have changed since, nothing is approved.

    Nobody approves what they asked for themselves or wrote on themselves, but for an owner, who may be alone.
    """
    member = _opened(review, by)
    _refuse_answer(member)
    if review.asked_by_id == by.pk and not member.may(Power.MANAGE):
        raise ValidationError("You asked for this review yourself: somebody else has to approve it.")
    if not member.may(Power.MANAGE) and wrote_on(review.article, by):
        raise ValidationError(
            f"You wrote on “{review.article}” yourself since it was last approved: somebody else has to approve it. "
            "Ask another editor, or an owner."
        )
    latest = latest_revision(review.article)
    if seen is not None and seen != latest:
        raise ValidationError(
            f"“{review.article}” was changed while you were reading: you saw revision {seen}, it is at {latest} now. "
            "Nothing is approved yet. Look at what changed, then answer again."
        )
    return _answer(review, State.APPROVED, by, answer, Stage.APPROVED)


@transaction.atomic
def ask_changes(*, review: Review, by: User, answer: str) -> Review:
    """Answer a request with what should be different: the article is a draft again."""
    member = _opened(review, by)
    _refuse_answer(member)
    if not answer.strip():
        raise ValidationError("Say what should be changed.")
    return _answer(review, State.CHANGES, by, answer, Stage.DRAFT)


def refuse_unapproved(*, article: Article) -> None:
    """Raise ValidationError where the tenant wants approval and the article, as it was loaded, has none."""
    if article.tenant.needs_approval and article.stage != Stage.APPROVED:
        stands = "in review" if article.stage == Stage.REVIEW else "a draft"
        raise ValidationError(
            f"“{article}” is {stands} and has not been approved. {article.tenant} publishes only what is: "
            "ask for a review first."
        )


def end_approval(article: Article) -> None:
    """Within a deed, which holds the article and has its stage as it is now: what was approved is so no more, since
    readers would see something else.

    Where the tenant wants approval, what was yet to appear is a draft again, with its dates. What readers see stays.
    """
    if article.stage != Stage.APPROVED:
        return
    _stand(article, Stage.DRAFT)
    if article.tenant.needs_approval:
        coming = Placement.objects.filter(pk__in=[placement.pk for placement in scheduled(article)])
        if coming.update(status=Placement.Status.DRAFT):
            elect(article)


@transaction.atomic
def require_approval(*, tenant: Tenant) -> list[Placement]:
    """From now on only what is approved goes on a site. What was to appear without is a draft again, with its dates:
    those placements, the soonest first. What readers see stays.
    """
    Tenant.objects.filter(pk=tenant.pk).update(needs_approval=True)
    tenant.needs_approval = True
    articles = [one.article for one in waiting_unapproved().select_related("article")]
    hold(articles)
    held_back = list(waiting_unapproved().select_related("article", "site"))
    Placement.objects.filter(pk__in=[one.pk for one in held_back]).update(status=Placement.Status.DRAFT)
    for article in {one.article_id: one.article for one in held_back}.values():
        elect(article)
    return held_back


def waiting_unapproved() -> QuerySet[Placement]:
    """Of the active tenant: where an article that nobody has approved is yet to appear, the soonest first."""
    waiting = Placement.objects.filter(status=Placement.Status.PUBLISHED, go_live__gt=timezone.now())
    return waiting.exclude(article__stage=Stage.APPROVED).order_by("go_live", "pk")


def scheduled(article: Article) -> list[Placement]:
    """Where it is yet to appear, by domain."""
    published = Placement.objects.filter(article=article, status=Placement.Status.PUBLISHED)
    return list(published.filter(go_live__gt=timezone.now()).select_related("site").order_by("site__domain"))


def wrote_on(article: Article, user: User) -> bool:
    """Whether a revision is theirs of those since the last approval, or of all where there was none."""
    approvals = Review.objects.filter(article=article, state=State.APPROVED).order_by("-answered_at")
    mine = Revision.objects.filter(article=article, made_by=user)
    if last := approvals.values_list("answered_at", flat=True).first():
        mine = mine.filter(made_at__gt=last)
    return mine.exists()


def open_review(article: Article) -> Review | None:
    """The request that waits for an answer; there is one at most."""
    return Review.objects.filter(article=article, state=State.OPEN).select_related("asked_by", "asked_of").first()


def latest_revision(article: Article) -> int:
    """The number of the article's last revision; 0 where there is none."""
    return Revision.objects.filter(article=article).aggregate(last=Max("number"))["last"] or 0


def reviewers() -> list[User]:
    """Of the active tenant: who may answer a request, by name."""
    members = Membership.objects.select_related("user").prefetch_related("limits")
    able = [member.user for member in members if member.user.is_active and member.may(Power.EDIT)]
    return sorted(able, key=lambda user: str(user).casefold())


def _opened(review: Review, by: User) -> Membership:
    """Hold the article and see the request as it is now. The membership of who wants to answer."""
    hold([review.article])
    review.refresh_from_db()
    member = _member(by)
    if member is None:
        raise ValidationError("You do not work for this newsroom.")
    if review.state != State.OPEN:
        raise ValidationError(f"This request was answered meanwhile: {review.get_state_display()}.")
    return member


def _answer(review: Review, state: Review.State, by: User, answer: str, stage: Article.Stage) -> Review:
    review.state, review.answer, review.answered_by = state, _words(answer), by
    # By the database's clock, as revisions are dated: which came first is asked.
    review.answered_at = Now()
    review.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    review.refresh_from_db(fields=["answered_at"])
    _stand(review.article, stage)
    return review


def _stand(article: Article, stage: Article.Stage) -> None:
    Article.objects.filter(pk=article.pk).update(stage=stage)
    article.stage = stage


def _refuse_reviewer(asker: Membership, of: User | None) -> None:
    if of is None:
        return
    asked = _member(of)
    if asked is None or not asked.may(Power.EDIT):
        raise ValidationError(f"{of} cannot answer a review here. Ask somebody who edits.")
    if of.pk == asker.user_id and not asker.may(Power.MANAGE):
        raise ValidationError("You cannot ask yourself. Ask somebody else, or anybody.")


def _refuse_answer(member: Membership) -> None:
    if not member.may(Power.EDIT):
        raise ValidationError("With your role you cannot answer a review. Ask an editor or an owner.")


def _member(user: User) -> Membership | None:
    return Membership.objects.filter(user=user).prefetch_related("limits").first()


def _words(text: str) -> str:
    text = storable(text).strip()
    if len(text) > MAX_WORDS:
        raise ValidationError(f"That is {len(text):,} characters; at most {MAX_WORDS:,} fit.")
    return text
