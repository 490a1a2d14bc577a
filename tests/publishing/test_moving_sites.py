"""A site changes its tenant: what goes along, what ends, and that neither tenant sees the other's afterwards."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pghistory
import pytest
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from domains.models import Claim
from publishing.auditing import Wanted, happened
from publishing.commenting import comment
from publishing.images import store
from publishing.models import (
    Article,
    Comment,
    Image,
    Placement,
    Preview,
    Proposal,
    Redirect,
    Revision,
    Section,
    Topic,
    TrustedSource,
)
from publishing.moving_sites import ChangedMeanwhile, Placements, Plan, move_site, planned
from publishing.placing import move, place
from publishing.previewing import make
from publishing.proposing import propose, trust
from publishing.sections import add_section
from publishing.vocabulary import add_byline, add_topic
from publishing.writing import correct, revise, set_bylines, set_topics, write
from sites_core.directory import directory
from sites_core.models import Brand, MenuItem
from tenants.inviting import invite
from tenants.models import Invitation, Membership, MembershipSite, Ownership, User
from tenants.roles import Role
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, article_on, bolt, signed_in
from tests.publishing.test_images import picture
from tests.publishing.test_races import at_once

SECRET = "zanzibar"  # in what the old tenant alone may read


@pytest.fixture
def ours(media_root: Path) -> House:
    return acme()


@pytest.fixture
def theirs() -> House:
    return bolt()


@pytest.fixture
def everywhere() -> Iterator[None]:
    with across_tenants("a test looks at both tenants"):
        yield


def moved(ours: House, theirs: House, placements: Placements = "recall", *, domain: str = TECHBLOG) -> Plan:
    """The deed; the keys that wait for the commit are asked at once."""
    done = move_site(site=ours.sites[domain], to=theirs.tenant, by=None, placements=placements)
    connection.check_constraints()
    directory.expire()
    return done


def get(path: str, host: str = TECHBLOG) -> int:
    answer = Client(headers={"host": host}).get(path)
    if answer.streaming:
        assert b"".join(answer)
    return answer.status_code


def says(path: str, host: str = TECHBLOG) -> str:
    return Client(headers={"host": host}).get(path).content.decode()


def words_of(path: str) -> str:
    """The article on a page, without what stands beside it."""
    page = says(path)
    return page[page.index("<article") : page.index("</article>")]


# --- The site itself -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_site_keeps_its_brand_menus_sections_and_names_and_has_another_owner(ours: House, theirs: House):
    site = ours.sites[TECHBLOG]
    with tenant_scope(ours.tenant):
        section = add_section(tenant=ours.tenant, site=site, name="Science")
    Brand.objects.filter(site=site).update(tagline="Words about things", accent="#7a1f3d")
    MenuItem.objects.create(site=site, menu="header", label="Science", url="/sections/science/")
    site.hostnames.create(name="www.techblog.test")
    moved(ours, theirs)
    assert Ownership.objects.get(site=site).tenant == theirs.tenant
    home = says("/")
    assert "Words about things" in home
    assert "Science" in home
    assert get("/", "www.techblog.test") == 308
    with tenant_scope(theirs.tenant):
        assert Section.objects.get(pk=section.pk).site == site


@pytest.mark.django_db
def test_a_logo_is_the_new_tenants_picture_too(ours: House, theirs: House, everywhere: None):
    site, logo = ours.sites[TECHBLOG], store(ours.tenant, picture(300, 100), name="logo.png")
    Brand.objects.filter(site=site).update(logo=logo.digest, logo_width=300, logo_height=100)
    directory.expire()
    address = logo.url_for(300)
    assert get(address) == 200
    moved(ours, theirs)
    assert get(address) == 200
    assert Image.objects.filter(tenant=theirs.tenant, digest=logo.digest).exists()
    # What is deleted with the old tenant is none of the new one's.
    logo.delete()
    assert get(address) == 200


@pytest.mark.django_db
def test_a_site_that_nobody_owns_gets_its_first_owner(theirs: House):
    site = Site.objects.create(domain="orphan.test", name="Orphan")
    plan = move_site(site=site, to=theirs.tenant, by=None)
    assert plan.before is None
    assert Ownership.objects.get(site=site).tenant == theirs.tenant


@pytest.mark.django_db
def test_to_its_own_tenant_it_is_not_moved(ours: House):
    with pytest.raises(ValidationError, match="already"):
        move_site(site=ours.sites[TECHBLOG], to=ours.tenant, by=None)


# --- What stays behind -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_articles_stay_with_their_tenant_and_are_gone_from_the_site(ours: House, theirs: House):
    alone = article_on(ours, TECHBLOG, title="Alone there")
    both = article_on(ours, TECHBLOG, FINANCEBLOG, title="On both")
    assert (get("/alone-there/"), get("/on-both/")) == (200, 200)
    before = planned(site=ours.sites[TECHBLOG], to=theirs.tenant)
    assert moved(ours, theirs) == before
    assert (before.leaving, before.shown, before.elsewhere, before.going) == (2, 2, 1, 0)
    assert [get(path) for path in ("/alone-there/", "/on-both/", "/")] == [404, 404, 200]
    assert "Alone there" not in says("/") + says("/feeds/rss.xml") + says("/sitemaps/pages.xml")
    assert get("/on-both/", FINANCEBLOG) == 200
    with tenant_scope(ours.tenant):
        assert set(Article.objects.all()) == {alone, both}
        assert Placement.objects.get(article=both).is_canonical
    with tenant_scope(theirs.tenant):
        assert not Article.objects.exists()


@pytest.mark.django_db
def test_canonical_links_of_other_sites_follow(ours: House, theirs: House):
    article = article_on(ours, TECHBLOG, FINANCEBLOG, title="On both")
    with tenant_scope(ours.tenant):
        place(article=article, site=ours.sites[TECHBLOG], canonical=True)
    assert f"//{TECHBLOG}/on-both/" in says("/on-both/", FINANCEBLOG)
    moved(ours, theirs)
    assert TECHBLOG not in says("/on-both/", FINANCEBLOG)


@pytest.mark.django_db
def test_a_picture_of_what_stays_behind_is_served_there_no_longer(ours: House, theirs: House, everywhere: None):
    lead = store(ours.tenant, picture(), name="lead.png")
    article_on(ours, TECHBLOG, lead_image=lead)
    assert get(lead.url_for(960)) == 200
    moved(ours, theirs)
    assert get(lead.url_for(960)) == 404
    assert get(lead.url_for(960), FINANCEBLOG) == 200


@pytest.mark.django_db
def test_redirects_to_what_is_gone_end_and_the_others_go_along(ours: House, theirs: House):
    site, article = ours.sites[TECHBLOG], article_on(ours, TECHBLOG, title="First name")
    with tenant_scope(ours.tenant):
        move(placement=Placement.objects.get(article=article), slug="second-name")
        Redirect.objects.create(tenant=ours.tenant, site=site, path="/old-archive/", target="/archive/")
    plan = moved(ours, theirs)
    assert (plan.redirects, plan.redirects_ending) == (1, 1)
    assert (get("/first-name/"), get("/old-archive/")) == (404, 301)
    with tenant_scope(theirs.tenant):
        assert [one.path for one in Redirect.objects.filter(site=site)] == ["/old-archive/"]


# --- Who had to do with it -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_everything_of_the_old_tenants_people_on_the_site_ends(ours: House, theirs: House, everywhere: None):
    site, other = ours.sites[TECHBLOG], ours.sites[FINANCEBLOG]
    article = article_on(ours, FINANCEBLOG)
    with tenant_scope(ours.tenant):
        invite(tenant=ours.tenant, email="here@x.test", role=Role.EDITOR, by=ours.people["owner"], sites=[site.pk])
        both = [site.pk, other.pk]
        invite(tenant=ours.tenant, email="both@x.test", role=Role.EDITOR, by=ours.people["owner"], sites=both)
        propose(article=article, site=site, by=ours.people["author"])
        trust(site=other, tenant_id=ours.tenant.pk, source=site)
        trust(site=site, tenant_id=ours.tenant.pk, user=ours.people["author"])
        make(tenant=ours.tenant, site=site, article=article, by=ours.people["editor"], shared=True)
        Claim.objects.create(tenant=ours.tenant, site=site, name="claimed.test", token="t")
    plan = moved(ours, theirs)
    assert (plan.members, plan.invitations, plan.proposals, plan.trusted, plan.previews, plan.claims) == (
        1, 1, 1, 2, 1, 1,
    )  # fmt: skip
    for model in (Proposal, TrustedSource, Preview, MembershipSite, Claim):
        assert not model.objects.filter(tenant=ours.tenant).exists(), model
    # An invitation to one more site stands, one to this site alone does not.
    now = timezone.now()
    assert {one.email: one.state(now) for one in Invitation.objects.all()} == {
        "here@x.test": "withdrawn", "both@x.test": "open",
    }  # fmt: skip
    limited = Membership.objects.get(user=ours.people["limited"])
    assert (limited.all_sites, limited.sites.count()) == (False, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("placements", ["recall", "move"])
def test_old_members_do_not_find_the_site_in_the_studio_and_new_ones_do(
    ours: House, theirs: House, placements: Placements
):
    site = ours.sites[TECHBLOG]
    article = article_on(ours, TECHBLOG, title="Alone there")
    place_it = f"/articles/{article.pk}/"
    moved(ours, theirs, placements)
    former = signed_in(ours.people["owner"], "studio")
    assert former.get(f"/acme/sites/{site.pk}/pages/").status_code == 404
    assert former.get(f"/bolt/sites/{site.pk}/pages/").status_code == 404
    assert TECHBLOG not in former.get("/acme/sites/").content.decode()
    owner = signed_in(theirs.people["owner"], "studio")
    assert owner.get(f"/bolt/sites/{site.pk}/pages/").status_code == 200
    goes = placements == "move"
    assert owner.get(f"/bolt{place_it}").status_code == (200 if goes else 404)
    editor = signed_in(ours.people["editor"], "studio")
    assert editor.get(f"/acme{place_it}").status_code == (404 if goes else 200)


@pytest.mark.django_db
def test_who_changed_the_site_before_is_not_told_to_the_new_tenant(ours: House, theirs: House):
    site, owner = ours.sites[TECHBLOG], ours.people["owner"]
    with pghistory.context(user=owner.pk, url=f"/acme/{SECRET}/"):
        Brand.objects.filter(site=site).update(tagline="New words")
    with tenant_scope(ours.tenant):
        assert owner.pk in {one.user_id for one in happened(tenant=ours.tenant, wanted=Wanted()).events}
    moved(ours, theirs)
    with tenant_scope(theirs.tenant):
        told_now = happened(tenant=theirs.tenant, wanted=Wanted(site_id=site.pk), limit=100).events
    assert "Brand" in {one.kind for one in told_now}
    assert not any(one.user_id or SECRET in one.url for one in told_now)
    with tenant_scope(theirs.tenant):
        assert happened(tenant=theirs.tenant, wanted=Wanted(user_id=owner.pk)).events == []


@pytest.mark.django_db
def test_what_ended_is_in_the_old_tenants_history_with_who_moved_the_site(ours: House, theirs: House):
    staff = User.objects.create_user("staff@platform.test", "x", is_staff=True)
    article = article_on(ours, TECHBLOG)
    move_site(site=ours.sites[TECHBLOG], to=theirs.tenant, by=staff)
    with tenant_scope(ours.tenant):
        ended = happened(tenant=ours.tenant, wanted=Wanted(kinds=("Placement",))).events[0]
    assert (ended.what, ended.user_id, ended.row["article_id"]) == ("delete", staff.pk, article.pk)


# --- What goes along -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_on_the_site_alone_goes_along_whole(ours: House, theirs: House, everywhere: None):
    site = ours.sites[TECHBLOG]
    lead, inside = (store(ours.tenant, picture(width, 500), name=f"{width}.png") for width in (1000, 800))
    portrait = store(ours.tenant, picture(400, 400), name="portrait.png")
    article = article_on(
        ours, TECHBLOG, title="Alone there", lead_image=lead, by=ours.people["author"],
        body=f"Words.\n\n![Inside]({inside.url_for(480)})",
    )  # fmt: skip
    both = article_on(ours, TECHBLOG, FINANCEBLOG, title="On both")
    with tenant_scope(ours.tenant):
        topic = add_topic(tenant=ours.tenant, name="Science")
        byline = add_byline(tenant=ours.tenant, name="Ada Writer", picture=portrait)
        section = add_section(tenant=ours.tenant, site=site, name="News")
        set_topics(article=article, topics=[topic])
        set_bylines(article=article, bylines=[byline])
        place(article=article, site=site, section=section, title="Alone, in its own words")
        revise(article=article, title="Alone there, revised", by=ours.people["author"])
        correct(article=article, note="It was otherwise.")
        comment(article=article, by=ours.people["editor"], text=f"Between us: {SECRET}")
    with tenant_scope(theirs.tenant):
        known = add_topic(tenant=theirs.tenant, name="Science")
    page = words_of("/alone-there/")
    revisions = Revision.objects.filter(article=article).count()
    plan = moved(ours, theirs, "move")
    assert (plan.going, plan.pictures, plan.remarks, plan.leaving, plan.elsewhere) == (1, 3, 1, 1, 1)
    assert words_of("/alone-there/") == page
    assert [get(one.url_for(400)) for one in (portrait,)] + [get(inside.url_for(480)), get("/on-both/")] == [
        200, 200, 404,
    ]  # fmt: skip
    assert all(get(path) == 200 for path in ("/topics/science/", "/bylines/ada-writer/", "/sections/news/"))
    assert "Alone, in its own words" in says("/topics/science/") + says("/sections/news/")
    with tenant_scope(theirs.tenant):
        mine = Article.objects.get()
        assert (mine.pk, mine.written_by) == (article.pk, None)
        assert [one.pk for one in mine.topics.all()] == [known.pk]
        kept = Revision.objects.filter(article=mine).order_by("number")
        assert [one.made_by_id for one in kept] == [None] * revisions
        last = kept[revisions - 1].details
        assert (last["topics"], last["names"]["topics"]) == ([known.pk], {str(known.pk): "Science"})
        assert last["lead_image_id"] == Image.objects.get(digest=lead.digest).pk
        assert (mine.corrections.count(), Comment.objects.count()) == (1, 0)
    with tenant_scope(ours.tenant):
        assert [one.pk for one in Article.objects.all()] == [both.pk]
        # The pictures, topics and bylines are the old tenant's as well as before.
        assert (Image.objects.count(), Topic.objects.get()) == (3, topic)


@pytest.mark.django_db
def test_an_article_that_goes_can_be_revised_and_found_there(ours: House, theirs: House, everywhere: None):
    article = article_on(ours, TECHBLOG, title="Alone there", body="A word like quagga.")
    moved(ours, theirs, "move")
    assert "Alone there" in says("/search/?q=quagga")
    with tenant_scope(theirs.tenant):
        mine = Article.objects.get(pk=article.pk)
        revise(article=mine, title="Revised", by=theirs.people["editor"])
        place(article=mine, site=theirs.sites["lantern.test"])
    connection.check_constraints()
    assert "Revised" in says("/alone-there/")


@pytest.mark.django_db
def test_a_translation_that_stays_is_no_longer_linked(ours: House, theirs: House, everywhere: None):
    goes, stays = (article_on(ours, domain, title=f"On {domain}") for domain in (TECHBLOG, FINANCEBLOG))
    Article.objects.update(translation_group="11111111-1111-4111-8111-111111111111")
    moved(ours, theirs, "move")
    assert Article.objects.get(pk=goes.pk).translation_group is None
    assert Article.objects.get(pk=stays.pk).translation_group is not None


# --- Asked before, and at the same moment ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_where_something_changed_since_it_was_looked_at_nothing_is_moved(ours: House, theirs: House):
    site = ours.sites[TECHBLOG]
    plan = planned(site=site, to=theirs.tenant)
    article_on(ours, TECHBLOG)
    with pytest.raises(ChangedMeanwhile):
        move_site(site=site, to=theirs.tenant, by=None, expected=plan.stamp)
    assert Ownership.objects.get(site=site).tenant == ours.tenant


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("placements", ["recall", "move"])
def test_a_publish_at_the_same_moment_comes_before_or_fails(ours: House, theirs: House, placements: Placements):
    site = ours.sites[TECHBLOG]
    there, here = ours, theirs
    for number in range(12):
        with tenant_scope(there.tenant):
            article = write(tenant=there.tenant, title=f"Story {number}", body="Words.")
        raised = at_once(
            there,
            partial(place, article=article, site=site),
            partial(move_site, site=site, to=here.tenant, by=None, placements=placements),
        )
        assert all(isinstance(error, IntegrityError) for error in raised), raised
        with across_tenants("a test looks at both tenants"):
            owners = Placement.objects.on(site).values_list("tenant", "article__tenant")
            assert set(owners) <= {(here.tenant.pk, here.tenant.pk)}
        there, here = here, there


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_the_second_sees_what_the_first_did(ours: House, theirs: House):
    site = ours.sites[TECHBLOG]
    article_on(ours, TECHBLOG)
    plan = planned(site=site, to=theirs.tenant)
    deed = partial(move_site, site=site, to=theirs.tenant, by=None, expected=plan.stamp)
    raised = at_once(ours, deed, deed)
    assert [type(error) for error in raised] == [ValidationError]
    assert Ownership.objects.get(site=site).tenant == theirs.tenant
