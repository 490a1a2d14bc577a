"""The placements panel: every site a row, each with a state of its own; what is done on one, on some, on all."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.models import Article, Correction, Image, Placement, Proposal, Recall, Section
from publishing.placing import place, prepare, recall
from publishing.writing import revise, write
from sites_core.directory import directory
from sites_core.models import Brand
from studio.placing.clocks import moment_of, offset_of, zone_of
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt, house, placement_of, signed_in
from tests.reading.visiting import reader

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}


@pytest.fixture
def ours() -> House:
    return acme()


@pytest.fixture
def editor(ours: House) -> Client:
    return signed_in(ours.people["editor"], "studio")


@pytest.fixture
def article(ours: House) -> Article:
    return article_on(ours, title="A headline")


def panel(client: Client, article: Article) -> str:
    answer = client.get(f"/acme/articles/{article.pk}/placements/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def rows(html: str) -> dict[str, str]:
    """What each row says, by the site's domain."""
    found = {}
    for body in re.findall(r"<tbody id=\"place-.*?</tbody>", html):
        domain = re.search(r'class="domain">([^<]+)<', body)
        assert domain
        found[domain[1]] = " ".join(re.sub(r"<[^>]+>", " ", body).split())
    return found


def url_of(article: Article, ours: House, domain: str = TECHBLOG) -> str:
    return f"/acme/articles/{article.pk}/placements/{ours.sites[domain].pk}/"


