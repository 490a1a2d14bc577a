"""The inbox: what is proposed to a member's sites, and what became of what they proposed."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from publishing.models import Article, Placement, Proposal, Section, TrustedSource
from publishing.proposing import propose
from publishing.writing import write
from sites_core.models import Brand
from studio.inbox import waiting
from tenants.models import Membership, Tenant
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt, placement_of, signed_in
from tests.studio.test_placing import bare

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(house: House) -> Client:
    return signed_in(house.people["editor"], "studio")


def proposed(house: House, domain: str = TECHBLOG, title: str = "A headline", **more: Any) -> Proposal:
    article = article_on(house, title=title)
    with tenant_scope(house.tenant):
        return propose(article=article, site=house.sites[domain], by=house.people["author"], **more)


def page(client: Client, path: str = "") -> str:
    answer = client.get(f"/acme/inbox/{path}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def answer(client: Client, proposal: Proposal, do: str, **typed: Any) -> Any:
    prefix = "decline" if do == "decline" else "accept"
    sent = {f"{prefix}-{proposal.pk}-{name}": value for name, value in typed.items()}
    return client.post(f"/acme/inbox/{proposal.pk}/", sent | {"do": do})


def test_an_editor_sees_what_is_proposed_to_their_sites_and_by_whom(house: House, editor: Client):
    proposed(house, note="For the front page?", go_live=datetime(2150, 7, 1, 6, tzinfo=UTC))
    proposed(house, FINANCEBLOG, title="For the others")
    Brand.objects.filter(site=house.sites[TECHBLOG]).update(time_zone="Europe/Berlin")
    html = page(editor)
    for words in (
        "A headline",
        "For the front page?",
        "Acme&#x27;s author",
        "wish: 1 July 2150, 08:00",
        "For the others",
    ):
        assert words in html, words
    limited = page(signed_in(house.people["limited"], "studio"))
    assert "A headline" in limited
    assert "For the others" not in limited


@pytest.mark.parametrize("role", ["author", "viewer"])
def test_who_decides_about_no_site_is_told_so(house: House, role: str):
    proposed(house)
    html = page(signed_in(house.people[role], "studio"))
    assert "Your role decides about no proposals." in html
    assert "A headline" not in html


def test_who_proposed_nothing_is_told_where_one_does_or_that_there_is_no_need(house: House, editor: Client):
    assert "you may place on every site of Acme yourself" in page(editor, "mine/")
    assert "stands beside each site on which you may not place" in page(
        signed_in(house.people["limited"], "studio"), "mine/"
    )
    assert "No proposal to your sites has been accepted or declined yet." in page(editor, "decided/")


def test_accepting_places_it_by_the_editors_choice_of_date_section_and_slug(house: House, editor: Client):
    proposal = proposed(house)
    Brand.objects.filter(site=house.sites[TECHBLOG]).update(time_zone="Europe/Berlin")
    with tenant_scope(house.tenant):
        section = Section.objects.create(tenant=house.tenant, site=house.sites[TECHBLOG], slug="news", name="News")
    done = answer(editor, proposal, "accept", go_live="2150-07-01T08:00", section=section.pk, slug="Chosen Here")
    assert done.status_code == 302
    there = placement_of(proposal.article, house.sites[TECHBLOG])
    assert (there.status, there.slug, there.section) == ("published", "chosen-here", section)
    assert there.go_live == datetime(2150, 7, 1, 6, tzinfo=UTC)
    assert "Scheduled: readers can open it from 1 July 2150, 08:00 (Europe/Berlin) on." in page(editor)
    assert "accepted" in page(editor, "decided/")


def test_declining_gives_a_reason_that_the_author_reads(house: House, editor: Client):
    proposal = proposed(house)
    assert "Say why" in answer(editor, proposal, "decline", reason=" ").content.decode()
    assert answer(editor, proposal, "decline", reason="Not our subject.").status_code == 302
    author = signed_in(house.people["author"], "studio")
    mine = page(author, "mine/")
    assert "declined" in mine
    assert "Not our subject." in mine


def test_what_somebody_decided_meanwhile_is_told(house: House, editor: Client):
    proposal = proposed(house)
    answer(editor, proposal, "decline", reason="No.")
    html = answer(signed_in(house.people["owner"], "studio"), proposal, "accept").content.decode()
    assert "Meanwhile it was declined by Acme&#x27;s editor." in html
    with tenant_scope(house.tenant):
        assert not Placement.objects.exists()


def test_what_is_not_ready_or_a_slug_that_is_taken_is_told_and_nothing_typed_is_lost(house: House, editor: Client):
    article_on(house, TECHBLOG, title="The other one")
    proposal = proposed(house)
    html = answer(editor, proposal, "accept", slug="the-other-one", go_live="2150-07-01T08:00").content.decode()
    assert "is taken on Techblog by “The other one”" in html
    assert "2150-07-01T08:00" in html
    Tenant.objects.update(needs_approval=True)
    assert "has not been approved" in answer(editor, proposal, "accept").content.decode()


def test_a_proposal_to_a_site_beyond_ones_own_is_missing(house: House):
    proposal = proposed(house, FINANCEBLOG)
    limited = signed_in(house.people["limited"], "studio")
    for response in (limited.get(f"/acme/inbox/{proposal.pk}/"), answer(limited, proposal, "accept")):
        assert response.status_code == 404
    with tenant_scope(house.tenant):
        assert Proposal.objects.get().state == "open"


def test_a_section_of_another_site_is_answered_like_one_that_does_not_exist(house: House, editor: Client):
    proposal = proposed(house)
    with tenant_scope(house.tenant):
        foreign = Section.objects.create(
            tenant=house.tenant, site=house.sites[FINANCEBLOG], slug="s", name="Elsewhere"
        ).pk
    answers = []
    for value in (foreign, 10**9):
        html = answer(editor, proposal, "accept", section=value).content.decode()
        assert "is not one of the available choices" in html
        answers.append(bare(html, value))
    assert answers[0] == answers[1]


def test_a_site_trusts_a_member_or_a_site_until_that_is_removed(house: House, editor: Client):
    here, there = house.sites[TECHBLOG].pk, house.sites[FINANCEBLOG].pk
    author = house.people["author"].pk
    url = "/acme/inbox/trusted/"
    assert editor.post(url, {"site": here, "user": author}).status_code == 302
    assert editor.post(url, {"site": here, "source": there}).status_code == 302
    html = page(editor, "trusted/")
    assert "accepts what Acme&#x27;s author proposes" in html
    assert "canonical and live on Financeblog" in html
    assert "Choose either a member or a site." in editor.post(url, {"site": here}).content.decode()
    assert "cannot trust itself" in editor.post(url, {"site": here, "source": here}).content.decode()
    assert proposed(house, writes=lambda article: True).state == "accepted"
    with tenant_scope(house.tenant):
        keys = list(TrustedSource.objects.values_list("pk", flat=True))
    for key in keys:
        assert editor.post(f"{url}{key}/").status_code == 302
    assert proposed(house, title="Another").state == "open"


def test_trust_is_given_for_ones_own_sites_alone(house: House):
    limited = signed_in(house.people["limited"], "studio")
    sent = {"site": house.sites[FINANCEBLOG].pk, "user": house.people["author"].pk}
    assert "Select a valid choice" in limited.post("/acme/inbox/trusted/", sent).content.decode()
    with tenant_scope(house.tenant):
        one = TrustedSource.objects.create(
            tenant=house.tenant, site=house.sites[FINANCEBLOG], user=house.people["author"]
        )
    assert limited.post(f"/acme/inbox/trusted/{one.pk}/").status_code == 404
    assert FINANCEBLOG not in page(limited, "trusted/").partition("Trust a source")[0]


def test_the_inbox_is_walked_page_by_page_without_gap_or_repeat(
    house: House, editor: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(waiting, "PAGE", 3)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(8):
        one = proposed(house, title=f"Proposal {number}")
        with tenant_scope(house.tenant):
            Proposal.objects.filter(pk=one.pk).update(proposed_at=moment - timedelta(minutes=number // 4))
    seen, after = [], ""
    for _ in range(3):
        html = page(editor, after)
        seen += re.findall(r">(Proposal \d)</a></h2>", html)
        found = re.search(r'href="(\?after=[^"]+)"', html)
        after = found[1] if found else ""
    assert not after
    with tenant_scope(house.tenant):
        wanted = Proposal.objects.order_by("-proposed_at", "-pk").values_list("article__title", flat=True)
        assert seen == list(wanted)


@pytest.mark.parametrize("path", ["", "decided/", "mine/", "trusted/"])
def test_a_page_costs_the_same_statements_for_one_row_and_for_three(house: House, path: str):
    client = signed_in(house.people["editor"], "studio")

    def more(number: int) -> None:
        with tenant_scope(house.tenant):
            site = list(house.sites.values())[number % 2]
            article = write(tenant=house.tenant, title=f"Story {number}", body="Words.")
            for state in ("open", "declined"):
                Proposal.objects.create(
                    tenant=house.tenant, article=article, site=site, state=state, proposed_by=house.people["editor"]
                )
            Section.objects.create(tenant=house.tenant, site=site, slug=f"s{number}", name="S")
            user = house.people[("author", "viewer", "owner")[number]]
            TrustedSource.objects.create(tenant=house.tenant, site=site, user=user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, path)
        return len(queries)

    more(0)
    page(client, path)
    one = cost()
    more(1)
    more(2)
    assert cost() == one <= 12


def test_what_waits_is_counted_for_who_decides_and_costs_the_others_nothing(house: House):
    proposed(house)
    proposed(house, FINANCEBLOG)
    counted = {}
    for role in ("editor", "limited", "author"):
        request: Any = RequestFactory().get("/")
        with tenant_scope(house.tenant):
            request.tenant, request.user = house.tenant, house.people[role]
            request.membership = Membership.objects.prefetch_related("limits").get(user=house.people[role])
            with CaptureQueriesContext(connection) as queries:
                counted[role] = waiting.count_waiting(request), len(queries)
    assert counted["editor"][0] == 2
    assert counted["limited"][0] == 1
    assert counted["author"] == (0, 0)
    assert max(cost for _, cost in counted.values()) <= 3


def test_words_that_look_like_markup_stay_words(house: House, editor: Client):
    attack = "<script>alert(1)</script>"
    proposal = proposed(house, title=attack, note=attack)
    answer(editor, proposal, "decline", reason=attack)
    proposed(house, FINANCEBLOG, title=attack, note=attack)
    for path in ("", "decided/", f"{proposal.pk}/"):
        assert "<script>alert" not in page(editor, path)
    assert "<script>alert" not in page(signed_in(house.people["author"], "studio"), "mine/")


def test_the_names_of_a_tenants_other_sites_are_all_that_is_offered_as_sources(house: House, editor: Client):
    bolt()
    html = page(editor, "trusted/")
    offered = set(re.findall(r"<option[^>]*>([^<]+)</option>", html))
    assert {"Techblog · techblog.test", "Financeblog · financeblog.test"} <= offered
    assert not any(LANTERN in one for one in offered)
    assert "Bolt's author" not in offered


def test_an_article_that_is_gone_takes_its_proposals_along(house: House, editor: Client):
    proposal = proposed(house)
    with tenant_scope(house.tenant):
        Article.objects.filter(pk=proposal.article_id).delete()
    assert "No proposal waits." in page(editor)
