"""What a site's admins see and settle: brand, menus, sections, static pages, redirects."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.sites.models import Site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.importing import redirects as ledger
from publishing.importing.redirects import Line, Outcome
from publishing.models import Article, Image, Placement, Preview, Proposal, Redirect, Section, Topic
from publishing.placing import place
from publishing.static_pages import add_page
from sites_core.addressing import retire_site
from sites_core.directory import POLL_SECONDS, Directory
from sites_core.menus import MOST_ITEMS, add_item
from sites_core.models import Brand, MenuItem
from sites_core.previews import preview_origin
from studio.sites import redirects as redirect_pages
from studio.sites import views
from tenants.models import Membership, MembershipSite, Ownership
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt, placement_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(house: House) -> Site:
    return house.sites[TECHBLOG]


@pytest.fixture
def owner(house: House) -> Client:
    return signed_in(house.people["owner"], "studio")


def url(site: Site, page: str = "") -> str:
    return f"/acme/sites/{site.pk}/{page}"


def page(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def done(client: Client, path: str, data: dict[str, Any]) -> str:
    """What is said after a deed."""
    answer = client.post(path, data)
    assert answer.status_code == 302, answer.context["form"].errors if answer.context else answer
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def written(client: Client, site: Site, **changes: Any) -> dict[str, Any]:
    """The brand's form as its page gives it, with these fields changed."""
    form = client.get(url(site, "brand/")).context["form"]
    data = {field.html_name: field.value() for field in form}
    return {name: value for name, value in (data | changes).items() if value not in (None, "")}


def a_picture(house: House, digit: str = "a", width: int = 600, height: int = 200) -> Image:
    with tenant_scope(house.tenant):
        return Image.objects.create(
            tenant=house.tenant, digest=digit * 64, name=f"{digit}.png", width=width, height=height, widths=[480]
        )


# --- The list --------------------------------------------------------------------------------------------------------


def test_each_site_is_shown_with_its_look_its_domain_and_what_is_live(house: House, owner: Client, site: Site):
    picture = a_picture(house)
    Brand.objects.filter(site=site).update(accent="#7a1f3d", logo=picture.digest, logo_width=600, logo_height=200)
    article_on(house, TECHBLOG, title="One")
    article_on(house, TECHBLOG, title="Two")
    article_on(house, TECHBLOG, title="Next week", ago=timedelta(days=-7))
    html = page(owner, "/acme/sites/")
    assert 'fill="#7a1f3d"' in html
    assert picture.stem in html
    assert f'href="http://{TECHBLOG}/"' in html
    assert "2 articles live" in html
    assert html.count("It shows no article yet.") == 1
    assert LANTERN not in html


def test_what_needs_somebody_is_said(house: House, owner: Client, site: Site):
    article = article_on(house, TECHBLOG, FINANCEBLOG)
    with tenant_scope(house.tenant):
        Proposal.objects.create(tenant=house.tenant, article=article, site=site)
    Brand.objects.filter(site=site).update(ink="#eeeeee", paper="#ffffff", theme="withdrawn")
    retire_site(site=house.sites[FINANCEBLOG])
    html = page(owner, "/acme/sites/")
    for sentence in (
        "An article is offered to it and waits.", "A colour of its brand cannot be read", "theme “withdrawn” is gone",
        "It is retired",
    ):  # fmt: skip
        assert html.count(sentence) == 1, sentence


def test_links_to_settings_are_for_whoever_may_change_that_site(house: House, owner: Client, site: Site):
    assert page(owner, "/acme/sites/").count("/brand/") == 2
    for role in ("editor", "viewer", "author"):
        assert "/brand/" not in page(signed_in(house.people[role], "studio"), "/acme/sites/")
    limited = signed_in(house.people["limited"], "studio")
    html = page(limited, "/acme/sites/")
    assert (TECHBLOG in html, FINANCEBLOG in html, "/brand/" in html) == (True, False, False)
    with across_tenants("made the owner of one site"):
        MembershipSite.objects.filter(membership__user=house.people["limited"]).update(role="owner")
    assert page(limited, "/acme/sites/").count("/brand/") == 1
    assert limited.get(url(site, "brand/")).status_code == 200
    assert limited.get(url(house.sites[FINANCEBLOG], "brand/")).status_code == 404


