"""Home: what waits, what comes, what changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.models import Article, Comment, Draft, Proposal, Review
from publishing.placing import place
from publishing.writing import revise, write
from tenants.models import User
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt, signed_in

pytestmark = pytest.mark.django_db


def home(house: House, role: str = "editor") -> str:
    answer = signed_in(house.people[role], "studio").get("/acme/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def written(house: House, by: User | None, title: str, **fields: Any) -> Article:
    return write(tenant=house.tenant, by=by, title=title, **fields)


def test_a_new_tenant_is_told_where_to_begin(house: House):
    assert "First steps" in home(house, "owner")
    assert "Invite others" in home(house, "owner")
    assert "Invite others" not in home(house, "editor")
    assert "/acme/articles/new/" not in home(house, "viewer")
    article_on(house, title="The first")
    assert "First steps" not in home(house, "owner")


def test_what_comes_next_is_told_by_each_sites_own_clock(house: House):
    brand = house.sites[FINANCEBLOG].brand
    brand.time_zone = "Asia/Tokyo"
    brand.save()
    article_on(house, FINANCEBLOG, title="Later", ago=timedelta(days=-9))
    article_on(house, TECHBLOG, title="Soon", ago=timedelta(days=-2))
    article_on(house, TECHBLOG, title="Already there")
    coming = home(house).partition("Scheduled next")[2].partition("Changed lately")[0]
    assert coming.index("Soon") < coming.index("Later")
    assert "(Asia/Tokyo)" in coming
    assert "Already there" not in coming


def test_reviews_wait_for_who_is_asked_and_for_whoever_may_answer(house: House):
    people = house.people
    with tenant_scope(house.tenant):
        for title, asked_of in (
            ("Of anybody", None),
            ("Of the owner", people["owner"]),
            ("Of the author", people["author"]),
        ):
            article = written(house, people["author"], title)
            Review.objects.create(
                tenant=house.tenant,
                article=article,
                revision=1,
                asked_by=people["limited"],
                asked_of=asked_of,
                note="Look?",
            )
        mine = written(house, people["owner"], "Asked by the owner")
        Review.objects.create(tenant=house.tenant, article=mine, revision=1, asked_by=people["owner"])
    waits = {role: home(house, role).partition("Scheduled next")[0] for role in ("owner", "editor", "author", "viewer")}
    told = {
        role: [
            title for title in ("Of anybody", "Of the owner", "Of the author", "Asked by the owner") if title in html
        ]
        for role, html in waits.items()
    }
    assert told == {
        "owner": ["Of anybody", "Of the owner"], "editor": ["Of anybody", "Asked by the owner"],
        "author": ["Of the author"], "viewer": [],
    }  # fmt: skip
    assert "Look?" in waits["owner"]


def test_changes_that_are_wanted_wait_until_they_are_made(house: House):
    author = house.people["author"]
    with tenant_scope(house.tenant):
        for title, stage in (("Not yet", "draft"), ("Since approved", "approved")):
            Review.objects.create(
                tenant=house.tenant, article=written(house, author, title, stage=stage), revision=1, asked_by=author,
                state="changes", answer="Shorter, please", answered_by=house.people["editor"],
                answered_at=timezone.now(),
            )  # fmt: skip
    waits = home(house, "author").partition("Scheduled next")[0]
    assert "Not yet" in waits
    assert "Shorter, please" in waits
    assert "Since approved" not in waits


def test_proposals_wait_where_one_may_place(house: House):
    with tenant_scope(house.tenant):
        for domain in (TECHBLOG, FINANCEBLOG):
            article = written(house, None, f"For {domain}")
            Proposal.objects.create(tenant=house.tenant, article=article, site=house.sites[domain])
    for role, told in {"editor": (True, True), "limited": (True, False), "author": (False, False)}.items():
        waits = home(house, role).partition("Scheduled next")[0]
        assert (f"For {TECHBLOG}" in waits, f"For {FINANCEBLOG}" in waits) == told, role


def test_remarks_on_ones_articles_and_ones_unsaved_words_wait(house: House):
    author, editor = house.people["author"], house.people["editor"]
    with tenant_scope(house.tenant):
        mine, other = written(house, author, "Mine"), written(house, editor, "Theirs")
        for article, by, text, resolved in (
            (mine, editor, "Is that so?", None), (mine, author, "A note to myself", None),
            (mine, editor, "Done with", timezone.now()), (other, editor, "Elsewhere", None),
        ):  # fmt: skip
            Comment.objects.create(tenant=house.tenant, article=article, user=by, text=text, resolved_at=resolved)
        for user, words in ((author, {"title": "x"}), (editor, None)):
            Draft.objects.create(
                tenant=house.tenant, article=mine, user=user, base=1, words=words, saved_at=timezone.now()
            )
    waits = home(house, "author").partition("Scheduled next")[0]
    assert "Is that so?" in waits
    assert "Unsaved words" in waits
    for absent in ("A note to myself", "Done with", "Elsewhere"):
        assert absent not in waits
    assert "Unsaved words" not in home(house, "editor").partition("Scheduled next")[0]


def test_what_changed_says_who_did_what_and_on_the_sites_in_view_alone(house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG, title="Told")
    with tenant_scope(house.tenant):
        revise(article=article, by=house.people["editor"], summary="New")
    lately = home(house).partition("Changed lately")[2]
    assert "Acme&#x27;s editor" in lately
    assert "live on Techblog" in lately
    assert "live on Financeblog" in lately
    assert "Financeblog" not in home(house, "limited")


def test_a_deed_in_the_studio_is_told_with_who_did_it(house: House):
    article = article_on(house, TECHBLOG, title="Moved about", ago=timedelta(days=-5))
    with tenant_scope(house.tenant):
        placement = article.placements.get()
    day = (timezone.now() + timedelta(days=8)).date()
    signed_in(house.people["limited"], "studio").post(
        f"/acme/calendar/{placement.pk}/move/", {"day": day, "zone": "UTC"}
    )
    lately = home(house).partition("Changed lately")[2]
    assert "scheduled on Techblog" in lately
    assert "Acme&#x27;s limited" in lately


def test_nothing_of_another_tenant_is_there(house: House):
    other = bolt()
    secret = article_on(other, LANTERN, title="Bolt's secret", ago=timedelta(days=-1))
    with tenant_scope(other.tenant):
        Proposal.objects.create(tenant=other.tenant, article=secret, site=other.sites[LANTERN])
        Review.objects.create(tenant=other.tenant, article=secret, revision=1)
    assert "secret" not in home(house, "owner")


def test_words_that_look_like_markup_stay_words(house: House):
    attack = "<script>alert(1)</script>"
    with tenant_scope(house.tenant):
        article = written(house, house.people["editor"], attack)
        place(article=article, site=house.sites[TECHBLOG], go_live=timezone.now() + timedelta(days=1))
        Comment.objects.create(tenant=house.tenant, article=article, text=attack)
        Review.objects.create(tenant=house.tenant, article=article, revision=1, note=attack)
    assert attack not in home(house)


def test_home_costs_the_same_for_one_of_each_and_for_three(house: House):
    editor: Client = signed_in(house.people["editor"], "studio")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get("/acme/").status_code == 200
        return len(queries)

    def one_more(number: int) -> None:
        with tenant_scope(house.tenant):
            article = written(house, house.people["editor"], f"No. {number}")
            place(article=article, site=house.sites[TECHBLOG], go_live=timezone.now() + timedelta(days=number + 1))
            Comment.objects.create(tenant=house.tenant, article=article, text="?")
            Review.objects.create(tenant=house.tenant, article=article, revision=1)
            Proposal.objects.create(tenant=house.tenant, article=article, site=house.sites[FINANCEBLOG])
            Draft.objects.create(tenant=house.tenant, article=article, user=house.people["editor"], base=1, words={})

    one_more(0)
    editor.get("/acme/")
    one = cost()
    for number in (1, 2):
        one_more(number)
    assert one == cost()
    assert one <= 12
