"""An invitation, from the owner's form to the desk."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from tenants.models import Invitation, Membership, Tenant, User
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, PASSWORD, TECHBLOG, House, bolt, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

STUDIO = "studio.platform.test"
NORA = "nora@elsewhere.test"
FORM = {"email": NORA, "role": "author", "where": "all"}


@pytest.fixture
def owner(house: House) -> Client:
    return signed_in(house.people["owner"], "studio")


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"host": STUDIO})


def invited(owner: Client, **fields: object) -> str:
    """Invite by the form; the path of the link in the mail."""
    answer = owner.post("/acme/members/invite/", FORM | fields)
    assert answer.status_code == 302, answer.content.decode()
    found = re.search(r"http://studio\.platform\.test(/invitation/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def rows() -> list[tuple[str, bool, bool]]:
    with across_tenants("what became of each"):
        known = Invitation.objects.order_by("pk")
        return [(one.email, one.accepted_at is not None, one.revoked_at is not None) for one in known]


def works_for_acme(email: str) -> int:
    with across_tenants("who became a member"):
        return Membership.objects.filter(user__email=email, tenant__slug="acme").count()


def test_the_mail_says_who_asks_to_what_and_goes_to_that_address_alone(house: House, owner: Client):
    Tenant.objects.filter(pk=house.tenant.pk).update(name="Acme & Sons’ “News”")
    invited(owner)
    [message] = mail.outbox
    assert message.to == [NORA]
    assert message.subject == "Acme's owner invites you to Acme & Sons’ “News”"
    assert "as author" in message.body
    assert not message.cc + message.bcc


def test_no_name_makes_a_header_of_its_own(house: House, owner: Client):
    house.people["owner"].name = "A\r\nBcc: everybody@evil.test"
    house.people["owner"].save()
    invited(owner)
    assert mail.outbox[0].message()["Bcc"] is None
    assert "\n" not in mail.outbox[0].subject


def test_a_new_address_sets_a_name_and_a_password_and_is_in(owner: Client, visitor: Client):
    link = invited(owner)
    assert visitor.get(link)["Location"] == "/invitation/"
    page = words(visitor.get("/invitation/"))
    assert "Acme&#x27;s owner" in page
    assert f'value="{NORA}"' in page
    answer = visitor.post("/invitation/", {"name": "Nora", "password": PASSWORD, "email": "root@evil.test"})
    assert (answer.status_code, answer["Location"]) == (302, "/acme/")
    user = User.objects.get(email=NORA)
    assert (user.name, user.is_staff, user.is_superuser) == ("Nora", False, False)
    assert visitor.get("/account/").status_code == 200
    assert works_for_acme(NORA) == 1


@pytest.mark.parametrize("password", ["short", "password1234", NORA, "", "Nora Newcomer"])
def test_a_weak_password_makes_no_account(owner: Client, visitor: Client, password: str):
    visitor.get(invited(owner))
    answer = visitor.post("/invitation/", {"name": "Nora Newcomer", "password": password})
    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()
    assert not User.objects.filter(email=NORA).exists()


def test_opening_the_link_changes_nothing_however_often_and_by_whom(house: House, owner: Client, visitor: Client):
    link = invited(owner)
    before = rows()
    for client in (visitor, Client(headers={"host": STUDIO}), owner, signed_in(house.people["viewer"], "studio")):
        for path in (link, "/invitation/", link):
            client.get(path)
            client.head(path)
    assert rows() == before == [(NORA, False, False)]
    assert not User.objects.filter(email=NORA).exists()


def test_a_link_is_good_once(owner: Client, visitor: Client):
    link = invited(owner)
    visitor.get(link)
    visitor.post("/invitation/", {"name": "Nora", "password": PASSWORD})
    other = Client(headers={"host": STUDIO})
    other.get(link)
    answer = other.post("/invitation/", {"name": "Thief", "password": PASSWORD})
    assert answer.status_code == 404
    assert "cannot be used" in words(answer)
    assert User.objects.get(email=NORA).name == "Nora"


def test_two_tabs_and_two_clicks_join_once_and_both_end_at_the_desk(house: House, owner: Client):
    stranger = signed_in(bolt().people["owner"], "studio")
    link = invited(owner, email="owner@bolt.test")
    assert stranger.get(link)["Location"] == "/invitation/"
    assert "Join Acme" in words(stranger.get("/invitation/"))
    stale = stranger.session["invitation"]
    assert stranger.post("/invitation/")["Location"] == "/acme/"
    session = stranger.session  # the second click was on its way with the session as it was
    session["invitation"] = stale
    session.save()
    assert stranger.post("/invitation/")["Location"] == "/acme/"
    assert works_for_acme("owner@bolt.test") == 1


def test_who_has_an_account_is_asked_to_sign_in_and_comes_back_to_join(owner: Client, visitor: Client):
    bolt()
    visitor.get(invited(owner, email="viewer@bolt.test"))
    page = words(visitor.get("/invitation/"))
    assert "There is an account for viewer@bolt.test already" in page
    assert visitor.post("/invitation/", {"name": "Thief", "password": "a new long password"}).status_code == 200
    assert User.objects.get(email="viewer@bolt.test").check_password(PASSWORD)
    sign_in = {"username": "viewer@bolt.test", "password": PASSWORD, "next": "/invitation/"}
    assert visitor.post("/sign-in/", sign_in)["Location"] == "/invitation/"
    assert visitor.post("/invitation/")["Location"] == "/acme/"
    assert works_for_acme("viewer@bolt.test") == 1


def test_signed_in_as_somebody_else_one_is_told_so_and_may_sign_out_to_open_it(house: House, owner: Client):
    link = invited(owner)
    editor = signed_in(house.people["editor"], "studio")
    answer = editor.get(link)
    page = words(answer)
    assert answer.status_code == 404
    assert "You are signed in as <strong>editor@acme.test</strong>" in page
    assert NORA not in page
    assert f'value="{link}"' in page
    out = editor.post("/sign-out/", {"next": link})
    assert out["Location"] == link
    editor.get(link)
    assert NORA in words(editor.get("/invitation/"))


def test_a_session_that_has_somebody_elses_link_in_it_joins_nothing(house: House, owner: Client, visitor: Client):
    visitor.get(invited(owner))
    visitor.post("/sign-in/", {"username": "viewer@acme.test", "password": PASSWORD})
    assert visitor.post("/invitation/").status_code == 404
    assert works_for_acme(NORA) == 0


@pytest.mark.parametrize("how", ["withdrawn", "replaced", "expired"])
def test_a_link_that_has_ended_says_nothing_of_whom_it_was_for(how: str, house: House, owner: Client, visitor: Client):
    link = invited(owner)
    with tenant_scope(house.tenant):
        invitation = Invitation.objects.get()
        if how == "expired":
            Invitation.objects.update(expires_at="2000-01-01T00:00Z")
    deed = {"withdrawn": "withdraw", "replaced": "again"}.get(how)
    if deed:
        assert owner.post(f"/acme/members/invitations/{invitation.pk}/{deed}/").status_code == 302
    visitor.get(link)
    answer, nothing = visitor.get("/invitation/"), Client(headers={"host": STUDIO}).get("/invitation/")
    assert answer.status_code == nothing.status_code == 404
    assert words(answer) == words(nothing)
    assert "Acme" not in words(answer)


def test_sending_again_makes_a_link_that_is_good(house: House, owner: Client, visitor: Client):
    invited(owner, where="some", sites=[house.sites[TECHBLOG].pk])
    with tenant_scope(house.tenant):
        old = Invitation.objects.get()
    owner.post(f"/acme/members/invitations/{old.pk}/again/")
    path = urlsplit(re.findall(r"http\S+/invitation/\S+", str(mail.outbox[1].body))[0]).path
    visitor.get(path)
    assert visitor.post("/invitation/", {"name": "Nora", "password": PASSWORD}).status_code == 302
    with tenant_scope(house.tenant):
        assert list(Membership.objects.get(user__email=NORA).sites.all()) == [house.sites[TECHBLOG]]


def test_another_tenants_sites_are_refused_like_such_as_do_not_exist(house: House, owner: Client):
    lantern = bolt().sites[LANTERN].pk
    answers = [
        owner.post("/acme/members/invite/", FORM | {"where": "some", "sites": [house.sites[FINANCEBLOG].pk, site]})
        for site in (lantern, 10**9)
    ]
    pages = [re.sub(r'(value="[\w-]{64}"|x-csrftoken": "\w+)', "", words(answer)) for answer in answers]
    assert pages[0] == pages[1]
    assert "does not exist, or is not this newsroom’s" in pages[0]
    assert not mail.outbox
    assert rows() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no address"},
        {"email": ""},
        {"role": "king"},
        {"where": ""},
        {"where": "some"},
        {"email": "a\0@b.test"},
    ],
)
def test_a_form_that_is_wrong_invites_nobody(owner: Client, wrong: dict[str, str]):
    answer = owner.post("/acme/members/invite/", FORM | wrong)
    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()
    assert rows() == []


def test_who_is_a_member_is_not_invited(owner: Client):
    assert "is a member of Acme already" in words(
        owner.post("/acme/members/invite/", FORM | {"email": "Viewer@acme.test"})
    )


def test_where_no_mail_can_be_sent_nobody_is_invited(owner: Client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = owner.post("/acme/members/invite/", FORM)
    assert answer.status_code == 200
    assert "could not be sent, so nobody was invited" in words(answer)
    assert rows() == []


def test_the_owner_never_sees_the_link(owner: Client):
    link = invited(owner)
    assert link not in words(owner.get("/acme/members/"))


def test_invitations_are_sent_so_often_and_no_more(owner: Client):
    for n in range(20):
        invited(owner, email=f"nora{n}@elsewhere.test")
    answer = owner.post("/acme/members/invite/", FORM)
    assert "Wait ten minutes" in words(answer)
    assert len(mail.outbox) == 20


def test_links_are_not_guessed_at_for_long(visitor: Client):
    statuses = [visitor.post("/invitation/").status_code for _ in range(31)]
    assert statuses == [404] * 30 + [429]
