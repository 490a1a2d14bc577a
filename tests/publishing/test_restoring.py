"""An earlier revision comes back as a new one."""

import pytest

from publishing.models import ArticleByline, ArticleTopic, Byline, Image, Revision, Topic
from publishing.restoring import restore
from publishing.translating import join_translations
from publishing.writing import revise, write
from tests.cast import House

pytestmark = pytest.mark.django_db


def numbered(article, number: int) -> Revision:
    return Revision.objects.get(article=article, number=number)


def test_words_and_details_are_as_they_were_and_nothing_in_between_is_lost(house: House):
    tenant, editor = house.tenant, house.people["editor"]
    topics = [Topic.objects.create(tenant=tenant, slug=name, name=name) for name in ("b", "a")]
    byline = Byline.objects.create(tenant=tenant, slug="ada", name="Ada")
    picture = Image.objects.create(tenant=tenant, digest="0" * 64, name="p", width=1, height=1, widths=[1])
    article = write(
        tenant=tenant, title="First", summary="S", body="**One**", language="de",
        topics=topics, bylines=[byline], lead_image=picture,
    )  # fmt: skip
    revise(
        article=article, title="Second", summary="", body="<p>Two</p>", body_format="html", language="en",
        topics=[], bylines=[], lead_image=None,
    )  # fmt: skip
    restored = restore(revision=numbered(article, 1), by=editor)
    article.refresh_from_db()
    assert (article.title, article.summary, article.body, article.body_format) == ("First", "S", "**One**", "markdown")
    assert "<strong>One</strong>" in article.html
    assert (article.language, article.lead_image) == ("de", picture)
    assert list(ArticleTopic.objects.filter(article=article).values_list("topic__name", flat=True)) == ["b", "a"]
    assert ArticleByline.objects.get(article=article).byline == byline
    assert (restored.number, restored.changed, restored.left_out) == (3, True, [])
    assert numbered(article, 3).made_by == editor
    assert numbered(article, 2).title == "Second"


def test_what_was_deleted_since_is_left_out_and_said(house: House):
    tenant = house.tenant
    stays, *go = [Topic.objects.create(tenant=tenant, slug=f"t{n}", name=f"T{n}") for n in range(3)]
    byline = Byline.objects.create(tenant=tenant, slug="ada", name="Ada")
    picture = Image.objects.create(tenant=tenant, digest="0" * 64, name="p", width=1, height=1, widths=[1])
    article = write(
        tenant=tenant, title="First", body="One", topics=[go[0], stays, go[1]], bylines=[byline], lead_image=picture
    )
    revise(article=article, title="Second", topics=[], bylines=[], lead_image=None)
    for one in (*go, byline, picture):
        one.delete()
    restored = restore(revision=numbered(article, 1))
    assert restored.left_out == [
        "2 topics that were deleted since are left out.",
        "A byline that was deleted since is left out.",
        "A lead picture that was deleted since is left out.",
    ]
    article.refresh_from_db()
    assert article.title == "First"
    assert ArticleTopic.objects.get(article=article).topic == stays


def test_a_language_that_a_translation_has_meanwhile_stays(house: House):
    article = write(tenant=house.tenant, title="First", body="One", language="de")
    revise(article=article, title="Second", language="en")
    other = write(tenant=house.tenant, title="Anderes", body="Eins", language="de")
    join_translations(article=article, other=other)
    restored = restore(revision=numbered(article, 1))
    article.refresh_from_db()
    assert (article.title, article.language) == ("First", "en")
    assert "The language stays" in restored.left_out[0]


def test_what_the_article_says_already_makes_no_revision(house: House):
    article = write(tenant=house.tenant, title="First", body="One")
    restored = restore(revision=numbered(article, 1))
    assert (restored.number, restored.changed) == (1, False)


def test_approved_words_that_are_restored_to_others_are_a_draft(house: House):
    article = write(tenant=house.tenant, title="First", body="One")
    revise(article=article, title="Second", stage="approved")
    restore(revision=numbered(article, 1))
    article.refresh_from_db()
    assert article.stage == "draft"


def test_a_revision_from_before_details_were_kept_changes_words_alone(house: House):
    article = write(tenant=house.tenant, title="First", body="One", language="de")
    topic = Topic.objects.create(tenant=house.tenant, slug="t", name="T")
    old = Revision.objects.create(
        tenant=house.tenant, article=article, number=2, title="Old", body="Old words", body_format="markdown"
    )
    revise(article=article, topics=[topic], language="fr")
    restore(revision=old)
    article.refresh_from_db()
    assert (article.title, article.language) == ("Old", "fr")
    assert ArticleTopic.objects.get(article=article).topic == topic
