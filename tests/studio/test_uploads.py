"""Hostile files: each is refused in a sentence, or what is stored of it is a picture and nothing else."""

import io
import re
from pathlib import Path
from time import monotonic

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from publishing import encoding
from publishing.encoding import MOST_BYTES
from publishing.models import Image
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.cast import House, signed_in
from tests.studio.hostile_files import KINDS, files_of
from tests.studio.hostile_files.sent import Sent, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]

UPLOAD = "/acme/media/upload/"
FORMATS = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG", "png": "PNG"}
# Seconds. A bomb takes minutes, the slowest of these half a one.
PATIENCE = 15


@pytest.fixture
def author(house: House) -> Client:
    return signed_in(house.people["author"], "studio")


def send(client: Client, sent: Sent):
    file = io.BytesIO(sent.data)
    # Django's own class of files to send would tidy the name; whoever attacks does not.
    file.name, file.content_type = sent.name, sent.content_type  # type: ignore[attr-defined]
    return client.post(UPLOAD, {"file": file}, headers={"accept": "application/json"})


def stored(tenant: Tenant) -> list[Image]:
    with tenant_scope(tenant):
        return list(Image.objects.order_by("pk"))


def test_there_are_more_than_150_of_them():
    assert sum(len(files_of(kind)) for kind in KINDS) > 150


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_file_is_refused_or_becomes_a_picture(
    subtests: pytest.Subtests,
    monkeypatch: pytest.MonkeyPatch,
    house: House,
    author: Client,
    media_root: Path,
    kind: str,
):
    if kind != "bombs":  # of those alone it is told how long they take
        form, options = encoding._ENCODERS["avif"]
        monkeypatch.setitem(encoding._ENCODERS, "avif", (form, options | {"speed": 9}))
    for sent in files_of(kind):
        with subtests.test(sent.about):
            began, before, files = monotonic(), stored(house.tenant), set(media_root.rglob("*"))
            answer = send(author, sent)
            assert monotonic() - began < PATIENCE
            told = answer.json()
            if answer.status_code == 200:
                assert sent.outcome != "refused"
                kept = [image for image in stored(house.tenant) if image.pk == told["id"]]
                is_a_picture_and_nothing_else(author, house, kept[0], media_root, sent)
            else:
                assert 400 <= answer.status_code < 500
                assert sent.outcome != "kept", told
                assert re.fullmatch(r"[^\x00-\x1f]{10,600}\.", told["error"]), told
                assert stored(house.tenant) == before
                assert set(media_root.rglob("*")) == files


def is_a_picture_and_nothing_else(author: Client, house: House, image: Image, media_root: Path, sent: Sent) -> None:
    assert image.name
    assert image.name == image.name.strip()
    assert image.name.isprintable()
    assert not re.search(r"[\\/]", image.name)
    files = [media_root / str(house.tenant.pk) / f"{image.stem}-{w}.{s}" for w in image.widths for s in image.formats]
    assert image.bytes == sum(file.stat().st_size for file in files)
    for file in files:
        data = file.read_bytes()
        with Pillow.open(io.BytesIO(data), formats=[FORMATS[file.suffix[1:]]]) as variant:
            variant.load()
            assert not getattr(variant, "is_animated", False)
            assert not {"exif", "icc_profile", "xmp", "comment", "photoshop", "XML:com.adobe.xmp"} & set(variant.info)
            assert not variant.getexif()
        for payload in sent.payloads:
            assert payload not in data
    answer = author.get(f"/acme/media/file/{files[0].name}")
    assert answer.status_code == 200
    assert answer["Content-Type"] in ("image/avif", "image/webp")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.content == files[0].read_bytes()


def test_the_pixels_of_16_bits_and_of_other_colours_are_shown_as_they_are(house: House, author: Client):
    for sent in files_of("modes"):
        if "16 bits" not in sent.about:
            continue
        send(author, sent)
        image = stored(house.tenant)[-1]
        file = author.get(f"/acme/media/file/{image.stem}-9.{image.formats[-1]}")
        with Pillow.open(io.BytesIO(file.content)) as shown:
            # Each sample is 90 times 257: 90 of 255, with what JPEG makes of it.
            darkest, lightest = shown.convert("L").getextrema()
        assert {darkest, lightest} <= set(range(87, 94)), sent.about


# --- How files arrive ------------------------------------------------------------------------------------------------


def test_a_file_of_more_than_30_mb_is_refused_while_it_arrives_and_leaves_nothing(
    settings, tmp_path: Path, house: House, author: Client
):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    answer = send(author, Sent("", picture() + bytes(MOST_BYTES), name="huge.png"))
    assert answer.status_code == 413
    assert answer.json()["error"] == "huge.png has 31 MB; a picture may have 30."
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []
    assert stored(house.tenant) == []


def test_a_large_file_that_is_taken_leaves_no_temporary_one(settings, tmp_path: Path, house: House, author: Client):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    assert send(author, Sent("", picture() + bytes(4_000_000), name="large.png")).status_code == 200
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


def test_a_request_that_says_that_it_is_endless_is_refused_before_it_is_read(author: Client):
    answer = author.post(
        UPLOAD, {"file": SimpleUploadedFile("a.png", picture())}, headers={"accept": "application/json"},
        CONTENT_LENGTH=str(10**10),
    )  # fmt: skip
    assert answer.status_code == 413
    assert "200 MB" in answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data; boundary=x"), (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x--", "multipart/form-data"), (b"--x--", "multipart/form-data; boundary=" + "y" * 300),
        (b'{"file": 1}', "application/json"), (b"file=1", "application/x-www-form-urlencoded"),
        (b"--x\r\nContent-Disposition: form-data; name=file; filename=a.png\r\n"
         b"Content-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--x--", "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_upload_is_refused_with_a_sentence(author: Client, body: bytes, content_type: str):
    answer = author.post(UPLOAD, body, content_type=content_type, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_too_many_files_at_once_are_refused_with_a_sentence(settings, house: House, author: Client):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    answer = author.post(UPLOAD, {"file": [SimpleUploadedFile(f"{n}.png", b"x") for n in range(4)]})
    assert answer.status_code == 400
    assert "too many parts" in answer.content.decode()


def test_an_upload_that_another_page_sends_is_refused(house: House):
    client = signed_in(house.people["author"], "studio")
    client.handler.enforce_csrf_checks = True
    assert client.post(UPLOAD, {"file": SimpleUploadedFile("a.png", picture())}).status_code == 403
    assert stored(house.tenant) == []
    page = client.get("/acme/media/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert token
    sent = {"file": SimpleUploadedFile("a.png", picture()), "csrfmiddlewaretoken": token[1]}
    assert client.post(UPLOAD, sent).status_code == 302
    by_script = {"file": SimpleUploadedFile("b.png", picture(size=(30, 30)))}
    assert client.post(UPLOAD, by_script, headers={"x-csrftoken": token[1]}).status_code == 302
    assert len(stored(house.tenant)) == 2
