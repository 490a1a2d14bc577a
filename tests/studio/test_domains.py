"""The page “Domains”, as a tenant's owner sees it: every name, what to do next, and what it takes."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from domains.claiming import claim, make_primary, quarantine, vouch
from domains.models import Certificate, Claim, Order, Standing
from events.models import Event
from events.relay import drain
from sites_core.models import Hostname
from studio.domains import finding
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, bolt, signed_in
from tests.dns_server import Zone

pytestmark = pytest.mark.django_db

NEW = "financeblog.com"


@pytest.fixture(autouse=True)
def nobody_has_looked_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def owner(house: House) -> Client:
    return signed_in(house.people["owner"], "studio")


def words(answer) -> str:
    """What a page says."""
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def names(answer) -> list[str]:
    return re.findall(r'scope="row"><a href="/acme/domains/([^"/]+)/"', answer.content.decode())


def add(owner: Client, house: House, name: str = NEW, *, domain: str = FINANCEBLOG, **said: str):
    return owner.post("/acme/domains/add/", {"name": name, "site": house.sites[domain].pk, **said}, follow=True)


def claimed(house: House, name: str = NEW, domain: str = FINANCEBLOG, **said) -> Claim:
    with tenant_scope(house.tenant):
        return claim(tenant=house.tenant, site=house.sites[domain], name=name, by=house.people["owner"], **said)[0]


def certificate(name: str, *, days: int = 90, left: int = 60) -> Certificate:
    now = timezone.now()
    return Certificate.objects.create(
        name=name, chain="-", key=b"-", serial="7", issuer="Test CA", not_before=now - timedelta(days=days - left),
        not_after=now + timedelta(days=left), renew_at=now + timedelta(days=left - days / 3),
    )  # fmt: skip


# --- The list --------------------------------------------------------------------------------------------------------


def test_every_name_and_every_claim_of_the_tenants_sites_is_listed_and_nobody_elses(house: House, owner: Client):
    other = bolt()
    claimed(house)
    with tenant_scope(other.tenant):
        claim(tenant=other.tenant, site=other.sites[LANTERN], name="theirs.com", by=None)
    listed = owner.get("/acme/domains/")
    assert names(listed) == [NEW, FINANCEBLOG, TECHBLOG]
    assert "unproven" in words(listed)
    assert "theirs" not in words(listed)
    assert LANTERN not in words(listed)


def test_a_name_is_shown_in_unicode_and_as_it_stands_in_dns(house: House, owner: Client):
    claimed(house, "Bücher.com")
    for page in (owner.get("/acme/domains/"), owner.get("/acme/domains/xn--bcher-kva.com/")):
        assert "bücher.com" in words(page)
        assert "xn--bcher-kva.com" in words(page)


def test_many_names_are_walked_page_by_page_and_each_is_met_once(
    house: House, owner: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(finding, "PAGE", 2)
    for name in ("b-c.com", "b.com", "ba.com"):
        claimed(house, name)
    vouch(site=house.sites[TECHBLOG], name="bb.com", by=None)
    met, path = [], "/acme/domains/"
    while path:
        page = owner.get(path)
        met += names(page)
        more = re.search(r'href="(\?[^"]*after=[^"]+)" rel="next"', page.content.decode())
        path = f"/acme/domains/{more[1]}" if more else ""
    assert met == ["b-c.com", "b.com", "ba.com", "bb.com", FINANCEBLOG, TECHBLOG]
    assert owner.get("/acme/domains/?after=%00&q=%00").status_code in {200, 404}


def test_names_are_found_by_a_part_and_by_site(house: House, owner: Client):
    tech = house.sites[TECHBLOG].pk
    assert names(owner.get("/acme/domains/?q=FINANCE")) == [FINANCEBLOG]
    assert names(owner.get(f"/acme/domains/?site={tech}")) == [TECHBLOG]
    assert "No name is like that" in words(owner.get("/acme/domains/?q=nothing"))
    assert owner.get(f"/acme/domains/?site={bolt().sites[LANTERN].pk}").status_code == 404


def statements(owner: Client, path: str) -> int:
    owner.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert owner.get(path).status_code == 200
    return len(asked)


def test_the_list_takes_the_same_statements_for_one_name_and_for_three(house: House, owner: Client):
    taken = []
    for count in (1, 3):
        for number in range(count):
            name = f"{count}-{number}.com"
            vouch(site=house.sites[TECHBLOG], name=name, by=None)
            certificate(name)
            Order.objects.create(name=name, registered=name)
            claimed(house, f"claimed-{name}")
        taken.append(statements(owner, f"/acme/domains/?q={count}-"))
    assert taken == [9, 9]


def test_the_page_of_a_name_takes_no_more_statements_the_more_has_happened(house: House, owner: Client):
    vouch(site=house.sites[TECHBLOG], name=NEW, by=None)
    certificate(NEW)
    taken = []
    for _ in range(2):
        Order.objects.create(name=NEW, registered=NEW, state=Order.State.FAILED, problem="x", ended_at=timezone.now())
        Hostname.objects.filter(name=NEW).update(state="grace")
        Hostname.objects.filter(name=NEW).update(state="live")
        taken.append(statements(owner, f"/acme/domains/{NEW}/"))
    assert taken[0] == taken[1] <= 12


# --- Adding ----------------------------------------------------------------------------------------------------------


def test_an_added_name_leads_to_the_records_to_set_and_www_comes_along(house: House, owner: Client):
    page = words(add(owner, house, "FinanceBlog.com", with_www="on", becomes_primary="on"))
    with tenant_scope(house.tenant):
        main, www = Claim.objects.order_by("name")
    assert (main.name, main.becomes_primary, main.added_by) == (NEW, True, house.people["owner"])
    assert (www.name, www.becomes_primary) == (f"www.{NEW}", False)
    assert f"_masthead.{NEW}" in page
    assert f"masthead={main.token}" in page
    assert www.token not in page
    assert "unproven" in page
    assert Event.objects.filter(name="domains.claim", payload={"claim": main.pk}).exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("studio.platform.test", "platform"), ("*.financeblog.com", "not a hostname"), ("10.0.0.1", "not a hostname"),
        ("co.uk", "public suffix"), ("", "Type the name"), ("x" * 301, "at most 300"), (TECHBLOG, "already"),
        ("a\0b.com", "Null characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_claimed_comes_back_with_a_sentence(house: House, owner: Client, name: str, sentence: str):
    assert sentence in words(add(owner, house, name))
    with tenant_scope(house.tenant):
        assert not Claim.objects.exists()


def test_a_site_of_another_tenant_is_answered_like_one_that_does_not_exist(house: House, owner: Client):
    foreign = bolt().sites[LANTERN].pk
    answers = [
        owner.post("/acme/domains/add/", {"name": NEW, "site": site}).content.decode() for site in (foreign, 10**9)
    ]
    bare = [re.sub(rf"\b(\w{{64}}|{foreign}|{10**9})\b", "", answer) for answer in answers]
    assert bare[0] == bare[1]
    assert "does not exist" in bare[0]


def test_whether_somebody_else_has_a_name_is_not_told(house: House, owner: Client):
    """The proof decides, and the claim's page says nothing of the holder, nor of the holder's certificate."""
    other = bolt()
    vouch(site=other.sites[LANTERN], name=NEW, by=None)
    certificate(NEW)
    page = words(add(owner, house))
    assert "Lantern" not in page
    assert "Test CA" not in page
    assert owner.get(f"/acme/domains/{LANTERN}/").status_code == 404


# --- What a name's page says -----------------------------------------------------------------------------------------


def test_a_page_follows_a_claim_until_it_is_live(house: House, owner: Client, dns_zone: Zone):
    mine = claimed(house, with_www=False)
    progress = f"/acme/domains/{NEW}/progress/"
    drain()
    said = words(owner.get(progress))
    assert "No TXT record at _masthead.financeblog.com yet" in said
    assert "data-under-way" in owner.get(progress).content.decode()
    dns_zone.set(f"_masthead.{NEW}", "TXT", f"masthead={mine.token}")
    dns_zone.set(NEW, "A", "127.0.0.1")
    Event.objects.filter(name="domains.claim").update(due_at=timezone.now())
    drain()
    assert Hostname.objects.get(name=NEW).site == house.sites[FINANCEBLOG]
    answer = owner.get(progress)
    said = words(answer)
    assert "Proven by a TXT record" in said
    assert "as it should be" in said
    assert "live" in said
    assert "Become" not in said
    assert "data-under-way" not in answer.content.decode()


def test_nothing_is_sent_again_while_nothing_has_changed(house: House, owner: Client):
    claimed(house)
    page = owner.get(f"/acme/domains/{NEW}/").content.decode()
    seen = re.search(r"progress/\?seen=(\w+)", page)
    assert seen
    assert owner.get(f"/acme/domains/{NEW}/progress/?seen={seen[1]}").status_code == 204
    with tenant_scope(house.tenant):
        Claim.objects.update(problem="Something new.", checked_at=timezone.now())
    assert "Something new." in words(owner.get(f"/acme/domains/{NEW}/progress/?seen={seen[1]}"))


def test_what_was_found_stands_beside_what_is_expected(house: House, owner: Client, settings: LazySettings):
    settings.EDGE_ADDRESSES = ["192.0.2.1"]
    hostname = vouch(site=house.sites[FINANCEBLOG], name=NEW, by=None)
    Standing.objects.filter(pk=hostname.pk).update(
        seen={"A": ["203.0.113.9"], "AAAA": []}, checked_at=timezone.now(), problem=""
    )
    said = words(owner.get(f"/acme/domains/{NEW}/"))
    assert "192.0.2.1" in said
    assert "something else 203.0.113.9" in said
    assert "does not lead here yet" in said


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("grace", "after that it is not served any more"), ("quarantined", "To have it back, add it anew")],
)
def test_a_name_that_dns_has_lost_says_until_when(house: House, owner: Client, state: str, sentence: str):
    hostname = vouch(site=house.sites[FINANCEBLOG], name=NEW, by=None)
    now = timezone.now()
    Standing.objects.filter(pk=hostname.pk).update(failing_since=now, quarantined_at=now, checked_at=now)
    Hostname.objects.filter(pk=hostname.pk).update(state=state)
    for page in (owner.get("/acme/domains/"), owner.get(f"/acme/domains/{NEW}/")):
        assert sentence in words(page)
        assert '"chip bad"' in page.content.decode()


def test_the_certificate_and_what_kept_it_from_being_made_are_told(house: House, owner: Client, settings: LazySettings):
    settings.ACME_DIRECTORY = "https://ca.test/dir"
    vouch(site=house.sites[FINANCEBLOG], name=NEW, by=None)
    order = Order.objects.create(name=NEW, registered=NEW, attempts=2, problem="The check of the name failed.")
    said = words(owner.get(f"/acme/domains/{NEW}/"))
    assert "The certificate could not be made. The check of the name failed. It is tried again by itself." in said
    order.delete()
    one = certificate(NEW)
    assert f"{one.not_after:%Y}" in words(owner.get("/acme/domains/"))
    assert "Test CA" in words(owner.get(f"/acme/domains/{NEW}/"))


def test_what_an_earlier_holder_ordered_is_not_told(house: House, owner: Client):
    Order.objects.create(name=NEW, registered=NEW, state="failed", problem="Of somebody else.", ended_at=timezone.now())
    vouch(site=house.sites[FINANCEBLOG], name=NEW, by=None)
    Order.objects.update(added_at=timezone.now() - timedelta(days=1))
    assert "Of somebody else." not in words(owner.get(f"/acme/domains/{NEW}/"))


def test_the_history_says_who_did_what(house: House, owner: Client):
    add(owner, house)
    assert "Added; its proof is looked for by Acme&#x27;s owner" in words(owner.get(f"/acme/domains/{NEW}/"))


# --- What can be done ------------------------------------------------------------------------------------------------


def test_a_look_can_be_asked_for_and_not_too_often(house: House, owner: Client):
    vouch(site=house.sites[FINANCEBLOG], name=NEW, by=None)
    Event.objects.all().delete()
    assert "is looked at now" in words(owner.post(f"/acme/domains/{NEW}/look/", follow=True))
    assert Event.objects.filter(name="domains.look", payload={"name": NEW}).count() == 1
    assert "a moment ago" in words(owner.post(f"/acme/domains/{NEW}/look/", follow=True))


def test_an_alias_becomes_the_sites_address_and_the_old_one_redirects(house: House, owner: Client):
    vouch(site=house.sites[FINANCEBLOG], name=NEW, by=None)
    said = words(owner.post(f"/acme/domains/{NEW}/primary/", follow=True))
    assert f"is at {NEW} now; {FINANCEBLOG} redirects there" in said
    house.sites[FINANCEBLOG].refresh_from_db()
    assert house.sites[FINANCEBLOG].domain == NEW


def test_what_is_not_proven_becomes_no_address(house: House, owner: Client):
    claimed(house)
    assert "not proven yet" in words(owner.post(f"/acme/domains/{NEW}/primary/", follow=True))
    quarantine(hostname=vouch(site=house.sites[TECHBLOG], name="lost.com", by=None))
    assert "not served" in words(owner.post("/acme/domains/lost.com/primary/", follow=True))
    house.sites[TECHBLOG].refresh_from_db()
    assert house.sites[TECHBLOG].domain == TECHBLOG


def test_taking_a_name_away_says_first_what_readers_will_get(house: House, owner: Client):
    vouch(site=house.sites[FINANCEBLOG], name=NEW, by=None)
    asked = words(owner.get(f"/acme/domains/{NEW}/remove/"))
    assert f"readers who come to {NEW} get an error" in asked
    assert f"Financeblog stays at {FINANCEBLOG}" in asked
    assert Hostname.objects.filter(name=NEW).exists()
    assert "no longer a name of Financeblog" in words(owner.post(f"/acme/domains/{NEW}/remove/", follow=True))
    assert not Hostname.objects.filter(name=NEW).exists()


def test_a_sites_address_is_not_taken_away(house: House, owner: Client):
    assert "make another of its names the address first" in words(owner.get(f"/acme/domains/{FINANCEBLOG}/remove/"))
    owner.post(f"/acme/domains/{FINANCEBLOG}/remove/")
    assert Hostname.objects.filter(name=FINANCEBLOG).exists()


def test_a_claim_is_withdrawn_and_its_token_is_void(house: House, owner: Client):
    before = claimed(house).token
    assert "Withdraw" in words(owner.get(f"/acme/domains/{NEW}/remove/"))
    owner.post(f"/acme/domains/{NEW}/remove/", {"meant": "claim"})
    assert owner.get(f"/acme/domains/{NEW}/").status_code == 404
    assert claimed(house).token != before


def test_the_address_of_today_may_be_taken_away_after_another_took_its_place(house: House, owner: Client):
    make_primary(hostname=vouch(site=house.sites[FINANCEBLOG], name=NEW, by=None))
    owner.post(f"/acme/domains/{FINANCEBLOG}/remove/")
    assert not Hostname.objects.filter(name=FINANCEBLOG).exists()


@pytest.mark.parametrize("deed", ["", "progress/", "remove/"])
@pytest.mark.parametrize("name", ["nothing.com", "ALLCAPS.com", "a%00b", "%F0%9F%98%80", "a" * 300])
def test_what_is_no_name_of_the_tenant_is_missing(owner: Client, name: str, deed: str):
    assert owner.get(f"/acme/domains/{name}/{deed}").status_code == 404