def test_whoever_may_not_change_a_site_is_led_to_what_is_on_it(house: House, site: Site):
    page = signed_in(house.people["editor"], "studio").get("/acme/sites/").content.decode()
    for path in (f"/acme/articles/?site={site.pk}", f"/acme/calendar/?site={site.pk}"):
        assert f'href="{path}"' in page
        assert signed_in(house.people["editor"], "studio").get(path).status_code == 200


def test_editors_have_a_door_to_topics_and_bylines_and_owners_one_to_all_settings(house: House, owner: Client):
    editor, author = (signed_in(house.people[role], "studio") for role in ("editor", "author"))
    pages = [client.get("/acme/").content.decode() for client in (owner, editor, author)]
    assert ["Topics and bylines</a>" in page for page in pages] == [False, True, False]
    assert ["Settings</a>" in page for page in pages] == [True, False, False]


def test_a_member_without_a_site_is_told_what_to_do(house: House):
    with across_tenants("nothing is left of it"):
        MembershipSite.objects.filter(membership__user=house.people["limited"]).delete()
    assert "You work on no site of Acme yet" in page(signed_in(house.people["limited"], "studio"), "/acme/sites/")


def test_many_sites_are_searched_and_walked_by_domain(house: House, owner: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(views, "PAGE", 2)
    for number in range(3):
        site = Site.objects.create(domain=f"more-{number}.test", name=f"More {number}")
        Ownership.objects.create(site=site, tenant=house.tenant)
    seen, path = [], "/acme/sites/"
    while path:
        html = owner.get(path).content.decode()
        seen += re.findall(r'href="http://([\w.-]+)/"', html)
        more = re.search(r'href="(\?[^"]*)" rel="next"', html)
        path = f"/acme/sites/{more[1]}" if more else ""
    assert seen == sorted([TECHBLOG, FINANCEBLOG, *(f"more-{number}.test" for number in range(3))])
    assert re.findall(r'href="http://([\w.-]+)/"', page(owner, "/acme/sites/", q="MORE 1")) == ["more-1.test"]
    assert "No site is called like" in page(owner, "/acme/sites/", q="x\0y")


# --- Brand -----------------------------------------------------------------------------------------------------------


def test_a_brand_is_chosen_on_one_page_and_seen_within_a_second(house: House, owner: Client, site: Site):
    """Two workers are two directories; the reader's front of this process is the third."""
    readers, workers = Client(headers={"host": TECHBLOG}), [Directory(), Directory()]
    for worker in workers:
        worker.names()
    readers.get("/")
    picture = a_picture(house)
    data = written(
        owner, site, name="Tech, daily", theme="magazine", fonts="system", accent="7A1F3D", tagline="Fresh every day",
        language="de", time_zone="Europe/Berlin", date_style="weekday", logo=str(picture.pk),
    )  # fmt: skip
    began = time.monotonic()
    said = done(owner, url(site, "brand/"), data)
    time.sleep(POLL_SECONDS)
    for worker in workers:
        assert worker.names().by_id[site.pk].brand.tagline == "Fresh every day"
    html = readers.get("/").content.decode()
    assert time.monotonic() - began < 1.5
    assert "Fresh every day" in html
    assert "Tech, daily" in html
    assert picture.stem in html
    brand = Brand.objects.get(site=site)
    assert (brand.theme, brand.fonts, brand.accent, brand.language) == ("magazine", "system", "#7a1f3d", "de")
    assert (brand.logo, brand.logo_width, brand.logo_height) == (picture.digest, 600, 200)
    assert "theme" in said
    assert "name" in said


def test_what_is_saved_unchanged_is_not_written(owner: Client, site: Site):
    assert done(owner, url(site, "brand/"), written(owner, site)) == "Nothing was changed."


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"accent": "#ffcc00", "paper": "#ffffff"}, "accent", "The nearest shade that passes is #"),
        ({"time_zone": "Mars/Base"}, "time_zone", "is not a time zone"),
        ({"theme": "comic"}, "theme", "There is no theme"),
        ({"name": "x" * 51}, "name", "at most 50"),
        ({"name": "\u202eTechblog"}, "name", "no name may have"),
        ({"language": "xx-yy"}, "language", "valid choice"),
    ],
)
def test_what_is_refused_says_why_and_nothing_is_saved(
    owner: Client, site: Site, changes: dict[str, str], field: str, sentence: str
):
    before = Brand.objects.filter(site=site).values().get()
    answer = owner.post(url(site, "brand/"), written(owner, site, **changes, tagline="Not kept"))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert sentence in str(answer.context["form"].errors[field])
    assert Brand.objects.filter(site=site).values().get() == before
    assert Site.objects.get(pk=site.pk).name == "Techblog"


