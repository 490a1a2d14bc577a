"""The Django admin as the ops front: what staff can do there, and what is refused with a sentence."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sites.models import Site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from domains.models import Certificate, Claim, Order, Tombstone
from operations.admin.front import ops
from publishing.models import (
    Article,
    ArticleByline,
    ArticleTopic,
    Byline,
    Image,
    Placement,
    Redirect,
    Revision,
    Section,
    Topic,
)
from publishing.redirects import redirect
from publishing.writing import revise, write
from sites_core.models import Hostname, SiteState
from tenants.models import Membership, MembershipSite, Ownership, Tenant, User
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, PASSWORD, TECHBLOG, House, acme, article_on, bolt, placement_of
from tests.operations.browsing import as_staff, errors, submitted, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return as_staff(is_superuser=True)


@pytest.fixture
def house() -> House:
    return acme()


# --- Sites -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" NewBlog.Example. ", "newblog.example"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("a.b.example", "a.b.example"),
    ],
)
def test_a_site_is_added_in_any_spelling_and_leads_to_its_page(staff: Client, typed: str, kept: str):
    answer = staff.post(url("sites_site_add"), {"domain": typed, "name": "New"})
    site = Site.objects.get(domain=kept)
    assert answer["Location"] == url("sites_site_change", site.pk)
    assert [one.name for one in site.hostnames.all()] == [kept]
    assert staff.get(answer["Location"]).status_code == 200


def test_the_page_to_add_a_site_asks_for_nothing_that_the_database_makes(staff: Client):
    assert staff.get(url("sites_site_add")).context["inline_admin_formsets"] == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (TECHBLOG, "already belongs to a site"),
        ("TECHBLOG.test", "already belongs to a site"),
        ("alias.test", "already belongs to a site"),
        ("platform.test", "platform"),
        ("studio.PLATFORM.test", "platform"),
        ("not a name", "is not a hostname"),
        ("http://x.example/", "is not a hostname"),
        ("127.0.0.1", "is not a hostname"),
        ("ſhop.test", "not a valid internationalised hostname"),
        ("a" * 60 + "." + "b" * 60, "at most 100 characters"),
    ],
)
def test_a_name_that_no_site_can_have_is_an_error_of_the_form(staff: Client, house: House, typed: str, sentence: str):
    Hostname.objects.create(site=house.sites[TECHBLOG], name="alias.test")
    other = house.sites[FINANCEBLOG]
    assert sentence in errors(staff.post(url("sites_site_add"), {"domain": typed, "name": "New"}))
    if len(typed) < 64:
        change = url("sites_site_change", other.pk)
        changes = {"hostnames-1-name": typed, "hostnames-1-site": other.pk, "hostnames-TOTAL_FORMS": 2}
        assert sentence in errors(submitted(staff, change, **{"hostnames-1-state": "live"}, **changes))
    assert Site.objects.count() == 2


def test_renaming_a_site_keeps_its_old_name_and_promotes_its_alias(staff: Client, house: House):
    site = house.sites[TECHBLOG]
    Hostname.objects.create(site=site, name="alias.test")
    change = url("sites_site_change", site.pk)
    for domain in ("renamed.test", "ALIAS.test"):
        assert submitted(staff, change, domain=domain).status_code == 302
    site.refresh_from_db()
    assert site.domain == "alias.test"
    assert {one.name for one in site.hostnames.all()} == {TECHBLOG, "renamed.test", "alias.test"}


def test_hostnames_come_and_go_on_the_sites_page_but_the_primary_one_stays(staff: Client, house: House):
    site = house.sites[TECHBLOG]
    change = url("sites_site_change", site.pk)
    more = {"hostnames-TOTAL_FORMS": 2, "hostnames-1-site": site.pk, "hostnames-1-name": "Müller.test"}
    # Its state is nobody's to choose.
    assert submitted(staff, change, **more, **{"hostnames-1-state": "quarantined"}).status_code == 302
    assert Hostname.objects.exclude(name=TECHBLOG).get(site=site, state="verified").name == "xn--mller-kva.test"
    assert submitted(staff, change, **{"hostnames-1-DELETE": "on"}).status_code == 302
    refused = submitted(staff, change, **{"hostnames-0-DELETE": "on"})
    assert "cannot be deleted" in str(refused.context["inline_admin_formsets"][0].formset.non_form_errors())
    assert [one.name for one in site.hostnames.all()] == [TECHBLOG]


def test_an_existing_hostname_is_not_turned_into_another(staff: Client, house: House):
    site = house.sites[TECHBLOG]
    assert submitted(staff, url("sites_site_change", site.pk), **{"hostnames-0-name": "other.test"}).status_code == 302
    assert [one.name for one in site.hostnames.all()] == [TECHBLOG]


def test_retiring_a_site_and_renaming_it_at_once_lets_its_generation_grow(staff: Client, house: House):
    site = house.sites[TECHBLOG]
    before = SiteState.objects.get(site=site).generation
    changes = {"state-0-retired_at_0": "2026-01-01", "state-0-retired_at_1": "12:00:00", "domain": "renamed.test"}
    assert submitted(staff, url("sites_site_change", site.pk), **changes).status_code == 302
    site = Site.objects.select_related("state").get(pk=site.pk)
    assert site.state.retired_at is not None
    assert site.domain == "renamed.test"
    assert site.state.generation > before


def test_a_site_and_the_list_of_sites_lead_to_its_brand(staff: Client, house: House):
    site = house.sites[TECHBLOG]
    link = f'href="{url("sites_core_brand_change", site.pk)}"'
    for path in (url("sites_site_changelist"), url("sites_site_change", site.pk)):
        assert link in staff.get(path).content.decode()


def test_a_new_site_is_given_to_a_tenant_on_its_page(staff: Client, house: House):
    site = Site.objects.create(domain="new.test", name="New")
    change = url("sites_site_change", site.pk)
    assert submitted(staff, change, **{"ownership-0-tenant": house.tenant.pk}).status_code == 302
    assert Ownership.objects.get(site=site).tenant == house.tenant


@pytest.mark.django_db(transaction=True)
def test_a_site_with_content_keeps_its_tenant_and_the_page_says_so(staff: Client):
    house, other = acme(), bolt()
    article_on(house, TECHBLOG)
    site = house.sites[TECHBLOG]
    change = url("sites_site_change", site.pk)
    answer = submitted(staff, change, **{"ownership-0-tenant": other.tenant.pk})
    assert answer["Location"] == change
    said = staff.get(change).content.decode()
    assert "The database refused it" in said
    assert "successfully" not in said
    assert Ownership.objects.get(site=site).tenant == house.tenant


@pytest.mark.django_db(transaction=True)
def test_who_is_a_moment_late_with_a_name_reads_a_sentence(staff: Client, monkeypatch: pytest.MonkeyPatch):
    acme()
    monkeypatch.setattr("operations.admin.sites.free_hostname", lambda text, **_: text)
    monkeypatch.setattr(Site, "validate_unique", lambda *_, **__: None)
    answer = staff.post(url("sites_site_add"), {"domain": TECHBLOG, "name": "Late"}, follow=True)
    assert answer.status_code == 200
    assert "The database refused it" in answer.content.decode()
    assert not Site.objects.filter(name="Late").exists()


@pytest.mark.django_db(transaction=True)
def test_a_site_can_be_deleted_with_all_that_hangs_on_it(staff: Client):
    house = acme()
    article_on(house, TECHBLOG, FINANCEBLOG)
    site = house.sites[TECHBLOG]
    assert staff.post(url("sites_site_delete", site.pk), {"post": "yes"}).status_code == 302
    with across_tenants("what is left of the site"):
        assert not Hostname.objects.filter(name=TECHBLOG).exists()
        assert [one.site for one in Placement.objects.select_related("site")] == [house.sites[FINANCEBLOG]]


# --- Articles --------------------------------------------------------------------------------------------------------


def test_an_article_added_here_is_rendered_kept_as_a_revision_and_then_placed(staff: Client, house: House):
    fields = {"tenant": house.tenant.pk, "kind": "article", "title": "New", "body": "*Hi* <script>x</script>"}
    answer = staff.post(url("publishing_article_add"), fields | {"body_format": "markdown"})
    with tenant_scope(house.tenant):
        article = Article.objects.get()
        assert answer["Location"] == url("publishing_article_change", article.pk)
        assert "<em>Hi</em>" in article.html
        assert "<script" not in article.html
        assert Revision.objects.get(article=article, made_by__email="staff@platform.test").title == "New"


def test_changing_an_articles_words_renders_them_and_keeps_a_revision(staff: Client, house: House):
    article = article_on(house, TECHBLOG, title="Before", body="old")
    change = url("publishing_article_change", article.pk)
    assert submitted(staff, change, title="After", body="**new**").status_code == 302
    with tenant_scope(house.tenant):
        article.refresh_from_db()
        assert (article.title, article.text, article.html.strip()) == ("After", "new", "<p><strong>new</strong></p>")
        assert [one.title for one in article.revisions.order_by("number")] == ["Before", "After"]


def test_saving_an_article_unchanged_changes_nothing(staff: Client, house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG)
    before = placement_of(article, house.sites[TECHBLOG])
    assert submitted(staff, url("publishing_article_change", article.pk)).status_code == 302
    with tenant_scope(house.tenant):
        assert article.revisions.count() == 1
        assert Article.objects.get(pk=article.pk).updated_at == article.updated_at
    after = placement_of(article, house.sites[TECHBLOG])
    assert (after.go_live, after.slug, after.is_canonical) == (before.go_live, before.slug, before.is_canonical)


def test_a_changed_slug_leaves_a_redirect(staff: Client, house: House):
    article = article_on(house, TECHBLOG, title="Old name")
    change = url("publishing_article_change", article.pk)
    assert submitted(staff, change, **{"placements-0-slug": "new-name"}).status_code == 302
    with tenant_scope(house.tenant):
        assert [(one.path, one.target) for one in Redirect.objects.all()] == [("/old-name/", "/new-name/")]


@pytest.mark.parametrize("slug", ["feeds", "With-Capitals", "a--b", "taken"])
def test_a_slug_that_cannot_be_is_an_error_of_the_form(staff: Client, house: House, slug: str):
    article_on(house, TECHBLOG, title="Taken")
    article = article_on(house, TECHBLOG, title="Mine")
    answer = submitted(staff, url("publishing_article_change", article.pk), **{"placements-0-slug": slug})
    assert "slug" in errors(answer).lower()
    assert placement_of(article, house.sites[TECHBLOG]).slug == "mine"


def test_the_canonical_placement_is_elected_not_doubled(staff: Client, house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG)
    change = url("publishing_article_change", article.pk)
    both = {"placements-0-canonical": "on", "placements-1-canonical": "on"}
    answer = submitted(staff, change, **both)
    assert "Only one placement" in str(answer.context["inline_admin_formsets"][0].formset.non_form_errors())
    assert placement_of(article, house.sites[TECHBLOG]).is_canonical
    other = {"placements-0-canonical": "", "placements-1-canonical": "on"}
    assert submitted(staff, change, **other).status_code == 302
    assert placement_of(article, house.sites[FINANCEBLOG]).is_canonical
    assert submitted(staff, change, **{"placements-1-status": "unpublished"}).status_code == 302
    assert placement_of(article, house.sites[TECHBLOG]).is_canonical, "re-elected when the canonical one goes"
    assert submitted(staff, change, **{"placements-0-DELETE": "on"}).status_code == 302


def test_placing_an_article_on_another_site_frees_its_address_there(staff: Client, house: House):
    article = article_on(house, TECHBLOG, title="Mine")
    site = house.sites[FINANCEBLOG]
    with tenant_scope(house.tenant):
        redirect(tenant=house.tenant, site=site, path="/here/", target="/elsewhere/")
    now = timezone.now()
    added = {
        "TOTAL_FORMS": 2, "1-article": article.pk, "1-site": site.pk, "1-status": "published", "1-slug": "here",
        "1-go_live_0": str(now.date()), "1-go_live_1": "00:00:00",
    }  # fmt: skip
    change = url("publishing_article_change", article.pk)
    answer = submitted(staff, change, **{f"placements-{name}": value for name, value in added.items()})
    assert answer.status_code == 302, errors(answer)
    assert placement_of(article, site).tenant == house.tenant
    with tenant_scope(house.tenant):
        assert not Redirect.objects.exists()


@pytest.mark.parametrize("missing", ["go_live", "expiry"])
def test_dates_that_contradict_themselves_are_an_error_of_the_form(staff: Client, house: House, missing: str):
    article = article_on(house, TECHBLOG)
    change = url("publishing_article_change", article.pk)
    if missing == "go_live":
        changes = {"placements-0-go_live_0": "", "placements-0-go_live_1": ""}
    else:
        changes = {"placements-0-expires_at_0": "2001-01-01", "placements-0-expires_at_1": "00:00:00"}
    said = errors(submitted(staff, change, **changes))
    assert "needs the moment" in said or "expire before" in said


def test_topics_and_bylines_are_given_in_their_order(staff: Client, house: House):
    with tenant_scope(house.tenant):
        topics = [Topic.objects.create(tenant=house.tenant, slug=f"t{n}", name=f"T{n}") for n in range(2)]
        article = write(tenant=house.tenant, title="Sorted", topics=topics)
    prefix = _prefix_of(staff, article, ArticleTopic)
    changes = {f"{prefix}-0-position": 5}
    assert submitted(staff, url("publishing_article_change", article.pk), **changes).status_code == 302
    with tenant_scope(house.tenant):
        assert [one.topic.slug for one in ArticleTopic.objects.filter(article=article)] == ["t1", "t0"]


def _prefix_of(client: Client, article: Article, model: type) -> str:
    context = client.get(url("publishing_article_change", article.pk)).context
    return next(str(one.formset.prefix) for one in context["inline_admin_formsets"] if one.formset.model is model)


def test_nothing_of_another_tenant_is_linked_to_an_article(staff: Client, house: House):
    other = bolt()
    article = article_on(house, TECHBLOG)
    with tenant_scope(other.tenant):
        topic = Topic.objects.create(tenant=other.tenant, slug="t", name="T")
        byline = Byline.objects.create(tenant=other.tenant, slug="b", name="B")
        section = Section.objects.create(tenant=other.tenant, site=other.sites[LANTERN], slug="s", name="S")
        picture = Image.objects.create(tenant=other.tenant, digest="d", name="i", width=1, height=1, widths=[1])
    change = url("publishing_article_change", article.pk)
    topics, bylines = _prefix_of(staff, article, ArticleTopic), _prefix_of(staff, article, ArticleByline)
    foreign = other.sites[LANTERN].pk
    for changes in (
        {"lead_image": picture.pk},
        {"placements-0-image": picture.pk},
        {"placements-0-section": section.pk},
        {"placements-TOTAL_FORMS": 2, "placements-1-article": article.pk, "placements-1-site": foreign,
         "placements-1-status": "draft", "placements-1-slug": "x"},
        {f"{topics}-TOTAL_FORMS": 1, f"{topics}-0-article": article.pk, f"{topics}-0-topic": topic.pk,
         f"{topics}-0-position": 0},
        {f"{bylines}-TOTAL_FORMS": 1, f"{bylines}-0-article": article.pk, f"{bylines}-0-byline": byline.pk,
         f"{bylines}-0-position": 0},
    ):  # fmt: skip
        said = errors(submitted(staff, change, **changes))
        assert "another tenant" in said or "another site" in said or "not a site of" in said, changes


def test_an_article_goes_with_its_revisions_though_none_of_them_goes_alone(staff: Client, house: House):
    article = article_on(house, TECHBLOG)
    with tenant_scope(house.tenant):
        revision = article.revisions.get()
    assert staff.post(url("publishing_revision_delete", revision.pk), {"post": "yes"}).status_code == 403
    assert staff.post(url("publishing_article_delete", article.pk), {"post": "yes"}).status_code == 302
    with tenant_scope(house.tenant):
        assert not Article.objects.exists()
        assert not Revision.objects.exists()


def test_a_body_beyond_the_limit_is_an_error_of_the_form(staff: Client, house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("operations.admin.articles.MAX_SOURCE", 10)
    article = article_on(house)
    assert "at most 10" in errors(submitted(staff, url("publishing_article_change", article.pk), body="x" * 11))


# --- What belongs to sites and tenants -------------------------------------------------------------------------------


def test_a_section_and_a_redirect_get_the_tenant_of_their_site(staff: Client, house: House):
    site = house.sites[TECHBLOG]
    fields = {"site": site.pk, "name": "News", "slug": "news", "position": 0}
    assert staff.post(url("publishing_section_add"), fields).status_code == 302
    for path, target in (("/a/", "/b/"), ("/b/", "/c/")):
        answer = staff.post(url("publishing_redirect_add"), {"site": site.pk, "path": path, "target": target})
        assert answer.status_code == 302
    with tenant_scope(house.tenant):
        assert Section.objects.get().site == site
        assert {(one.path, one.target) for one in Redirect.objects.all()} == {("/a/", "/c/"), ("/b/", "/c/")}


@pytest.mark.parametrize(
    ("path", "target"), [("/a/", "/a/"), ("a", "/b/"), ("/a/", "//evil.test/"), ("/a/", "https://x/")]
)
def test_a_redirect_stays_on_its_site(staff: Client, house: House, path: str, target: str):
    fields = {"site": house.sites[TECHBLOG].pk, "path": path, "target": target}
    assert errors(staff.post(url("publishing_redirect_add"), fields)) != ""


def test_a_section_wants_a_site_with_an_owner(staff: Client):
    site = Site.objects.create(domain="new.test", name="New")
    fields = {"site": site.pk, "name": "News", "slug": "news", "position": 0}
    assert "no owner" in errors(staff.post(url("publishing_section_add"), fields))


def test_a_membership_is_limited_to_sites_of_its_tenant_alone(staff: Client, house: House):
    other = bolt()
    with tenant_scope(house.tenant):
        membership = Membership.objects.get(user=house.people["author"])
    change = url("tenants_membership_change", membership.pk)
    limit = {"limits-TOTAL_FORMS": 1, "limits-0-membership": membership.pk}
    said = errors(submitted(staff, change, **limit, **{"limits-0-site": other.sites[LANTERN].pk}))
    assert "is not a site of Acme" in said
    limit["limits-0-site"] = house.sites[TECHBLOG].pk
    answer = submitted(staff, change, **limit)
    assert "Untick" in str(answer.context["inline_admin_formsets"][0].formset.non_form_errors())
    assert submitted(staff, change, all_sites="", **limit).status_code == 302
    with tenant_scope(house.tenant):
        assert MembershipSite.objects.get(membership=membership).tenant == house.tenant
        assert not Membership.objects.get(pk=membership.pk).all_sites
    answer = submitted(staff, change, all_sites="on")
    assert answer.status_code == 200, "all of them and these alone contradict each other"
    assert submitted(staff, change, all_sites="on", **{"limits-0-DELETE": "on"}).status_code == 302
    with tenant_scope(house.tenant):
        assert Membership.objects.get(pk=membership.pk).all_sites
        assert not MembershipSite.objects.filter(membership=membership).exists()


def test_a_tenants_page_shows_its_sites_and_takes_members(staff: Client, house: House):
    user = User.objects.create_user("new@acme.test")
    change = url("tenants_tenant_change", house.tenant.pk)
    added = {"memberships-TOTAL_FORMS": 6, "memberships-5-tenant": house.tenant.pk}
    answer = submitted(staff, change, **added, **{"memberships-5-user": user.pk, "memberships-5-role": "viewer"})
    assert answer.status_code == 302, errors(answer)
    with tenant_scope(house.tenant):
        assert Membership.objects.get(user=user).role == "viewer"
    assert TECHBLOG in staff.get(change).content.decode()


def test_choices_are_searched_for_and_say_whose_they_are(staff: Client, house: House):
    other = bolt()
    for one in (house, other):
        with tenant_scope(one.tenant):
            Topic.objects.create(tenant=one.tenant, slug="data", name="Data")
    query = {"term": "data", "app_label": "publishing", "model_name": "articletopic", "field_name": "topic"}
    found = staff.get(url("autocomplete"), query).json()["results"]
    assert sorted(one["text"] for one in found) == ["Data (Acme)", "Data (Bolt)"]


@pytest.mark.parametrize(("typed", "found"), [("da\x00ta", ["Data (Acme)"]), ("\x00", ["Data (Acme)"]), ("x\x00", [])])
def test_a_null_character_in_a_search_is_none(staff: Client, house: House, typed: str, found: list[str]):
    with tenant_scope(house.tenant):
        Topic.objects.create(tenant=house.tenant, slug="data", name="Data")
    query = {"term": typed, "app_label": "publishing", "model_name": "articletopic", "field_name": "topic"}
    answer = staff.get(url("autocomplete"), query)
    assert [one["text"] for one in answer.json()["results"]] == found


def test_no_page_holds_a_choice_for_each_site_tenant_or_user(staff: Client, house: House):
    for number in range(60):
        Site.objects.create(domain=f"canary{number}.test", name="x")
        Tenant.objects.create(slug=f"canary{number}", name=f"canary{number}")
        User.objects.create_user(f"canary{number}@x.test")
    article = article_on(house, TECHBLOG)
    with tenant_scope(house.tenant):
        membership = Membership.objects.get(user=house.people["viewer"])
    for path in (
        url("sites_site_change", house.sites[TECHBLOG].pk), url("publishing_article_change", article.pk),
        url("publishing_article_add"), url("tenants_tenant_change", house.tenant.pk), url("publishing_topic_add"),
        url("tenants_membership_change", membership.pk), url("tenants_membership_add"), url("publishing_section_add"),
    ):  # fmt: skip
        assert b"canary" not in staff.get(path).content, path


# --- People ----------------------------------------------------------------------------------------------------------


def test_a_user_is_added_with_a_password_that_is_kept_hashed(staff: Client):
    fields = {"email": "New@Acme.test", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert staff.post(url("tenants_user_add"), fields).status_code == 302
    user = User.objects.get(email="new@acme.test")
    assert user.check_password(PASSWORD)
    again = staff.post(url("tenants_user_add"), fields)
    assert "already exists" in errors(again)


def test_a_password_is_changed_on_its_own_page(staff: Client, house: House):
    user = house.people["editor"]
    fields = {"password1": "another good passphrase", "password2": "another good passphrase", "usable_password": "true"}
    assert staff.post(url("auth_user_password_change", user.pk), fields).status_code == 302
    user.refresh_from_db()
    assert user.check_password("another good passphrase")
    assert submitted(staff, url("tenants_user_change", user.pk), name="Other").status_code == 302
    user.refresh_from_db()
    assert user.check_password("another good passphrase"), "saving the page leaves the password alone"


def test_staff_who_may_change_users_cannot_make_themselves_mightier():
    client = as_staff()
    me = User.objects.get(email="staff@platform.test")
    me.user_permissions.add(*Permission.objects.filter(content_type__app_label="tenants"))
    superuser = User.objects.create_superuser("root@platform.test", PASSWORD)
    fields = {"email": me.email, "name": "Me", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert client.post(url("tenants_user_change", me.pk), fields).status_code == 302
    me.refresh_from_db()
    assert me.name == "Me"
    assert not me.is_superuser
    passwords = {"password1": "taken over by me", "password2": "taken over by me"}
    assert client.post(url("auth_user_password_change", superuser.pk), passwords).status_code == 403
    assert client.post(url("tenants_user_change", superuser.pk), {"email": "mine@x.test"}).status_code == 403
    assert client.post(url("tenants_user_delete", superuser.pk), {"post": "yes"}).status_code == 403
    superuser.refresh_from_db()
    assert superuser.check_password(PASSWORD)


# --- Lists -----------------------------------------------------------------------------------------------------------

MODELS = {
    "sites_site", "tenants_tenant", "tenants_user", "tenants_membership", "publishing_article", "publishing_topic",
    "publishing_byline", "publishing_image", "publishing_revision", "publishing_redirect", "publishing_section",
    "sites_core_brand", "sites_core_hostname", "domains_claim", "domains_tombstone", "domains_order",
    "domains_certificate", "events_event",
}  # fmt: skip


def test_these_and_no_other_models_are_in_ops():
    assert {f"{model._meta.app_label}_{model._meta.model_name}" for model in ops._registry} == MODELS


def test_what_belongs_to_sites_stands_together_on_the_first_page(staff: Client):
    groups = {
        app["name"]: [model["name"] for model in app["models"]] for app in staff.get(url("index")).context["app_list"]
    }
    assert list(groups) == ["Domains", "Events", "Publishing", "Sites", "Tenants"]
    assert groups["Sites"] == ["Brands", "Hostnames", "Sites"]


def test_every_list_is_bounded():
    for admin in ops._registry.values():
        assert not admin.show_full_result_count
        assert admin.list_per_page <= 50


@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_list_costs_the_same_queries_for_one_row_and_for_three(model: str):
    def everything(slug: str) -> None:
        from tests.cast import house

        one = house(slug, slug.title(), f"{slug}.test")
        site = one.sites[f"{slug}.test"]
        article = article_on(one, f"{slug}.test")
        with tenant_scope(one.tenant):
            revise(article=article, by=one.people["author"], title="Again")
            Topic.objects.create(tenant=one.tenant, slug="t", name="T")
            Byline.objects.create(tenant=one.tenant, slug="b", name="B")
            Image.objects.create(tenant=one.tenant, digest="d", name="i", width=1, height=1, widths=[1])
            Section.objects.create(tenant=one.tenant, site=site, slug="s", name="S")
            redirect(tenant=one.tenant, site=site, path="/a/", target="/b/")
            name, now = f"{slug}.com", timezone.now()
            Claim.objects.create(tenant=one.tenant, site=site, name=name, token="t")
        Tombstone.objects.create(name=name, tenant=one.tenant, until=now)
        Order.objects.create(name=name, registered=name, tenant=one.tenant)
        Certificate.objects.create(
            name=name, chain="-", key=b"-", serial="1", issuer="CA", not_before=now, not_after=now, renew_at=now
        )

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            answer = staff.get(path)
        return len(queries), len(answer.context["cl"].result_list)

    staff = as_staff(is_superuser=True)
    path = url(f"{model}_changelist")
    everything("one")
    staff.get(path)
    queries, rows = cost()
    assert rows >= 1
    everything("two")
    everything("three")
    again, more = cost()
    assert more > rows
    # The session, the user, the count, the rows.
    assert (queries, again) == (4, 4)


@pytest.mark.parametrize("model", sorted(MODELS))
def test_null_characters_break_no_list(staff: Client, model: str):
    changelist = url(f"{model}_changelist")
    for name in (
        "q", "o", "p", "e", "all", "id", "id__in", "pk", "kind__exact", "role__exact", "is_staff__exact", "_to_field",
        "_facets", "_popup", "name", "slug", "title", "email", "path", "domain", "tenant__slug", "\x00",
    ):  # fmt: skip
        for value in ("\x00", "a\x00", "%\x0000"):
            assert staff.get(changelist, {name: value}).status_code < 500, name
    for path in (f"{changelist}\x00/change/", f"{changelist}1/change/?_changelist_filters=q%3D%00%2500"):
        assert staff.get(path).status_code < 500


@pytest.mark.parametrize("model", sorted(MODELS))
def test_every_list_can_be_searched(staff: Client, house: House, model: str):
    article_on(house, TECHBLOG, ago=timedelta(days=1))
    for words in ("acme", "1", "Ünïcode", "'; --", "\x00"):
        assert staff.get(url(f"{model}_changelist"), {"q": words}).status_code in {200, 302}
