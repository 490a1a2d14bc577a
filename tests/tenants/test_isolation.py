"""Every URL of every surface × every role × one's own and somebody else's: one table says what each gets.

The URLs come from the URLconfs themselves, the admin's included. A URL without a row fails.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from publishing.auditing import Wanted, events, happened
from publishing.models import Article, Byline, Image, Redirect, Revision, Section, Topic
from publishing.previewing import make
from tenants.models import Membership, User
from tenants.scope import across_tenants, tenant_scope
from tests.studio.rows import ROWS
from tests.studio.rows.row import ROLES
from tests.tenants.world import MISSING, ROUTES, Route, Things, World, named, same

pytestmark = pytest.mark.django_db

# --- The table: what a GET of one of Acme's objects is answered -------------------------------------------------------


# Each area of the studio keeps its rows in tests/studio/rows/<area>.py.
STUDIO = {name: one.get for name, one in ROWS.items()}


def staff_only(status: int) -> dict[str, int]:
    """Everybody else is sent to the sign-in, whatever is there or not."""
    return dict.fromkeys(ROLES, 302) | {"staff": status}


EDITED = [
    "sites_site", "tenants_tenant", "tenants_user", "tenants_membership", "publishing_article", "publishing_topic",
    "publishing_byline", "publishing_redirect", "publishing_section",
]  # fmt: skip
# What comes and goes with something else, and is only changed here.
CHANGED = ["publishing_image", "sites_core_brand"]
READ_ONLY = [
    *CHANGED, "publishing_revision", "events_event", "sites_core_hostname", "domains_claim", "domains_tombstone",
    "domains_order", "domains_certificate",
]  # fmt: skip


def _address(model: str) -> str:
    app, _, name = model.rpartition("_")
    return f"{app}/{name}"


OPS = {
    "ops:index": staff_only(200),
    "ops:login": dict.fromkeys(ROLES, 200) | {"staff": 302},
    "ops:logout": staff_only(405),
    "ops:password_change": staff_only(200),
    "ops:password_change_done": staff_only(200),
    "ops:autocomplete": staff_only(403),
    "ops:jsi18n": staff_only(200),
    "ops:view_on_site": staff_only(404),
    "ops:app_list": staff_only(200),
    "ops:auth_user_password_change": staff_only(200),
    "ops:publishing_image_picture": staff_only(404),
    "ops:(?P<url>.*)$": staff_only(404),
    **{f"ops:{model}_{page}": staff_only(200) for model in EDITED + READ_ONLY for page in ("changelist", "history")},
    **{f"ops:{model}_change": staff_only(200) for model in EDITED + READ_ONLY},
    **{f"ops:{model}_{page}": staff_only(200) for model in EDITED for page in ("add", "delete")},
    **{f"ops:{model}_{page}": staff_only(403) for model in READ_ONLY for page in ("add", "delete")},
    # The admin's old address of a row, which leads to its page.
    **{f"ops:{_address(model)}/<path:object_id>/": staff_only(302) for model in EDITED + READ_ONLY},
}

INTERNAL = {
    "healthz": dict.fromkeys(ROLES, 200),
    "readyz": dict.fromkeys(ROLES, 200),
    # Where no EDGE_TOKEN is set.
    "edge": dict.fromkeys(ROLES, 404),
}

# A reader has no session: whoever asks gets the same, so there is one row for all of the reader's URLs.
TABLE = {"studio": STUDIO, "ops": OPS, "internal": INTERNAL}


# --- What is so ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("surface", TABLE)
def test_every_url_has_a_row_and_every_row_a_url(surface: str):
    assert {route.name for route in ROUTES[surface]} == set(TABLE[surface])


def test_the_walk_finds_urls_on_every_surface():
    assert all(ROUTES.values())
    assert len(ROUTES["ops"]) > 60


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("surface", TABLE)
def test_ones_own_is_answered_as_the_table_says(world: World, surface: str, role: str):
    client = world.client(role, surface)
    answered, said = {}, {}
    for route in ROUTES[surface]:
        ours = world.acme.in_ops(route) if surface == "ops" else world.acme.in_studio()
        answered[route.name] = client.get(route.path(ours)).status_code
        said[route.name] = TABLE[surface][route.name][role]
        if route.name.endswith("logout"):
            client = world.client(role, surface)
    assert answered == said


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("role", ["anonymous", "owner", "editor", "author", "viewer", "limited", "staff"])
def test_somebody_elses_is_answered_like_what_does_not_exist(world: World, role: str, method: str):
    theirs, ours = world.bolt.in_studio(), world.acme.in_studio()
    refused = {302} if role == "anonymous" else {404} if method == "get" else {404, 405, 403}
    before = _census()
    told_apart, answered = [], []
    ask = getattr(world.client(role, "studio"), method)
    for route in ROUTES["studio"]:
        for foreign, missing in _pairs(route, theirs, ours):
            paths = route.path(foreign), route.path(missing)
            one, other = (ask(path) for path in paths)
            by_role = getattr(ROWS[route.name], "get" if method == "get" else "post")[role]
            if one.status_code not in refused and not (one.status_code in {403, 405} and by_role == one.status_code):
                answered.append((paths[0], one.status_code))
            if not same(one, other, *paths):
                told_apart.append(paths)
    assert answered == []
    assert told_apart == []
    assert _census() == before


def _pairs(
    route: Route, theirs: dict[str, Any], ours: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Arguments of a route that name somebody else's thing, and such that name nothing: their tenant; then, beneath our
    own tenant's address, each of their objects."""
    row = ROWS[route.name]
    nobodys = {name: "nobody" if name == "tenant" else row.missing(value) for name, value in ours.items()}
    if "tenant" in route.arguments:
        yield theirs, nobodys
    elif not row.is_owned:
        return
    for name in route.arguments - {"tenant"}:
        yield ours | {name: theirs[name]}, ours | {name: nobodys[name]}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "staff"])