def test_the_nearest_readable_shade_is_offered_beside_the_colour(owner: Client, site: Site):
    data = written(owner, site, accent="#ffcc00", paper="#ffffff")
    html = owner.post(url(site, "brand/preview/"), data).content.decode()
    (shade,) = re.findall(r'data-takes="id_accent" data-colour="(#[0-9a-f]{6})"', html)
    done(owner, url(site, "brand/"), data | {"accent": shade})
    assert Brand.objects.get(site=site).accent == shade


def test_a_logo_is_a_picture_of_ones_own_and_no_line(house: House, owner: Client, site: Site):
    other = bolt()
    theirs = a_picture(other, "b")
    said = {}
    for name, key in (("theirs", theirs.pk), ("nobody's", 10**9)):
        answer = owner.post(url(site, "brand/"), written(owner, site, logo=str(key)))
        said[name] = answer.context["form"].errors["logo"]
    assert said["theirs"] == said["nobody's"] == ["This picture is not in the library: choose another."]
    line = a_picture(house, "c", 2000, 10)
    answer = owner.post(url(site, "brand/"), written(owner, site, logo=str(line.pk)))
    assert "would be a line" in str(answer.context["form"].errors["logo"])
    assert Brand.objects.get(site=site).logo == ""


def test_a_logo_is_taken_away(house: House, owner: Client, site: Site):
    picture = a_picture(house)
    done(owner, url(site, "brand/"), written(owner, site, logo=str(picture.pk)))
    done(owner, url(site, "brand/"), written(owner, site, logo=""))
    brand = Brand.objects.get(site=site)
    assert (brand.logo, brand.logo_width) == ("", 0)


def test_only_this_page_may_frame_and_only_its_own_previews(owner: Client, site: Site):
    policy = owner.get(url(site, "brand/"))["Content-Security-Policy"]
    assert f"frame-src {preview_origin(site.pk)};" in f"{policy};"
    assert "frame-src" not in owner.get(url(site, "menus/"))["Content-Security-Policy"]


# --- The look before it is saved -------------------------------------------------------------------------------------


def previewed(client: Client, site: Site, **changes: Any) -> tuple[str, str]:
    """The fragment, and the page that it shows."""
    answer = client.post(url(site, "brand/preview/"), written(client, site, **changes))
    assert answer.status_code == 200
    html = answer.content.decode()
    address = re.search(r'data-url="([^"]+)"', html)
    assert address
    host, _, path = address[1].removeprefix("http://").partition("/")
    return html, Client(headers={"host": host}).get(f"/{path}").content.decode()


def test_a_look_is_seen_before_it_is_saved_and_readers_see_nothing_of_it(house: House, owner: Client, site: Site):
    article_on(house, TECHBLOG, title="The newest one")
    html, shown = previewed(owner, site, tagline="Not saved yet", theme="magazine")
    assert "data-right" in html
    assert "Not saved yet" in shown
    assert "theme-magazine" in shown
    assert "The newest one" in shown
    readers = Client(headers={"host": TECHBLOG}).get("/").content.decode()
    assert "Not saved yet" not in readers
    assert "theme-magazine" not in readers
    assert Brand.objects.get(site=site).tagline == ""


def test_an_article_is_seen_in_it_too(house: House, owner: Client, site: Site):
    article_on(house, TECHBLOG, title="The newest one", body="Words of the newest.")
    _, shown = previewed(owner, site, shown="article", theme="magazine")
    assert "Words of the newest." in shown
    assert "theme-magazine" in shown


def test_without_an_article_the_front_page_stands_in(owner: Client, site: Site):
    _, shown = previewed(owner, site, shown="article", tagline="Nothing yet")
    assert "Nothing yet" in shown


def test_what_is_refused_is_shown_as_it_was_and_the_rest_as_chosen(owner: Client, site: Site):
    html, shown = previewed(owner, site, time_zone="Mars/Base", tagline="Chosen")
    assert "data-right" not in html
    assert "is not a time zone" in html
    assert "Chosen" in shown


def test_previews_of_one_person_do_not_pile_up(house: House, owner: Client, site: Site):
    for number in range(25):
        owner.post(url(site, "brand/preview/"), written(owner, site, tagline=f"Line {number}"))
    with tenant_scope(house.tenant):
        assert Preview.objects.count() <= 20


