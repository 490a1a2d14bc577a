"""A site's brand in ops: what a publisher chooses there, what is refused with a sentence, and who sees it when."""

import io
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sites.models import Site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image as Pillow

from operations.admin.branding import option_field
from publishing.models import Image
from sites_core import themes as manifests
from sites_core.directory import POLL_SECONDS, Directory
from sites_core.models import Brand, MenuItem, SiteState
from sites_core.themes import DEFAULT, font_sets, themes
from tenants.models import User
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme
from tests.operations.browsing import as_staff, errors, submitted, url

pytestmark = pytest.mark.django_db

CALM, LOUD = (
    f"""
label = "{label}"
description = "For tests."
[light]
paper = "#ffffff"
ink = "#101010"
[dark]
paper = "#101010"
ink = "#eeeeee"
[options.{option}]
label = "Width"
default = "narrow"
choices = {{ narrow = "Narrow", wide = "Wide" }}
"""
    for label, option in (("Calm", "width"), ("Loud", "volume"))
)


@pytest.fixture
def two_themes(settings, tmp_path: Path):
    """Themes of the test's own: `journal`, calm with an option `width`, and `loud` with an option `volume`."""
    for name, manifest in ((DEFAULT, CALM), ("loud", LOUD)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "theme.toml").write_text(manifest)
    settings.THEMES = tmp_path
    manifests.themes.cache_clear()
    yield
    manifests.themes.cache_clear()


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def staff() -> Client:
    return as_staff(is_superuser=True)


@pytest.fixture
def house() -> House:
    return acme()


@pytest.fixture
def site(house: House) -> Site:
    return house.sites[TECHBLOG]


def page(site: Site) -> str:
    return url("sites_core_brand_change", site.pk)


def saved(client: Client, site: Site, **changes: object) -> Brand:
    answer = submitted(client, page(site), **changes)
    assert answer.status_code == 302, errors(answer)
    return Brand.objects.get(site=site)


def refused(client: Client, site: Site, **changes: object) -> str:
    before = Brand.objects.filter(site=site).values().get()
    said = errors(submitted(client, page(site), **changes))
    assert Brand.objects.filter(site=site).values().get() == before
    return said


def a_logo(name: str = "logo.png", size: tuple[int, int] = (600, 200)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Pillow.new("RGBA", size, (200, 30, 30, 128)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def items(*rows: tuple[object, ...], start: int = 0) -> dict[str, object]:
    """The form's fields for menu items: menu, position, label, URL."""
    data: dict[str, object] = {"menu_items-TOTAL_FORMS": start + len(rows)}
    for number, row in enumerate(rows, start):
        for name, value in zip(("menu", "position", "label", "url"), row, strict=True):
            data[f"menu_items-{number}-{name}"] = value
    return data


# --- What is chosen --------------------------------------------------------------------------------------------------


def test_a_brand_is_chosen_on_one_page(staff: Client, site: Site):
    brand = saved(
        staff, site, theme="magazine", fonts="system", accent="#7a1f3d", tagline="Slow reading", language="de",
        time_zone="Europe/Berlin", date_style="weekday",
    )  # fmt: skip
    assert (brand.theme, brand.fonts, brand.accent) == ("magazine", "system", "#7a1f3d")
    assert (brand.tagline, brand.language, brand.time_zone) == ("Slow reading", "de", "Europe/Berlin")
    assert brand.date_style == "weekday"


def test_the_page_offers_every_theme_with_its_description_and_every_set_of_fonts(staff: Client, site: Site):
    said = staff.get(page(site)).content.decode()
    for theme in themes().values():
        assert f'value="{theme.name}"' in said
        assert theme.label in said
        assert theme.description in said
    for fonts in font_sets().values():
        assert f'value="{fonts.name}"' in said


def test_a_site_without_an_owner_has_a_brand_too(staff: Client):
    site = Site.objects.create(domain="orphan.test", name="Orphan")
    assert saved(staff, site, tagline="Nobody's").tagline == "Nobody's"


def test_what_is_saved_unchanged_is_not_written_and_nobody_sees_it(staff: Client, site: Site):
    before = SiteState.objects.get(site=site).generation
    saved(staff, site)
    assert SiteState.objects.get(site=site).generation == before


def test_a_save_leaves_what_somebody_else_has_changed_meanwhile(staff: Client, site: Site, monkeypatch):
    from operations.admin.branding import BrandForm

    checked = BrandForm.clean

    def meanwhile(form: BrandForm) -> None:
        checked(form)
        Brand.objects.filter(site=site).update(tagline="Theirs")

    monkeypatch.setattr(BrandForm, "clean", meanwhile)
    brand = saved(staff, site, accent="#7a1f3d")
    assert (brand.accent, brand.tagline) == ("#7a1f3d", "Theirs")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accent", "red; } body { display: none"), ("ink", "#12345g"), ("time_zone", "Mars/Base"), ("theme", "../x"),
        ("language", "xx-yy"), ("fonts", "comic"), ("date_style", "star"), ("tagline", "x" * 161), ("accent", ""),
    ],
)  # fmt: skip
def test_a_brand_takes_only_what_its_pages_can_use(staff: Client, site: Site, field: str, value: str):
    answer = submitted(staff, page(site), **{field: value})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]


