"""What a saving ends is told; and who may change what other sites have published, or may bring back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publishing import drafting, recalling
from publishing.models import Article, Correction, Placement, Proposal, Revision
from publishing.placing import place
from publishing.proposing import propose, trust
from publishing.reviewing import approve, ask_review
from publishing.writing import correct, revise, write
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on, placement_of, signed_in
from tests.studio.test_writing import JSON, path, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(house: House) -> House:
    house.tenant.needs_approval = True
    house.tenant.save()
    return house


def of(house: House, who: str) -> Client:
    return signed_in(house.people[who], "studio")


@pytest.fixture
def scheduled(house: House) -> Article:
    """Approved, and to appear on one site tomorrow."""
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, by=house.people["author"], title="A headline", body="Words.")
        approve(review=ask_review(article=article, by=house.people["author"]), by=house.people["editor"])
        place(article=article, site=house.sites[TECHBLOG], go_live=timezone.now() + timedelta(days=1))
    return article


HELD_BACK = "It will not appear on Techblog as it was scheduled, until it is approved and scheduled again."


def test_a_saving_tells_that_the_approval_is_gone_and_where_it_will_not_appear(house: House, scheduled: Article):
    told = of(house, "editor").post(path(scheduled), sent(scheduled, title="New"), headers=JSON).json()["told"]
    assert told[0].startswith("It was approved before")
    assert told[1:] == [HELD_BACK]
    assert placement_of(scheduled, house.sites[TECHBLOG]).status == "draft"


@pytest.mark.parametrize("way", ["save", "restore"])
def test_without_a_script_the_next_page_tells_it(house: House, scheduled: Article, way: str):
    editor = of(house, "editor")
    if way == "restore":
        with tenant_scope(house.tenant):
            revise(article=scheduled, title="Second")
            Article.objects.update(stage="approved")
            Placement.objects.update(status="published")
            first = Revision.objects.get(number=1)
        answer = editor.post(path(scheduled, f"history/{first.pk}/restore/"), follow=True)
    else:
        answer = editor.post(path(scheduled), sent(scheduled, title="New"), follow=True)
    assert HELD_BACK in answer.content.decode()


def test_an_editor_who_wrote_on_it_is_offered_no_approval(house: House):
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, by=house.people["author"], title="A headline", body="Words.")
        review = ask_review(article=article, by=house.people["author"])
    editor = of(house, "editor")
    assert 'value="approve"' in editor.get(path(article, "review/")).content.decode()
    editor.post(path(article), sent(article, title="Mine"))
    html = editor.get(path(article, "review/")).content.decode()
    assert 'value="approve"' not in html
    assert "somebody else approves it" in html
    editor.post(path(article, f"review/{review.pk}/answer/"), {"deed": "approve", "seen": 2})
    with tenant_scope(house.tenant):
        assert Article.objects.get().stage == "review"


def test_what_is_published_while_its_author_saves_stays_as_it_was(house: House, monkeypatch: pytest.MonkeyPatch):
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, by=house.people["author"], title="A headline", body="Checked.")
    save = drafting.save

    def late(**told):
        place(article=Article.objects.get(pk=article.pk), site=house.sites[TECHBLOG])
        return save(**told)

    monkeypatch.setattr(drafting, "save", late)
    assert of(house, "author").post(path(article), sent(article, body="Changed.")).status_code == 403
    with tenant_scope(house.tenant):
        assert Article.objects.get().body == "Checked."


def test_what_another_site_recalled_it_may_bring_back_so_nobody_else_changes_it(house: House):
    article = article_on(house, FINANCEBLOG, body="Original.")
    with tenant_scope(house.tenant):
        note = correct(article=article, note="It was Tuesday.")
        recalled = recalling.recall_everywhere(article=article)
    limited = of(house, "limited")
    assert limited.post(path(article), sent(article, body="Rewritten.")).status_code == 403
    assert (
        "It is, or was, published on a site on which you are no editor" in limited.get(path(article)).content.decode()
    )
    assert limited.post(path(article, "corrections/"), {"note": "We lied."}).status_code == 403
    taken_off = {"do": "remove", "note": note.note, "seen": note.note}
    assert limited.post(path(article, f"corrections/{note.pk}/"), taken_off).status_code == 403
    assert "you may not place on Financeblog" in limited.get(path(article, "corrections/")).content.decode()
    editor = of(house, "editor")
    with tenant_scope(house.tenant):
        revise(article=article, body="By its editor.", stage="approved")
        assert [one.note for one in Correction.objects.all()] == ["It was Tuesday."]
    answer = editor.post(path(article, f"recall/{recalled.pk}/undo/"), follow=True)
    assert "It was changed since it was recalled" in answer.content.decode()


def test_a_recall_asks_again_where_the_article_was_placed_meanwhile(house: House, monkeypatch: pytest.MonkeyPatch):
    article = article_on(house, TECHBLOG)
    key = placement_of(article, house.sites[TECHBLOG]).pk
    recall = recalling.recall_everywhere

    def late(**told):
        place(article=Article.objects.get(pk=article.pk), site=house.sites[FINANCEBLOG])
        return recall(**told)

    monkeypatch.setattr(recalling, "recall_everywhere", late)
    answer = of(house, "limited").post(path(article, "recall/"), {"seen": str(key)})
    assert answer.status_code == 200
    assert FINANCEBLOG in answer.content.decode()
    with tenant_scope(house.tenant):
        assert set(Placement.objects.values_list("status", flat=True)) == {"published"}


def test_trust_in_an_author_goes_no_further_than_their_own_articles(house: House):
    house.tenant.needs_approval = False
    house.tenant.save()
    site, author = house.sites[FINANCEBLOG], house.people["author"]
    with tenant_scope(house.tenant):
        trust(site=site, tenant_id=house.tenant.pk, user=author)
        own = write(tenant=house.tenant, by=author, title="Own", body="Words.")
        others = write(tenant=house.tenant, by=house.people["editor"], title="Another's", body="Words.")
    for article in (own, others):
        of(house, "author").post(path(article, f"placements/{site.pk}/propose/"), {"note": ""})
    with tenant_scope(house.tenant):
        states = dict(Proposal.objects.values_list("article", "state"))
    assert states == {own.pk: "accepted", others.pk: "open"}


def test_an_editor_of_one_site_withdraws_nothing_that_others_propose_to_another(house: House):
    author = house.people["author"]
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, by=author, title="A headline", body="Words.")
        there = propose(article=article, site=house.sites[FINANCEBLOG], by=house.people["owner"])
        here = propose(article=article, site=house.sites[TECHBLOG], by=author)
    limited = of(house, "limited")
    assert limited.post(f"/acme/proposals/{there.pk}/withdraw/").status_code == 403
    assert limited.post(f"/acme/proposals/{here.pk}/withdraw/").status_code == 302
    # Whose article it is.
    assert of(house, "author").post(f"/acme/proposals/{there.pk}/withdraw/").status_code == 302