# --- Menus -----------------------------------------------------------------------------------------------------------


def menu(site: Site, name: str = "header") -> list[tuple[str, str]]:
    return list(MenuItem.objects.filter(site=site, menu=name).values_list("label", "url"))


def test_an_item_is_added_changed_and_removed(owner: Client, site: Site):
    path = url(site, "menus/")
    done(owner, path, {"new-menu": "header", "new-label": "About", "new-url": " /about/ "})
    done(owner, path, {"new-menu": "social", "new-label": "Mail us", "new-url": "mailto:desk@acme.test"})
    assert (menu(site), menu(site, "social")) == ([("About", "/about/")], [("Mail us", "mailto:desk@acme.test")])
    item = MenuItem.objects.get(label="About")
    done(owner, f"{path}{item.pk}/", {f"item-{item.pk}-label": "Who we are", f"item-{item.pk}-url": "/who/"})
    assert menu(site) == [("Who we are", "/who/")]
    done(owner, f"{path}{item.pk}/", {"remove": "yes"})
    assert menu(site) == []


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.test/", "/a b/", "https://", "about/", "mailto:x"])
def test_what_leads_nowhere_is_refused_at_its_field_and_stays_written(owner: Client, site: Site, address: str):
    path = url(site, "menus/")
    answer = owner.post(path, {"new-menu": "footer", "new-label": "Here", "new-url": address})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert 'value="Here"' in html
    assert "errorlist" in html.partition('id="new-footer-url"')[2].partition("</div>")[0]
    item = add_item(site=site, menu="header", label="There", url="/there/")
    answer = owner.post(f"{path}{item.pk}/", {f"item-{item.pk}-label": "There", f"item-{item.pk}-url": address})
    assert answer.status_code == 200
    assert '<details class="change" open>' in answer.content.decode()
    assert menu(site) == [("There", "/there/")]


def test_items_are_put_in_order_by_dragging_and_by_buttons(owner: Client, site: Site):
    one, two, three = (add_item(site=site, menu="header", label=name, url="/").pk for name in ("One", "Two", "Three"))
    path = url(site, "menus/")
    done(owner, path, {"menu": "header", "order": [three, one, two]})
    assert [label for label, _ in menu(site)] == ["Three", "One", "Two"]
    done(owner, path, {"menu": "header", "order": [three, one, two], "up": two})
    assert [label for label, _ in menu(site)] == ["Three", "Two", "One"]
    for nothing in ({"up": three}, {"down": one}, {"up": "x"}, {"up": 10**9}, {"order": ["x", "1" * 30]}):
        done(owner, path, {"menu": "header", "order": [three, two, one]} | nothing)
        assert [label for label, _ in menu(site)] == ["Three", "Two", "One"]


def test_another_sites_items_are_not_reached_from_here(house: House, owner: Client, site: Site):
    theirs = add_item(site=house.sites[FINANCEBLOG], menu="header", label="Theirs", url="/")
    assert owner.post(url(site, f"menus/{theirs.pk}/"), {"remove": "yes"}).status_code == 404
    done(owner, url(site, "menus/"), {"menu": "header", "order": [theirs.pk]})
    theirs.refresh_from_db()
    assert theirs.position == 1


def test_the_sites_own_addresses_are_offered_to_lead_to(house: House, owner: Client, site: Site):
    with tenant_scope(house.tenant):
        Section.objects.create(tenant=house.tenant, site=site, slug="money", name="Money")
        Topic.objects.create(tenant=house.tenant, slug="ships", name="Ships")
    article_on(house, TECHBLOG, title="About us", kind="page")
    article_on(house, FINANCEBLOG, title="Not here", kind="page")
    html = page(owner, url(site, "menus/"))
    for offered in (
        '"/sections/money/">Section: Money',
        '"/topics/ships/">Topic: Ships',
        '"/about-us/">Page: About us',
    ):
        assert f"<option value={offered}</option>" in html
    assert "Not here" not in html


def test_menus_have_an_end(owner: Client, site: Site):
    MenuItem.objects.bulk_create(MenuItem(site=site, label=str(n), url="/") for n in range(MOST_ITEMS))
    answer = owner.post(url(site, "menus/"), {"new-menu": "header", "new-label": "One more", "new-url": "/"})
    assert "at most 60 items" in answer.content.decode()