def test_a_theme_that_is_gone_is_shown_as_the_default_one(staff: Client, site: Site):
    Brand.objects.filter(site=site).update(theme="withdrawn", options={"of": "another"})
    form = staff.get(page(site)).context["adminform"].form
    assert [card.theme.name for card in form.cards() if card.is_chosen] == [DEFAULT]
    brand = saved(staff, site)
    assert (brand.theme, brand.options) == (DEFAULT, {})


def test_the_date_styles_show_today_in_the_sites_language(staff: Client, site: Site):
    Brand.objects.filter(site=site).update(language="de")
    said = staff.get(page(site)).content.decode()
    today = timezone.localdate()
    assert today.isoformat() in said
    assert f"{today.day}. " in said, "as German writes it"


def test_the_page_leads_to_the_site(staff: Client, site: Site, settings):
    settings.PUBLIC_PORT = 80
    assert f'href="http://{TECHBLOG}/"' in staff.get(page(site)).content.decode()


def test_who_may_only_look_changes_nothing(house: House, site: Site):
    client = as_staff()
    viewer = User.objects.get(email="staff@platform.test")
    viewer.user_permissions.add(*Permission.objects.filter(codename__in=["view_brand", "view_menuitem"]))
    MenuItem.objects.create(site=site, label="About", url="/about/")
    answer = client.get(page(site))
    assert answer.status_code == 200
    assert b'name="accent"' not in answer.content
    assert client.post(page(site), {"accent": "#000000"}).status_code == 403


def test_a_brand_comes_and_goes_with_its_site_alone(staff: Client, site: Site):
    assert staff.get(url("sites_core_brand_add")).status_code == 403
    assert staff.post(url("sites_core_brand_delete", site.pk), {"post": "yes"}).status_code == 403


# --- Options ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two_themes")
def test_the_options_of_a_theme_are_kept_where_they_differ_from_it(staff: Client, site: Site):
    assert saved(staff, site, **{option_field(DEFAULT, "width"): "wide"}).options == {"width": "wide"}
    assert saved(staff, site, tagline="x").options == {"width": "wide"}
    assert saved(staff, site, **{option_field(DEFAULT, "width"): "narrow"}).options == {}


@pytest.mark.usefixtures("two_themes")
def test_another_theme_takes_its_own_options_and_drops_the_rest(staff: Client, site: Site):
    Brand.objects.filter(site=site).update(options={"width": "wide", "unheard": "of"})
    assert saved(staff, site, theme="loud", **{option_field("loud", "volume"): "wide"}).options == {"volume": "wide"}


@pytest.mark.usefixtures("two_themes")
def test_an_option_has_no_other_choices_than_its_theme_gives(staff: Client, site: Site):
    answer = submitted(staff, page(site), **{option_field(DEFAULT, "width"): "huge"})
    assert "huge is not one of the available choices" in answer.content.decode()


# --- Colours ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "kept"), [("#1F4E79", "#1f4e79"), ("7a1f3d", "#7a1f3d"), (" #005 ", "#000055")])
def test_a_colour_is_written_as_people_write_it(staff: Client, site: Site, typed: str, kept: str):
    assert saved(staff, site, accent=typed).accent == kept


