"""`manage.py site`: names claimed, waited for, listed and let go, and what is the first thing wrong with one."""

import json
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from domains.claiming import vouch
from domains.models import Certificate, Claim, Order, Standing
from events.models import Event
from events.relay import drain
from operations import following
from sites_core.directory import directory
from sites_core.models import Hostname
from tenants.scope import across_tenants
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, bolt
from tests.dns_server import Zone

pytestmark = pytest.mark.django_db

NAME = "new.com"


@pytest.fixture
def house() -> House:
    return acme()


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two looks of whoever waits, what is due is delivered, and what would come later is due."""

    def deliver(_: float) -> None:
        Event.objects.filter(done_at=None, dead_at=None).update(due_at=timezone.now())
        drain()

    monkeypatch.setattr(following, "_pause", deliver)


def site(*args: str) -> str:
    out = StringIO()
    call_command("site", *args, stdout=out)
    directory.expire()
    return out.getvalue()


def claim_of(name: str) -> Claim:
    with across_tenants("a test looks at it"):
        return Claim.objects.get(name=name)


def certificate(name: str, *, left: timedelta = timedelta(days=60), serial: str = "5e") -> None:
    now = timezone.now()
    Certificate.objects.create(
        name=name, chain="-", key=b"-", serial=serial, issuer="Test CA", not_before=now - timedelta(days=30),
        not_after=now + left, renew_at=now + left / 3,
    )  # fmt: skip


# --- Waiting ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("delivered")
def test_an_added_site_is_waited_for_until_it_is_live(house: House):
    said = site("add", "new.test", "--name", "New", "--tenant", "acme", "--alias", "www.new.test", "--wait")
    assert "new.test: live ✓ Readers are served" in said
    assert said.strip().endswith("Live: new.test, www.new.test.")


@pytest.mark.usefixtures("delivered")
def test_each_step_is_a_line_of_json(house: House, dns_zone: Zone):
    name = "claimed.com"
    site("claim", name, "--site", TECHBLOG)
    dns_zone.set(f"_masthead.{name}", "TXT", f"masthead={claim_of(name).token}")
    dns_zone.set(name, "A", "192.0.2.1")
    lines = site("claim", name, "--site", TECHBLOG, "--wait", "--json", "--timeout", "30").splitlines()
    steps = [json.loads(line) for line in lines]
    assert [(one["step"], one["done"]) for one in steps[:3]] == [("proven", None), ("leads here", None), ("live", None)]
    assert ("proven", True) in [(one["step"], one["done"]) for one in steps]
    assert (steps[-1]["step"], steps[-1]["done"], steps[-1]["state"]) == ("live", True, "live")
    assert Hostname.objects.get(name=name).site == house.sites[TECHBLOG]


def test_when_the_time_is_out_the_exit_code_says_so_and_the_sentence_what_is_missing(house: House):
    with pytest.raises(CommandError) as late:
        site("claim", NAME, "--site", TECHBLOG, "--wait", "--timeout", "0")
    assert late.value.returncode == 3
    assert "new.com is unproven: Set the records below" in str(late.value)
    assert claim_of(NAME).site == house.sites[TECHBLOG]


def test_whoever_waits_without_a_relay_is_told(house: House):
    vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    Event.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(CommandError, match=r"is `manage\.py relay` running\?"):
        site("claim", "other.com", "--site", TECHBLOG, "--wait", "--timeout", "0")


# --- Claiming, listing, letting go -----------------------------------------------------------------------------------


def test_a_claim_says_which_records_prove_it(house: House):
    said = site("claim", "Bücher.com", "--site", TECHBLOG, "--www", "--primary")
    claimed = claim_of("xn--bcher-kva.com")
    assert claimed.becomes_primary
    assert f"masthead={claimed.token}" in said
    assert f"masthead={claim_of('www.xn--bcher-kva.com').token}" in said
    assert "Claimed xn--bcher-kva.com, www.xn--bcher-kva.com for techblog.test." in said


@pytest.mark.parametrize(("name", "sentence"), [("co.uk", "public suffix"), (TECHBLOG, "already"), ("a b", "hostname")])
def test_what_cannot_be_claimed_is_refused_with_a_sentence(house: House, name: str, sentence: str):
    with pytest.raises(CommandError, match=sentence) as refusal:
        site("claim", name, "--site", TECHBLOG)
    assert refusal.value.returncode == 1


def test_names_are_listed_for_people_and_for_programs(house: House):
    bolt()
    site("claim", NAME, "--site", TECHBLOG)
    certificate(TECHBLOG)
    table = site("domains", "--tenant", "acme")
    heading = next(line for line in table.splitlines() if "State" in line)
    row = next(line for line in table.splitlines() if NAME in line)
    assert heading.index("State") == row.index("unproven")
    listed = {one["name"]: one for one in json.loads(site("domains", "--tenant", "acme", "--json"))}
    assert set(listed) == {NAME, TECHBLOG, FINANCEBLOG}
    assert listed[NAME]["records"][0]["name"] == f"_masthead.{NAME}"
    assert listed[TECHBLOG]["certificate_until"]
    assert [one["name"] for one in json.loads(site("domains", "--site", FINANCEBLOG, "--json"))] == [FINANCEBLOG]


def test_the_list_costs_the_same_statements_for_one_name_and_for_three(house: House, django_assert_num_queries):
    for number in range(3):
        site("claim", f"{number}.com", "--site", TECHBLOG)
        vouch(site=house.sites[TECHBLOG], name=f"vouched-{number}.com", by=None)
        with django_assert_num_queries(4):
            site("domains", "--json")


def test_a_name_is_let_go_and_a_claim_withdrawn(house: House):
    vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    assert "no longer a name of techblog.test" in site("release", NAME)
    assert not Hostname.objects.filter(name=NAME).exists()
    site("claim", NAME, "--site", TECHBLOG)
    assert "is withdrawn" in site("release", NAME)
    with pytest.raises(CommandError, match="nobody claims it"):
        site("release", NAME)
    with pytest.raises(CommandError, match="choose another name for it first"):
        site("release", TECHBLOG)


def test_of_several_claims_one_is_named_by_its_tenant(house: House):
    site("claim", NAME, "--site", TECHBLOG)
    bolt()
    site("claim", NAME, "--site", "lantern.test")
    with pytest.raises(CommandError, match="--tenant acme, bolt"):
        site("release", NAME)
    site("release", NAME, "--tenant", "bolt")
    assert claim_of(NAME).tenant == house.tenant


# --- The doctor ------------------------------------------------------------------------------------------------------


def diagnosed(name: str) -> dict[str, Any]:
    """What is said, whether anything is served there or not."""
    out = StringIO()
    with suppress(CommandError):
        call_command("site", "explain", name, "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_nothing_is_wrong_with_a_name_that_is_well(house: House):
    told = diagnosed(TECHBLOG)
    assert (told["wrong"], told["remedy"]) == ("", "")
    assert told["pages"]["generation"] >= 1
    assert told["proof"]["proof"] == "vouched"
    assert told["dns"] is None, "a name of .test is asked of nobody"
    assert "nothing" in site("explain", TECHBLOG)


def test_the_first_thing_that_is_wrong_is_said_with_what_to_do(house: House, dns_zone: Zone, settings: LazySettings):
    settings.EDGE_ADDRESSES, settings.ACME_DIRECTORY = ["192.0.2.1"], "https://ca.test/dir"
    wrong = diagnosed(NAME)
    assert "No site has this name" in wrong["wrong"]
    site("claim", NAME, "--site", TECHBLOG)
    token = claim_of(NAME).token
    assert "unproven" in diagnosed(NAME)["wrong"]
    assert token in diagnosed(NAME)["remedy"]
    hostname = vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    Standing.objects.filter(pk=hostname.pk).update(proof="txt", token=token)
    directory.expire()
    assert "TXT record by which it was proven is gone" in diagnosed(NAME)["wrong"]
    dns_zone.set(f"_masthead.{NAME}", "TXT", f"masthead={token}")
    dns_zone.set(NAME, "A", "203.0.113.9")
    assert "does not lead here: DNS says 203.0.113.9" in diagnosed(NAME)["wrong"]
    assert "192.0.2.1" in diagnosed(NAME)["remedy"]
    dns_zone.set(NAME, "A", "192.0.2.1")
    Order.objects.create(name=NAME, registered=NAME, problem="The check failed.")
    assert "no certificate: The check failed" in diagnosed(NAME)["wrong"]
    Order.objects.all().delete()
    certificate(NAME)
    assert diagnosed(NAME)["wrong"] == ""
    Certificate.objects.update(not_after=timezone.now() - timedelta(minutes=1))
    assert "certificate ended" in diagnosed(NAME)["wrong"]


def test_an_edge_that_does_not_answer_is_found(house: House, settings: LazySettings):
    settings.ACME_DIRECTORY, settings.EDGE_TLS_ADDRESS = "https://ca.test/dir", "127.0.0.1:1"
    certificate(TECHBLOG)
    told = diagnosed(TECHBLOG)
    assert told["wrong"] == "The edge shows no certificate for it."
    assert told["edge"]["is_newest"] is False


def test_a_quarantined_name_needs_a_fresh_proof(house: House):
    vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    Hostname.objects.filter(name=NAME).update(state="quarantined")
    directory.expire()
    told = diagnosed(NAME)
    assert "not served" in told["wrong"]
    assert f"site claim {NAME}" in told["remedy"]