def test_in_ops_whoever_is_not_staff_cannot_tell_what_is_there(world: World, role: str):
    client = world.client(role, "ops")
    for route in ROUTES["ops"]:
        if not route.arguments or route.name == "ops:app_list":
            continue
        there = world.bolt.in_ops(route)
        missing = there | {
            "id": MISSING,
            "object_id": MISSING,
            "url": f"nothing/{MISSING}/",
            "content_type_id": MISSING,
        }
        paths = route.path(there), route.path(missing)
        for method in (client.get, client.post):
            one, other = method(paths[0]), method(paths[1])
            assert one.status_code == 302
            assert one["Location"].startswith("/login/?next=")
            assert same(one, other, *paths), paths


@pytest.mark.parametrize("role", [role for role in ROLES if role != "staff"])
def test_in_ops_whoever_is_not_staff_changes_nothing(world: World, role: str):
    client = world.client(role, "ops")
    before = _census()
    for model in EDITED + READ_ONLY:
        row = world.acme.rows[model].pk
        for path in (f"{row}/delete/", f"{row}/change/", "add/"):
            client.post(f"/{_address(model)}/{path}", {"post": "yes", "name": "x", "slug": "x"})
    assert _census() == before


# What is the tenant's as a whole, whichever of its sites show it.
TENANT_WIDE = {
    "tenant", "article_id", "image_id", "picture_file", "topic_id", "byline_id", "review_id", "comment_id",
    "revision_id", "recall_id", "correction_id",
}  # fmt: skip
# Deeds that are asked of another site's editors, or touch no site: who works on one of them may do these anywhere.
OF_ANY_SITE = {
    "article-propose", "article-preview-share", "review-answer", "review-withdraw", "comment-new", "comment-answer",
    "comment-edit", "comment-delete", "comment-resolve",
    # On one's own sites; and pages that say who may recall it where one may not.
    "article-placements-chosen", "article-recall", "article-recall-undo",
}  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_the_tenants_other_sites_have_is_not_there_for_a_limited_editor(
    world: World, elsewhere: Things, method: str
):
    theirs, ours = elsewhere.in_studio(), world.acme.in_studio()
    client = world.client("limited", "studio")
    answered = set()
    before = _happened_to(elsewhere)
    for route in ROUTES["studio"]:
        one, of_a_site = ROWS[route.name], route.arguments - TENANT_WIDE
        if not one.is_of_tenant or not (of_a_site or ("article_id" in route.arguments and method == "post")):
            continue
        for arguments in (theirs, *(ours | {name: theirs[name]} for name in of_a_site)):
            with transaction.atomic():
                answer = getattr(client, method)(route.path(arguments), one.sent if method == "post" else {})
                if answer.status_code not in {404, 403, 405}:
                    answered.add(route.name)
                # Who ends a review says how far the article is, and changes nothing on a site.
                now, of_stage = _happened_to(elsewhere), route.name in {"review-answer", "review-withdraw"}
                assert (now[0] if of_stage else now) == (before[0] if of_stage else before), route.name
                transaction.set_rollback(True)
    assert answered <= OF_ANY_SITE


def _happened_to(things: Things) -> tuple[Any, ...]:
    """To the things' site, and to their article."""
    tenant, site, article = things.house.tenant, things.rows["sites_site"], things.rows["publishing_article"]
    with tenant_scope(tenant):
        on_site = happened(tenant=tenant, wanted=Wanted(site_id=site.pk), limit=1_000)
        return on_site, list(events("Article").filter(id=article.pk).values_list("pk", flat=True))


def _census() -> list[int]:
    with across_tenants("everything is counted"):
        models = (Article, Topic, Byline, Section, Image, Redirect, Revision, Membership, User)
        return [model.objects.count() for model in models]


