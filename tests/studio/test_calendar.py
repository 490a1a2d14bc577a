"""What appears when, and how it is moved."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.models import Article, Placement
from publishing.placing import place, recall
from publishing.writing import write
from sites_core.models import Brand
from studio.calendar import entries
from studio.calendar.entries import moved_by_days
from studio.calendar.spans import MONTH, SHOWN, WEEK, Span
from studio.placing import clocks
from studio.placing.clocks import zone_of
from tenants.models import Membership, MembershipSite
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on, placement_of, signed_in

pytestmark = pytest.mark.django_db
CALENDAR = "/acme/calendar/"
BERLIN, NEW_YORK, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("UTC")


@pytest.fixture
def editor(house: House) -> Client:
    return signed_in(house.people["editor"], "studio")


def page(client: Client, **asked: Any) -> str:
    answer = client.get(CALENDAR, asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def day_of(html: str, day: date) -> str:
    """What stands on the day, as words."""
    cell = html.partition(f'data-day="{day.isoformat()}"')[2].partition('data-day="')[0]
    return " ".join(re.sub(r"<[^>]+>", " ", cell).split())


def coming(house: House, at: datetime, domain: str = TECHBLOG, title: str = "To come", **fields: Any) -> Placement:
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title=title)
        return place(article=article, site=house.sites[domain], go_live=at, **fields)


def in_days(days: int, hour: int = 8, zone: ZoneInfo = UTC_ZONE) -> datetime:
    day = timezone.now().astimezone(zone).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


def clock(house: House, domain: str, zone: str) -> None:
    Brand.objects.filter(site=house.sites[domain]).update(time_zone=zone)


# --- What is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_each_day_has_what_appears_and_what_ends_on_it(house: House, editor: Client, view: str):
    at = in_days(10)
    coming(house, at, title="Scheduled one", expires_at=at + timedelta(hours=2))
    coming(house, at + timedelta(hours=1), FINANCEBLOG, title="Another")
    html = page(editor, view=view, day=at.date().isoformat(), zone="UTC")
    told = day_of(html, at.date())
    assert "08:00 scheduled Scheduled one Techblog" in told
    assert "09:00 scheduled Another Financeblog" in told
    assert "10:00 ends Scheduled one" in told
    assert told.index("Another") < told.index("ends Scheduled one"), "by time"


def test_what_is_over_is_shown_as_it_stands_and_what_was_taken_back_is_not(house: House, editor: Client):
    live = article_on(house, TECHBLOG, title="Live one", ago=timedelta(hours=1))
    with tenant_scope(house.tenant):
        recall(article=article_on(house, TECHBLOG, title="Taken back", ago=timedelta(hours=1)))
    html = page(editor, zone="UTC")
    assert live.title in html
    assert "draggable" not in html
    assert "Taken back" not in html


def test_a_day_is_one_of_the_clock_that_was_chosen(house: House, editor: Client):
    clock(house, TECHBLOG, "Asia/Tokyo")
    at = in_days(10, 22)
    coming(house, at)
    assert "22:00" in day_of(page(editor, day=at.date(), zone="UTC"), at.date())
    in_tokyo = page(editor, day=at.date(), zone="Asia/Tokyo", view="week")
    assert "07:00" in day_of(
        page(editor, day=at.date() + timedelta(days=1), zone="Asia/Tokyo"), at.date() + timedelta(days=1)
    )
    assert "in Asia/Tokyo" not in in_tokyo, "only where the site's own clock is another"
    assert "07:00 in Asia/Tokyo" in page(editor, day=at.date(), zone="UTC", view="week")


def test_the_calendar_of_one_site_is_by_its_own_clock(house: House, editor: Client):
    clock(house, FINANCEBLOG, "America/New_York")
    at = in_days(10, 12)
    coming(house, at, FINANCEBLOG, title="Finance")
    coming(house, at, TECHBLOG, title="Tech")
    html = page(editor, day=at.date(), site=house.sites[FINANCEBLOG].pk)
    assert f"{at.astimezone(NEW_YORK):%H:%M}" in day_of(html, at.date())
    assert "Finance" in html
    assert "Tech<" not in html


def test_of_a_full_day_the_first_are_shown_and_the_others_counted(
    house: House, editor: Client, monkeypatch: pytest.MonkeyPatch
):
    at = in_days(10)
    for n in range(SHOWN[MONTH] + 3):
        coming(house, at + timedelta(minutes=n), title=f"No. {n}")
    html = page(editor, day=at.date(), zone="UTC")
    told = day_of(html, at.date())
    assert f"No. {SHOWN[MONTH] - 1}" in told
    assert f"No. {SHOWN[MONTH]}" not in told
    assert "+3 more" in told
    assert f"No. {SHOWN[MONTH] + 2}" in page(editor, day=at.date(), zone="UTC", view="day")
    monkeypatch.setattr(entries, "COUNTED", 5)
    assert "and more" in day_of(page(editor, day=at.date(), zone="UTC"), at.date())


def test_a_member_of_some_sites_sees_those_alone(house: House):
    at = in_days(10)
    coming(house, at, FINANCEBLOG, title="Elsewhere")
    coming(house, at, TECHBLOG, title="Here")
    html = page(signed_in(house.people["limited"], "studio"), day=at.date())
    assert "Here" in html
    assert "Elsewhere" not in html
    assert "Financeblog" not in html


@pytest.mark.parametrize(
    "asked",
    [
        {"day": "x"}, {"day": "2026-02-30"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"day": "1900-12-31"},
        {"view": "year"}, {"site": "x"}, {"site": "１"}, {"site": "9" * 30}, {"site": "0"},
    ],
)  # fmt: skip
def test_a_calendar_that_is_none_is_missing(house: House, editor: Client, asked: dict[str, str]):
    assert editor.get(CALENDAR, asked).status_code == 404


@pytest.mark.parametrize("zone", ["Nowhere/At_All", "../../etc/passwd", "\x00", "x" * 400])
def test_a_clock_that_is_none_is_utc(house: House, editor: Client, zone: str):
    assert "<option selected>UTC</option>" in page(editor, zone=zone)


def test_of_clocks_that_an_address_names_only_those_are_kept_that_there_are():
    zone_of("UTC")
    kept = clocks._zone.cache_info().currsize
    for number in range(9):
        assert zone_of(f"Nowhere/{number}").key == "UTC"
    assert clocks._zone.cache_info().currsize == kept


@pytest.mark.parametrize("day", ["1901-01-01", "2198-12-31"])
@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_the_outermost_days_are_drawn(house: House, editor: Client, day: str, view: str):
    assert editor.get(CALENDAR, {"day": day, "view": view, "zone": "Pacific/Kiritimati"}).status_code == 200


def test_a_site_beyond_ones_own_is_like_one_that_does_not_exist(house: House):
    limited = signed_in(house.people["limited"], "studio")
    assert limited.get(CALENDAR, {"site": house.sites[FINANCEBLOG].pk}).status_code == 404


@pytest.mark.parametrize("view", [MONTH, WEEK])
def test_spans_are_whole_weeks_and_their_midnights_those_of_the_zone(view: str):
    # In Berlin the clocks are put forward on 28 March 2027.
    span = Span(view, date(2027, 3, 28), BERLIN)
    assert len(span.days) % 7 == 0
    assert span.days[0].weekday() == 0
    lengths = {later - one for one, later in zip(span.midnights, span.midnights[1:], strict=False)}
    assert lengths == {timedelta(hours=24), timedelta(hours=23)}


def test_a_calendar_costs_the_same_for_one_entry_and_for_many(house: House, editor: Client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(editor, day=in_days(10).date())
        return len(queries)

    coming(house, in_days(10))
    page(editor)
    one = cost()
    for n in range(4):
        coming(house, in_days(10, 9 + n), FINANCEBLOG)
    assert one == cost()
    assert one <= 8


# --- Moving ----------------------------------------------------------------------------------------------------------


def moved(client: Client, placement: Placement, **sent: Any) -> str:
    answer = client.post(f"{CALENDAR}{placement.pk}/move/", {"in_calendar": "yes", **sent})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def stands(placement: Placement) -> datetime:
    with across_tenants("how it stands now"):
        at = Placement.objects.get(pk=placement.pk).go_live
    assert at
    return at


def test_a_move_to_another_day_keeps_the_time_and_can_be_undone(house: House, editor: Client):
    at = in_days(10)
    placement = coming(house, at, expires_at=at + timedelta(days=30))
    html = moved(editor, placement, day=(at + timedelta(days=2)).date(), zone="UTC", seen=at.isoformat())
    assert stands(placement) == at + timedelta(days=2)
    with across_tenants("its end stays"):
        assert Placement.objects.get(pk=placement.pk).expires_at == at + timedelta(days=30)
    undo = dict(re.findall(r'name="(at|seen)" value="([^"]+)"', html))
    moved(editor, placement, **undo)
    assert stands(placement) == at


@pytest.mark.parametrize(
    ("zone", "told", "days", "after"),
    [
        # Clocks put forward on 28 March 2027, at 02:00; put back on 31 October, at 03:00.
        ("Europe/Berlin", "2027-03-27T08:00", 1, "2027-03-28T08:00+02:00"),
        ("Europe/Berlin", "2027-03-27T02:30", 1, "2027-03-28T03:30+02:00"),
        ("Europe/Berlin", "2027-10-30T02:30", 1, "2027-10-31T02:30+02:00"),
        ("Europe/Berlin", "2027-10-30T08:00", 2, "2027-11-01T08:00+01:00"),
        ("America/New_York", "2027-03-13T23:30", 1, "2027-03-14T23:30-04:00"),
        ("Australia/Lord_Howe", "2027-10-02T09:00", 1, "2027-10-03T09:00+11:00"),
        ("UTC", "2028-02-28T00:00", 1, "2028-02-29T00:00+00:00"),
    ],
)
def test_the_time_of_the_sites_clock_stays_where_clocks_are_changed(zone: str, told: str, days: int, after: str):
    there = ZoneInfo(zone)
    moment = datetime.fromisoformat(told).replace(tzinfo=there)
    assert moved_by_days(there, moment.astimezone(UTC), days) == datetime.fromisoformat(after)


def test_a_day_of_the_calendars_clock_is_not_always_that_of_the_sites(house: House, editor: Client):
    clock(house, TECHBLOG, "Asia/Tokyo")
    at = in_days(10, 22)  # in Tokyo it is the next morning
    placement = coming(house, at)
    moved(editor, placement, day=(at + timedelta(days=1)).date(), zone="UTC")
    assert stands(placement) == at + timedelta(days=1)


def test_a_time_of_the_sites_clock_can_be_said(house: House, editor: Client):
    clock(house, TECHBLOG, "America/New_York")
    placement = coming(house, in_days(10))
    url = f"{CALENDAR}{placement.pk}/move/"
    assert "By the clock of Techblog, America/New_York" in editor.get(url).content.decode()
    day = in_days(20).date()
    moved(editor, placement, go_live=f"{day}T07:15")
    assert stands(placement) == datetime(day.year, day.month, day.day, 7, 15, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"day": "2020-01-01", "zone": "UTC"}, "has passed"),
        ({"day": "2199-12-31", "zone": "UTC"}, "expire before"),
        ({}, "Say to which day"),
        ({"day": "never"}, "valid date"),
        ({"at": "2030-01-01"}, "cannot be read"),
        ({"at": "2030-01-01T00:00:00"}, "cannot be read"),
        ({"at": "0001-01-01T00:00:00+00:00"}, "cannot be read"),
        ({"go_live": "9999-12-31T23:59"}, "between 1900 and 2200"),
        ({"day": "9999-12-31", "zone": "UTC"}, "1900 and 2200"),
        ({"day": "2199-12-31", "seen": "nonsense"}, "cannot be read"),
    ],
)
def test_where_it_cannot_go_it_stays_and_the_reason_is_told(house: House, editor: Client, sent: Any, said: str):
    at = in_days(10)
    placement = coming(house, at, expires_at=at + timedelta(days=5))
    assert said in moved(editor, placement, **sent)
    assert stands(placement) == at


def test_what_somebody_else_has_moved_meanwhile_stays_there(house: House, editor: Client):
    at = in_days(10)
    placement = coming(house, at)
    with tenant_scope(house.tenant):
        place(article=placement.article, site=placement.site, go_live=at + timedelta(days=3))
    html = moved(editor, placement, day=(at + timedelta(days=1)).date(), zone="UTC", seen=at.isoformat())
    assert "Somebody moved it meanwhile" in html
    assert stands(placement) == at + timedelta(days=3)


def test_what_is_live_is_not_moved(house: House, editor: Client):
    article = article_on(house, TECHBLOG, title="Live one")
    placement = placement_of(article, house.sites[TECHBLOG])
    before = stands(placement)
    assert "only what is scheduled" in moved(editor, placement, day=in_days(5).date(), zone="UTC")
    assert "only what is scheduled" in editor.get(f"{CALENDAR}{placement.pk}/move/").content.decode()
    assert stands(placement) == before


def test_sent_twice_it_is_moved_once(house: House, editor: Client):
    at = in_days(10)
    placement = coming(house, at)
    sent = {"day": (at + timedelta(days=2)).date(), "zone": "UTC", "seen": at.isoformat()}
    moved(editor, placement, **sent)
    moved(editor, placement, **sent)
    assert stands(placement) == at + timedelta(days=2)


def test_only_who_may_place_there_moves_and_sees_that_it_can_be(house: House):
    at = in_days(10)
    here, elsewhere = coming(house, at, TECHBLOG), coming(house, at, FINANCEBLOG)
    day = {"day": (at + timedelta(days=1)).date(), "zone": "UTC"}
    statuses = {}
    for role in ("owner", "author", "viewer", "limited"):
        client = signed_in(house.people[role], "studio")
        statuses[role] = [client.post(f"{CALENDAR}{one.pk}/move/", day).status_code for one in (here, elsewhere)]
        assert ('draggable="true"' in page(client, day=at.date())) == (role in {"owner", "limited"})
        with tenant_scope(house.tenant):
            place(article=here.article, site=here.site, go_live=at)
    assert statuses == {"owner": [200, 200], "author": [403, 403], "viewer": [403, 403], "limited": [200, 404]}


def test_on_a_site_that_one_only_reads_nothing_is_moved(house: House):
    at = in_days(10)
    placement = coming(house, at, FINANCEBLOG)
    with tenant_scope(house.tenant):
        membership = Membership.objects.get(user=house.people["limited"])
        MembershipSite.objects.create(
            membership=membership, tenant=house.tenant, site=house.sites[FINANCEBLOG], role="viewer"
        )
    client = signed_in(house.people["limited"], "studio")
    assert "To come" in page(client, day=at.date())
    assert 'draggable="true"' not in page(client, day=at.date())
    assert client.post(f"{CALENDAR}{placement.pk}/move/", {"day": "2030-01-01"}).status_code == 403


def test_words_that_look_like_markup_stay_words(house: House, editor: Client):
    attack = '"><script>alert(1)</script>'
    at = in_days(10)
    placement = coming(house, at, title=attack)
    assert attack not in page(editor, day=at.date())
    assert attack not in moved(editor, placement, day=(at + timedelta(days=1)).date(), zone=attack)


def test_an_article_that_is_not_there_is_no_entry(house: House, editor: Client):
    placement = coming(house, in_days(10))
    with tenant_scope(house.tenant):
        Article.objects.filter(pk=placement.article_id).delete()
    assert "To come" not in page(editor, day=in_days(10).date())
