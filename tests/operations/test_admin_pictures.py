"""Pictures in ops: their words and focus, who may see them, whose portraits and logos they become."""

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from PIL import Image as Pillow

from operations.admin.pictures import _box
from publishing.images import media_path, store
from publishing.models import Byline, Image
from sites_core.models import SiteState
from tenants.models import Tenant, User
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, article_on, bolt, signed_in
from tests.operations.browsing import as_staff, errors, submitted, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def staff() -> Client:
    return as_staff(is_superuser=True)


@pytest.fixture
def house() -> House:
    return acme()


def a_picture(tenant: Tenant, colour: str = "red", name: str = "harbour.png") -> Image:
    out = io.BytesIO()
    Pillow.new("RGB", (600, 400), colour).save(out, "PNG")
    with tenant_scope(tenant):
        return store(tenant, out.getvalue(), name=name, alt="A harbour")


def test_the_words_and_the_focus_of_a_picture_are_edited(staff: Client, house: House):
    image = a_picture(house.tenant)
    changes = {"alt": "A harbour at dawn", "caption": "Before the ships", "focus_x": 30, "focus_y": 80}
    assert submitted(staff, url("publishing_image_change", image.pk), **changes).status_code == 302
    with tenant_scope(house.tenant):
        image.refresh_from_db()
    assert (image.alt, image.caption) == ("A harbour at dawn", "Before the ships")
    assert (image.focus_x, image.focus_y) == (30, 80)


@pytest.mark.parametrize("changes", [{"focus_x": 101}, {"focus_y": -1}, {"focus_x": "left"}])
def test_a_focus_lies_within_its_picture(staff: Client, house: House, changes: dict[str, object]):
    image = a_picture(house.tenant)
    assert "focus" in errors(submitted(staff, url("publishing_image_change", image.pk), **changes))


def test_the_page_marks_the_focus_and_shows_the_picture_and_its_crops(staff: Client, house: House):
    image = a_picture(house.tenant)
    with tenant_scope(house.tenant):
        Image.objects.update(focus_x=30, focus_y=80)
    said = staff.get(url("publishing_image_change", image.pk)).content.decode()
    assert 'cx="30%" cy="80%"' in said
    assert said.count(f'href="{url("publishing_image_picture", image.pk)}"') == 4


@pytest.mark.parametrize(
    ("focus", "wanted"),
    [
        ((50, 50), "100.0 0.0 400.0 400.0"), ((0, 50), "0.0 0.0 400.0 400.0"), ((100, 100), "200.0 0.0 400.0 400.0"),
    ],
)  # fmt: skip
def test_a_crop_is_what_a_browser_leaves_of_the_picture(focus: tuple[int, int], wanted: str):
    assert _box(Image(width=600, height=400, focus_x=focus[0], focus_y=focus[1]), 1, 1) == wanted


def test_readers_see_the_words_of_a_picture_at_once(staff: Client, house: House):
    image = a_picture(house.tenant)
    article_on(house, TECHBLOG, lead_image=image)
    before = SiteState.objects.get(site=house.sites[TECHBLOG]).generation
    elsewhere = SiteState.objects.get(site=house.sites[FINANCEBLOG]).generation
    assert submitted(staff, url("publishing_image_change", image.pk), alt="Other").status_code == 302
    assert SiteState.objects.get(site=house.sites[TECHBLOG]).generation > before
    assert SiteState.objects.get(site=house.sites[FINANCEBLOG]).generation == elsewhere


def test_texts_that_show_a_picture_have_its_new_words_at_once(staff: Client, house: House):
    image = a_picture(house.tenant)
    article = article_on(house, TECHBLOG, body=f"![]({image.url_for(960)})")
    assert submitted(staff, url("publishing_image_change", image.pk), alt="A harbour at dawn").status_code == 302
    with tenant_scope(house.tenant):
        article.refresh_from_db()
    assert 'alt="A harbour at dawn"' in article.html
    assert submitted(staff, url("publishing_image_change", image.pk), decorative="on").status_code == 302
    with tenant_scope(house.tenant):
        image.refresh_from_db()
    assert (image.decorative, image.alt) == (True, "")


