"""What DNS says, asked of several resolvers by real packets, and what follows from it."""

import time

import pytest
from django.conf import LazySettings

from domains.claiming import claim, vouch
from domains.dns import look_up, may_issue, points_here, records
from domains.models import Claim
from tenants.scope import tenant_scope
from tests.cast import House, acme
from tests.dns_server import Zone, serving

TOKEN = "a-token"


def proof(zone: Zone, name: str = "news.example", token: str = TOKEN) -> None:
    zone.set(f"_masthead.{name}", "TXT", f"masthead={token}")


@pytest.fixture
def asked_of_two(settings: LazySettings, dns_zone: Zone) -> Zone:
    settings.DNS_RESOLVERS = settings.DNS_RESOLVERS[:2]
    return dns_zone


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domains.dns.PATIENCE", 0.5)


def test_a_proof_that_all_resolvers_see_is_one(dns_zone: Zone):
    proof(dns_zone)
    seen = look_up("news.example")
    assert seen.tokens == {TOKEN}
    assert seen.proves(TOKEN) is True
    assert seen.proves("another") is False
    assert {one for one, _ in dns_zone.asked} == {"news.example", "_masthead.news.example"}


def test_a_proof_is_found_among_other_texts_and_over_tcp(dns_zone: Zone):
    others = [f"v=spf1 include:{number}.example {'x' * 100}" for number in range(30)]
    dns_zone.set("_masthead.news.example", "TXT", *others, f"masthead={TOKEN}")
    for server in dns_zone.servers:
        server.truncates = True
    assert look_up("news.example").proves(TOKEN) is True


def test_one_resolver_that_lies_proves_nothing_and_loses_nobody_a_name(dns_zone: Zone):
    liar = dns_zone.servers[0]
    liar.lies["_masthead.news.example", "TXT"] = ["masthead=stolen"]
    seen = look_up("news.example")
    assert seen.tokens == set()
    assert seen.proves("stolen") is None
    proof(dns_zone)
    liar.lies["_masthead.news.example", "TXT"] = []
    assert look_up("news.example").proves(TOKEN) is True


def test_of_two_resolvers_both_must_see_the_proof(asked_of_two: Zone):
    proof(asked_of_two)
    assert look_up("news.example").proves(TOKEN) is True
    asked_of_two.servers[0].lies["_masthead.news.example", "TXT"] = []
    assert look_up("news.example").proves(TOKEN) is None


def test_where_there_is_one_resolver_it_is_believed(dns_zone: Zone, settings: LazySettings):
    settings.DNS_RESOLVERS = settings.DNS_RESOLVERS[:1]
    proof(dns_zone)
    assert look_up("news.example").proves(TOKEN) is True
    dns_zone.clear()
    assert look_up("news.example").proves(TOKEN) is False


@pytest.mark.parametrize("how", ["SERVFAIL", "REFUSED", "silent", "late"])
def test_one_resolver_that_fails_is_done_without_and_most_that_fail_say_nothing(dns_zone: Zone, how: str):
    proof(dns_zone)
    for count, server in enumerate(dns_zone.servers, start=1):
        server.fails = how if how.isupper() else ""
        server.silent = how == "silent"
        server.delay = 0.7 if how == "late" else 0.0
        began = time.monotonic()
        seen = look_up("news.example")
        assert time.monotonic() - began < 3
        assert seen.proves(TOKEN) is (True if count == 1 else None)
    assert "Too few resolvers answered for TXT" in seen.problem
    assert seen.told() == {}


def test_an_alias_proves_nothing(dns_zone: Zone):
    proof(dns_zone, "elsewhere.example")
    dns_zone.set("*.news.example", "CNAME", "_masthead.elsewhere.example")
    seen = look_up("news.example")
    assert seen.tokens == set()
    assert seen.proves(TOKEN) is False


def test_aliases_are_followed_to_their_address(dns_zone: Zone, settings: LazySettings):
    settings.EDGE_CNAME = "edge.platform.test"
    dns_zone.set("news.example", "CNAME", "a.example")
    dns_zone.set("a.example", "CNAME", "edge.platform.test")
    dns_zone.set("edge.platform.test", "A", "192.0.2.1")
    told = look_up("news.example").told()
    assert told["CNAME"] == ["a.example", "edge.platform.test"]
    assert told["A"] == ["192.0.2.1"]
    assert points_here(told) is True


def test_aliases_in_a_circle_are_no_answer(dns_zone: Zone):
    dns_zone.set("news.example", "CNAME", "a.example")
    dns_zone.set("a.example", "CNAME", "news.example")
    assert points_here(look_up("news.example").told()) in {None, False}


@pytest.mark.parametrize(
    ("edge", "alias", "zone", "right"),
    [
        ([], "", {}, False),
        ([], "", {"A": "203.0.113.9"}, True),
        (["192.0.2.1"], "", {"A": "192.0.2.1"}, True),
        (["192.0.2.1"], "", {"A": "203.0.113.9"}, False),
        (["192.0.2.1"], "", {"A": ["192.0.2.1", "203.0.113.9"]}, False),
        (["192.0.2.1"], "", {"A": "192.0.2.1", "AAAA": "2001:db8::9"}, False),
        (["192.0.2.1", "2001:db8:0::1"], "", {"A": "192.0.2.1", "AAAA": "2001:db8::1"}, True),
        ([], "edge.test", {"A": "192.0.2.7"}, True),
        ([], "edge.test", {"A": "203.0.113.9"}, False),
        ([], "edge.test", {"CNAME": "edge.test"}, True),
        ([], "edge.test", {"CNAME": "other.test"}, False),
    ],
)
def test_a_name_leads_here_if_all_its_addresses_are_the_edges(
    dns_zone: Zone, settings: LazySettings, edge: list[str], alias: str, zone: dict[str, str | list[str]], right: bool
):
    settings.EDGE_ADDRESSES, settings.EDGE_CNAME = edge, alias
    dns_zone.set("edge.test", "A", "192.0.2.7")
    for kind, values in zone.items():
        dns_zone.set("news.example", kind, *([values] if isinstance(values, str) else values))
    assert points_here(look_up("news.example").told()) is right


