"""Whose a name is: claimed, proven, vouched for, let go, taken over."""

from datetime import timedelta

import pytest
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.utils import timezone

from domains.claiming import Stale, claim, make_primary, prove, quarantine, release, vouch, withdraw
from domains.dns import Agreed, Seen
from domains.models import Certificate, Claim, Order, Standing, Tombstone
from events.models import Event
from sites_core.directory import directory
from sites_core.models import Hostname
from tenants.models import Tenant
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, bolt

pytestmark = pytest.mark.django_db

NAME = "news.example"


@pytest.fixture
def house() -> House:
    return acme()


@pytest.fixture
def other() -> House:
    return bolt()


def claimed(house: House, name: str = NAME, domain: str = "", **how: bool) -> Claim:
    site = house.sites[domain or next(iter(house.sites))]
    return claim(tenant=house.tenant, site=site, name=name, by=house.people["owner"], **how)[0]


def proven(house: House, name: str = NAME, domain: str = "", **how: bool) -> Hostname:
    return prove(claim=claimed(house, name, domain, **how))


def claims() -> int:
    with across_tenants("all are counted"):
        return Claim.objects.count()


def seen(*tokens: str, ago: timedelta = timedelta(0)) -> Seen:
    texts = tuple(f"masthead={token}" for token in tokens)
    return Seen(NAME, timezone.now() - ago, {"TXT": Agreed(known=True, values=texts)})


def owner_of(name: str = NAME) -> Site | None:
    row = Hostname.objects.filter(name=name).select_related("site").first()
    return row.site if row else None


def test_a_claim_serves_nothing_and_is_looked_for(house: House):
    one = claimed(house)
    assert owner_of() is None
    assert len(one.token) >= 32
    assert Event.objects.get(name="domains.claim").payload == {"claim": one.pk}
    directory.forget()
    assert NAME not in directory.names().by_hostname


def test_a_proof_makes_it_a_name_of_the_site_and_ends_the_claim(house: House):
    one = claimed(house)
    hostname = prove(claim=one)
    standing = Standing.objects.get(pk=hostname.pk)
    assert (standing.proof, standing.token) == ("txt", one.token)
    assert standing.proven_at is not None
    assert hostname.state == "verified"
    assert claims() == 0
    assert Event.objects.filter(name="domains.look", payload={"name": NAME}).exists()
    directory.forget()
    assert directory.names().by_hostname[NAME].domain == TECHBLOG


def test_names_are_claimed_in_any_spelling_and_with_www(house: House):
    both = claim(
        tenant=house.tenant, site=house.sites[TECHBLOG], name=" Bücher.Example. ", by=None, becomes_primary=True,
        with_www=True,
    )  # fmt: skip
    assert [(one.name, one.becomes_primary) for one in both] == [
        ("xn--bcher-kva.example", True),
        ("www.xn--bcher-kva.example", False),
    ]
    assert both[0].token != both[1].token


def test_who_claims_again_keeps_the_token_and_is_looked_for_anew(house: House):
    first = claimed(house)
    Claim._base_manager.filter(pk=first.pk).update(
        problem="Ended.", checks=900, added_at=timezone.now() - timedelta(20)
    )
    again = claimed(house, becomes_primary=True)
    assert (again.pk, again.token) == (first.pk, first.token)
    assert (again.problem, again.checks, again.becomes_primary) == ("", 0, True)
    assert timezone.now() - again.added_at < timedelta(minutes=1)
    with pytest.raises(ValidationError, match=f"claimed for {TECHBLOG} already"):
        claimed(house, domain=FINANCEBLOG)


def test_a_site_of_somebody_else_is_a_missing_one(house: House, other: House):
    with pytest.raises(ValidationError, match="There is no such site"):
        claim(tenant=other.tenant, site=house.sites[TECHBLOG], name=NAME, by=None)


def test_that_somebody_else_has_a_name_or_claims_it_is_not_told(house: House, other: House):
    proven(house)
    one = claimed(other)
    assert one.problem == ""
    assert owner_of() == house.sites[TECHBLOG]


def test_what_the_tenant_has_already_is_refused_with_where_it_is(house: House):
    proven(house)
    with pytest.raises(ValidationError, match="is a name of this site already"):
        claimed(house)
    with pytest.raises(ValidationError, match=f"is a name of {TECHBLOG} already: let it go there first"):
        claimed(house, domain=FINANCEBLOG)


