"""Unsaved words are kept, one person's apart from another's, and saving never goes over what somebody else saved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from publishing import drafting
from publishing.models import Article, Byline, Draft, Image, Revision, Topic
from publishing.writing import revise
from tenants.scope import tenant_scope
from tests.cast import House, article_on, bolt

pytestmark = pytest.mark.django_db


def words_of(article: Article, **changes: Any) -> drafting.Words:
    """The article's own, and what is changed."""
    article = Article.objects.get(pk=article.pk)
    topics, bylines = drafting.filed_under(article)
    stored = drafting.Words(
        **{name: getattr(article, name) for name in ("title", "summary", "body", "body_format", "kind", "language")},
        lead_image=article.lead_image,
        topics=list(Topic.objects.filter(pk__in=topics)),
        bylines=list(Byline.objects.filter(pk__in=bylines)),
    )
    return replace(stored, **changes)


def save(house: House, article: Article, base: int, who: str = "editor", **changes: Any) -> Article:
    words = words_of(article, **changes)
    return drafting.save(article=article, by=house.people[who], base=base, words=words, version=0)


def test_a_draft_grows_and_never_touches_the_article(house: House):
    article, ada = article_on(house), house.people["editor"]
    first = drafting.keep(article=article, by=ada, base=1, words={"title": "a"}, version=0)
    second = drafting.keep(article=article, by=ada, base=1, words={"title": "b"}, version=first.draft.version)
    assert [(kept.draft.version, kept.is_behind) for kept in (first, second)] == [(1, False), (2, False)]
    assert Draft.objects.get().words == {"title": "b"}
    assert Article.objects.get().title == "A headline"
    assert Revision.objects.count() == 1


def test_the_same_words_again_keep_nothing_anew(house: House):
    article, ada = article_on(house), house.people["editor"]
    for _ in range(2):
        # The first answer was lost, so the second request still follows version 0.
        kept = drafting.keep(article=article, by=ada, base=1, words={"title": "a"}, version=0)
        assert (kept.draft.version, kept.is_behind) == (1, False)


def test_a_window_that_is_behind_is_told_and_overwrites_nothing(house: House):
    article, ada = article_on(house), house.people["editor"]
    drafting.keep(article=article, by=ada, base=1, words={"title": "first window"}, version=0)
    kept = drafting.keep(article=article, by=ada, base=1, words={"title": "second window"}, version=0)
    assert kept.is_behind
    assert Draft.objects.get().words == {"title": "first window"}


def test_two_peoples_drafts_are_apart_and_each_sees_that_the_other_is_there(house: House):
    article, ada, ben = article_on(house), house.people["editor"], house.people["owner"]
    drafting.keep(article=article, by=ada, base=1, words={"title": "a"}, version=0)
    drafting.seen(article=article, by=ben, base=1)
    now = timezone.now()
    assert [draft.user for draft in drafting.others_at(article, by=ben, now=now)] == [ada]
    assert [draft.saved_at for draft in drafting.others_at(article, by=ada, now=now)] == [None]
    assert drafting.others_at(article, by=ada, now=now + drafting.PRESENT + timedelta(seconds=1)) == []


def test_being_there_keeps_no_words_and_takes_none_away(house: House):
    article, ada = article_on(house), house.people["editor"]
    drafting.keep(article=article, by=ada, base=1, words={"title": "a"}, version=0)
    assert drafting.seen(article=article, by=ada, base=1).version == 1
    assert Draft.objects.get().words == {"title": "a"}


def test_what_is_discarded_is_gone_and_its_version_does_not_come_again(house: House):
    article, ada = article_on(house), house.people["editor"]
    drafting.keep(article=article, by=ada, base=1, words={"title": "a"}, version=0)
    drafting.discard(article=article, by=ada)
    draft = Draft.objects.get()
    assert (draft.words, draft.saved_at, draft.version) == (None, None, 2)
    assert drafting.discard(article=article, by=house.people["owner"]) is None


