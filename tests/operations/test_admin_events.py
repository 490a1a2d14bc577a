"""What operators see of events, and the button that delivers a dead letter again."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.mail import Outbox
from events.models import Event
from sites_core.sessions import SURFACE
from tenants.models import User
from tests.cast import PASSWORD, signed_in

pytestmark = pytest.mark.django_db

LIST = "/events/event/"


@pytest.fixture(autouse=True)
def nothing_else_happened() -> None:
    Event.objects.all().delete()


@pytest.fixture
def staff() -> Client:
    return signed_in(User.objects.create_superuser("staff@platform.test", PASSWORD), "ops")


def dead(**fields: object) -> Event:
    fields = {"name": "test.dead", "dead_at": timezone.now(), "attempts": 10, "error": "OSError: away"} | fields
    return Event.objects.create(**fields)


def listed(client: Client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return answer.content.decode()


def deliver_again(client: Client, *events: Event) -> str:
    chosen = {"action": "deliver_again", "_selected_action": [event.pk for event in events]}
    return client.post(LIST, chosen, follow=True).content.decode()


def test_dead_letters_come_first_with_their_error_and_what_is_done_only_when_asked_for(staff: Client):
    Event.objects.create(name="test.waits", payload={"name": "techblog.test"})
    Event.objects.create(name="test.done", done_at=timezone.now())
    Event.objects.create(name="test.failing", error="OSError: busy", attempts=1)
    dead()
    page = listed(staff)
    assert page.index("test.dead") < page.index("test.waits")
    assert "OSError: away" in page
    assert "name techblog.test" in page
    assert "test.done" not in page
    only = {"dead": "test.dead", "failing": "test.failing", "waiting": "test.waits", "done": "test.done"}
    for state, name in only.items():
        shown = listed(staff, f"?state={state}")
        assert {one for one in only.values() if one in shown} == {name}


def test_events_are_found_by_what_they_are_about(staff: Client):
    Event.objects.create(name="test.waits", payload={"name": "techblog.test"})
    Event.objects.create(name="test.waits", payload={"name": "lantern.test"})
    page = listed(staff, "?q=techblog")
    assert "techblog.test" in page
    assert "lantern.test" not in page


def test_a_dead_letter_is_delivered_again_and_the_record_says_by_whom(staff: Client):
    event = dead()
    assert "1 dead letter is due again" in deliver_again(staff, event)
    event.refresh_from_db()
    assert (event.dead_at, event.attempts) == (None, 0)
    assert LogEntry.objects.get().object_id == str(event.pk)


def test_what_is_not_dead_or_waits_already_is_left_as_it_is(staff: Client):
    one, other = dead(once="key"), Event.objects.create(name="test.waits", once="key")
    assert "2 events were left as they are" in deliver_again(staff, one, other)
    one.refresh_from_db()
    assert one.dead_at


def test_nothing_can_be_added_changed_or_deleted(staff: Client):
    event = dead()
    for path in ("add/", f"{event.pk}/delete/"):
        assert staff.get(LIST + path).status_code == 403
    assert staff.post(f"{LIST}{event.pk}/change/", {"name": "another"}).status_code == 403
    assert Event.objects.get().name == "test.dead"


def test_who_may_only_look_sees_no_button_and_has_none(staff: Client):
    looks = User.objects.create_user("looks@platform.test", PASSWORD, is_staff=True)
    looks.user_permissions.add(Permission.objects.get(codename="view_event"))
    client = signed_in(looks, "ops")
    event = dead()
    assert "Deliver again" not in listed(client)
    deliver_again(client, event)
    event.refresh_from_db()
    assert event.dead_at
    assert "Deliver again" in listed(staff)
    assert client.session[SURFACE] == "ops"


def test_a_mail_is_never_shown(staff: Client):
    Outbox().send_messages([EmailMessage("An invitation", "a secret link", "desk@acme.test", ["nora@acme.test"])])
    event = Event.objects.get()
    for page in (listed(staff), staff.get(f"{LIST}{event.pk}/change/").content.decode()):
        assert str(event.payload["message_id"]).strip("<>") in page
        for word in ("nora", "secret link", "An invitation", bytes(event.sealed or b"?").decode()):
            assert word not in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    staff: Client, django_assert_num_queries: DjangoAssertNumQueries, many: int
):
    for _ in range(many):
        dead(sealed=b"sealed")
    listed(staff)
    # The session, the user, how many there are, and they.
    with django_assert_num_queries(4):
        listed(staff)