# --- Sections --------------------------------------------------------------------------------------------------------


def test_sections_are_added_renamed_ordered_and_deleted(house: House, owner: Client, site: Site):
    path = url(site, "sections/")
    for name in ("Money", "Ships"):
        done(owner, path, {"new-name": name})
    with tenant_scope(house.tenant):
        money, ships = Section.objects.filter(site=site)
    done(owner, path, {"order": [ships.pk, money.pk]})
    said = done(owner, f"{path}{money.pk}/", {f"section-{money.pk}-name": "Cash", f"section-{money.pk}-slug": "cash"})
    assert "/sections/money/ redirects" in said
    placement = placement_of(article_on(house, TECHBLOG), site)
    with tenant_scope(house.tenant):
        Placement.objects.filter(pk=placement.pk).update(section=ships)
    assert "one article stays on Techblog at the same address, in no section" in page(owner, path)
    assert "Its one article stays in no section now" in done(owner, f"{path}{ships.pk}/", {"delete": "yes"})
    with tenant_scope(house.tenant):
        assert [one.name for one in Section.objects.filter(site=site)] == ["Cash"]


def test_a_slug_that_is_taken_is_refused_at_its_field(house: House, owner: Client, site: Site):
    path = url(site, "sections/")
    for name in ("Money", "Ships"):
        done(owner, path, {"new-name": name})
    assert "already has the slug" in owner.post(path, {"new-name": "X", "new-slug": "ships"}).content.decode()
    with tenant_scope(house.tenant):
        money = Section.objects.get(slug="money")
    answer = owner.post(f"{path}{money.pk}/", {f"section-{money.pk}-name": "M", f"section-{money.pk}-slug": "ships"})
    assert "already has the slug" in answer.content.decode()
    with tenant_scope(house.tenant):
        theirs = Section.objects.create(tenant=house.tenant, site=house.sites[FINANCEBLOG], slug="t", name="T")
    assert owner.post(f"{path}{theirs.pk}/", {"delete": "yes"}).status_code == 404


# --- Static pages ----------------------------------------------------------------------------------------------------


def test_a_static_page_is_added_as_a_draft_and_opened_in_the_editor(house: House, owner: Client, site: Site):
    answer = owner.post(url(site, "pages/"), {"title": " About us "})
    with tenant_scope(house.tenant):
        article = Article.objects.get(kind="page")
        placement = Placement.objects.get(article=article)
    assert answer["Location"] == f"/acme/articles/{article.pk}/"
    assert (article.title, placement.slug, placement.status, placement.listed) == (
        "About us", "about-us", "draft", False,
    )  # fmt: skip
    assert article.written_by == house.people["owner"]
    assert Client(headers={"host": TECHBLOG}).get("/about-us/").status_code == 404
    html = page(owner, url(site, "pages/"))
    assert "About us" in html
    assert 'class="mark draft"' in html


def test_a_static_page_is_taken_off_its_site(house: House, owner: Client, site: Site):
    with tenant_scope(house.tenant):
        article = add_page(tenant=house.tenant, site=site, title="Imprint")
        place(article=article, site=site)
    placement = placement_of(article, site)
    assert "Unpublish" in page(owner, url(site, "pages/"))
    done(owner, url(site, f"pages/{placement.pk}/"), {})
    assert placement_of(article, site).status == "unpublished"
    assert Client(headers={"host": TECHBLOG}).get("/imprint/").status_code == 404


def test_no_article_and_no_other_sites_page_is_taken_off_from_here(house: House, owner: Client, site: Site):
    article = placement_of(article_on(house, TECHBLOG), site)
    elsewhere = placement_of(article_on(house, FINANCEBLOG, title="About", kind="page"), house.sites[FINANCEBLOG])
    for placement in (article, elsewhere):
        assert owner.post(url(site, f"pages/{placement.pk}/")).status_code == 404


@pytest.mark.parametrize("title", ["", "x" * 301])
def test_a_page_needs_a_title(owner: Client, site: Site, title: str):
    assert owner.post(url(site, "pages/"), {"title": title}).status_code == 200


# --- Redirects -------------------------------------------------------------------------------------------------------


