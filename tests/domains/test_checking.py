"""What a look at DNS brings about: a proof, a name that is live, grace, quarantine, and the mails in between."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.utils import timezone

from domains.certificates import handshake, ordering
from domains.checking import PATIENCE, PER_TURN, look_at, look_at_due, look_for, look_now, pause, tidy
from domains.claiming import claim, prove, vouch
from domains.models import Certificate, Claim, Order, Standing, Tombstone
from events.models import Event
from events.relay import drain
from sites_core.models import Hostname
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme
from tests.dns_server import Zone

pytestmark = pytest.mark.django_db

NAME = "news.example"
EDGE = "192.0.2.1"


@pytest.fixture
def house(settings: LazySettings) -> House:
    settings.EDGE_ADDRESSES = [EDGE]
    made = acme()
    Event.objects.all().delete()
    return made


def claimed(house: House, name: str = NAME) -> Claim:
    return claim(tenant=house.tenant, site=house.sites[TECHBLOG], name=name, by=None)[0]


def set_up(zone: Zone, one: Claim) -> None:
    zone.set(f"_masthead.{one.name}", "TXT", f"masthead={one.token}")
    zone.set(one.name, "A", EDGE)


def live(house: House, zone: Zone) -> Hostname:
    one = claimed(house)
    set_up(zone, one)
    drain()
    drain()
    hostname = Hostname.objects.get(name=NAME)
    assert hostname.state == "live"
    return hostname


def state() -> str:
    return Hostname.objects.get(name=NAME).state


def standing() -> Standing:
    return Standing.objects.get(hostname__name=NAME)


def after(**ago: float) -> None:
    """As if DNS had lost it so long before."""
    Standing.objects.filter(hostname__name=NAME).update(failing_since=timezone.now() - timedelta(**ago))


# --- Claims ----------------------------------------------------------------------------------------------------------


def test_a_claim_is_looked_for_until_its_proof_is_there(house: House, dns_zone: Zone):
    one = claimed(house)
    assert drain() == 0
    fresh = Claim._base_manager.get(pk=one.pk)
    assert fresh.checks == 1
    assert fresh.seen == {"TXT": [], "A": [], "AAAA": [], "CNAME": []}
    assert "No TXT record at _masthead.news.example yet" in fresh.problem
    waiting = Event.objects.get(name="domains.claim")
    assert (waiting.attempts, waiting.done_at) == (0, None)
    set_up(dns_zone, one)
    look_now(fresh)
    assert drain() == 2  # the proof, and the first look at the hostname
    assert state() == "live"
    assert not Claim._base_manager.exists()


def test_a_value_that_was_copied_wrongly_is_told(house: House, dns_zone: Zone):
    one = claimed(house)
    dns_zone.set("_masthead.news.example", "TXT", "masthead=something")
    look_for(one.pk)
    assert "its value is another one" in Claim._base_manager.get(pk=one.pk).problem


def test_resolvers_that_are_away_are_told_and_prove_nothing(house: House, dns_zone: Zone):
    one = claimed(house)
    set_up(dns_zone, one)
    for server in dns_zone.servers:
        server.fails = "SERVFAIL"
    look_for(one.pk)
    assert "Too few resolvers answered" in Claim._base_manager.get(pk=one.pk).problem
    assert not Hostname.objects.filter(name=NAME).exists()


def test_it_is_looked_for_ever_more_rarely_and_two_weeks_long(house: House, dns_zone: Zone):
    ages = [timedelta(0), timedelta(minutes=10), timedelta(hours=3), timedelta(days=9)]
    pauses = [pause(age) for age in ages]
    assert pauses == sorted(pauses)  # type: ignore[type-var]
    assert pauses[0] <= timedelta(seconds=10)  # type: ignore[operator]
    assert pauses[-1] >= timedelta(hours=1)  # type: ignore[operator]
    one = claimed(house)
    Claim._base_manager.filter(pk=one.pk).update(added_at=timezone.now() - PATIENCE)
    assert drain() == 1
    assert "not found within 14 days" in Claim._base_manager.get(pk=one.pk).problem
    assert not Event.objects.filter(name="domains.claim", done_at=None).exists()


def test_a_name_that_staff_gave_away_is_told_to_who_proves_it(house: House, dns_zone: Zone):
    one = claimed(house)
    vouch(site=house.sites[FINANCEBLOG], name=NAME, by=None)
    set_up(dns_zone, one)
    look_for(one.pk)
    assert "platform staff gave the name" in Claim._base_manager.get(pk=one.pk).problem


def test_a_claim_that_is_gone_is_looked_for_no_longer(house: House, dns_zone: Zone):
    one = claimed(house)
    Claim._base_manager.all().delete()
    assert look_for(one.pk) is None
    assert dns_zone.asked == []


# --- Hostnames -------------------------------------------------------------------------------------------------------


def test_a_proven_name_that_does_not_lead_here_yet_is_waited_for(house: House, dns_zone: Zone):
    one = claimed(house)
    dns_zone.set(f"_masthead.{NAME}", "TXT", f"masthead={one.token}")
    drain()
    assert state() == "verified"
    assert "does not lead to this platform: DNS has no address for it" in standing().problem
    assert standing().failing_since is None
    assert mail.outbox == []
    assert look_at(NAME) is not None
    dns_zone.set(NAME, "A", EDGE)
    assert look_at(NAME) is None
    assert state() == "live"
    assert standing().problem == ""


def test_names_of_no_dns_and_free_names_are_live_at_once(house: House):
    assert Hostname.objects.get(name=TECHBLOG).state == "verified"
    claim(tenant=house.tenant, site=house.sites[TECHBLOG], name="daily.sites.test", by=None)
    look_at(TECHBLOG)
    look_at("daily.sites.test")
    states = dict(Hostname.objects.values_list("name", "state"))
    assert (states[TECHBLOG], states["daily.sites.test"]) == ("live", "live")


def test_a_free_name_that_came_with_its_site_is_known_as_one(house: House):
    Hostname.objects.create(site=house.sites[TECHBLOG], name="daily.sites.test")
    look_at("daily.sites.test")
    assert Standing.objects.get(hostname__name="daily.sites.test").proof == "free"


@pytest.mark.parametrize("lost", ["TXT", "A"])
def test_what_dns_has_lost_is_served_in_grace_and_told_to_the_owners(house: House, dns_zone: Zone, lost: str):
    live(house, dns_zone)
    dns_zone.set(NAME if lost == "A" else f"_masthead.{NAME}", lost)
    look_at(NAME)
    assert state() == "grace"
    assert standing().failing_since is not None
    (message,) = mail.outbox
    assert message.to == ["owner@acme.test"]
    assert NAME in message.subject
    assert "http://studio.platform.test/acme/domains/" in message.body
    assert ("_masthead.news.example" if lost == "TXT" else EDGE) in message.body
    assert "\n\n\n" not in message.body
    look_at(NAME)
    assert len(mail.outbox) == 1


def test_it_recovers_by_itself(house: House, dns_zone: Zone):
    hostname = live(house, dns_zone)
    token = standing().token
    dns_zone.clear(NAME)
    look_at(NAME)
    dns_zone.set(f"_masthead.{NAME}", "TXT", f"masthead={token}")
    dns_zone.set(NAME, "A", EDGE)
    look_at(NAME)
    assert state() == "live"
    assert (standing().failing_since, standing().warned_at, standing().problem) == (None, None, "")
    assert [message.subject.partition(": ")[2] for message in mail.outbox] == [
        "its DNS no longer leads to your site",
        "its DNS is right again",
    ]
    assert hostname.pk == Hostname.objects.get(name=NAME).pk


def test_owners_are_told_again_and_again_before_it_ends(house: House, dns_zone: Zone):
    live(house, dns_zone)
    dns_zone.clear(NAME)
    start = datetime(2031, 3, 1, 12, tzinfo=UTC)
    told: list[int] = []
    for day in range(32):
        with time_machine.travel(start + timedelta(days=day, minutes=day), tick=True):
            look_at(NAME)
        if len(mail.outbox) > len(told):
            told.append(day)
    assert told == [0, 14, 23, 28, 30]
    assert state() == "quarantined"
    assert "is not served any more" in mail.outbox[-1].subject
    assert "set the new record" in mail.outbox[-1].body
    assert len(mail.outbox) == 5


def test_after_grace_it_is_quarantined_and_does_not_come_back_by_itself(house: House, dns_zone: Zone):
    live(house, dns_zone)
    token = standing().token
    dns_zone.clear(NAME)
    look_at(NAME)
    after(days=31)
    look_at(NAME)
    assert state() == "quarantined"
    assert standing().quarantined_at is not None
    dns_zone.set(f"_masthead.{NAME}", "TXT", f"masthead={token}")
    dns_zone.set(NAME, "A", EDGE)
    look_at(NAME)
    assert state() == "quarantined"
    one = claimed(house)
    set_up(dns_zone, one)
    drain()
    assert state() == "live"


@pytest.mark.parametrize("how", ["SERVFAIL", "silent"])
def test_resolvers_that_are_away_lose_nobody_a_name(
    house: House, dns_zone: Zone, monkeypatch: pytest.MonkeyPatch, how: str
):
    monkeypatch.setattr("domains.dns.PATIENCE", 0.3)
    live(house, dns_zone)
    for server in dns_zone.servers:
        server.fails, server.silent = (how, False) if how.isupper() else ("", True)
    look_at(NAME)
    assert (state(), standing().failing_since) == ("live", None)
    assert "Too few resolvers answered" in standing().problem
    assert standing().due_at - timezone.now() < timedelta(hours=2)


def test_one_resolver_that_lies_loses_nobody_a_name(house: House, dns_zone: Zone):
    live(house, dns_zone)
    dns_zone.servers[1].lies[f"_masthead.{NAME}", "TXT"] = []
    dns_zone.servers[1].lies[NAME, "A"] = ["203.0.113.9"]
    look_at(NAME)
    assert (state(), standing().problem) == ("live", "")


def test_a_name_that_staff_vouched_for_is_warned_about_and_never_lost(house: House, dns_zone: Zone):
    vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    dns_zone.set(NAME, "A", EDGE)
    look_at(NAME)
    assert state() == "live"
    dns_zone.set(NAME, "A", "203.0.113.9")
    look_at(NAME)
    assert (state(), standing().failing_since) == ("live", None)
    assert "DNS says 203.0.113.9" in standing().problem
    assert mail.outbox == []


def test_what_was_seen_of_a_name_that_changed_hands_meanwhile_is_not_held_against_it(
    house: House, dns_zone: Zone, monkeypatch: pytest.MonkeyPatch
):
    live(house, dns_zone)
    dns_zone.clear(NAME)
    again = Claim._base_manager.create(tenant=house.tenant, site=house.sites[TECHBLOG], name=NAME, token="another")

    def proven_meanwhile(*args: object) -> bool:
        prove(claim=again)
        return False

    monkeypatch.setattr("domains.checking._certificate", proven_meanwhile)
    look_at(NAME)
    assert (state(), standing().token, standing().failing_since) == ("live", "another", None)


# --- Certificates ----------------------------------------------------------------------------------------------------


@pytest.fixture
def authority(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names for which a certificate was ordered, of an authority that exists; no edge shows any yet."""
    settings.ACME_DIRECTORY = "https://ca.test/dir"
    settings.ACME_CAA_DOMAIN = "ca.test"
    ordered: list[str] = []
    monkeypatch.setattr(ordering, "order", lambda *, name, **how: ordered.append(name))
    monkeypatch.setattr(handshake, "served", lambda name: False)
    return ordered


