"""Taking an article back everywhere, and undoing that."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from publishing.models import Article, Placement, Recall
from publishing.placing import place, prepare, unpublish
from publishing.recalling import recall_everywhere, standing_recall, undo, would_return
from publishing.writing import revise, write
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, house

pytestmark = pytest.mark.django_db

THIRD = "third.test"


@pytest.fixture
def ours():
    one = house("acme", "Acme", TECHBLOG, FINANCEBLOG, THIRD)
    with tenant_scope(one.tenant):
        yield one


@pytest.fixture
def article(ours: House) -> Article:
    """Live on two sites, canonical on the second; scheduled on the third."""
    written = write(tenant=ours.tenant, title="A headline", body="Words.")
    past = timezone.now() - timedelta(hours=1)
    place(article=written, site=ours.sites[TECHBLOG], go_live=past)
    place(article=written, site=ours.sites[FINANCEBLOG], go_live=past, canonical=True)
    place(article=written, site=ours.sites[THIRD], go_live=timezone.now() + timedelta(days=1))
    return written


def stands(article: Article) -> dict[str, tuple[str, bool]]:
    rows = Placement.objects.filter(article=article).values_list("site__domain", "status", "is_canonical")
    return {domain: (status, canonical) for domain, status, canonical in rows}


BEFORE = {TECHBLOG: ("published", False), FINANCEBLOG: ("published", True), THIRD: ("published", False)}
RECALLED = {TECHBLOG: ("recalled", False), FINANCEBLOG: ("recalled", False), THIRD: ("unpublished", False)}


def test_a_recall_remembers_how_everything_stood_and_by_whom(ours: House, article: Article):
    recalled = recall_everywhere(article=article, by=ours.people["editor"])
    assert stands(article) == RECALLED
    assert len(recalled.before) == 3
    assert [one["is_canonical"] for one in recalled.before] == [True, False, False]
    assert recalled.recalled_by == ours.people["editor"]
    assert standing_recall(article) == recalled


def test_what_is_published_nowhere_is_not_recalled(ours: House):
    with pytest.raises(ValidationError, match="published nowhere"):
        recall_everywhere(article=write(tenant=ours.tenant, title="A draft", body="Words."))
    assert not Recall.objects.exists()


def test_undoing_a_recall_puts_everything_back_as_it_was(ours: House, article: Article):
    recalled = recall_everywhere(article=article)
    done = undo(recalled=recalled, by=ours.people["owner"])
    assert stands(article) == BEFORE
    assert [site.domain for site in done.restored] == [FINANCEBLOG, TECHBLOG, THIRD]
    assert (done.left, done.canonical) == ([], "")
    assert recalled.undone_by == ours.people["owner"]
    assert standing_recall(article) is None


def test_a_recall_is_undone_once(article: Article):
    recalled = recall_everywhere(article=article)
    stale = Recall.objects.get(pk=recalled.pk)
    undo(recalled=recalled)
    unpublish(placements=article.placements.all())
    with pytest.raises(ValidationError, match="already"):
        undo(recalled=stale)
    assert {status for status, _ in stands(article).values()} == {"unpublished"}


def test_only_the_latest_recall_is_undone(ours: House, article: Article):
    first = recall_everywhere(article=article)
    place(article=article, site=ours.sites[TECHBLOG])
    second = recall_everywhere(article=article)
    with pytest.raises(ValidationError, match="only its latest"):
        undo(recalled=first)
    undo(recalled=second)
    assert stands(article)[TECHBLOG] == ("published", True)
    assert stands(article)[FINANCEBLOG] == ("recalled", False)


def test_what_was_changed_since_is_left_and_told(ours: House, article: Article):
    recalled = recall_everywhere(article=article)
    place(article=article, site=ours.sites[TECHBLOG], title="Corrected here")
    prepare(article=article, site=ours.sites[THIRD])
    assert [one.site.domain for one in would_return(recalled, article.placements.all())] == [FINANCEBLOG]
    done = undo(recalled=recalled)
    assert [site.domain for site in done.restored] == [FINANCEBLOG]
    left = {site.domain: why for site, why in done.left}
    assert left == {TECHBLOG: "it was published again since", THIRD: "it was prepared anew since"}
    # The mark is where it came to stand meanwhile.
    assert ours.sites[TECHBLOG].name in done.canonical
    assert stands(article) == {
        TECHBLOG: ("published", True),
        FINANCEBLOG: ("published", False),
        THIRD: ("draft", False),
    }


def test_what_was_placed_again_and_taken_off_since_is_left_too(ours: House, article: Article):
    recalled = recall_everywhere(article=article)
    unpublish(placements=[place(article=article, site=ours.sites[TECHBLOG])])
    done = undo(recalled=recalled)
    assert [(site.domain, why) for site, why in done.left] == [(TECHBLOG, "it was unpublished since")]
    assert stands(article)[TECHBLOG] == ("unpublished", False)


def test_a_placement_that_is_gone_is_no_hindrance(ours: House, article: Article):
    recalled = recall_everywhere(article=article)
    Placement.objects.filter(article=article, site=ours.sites[FINANCEBLOG]).delete()
    assert [site.domain for site in undo(recalled=recalled).restored] == [TECHBLOG, THIRD]
    assert stands(article)[TECHBLOG] == ("published", True)


def test_words_that_were_changed_since_come_back_only_if_they_may_be_published(ours: House, article: Article):
    Tenant.objects.update(needs_approval=True)
    recalled = recall_everywhere(article=article)
    revise(article=article, body="Other words, that nobody has approved.")
    with pytest.raises(ValidationError, match="not been approved"):
        undo(recalled=recalled)
    assert stands(article) == RECALLED
    revise(article=article, stage=Article.Stage.APPROVED)
    undo(recalled=recalled)
    assert stands(article) == BEFORE


def test_words_that_are_as_they_were_come_back_whatever_the_rules_are_now(ours: House, article: Article):
    Tenant.objects.update(needs_approval=True)
    undo(recalled=recall_everywhere(article=article))
    assert stands(article) == BEFORE


def test_a_date_that_was_moved_before_the_recall_is_as_it_was(ours: House, article: Article):
    moment = timezone.now() + timedelta(days=9)
    there = Placement.objects.get(article=article, site=ours.sites[THIRD])
    place(article=article, site=ours.sites[THIRD], go_live=moment)
    undo(recalled=recall_everywhere(article=article))
    there.refresh_from_db()
    assert (there.status, there.go_live) == ("published", moment)
