"""`manage.py site`: what it does, what it refuses, and how it explains a hostname."""

import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.contrib.sites.models import Site
from django.core.management import CommandError, call_command
from django.test import Client

from operations.explaining import explain
from sites_core.directory import directory
from sites_core.models import Hostname
from tenants.models import Ownership
from tests.cast import FINANCEBLOG, STRANGER, TECHBLOG, House, acme

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return acme()


def site(*args: str) -> str:
    out = StringIO()
    call_command("site", *args, stdout=out)
    directory.expire()
    return out.getvalue()


def refused(*args: str) -> str:
    with pytest.raises(CommandError) as refusal:
        site(*args)
    assert refusal.value.returncode == 1
    return str(refusal.value)


def status(host: str) -> int:
    return Client(headers={"host": host}).get("/").status_code


def add(domain: str, *args: str, tenant: str = "acme") -> str:
    return site("add", domain, "--name", "New", "--tenant", tenant, *args)


def test_an_added_site_is_served_and_so_are_its_aliases(house: House):
    assert "new.test" in add("New.Test", "--alias", "www.new.test", "--alias", "Bücher.test")
    one = Site.objects.get(domain="new.test")
    assert Ownership.objects.get(site=one).tenant == house.tenant
    assert status("new.test") == 200
    assert status("www.new.test") == status("xn--bcher-kva.test") == 308


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ((TECHBLOG,), "techblog.test already belongs to a site."),
        (("TechBlog.test.",), "techblog.test already belongs to a site."),
        (("platform.test",), "at or below the platform's own domain"),
        (("a.studio.platform.test",), "at or below the platform's own domain"),
        (("new.test", "--alias", FINANCEBLOG), "financeblog.test already belongs to a site."),
        (("new.test", "--alias", "x.platform.test"), "at or below the platform's own domain"),
        (("new.test", "--alias", "new.test"), "new.test already belongs to a site."),
        (("http://new.test/",), "is not a hostname"),
        (("new.test:8000",), "is not a hostname"),
        (("10.0.0.1",), "is not a hostname"),
        (("",), "is not a hostname"),
        (("a" * 50 + "." + "b" * 60,), "at most 100 characters"),
    ],
)
def test_a_site_that_cannot_be_is_refused_whole_with_a_sentence(house: House, args: tuple[str, ...], sentence: str):
    with pytest.raises(CommandError) as refusal:
        add(*args)
    assert sentence in str(refusal.value)
    assert Site.objects.count() == 2, "nothing half-written"


def test_an_unknown_tenant_is_refused_with_the_known_ones(house: House):
    with pytest.raises(CommandError, match=r"no tenant “acne”\. Known tenants: acme"):
        add("new.test", tenant="acne")


def test_whose_a_taken_name_is_stays_unsaid(house: House):
    said = refused("alias", FINANCEBLOG, TECHBLOG)
    assert said == "techblog.test already belongs to a site."


def test_an_alias_redirects_until_it_is_removed(house: House):
    site("alias", TECHBLOG, "Other.test")
    assert status("other.test") == 308
    site("alias", TECHBLOG, "other.test", "--remove")
    assert status("other.test") == 404
    assert "is not an alias" in refused("alias", TECHBLOG, "other.test", "--remove")
    assert "rename the site first" in refused("alias", TECHBLOG, TECHBLOG, "--remove")