def test_a_redirect_is_added_found_and_deleted(house: House, owner: Client, site: Site):
    path = url(site, "redirects/")
    done(owner, path, {"path": "/old/", "target": "/new/"})
    done(owner, path, {"path": "/other/", "target": "/page/"})
    page(owner, path)
    html = page(owner, path, q="OLD")
    assert "/old/" in html
    assert "/other/" not in html
    with tenant_scope(house.tenant):
        row = Redirect.objects.get(path="/old/")
    done(owner, f"{path}{row.pk}/", {})
    with tenant_scope(house.tenant):
        assert [one.path for one in Redirect.objects.all()] == ["/other/"]
        theirs = Redirect.objects.create(
            tenant=house.tenant, site=house.sites[FINANCEBLOG], path="/old/", target="/new/"
        )
    assert owner.post(f"{path}{theirs.pk}/").status_code == 404


def test_what_is_refused_is_said_at_its_field(house: House, owner: Client, site: Site):
    article_on(house, TECHBLOG, title="A headline")
    answer = owner.post(url(site, "redirects/"), {"path": "/a-headline/", "target": "//evil.test/"})
    assert list(answer.context["form"].errors) == ["target"]
    answer = owner.post(url(site, "redirects/"), {"path": "/a-headline/", "target": "/x/"})
    assert "A page stands at /a-headline/" in answer.content.decode()