def certificate(name: str = NAME) -> None:
    now = timezone.now()
    Certificate.objects.create(
        name=name, chain="", key=b"", serial="1", issuer="", not_before=now, not_after=now + timedelta(90), renew_at=now
    )


def test_a_certificate_is_ordered_once_the_name_leads_here(house: House, dns_zone: Zone, authority: list[str]):
    one = claimed(house)
    dns_zone.set(f"_masthead.{NAME}", "TXT", f"masthead={one.token}")
    drain()
    assert authority == []
    dns_zone.set(NAME, "A", EDGE)
    look_at(NAME)
    assert (authority, state()) == ([NAME], "verified")


def test_it_is_live_once_a_handshake_has_met_its_certificate(
    house: House, dns_zone: Zone, authority: list[str], monkeypatch: pytest.MonkeyPatch
):
    set_up(dns_zone, claimed(house))
    drain()
    certificate()
    look_at(NAME)
    assert (state(), standing().served_at) == ("verified", None)
    monkeypatch.setattr(handshake, "served", lambda name: name == NAME)
    look_at(NAME)
    assert state() == "live"
    assert standing().served_at is not None


def test_none_is_ordered_where_caa_forbids_it_and_it_is_said(house: House, dns_zone: Zone, authority: list[str]):
    dns_zone.set("news.example", "CAA", '0 issue "other.test"')
    set_up(dns_zone, claimed(house))
    drain()
    assert authority == []
    assert "do not let ca.test make its certificate" in standing().problem
    assert state() == "verified"


