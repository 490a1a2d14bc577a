"""An article is asked for, read, approved or sent back; its stage and the request move together."""

import pytest
from django.core.exceptions import ValidationError

from publishing.models import Article, Review
from publishing.reviewing import (
    approve,
    ask_changes,
    ask_review,
    latest_revision,
    open_review,
    refuse_unapproved,
    reviewers,
    withdraw,
)
from publishing.writing import revise, write
from tenants.models import Membership, MembershipSite
from tenants.roles import Role
from tests.cast import TECHBLOG, House, bolt, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(house: House) -> Article:
    return write(tenant=house.tenant, by=house.people["author"], title="A headline", body="Words.")


def stage(article: Article) -> str:
    return Article.objects.values_list("stage", flat=True).get(pk=article.pk)


def refused(deed, *words: str) -> None:
    """It raises a sentence with these words, and nothing has changed."""
    before = list(Review.objects.order_by("pk").values()), list(Article.objects.order_by("pk").values("stage"))
    with pytest.raises(ValidationError) as raised:
        deed()
    sentence = " ".join(raised.value.messages)
    assert all(word in sentence for word in words), sentence
    assert before == (
        list(Review.objects.order_by("pk").values()),
        list(Article.objects.order_by("pk").values("stage")),
    )


def test_who_writes_asks_an_editor_who_approves(house: House, article: Article):
    author, editor = house.people["author"], house.people["editor"]
    review = ask_review(article=article, by=author, of=editor, note=" Is the date right? ")
    assert (stage(article), article.stage) == ("review", "review")
    assert (review.revision, review.note, review.asked_of) == (1, "Is the date right?", editor)
    approve(review=review, by=editor, seen=1, answer="Yes.")
    assert stage(article) == "approved"
    kept = Review.objects.get()
    assert (kept.state, kept.answer, kept.answered_by) == ("approved", "Yes.", editor)
    assert kept.answered_at is not None
    assert open_review(article) is None


def test_who_is_asked_by_name_is_not_the_only_one_who_may_answer(house: House, article: Article):
    review = ask_review(article=article, by=house.people["author"], of=house.people["owner"])
    approve(review=review, by=house.people["editor"])
    assert stage(article) == "approved"


def test_changes_are_asked_for_with_a_reason(house: House, article: Article):
    review = ask_review(article=article, by=house.people["author"])
    refused(lambda: ask_changes(review=review, by=house.people["editor"], answer="  "), "Say what should be changed")
    ask_changes(review=review, by=house.people["editor"], answer="The second number is wrong.")
    assert stage(article) == "draft"
    assert Review.objects.get().state == "changes"


def test_a_request_is_taken_back_by_who_asked_or_by_an_editor(house: House, article: Article):
    author = house.people["author"]
    other = member(house.tenant, "colleague", Role.AUTHOR)
    review = ask_review(article=article, by=author)
    refused(lambda: withdraw(review=review, by=other), "Only who asked")
    withdraw(review=review, by=author)
    assert (stage(article), Review.objects.get().state) == ("draft", "withdrawn")
    withdraw(review=ask_review(article=article, by=author), by=house.people["editor"])
    assert Review.objects.filter(state="withdrawn").count() == 2


def test_nobody_approves_what_they_asked_for_but_an_owner(house: House, article: Article):
    review = ask_review(article=article, by=house.people["editor"])
    refused(lambda: approve(review=review, by=house.people["editor"]), "yourself")
    withdraw(review=review, by=house.people["editor"])
    approve(review=ask_review(article=article, by=house.people["owner"]), by=house.people["owner"])
    assert stage(article) == "approved"


@pytest.mark.parametrize("role", ["author", "viewer"])
def test_who_does_not_edit_answers_nothing(house: House, article: Article, role: str):
    review = ask_review(article=article, by=house.people["editor"])
    for deed in (approve, ask_changes):
        refused(lambda deed=deed: deed(review=review, by=house.people[role], answer="Fine."), "With your role")


