"""The library of pictures: found, uploaded, described, replaced, deleted; and what is asked of each who wants to."""

import io
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image as Pillow

from publishing import describing, replacing
from publishing.images import file_of, store, used
from publishing.models import Image
from publishing.placing import place
from studio.pictures import finding
from studio.pictures.finding import Only, find
from studio.templatetags.studio_pictures import file_url
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on, bolt, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]

JSON = {"accept": "application/json"}


@pytest.fixture
def editor(house: House) -> Client:
    return signed_in(house.people["editor"], "studio")


def drawn(shade: int = 0, size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, (shade % 256, shade // 256, 9)).save(out, "PNG")
    return out.getvalue()


def picture(house: House, shade: int = 0, **fields: Any) -> Image:
    with tenant_scope(house.tenant):
        return store(house.tenant, drawn(shade), quickly=True, **{"name": f"p{shade}.png"} | fields)


def rows(house: House, number: int, **fields: Any) -> list[Image]:
    """Pictures without files."""
    with tenant_scope(house.tenant):
        return Image.objects.bulk_create(
            Image(tenant=house.tenant, digest=f"{n:064x}", name=f"row {n}", width=9, height=9, widths=[9], **fields)
            for n in range(number)
        )


def again(image: Image) -> Image:
    with tenant_scope(image.tenant):
        return Image.objects.get(pk=image.pk)


def sent(shade: int = 0, name: str = "p.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, drawn(shade), "image/png")


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# --- The library -----------------------------------------------------------------------------------------------------


def test_the_library_shows_each_picture_with_its_size_and_its_use(house: House, editor: Client):
    image = picture(house, alt="A boat")
    article_on(house, TECHBLOG, lead_image=image)
    picture(house, 1)
    page = text_of(editor, "/acme/media/")
    assert "A boat" in page
    assert "60 × 40" in page
    assert "In 1 article" in page
    assert "Not used" in page
    assert page.count("no alternative text") == 1
    assert f"/acme/media/file/{image.stem}-60.webp" in page


def test_the_library_says_how_much_of_the_quota_is_used(house: House, editor: Client):
    image = picture(house)
    Tenant.objects.filter(pk=house.tenant.pk).update(quota_bytes=image.bytes + 1)
    page = text_of(editor, "/acme/media/")
    assert f'value="{image.bytes}"' in page
    assert "nearly used up" in page


def test_other_newsrooms_pictures_are_neither_shown_nor_counted_nor_served(house: House, editor: Client):
    theirs = picture(bolt(), alt="Theirs")
    for path in ("/acme/media/", "/acme/media/choose/", "/acme/media/?q=Theirs"):
        assert "Theirs" not in text_of(editor, path).replace('value="Theirs"', "").replace("“Theirs”", "")
    assert 'value="0"' in text_of(editor, "/acme/media/")
    assert editor.get(f"/acme/media/file/{theirs.stem}-60.webp").status_code == 404


@pytest.mark.parametrize(("query", "names"), [
    ({"q": "BOAT"}, {"boat.png", "b.png", "c.png"}), ({"q": "red boat"}, {"b.png"}), ({"q": "%"}, set()),
    ({"only": "wordless"}, {"boat.png", "c.png"}), ({"only": "unused"}, {"boat.png", "c.png", "d.png"}),
    ({"only": "unused", "q": "boat"}, {"boat.png", "c.png"}), ({"q": "_"}, set()), ({"q": "x" * 5000}, set()),
    ({"only": "nonsense"}, {"boat.png", "b.png", "c.png", "d.png"}), ({"q": "bo\0at.png"}, {"boat.png"}),
])  # fmt: skip
def test_pictures_are_found_by_words_and_by_what_they_lack(
    house: House, editor: Client, query: dict[str, str], names: set[str]
):
    picture(house, 0, name="boat.png")
    led = picture(house, 1, name="b.png", alt="A red boat")
    picture(house, 2, name="c.png", caption="Boats")
    picture(house, 3, name="d.png", alt="A house")
    article_on(house, lead_image=led)
    found = editor.get("/acme/media/", query)
    assert {image.name for image, _ in found.context["pictures"]} == names


def test_what_only_decorates_does_not_lack_words(house: House):
    rows(house, 2, decorative=True)
    with tenant_scope(house.tenant):
        assert find(house.tenant, only=Only.WORDLESS).images == []


@pytest.mark.parametrize("how", ["text", "placement", "portrait", "logo"])
def test_whatever_uses_a_picture_takes_it_from_those_that_nobody_uses(house: House, how: str):
    from publishing.models import Byline
    from sites_core.models import Brand

    image = picture(house)
    with tenant_scope(house.tenant):
        assert find(house.tenant, only=Only.UNUSED).images == [image]
        match how:
            case "text":
                article_on(house, body=f"![x]({image.url_for(480)})")
            case "placement":
                article_on(house, TECHBLOG).placements.update(image=image)
            case "portrait":
                Byline.objects.create(tenant=house.tenant, slug="m", name="M", picture=image)
            case "logo":
                Brand.objects.filter(site=house.sites[TECHBLOG]).update(logo=image.digest)
        assert find(house.tenant, only=Only.UNUSED).images == []


@pytest.mark.parametrize("words", ["", "row"])
def test_pages_follow_each_other_newest_first_and_miss_none(house: House, monkeypatch: pytest.MonkeyPatch, words: str):
    monkeypatch.setattr(finding, "PAGE", 4)
    wanted = [image.pk for image in reversed(rows(house, 11))]
    with tenant_scope(house.tenant):
        found, after = [], ""
        for _ in range(3):
            page = find(house.tenant, words=words, after=after)
            found += [image.pk for image in page.images]
            after = str(page.after)
    assert found == wanted
    assert page.after is None


def test_a_search_looks_through_so_many_and_says_where_to_go_on(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(finding, "LOOKED_THROUGH", {None: 4})
    first = rows(house, 10)[0]
    with tenant_scope(house.tenant):
        Image.objects.filter(pk=first.pk).update(alt="The one")
        page = find(house.tenant, words="one")
        steps = 1
        while page.looked:
            assert page.images == []
            page = find(house.tenant, words="one", after=str(page.after))
            steps += 1
    assert page.images == [first]
    assert (steps, page.after) == (3, None)


@pytest.mark.parametrize("after", ["x", "1-", "9" * 40, "-1-1", "1-1; DROP"])
def test_what_is_no_position_is_no_page(editor: Client, after: str):
    assert editor.get("/acme/media/", {"after": after}).status_code == 404


@pytest.mark.parametrize("path", ["", "?q=row", "?only=unused", "?only=wordless", "choose/", "choose/?q=row"])
def test_a_page_asks_as_many_questions_for_three_pictures_as_for_one(house: House, editor: Client, path: str):
    asked = []
    for number in (1, 3):
        with tenant_scope(house.tenant):
            Image.objects.all().delete()
        images = rows(house, number)
        if not path.startswith("?only=unused"):
            article_on(house, TECHBLOG, lead_image=images[0])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editor.get(f"/acme/media/{path}")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12


def test_the_page_of_a_picture_asks_as_many_questions_wherever_it_is_used(house: House, editor: Client):
    image, asked = picture(house), []
    for _ in (1, 3):
        article_on(house, TECHBLOG, FINANCEBLOG, lead_image=image, body=f"![x]({image.url_for(480)})")
        with CaptureQueriesContext(connection) as queries:
            editor.get(f"/acme/media/{image.pk}/")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12


# --- Uploads ---------------------------------------------------------------------------------------------------------


def test_a_script_uploads_one_file_a_request_and_is_told_of_the_picture(house: House, editor: Client):
    told = editor.post("/acme/media/upload/", {"file": sent(name="boat.png")}, headers=JSON).json()
    with tenant_scope(house.tenant):
        image = Image.objects.get()
    assert told == {
        "id": image.pk, "name": "boat.png", "src": f"/media/{image.stem}-60.webp", "alt": "", "caption": "",
        "thumb": f"/acme/media/file/{image.stem}-60.webp", "large": f"/acme/media/file/{image.stem}-60.webp",
        "width": 60, "height": 40, "decorative": False, "page": f"/acme/media/{image.pk}/", "known": False,
    }  # fmt: skip


def test_the_same_file_again_is_the_same_picture_and_said_to_be(house: House, editor: Client):
    first = editor.post("/acme/media/upload/", {"file": sent(name="boat.png")}, headers=JSON).json()
    second = editor.post("/acme/media/upload/", {"file": sent(name="ship.png")}, headers=JSON).json()
    assert (second["id"], second["name"], second["known"]) == (first["id"], "boat.png", True)


def test_without_a_script_several_files_go_at_once_and_each_is_told_of(house: House, editor: Client):
    several = {"file": [sent(1, "a.png"), SimpleUploadedFile("b.svg", b"<svg/>"), sent(2, "c.png"), sent(1, "d.png")]}
    answer = editor.post("/acme/media/upload/", several)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "b.svg is not a JPEG" in page
    assert page.count("is in the library") == 3
    assert page.count("is in the library already") == 1
    assert editor.post("/acme/media/upload/", {"file": [sent(3), sent(4)]})["Location"] == "/acme/media/"


def test_a_refusal_is_told_to_a_script_in_a_sentence(editor: Client):
    answer = editor.post("/acme/media/upload/", {"file": SimpleUploadedFile("b.svg", b"<svg/>")}, headers=JSON)
    assert answer.status_code == 400
    assert answer.json() == {"error": "b.svg is not a JPEG, PNG, WebP, GIF or AVIF picture."}


def test_a_full_quota_refuses_an_upload_in_a_sentence(house: House, editor: Client):
    Tenant.objects.filter(pk=house.tenant.pk).update(quota_bytes=100)
    answer = editor.post("/acme/media/upload/", {"file": sent()}, headers=JSON)
    assert answer.status_code == 400
    assert "There is no room for it" in answer.json()["error"]


@pytest.mark.django_db(transaction=True)
def test_ten_uploads_at_once_do_not_pass_the_quota(house: House):
    room = 3 * picture(house, 1000).bytes
    Tenant.objects.filter(pk=house.tenant.pk).update(quota_bytes=room + 20)
    statuses: list[int] = []
    together = threading.Barrier(10)
    clients = [signed_in(house.people["author"], "studio") for _ in range(10)]

    def upload(client: Client, shade: int) -> None:
        try:
            together.wait()
            statuses.append(client.post("/acme/media/upload/", {"file": sent(shade)}, headers=JSON).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload, args=[client, shade]) for shade, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(house.tenant):
        assert used(house.tenant) <= room + 20
        kept = list(Image.objects.all())
    assert set(statuses) == {200, 400}
    assert len(kept) == 1 + statuses.count(200)
    names = {file.name for file in file_of(kept[0], 60, "webp").parent.iterdir()}
    assert names == {f"{image.stem}-60.{suffix}" for image in kept for suffix in image.formats}


@pytest.mark.django_db(transaction=True)
def test_one_file_that_two_people_send_at_once_is_one_picture(house: House):
    told: list[dict[str, Any]] = []
    together = threading.Barrier(4)

    def upload(client: Client) -> None:
        try:
            together.wait()
            told.append(client.post("/acme/media/upload/", {"file": sent()}, headers=JSON).json())
        finally:
            connection.close()

    threads = [threading.Thread(target=upload, args=[signed_in(house.people["author"], "studio")]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one["id"] for one in told}) == 1
    assert [one["known"] for one in told].count(False) == 1


# --- Files -----------------------------------------------------------------------------------------------------------


def test_a_file_is_served_to_members_for_ever_and_runs_nothing(house: House, editor: Client):
    image = picture(house)
    answer = editor.get(f"/acme/media/file/{image.stem}-60.jpg")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content == file_of(image, 60, "jpg").read_bytes()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert signed_in(house.people["viewer"], "studio").get(f"/acme/media/file/{image.stem}-60.jpg").status_code == 200
    assert (
        Client(headers={"host": "studio.platform.test"}).get(f"/acme/media/file/{image.stem}-60.jpg").status_code == 302
    )


@pytest.mark.parametrize(
    "name",
    ["secret.webp", "..%2fsecret.webp", "a" * 32 + "-480.svg", "a" * 32 + "-480.webp%00", "A" * 32 + "-480.webp"],
)
def test_nothing_but_a_pictures_own_name_is_looked_for(house: House, editor: Client, media_root: Path, name: str):
    (media_root / "secret.webp").write_bytes(b"secret")
    assert editor.get(f"/acme/media/file/{name}").status_code == 404


def test_a_template_names_a_picture_by_the_studios_own_address(settings, house: House, editor: Client):
    settings.ROOT_URLCONF = "studio.urls"
    image = picture(house)
    request = editor.get("/acme/media/").wsgi_request
    template = Template("{% load studio_pictures %}{% picture_url image 480 %}|{% picture_url none %}")
    drawn_by = template.render(Context({"request": request, "image": image, "none": None}))
    assert drawn_by == f"/acme/media/file/{image.stem}-60.webp|"
    assert file_url("acme", Image(widths=[]), 480) == ""


# --- One picture -----------------------------------------------------------------------------------------------------


def test_the_page_of_a_picture_shows_its_crops_its_files_and_its_use(house: House, editor: Client):
    image = picture(house, alt="A boat")
    article = article_on(house, TECHBLOG, title="Ships", lead_image=image)
    page = text_of(editor, f"/acme/media/{image.pk}/")
    assert f'href="/acme/articles/{article.pk}/"' in page
    assert "lead picture" in page
    assert page.count("data-crop=") == 3
    assert all(f"/acme/media/file/{image.stem}-60.{suffix}" in page for suffix in ("avif", "webp", "jpg"))
    assert "Only what is used nowhere can be deleted" in page


@pytest.mark.parametrize(
    ("focus", "wanted"),
    [((50, 50), "10.0 0.0 40.0 40.0"), ((0, 50), "0.0 0.0 40.0 40.0"), ((100, 9), "20.0 0.0 40.0 40.0")],
)
def test_a_crop_is_what_a_browser_leaves_of_the_picture(focus: tuple[int, int], wanted: str):
    from studio.pictures.crops import box

    assert box(Image(width=60, height=40, focus_x=focus[0], focus_y=focus[1]), 1, 1) == wanted


def test_what_is_said_about_a_picture_is_saved(house: House, editor: Client):
    image = picture(house)
    said = {"alt": "A boat", "caption": "Seen today", "focus_x": 10, "focus_y": 90}
    assert editor.post(f"/acme/media/{image.pk}/", said).status_code == 302
    after = again(image)
    assert (after.alt, after.caption, after.focus_x, after.focus_y) == ("A boat", "Seen today", 10, 90)
    assert editor.post(f"/acme/media/{image.pk}/", {**said, "decorative": "on"}).status_code == 302
    assert (again(image).alt, again(image).decorative) == ("", True)


@pytest.mark.parametrize("wrong", [{"focus_x": 101}, {"focus_y": -1}, {"focus_x": "left"}, {"alt": "x" * 501}])
def test_what_cannot_be_is_refused_with_the_form(house: House, editor: Client, wrong: dict[str, Any]):
    image = picture(house, alt="Before")
    answer = editor.post(f"/acme/media/{image.pk}/", {"alt": "A boat", "focus_x": 10, "focus_y": 10} | wrong)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert again(image).alt == "Before"
    assert editor.post(f"/acme/media/{image.pk}/", wrong, headers=JSON).status_code == 400


def test_a_script_says_some_of_it_and_the_rest_stays(house: House, editor: Client):
    image = picture(house, caption="Stays")
    told = editor.post(f"/acme/media/{image.pk}/", {"alt": "A boat"}, headers=JSON).json()
    assert (told["alt"], told["caption"], told["id"]) == ("A boat", "Stays", image.pk)
    assert (again(image).focus_x, again(image).caption) == (50, "Stays")


def shown_on(house: House, image: Image, domain: str) -> None:
    article_on(house, domain, lead_image=image)


@pytest.mark.parametrize(
    ("role", "domain", "status"),
    [
        ("editor", FINANCEBLOG, 302), ("author", None, 302), ("author", TECHBLOG, 403), ("limited", TECHBLOG, 302),
        ("limited", FINANCEBLOG, 403), ("viewer", None, 403),
    ],
)  # fmt: skip
def test_who_may_change_a_picture_depends_on_whose_readers_see_it(
    house: House, role: str, domain: str | None, status: int
):
    image, client = picture(house, alt="Before"), signed_in(house.people[role], "studio")
    if domain:
        shown_on(house, image, domain)
    path = f"/acme/media/{image.pk}/"
    assert client.post(path, {"alt": "After", "focus_x": 5, "focus_y": 5}).status_code == status
    assert client.post(f"{path}replace/", {"file": sent(9)}).status_code == status
    assert client.post(f"{path}forget/").status_code == status
    assert (again(image).alt == "After") == (status == 302)
    assert ("data-describe" in client.get(path).content.decode()) == (status == 302)


@pytest.mark.parametrize("deed", ["replace", "describe", "say", "forget", "delete"])
def test_what_is_published_while_a_deed_is_on_its_way_is_asked_about_once_more(
    house: House, monkeypatch: pytest.MonkeyPatch, deed: str
):
    """Whoever asked first asked about a picture that no reader could see."""
    image = picture(house, alt="Before")
    article = article_on(house, lead_image=image)

    def published(done: Any) -> Any:
        def deed_then(*args: Any, **asked: Any) -> Any:
            with tenant_scope(house.tenant):
                place(article=article, site=house.sites[TECHBLOG])
            return done(*args, **asked)

        return deed_then

    module, name = {"replace": (replacing, "make"), "forget": (replacing, "forget_former"),
                    "delete": (replacing, "discard")}.get(deed, (describing, "describe"))  # fmt: skip
    monkeypatch.setattr(module, name, published(getattr(module, name)))
    author, path = signed_in(house.people["author"], "studio"), f"/acme/media/{image.pk}/"
    said = {"alt": "After", "focus_x": 5, "focus_y": 5}
    if deed in ("describe", "say"):
        answer = author.post(path, said, headers=JSON if deed == "say" else {})
    else:
        answer = author.post(f"{path}{deed}/", {"file": sent(9)} if deed == "replace" else {})
    assert answer.status_code == 403
    assert (again(image).digest, again(image).alt) == (image.digest, "Before")


def test_whoever_writes_may_say_what_a_picture_shows_that_nobody_has_said(house: House):
    image, author = picture(house), signed_in(house.people["author"], "studio")
    shown_on(house, image, TECHBLOG)
    path = f"/acme/media/{image.pk}/"
    assert author.post(path, {"alt": "A boat", "caption": "Mine"}, headers=JSON).status_code == 403
    assert author.post(path, {"alt": "A boat"}, headers=JSON).json()["alt"] == "A boat"
    refused = author.post(path, {"alt": "Another"}, headers=JSON)
    assert (refused.status_code, refused.json()["error"][:11]) == (403, "You may not")
    viewer = signed_in(house.people["viewer"], "studio")
    assert viewer.post(f"/acme/media/{picture(house, 5).pk}/", {"alt": "x"}, headers=JSON).status_code == 403


def test_a_picture_is_replaced_and_its_former_files_are_forgotten_when_asked(
    house: House, editor: Client, django_capture_on_commit_callbacks
):
    image = picture(house)
    path = f"/acme/media/{image.pk}/"
    assert "What it was before" not in text_of(editor, path)
    assert editor.post(f"{path}replace/", {"file": sent(9, "new.png")})["Location"] == path
    assert again(image).name == "new.png"
    assert "What it was before" in text_of(editor, path)
    with django_capture_on_commit_callbacks(execute=True):
        assert editor.post(f"{path}forget/")["Location"] == path
    assert not file_of(image, 60, "webp").exists()


@pytest.mark.parametrize("data", [b"", b"<svg/>"])
def test_what_is_no_picture_replaces_none_and_says_why(house: House, editor: Client, data: bytes):
    image = picture(house)
    for headers in ({}, JSON):
        answer = editor.post(
            f"/acme/media/{image.pk}/replace/", {"file": SimpleUploadedFile("x.png", data)}, headers=headers
        )
        assert answer.status_code == 400
        assert b"x.png" in answer.content
    assert again(image).digest == image.digest


def test_a_picture_that_nobody_uses_is_deleted_and_one_that_is_used_stays(house: House, editor: Client):
    image, shown = picture(house), picture(house, 1)
    shown_on(house, shown, TECHBLOG)
    assert editor.post(f"/acme/media/{image.pk}/delete/")["Location"] == "/acme/media/"
    with tenant_scope(house.tenant):
        assert list(Image.objects.all()) == [shown]
    answer = editor.post(f"/acme/media/{shown.pk}/delete/", follow=True)
    assert answer.redirect_chain == [(f"/acme/media/{shown.pk}/", 302)]
    assert "is used by the article" in answer.content.decode()
    with tenant_scope(house.tenant):
        assert Image.objects.filter(pk=shown.pk).exists()


# --- Choosing --------------------------------------------------------------------------------------------------------


def test_the_dialog_is_given_what_a_form_and_a_body_need(house: House, editor: Client):
    image = picture(house, alt='A "boat"', caption="Now")
    page = editor.get("/acme/media/choose/").content.decode()
    button = re.search(r"<button[^>]*data-picture[^>]*>", page)
    assert button
    for name, value in {
        "picture": image.pk, "src": f"/media/{image.stem}-60.webp", "alt": "A &quot;boat&quot;", "caption": "Now",
        "width": 60, "height": 40, "page": f"/acme/media/{image.pk}/",
        "thumb": f"/acme/media/file/{image.stem}-60.webp",
    }.items():  # fmt: skip
        assert f'data-{name}="{value}"' in button[0]
    assert "<html" not in page


def test_a_form_holds_a_picture_by_its_number(settings, house: House, editor: Client):
    settings.ROOT_URLCONF = "studio.urls"
    image = picture(house, alt="A boat")
    request = editor.get("/acme/media/").wsgi_request
    source = '{% include "studio/pictures/choice.html" with name="lead_image" image=image label="Lead picture" %}'
    with_one, without = (Template(source).render(Context({"request": request, "image": one})) for one in (image, None))
    assert f'<input type="hidden" name="lead_image" value="{image.pk}"' in with_one
    assert 'data-chooses="/acme/media/choose/" data-upload="/acme/media/upload/"' in with_one
    assert 'name="lead_image" value=""' in without


@pytest.mark.parametrize("needed", [True, False])
def test_that_another_file_ends_an_approval_is_said_where_it_is_needed(house: House, editor: Client, needed: bool):
    image = picture(house)
    Tenant.objects.filter(pk=house.tenant.pk).update(needs_approval=needed)
    html = editor.get(f"/acme/media/{image.pk}/").content.decode()
    assert ("An approved article that shows it is a draft again" in html) == needed