@pytest.mark.parametrize("role", ROLES)
def test_what_is_sent_to_ones_own_is_answered_as_the_table_says(world: World, role: str):
    answered, said = {}, {}
    for route in ROUTES["studio"]:
        one = ROWS[route.name]
        client = world.client(role, "studio")
        with transaction.atomic():
            answer = client.post(route.path(world.acme.in_studio()), one.sent)
            answered[route.name] = answer.status_code
            if answer.streaming:
                list(answer)  # to its end, at which what it streams is closed
            transaction.set_rollback(True)
        said[route.name] = one.post[role]
    assert answered == said


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_page_of_the_studio_knows_other_methods(world: World, role: str, method: str):
    for route in ROUTES["studio"]:
        if "tenant" in route.arguments:
            client = world.client(role, "studio")
            answer = getattr(client, method)(route.path(world.acme.in_studio()))
            assert answer.status_code in ({302} if role == "anonymous" else {405, 404, 403}), route.name


def test_every_view_of_a_tenant_declares_the_power_that_it_needs():
    unguarded = {route.name for route in ROUTES["studio"] if not hasattr(route.pattern.callback, "power")}
    assert unguarded == {name for name, one in ROWS.items() if not one.is_of_tenant}
    assert all(("tenant" in route.arguments) == ROWS[route.name].is_of_tenant for route in ROUTES["studio"])


# --- Readers ---------------------------------------------------------------------------------------------------------


def reader_path(route: Route, slug: str) -> str:
    """Of the thing of that slug, whatever the route shows. A new argument of a route needs a value here."""
    now = timezone.now()
    values = {
        "slug": slug, "year": str(now.year), "month": f"{now.month:02}", "name": f"{'0' * 32}-480.webp", "size": "192",
    }  # fmt: skip
    return route.path(values)


@pytest.mark.parametrize("route", named("reader"))
def test_a_reader_gets_the_same_whoever_is_signed_in_and_never_a_cookie(world: World, route: Route):
    path = reader_path(route, "acmes-own")
    answers = {role: world.client(role, "reader").get(path) for role in ROLES}
    for role, answer in answers.items():
        assert not answer.cookies, role
        assert "Set-Cookie" not in answer.headers, role
        assert "Cookie" not in answer.get("Vary", ""), role
        assert same(answer, answers["anonymous"]), role
        assert answer.status_code < 500


@pytest.mark.parametrize("route", named("reader"))
def test_on_one_site_nothing_of_another_tenants_is_there(world: World, route: Route):
    client = world.client("anonymous", "reader")
    if "slug" not in route.arguments:
        assert b"bolts-own" not in client.get(reader_path(route, "acmes-own")).content
        return
    assert client.get(reader_path(route, "acmes-own")).status_code == 200
    paths = reader_path(route, "bolts-own"), reader_path(route, "nobodys-own")
    one, other = (client.get(path) for path in paths)
    assert one.status_code == 404
    assert same(one, other, *paths)


# --- Previews --------------------------------------------------------------------------------------------------------


def preview_of(things: Things, **asked: Any) -> tuple[str, str]:
    """The host of a preview of the thing's article, and its token."""
    site = things.rows["sites_site"]
    with tenant_scope(things.house.tenant):
        owner = things.house.people["owner"]
        url = make(tenant=things.house.tenant, site=site, by=owner, article=things.rows["publishing_article"], **asked)
    host, token, _ = url.removeprefix("http://").split("/")
    return host, token


def preview_path(route: Route, token: str) -> str:
    return route.path({"token": token, "scheme": "dark", "name": f"{'0' * 32}-480.webp", "size": "192"})


@pytest.mark.parametrize("route", named("preview"))
def test_a_preview_is_the_same_whoever_is_signed_in_and_sets_no_cookie(world: World, route: Route):
    host, token = preview_of(world.acme, words={"title": "Unsaved"})
    answers = {}
    for role in ROLES:
        client = world.client(role, "reader")
        client.defaults["HTTP_HOST"] = host
        answers[role] = client.get(preview_path(route, token))
    for role, answer in answers.items():
        assert "Set-Cookie" not in answer.headers, role
        assert not answer.cookies, role
        assert same(answer, answers["anonymous"]), role
        assert answer.status_code < 500


@pytest.mark.parametrize("asked", [{}, {"words": {"title": "Unsaved"}}, {"shared": True}])
@pytest.mark.parametrize("route", [route for route in named("preview") if "token" in route.values[0].arguments])
def test_on_one_sites_host_another_tenants_preview_is_missing(world: World, route: Route, asked: dict[str, Any]):
    ours, token = preview_of(world.acme, **asked)
    theirs, others = preview_of(world.bolt, **asked)
    client = Client(headers={"host": ours})
    nobodys = f"1-1.{'x' * 43}"
    assert client.get(preview_path(route, token)).status_code == 200
    one, other = (client.get(preview_path(route, which)) for which in (others, nobodys))
    assert one.status_code == 404
    assert same(one, other, others, nobodys)
    assert b"bolts-own" not in one.content
    assert ours != theirs
