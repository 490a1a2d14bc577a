"""Deeds on comments: comment, edit, delete, resolve, reopen. None touches the article.

Whoever writes may comment; a thread is settled by who began it, by who began the article, or by who edits. Each expects
a tenant scope and refuses with ValidationError, in a sentence.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing.bodies import storable
from publishing.models import Article, Comment
from tenants.models import Membership, User
from tenants.roles import Power

MAX_TEXT = 5_000
MAX_QUOTE = 1_000
MAX_AROUND = 80
"""Characters of what is said, of the passage it is about, and of what is kept before and after that."""


@transaction.atomic
def comment(
    *,
    article: Article,
    by: User,
    text: str,
    quote: str = "",
    before: str = "",
    after: str = "",
    parent: Comment | None = None,
) -> Comment:
    """Say something on the whole article, on a passage of it, or in answer to another comment.

    Answers stand beneath the comment that a thread began with: there are no answers to answers. An answer to what was
    settled opens it again.
    """
    _refuse(_may(by, Power.WRITE), "With your role you can read comments, and not write any.")
    said = _text(text)
    if parent is not None:
        _refuse(parent.article_id == article.pk, "That comment is on another article.")
        begun = Comment.objects.select_for_update().get(pk=parent.parent_id or parent.pk)
        if begun.resolved_at:
            _settle(begun, None)
        return Comment.objects.create(tenant_id=article.tenant_id, article=article, user=by, text=said, parent=begun)
    return Comment.objects.create(
        tenant_id=article.tenant_id,
        article=article,
        user=by,
        text=said,
        quote=_folded(quote)[:MAX_QUOTE].rstrip(),
        before=_folded(before)[-MAX_AROUND:],
        after=_folded(after)[:MAX_AROUND],
    )


@transaction.atomic
def edit(*, comment: Comment, by: User, text: str) -> Comment:
    """Say one's own in other words."""
    _refuse(comment.user_id == by.pk and _may(by, Power.WRITE), "You can change your own comments only.")
    comment.text = _text(text)
    comment.save(update_fields=["text"])
    return comment


@transaction.atomic
def delete(*, comment: Comment, by: User) -> None:
    """Take back what one said oneself, as long as nobody has answered it."""
    _refuse(comment.user_id == by.pk and _may(by, Power.WRITE), "You can delete your own comments only.")
    locked = Comment.objects.select_for_update().filter(pk=comment.pk).first()
    if locked is None:
        return
    _refuse(
        not Comment.objects.filter(parent=locked).exclude(user=by).exists(),
        "Others have answered it: mark it as resolved instead.",
    )
    locked.delete()


@transaction.atomic
def resolve(*, comment: Comment, by: User) -> Comment:
    """The thread is settled; its comments stay."""
    begun = _held(comment, by)
    if begun.resolved_at is None:
        _settle(begun, by)
    return begun


@transaction.atomic
def reopen(*, comment: Comment, by: User) -> Comment:
    """It is not settled after all."""
    begun = _held(comment, by)
    if begun.resolved_at is not None:
        _settle(begun, None)
    return begun


def may_settle(*, comment: Comment, article: Article, by: User, edits: bool) -> bool:
    """Whether somebody may resolve or reopen the thread; `edits`: whether they may edit anybody's article."""
    return edits or by.pk in {comment.user_id, article.written_by_id}


def _held(comment: Comment, by: User) -> Comment:
    """The comment that the thread began with, locked."""
    comments = Comment.objects.select_for_update(of=("self",)).select_related("article")
    begun = comments.get(pk=comment.parent_id or comment.pk)
    edits, writes = _may(by, Power.EDIT), _may(by, Power.WRITE)
    allowed = writes and may_settle(comment=begun, article=begun.article, by=by, edits=edits)
    _refuse(allowed, "Who began the thread, who wrote the article and editors can settle it.")
    return begun


def _settle(comment: Comment, by: User | None) -> None:
    comment.resolved_by, comment.resolved_at = by, timezone.now() if by else None
    comment.save(update_fields=["resolved_by", "resolved_at"])


def _folded(words: str) -> str:
    """With single spaces: how a text is broken into lines tells nothing."""
    return " ".join(storable(words).split())


def _text(text: str) -> str:
    said = storable(text).strip()
    _refuse(bool(said), "Write what you want to say.")
    _refuse(len(said) <= MAX_TEXT, f"That is {len(said):,} characters; a comment has at most {MAX_TEXT:,}.")
    return said


def _may(user: User, power: Power) -> bool:
    member = Membership.objects.filter(user=user).prefetch_related("limits").first()
    return member is not None and member.may(power)


def _refuse(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise ValidationError(sentence)