def test_addresses_that_each_resolver_tells_otherwise_are_not_known(dns_zone: Zone, settings: LazySettings):
    settings.EDGE_ADDRESSES = ["192.0.2.1"]
    for number, server in enumerate(dns_zone.servers):
        server.lies["news.example", "A"] = [f"203.0.113.{number}"]
    assert points_here(look_up("news.example").told()) is None


@pytest.mark.parametrize(
    ("at", "values", "allowed"),
    [
        ("news.example", [], True),
        ("news.example", ['0 issue "ca.test"'], True),
        ("news.example", ['0 issue "other.test"'], False),
        ("news.example", ['0 issue ";"'], False),
        ("news.example", ['0 issue "ca.test; accounturi=https://ca.test/1"'], True),
        ("news.example", ['0 iodef "mailto:x@news.example"'], True),
        ("news.example", ['0 issuewild "other.test"'], True),
        ("news.example", ['128 unheard "x"'], False),
        ("a.b.news.example", ['0 issue "ca.test"'], True),
        ("b.news.example", ['0 issue "other.test"'], False),
        ("example", ['0 issue "other.test"'], True),
    ],
)
def test_caa_is_looked_for_up_to_the_registrable_domain(
    dns_zone: Zone, settings: LazySettings, at: str, values: list[str], allowed: bool
):
    settings.ACME_CAA_DOMAIN = "ca.test"
    dns_zone.set("a.b.news.example", "A", "192.0.2.1")
    dns_zone.set(at, "CAA", *values)
    assert may_issue(look_up("a.b.news.example").told()) is allowed


def test_caa_that_nobody_answers_for_forbids_until_it_is_known(dns_zone: Zone, settings: LazySettings):
    settings.ACME_CAA_DOMAIN = "ca.test"
    for server in dns_zone.servers:
        server.fails = "SERVFAIL"
    assert may_issue(look_up("news.example").told()) is None


def test_caa_is_not_asked_for_where_the_authority_has_no_name(dns_zone: Zone):
    look_up("news.example")
    assert "CAA" not in {kind for _, kind in dns_zone.asked}


def test_a_resolver_that_is_nowhere_answers_nothing(settings: LazySettings):
    with serving() as zone:
        address = zone.servers[0].address
    settings.DNS_RESOLVERS = [address]
    assert look_up("news.example").proves(TOKEN) is None


# --- What is to be set -----------------------------------------------------------------------------------------------


@pytest.fixture
def house(db: None) -> House:
    return acme()


def claimed(house: House, name: str) -> Claim:
    with tenant_scope(house.tenant):
        (one,) = claim(tenant=house.tenant, site=house.sites["techblog.test"], name=name, by=house.people["owner"])
    return one


def test_the_records_of_a_claim_are_told_beside_what_was_found(house: House, dns_zone: Zone, settings: LazySettings):
    settings.EDGE_ADDRESSES = ["192.0.2.1", "2001:db8::1"]
    one = claimed(house, "news.example")
    assert [(record.type, record.name, record.value, record.right) for record in records(one)] == [
        ("TXT", "_masthead.news.example", f"masthead={one.token}", None),
        ("A", "news.example", "192.0.2.1", None),
        ("AAAA", "news.example", "2001:db8::1", None),
    ]
    proof(dns_zone, token=one.token)
    dns_zone.set("news.example", "A", "203.0.113.9")
    seen = look_up("news.example")
    one.seen, one.checked_at = seen.told(), seen.at
    assert [(record.type, record.found, record.right) for record in records(one)] == [
        ("TXT", (f"masthead={one.token}",), True),
        ("A", ("203.0.113.9",), False),
        ("AAAA", (), False),
    ]


def test_below_a_domain_an_alias_is_set_and_at_it_an_address(house: House, settings: LazySettings):
    settings.EDGE_CNAME = "edge.platform.test"
    below, at = (records(claimed(house, name)) for name in ("blog.news.example", "news.example"))
    assert [(record.type, record.value) for record in below][1:] == [("CNAME", "edge.platform.test")]
    assert [(record.type, record.value) for record in at][1:] == [("ALIAS", "edge.platform.test")]


def test_an_address_that_the_edge_does_not_have_is_to_be_taken_away(house: House, settings: LazySettings):
    settings.EDGE_ADDRESSES = ["192.0.2.1"]
    one = claimed(house, "news.example")
    one.seen, one.checked_at = {"TXT": [], "A": ["192.0.2.1"], "AAAA": ["2001:db8::9"], "CNAME": []}, one.added_at
    assert [(record.type, record.value, record.right) for record in records(one)][1:] == [
        ("A", "192.0.2.1", True),
        ("AAAA", "", False),
    ]


def test_a_name_that_staff_vouched_for_needs_no_text_and_a_free_one_nothing(house: House, settings: LazySettings):
    settings.EDGE_ADDRESSES = ["192.0.2.1"]
    site = house.sites["techblog.test"]
    vouched, free = (vouch(site=site, name=name, by=None) for name in ("news.example", "news.sites.test"))
    assert [record.type for record in records(vouched)] == ["A"]
    assert records(free) == []