# --- What is due -----------------------------------------------------------------------------------------------------


def test_what_is_due_is_looked_at_a_bounded_number_at_a_time(house: House):
    site = house.sites[TECHBLOG]
    Hostname.objects.bulk_create([Hostname(site=site, name=f"n{number}.test") for number in range(PER_TURN + 30)])
    Event.objects.all().delete()
    Standing.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    Standing.objects.filter(hostname__name="n7.test").update(due_at=timezone.now() - timedelta(days=3))
    assert look_at_due() == PER_TURN
    assert Event.objects.filter(name="domains.look", payload__name="n7.test").exists()
    assert look_at_due() == 32
    assert look_at_due() == 0
    spread = list(Standing.objects.values_list("due_at", flat=True))
    assert max(spread) - min(spread) > timedelta(minutes=30)
    assert min(spread) > timezone.now() + timedelta(hours=20)


def test_a_look_puts_the_next_one_off_by_a_day_or_so(house: House):
    look_at(TECHBLOG)
    due = Standing.objects.get(hostname__name=TECHBLOG).due_at
    assert timedelta(hours=20) < due - timezone.now() < timedelta(hours=28)


def test_keys_of_names_that_went_in_whatever_way_go_too(house: House):
    hostname = Hostname.objects.create(site=house.sites[TECHBLOG], name=NAME)
    for name in (NAME, "studio.platform.test", TECHBLOG):
        certificate(name)
    Order.objects.create(name=NAME, registered=NAME)
    hostname.delete()
    Tombstone.objects.create(name="over.example", until=timezone.now())
    assert tidy() == 1
    assert set(Certificate.objects.values_list("name", flat=True)) == {"studio.platform.test", TECHBLOG}
    assert not Order.objects.exists()
    assert set(Tombstone.objects.values_list("name", flat=True)) == {NAME}