def test_a_renamed_sites_old_name_redirects_and_an_alias_is_promoted(house: House):
    site("rename", TECHBLOG, "new.test")
    answer = Client(headers={"host": TECHBLOG}).get("/a/?b=c")
    assert (answer.status_code, answer["Location"]) == (308, "http://new.test/a/?b=c")
    site("rename", "new.test", TECHBLOG)
    assert (status(TECHBLOG), status("new.test")) == (200, 308)
    assert Hostname.objects.filter(site=house.sites[TECHBLOG]).count() == 2


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (FINANCEBLOG, "already belongs to a site"), (TECHBLOG, "already called"), ("x.platform.test", "platform"),
        ("not a name", "is not a hostname"), ("a" * 50 + "." + "b" * 60, "at most 100"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused_and_the_site_keeps_its_own(house: House, new: str, sentence: str):
    assert sentence in refused("rename", TECHBLOG, new)
    assert status(TECHBLOG) == 200
    assert Hostname.objects.filter(site=house.sites[TECHBLOG]).count() == 1


def test_a_retired_site_is_gone_until_it_is_brought_back(house: House):
    site("alias", TECHBLOG, "other.test")
    site("retire", TECHBLOG)
    assert status(TECHBLOG) == status("other.test") == 410
    assert "already retired" in refused("retire", TECHBLOG)
    site("retire", TECHBLOG, "--undo")
    assert (status(TECHBLOG), status("other.test")) == (200, 308)
    assert "not retired" in refused("retire", TECHBLOG, "--undo")


def test_a_site_is_named_by_its_primary_name(house: House):
    site("alias", TECHBLOG, "other.test")
    assert "is an alias of techblog.test" in refused("retire", "other.test")
    assert "No site is called stranger.test" in refused("retire", STRANGER)


def test_the_list_is_a_table_for_people_and_json_for_programs(house: House):
    site("alias", TECHBLOG, "Bücher.test")
    site("retire", FINANCEBLOG)
    Site.objects.create(domain="orphan.test", name="[red]No owner")
    listed = {one["domain"]: one for one in json.loads(site("list", "--json"))}
    assert listed[TECHBLOG] == {
        "domain": TECHBLOG, "name": "Techblog", "tenant": "acme", "url": "http://techblog.test/", "state": "live",
        "aliases": ["xn--bcher-kva.test"],
    }  # fmt: skip
    assert listed[FINANCEBLOG]["state"] == "retired"
    assert listed["orphan.test"]["tenant"] is None
    table = site("list")
    assert "bücher.test" in table
    assert "[red]No owner" in table
    heading = next(line for line in table.splitlines() if "Domain" in line)
    row = next(line for line in table.splitlines() if TECHBLOG in line)
    assert heading.index("Tenant") == row.index("acme")


def test_an_empty_list_says_how_to_begin():
    assert "site add" in site("list")
    assert json.loads(site("list", "--json")) == []


def test_the_list_costs_the_same_queries_for_one_site_and_for_three(django_assert_num_queries, house: House):
    from tests.cast import bolt

    with django_assert_num_queries(2):
        site("list", "--json")
    bolt()
    with django_assert_num_queries(2):
        site("list", "--json")


# --- explain ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "outcome", "status", "because"),
    [
        (TECHBLOG, "answers", None, "primary name of a live site"),
        ("TECHBLOG.test.:8000", "answers", None, "primary name of a live site"),
        ("Bücher.test", "redirects", 308, "alias of techblog.test"),
        ("Bücher.test:80", "redirects", 308, "alias of techblog.test"),
        ("xn--bcher-kva.test", "redirects", 308, "alias of techblog.test"),
        (FINANCEBLOG, "gone", 410, "was retired"),
        ("pending.test", "unknown", 404, "its state is pending"),
        (STRANGER, "unknown", 404, "No site has this name"),
        ("studio.platform.test", "answers", None, "the platform's own host for studio"),
        ("platform.test", "unknown", 404, "only the platform's own hosts answer"),
        ("www.platform.test", "unknown", 404, "only the platform's own hosts answer"),
        ("reader.platform.test", "unknown", 404, "only the platform's own hosts answer"),
        ("techblog.test:99", "malformed", 400, "Port 99 is not one that is served here: 80, 443, 8000."),
        ("a b", "malformed", 400, "is not a hostname"),
        ("ſhop.test", "malformed", 400, "internationalised"),
        (" techblog.test", "malformed", 400, "white space"),
        ("127.0.0.1", "malformed", 400, "is not a hostname"),
        ("", "malformed", 400, "is not a hostname"),
    ],
)
def test_every_hostname_is_explained(house: House, asked: str, outcome: str, status: int | None, because: str):
    site("alias", TECHBLOG, "Bücher.test")
    site("retire", FINANCEBLOG)
    Hostname.objects.create(site=house.sites[TECHBLOG], name="pending.test", state="pending")
    about = explain(asked)
    assert (about.outcome, about.status) == (outcome, status)
    assert because in about.because


def test_an_explanation_agrees_with_what_is_really_answered(house: House):
    site("alias", TECHBLOG, "other.test")
    site("retire", FINANCEBLOG)
    for host in (TECHBLOG, "other.test", FINANCEBLOG, STRANGER, "x.platform.test", "techblog.test:99", "a_b"):
        assert status(host) == (explain(host).status or 200), host


def test_an_explanation_names_row_site_surface_urlconf_and_brand(house: House):
    about = json.loads(site("explain", TECHBLOG, "--json"))
    assert (about["surface"], about["urlconf"]) == ("reader", "reading.urls")
    assert about["row"] == {"state": "verified", "role": "primary"}
    assert about["site"]["tenant"] == "acme"
    assert about["brand"]["theme"] == "journal"
    text = site("explain", TECHBLOG)
    for words in ("reading.urls", "primary hostname, verified", "tenant acme", "theme journal"):
        assert words in text


def test_the_closest_known_names_are_offered_for_an_unknown_one(house: House):
    assert explain("tecblog.test").closest[0] == TECHBLOG
    assert refused("explain", "tecblog.test") == "Nothing is served at tecblog.test: it is unknown."


def test_a_process_explains_what_it_serves_itself(house: House, settings):
    settings.SURFACES = frozenset({"studio", "internal"})
    assert "serves no sites" in explain(TECHBLOG).because
    assert "does not serve (SURFACES: internal, studio)" in explain("ops.platform.test").because


def test_one_site_alone_is_explained_as_such(house: House, settings):
    settings.SITE_ID = house.sites[TECHBLOG].pk
    directory.forget()
    assert "another site alone (SITE_ID)" in explain(FINANCEBLOG).because
    assert explain(TECHBLOG).outcome == "answers"


@pytest.mark.parametrize("args", [[], ["paint"], ["add", "x.test"], ["list", "--yaml"]])
def test_a_command_that_is_not_understood_ends_with_2(args: list[str]):
    run = subprocess.run(
        [sys.executable, "manage.py", "site", *args], env=os.environ | {"DJANGO_SETTINGS_MODULE": "settings.test"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert "usage: manage.py site" in run.stderr