def test_redirects_of_any_number_are_walked_page_by_page(
    house: House, owner: Client, site: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(redirect_pages, "PAGE", 2)
    with tenant_scope(house.tenant):
        Redirect.objects.bulk_create(
            Redirect(tenant=house.tenant, site=site, path=f"/ä b&{n}/", target="/x/") for n in range(5)
        )
    seen, path = [], url(site, "redirects/")
    while path:
        html = owner.get(path).content.decode()
        seen += re.findall(r"<code>(/ä[^<]*)</code>", html)
        more = re.search(r'href="(\?[^"]*)" rel="next"', html)
        path = f"{url(site, 'redirects/')}{more[1]}".replace("&amp;", "&") if more else ""
    assert seen == [f"/ä b&amp;{n}/" for n in range(5)]


def test_a_file_is_tried_first_and_then_imported(house: House, owner: Client, site: Site):
    article_on(house, TECHBLOG, title="A headline")
    path = url(site, "redirects/import/")
    file = SimpleUploadedFile("moved.csv", "\ufefffrom;to\n/alt/;/neu/\n/a-headline/;/x/\n/caf\u00e9/;/y/\n".encode())
    answer = owner.post(path, {"file": file})
    html = answer.content.decode()
    assert "2 added, 1 refused" in html
    assert "A page stands at /a-headline/" in html
    with tenant_scope(house.tenant):
        assert not Redirect.objects.exists()
    said = done(owner, path, {"lines": answer.context["text"], "import": "yes"})
    assert said == "2 added, 1 refused of 3 lines."
    with tenant_scope(house.tenant):
        assert set(Redirect.objects.values_list("path", "target")) == {("/alt/", "/neu/"), ("/café/", "/y/")}


def test_what_a_trial_shows_costs_each_line_once():
    asked = 0

    class Told(Line):
        def __hash__(self) -> int:
            nonlocal asked
            asked += 1
            return super().__hash__()

    lines = [Told(number, f"/p{number}/", "x", Outcome.REFUSED, "No.") for number in range(50)]
    tried = redirect_pages._tried([*lines, Line(50, "/fine/", "/x/", Outcome.ADDED)])
    assert [line.number for line in tried["lines"]] == list(range(51))
    assert asked <= 50


def test_of_a_file_that_is_wrong_in_every_line_the_first_reasons_are_told_and_the_rest_counted(
    owner: Client, site: Site
):
    wrong = "\n".join(f"no path {number},/x/" for number in range(3000))
    began = time.perf_counter()
    answer = owner.post(url(site, "redirects/import/"), {"lines": wrong})
    took = time.perf_counter() - began
    html = answer.content.decode()
    assert "3,000 refused" in html
    assert html.count("is no path: begin it with one slash") == redirect_pages.MOST_SHOWN
    assert f"And {3000 - redirect_pages.MOST_SHOWN:,} more are refused." in html
    assert len(html) < 400_000
    assert took < 5, "seconds, on a machine that does much else"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a file, or paste lines"),
        ({"lines": " \n "}, "Choose a file, or paste lines"),
        ({"lines": "from,to\n"}, "There is no line in it"),
        ({"lines": "\0,\0"}, "Null characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(owner: Client, site: Site, sent: dict[str, str], sentence: str):
    answer = owner.post(url(site, "redirects/import/"), sent)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfe/\x00a\x00", "/alt\u00fc/,/neu/".encode("cp1252")]
)
def test_a_file_of_another_kind_breaks_nothing(owner: Client, site: Site, data: bytes):
    answer = owner.post(url(site, "redirects/import/"), {"file": SimpleUploadedFile("moved.csv", data)})
    assert answer.status_code == 200


def test_a_file_that_is_too_large_is_refused(owner: Client, site: Site, monkeypatch: pytest.MonkeyPatch):
    large = SimpleUploadedFile("moved.csv", b"/a/,/b/\n" * (ledger.MOST_BYTES // 8 + 1))
    answer = owner.post(url(site, "redirects/import/"), {"file": large})
    assert "A file may have 1 MB" in answer.content.decode()


# --- All pages -------------------------------------------------------------------------------------------------------


def furnish(house: House, site: Site, mark: str) -> None:
    """One more of everything that the pages of a site show."""
    with tenant_scope(house.tenant):
        section = Section.objects.create(tenant=house.tenant, site=site, slug=f"s-{mark}", name=f"S {mark}")
        Topic.objects.create(tenant=house.tenant, slug=f"t-{mark}", name=f"T {mark}")
        Redirect.objects.create(tenant=house.tenant, site=site, path=f"/{mark}/", target="/x/")
        place(article=add_page(tenant=house.tenant, site=site, title=f"Page {mark}"), site=site)
        place(article=article_on(house, title=f"A {mark}"), site=site, section=section)
    add_item(site=site, menu="header", label=mark, url="/")
    another = Site.objects.create(domain=f"site-{mark}.test", name=mark)
    Ownership.objects.create(site=another, tenant=house.tenant)
    picture = a_picture(house, mark)
    Brand.objects.filter(site=another).update(logo=picture.digest, logo_width=600, logo_height=200)


PAGES = {
    "": 12, "brand/": 12, "menus/": 12, "sections/": 12, "pages/": 12, "redirects/": 12, "redirects/import/": 12,
}  # fmt: skip


def test_a_page_costs_the_same_statements_for_one_row_and_for_three(house: House, owner: Client, site: Site):
    def costs() -> dict[str, int]:
        found = {}
        for name in PAGES:
            path = url(site, name) if name else "/acme/sites/"
            with CaptureQueriesContext(connection) as queries:
                page(owner, path)
            found[name] = len(queries)
        return found

    furnish(house, site, "1")
    page(owner, "/acme/sites/")
    one = costs()
    for mark in ("2", "3"):
        furnish(house, site, mark)
    assert costs() == one
    assert all(cost <= most for cost, most in zip(one.values(), PAGES.values(), strict=True)), one


def test_words_that_look_like_markup_stay_words(house: House, owner: Client, site: Site):
    attack = "<script>alert(1)</script>"
    Site.objects.filter(pk=site.pk).update(name=attack)
    Brand.objects.filter(site=site).update(tagline=attack)
    with tenant_scope(house.tenant):
        Section.objects.create(tenant=house.tenant, site=site, slug="s", name=attack)
        Topic.objects.create(tenant=house.tenant, slug="t", name=attack)
        Redirect.objects.create(tenant=house.tenant, site=site, path=f"/{attack}", target=f"/to-{attack}")
        place(article=add_page(tenant=house.tenant, site=site, title=attack), site=site, slug="attack")
    MenuItem.objects.create(site=site, label=attack, url="/")
    for name in PAGES:
        html = page(owner, url(site, name) if name else "/acme/sites/")
        assert "alert(1)</script" not in html, name


def test_a_member_who_loses_the_role_is_out_with_the_next_request(house: House, owner: Client, site: Site):
    assert owner.get(url(site, "menus/")).status_code == 200
    with across_tenants("the role is another one now"):
        Membership.objects.filter(user=house.people["owner"]).update(role="editor")
    answer = owner.post(url(site, "menus/"), {"new-menu": "header", "new-label": "Late", "new-url": "/"})
    assert answer.status_code == 403
    assert menu(site) == []


def test_what_expired_is_not_counted_as_live(house: House, owner: Client, site: Site):
    over = placement_of(article_on(house, TECHBLOG, title="Over"), site)
    with tenant_scope(house.tenant):
        Placement.objects.filter(pk=over.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "0 articles live" in page(owner, "/acme/sites/")