@pytest.mark.usefixtures("two_themes")
@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"accent": "#ffcc00"}, "accent", "#ffcc00 on #ffffff has a contrast of 1.5; text needs 4.5."),
        ({"ink": "#999999"}, "ink", "#999999 on #ffffff has a contrast of 2.8; text needs 4.5."),
        ({"ink_dark": "#444444"}, "ink_dark", "#444444 on #101010 has a contrast of 1.9; text needs 4.5."),
        ({"accent_dark": "#222244"}, "accent_dark", "#222244 on #101010 has a contrast of 1.2; text needs 4.5."),
        ({"paper": "#333333", "accent": "#ffcc00"}, "paper",
         "The theme's ink #101010 on #333333 has a contrast of 1.5; text needs 4.5."),
        ({"paper": "#ffcc00", "accent": "#997700"}, "accent",
         "#997700 on #ffcc00 has a contrast of 2.7; text needs 4.5."),
        ({"paper_dark": "#777777"}, "paper_dark",
         "The theme's ink #eeeeee on #777777 has a contrast of 3.8; text needs 4.5."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_contrast_and_a_shade_that_passes(
    staff: Client, site: Site, changes: dict[str, str], field: str, sentence: str
):
    answer = submitted(staff, page(site), **changes)
    said = answer.context["adminform"].form.errors
    assert list(said) == [field]
    assert said[field][0].startswith(sentence)
    shade = said[field][0].rstrip(".")[-7:]
    again = submitted(staff, page(site), **changes | {field: shade})
    assert again.status_code == 302 or field not in again.context["adminform"].form.errors, "the shade offered passes"


@pytest.mark.usefixtures("two_themes")
def test_a_contrast_is_never_told_as_more_than_it_is(staff: Client, site: Site):
    # 4.48 on white, which rounds to what is needed.
    assert "has a contrast of 4.4; text needs 4.5" in refused(staff, site, accent="#777777")


def test_an_accent_that_is_made_for_the_dark_page_is_readable_there(staff: Client, site: Site):
    saved(staff, site, accent="#000033", accent_dark="")
    pages = staff.get(page(site)).context["adminform"].form.pages()
    assert all(one.accent_contrast >= 4.5 and one.text_contrast >= 4.5 for one in pages)


@pytest.mark.parametrize("name", sorted(themes()))
def test_each_theme_can_be_read_as_it_comes(staff: Client, site: Site, name: str):
    brand = saved(staff, site, theme=name)
    assert brand.theme == name


def test_the_samples_show_what_was_typed_with_its_contrast(staff: Client, site: Site):
    said = submitted(staff, page(site), paper="#ffffff", accent="#ffcc00").content.decode()
    assert 'fill="#ffcc00"' in said
    assert "accent 1.5" in said


# --- The logo --------------------------------------------------------------------------------------------------------


def test_a_logo_becomes_a_picture_of_the_sites_tenant(staff: Client, house: House, site: Site):
    brand = saved(staff, site, logo_file=a_logo())
    with tenant_scope(house.tenant):
        image = Image.objects.get()
    assert (brand.logo, brand.logo_width, brand.logo_height) == (image.digest, 600, 200)
    assert image.alt == site.name
    said = staff.get(page(site)).content.decode()
    assert f'src="{url("publishing_image_picture", image.pk)}"' in said
    assert saved(staff, site, tagline="x").logo == image.digest, "another save leaves it alone"


def test_a_logo_is_removed_and_its_picture_stays_with_the_tenant(staff: Client, house: House, site: Site):
    saved(staff, site, logo_file=a_logo())
    brand = saved(staff, site, remove_logo="on")
    assert (brand.logo, brand.logo_width, brand.logo_height) == ("", 0, 0)
    with tenant_scope(house.tenant):
        assert Image.objects.count() == 1


def test_a_logo_is_given_or_removed(staff: Client, site: Site):
    assert "not both" in refused(staff, site, logo_file=a_logo(), remove_logo="on")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "is not a JPEG, PNG, WebP"),
        (SimpleUploadedFile("logo.png", b""), "empty"),
    ],
)
def test_a_logo_that_is_no_picture_is_refused_with_its_sentence(
    staff: Client, site: Site, file: SimpleUploadedFile, sentence: str
):
    assert sentence in refused(staff, site, logo_file=file)


def test_a_logo_needs_an_owner(staff: Client):
    site = Site.objects.create(domain="orphan.test", name="Orphan")
    assert "orphan.test has no owner yet" in refused(staff, site, logo_file=a_logo())


def test_a_picture_is_not_stored_for_a_form_that_is_refused(staff: Client, house: House, site: Site):
    assert refused(staff, site, logo_file=a_logo(), time_zone="Mars/Base")
    with tenant_scope(house.tenant):
        assert not Image.objects.exists()


# --- Menus -----------------------------------------------------------------------------------------------------------


def test_menus_are_edited_beside_the_brand_and_belong_to_the_site(staff: Client, site: Site):
    saved(staff, site, **items(("header", 1, "About", "/about/"), ("social", 1, "Mail us", "mailto:desk@acme.test")))
    assert [(one.menu, one.label, one.url) for one in MenuItem.objects.filter(site=site)] == [
        ("header", "About", "/about/"), ("social", "Mail us", "mailto:desk@acme.test"),
    ]  # fmt: skip
    saved(staff, site, **{"menu_items-0-label": "Who we are", "menu_items-1-DELETE": "on"})
    assert [one.label for one in MenuItem.objects.filter(site=site)] == ["Who we are"]