def test_who_edits_on_one_site_alone_answers_too(house: House, article: Article):
    viewer = member(house.tenant, "guest", Role.VIEWER)
    membership = Membership.objects.get(user=viewer)
    membership.all_sites = False
    membership.save()
    MembershipSite.objects.create(
        membership=membership, site=house.sites[TECHBLOG], tenant=house.tenant, role=Role.EDITOR
    )
    assert viewer in reviewers()
    approve(review=ask_review(article=article, by=house.people["author"]), by=viewer)
    assert stage(article) == "approved"


def test_a_viewer_and_a_stranger_ask_for_nothing(house: House, article: Article):
    stranger = bolt().people["owner"]
    for somebody in (house.people["viewer"], stranger):
        refused(lambda somebody=somebody: ask_review(article=article, by=somebody), "With your role")
    refused(lambda: ask_review(article=article, by=house.people["author"], of=stranger), "cannot answer")
    refused(lambda: ask_review(article=article, by=house.people["author"], of=house.people["viewer"]), "cannot answer")
    refused(lambda: ask_review(article=article, by=house.people["editor"], of=house.people["editor"]), "yourself")


def test_a_stranger_answers_nothing(house: House, article: Article):
    stranger = bolt().people["owner"]
    review = ask_review(article=article, by=house.people["author"])
    for deed in (approve, ask_changes):
        refused(lambda deed=deed: deed(review=review, by=stranger, answer="Fine."), "do not work")
    refused(lambda: withdraw(review=review, by=stranger), "do not work")


def test_there_is_one_open_request_at_a_time(house: House, article: Article):
    ask_review(article=article, by=house.people["author"])
    refused(lambda: ask_review(article=article, by=house.people["editor"]), "already asked")


def test_what_was_answered_is_not_answered_again(house: House, article: Article):
    review = ask_review(article=article, by=house.people["author"])
    stale = Review.objects.get(pk=review.pk)
    approve(review=review, by=house.people["editor"])
    for deed in (approve, ask_changes):
        refused(lambda deed=deed: deed(review=stale, by=house.people["owner"], answer="No."), "answered meanwhile")
    refused(lambda: withdraw(review=stale, by=house.people["author"]), "answered meanwhile")
    refused(lambda: ask_review(article=article, by=house.people["author"]), "approved already")


def test_an_open_request_survives_a_change_and_what_was_not_read_is_not_approved(house: House, article: Article):
    review = ask_review(article=article, by=house.people["author"])
    revise(article=article, by=house.people["author"], title="Another headline")
    assert stage(article) == "review"
    waiting = open_review(article)
    assert waiting == review
    assert (waiting.revision, latest_revision(article)) == (1, 2)
    refused(lambda: approve(review=review, by=house.people["editor"], seen=1), "changed while you were reading", "2")
    approve(review=review, by=house.people["editor"], seen=2)
    assert stage(article) == "approved"


def test_words_that_change_after_the_approval_are_a_draft_again(house: House, article: Article):
    approve(review=ask_review(article=article, by=house.people["author"]), by=house.people["editor"])
    revise(article=article, by=house.people["author"], body="Other words.")
    assert stage(article) == "draft"
    assert ask_review(article=article, by=house.people["author"]).revision == 2


def test_only_where_the_tenant_wants_it_is_the_unapproved_refused(house: House, article: Article):
    refuse_unapproved(article=article)
    house.tenant.needs_approval = True
    house.tenant.save()
    article.tenant.refresh_from_db()
    with pytest.raises(ValidationError, match=r"“A headline” is a draft .*ask for a review"):
        refuse_unapproved(article=article)
    review = ask_review(article=article, by=house.people["author"])
    with pytest.raises(ValidationError, match="in review"):
        refuse_unapproved(article=article)
    approve(review=review, by=house.people["editor"])
    article.refresh_from_db()
    refuse_unapproved(article=article)


def test_a_note_that_is_too_long_is_refused_and_what_cannot_be_kept_is_dropped(house: House, article: Article):
    refused(lambda: ask_review(article=article, by=house.people["author"], note="x" * 5001), "5,001", "5,000")
    assert ask_review(article=article, by=house.people["author"], note="a\0b").note == "ab"
