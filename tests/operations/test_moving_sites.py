"""A site is given to another tenant in ops and in the terminal: shown and asked before."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from domains.models import Standing
from operations.moving import hand_over, told
from publishing.moving_sites import planned
from sites_core.models import MenuItem
from tenants.models import Ownership, User
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, article_on, bolt, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> House:
    return acme()


@pytest.fixture
def theirs() -> House:
    return bolt()


@pytest.fixture
def staff() -> Client:
    return signed_in(User.objects.create_user("staff@platform.test", "x", is_staff=True, is_superuser=True), "ops")


def owner_of(house: House) -> str:
    return Ownership.objects.get(site=house.sites[TECHBLOG]).tenant.slug


# --- What is told ----------------------------------------------------------------------------------------------------


def test_it_is_told_in_sentences_before(ours: House, theirs: House):
    article_on(ours, TECHBLOG)
    article_on(ours, TECHBLOG, FINANCEBLOG)
    MenuItem.objects.create(site=ours.sites[TECHBLOG], menu="header", label="It", url="/a-headline/")
    recalled = " ".join(told(planned(site=ours.sites[TECHBLOG], to=theirs.tenant)))
    assert "2 placements on techblog.test would end, 2 of them open to readers now" in recalled
    assert "1 menu item leads to what would be gone" in recalled
    along = " ".join(told(planned(site=ours.sites[TECHBLOG], to=theirs.tenant, placements="move")))
    assert "1 article or page is on this site alone and would go along" in along
    assert "1 placement on techblog.test would end" in along


def test_the_old_tenants_proof_is_worth_nothing_afterwards(ours: House, theirs: House):
    site = ours.sites[TECHBLOG]
    Standing.objects.filter(hostname__site=site).update(proof=Standing.Proof.TXT, token="theirs-to-know")
    hand_over(site=site, to=theirs.tenant, by=None)
    connection.check_constraints()
    assert [(one.proof, one.token) for one in Standing.objects.filter(hostname__site=site)] == [("vouched", "")]


# --- In the terminal -------------------------------------------------------------------------------------------------


def move(*options: str) -> str:
    out = StringIO()
    call_command("site", "move", TECHBLOG, "--to", "bolt", *options, stdout=out)
    connection.check_constraints()
    return out.getvalue()


def test_the_command_only_says_so_when_asked_to(ours: House, theirs: House):
    article_on(ours, TECHBLOG)
    said = move("--dry-run")
    assert "1 placement on techblog.test would end" in said
    assert owner_of(ours) == "acme"


@pytest.mark.parametrize(("answer", "owner"), [("y", "bolt"), ("", "acme"), ("no", "acme")])
def test_the_command_asks_before(ours: House, theirs: House, monkeypatch: pytest.MonkeyPatch, answer: str, owner: str):
    monkeypatch.setattr("builtins.input", lambda _: answer)
    if owner == "bolt":
        assert "techblog.test is a site of Bolt now." in move("--take-articles")
    else:
        with pytest.raises(CommandError, match="Nothing was changed"):
            move("--leave")
    assert owner_of(ours) == owner


def test_where_nobody_can_be_asked_the_command_must_be_told(
    ours: House, theirs: House, monkeypatch: pytest.MonkeyPatch
):
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="--yes"):
        move()
    move("--yes")
    assert owner_of(ours) == "bolt"


# --- In ops ----------------------------------------------------------------------------------------------------------


def post(staff: Client, *houses: House, **fields: object):
    chosen = [house.sites[name].pk for house in houses for name in house.sites if name in {TECHBLOG, "lantern.test"}]
    data = {"action": "move_to_tenant", "_selected_action": chosen} | fields
    return staff.post(reverse("admin:sites_site_changelist", "operations.urls"), data)


def test_ops_shows_what_would_happen_and_then_does_it(ours: House, theirs: House, staff: Client):
    article_on(ours, TECHBLOG)
    assert "Show what would happen" in post(staff, ours).content.decode()
    asked = {"asked": "yes", "to": theirs.tenant.pk, "placements": "recall"}
    page = post(staff, ours, **asked)
    assert "1 placement on techblog.test would end" in page.content.decode()
    assert owner_of(ours) == "acme"
    assert post(staff, ours, **asked, confirmed=page.context["stamp"]).status_code == 302
    assert owner_of(ours) == "bolt"


def test_ops_shows_it_again_where_something_changed_meanwhile(ours: House, theirs: House, staff: Client):
    asked = {"asked": "yes", "to": theirs.tenant.pk, "placements": "recall"}
    stamp = post(staff, ours, **asked).context["stamp"]
    article_on(ours, TECHBLOG)
    page = post(staff, ours, **asked, confirmed=stamp).content.decode()
    assert "Meanwhile something has changed" in page
    assert owner_of(ours) == "acme"


def test_ops_moves_one_site_at_a_time_and_not_to_where_it_is(ours: House, theirs: House, staff: Client):
    assert post(staff, ours, theirs).status_code == 302
    page = post(staff, ours, asked="yes", to=ours.tenant.pk, placements="recall").content.decode()
    assert "is a site of Acme already" in page
