import io

import pytest
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngImageFile

from publishing.images import MOST_BYTES, RefusedImage, media_path, store
from publishing.models import Image
from tenants.scope import tenant_scope
from tests.cast import acme, bolt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def tenant():
    ours = acme()
    with tenant_scope(ours.tenant):
        yield ours.tenant


def picture(width: int = 2000, height: int = 1000, kind: str = "PNG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Pillow.new(mode, (width, height), 1 if mode == "1" else "red").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_written_anew_in_three_widths(tenant, kind: str):
    image = store(tenant, picture(kind=kind), name=f"photo.{kind.lower()}", alt="Red")
    assert (image.width, image.height, image.widths) == (2000, 1000, [480, 960, 1600])
    for width in image.widths:
        with Pillow.open(media_path(tenant.pk, f"{image.stem}-{width}.webp")) as variant:
            assert (variant.format, variant.size) == ("WEBP", (width, width // 2))
    assert image.url_for(700) == f"/media/{image.stem}-960.webp"
    assert image.url_for(5000).endswith("-1600.webp")


def test_a_small_picture_is_not_blown_up(tenant):
    assert store(tenant, picture(300, 200), name="small.png").widths == [300]


def test_the_same_file_is_kept_once_for_a_tenant(tenant):
    assert store(tenant, picture(), name="a.png") == store(tenant, picture(), name="b.png")
    other = bolt()
    with tenant_scope(other.tenant):
        store(other.tenant, picture(), name="a.png")
        assert Image.objects.count() == 1


def test_metadata_does_not_survive(tenant):
    exif = Pillow.Exif()
    exif[0x010E] = "secret place"
    out = io.BytesIO()
    Pillow.new("RGB", (600, 400)).save(out, "JPEG", exif=exif)
    image = store(tenant, out.getvalue(), name="a.jpg")
    assert b"secret place" not in media_path(tenant.pk, f"{image.stem}-480.webp").read_bytes()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "drawing.svg": SVG,
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "lie.png": b"<!doctype html><title>x</title>",
    "polyglot.gif": b"GIF89a/*" + b"<script>alert(1)</script>*/",
    "empty.png": b"",
    "noise.jpg": bytes(range(256)) * 40,
    "half.png": picture()[:60],
    "bitmap.bmp": picture(10, 10, "BMP"),
    "scan.tiff": picture(10, 10, "TIFF"),
    "print.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_raster_picture_is_refused_with_a_sentence(tenant, media, name: str):
    with pytest.raises(RefusedImage, match=name):
        store(tenant, REFUSED[name], name=name)
    assert list(media.rglob("*")) == []
    assert not Image.objects.exists()


def test_a_bomb_of_169_megapixels_is_refused_by_its_header(tenant, media):
    bomb = picture(13_000, 13_000, mode="1")
    assert len(bomb) < 50_000
    with pytest.raises(RefusedImage, match="169 megapixels"):
        store(tenant, bomb, name="bomb.png")
    assert list(media.rglob("*")) == []


def test_a_file_over_30_mb_is_refused_before_it_is_looked_at(tenant):
    with pytest.raises(RefusedImage, match="MB"):
        store(tenant, b"\x89PNG" + bytes(MOST_BYTES), name="huge.png")


def test_a_name_cannot_lead_out_of_the_tenants_folder(tenant):
    image = store(tenant, picture(), name="../../etc/passwd")
    assert image.name == "passwd"
    assert media_path(tenant.pk, "../../x").name == "x"
    assert media_path(tenant.pk, "../../x").parent.name == str(tenant.pk)


def test_a_damaged_avif_is_refused_with_a_sentence(tenant, media):
    whole = picture(64, 64, "AVIF")
    middle = len(whole) // 2
    for damaged in (whole[:-20], whole[:middle] + bytes(len(whole) - middle), whole[:-40] + bytes(40)):
        with pytest.raises(RefusedImage, match=r"a\.avif"):
            store(tenant, damaged, name="a.avif")
    assert not Image.objects.exists()


@pytest.mark.parametrize("error", [RuntimeError, TypeError, ValueError, MemoryError])
@pytest.mark.parametrize("deed", ["load", "save"])
def test_whatever_a_codec_raises_is_a_refusal(tenant, media, monkeypatch: pytest.MonkeyPatch, error, deed: str):
    data = picture(64, 64)

    def fails(*args: object, **options: object) -> None:
        raise error("codec")

    monkeypatch.setattr(Pillow.Image if deed == "save" else PngImageFile, deed, fails)
    with pytest.raises(RefusedImage, match="codec"):
        store(tenant, data, name="a.png")
    assert list(media.rglob("*")) == []


def test_a_side_longer_than_webp_can_be_is_refused(tenant):
    store(tenant, picture(2, 16_383), name="tower.png")
    with pytest.raises(RefusedImage, match=r"16,384 pixels long.*16,383"):
        store(tenant, picture(2, 16_384), name="tower.png")