def test_items_are_ordered_by_position_and_one_without_comes_last_in_its_menu(staff: Client, site: Site):
    saved(
        staff, site,
        **items(
            ("header", "", "Last", "/c/"), ("header", 7, "Second", "/b/"), ("header", 3, "First", "/a/"),
            ("footer", "", "Alone", "/d/"), ("header", "", "Very last", "/e/"),
        ),
    )  # fmt: skip
    menu = MenuItem.objects.filter(site=site, menu="header")
    assert [(one.position, one.label) for one in menu] == [(3, "First"), (7, "Second"), (8, "Last"), (9, "Very last")]
    assert MenuItem.objects.get(menu="footer").position == 1


@pytest.mark.parametrize(
    "address",
    [
        "/", "/topics/", "/search/?q=a%20b", "https://example.org/@us", "http://example.org/",
        "mailto:desk@acme.test?subject=x",
    ],
)  # fmt: skip
def test_a_menu_leads_to_a_path_or_a_whole_address(staff: Client, site: Site, address: str):
    saved(staff, site, **items(("header", 1, "Here", address)))
    assert MenuItem.objects.get(site=site).url == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//evil.test/", "/\\evil.test", "about/",
        "https:///x", "https://", "http:evil", "https://a b/", "ftp://x.test/", "/a b/", "mailto:nobody", "/\u202ea/",
        "vbscript:x", "https://x.test/\u0000",
    ],
)  # fmt: skip
def test_what_leads_nowhere_or_runs_is_refused(staff: Client, site: Site, address: str):
    answer = submitted(staff, page(site), **items(("header", 1, "Here", address)))
    assert answer.status_code == 200
    assert "url" in errors(answer)
    assert not MenuItem.objects.exists()


def test_a_menu_has_an_end(staff: Client, site: Site):
    rows = [("header", number, f"Item {number}", "/") for number in range(61)]
    answer = submitted(staff, page(site), **items(*rows))
    assert "at most 60" in str(answer.context["inline_admin_formsets"][0].formset.non_form_errors())


def test_an_item_of_another_site_is_not_reached_from_here(staff: Client, house: House, site: Site):
    theirs = MenuItem.objects.create(site=house.sites[FINANCEBLOG], label="Theirs", url="/")
    changes = items(("header", 1, "Mine now", "/")) | {"menu_items-INITIAL_FORMS": 1, "menu_items-0-id": theirs.pk}
    assert submitted(staff, page(site), **changes).status_code == 302, "as if somebody had deleted the row meanwhile"
    assert MenuItem.objects.count() == 1
    theirs.refresh_from_db()
    assert (theirs.label, theirs.site) == ("Theirs", house.sites[FINANCEBLOG])


# --- Who sees it -----------------------------------------------------------------------------------------------------


def test_every_worker_shows_a_new_brand_and_its_menus_within_a_second(staff: Client, house: House, site: Site):
    """Two workers are two directories; the reader's front of this process is the third."""
    readers = Client(headers={"host": TECHBLOG})
    workers = [Directory(), Directory()]
    for worker in workers:
        worker.names()
    assert "Fresh every day" not in readers.get("/").content.decode()
    other = SiteState.objects.get(site=house.sites[FINANCEBLOG]).generation
    generation = SiteState.objects.get(site=site).generation
    began = time.monotonic()
    saved(staff, site, tagline="Fresh every day", **items(("header", 1, "Our house", "/about/")))
    saved_after = time.monotonic() - began
    time.sleep(POLL_SECONDS)
    for worker in workers:
        names = worker.names()
        assert names.generations[site.pk] > generation
        assert names.by_id[site.pk].brand.tagline == "Fresh every day"
    shown = readers.get("/").content.decode()
    assert time.monotonic() - began - saved_after < 1
    assert "Fresh every day" in shown
    assert '<a href="/about/">Our house</a>' in shown
    assert SiteState.objects.get(site=house.sites[FINANCEBLOG]).generation == other, "the house's other site stays"


@pytest.mark.parametrize("deed", ["add", "change", "delete"])
def test_a_menu_alone_raises_the_sites_generation(staff: Client, site: Site, deed: str):
    if deed != "add":
        MenuItem.objects.create(site=site, label="About", url="/about/")
    before = SiteState.objects.get(site=site).generation
    changes: dict[str, dict[str, object]] = {
        "add": items(("header", 1, "About", "/about/")),
        "change": {"menu_items-0-label": "Other"},
        "delete": {"menu_items-0-DELETE": "on"},
    }
    saved(staff, site, **changes[deed])
    assert SiteState.objects.get(site=site).generation > before
