"""The members of a newsroom, as its owner sees and changes them."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.models import Preview, TrustedSource
from publishing.previewing import make
from publishing.proposing import trust
from studio.members import listing
from tenants.inviting import change_role, invite
from tenants.models import Membership, User
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, PASSWORD, TECHBLOG, House, article_on, bolt, member, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]


@pytest.fixture
def owner(house: House) -> Client:
    return signed_in(house.people["owner"], "studio")


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def membership_of(house: House, role: str) -> Membership:
    with tenant_scope(house.tenant):
        return Membership.objects.select_related("tenant", "user").get(user=house.people[role])


def cells(page: str) -> dict[str, str]:
    """What the table says, by address."""
    found = {}
    for row in page.split("<tr>")[2:]:
        text = " ".join(re.sub(r"<[^>]+>", " ", row).split())
        address = re.search(r"\S+@\S+", text)
        if address:
            found[address[0]] = text
    return found


def test_the_table_says_who_works_here_as_what_where_and_how_safely(house: House, owner: Client):
    Authenticator.objects.create(user=house.people["editor"], type="totp", data={})
    Authenticator.objects.create(user=house.people["author"], type="recovery_codes", data={})
    tech, finance = house.sites[TECHBLOG].pk, house.sites[FINANCEBLOG].pk
    change_role(membership=membership_of(house, "viewer"), role="viewer", sites={tech: "editor", finance: ""})
    rows = cells(words(owner.get("/acme/members/")))
    assert list(rows) == [f"{name}@acme.test" for name in ("author", "editor", "limited", "owner", "viewer")]
    assert rows["editor@acme.test"].endswith("editor all not yet on Change Acme&#x27;s editor")
    assert "author all not yet off" in rows["author@acme.test"]
    assert "editor Techblog not yet" in rows["limited@acme.test"]
    assert "viewer Financeblog Techblog editor not yet" in rows["viewer@acme.test"]
    assert rows["owner@acme.test"].startswith("Acme&#x27;s owner you")
    assert "not yet" not in rows["owner@acme.test"]


def test_nobody_of_another_newsroom_is_in_it(owner: Client):
    bolt()
    assert "bolt" not in words(owner.get("/acme/members/"))


def test_many_members_are_walked_page_by_page(house: House, owner: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    seen, path = [], "/acme/members/"
    for _ in range(3):
        page = words(owner.get(path))
        seen += list(cells(page))
        more = re.search(r'href="(\?after=[^"]+)" rel="next"', page)
        path = f"/acme/members/{more[1]}" if more else ""
    assert seen == [f"{name}@acme.test" for name in ("author", "editor", "limited", "owner", "viewer")]
    assert path == ""
    assert owner.get("/acme/members/?after=%00").status_code == 200


def test_the_page_asks_the_database_the_same_for_few_and_for_many(house: House, owner: Client):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert owner.get("/acme/members/").status_code == 200
        return len(queries)

    invite(tenant=house.tenant, email="one@x.test", role="viewer", by=house.people["owner"])
    few = asked()
    with tenant_scope(house.tenant):
        for n in range(3):
            member(house.tenant, f"more{n}", Role.AUTHOR)
            sites = [site.pk for site in house.sites.values()]
            change_role(
                membership=Membership.objects.get(user__email=f"more{n}@acme.test"), role="author",
                sites=dict.fromkeys(sites, "editor"),
            )  # fmt: skip
            invite(tenant=house.tenant, email=f"m{n}@x.test", role="viewer", by=house.people["owner"], sites=sites)
    assert asked() == few <= 12


def test_the_form_gives_a_role_for_each_site(house: House, owner: Client):
    author = membership_of(house, "author")
    tech, finance = house.sites[TECHBLOG].pk, house.sites[FINANCEBLOG].pk
    path = f"/acme/members/{author.pk}/"
    sent = {"role": "viewer", "where": "some", f"site_{tech}": "editor", f"site_{finance}": "same"}
    assert owner.post(path, sent)["Location"] == "/acme/members/"
    with tenant_scope(house.tenant):
        author.refresh_from_db()
        assert (author.role, author.all_sites) == ("viewer", False)
        assert dict(author.limits.values_list("site_id", "role")) == {tech: "editor", finance: ""}
    page = words(owner.get(path))
    assert re.search(rf'name="site_{tech}".*?value="editor" selected', page)
    assert re.search(rf'name="site_{finance}".*?value="same" selected', page)
    owner.post(path, {"role": "editor", "where": "all", f"site_{tech}": "editor"})
    with tenant_scope(house.tenant):
        author.refresh_from_db()
        assert author.all_sites
        assert not author.limits.exists()


@pytest.mark.parametrize("wrong", [{"role": "king", "where": "all"}, {"role": "author"}, {"role": "", "where": "all"}])
def test_a_form_that_is_wrong_changes_nothing(house: House, owner: Client, wrong: dict[str, str]):
    answer = owner.post(f"/acme/members/{membership_of(house, 'viewer').pk}/", wrong)
    assert answer.status_code == 200
    assert membership_of(house, "viewer").role == "viewer"


def test_the_last_owner_is_told_why_they_cannot_go(house: House, owner: Client):
    path = f"/acme/members/{membership_of(house, 'owner').pk}/"
    assert "is the last owner of Acme" in words(owner.post(path, {"role": "editor", "where": "all"}))
    assert owner.post(f"{path}remove/")["Location"] == path
    assert "is the last owner of Acme" in words(owner.get(path))
    assert membership_of(house, "owner").role == "owner"


def test_an_owner_who_leaves_or_demotes_themselves_is_led_to_where_they_still_may_be(house: House, owner: Client):
    member(house.tenant, "second", Role.OWNER)
    path = f"/acme/members/{membership_of(house, 'owner').pk}/"
    assert owner.post(path, {"role": "editor", "where": "all"})["Location"] == "/acme/"
    assert owner.get("/acme/members/").status_code == 403
    second = signed_in(member(house.tenant, "third", Role.OWNER), "studio")
    with tenant_scope(house.tenant):
        third = Membership.objects.get(user__email="third@acme.test")
    assert second.post(f"/acme/members/{third.pk}/remove/")["Location"] == "/"
    assert second.get("/acme/members/").status_code == 404


def test_who_is_removed_is_out_with_the_next_click(house: House, owner: Client):
    editor = signed_in(house.people["editor"], "studio")
    assert editor.get("/acme/articles/").status_code == 200
    answer = owner.post(f"/acme/members/{membership_of(house, 'editor').pk}/remove/")
    assert answer["Location"] == "/acme/members/"
    assert editor.get("/acme/articles/").status_code == 404
    assert editor.get("/account/").status_code == 200


def test_what_an_owner_changed_is_kept_with_their_name(house: House, owner: Client):
    owner.post(f"/acme/members/{membership_of(house, 'author').pk}/", {"role": "viewer", "where": "all"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event.role, context.metadata->>'user' FROM tenants_membershipevent event"
            " JOIN pghistory_context context ON context.id = event.pgh_context_id WHERE pgh_label = 'update'"
        )
        assert cursor.fetchall() == [("viewer", str(house.people["owner"].pk))]


@pytest.mark.parametrize("by", ["studio", "ops"])
def test_who_leaves_is_trusted_by_no_site_any_more_and_what_they_shared_is_gone(house: House, owner: Client, by: str):
    author, site = house.people["author"], house.sites[TECHBLOG]
    article = article_on(house)
    with tenant_scope(house.tenant):
        for person in (author, house.people["editor"]):
            trust(site=site, tenant_id=house.tenant.pk, user=person)
            make(tenant=house.tenant, site=site, by=person, article=article, shared=True)
    key = membership_of(house, "author").pk
    if by == "studio":
        assert owner.post(f"/acme/members/{key}/remove/").status_code == 302
    else:
        staff = User.objects.create_superuser("staff@platform.test", PASSWORD)
        answer = signed_in(staff, "ops").post(f"/tenants/membership/{key}/delete/", {"post": "yes"})
        assert answer.status_code == 302
    with tenant_scope(house.tenant):
        Membership.objects.create(user=author, tenant=house.tenant, role="author")
        assert [one.user for one in TrustedSource.objects.all()] == [house.people["editor"]]
        assert [one.made_by for one in Preview.objects.all()] == [house.people["editor"]]


def test_who_joins_with_a_new_account_is_who_joined_in_what_is_kept_of_it(house: House, owner: Client):
    _, token = invite(tenant=house.tenant, email="nora@elsewhere.test", role="author", by=house.people["owner"])
    visitor = Client(headers={"host": "studio.platform.test"})
    visitor.get(f"/invitation/{token}/")
    assert visitor.post("/invitation/", {"name": "Nora", "password": "a very long pass 77"}).status_code == 302
    page = words(owner.get("/acme/history/"))
    told = re.sub(r"<[^>]+>", "", page)
    assert "Nora added Nora as author" in " ".join(told.split())
    assert "Nora accepted the invitation to nora@elsewhere.test as author" in " ".join(told.split())
