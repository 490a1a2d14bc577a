"""Who did what on which site: nothing is left out, nothing is invented, nobody else's is told."""

import csv
import io
import re
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pghistory
import pytest
from django.contrib.sites.models import Site
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pghistory.models import Context

from publishing import auditing
from publishing.auditing import KINDS, Place, Wanted, happened, tracked
from publishing.models import (
    Article,
    Byline,
    Image,
    Placement,
    Preview,
    Proposal,
    Recall,
    Redirect,
    Revision,
    Section,
    Topic,
    TrustedSource,
)
from publishing.placing import move, place, recall, unpublish
from publishing.previewing import keep, revoke
from publishing.vocabulary import change_topic
from publishing.writing import correct, revise, write
from sites_core.models import Brand, Hostname, MenuItem
from studio.audit import sheets, views
from studio.audit.telling import TELLERS
from tenants.history import TAKEN_OUT
from tenants.models import Invitation, Membership, MembershipSite, Tenant, User
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, PASSWORD, TECHBLOG, House, article_on, bolt, placement_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(house: House) -> Client:
    return signed_in(house.people["owner"], "studio")


def page(browser: Client, **query: Any) -> str:
    answer = browser.get("/acme/history/", query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def told(html: str) -> list[str]:
    """The sentences of the list."""
    rows = re.findall(r'<p><strong class="who">(.*?)</p>', html)
    return [" ".join(re.sub(r"<[^>]+>", "", row).split()) for row in rows]


def everything(tenant: Tenant, wanted: Wanted = Wanted(), limit: int = 30) -> list[auditing.Happened]:  # noqa: B008
    found: list[auditing.Happened] = []
    after: Place | None = None
    with tenant_scope(tenant):
        while True:
            part = happened(tenant=tenant, wanted=wanted, after=after, limit=limit)
            found += part.events
            after = part.rest
            if after is None:
                return found
            assert len(found) < 2_000, "it goes round"


def by(user: User):
    """As the middleware does it for a request of theirs."""
    return pghistory.context(user=user.pk, url="/acme/")


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_every_model_that_leaves_events_is_a_kind_and_has_a_sentence():
    assert list(tracked()) == sorted(kind.name for kind in KINDS) == sorted(TELLERS)


def test_two_hundred_changes_are_all_there_whichever_way_they_were_made(house: House):
    before = len(everything(house.tenant))
    site = house.sites[TECHBLOG]
    with tenant_scope(house.tenant):
        Section.objects.bulk_create(
            [Section(tenant=house.tenant, site=site, slug=f"s{n}", name=f"S{n}") for n in range(50)]
        )
        Section.objects.filter(site=site).update(position=F("position") + 1)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE publishing_section SET name = name || '!' WHERE site_id = %s", [site.pk])
        for section in Section.objects.filter(site=site)[:10]:
            section.name = "Saved"
            section.save()
        Section.objects.bulk_update(
            [Section(pk=one.pk, slug=f"z{one.pk}") for one in Section.objects.all()[:10]], ["slug"]
        )
        Section.objects.filter(slug__startswith="s")[:1].get().delete()
        Section.objects.filter(slug__startswith="s").delete()
    sections = [event for event in everything(house.tenant) if event.kind == "Section"]
    assert len(sections) == len(everything(house.tenant)) - before == 50 + 50 + 50 + 10 + 10 + 40
    assert len({(event.place, event.row["id"]) for event in sections}) == len(sections)


def test_what_is_posted_in_the_studio_and_in_ops_names_who_did_it(house: House):
    article = article_on(house, title="Ice")
    with tenant_scope(house.tenant):
        revise(article=article, title="Snow")
        first = Revision.objects.get(article=article, number=1)
    editor = house.people["editor"]
    answer = signed_in(editor, "studio").post(f"/acme/articles/{article.pk}/history/{first.pk}/restore/")
    assert answer.status_code == 302
    latest = everything(house.tenant)[0]
    assert (latest.kind, latest.user_id, latest.row["title"]) == ("Article", editor.pk, "Ice")
    assert latest.url == f"/acme/articles/{article.pk}/history/{first.pk}/restore/"
    staff = User.objects.create_superuser("staff@platform.test", PASSWORD, name="Sam of the platform")
    answer = signed_in(staff, "ops").post(f"/publishing/article/{article.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    gone = next(one for one in everything(house.tenant) if one.kind == "Article")
    assert (gone.what, gone.user_id) == ("delete", staff.pk)
    html = page(signed_in(house.people["owner"], "studio"))
    assert "Sam of the platform deleted “Ice”" in told(html)
    assert "Acme&#x27;s editor renamed “Ice”" in told(html)


def test_looking_leaves_nothing_behind(house: House, owner: Client):
    article = article_on(house, TECHBLOG)
    before = len(everything(house.tenant)), Context.objects.count()
    for path in ("history/", "history/download/", f"articles/{article.pk}/history/", f"articles/{article.pk}/review/"):
        assert owner.get(f"/acme/{path}").status_code == 200
    assert (len(everything(house.tenant)), Context.objects.count()) == before


# --- How it is told ---------------------------------------------------------------------------------------------------


def test_placements_are_told_in_plain_sentences(house: House, owner: Client):
    Brand.objects.filter(site=house.sites[TECHBLOG]).update(time_zone="Europe/Berlin")
    editor = house.people["editor"]
    future = timezone.now().replace(year=timezone.now().year + 2, month=7, day=3, hour=7, minute=0)
    article = article_on(house, title="Ice")
    with tenant_scope(house.tenant), by(editor):
        placement = place(article=article, site=house.sites[TECHBLOG], go_live=future)
    with tenant_scope(house.tenant), by(editor):
        place(article=article, site=house.sites[TECHBLOG], go_live=future + timedelta(days=1))
        move(placement=placement, slug="snow")
        Placement.objects.filter(pk=placement.pk).update(expires_at=future + timedelta(days=9))
        Placement.objects.filter(pk=placement.pk).update(title="Own", pin=1)
        unpublish(placements=[placement])
        place(article=article, site=house.sites[FINANCEBLOG])
        recall(article=article)
        Placement.objects.filter(pk=placement.pk).delete()
    sentences = told(page(owner, kind="Placement"))
    who = "Acme&#x27;s editor"
    for sentence in (
        f"{who} scheduled “Ice” on Techblog for 3 July {future.year}, 09:00 CEST",
        f"{who} moved “Ice” on Techblog to 4 July {future.year}, 09:00 CEST",
        f"{who} moved “Ice” on Techblog to /snow/",
        f"{who} let “Ice” on Techblog end on 12 July {future.year}, 09:00 CEST",
        f"{who} changed the place on the front page, title of “Ice” on Techblog",
        f"{who} took “Ice” off Techblog",
        f"{who} placed “Ice” on Financeblog",
        f"{who} recalled “Ice” from Financeblog",
        f"{who} removed “Ice” from Techblog",
        f"{who} made “Ice” canonical on Techblog",
    ):
        assert sentence in sentences, "\n".join([sentence, "", *sentences])


def test_all_kinds_are_told(house: House, owner: Client):
    site, people = house.sites[TECHBLOG], house.people
    with tenant_scope(house.tenant), by(people["owner"]):
        article = write(tenant=house.tenant, by=people["author"], title="Ice", body="Words.")
        correct(article=article, note="It was Tuesday.")
        revise(article=article, title="Snow")
        Article.objects.filter(pk=article.pk).update(stage="review")
        Article.objects.filter(pk=article.pk).update(stage="approved")
        revise(article=article, body="Other words.")
        Section.objects.create(tenant=house.tenant, site=site, slug="news", name="News")
        Redirect.objects.create(tenant=house.tenant, site=site, path="/a/", target="/b/")
        Image.objects.create(tenant=house.tenant, digest="0" * 64, name="i.jpg", width=1, height=1, widths=[1])
        proposal = Proposal.objects.create(
            tenant=house.tenant, article=article, site=site, proposed_by=people["author"]
        )
        Proposal.objects.filter(pk=proposal.pk).update(state="accepted", decided_by=people["owner"])
        TrustedSource.objects.create(tenant=house.tenant, site=site, user=people["author"])
        Recall.objects.create(tenant=house.tenant, article=article, recalled_by=people["owner"])
        shared = keep(tenant=house.tenant, site=site, by=people["owner"], article=article, shared=True)
        until = shared.expires_at.astimezone(UTC)
        revoke(preview=shared)
        Recall.objects.update(undone_at=timezone.now(), undone_by=people["owner"])
        topic = Topic.objects.create(tenant=house.tenant, slug="ice", name="Ice")
        change_topic(topic=topic, name="Snow and ice", slug="ice")
        Topic.objects.all().delete()
        byline = Byline.objects.create(tenant=house.tenant, slug="jane", name="Jane")
        Byline.objects.filter(pk=byline.pk).update(bio="Writes.")
        Invitation.objects.create(
            tenant=house.tenant, email="new@acme.test", role="author", expires_at=timezone.now(), token_digest="x"
        )
        Membership.objects.filter(user=people["viewer"]).update(role="author")
        MembershipSite.objects.update(role="author")
        MembershipSite.objects.all().delete()
        Membership.objects.filter(user=people["viewer"]).delete()
        Brand.objects.filter(site=site).update(accent="#123456")
        MenuItem.objects.create(site=site, label="Topics", url="/topics/")
        Hostname.objects.create(site=site, name="www.techblog.test")
        Site.objects.filter(pk=site.pk).update(name="Technical")
        Site.objects.filter(pk=site.pk).update(name="Techblog")
        Tenant.objects.filter(pk=house.tenant.pk).update(name="Acme Media", needs_approval=True)
        pghistory.create_event(Tenant.objects.get(pk=house.tenant.pk), label=TAKEN_OUT)
    html = " ".join(page(owner, kind=kind.name) for kind in KINDS)
    sentences = told(html)
    for sentence in (
        "corrected “Snow” — It was Tuesday.", "began “Ice”", "renamed “Snow”", "asked for a review of “Snow”",
        "approved “Snow”", "changed “Snow” after it was approved", "added the section “News” to Techblog",
        "let /a/ on Techblog lead to /b/", "added the picture “i.jpg”", "proposed “Snow” to Techblog",
        "accepted “Snow” for Techblog", "let Techblog accept by itself what comes from Acme&#x27;s author",
        "recalled “Snow” everywhere", "undid the recall of “Snow”", "invited new@acme.test as author",
        "made Acme&#x27;s viewer author", "removed Acme&#x27;s viewer from the members",
        "let Acme&#x27;s limited work on Techblog as author", "took Techblog from Acme&#x27;s limited",
        "added the topic “Ice”", "renamed the topic “Ice” to “Snow and ice”", "removed the topic “Snow and ice”",
        "added the byline “Jane”", "changed the byline “Jane”",
        "changed the brand of Techblog", "added the menu item “Topics” to Techblog",
        "added the hostname www.techblog.test to Techblog", "changed the settings of Acme Media",
        f"shared a preview of “Snow” on Techblog until {until.day} {until:%B %Y, %H:%M} UTC",
        "took back the shared preview of “Snow” on Techblog", "renamed the site “Techblog” to “Technical”",
        "renamed the site “Technical” to “Techblog”", "took out everything of Acme Media",
    ):  # fmt: skip
        assert f"Acme&#x27;s owner {sentence}" in sentences, (sentence, sentences)
    assert '<span class="label">accent</span> <del>#1f4e79</del>' in html
    assert '<span class="label">needs approval</span> <del>no</del>' in html
    assert '<span class="label">title</span> <del>Ice</del>' in html


def test_a_preview_for_oneself_or_one_that_has_expired_is_not_told(house: House, owner: Client):
    site, by_owner = house.sites[TECHBLOG], house.people["owner"]
    with tenant_scope(house.tenant):
        keep(tenant=house.tenant, site=site, by=by_owner, look={"tagline": "Unsaved"}).delete()
        keep(tenant=house.tenant, site=site, by=by_owner, shared=True)
        Preview.objects.update(expires_at=timezone.now() - timedelta(hours=1))
        # Whoever makes another one sweeps away what nobody can open.
        keep(tenant=house.tenant, site=site, by=by_owner, look={"tagline": "Unsaved"})
        assert not Preview.objects.filter(shared=True).exists()
    assert [sentence.split(" until")[0] for sentence in told(page(owner, kind="Preview"))] == [
        "The platform shared a preview of the front page on Techblog"
    ]


def test_what_is_shared_taken_along_or_renamed_names_who_did_it(house: House, owner: Client, media_root: Path):
    article = article_on(house, TECHBLOG, title="Ice")
    path, site = f"/acme/articles/{article.pk}/preview/", house.sites[TECHBLOG]
    owner.post(f"{path}share/", {"site": site.pk, "lifetime": "day"})
    with tenant_scope(house.tenant):
        shared = Preview.objects.get()
    owner.post(f"{path}{shared.pk}/revoke/")
    list(owner.post("/acme/settings/takeout/"))
    form = owner.get(f"/acme/sites/{site.pk}/brand/").context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() is not None}
    owner.post(f"/acme/sites/{site.pk}/brand/", sent | {"name": "Technical"})
    sentences = told(page(owner, person=house.people["owner"].pk))
    # All of one moment here, which is the test's own transaction.
    assert {one.removeprefix("Acme&#x27;s owner ").split(" until")[0] for one in sentences} >= {
        "renamed the site “Techblog” to “Technical”",
        "took out everything of Acme",
        "took back the shared preview of “Ice” on Technical",
        "shared a preview of “Ice” on Technical",
    }
    assert "“Techblog” to “Technical”" in " ".join(told(page(owner, site=site.pk, kind="Site")))


def test_what_nobody_posted_was_done_by_the_platform(house: House, owner: Client):
    article_on(house, TECHBLOG, title="Ice")
    assert "The platform placed “Ice” on Techblog" in told(page(owner))


def test_names_of_what_is_gone_are_remembered(house: House, owner: Client):
    article = article_on(house, TECHBLOG, title="Ice")
    with tenant_scope(house.tenant):
        article.delete()
    html = page(owner)
    assert "The platform placed “Ice” on Techblog" in told(html)
    assert f"/acme/articles/{article.pk}/" not in html, "it cannot be opened any more"


def test_words_that_look_like_markup_stay_words(house: House, owner: Client):
    attack = "<script>alert(1)</script>"
    article = article_on(house, TECHBLOG, title=attack)
    with tenant_scope(house.tenant):
        revise(article=article, title=attack + "!")
        Section.objects.create(tenant=house.tenant, site=house.sites[TECHBLOG], slug="x", name=attack)
    assert "<script>alert" not in page(owner)


# --- Which part -------------------------------------------------------------------------------------------------------


def test_a_list_of_any_length_is_walked_without_gap_or_repeat(house: House, owner: Client, monkeypatch):
    for number in range(4):
        article_on(house, TECHBLOG, FINANCEBLOG, title=f"Article {number}")
    wanted = everything(house.tenant, limit=1_000)
    assert len(wanted) > 20
    for limit in (1, 3, 7):
        assert everything(house.tenant, limit=limit) == wanted
    monkeypatch.setattr(views, "PAGE", 5)
    seen: list[str] = []
    after: dict[str, Any] = {}
    for _ in range(len(wanted)):
        html = page(owner, **after)
        seen += told(html)
        link = re.search(r'href="\?after=([\d-]+)" rel="next"', html)
        if link is None:
            break
        after = {"after": link[1]}
    assert len(seen) == len(wanted)


def test_filters_by_person_site_kind_and_period(house: House, owner: Client):
    editor, author = house.people["editor"], house.people["author"]
    article = article_on(house, title="Ice")
    with tenant_scope(house.tenant):
        with by(editor):
            place(article=article, site=house.sites[TECHBLOG])
        with by(author):
            place(article=article, site=house.sites[FINANCEBLOG])
    techblog = house.sites[TECHBLOG].pk
    of_editor = told(page(owner, person=editor.pk))
    assert of_editor
    assert all(row.startswith("Acme&#x27;s editor ") for row in of_editor)
    assert told(page(owner, person=author.pk, site=techblog)) == []
    assert told(page(owner, person=author.pk, kind="Placement")) == ["Acme&#x27;s author placed “Ice” on Financeblog"]
    assert all("Techblog" in row or "Acme" in row for row in told(page(owner, site=techblog)))
    assert not any("Financeblog" in row for row in told(page(owner, site=techblog)))
    assert told(page(owner, kind="Correction")) == []
    today = timezone.now().date()
    assert told(page(owner, since=today, until=today)) == told(page(owner))
    assert told(page(owner, until=today - timedelta(days=1))) == []
    assert told(page(owner, since=today + timedelta(days=1))) == []


@pytest.mark.django_db(transaction=True)
def test_of_a_person_who_works_elsewhere_too_everything_is_found_however_far_back(house: House, monkeypatch):
    monkeypatch.setattr(auditing, "DEEDS", 2)
    monkeypatch.setattr(auditing, "DEEDS_OF_A_KIND", 2)
    other = bolt()
    both = house.people["editor"]
    for number in range(3):
        with tenant_scope(house.tenant), by(both):
            write(tenant=house.tenant, title=f"Acme {number}", body="x")
        for _ in range(5):
            with tenant_scope(other.tenant), by(both):
                write(tenant=other.tenant, title="Bolt", body="x")
    for kinds in ((), ("Article",)):
        found = everything(house.tenant, Wanted(user_id=both.pk, kinds=kinds))
        assert [event.row["title"] for event in found] == ["Acme 2", "Acme 1", "Acme 0"]


def test_nothing_of_another_tenant_is_told(house: House, owner: Client):
    other = bolt()
    article_on(other, LANTERN, title="Bolt's secret")
    Brand.objects.filter(site=other.sites[LANTERN]).update(tagline="secret")
    Tenant.objects.filter(pk=other.tenant.pk).update(name="Bolt secret")
    sheet = owner.get("/acme/history/download/").getvalue().decode()
    assert "secret" not in page(owner)
    assert "Lantern" not in page(owner)
    assert "secret" not in sheet


@pytest.mark.parametrize("after", ["x", "1", "1-1", "1-1-", "1-1-1-1", "１-1-1", "1-999-1", "1-1-" + "9" * 10])
def test_a_position_that_is_none_is_a_page_that_does_not_exist(owner: Client, after: str):
    assert owner.get("/acme/history/", {"after": after}).status_code == 404


@pytest.mark.parametrize(
    "query", [{"since": "yesterday"}, {"since": "2026-02-02", "until": "2026-01-01"}, {"kind": "x"}]
)
def test_a_choice_that_cannot_be_is_said(owner: Client, query: dict[str, Any]):
    html = page(owner, **query)
    assert "errorlist" in html
    assert "Nothing can be shown for this choice." in html


# --- The table to take away -------------------------------------------------------------------------------------------


def rows_of(browser: Client, **query: Any) -> list[list[str]]:
    answer = browser.get("/acme/history/download/", query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff"))))


def test_the_same_can_be_taken_away_as_a_table(house: House, owner: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "PART", 3)
    with by(house.people["editor"]):
        article = article_on(house, TECHBLOG, title="Ice")
    with tenant_scope(house.tenant):
        move(placement=placement_of(article, house.sites[TECHBLOG]), slug="snow")
    heading, *rows = rows_of(owner)
    assert heading[0] == "time (UTC)"
    assert len(rows) == len(everything(house.tenant))
    newest = rows_of(owner, kind="Placement")[1]
    assert newest[2:6] == [
        "Acme's editor moved “Ice” on Techblog to /snow/",
        "Techblog",
        "Placements",
        "slug: ice → snow",
    ]
    only = rows_of(owner, kind="Placement", person=house.people["editor"].pk)[1:]
    assert "Acme's editor placed “Ice” on Techblog" in [row[2] for row in only]
    assert {row[4] for row in only} == {"Placements"}


def test_a_table_that_is_too_long_says_so(house: House, owner: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "MOST", 4)
    monkeypatch.setattr(sheets, "PART", 3)
    article_on(house, TECHBLOG)
    *rows, last = rows_of(owner)[1:]
    assert len(rows) == 4
    assert "Choose a period" in last[0]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(house: House, owner: Client, name: str):
    """Who is first in a row is called so."""
    person = house.people["editor"]
    User.objects.filter(pk=person.pk).update(name=name)
    with by(person):
        article_on(house, TECHBLOG, title="Ice")
    for row in rows_of(owner):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), row


# --- What it costs, and what is left of it ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries_for_one_and_for_three(house: House, owner: Client, count: int):
    for number in range(count):
        with by(house.people["editor"]):
            article = article_on(house, TECHBLOG, title=f"Article {number}")
        with tenant_scope(house.tenant):
            section = Section.objects.create(
                tenant=house.tenant, site=house.sites[TECHBLOG], slug=f"s{number}", name="S"
            )
            article.placements.update(section=section)
            article_on(house, TECHBLOG, title="Gone").delete()
            MembershipSite.objects.update(role="author" if number % 2 else "")
    page(owner)
    with CaptureQueriesContext(connection) as queries:
        page(owner)
    assert len(queries) == 12


def test_every_branch_of_the_statement_is_a_range_of_an_index(house: House):
    """With the planner kept from reading small tables whole."""
    article_on(house, TECHBLOG, title="Ice")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    with tenant_scope(house.tenant), CaptureQueriesContext(connection) as queries:
        happened(tenant=house.tenant, wanted=Wanted(), after=Place(timezone.now(), 3, 5))
    statement = next(one["sql"] for one in queries if "UNION ALL" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    for kind in KINDS:
        if kind.owner == "tenant_id":
            assert re.search(rf"Index (Only )?Scan using {kind.name.lower()}event_tenant", plan), kind