def test_saving_leaves_a_revision_and_ends_the_draft(house: House):
    article, ada = article_on(house), house.people["editor"]
    kept = drafting.keep(article=article, by=ada, base=1, words={"title": "a"}, version=0)
    words = words_of(article, title="New")
    drafting.save(article=article, by=ada, base=1, words=words, version=kept.draft.version)
    assert Article.objects.get().title == "New"
    assert list(Revision.objects.order_by("number").values_list("number", "made_by")) == [(1, None), (2, ada.pk)]
    assert (Draft.objects.get().words, Draft.objects.get().base) == (None, 2)


def test_a_draft_that_waits_and_one_that_is_newer_outlive_a_saving(house: House):
    article, ada = article_on(house), house.people["editor"]
    drafting.keep(article=article, by=ada, base=1, words={"title": "a"}, version=0)
    for base, version in ((1, None), (2, 0)):
        words = words_of(article, title=f"From {base}")
        drafting.save(article=article, by=ada, base=base, words=words, version=version)
        assert Draft.objects.get().words == {"title": "a"}


def test_what_is_sent_twice_is_saved_once(house: House):
    article = article_on(house)
    for _ in range(2):
        save(house, article, 1, title="New", new_topics=["Fresh"], new_bylines=["Ada"])
    assert Revision.objects.count() == 2
    assert (Topic.objects.count(), Byline.objects.count()) == (1, 1)


def test_over_what_somebody_else_saved_nothing_is_saved(house: House):
    article = article_on(house)
    save(house, article, 1, who="owner", summary="Theirs")
    with pytest.raises(drafting.MovedOn) as moved:
        save(house, article, 1, title="Mine")
    assert moved.value.latest == 2
    assert (Article.objects.get().title, Article.objects.get().summary) == ("A headline", "Theirs")
    save(house, article, 2, title="Mine")
    assert (Article.objects.get().title, Article.objects.get().summary) == ("Mine", "Theirs")


def test_what_an_import_changed_meanwhile_counts_as_somebody_elses(house: House):
    article = article_on(house)
    revise(article=article, body="Imported anew.")
    with pytest.raises(drafting.MovedOn):
        save(house, article, 1, title="Mine", body="Words.")


def test_an_article_is_begun_once_whatever_is_sent_twice(house: House):
    ada = house.people["author"]
    told: dict[str, Any] = {"tenant": house.tenant, "by": ada, "once": "a-mark", "title": "New", "kind": "article"}
    assert drafting.begin(**told) == drafting.begin(**told)
    article = Article.objects.get()
    assert (article.written_by, article.body_format, article.stage) == (ada, "html", "draft")
    assert drafting.begin(**{**told, "by": house.people["owner"]}) != article


def test_terms_are_found_by_name_and_added_where_there_are_none(house: House):
    known = Topic.objects.create(tenant=house.tenant, slug="rust", name="Rust")
    Topic.objects.create(tenant=house.tenant, slug="c", name="C")
    article = article_on(house)
    save(house, article, 1, new_topics=["rust", " C++ ", "C++", ""], new_bylines=["李明"])
    assert list(article.topics.order_by("pk").values_list("name", "slug")) == [("Rust", "rust"), ("C++", "c-2")]
    assert known in article.topics.all()
    assert Byline.objects.get().name == "李明"


def test_terms_of_another_tenant_are_not_found_by_name(house: House):
    other = bolt()
    with tenant_scope(other.tenant):
        theirs = Topic.objects.create(tenant=other.tenant, slug="rust", name="Rust")
    article = article_on(house)
    save(house, article, 1, new_topics=["Rust"])
    assert Topic.objects.get().pk != theirs.pk


def test_every_field_is_saved(house: House):
    image = Image.objects.create(tenant=house.tenant, digest="a" * 64, name="i", width=1, height=1, widths=[1])
    article = article_on(house)
    words = {"title": "t", "summary": "s", "body": "<p>b</p>", "body_format": "html", "kind": "page", "language": "de"}
    save(house, article, 1, lead_image=image, **words)
    stored = Article.objects.get()
    assert (stored.title, stored.summary, stored.body, stored.body_format) == ("t", "s", "<p>b</p>", "html")
    assert (stored.kind, stored.language, stored.lead_image) == ("page", "de", image)
    assert stored.html == "<p>b</p>"
    assert Revision.objects.get(number=2).details["lead_image_id"] == image.pk
