"""What is said about an article, in threads."""

import pytest
from django.core.exceptions import ValidationError

from publishing.commenting import comment, delete, edit, reopen, resolve
from publishing.models import Article, Comment
from publishing.writing import write
from tenants.roles import Role
from tests.cast import House, bolt, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(house: House) -> Article:
    return write(tenant=house.tenant, by=house.people["author"], title="A headline", body="Words on a Tuesday.")


def refused(deed, words: str) -> None:
    before = list(Comment.objects.order_by("pk").values())
    with pytest.raises(ValidationError, match=words):
        deed()
    assert before == list(Comment.objects.order_by("pk").values())


def test_a_comment_keeps_its_passage_and_a_little_around_it(house: House, article: Article):
    said = comment(
        article=article, by=house.people["editor"], text=" Which\0 one? ",
        quote="a\n  Tuesday", before="x" * 90 + " Words on", after=". " + "y" * 90,
    )  # fmt: skip
    said.refresh_from_db()
    assert (said.text, said.quote) == ("Which one?", "a Tuesday")
    assert said.before.endswith("Words on")
    assert said.after.startswith(". y")
    assert max(len(said.before), len(said.after)) == 80


def test_a_quote_of_any_length_is_kept_as_its_beginning(house: House, article: Article):
    said = comment(article=article, by=house.people["editor"], text="All?", quote="word " * 10_000)
    assert len(said.quote) <= 1_000


@pytest.mark.parametrize(("text", "words"), [("  ", "Write what"), ("x" * 5001, "5,001")])
def test_nothing_and_too_much_are_refused(house: House, article: Article, text: str, words: str):
    refused(lambda: comment(article=article, by=house.people["editor"], text=text), words)


def test_an_answer_stands_beneath_what_the_thread_began_with_and_opens_it_again(house: House, article: Article):
    begun = comment(article=article, by=house.people["editor"], text="Which one?")
    first = comment(article=article, by=house.people["author"], text="The second.", parent=begun)
    resolve(comment=begun, by=house.people["editor"])
    second = comment(article=article, by=house.people["editor"], text="Of what?", parent=first)
    assert second.parent_id == begun.pk
    begun.refresh_from_db()
    assert begun.resolved_at is None


def test_an_answer_belongs_to_the_article_of_its_thread(house: House, article: Article):
    other = write(tenant=house.tenant, title="Another", body="Words.")
    begun = comment(article=other, by=house.people["editor"], text="Which one?")
    refused(lambda: comment(article=article, by=house.people["editor"], text="This.", parent=begun), "another article")


def test_a_viewer_and_a_stranger_say_nothing(house: House, article: Article):
    begun = comment(article=article, by=house.people["author"], text="Which one?")
    for somebody in (house.people["viewer"], bolt().people["owner"]):
        refused(lambda somebody=somebody: comment(article=article, by=somebody, text="x"), "With your role")
        refused(lambda somebody=somebody: edit(comment=begun, by=somebody, text="x"), "your own")
        refused(lambda somebody=somebody: delete(comment=begun, by=somebody), "your own")
        refused(lambda somebody=somebody: resolve(comment=begun, by=somebody), "can settle")


def test_a_thread_is_settled_by_who_began_it_by_who_wrote_and_by_editors(house: House, article: Article):
    colleague = member(house.tenant, "colleague", Role.AUTHOR)
    begun = comment(article=article, by=colleague, text="Which one?")
    for somebody in (colleague, house.people["author"], house.people["editor"], house.people["owner"]):
        resolve(comment=begun, by=somebody)
        kept = Comment.objects.get(pk=begun.pk)
        assert kept.resolved_by == somebody
        assert kept.resolved_at is not None
        reopen(comment=begun, by=somebody)
        assert Comment.objects.get(pk=begun.pk).resolved_at is None
    other = member(house.tenant, "other", Role.AUTHOR)
    refused(lambda: resolve(comment=begun, by=other), "can settle")


def test_a_thread_that_is_settled_twice_keeps_who_was_first(house: House, article: Article):
    begun = comment(article=article, by=house.people["author"], text="Which one?")
    resolve(comment=begun, by=house.people["editor"])
    resolve(comment=begun, by=house.people["owner"])
    assert Comment.objects.get().resolved_by == house.people["editor"]


def test_one_changes_and_deletes_ones_own_alone(house: House, article: Article):
    begun = comment(article=article, by=house.people["author"], text="Which one?")
    refused(lambda: edit(comment=begun, by=house.people["owner"], text="x"), "your own")
    refused(lambda: delete(comment=begun, by=house.people["owner"]), "your own")
    edit(comment=begun, by=house.people["author"], text="Which two?")
    assert Comment.objects.get().text == "Which two?"
    comment(article=article, by=house.people["author"], text="Or three?", parent=begun)
    delete(comment=begun, by=house.people["author"])
    assert not Comment.objects.exists()
    delete(comment=begun, by=house.people["author"])


def test_what_others_answered_is_not_deleted(house: House, article: Article):
    begun = comment(article=article, by=house.people["author"], text="Which one?")
    comment(article=article, by=house.people["editor"], text="The second.", parent=begun)
    refused(lambda: delete(comment=begun, by=house.people["author"]), "resolved instead")