def fields(client: Client, url: str) -> dict[str, str]:
    """What the form of one site would send as it is."""
    html = client.get(url).content.decode()
    sent = {}
    for tag in re.findall(r"<input [^>]*>", html.partition('class="placing"')[2].partition("</form>")[0]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            sent[name[1]] = value[1] if value else ""
    sent |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="(\d*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def send(client: Client, article: Article, ours: House, do: str, *, on: str = TECHBLOG, **changed: Any) -> Any:
    """Open a site's form, type this into it, and press the button."""
    url = url_of(article, ours, on)
    sent = fields(client, url)
    sent |= {f"site-{ours.sites[on].pk}-{name}": value for name, value in changed.items()}
    return client.post(url, sent | {"do": do})


def bare(html: str, value: int) -> str:
    """A page without its tokens, which are new each time, and without the value that was sent."""
    html = re.sub(r'csrfmiddlewaretoken" value="\w+"|csrftoken": "\w+"', "", html)
    return re.sub(rf'value="{value}"|choice\. {value} is', "…", html)


def said(client: Client, article: Article) -> str:
    """What the next page says of what was done."""
    found = re.findall(r'<div class="said" role="status">(.*?)</div>', panel(client, article))
    return " ".join(re.findall(r"<p[^>]*>(.*?)</p>", " ".join(found)))


def zone(ours: House, name: str, domain: str = TECHBLOG) -> None:
    Brand.objects.filter(site=ours.sites[domain]).update(time_zone=name)


# --- What is shown ---------------------------------------------------------------------------------------------------


def test_every_site_is_a_row_with_how_the_article_stands_there_by_its_own_clock(ours: House, editor: Client):
    zone(ours, "Asia/Tokyo", FINANCEBLOG)
    with tenant_scope(ours.tenant):
        article = write(tenant=ours.tenant, title="A headline", body="Words.")
        section = Section.objects.create(tenant=ours.tenant, site=ours.sites[TECHBLOG], slug="news", name="News")
        place(article=article, site=ours.sites[TECHBLOG], section=section, pin=2, title="Own title")
        prepare(article=article, site=ours.sites[FINANCEBLOG], go_live=datetime(2150, 1, 1, 15, 30, tzinfo=UTC))
    html = panel(editor, article)
    told = rows(html)
    for words in ("live", "canonical", "pin 2", "/own-title/", "News", "title", "Edit"):
        assert words in told[TECHBLOG], words
    for words in ("prepared", "2 Jan 2150, 00:30", "Asia/Tokyo", "/a-headline/", "inherited"):
        assert words in told[FINANCEBLOG], words
    assert 'href="http://techblog.test/own-title/"' in html
    assert 'href="http://financeblog.test' not in html
    assert "placed on 2 sites, published or scheduled on 1" in html


def test_a_site_on_which_it_is_not_placed_offers_to_place_it(article: Article, editor: Client):
    told = rows(panel(editor, article))
    assert set(told) == {TECHBLOG, FINANCEBLOG}
    assert all("not placed" in words and "Place…" in words for words in told.values())


def test_an_override_that_was_overtaken_says_so_and_shows_both(ours: House, article: Article, editor: Client):
    with tenant_scope(ours.tenant):
        place(article=article, site=ours.sites[TECHBLOG], title="Own title", summary="Own summary")
        revise(article=article, title="Changed beneath")
    assert "title ! : the article changed since" in rows(panel(editor, article))[TECHBLOG]
    opened = editor.get(url_of(article, ours)).content.decode()
    for words in ("The article’s title has changed", "A headline", "Changed beneath", "Own title", "Keep its own"):
        assert words in opened, words
    assert "The article’s summary has changed" not in opened


def test_what_must_be_mended_first_is_told_before_anybody_tries(ours: House, article: Article, editor: Client):
    Tenant.objects.update(needs_approval=True)
    part = editor.get(f"/acme/articles/{article.pk}/placements/ready/").content.decode()
    assert "has not been approved" in part
    assert f"/acme/articles/{article.pk}/review/" in part


@pytest.mark.parametrize("role", ["editor", "limited", "author"])
def test_a_panel_costs_the_same_statements_for_one_site_and_for_forty(role: str):
    wide = house("acme", "Acme", *[f"site-{number:02}.test" for number in range(40)])
    article = article_on(wide, "site-00.test")
    client = signed_in(wide.people[role], "studio")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            panel(client, article)
        return len(queries)

    panel(client, article)
    one = cost()
    with tenant_scope(wide.tenant):
        pictures = [
            Image.objects.create(tenant=wide.tenant, digest=f"{n}", name="i", alt="A", width=1, height=1, widths=[1])
            for n in range(2)
        ]
        revise(article=article, lead_image=pictures[0])
        for number, site in enumerate(wide.sites.values()):
            place(article=article, site=site, title=f"Own {number}", image=pictures[1])
        revise(article=article, title="Changed beneath", lead_image=pictures[1])
    assert cost() <= one + 1, "one statement for the pictures of all rows"
    assert cost() <= 12


# --- One site --------------------------------------------------------------------------------------------------------


def test_what_is_published_in_the_studio_is_met_by_a_reader_at_the_next_poll(
    ours: House, article: Article, editor: Client
):
    client = reader()
    # The directory and the page cache know the site as it is now.
    assert client.get("/from-the-studio/").status_code == 404
    send(editor, article, ours, "publish", slug="From the studio!")
    directory.expire()
    page = client.get("/from-the-studio/")
    assert page.status_code == 200
    assert "A headline" in page.content.decode()
    send(editor, article, ours, "unpublish")
    directory.expire()
    assert client.get("/from-the-studio/").status_code == 404


def test_a_site_gets_all_that_was_typed_and_the_panel_says_what_was_done(ours: House, article: Article, editor: Client):
    zone(ours, "Europe/Berlin")
    with tenant_scope(ours.tenant):
        section = Section.objects.create(tenant=ours.tenant, site=ours.sites[TECHBLOG], slug="news", name="News")
    answer = send(
        editor, article, ours, "schedule", go_live="2150-07-01T08:00", expires_at="2150-08-01T08:00", slug="Own Slug",
        section=section.pk, pin=3, title="Own title", summary="Own summary",
    )  # fmt: skip
    assert answer.status_code == 302
    assert answer["Location"] == f"/acme/articles/{article.pk}/placements/#place-{ours.sites[TECHBLOG].pk}"
    there = placement_of(article, ours.sites[TECHBLOG])
    assert there.go_live == datetime(2150, 7, 1, 6, tzinfo=UTC)
    assert there.expires_at == datetime(2150, 8, 1, 6, tzinfo=UTC)
    assert (there.status, there.slug, there.section, there.pin) == ("published", "own-slug", section, 3)
    assert (there.title, there.summary) == ("Own title", "Own summary")
    assert "Scheduled: readers can open it from 1 July 2150, 08:00 (Europe/Berlin) on." in said(editor, article)


def test_with_htmx_the_row_comes_back_with_what_was_done_and_the_row_that_lost_the_mark(
    ours: House, article: Article, editor: Client
):
    with tenant_scope(ours.tenant):
        place(article=article, site=ours.sites[FINANCEBLOG])
    send(editor, article, ours, "publish")
    url = url_of(article, ours)
    answer = editor.post(url, fields(editor, url) | {"do": "canonical"}, headers=PART).content.decode()
    assert "This address is the one that search engines are told." in answer
    assert f'id="shown-{ours.sites[FINANCEBLOG].pk}" hx-swap-oob="true"' in answer
    assert 'id="places-tally" hx-swap-oob="true"' in answer
    assert "<html" not in answer


def test_a_time_that_was_not_touched_keeps_its_seconds(ours: House, article: Article, editor: Client):
    send(editor, article, ours, "publish")
    before = placement_of(article, ours.sites[TECHBLOG]).go_live
    send(editor, article, ours, "save", pin=1)
    after = placement_of(article, ours.sites[TECHBLOG])
    assert (after.go_live, after.pin) == (before, 1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2027-03-28T02:30", "02:30 does not exist on 28 March 2027 in Europe/Berlin"),
        ("1850-01-01T00:00", "between 1900 and 2200"),
        ("9999-12-31T23:59", "between 1900 and 2200"),
        ("0001-01-01T00:00", "between 1900 and 2200"),
        ("soon", "Write date and time"),
        ("2150-01-01T08:00+05:00", "without an offset"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    ours: House, article: Article, editor: Client, typed: str, words: str
):
    zone(ours, "Europe/Berlin")
    with tenant_scope(ours.tenant):
        prepare(article=article, site=ours.sites[TECHBLOG])
    answer = send(editor, article, ours, "save", go_live=typed, title="Typed with care")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert words in html
    assert "Typed with care" in html
    assert placement_of(article, ours.sites[TECHBLOG]).go_live is None


def test_an_hour_that_comes_twice_is_the_first_and_that_is_said(ours: House, article: Article, editor: Client):
    zone(ours, "Europe/Berlin")
    send(editor, article, ours, "draft", go_live="2150-10-25T02:30")
    told = said(editor, article)
    there = placement_of(article, ours.sites[TECHBLOG])
    assert there.go_live is not None
    if there.go_live.astimezone(ZoneInfo("Europe/Berlin")).utcoffset() == timedelta(hours=2):
        assert there.go_live == datetime(2150, 10, 25, 0, 30, tzinfo=UTC)
    assert "02:30 comes twice that night in Europe/Berlin: the first one is meant." in told


def test_clocks_are_told_as_they_are():
    berlin = zone_of("Europe/Berlin")
    assert moment_of(datetime(2026, 10, 25, 2, 30), berlin).at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # noqa: DTZ001
    assert offset_of(datetime(2026, 7, 1, tzinfo=UTC), berlin) == "UTC+2"
    assert offset_of(datetime(2026, 7, 1, tzinfo=UTC), zone_of("America/St_Johns")) == "UTC−2:30"
    assert zone_of("Nowhere/Nothing").key == "UTC"


def test_what_the_article_lacks_is_told_and_the_rest_is_kept_in_the_form(ours: House, article: Article, editor: Client):
    Tenant.objects.update(needs_approval=True)
    html = send(editor, article, ours, "publish", title="Typed with care").content.decode()
    assert "has not been approved" in html
    assert f"/acme/articles/{article.pk}/review/" in html
    assert "Typed with care" in html
    with tenant_scope(ours.tenant):
        assert not article.placements.exists()


def test_a_form_that_is_stale_changes_nothing_and_shows_how_it_is_now(ours: House, article: Article, editor: Client):
    url = url_of(article, ours)
    stale = fields(editor, url)
    with tenant_scope(ours.tenant):
        place(article=article, site=ours.sites[TECHBLOG], slug="theirs")
    key = ours.sites[TECHBLOG].pk
    html = editor.post(url, stale | {"do": "draft", f"site-{key}-title": "Mine"}).content.decode()
    assert "Somebody changed it meanwhile: here is how it is now." in html
    assert "/theirs/" in html
    assert "Mine" in html
    assert placement_of(article, ours.sites[TECHBLOG]).status == "published"
    # What is shown now may be sent.
    send(editor, article, ours, "unpublish")
    assert placement_of(article, ours.sites[TECHBLOG]).status == "unpublished"


def test_a_form_without_a_stamp_is_stale(ours: House, article: Article, editor: Client):
    html = editor.post(url_of(article, ours), {"do": "publish"}).content.decode()
    assert "Somebody changed it meanwhile" in html
    with tenant_scope(ours.tenant):
        assert not article.placements.exists()


def test_a_double_submit_is_harmless(ours: House, article: Article, editor: Client):
    url = url_of(article, ours)
    sent = fields(editor, url) | {"do": "publish"}
    assert editor.post(url, sent).status_code == editor.post(url, sent).status_code == 302
    with tenant_scope(ours.tenant):
        assert article.placements.count() == 1


@pytest.mark.parametrize("do", ["", "nothing", "inherit:body", "keep:", "publish:title", "recall"])
def test_what_no_button_says_is_refused(ours: House, article: Article, editor: Client, do: str):
    assert "Choose what is to be done." in send(editor, article, ours, do).content.decode()


def test_an_override_is_given_up_or_kept_with_one_click(ours: House, article: Article, editor: Client):
    with tenant_scope(ours.tenant):
        place(article=article, site=ours.sites[TECHBLOG], title="Own title", summary="Own summary")
        revise(article=article, title="Changed beneath", summary="So is this")
    send(editor, article, ours, "keep:title")
    assert "keeps its own title" in said(editor, article)
    send(editor, article, ours, "inherit:summary", pin=4)
    there = placement_of(article, ours.sites[TECHBLOG])
    assert (there.title, there.summary, there.pin) == ("Own title", "", 4)
    assert there.sources == {"title": "Changed beneath"}
    assert "the article changed since" not in rows(panel(editor, article))[TECHBLOG]


def test_a_slug_is_told_as_it_is_typed(ours: House, article: Article, editor: Client):
    article_on(ours, TECHBLOG, title="The other one")
    key = ours.sites[TECHBLOG].pk

    def told(typed: str) -> str:
        answer = editor.get(f"{url_of(article, ours)}slug/", {f"site-{key}-slug": typed}).content.decode()
        return " ".join(re.sub(r"<[^>]+>", "", answer).split())

    assert told("Ünïcode & more") == "techblog.test/unicode-more/"
    assert told("the other ONE") == "“the-other-one” is taken on Techblog by The other one. Free: the-other-one-2"
    assert told("Search") == "/search/ is the address of a list. Free: search-2"
    assert told("") == "techblog.test/a-headline/, made of the title"
    refused = send(editor, article, ours, "publish", slug="the-other-one").content.decode()
    assert "is taken on Techblog by “The other one”" in refused


def test_the_mark_is_not_taken_from_a_site_on_which_one_may_not_place(ours: House, article: Article):
    with tenant_scope(ours.tenant):
        place(article=article, site=ours.sites[FINANCEBLOG])
        place(article=article, site=ours.sites[TECHBLOG])
    limited = signed_in(ours.people["limited"], "studio")
    html = send(limited, article, ours, "canonical").content.decode()
    assert "Financeblog has the canonical mark, and you may not place there" in html
    assert not placement_of(article, ours.sites[TECHBLOG]).is_canonical


# --- Whose choices ---------------------------------------------------------------------------------------------------


def test_a_section_of_another_site_is_no_choice_here(ours: House, article: Article, editor: Client):
    with tenant_scope(ours.tenant):
        there = Section.objects.create(tenant=ours.tenant, site=ours.sites[FINANCEBLOG], slug="s", name="Elsewhere")
    assert "Elsewhere" not in editor.get(url_of(article, ours)).content.decode()
    assert send(editor, article, ours, "draft", section=there.pk).status_code == 200
    with tenant_scope(ours.tenant):
        assert not article.placements.exists()


@pytest.mark.parametrize("role", ["author", "viewer", "limited"])
def test_who_may_not_place_on_a_site_changes_nothing_there(ours: House, article: Article, role: str):
    client = signed_in(ours.people[role], "studio")
    url = url_of(article, ours, FINANCEBLOG)
    answer = client.post(url, {"do": "publish", "seen": "x"})
    # Beyond the membership there is nothing; within it the role says no.
    assert answer.status_code == (404 if role == "limited" else 403)
    chosen = client.post(
        f"/acme/articles/{article.pk}/placements/chosen/", {"do": "publish", "sites": [ours.sites[FINANCEBLOG].pk]}
    )
    assert chosen.status_code == (200 if role == "limited" else 403)
    with tenant_scope(ours.tenant):
        assert not article.placements.exists()


def test_beyond_a_limited_membership_a_site_is_a_name_and_whether_it_is_placed_there(ours: House):
    article = article_on(ours, TECHBLOG, title="A headline")
    with tenant_scope(ours.tenant):
        place(article=article, site=ours.sites[FINANCEBLOG], slug="kept-to-themselves", title="Their own title")
    limited = signed_in(ours.people["limited"], "studio")
    html = panel(limited, article)
    assert rows(html)[FINANCEBLOG] == "Financeblog financeblog.test placed"
    assert "kept-to-themselves" not in html
    assert "Their own title" not in html
    assert limited.get(url_of(article, ours, FINANCEBLOG)).status_code == 404
    assert limited.get(f"{url_of(article, ours, FINANCEBLOG)}slug/").status_code == 404


# --- Some at once ----------------------------------------------------------------------------------------------------


def choose(client: Client, article: Article, ours: House, do: str, *domains: str, **more: Any) -> str:
    html = client.get(f"/acme/articles/{article.pk}/placements/").content.decode()
    seen = dict(re.findall(r'name="(seen-\d+)" value="(\w+)"', html))
    sent = {"do": do, "sites": [ours.sites[domain].pk for domain in domains], **seen, **more}
    answer = client.post(f"/acme/articles/{article.pk}/placements/chosen/", sent)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_chosen_sites_are_done_each_by_itself_and_each_is_told(ours: House, article: Article, editor: Client):
    with tenant_scope(ours.tenant):
        prepare(article=article, site=ours.sites[FINANCEBLOG])
    html = choose(editor, article, ours, "unpublish", TECHBLOG, FINANCEBLOG)
    assert "Unpublish: done on 0 of 2 sites" in html
    html = choose(editor, article, ours, "publish", TECHBLOG, FINANCEBLOG)
    assert "Publish now: done on 2 sites" in html
    html = choose(editor, article, ours, "draft", TECHBLOG)
    assert "Readers can open it on Techblog. Unpublish it there to take it off." in html
    with tenant_scope(ours.tenant):
        assert set(article.placements.values_list("status", flat=True)) == {"published"}


def test_one_local_time_is_another_moment_by_each_sites_clock(ours: House, article: Article, editor: Client):
    zone(ours, "Europe/Berlin")
    zone(ours, "America/New_York", FINANCEBLOG)
    choose(editor, article, ours, "schedule", TECHBLOG, FINANCEBLOG, go_live="2150-07-01T08:00", clock="")
    with tenant_scope(ours.tenant):
        moments = dict(article.placements.values_list("site__domain", "go_live"))
    assert moments == {
        TECHBLOG: datetime(2150, 7, 1, 6, tzinfo=UTC),
        FINANCEBLOG: datetime(2150, 7, 1, 12, tzinfo=UTC),
    }


def test_one_moment_is_the_same_everywhere(ours: House, article: Article, editor: Client):
    zone(ours, "Europe/Berlin")
    zone(ours, "America/New_York", FINANCEBLOG)
    more = {"go_live": "2150-07-01T08:00", "clock": "America/New_York"}
    choose(editor, article, ours, "schedule", TECHBLOG, FINANCEBLOG, **more)
    with tenant_scope(ours.tenant):
        assert set(article.placements.values_list("go_live", flat=True)) == {datetime(2150, 7, 1, 12, tzinfo=UTC)}


def test_a_time_that_one_sites_clock_leaves_out_is_refused_there_alone(ours: House, article: Article, editor: Client):
    zone(ours, "Europe/Berlin")
    zone(ours, "Asia/Tokyo", FINANCEBLOG)
    html = choose(editor, article, ours, "schedule", TECHBLOG, FINANCEBLOG, go_live="2150-03-29T02:30")
    assert "done on 1 of 2 sites" in html
    assert "does not exist on 29 March 2150 in Europe/Berlin" in html
    with tenant_scope(ours.tenant):
        assert list(article.placements.values_list("site__domain", flat=True)) == [FINANCEBLOG]


def test_an_end_is_set_and_taken_away_on_several(ours: House, editor: Client):
    article = article_on(ours, TECHBLOG, FINANCEBLOG)
    choose(editor, article, ours, "expire", TECHBLOG, FINANCEBLOG, expires_at="2150-01-01T00:00")
    with tenant_scope(ours.tenant):
        assert not article.placements.filter(expires_at=None).exists()
    choose(editor, article, ours, "expire", TECHBLOG, FINANCEBLOG)
    with tenant_scope(ours.tenant):
        assert not article.placements.exclude(expires_at=None).exists()


def test_a_row_that_was_changed_since_it_was_chosen_is_refused_alone(ours: House, article: Article, editor: Client):
    sent = {"do": "publish", "sites": [one.pk for one in ours.sites.values()]}
    html = editor.get(f"/acme/articles/{article.pk}/placements/").content.decode()
    sent |= dict(re.findall(r'name="(seen-\d+)" value="(\w+)"', html))
    with tenant_scope(ours.tenant):
        prepare(article=article, site=ours.sites[TECHBLOG], title="Somebody is at it")
    answer = editor.post(f"/acme/articles/{article.pk}/placements/chosen/", sent).content.decode()
    assert "done on 1 of 2 sites" in " ".join(answer.split())
    assert "Somebody changed it meanwhile" in answer
    assert placement_of(article, ours.sites[TECHBLOG]).status == "draft"


def test_no_site_and_no_site_of_ones_own_are_refused(ours: House, article: Article, editor: Client):
    other = bolt()
    url = f"/acme/articles/{article.pk}/placements/chosen/"
    assert "Choose at least one site." in editor.post(url, {"do": "publish"}).content.decode()
    for strange in ("9" * 5000, "\u00b2", "\u0663", "-1"):
        assert editor.post(url, {"do": "publish", "sites": [strange]}).status_code == 200
    answers = []
    for key in (other.sites[LANTERN].pk, 10**9):
        html = editor.post(url, {"do": "publish", "sites": [key]}).content.decode()
        assert "is not one of the available choices" in html
        answers.append(bare(html, key))
    assert answers[0] == answers[1]


# --- Recall, and undo ------------------------------------------------------------------------------------------------


def ask(client: Client, article: Article) -> tuple[str, dict[str, str]]:
    html = client.get(f"/acme/articles/{article.pk}/recall/").content.decode()
    return html, dict(re.findall(r'name="(seen)" value="([^"]*)"', html))


def test_a_recall_names_the_sites_and_is_undone_from_the_panel(ours: House, editor: Client):
    article = article_on(ours, TECHBLOG, FINANCEBLOG)
    html, seen = ask(editor, article)
    assert TECHBLOG in html
    assert FINANCEBLOG in html
    assert editor.post(f"/acme/articles/{article.pk}/recall/", seen).status_code == 302
    shown = panel(editor, article)
    assert "Recalled from Financeblog and Techblog: readers are told that it is gone." in shown
    assert "Recalled everywhere</strong> by Acme&#x27;s editor" in shown
    undo = re.search(r'action="([^"]+/undo/)"', shown)
    assert undo
    editor.post(undo[1])
    assert "The recall is undone: it is back on Financeblog and Techblog." in said(editor, article)
    editor.post(undo[1])
    assert "has been undone already" in said(editor, article)
    with tenant_scope(ours.tenant):
        assert set(article.placements.values_list("status", flat=True)) == {"published"}


def test_a_recall_that_would_touch_more_than_it_named_is_asked_again(ours: House, editor: Client):
    article = article_on(ours, TECHBLOG)
    _, seen = ask(editor, article)
    with tenant_scope(ours.tenant):
        place(article=article, site=ours.sites[FINANCEBLOG])
    html = editor.post(f"/acme/articles/{article.pk}/recall/", seen).content.decode()
    assert "Nothing has been recalled yet" in html
    assert FINANCEBLOG in html
    with tenant_scope(ours.tenant):
        assert not Recall.objects.exists()


def test_a_recall_is_everywhere_or_not_and_says_whom_to_ask(ours: House):
    article = article_on(ours, TECHBLOG, FINANCEBLOG)
    limited = signed_in(ours.people["limited"], "studio")
    html, seen = ask(limited, article)
    assert "you may not place on Financeblog" in html
    assert "Acme&#x27;s owner" in html
    assert seen == {}
    assert limited.post(f"/acme/articles/{article.pk}/recall/", {"seen": "1"}).status_code == 200
    with tenant_scope(ours.tenant):
        assert set(article.placements.values_list("status", flat=True)) == {"published"}
        Recall.objects.create(tenant=ours.tenant, article=article, before=_all(article))
        recall(article=article)
        key = Recall.objects.get().pk
    assert limited.post(f"/acme/articles/{article.pk}/recall/{key}/undo/").status_code == 403
    assert "You cannot undo it: you may not place on Financeblog" in panel(limited, article)


def _all(article: Article) -> list[dict[str, Any]]:
    keys = article.placements.values_list("pk", "is_canonical")
    return [{"placement": pk, "status": "published", "is_canonical": canonical} for pk, canonical in keys]


# --- Corrections -----------------------------------------------------------------------------------------------------


def test_a_correction_is_published_once_reworded_and_removed(ours: House, editor: Client):
    article = article_on(ours, TECHBLOG)
    url = f"/acme/articles/{article.pk}/corrections/"
    for _ in range(2):
        assert editor.post(url, {"note": "It was\r\nTuesday."}).status_code == 302
    with tenant_scope(ours.tenant):
        correction = Correction.objects.get()
    assert correction.note == "It was\nTuesday."
    directory.expire()
    assert "Tuesday" in reader().get("/a-headline/").content.decode()
    one = f"{url}{correction.pk}/"
    html = editor.post(one, {"note": "It was Friday.", "seen": "Something else"}).content.decode()
    assert "Somebody changed this correction meanwhile" in html
    editor.post(one, {"note": "It was Friday.", "seen": "It was\r\nTuesday."})
    assert "It was Friday." in panel(editor, article)
    editor.post(one, {"do": "remove", "note": "It was Friday.", "seen": "It was Friday."})
    assert "It was Friday." not in panel(editor, article)


def test_who_may_not_place_on_all_of_its_sites_corrects_nothing(ours: House):
    article = article_on(ours, TECHBLOG, FINANCEBLOG)
    limited = signed_in(ours.people["limited"], "studio")
    url = f"/acme/articles/{article.pk}/corrections/"
    assert "you may not place on Financeblog" in limited.get(url).content.decode()
    assert limited.post(url, {"note": "It was Tuesday."}).status_code == 403
    with tenant_scope(ours.tenant):
        assert not Correction.objects.exists()


# --- Proposals -------------------------------------------------------------------------------------------------------


def test_an_author_proposes_and_withdraws(ours: House, article: Article):
    author = signed_in(ours.people["author"], "studio")
    assert "Propose…" in rows(panel(author, article))[TECHBLOG]
    url = f"{url_of(article, ours)}propose/"
    assert author.post(url, {"note": "Please", "go_live": "2150-01-01T08:00"}).status_code == 302
    assert "Proposed to Techblog: its editors decide." in said(author, article)
    assert "proposed" in rows(panel(author, article))[TECHBLOG]
    assert "already" in author.post(url, {"note": "Again"}).content.decode()
    with tenant_scope(ours.tenant):
        proposal = Proposal.objects.get()
    assert proposal.go_live == datetime(2150, 1, 1, 8, tzinfo=UTC)
    author.post(f"/acme/proposals/{proposal.pk}/withdraw/")
    assert "Propose…" in rows(panel(author, article))[TECHBLOG]


def test_a_limited_member_proposes_to_a_site_beyond_theirs(ours: House, article: Article):
    limited = signed_in(ours.people["limited"], "studio")
    assert "Propose…" in rows(panel(limited, article))[FINANCEBLOG]
    assert limited.post(f"{url_of(article, ours, FINANCEBLOG)}propose/", {"note": ""}).status_code == 302
    with tenant_scope(ours.tenant):
        assert Proposal.objects.get().site == ours.sites[FINANCEBLOG]


def test_nobody_withdraws_what_others_proposed_but_who_may_edit(ours: House, article: Article):
    with tenant_scope(ours.tenant):
        proposal = Proposal.objects.create(
            tenant=ours.tenant, article=article, site=ours.sites[TECHBLOG], proposed_by=ours.people["owner"]
        )
    url = f"/acme/proposals/{proposal.pk}/withdraw/"
    assert signed_in(ours.people["author"], "studio").post(url).status_code == 403
    assert signed_in(ours.people["editor"], "studio").post(url).status_code == 302


def test_words_that_look_like_markup_stay_words(ours: House, editor: Client):
    attack = "<script>alert(1)</script>"
    article = article_on(ours, title=attack)
    send(editor, article, ours, "publish", title=attack, summary=attack)
    editor.post(f"/acme/articles/{article.pk}/corrections/", {"note": attack})
    for path in ("placements/", f"placements/{ours.sites[TECHBLOG].pk}/", "recall/", "corrections/"):
        html = editor.get(f"/acme/articles/{article.pk}/{path}").content.decode()
        assert "<script>alert" not in html, path
    assert timezone.now() >= (placement_of(article, ours.sites[TECHBLOG]).go_live or timezone.now())
    with tenant_scope(ours.tenant):
        assert Placement.objects.get().title == attack
