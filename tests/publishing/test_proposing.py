"""What one site's editors ask of another's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from publishing.models import Article, Placement, Proposal, Section, TrustedSource
from publishing.placing import place, recall
from publishing.proposing import accept, decline, distrust, propose, trust, withdraw
from publishing.writing import write
from tenants.models import Tenant, User
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, bolt

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(house: House) -> User:
    return house.people["author"]


@pytest.fixture
def article(house: House) -> Article:
    return write(tenant=house.tenant, title="A headline", body="Words.")


@pytest.fixture
def proposal(house: House, article: Article, author: User) -> Proposal:
    return propose(article=article, site=house.sites[FINANCEBLOG], by=author, note="For your front page?")


def anything(article: Article) -> bool:
    """Whoever proposes may write it."""
    return True


def test_a_proposal_waits_and_places_nothing(article: Article, proposal: Proposal, author: User):
    assert (proposal.state, proposal.note, proposal.proposed_by) == ("open", "For your front page?", author)
    assert not article.placements.exists()


def test_accepting_places_it_as_the_accepting_editor_chose(house: House, proposal: Proposal):
    site = house.sites[FINANCEBLOG]
    section = Section.objects.create(tenant=house.tenant, site=site, slug="news", name="News")
    when = timezone.now() + timedelta(days=1)
    placement = accept(proposal=proposal, by=house.people["editor"], go_live=when, slug="chosen", section=section)
    assert (placement.site, placement.status, placement.go_live) == (site, "published", when)
    assert (placement.slug, placement.section) == ("chosen", section)
    assert (proposal.state, proposal.decided_by) == ("accepted", house.people["editor"])
    assert proposal.decided_at


def test_declining_needs_a_reason(house: House, article: Article, proposal: Proposal):
    with pytest.raises(ValidationError, match="Say why"):
        decline(proposal=proposal, by=house.people["editor"], reason="  ")
    assert Proposal.objects.get().state == "open"
    decline(proposal=proposal, by=house.people["editor"], reason="Not our subject.")
    assert (proposal.state, proposal.reason) == ("declined", "Not our subject.")
    assert not article.placements.exists()


def test_what_is_decided_is_decided_once(house: House, proposal: Proposal, author: User):
    stale = Proposal.objects.get(pk=proposal.pk)
    withdraw(proposal=proposal, by=author)
    for deed in (
        lambda: accept(proposal=stale, by=house.people["editor"]),
        lambda: decline(proposal=stale, by=house.people["editor"], reason="No."),
        lambda: withdraw(proposal=stale, by=author),
    ):
        with pytest.raises(ValidationError, match="Meanwhile it was withdrawn by Acme's author"):
            deed()
    assert not Placement.objects.exists()


def test_an_article_is_proposed_to_a_site_once_at_a_time(
    house: House, article: Article, proposal: Proposal, author: User
):
    site = house.sites[FINANCEBLOG]
    with pytest.raises(ValidationError, match="already, by Acme's author"):
        propose(article=article, site=site, by=house.people["limited"])
    decline(proposal=proposal, by=house.people["editor"], reason="Not yet.")
    assert propose(article=article, site=site, by=author).state == "open"
    assert Proposal.objects.count() == 2


def test_what_is_there_already_or_was_recalled_is_not_proposed(house: House, article: Article, author: User):
    place(article=article, site=house.sites[TECHBLOG])
    with pytest.raises(ValidationError, match="already"):
        propose(article=article, site=house.sites[TECHBLOG], by=author)
    recall(article=article)
    with pytest.raises(ValidationError, match="recalled"):
        propose(article=article, site=house.sites[FINANCEBLOG], by=author)


def test_what_is_recalled_after_it_was_proposed_is_not_placed(house: House, article: Article, proposal: Proposal):
    place(article=article, site=house.sites[TECHBLOG])
    recall(article=article)
    with pytest.raises(ValidationError, match="recalled"):
        accept(proposal=proposal, by=house.people["editor"])
    assert Proposal.objects.get().state == "open"


def test_accepting_asks_for_approval_and_for_a_slug_that_is_free(house: House, proposal: Proposal):
    other = write(tenant=house.tenant, title="The other one", body="Words.")
    place(article=other, site=house.sites[FINANCEBLOG], slug="taken")
    with pytest.raises(ValidationError, match="taken"):
        accept(proposal=proposal, by=house.people["editor"], slug="taken")
    Tenant.objects.update(needs_approval=True)
    with pytest.raises(ValidationError, match="approved"):
        accept(proposal=proposal, by=house.people["editor"])


def test_a_trusted_members_proposal_is_placed_at_once(house: House, article: Article, author: User):
    site = house.sites[FINANCEBLOG]
    trust(site=site, tenant_id=house.tenant.pk, user=author)
    proposal = propose(article=article, site=site, by=author, writes=anything)
    assert (proposal.state, proposal.decided_by) == ("accepted", None)
    assert proposal.reason == "Accepted by itself: Financeblog trusts Acme's author."
    assert Placement.objects.get(article=article).status == "published"
    other = write(tenant=house.tenant, title="Another", body="Words.")
    assert propose(article=other, site=site, by=house.people["limited"]).state == "open"


def test_a_trusted_members_wish_for_a_date_is_kept(house: House, article: Article, author: User):
    site, when = house.sites[FINANCEBLOG], timezone.now() + timedelta(days=3)
    trust(site=site, tenant_id=house.tenant.pk, user=author)
    propose(article=article, site=site, by=author, go_live=when, writes=anything)
    assert Placement.objects.get(article=article).go_live == when


def test_what_is_canonical_on_a_trusted_site_is_placed_at_once(house: House, article: Article, author: User):
    trust(site=house.sites[FINANCEBLOG], tenant_id=house.tenant.pk, source=house.sites[TECHBLOG])
    place(article=article, site=house.sites[TECHBLOG])
    assert propose(article=article, site=house.sites[FINANCEBLOG], by=author).state == "accepted"


def test_what_a_trusted_site_keeps_back_nobody_brings_out_by_proposing_it(house: House, article: Article, author: User):
    trust(site=house.sites[FINANCEBLOG], tenant_id=house.tenant.pk, source=house.sites[TECHBLOG])
    place(article=article, site=house.sites[TECHBLOG], go_live=timezone.now() + timedelta(days=1))
    proposal = propose(article=article, site=house.sites[FINANCEBLOG], by=author)
    assert proposal.state == "open"
    assert proposal.reason.startswith("Not accepted by itself: Readers of Techblog cannot see it")


def test_trust_does_not_stand_in_for_approval_and_the_reason_is_told(house: House, article: Article, author: User):
    Tenant.objects.update(needs_approval=True)
    site = house.sites[FINANCEBLOG]
    trust(site=site, tenant_id=house.tenant.pk, user=author)
    proposal = propose(article=article, site=site, by=author, writes=anything)
    assert proposal.state == "open"
    assert "has not been approved" in proposal.reason
    assert not article.placements.exists()
    proposal.article.refresh_from_db()
    Article.objects.update(stage="approved")
    accept(proposal=proposal, by=house.people["editor"])
    assert proposal.reason == ""


def test_trust_is_one_source_given_once_and_taken_back(house: House, author: User):
    site, tenant = house.sites[FINANCEBLOG], house.tenant.pk
    one = trust(site=site, tenant_id=tenant, user=author)
    assert trust(site=site, tenant_id=tenant, user=author) == one
    with pytest.raises(ValidationError, match="itself"):
        trust(site=site, tenant_id=tenant, source=site)
    both: dict[str, Any] = {"user": author, "source": house.sites[TECHBLOG]}
    for sources in ({}, both):
        with pytest.raises(ValidationError, match="either"):
            trust(site=site, tenant_id=tenant, **sources)
    distrust(trusted=one)
    assert not TrustedSource.objects.exists()


def test_no_proposal_and_no_trust_crosses_a_tenant(house: House, article: Article, author: User):
    lantern = bolt().sites[LANTERN]
    for deed in (
        lambda: propose(article=article, site=lantern, by=author),
        lambda: trust(site=house.sites[TECHBLOG], tenant_id=house.tenant.pk, source=lantern),
        lambda: trust(site=lantern, tenant_id=house.tenant.pk, user=author),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
            connection.check_constraints()