def test_a_picture_comes_and_goes_elsewhere(staff: Client, house: House):
    image = a_picture(house.tenant)
    assert staff.get(url("publishing_image_add")).status_code == 403
    assert staff.post(url("publishing_image_delete", image.pk), {"post": "yes"}).status_code == 403


def test_the_picture_itself_is_shown_to_staff_who_may_see_it_and_to_nobody_else(staff: Client, house: House):
    image = a_picture(house.tenant)
    path = url("publishing_image_picture", image.pk)
    answer = staff.get(path)
    with Pillow.open(io.BytesIO(b"".join(answer))) as shown:
        assert shown.size[0] == 480
    assert answer["Content-Type"].startswith("image/")
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert "private" in answer["Cache-Control"]
    other = User.objects.create_user("other@platform.test", is_staff=True)
    client = signed_in(other, "ops")
    assert client.get(path).status_code == 403
    other.user_permissions.add(Permission.objects.get(codename="view_image"))
    assert b"".join(client.get(path))
    # Whoever is no staff is asked to sign in.
    assert signed_in(house.people["owner"], "ops").get(path).status_code == 302
    assert Client(headers={"host": "ops.platform.test"}).get(path).status_code == 302


def test_a_picture_without_a_row_or_without_its_files_is_missing(staff: Client, house: House):
    image = a_picture(house.tenant)
    for file in media_path(house.tenant.pk, "x").parent.iterdir():
        file.unlink()
    assert staff.get(url("publishing_image_picture", image.pk)).status_code == 404
    assert staff.get(url("publishing_image_picture", image.pk + 1)).status_code == 404


def test_a_row_of_before_there_were_formats_is_shown_too(staff: Client, house: House):
    image = a_picture(house.tenant)
    media_path(house.tenant.pk, f"{image.stem}-480.webp").write_bytes(b"webp")
    with tenant_scope(house.tenant):
        Image.objects.update(formats=["webp"])
    answer = staff.get(url("publishing_image_picture", image.pk))
    assert (answer["Content-Type"], b"".join(answer)) == ("image/webp", b"webp")


# --- Portraits -------------------------------------------------------------------------------------------------------


def test_a_byline_has_a_picture_of_its_own_tenant(staff: Client, house: House):
    other = bolt()
    mine, theirs = a_picture(house.tenant), a_picture(other.tenant, "blue")
    with tenant_scope(house.tenant):
        byline = Byline.objects.create(tenant=house.tenant, slug="mara", name="Mara")
    change = url("publishing_byline_change", byline.pk)
    assert "belongs to another tenant" in errors(submitted(staff, change, picture=theirs.pk))
    assert submitted(staff, change, picture=mine.pk).status_code == 302
    with tenant_scope(house.tenant):
        byline.refresh_from_db()
        assert byline.picture == mine


def test_a_new_byline_takes_no_picture_of_another_tenant(staff: Client, house: House):
    theirs = a_picture(bolt().tenant)
    fields = {"tenant": house.tenant.pk, "slug": "mara", "name": "Mara", "picture": theirs.pk}
    assert "belongs to another tenant" in errors(staff.post(url("publishing_byline_add"), fields))


def test_pictures_are_searched_for_and_say_whose_they_are(staff: Client, house: House):
    a_picture(house.tenant), a_picture(bolt().tenant)
    query = {"term": "harbour", "app_label": "publishing", "model_name": "byline", "field_name": "picture"}
    found = staff.get(url("autocomplete"), query).json()["results"]
    assert sorted(one["text"] for one in found) == ["harbour.png (Acme)", "harbour.png (Bolt)"]