def test_only_so_many_claims_wait_at_once(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("domains.claiming.MOST_CLAIMS", 2)
    for number in range(2):
        claimed(house, f"n{number}.example")
    with pytest.raises(ValidationError, match="2 names wait for their proof already"):
        claimed(house, "n3.example")


# --- Two who want one name -------------------------------------------------------------------------------------------


def test_the_name_goes_to_whoever_holds_its_dns_now(house: House, other: House):
    held = proven(house)
    late = claimed(other)
    prove(claim=late, seen=seen(late.token))
    assert owner_of() == other.sites[LANTERN]
    assert Standing.objects.get(hostname__name=NAME).token == late.token
    assert not Hostname.objects.filter(pk=held.pk).exists()
    assert Tombstone.objects.get(name=NAME).tenant == house.tenant


def test_where_both_proofs_are_in_dns_it_stays_with_whom_it_is(house: House, other: House):
    first, second = claimed(house), claimed(other)
    prove(claim=first, seen=seen(first.token, second.token))
    with pytest.raises(ValidationError, match=r"another proof of news\.example beside yours"):
        prove(claim=second, seen=seen(first.token, second.token))
    assert owner_of() == house.sites[TECHBLOG]
    assert claims() == 1


def test_a_look_from_before_the_name_changed_hands_decides_nothing(house: House, other: House):
    early, late = claimed(house), claimed(other)
    before = seen(early.token, ago=timedelta(seconds=3))
    prove(claim=late, seen=seen(late.token))
    with pytest.raises(Stale):
        prove(claim=early, seen=before)
    assert owner_of() == other.sites[LANTERN]


def test_a_claim_that_was_withdrawn_meanwhile_proves_nothing(house: House):
    one = claimed(house)
    withdraw(claim=one)
    with pytest.raises(Stale):
        prove(claim=one)
    assert owner_of() is None


def test_a_site_that_is_called_by_a_name_it_loses_is_called_by_another_of_its_names(house: House, other: House):
    make_primary(hostname=proven(house))
    assert Site.objects.get(pk=house.sites[TECHBLOG].pk).domain == NAME
    prove(claim=claimed(other))
    assert Site.objects.get(pk=house.sites[TECHBLOG].pk).domain == TECHBLOG
    assert owner_of() == other.sites[LANTERN]


def test_a_site_that_loses_its_only_name_has_a_free_one(house: House, other: House):
    site = house.sites[TECHBLOG]
    Standing.objects.filter(hostname__name=TECHBLOG).update(proof="txt", token="x", proven_at=timezone.now())
    prove(claim=claimed(other, TECHBLOG))
    assert owner_of(TECHBLOG) == other.sites[LANTERN]
    assert Site.objects.get(pk=site.pk).domain == f"site-{site.pk}.sites.test"


def test_what_staff_vouched_for_is_not_taken_by_a_proof(house: House, other: House):
    vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    with pytest.raises(ValidationError, match="platform staff gave the name"):
        prove(claim=claimed(other))
    assert owner_of() == house.sites[TECHBLOG]


# --- Quarantine ------------------------------------------------------------------------------------------------------


def test_a_quarantined_name_is_not_served_a_primary_one_neither(house: House):
    hostname = proven(house, becomes_primary=True)
    quarantine(hostname=hostname)
    directory.forget()
    assert NAME not in directory.names().by_hostname
    assert Standing.objects.get(pk=hostname.pk).quarantined_at is not None


def test_a_quarantined_name_is_served_again_only_after_a_fresh_proof(house: House):
    hostname = proven(house)
    old = Standing.objects.get(pk=hostname.pk).token
    quarantine(hostname=hostname)
    with pytest.raises(ValidationError, match="is not served"):
        make_primary(hostname=hostname)
    one = claimed(house)
    assert one.token != old
    again = prove(claim=one)
    assert (again.pk, again.state) == (hostname.pk, "verified")
    standing = Standing.objects.get(pk=hostname.pk)
    assert (standing.token, standing.quarantined_at) == (one.token, None)


def test_a_quarantined_name_is_whoevers_who_proves_it(house: House, other: House):
    quarantine(hostname=proven(house))
    prove(claim=claimed(other), seen=None)
    assert owner_of() == other.sites[LANTERN]


# --- Letting go ------------------------------------------------------------------------------------------------------


def test_a_release_voids_the_token_and_leaves_a_tombstone(house: House):
    one = claimed(house)
    hostname = prove(claim=one)
    stale = Claim(pk=one.pk, tenant=one.tenant, site=one.site, name=NAME, token=one.token)
    Order.objects.create(name=NAME, registered=NAME)
    Certificate.objects.create(
        name=NAME, chain="", key=b"", serial="1", issuer="", not_before=timezone.now(), not_after=timezone.now(),
        renew_at=timezone.now(),
    )  # fmt: skip
    release(hostname=hostname)
    assert owner_of() is None
    assert not Standing.objects.filter(token=one.token).exists()
    assert not Certificate.objects.exists()
    assert not Order.objects.filter(state="waiting").exists()
    assert Tombstone.objects.get(name=NAME).until - timezone.now() > timedelta(days=29)
    with pytest.raises(Stale):
        prove(claim=stale)
    assert claimed(house).token != one.token


def test_what_a_site_is_called_is_not_let_go(house: House):
    with pytest.raises(ValidationError, match="choose another name for it first"):
        release(hostname=Hostname.objects.get(name=TECHBLOG))
    make_primary(hostname=proven(house))
    release(hostname=Hostname.objects.get(name=TECHBLOG))
    assert owner_of(TECHBLOG) is None


def test_what_is_gone_is_not_let_go_twice(house: House):
    hostname = proven(house)
    release(hostname=Hostname.objects.get(pk=hostname.pk))
    with pytest.raises(ValidationError, match="no longer a name of this site"):
        release(hostname=hostname)


# --- Free names and vouching -----------------------------------------------------------------------------------------


def test_a_free_name_needs_no_proof(house: House):
    made = claim(
        tenant=house.tenant, site=house.sites[TECHBLOG], name="daily.sites.test", by=None, becomes_primary=True,
        with_www=True,
    )  # fmt: skip
    assert made == []
    assert Site.objects.get(pk=house.sites[TECHBLOG].pk).domain == "daily.sites.test"
    assert Standing.objects.get(hostname__name="daily.sites.test").proof == "free"
    assert not Hostname.objects.filter(name__startswith="www.").exists()


def test_a_free_name_that_is_taken_is_refused(house: House, other: House):
    claim(tenant=house.tenant, site=house.sites[TECHBLOG], name="daily.sites.test", by=None)
    with pytest.raises(ValidationError, match="already belongs to a site"):
        claim(tenant=other.tenant, site=other.sites[LANTERN], name="daily.sites.test", by=None)


def test_a_free_name_of_somebody_else_is_kept_for_30_days(house: House, other: House):
    claim(tenant=house.tenant, site=house.sites[TECHBLOG], name="daily.sites.test", by=None)
    release(hostname=Hostname.objects.get(name="daily.sites.test"))
    with pytest.raises(ValidationError, match="kept from others until"):
        claim(tenant=other.tenant, site=other.sites[LANTERN], name="daily.sites.test", by=None)
    Tombstone.objects.update(until=timezone.now())
    claim(tenant=other.tenant, site=other.sites[LANTERN], name="daily.sites.test", by=None)
    assert owner_of("daily.sites.test") == other.sites[LANTERN]


def test_who_had_a_free_name_gets_it_back_at_once(house: House):
    claim(tenant=house.tenant, site=house.sites[TECHBLOG], name="daily.sites.test", by=None)
    release(hostname=Hostname.objects.get(name="daily.sites.test"))
    claim(tenant=house.tenant, site=house.sites[FINANCEBLOG], name="daily.sites.test", by=None)
    assert owner_of("daily.sites.test") == house.sites[FINANCEBLOG]


def test_a_name_whose_tenant_is_gone_is_kept_from_everybody(house: House, other: House):
    Tombstone.objects.create(name=NAME, until=timezone.now() + timedelta(days=3))
    with pytest.raises(ValidationError, match="kept from others until"):
        vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    proven(house)
    assert owner_of() == house.sites[TECHBLOG]


def test_staff_vouch_for_names_and_not_for_somebody_elses(house: House, other: House):
    hostname = vouch(site=house.sites[TECHBLOG], name="News.Example", by=house.people["owner"])
    assert Standing.objects.get(pk=hostname.pk).proof == "vouched"
    with pytest.raises(ValidationError, match="already belongs to a site"):
        vouch(site=other.sites[LANTERN], name=NAME, by=None)
    with pytest.raises(ValidationError, match="public suffix"):
        vouch(site=other.sites[LANTERN], name="co.uk", by=None)


def test_what_happens_to_a_name_is_kept(house: House):
    prove(claim=claimed(house))
    with across_tenants("what was kept is looked at"):
        labels = list(Claim.pgh_event_model.objects.filter(name=NAME).values_list("pgh_label", flat=True))  # type: ignore[attr-defined]
        kept = Hostname.pgh_event_model.objects.filter(name=NAME)  # type: ignore[attr-defined]
        assert sorted(labels) == ["delete", "insert"]
        assert [event.pgh_label for event in kept] == ["insert"]
    assert "token" not in {field.name for field in Claim.pgh_event_model._meta.fields}  # type: ignore[attr-defined]


def test_a_tenant_sees_its_own_claims_alone(house: House, other: House):
    claimed(house)
    with tenant_scope(Tenant.objects.get(pk=other.tenant.pk)):
        assert not Claim.objects.exists()


def test_a_site_has_no_more_names_than_it_may_and_not_all_of_them_in_a_day(house: House, monkeypatch):
    site = house.sites[TECHBLOG]
    monkeypatch.setattr("domains.claiming.MOST_NEW_A_DAY", 2)
    with pytest.raises(ValidationError, match="as many names as it may"):
        for number in range(5):
            claim(tenant=house.tenant, site=site, name=f"free-{number}.sites.test", by=None)
    assert Hostname.objects.filter(site=site, name__startswith="free-").count() == 1  # its domain came today, too
