"""Names that nobody may claim: 300 that are odd or look like another's, and honest ones in many scripts."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from domains.looks import skeleton
from domains.refusing import claimable, is_free, refuse, registered
from sites_core.hostnames import hostname_from_text
from sites_core.models import Hostname
from tenants.models import Tenant
from tests.cast import House, acme, bolt
from tests.domains.names import HONEST, REFUSED

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    """Acme, with the names that others imitate."""
    made = acme()
    for name in ("strasse.test", "sophia.test", "osa.test"):
        Hostname.objects.create(site=made.sites["techblog.test"], name=name)
    return made


def test_the_table_has_300_names():
    assert len(REFUSED) >= 300
    assert len(set(HONEST)) >= 40


def test_of_300_confusable_and_odd_names_none_is_accepted(house: House):
    stranger = bolt().tenant
    said = {typed: sentence_about(typed, tenant=stranger) for typed in REFUSED}
    assert [typed for typed, sentence in said.items() if not sentence] == []
    assert {sentence[-1] for sentence in said.values()} == {"."}


def sentence_about(typed: str, *, tenant: Tenant) -> str:
    """Why the name is refused; "" where it is not."""
    try:
        claimable(typed, tenant=tenant)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def test_of_300_confusable_and_odd_names_none_reaches_whom_it_imitates(house: House):
    victims = {
        *house.sites,
        "strasse.test",
        "sophia.test",
        "osa.test",
        "platform.test",
        "studio.platform.test",
        "ops.platform.test",
    }
    reached = []
    for typed in REFUSED:
        try:
            header = hostname_from_text(typed)
        except ValidationError:
            header = typed
        if not header.isascii() or not header.isprintable():
            continue
        status = Client(headers={"host": header}).get("/").status_code
        if status not in {400, 404} and header.lower().rstrip(".").removesuffix(":80") not in victims:
            reached.append((typed, header, status))
    # The host of previews, which asks who it is; and the probes' own.
    assert {header for _, header, _ in reached} <= {"preview-1.sites.test", "internal.platform.test"}


def test_honest_names_in_many_scripts_are_accepted(house: House):
    stranger = bolt().tenant
    for typed in HONEST:
        assert claimable(typed, tenant=stranger) == hostname_from_text(typed)


def test_a_tenants_own_names_may_look_alike(house: House):
    assert claimable("techbl0g.test", tenant=house.tenant) == "techbl0g.test"
    assert claimable("straße.test", tenant=house.tenant) == "xn--strae-oqa.test"


def test_who_imitates_does_not_keep_the_name_from_whom_it_imitates():
    squatter = bolt()
    Hostname.objects.create(site=squatter.sites["lantern.test"], name="g0ldfish.test")
    assert claimable("goldfish.test", tenant=acme().tenant) == "goldfish.test"


def test_platform_staff_judge_likeness_themselves_but_not_the_rest(house: House):
    refuse("techbl0g.test", likeness=False)
    for name in ("platf0rm.test", "co.uk", "x.platform.test", hostname_from_text("日本.example") + ".0x1"):
        with pytest.raises(ValidationError):
            refuse(name, likeness=False)


def test_what_looks_alike_has_one_skeleton():
    for other in ("techb1og.test", "тесһЬӏоց.test".lower(), "tèchblög.test"):
        assert skeleton(other) == "techblog.test"
    assert skeleton("modern.test") == "modern.test"


@pytest.mark.parametrize(
    ("name", "domain"),
    {
        "www.example.co.uk": "example.co.uk", "a.b.example.com": "example.com", "foo.github.io": "foo.github.io",
        "com": "com", "xn--bcher-kva.xn--p1ai": "xn--bcher-kva.xn--p1ai",
    }.items(),
)  # fmt: skip
def test_the_registrable_domain_is_told(name: str, domain: str):
    assert registered(name) == domain


def test_what_is_below_the_domain_of_sites_is_free():
    assert is_free("techblog.sites.test")
    assert not is_free("sites.test")
    assert not is_free("techblog.test")
    assert not is_free("mysites.test")
