import io
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngImageFile

from publishing.encoding import tidy_name
from publishing.images import (
    MOST_BYTES,
    RefusedImage,
    complete,
    count,
    file_of,
    lacks_formats,
    media_path,
    receive,
    shown_in,
    store,
    used,
)  # fmt: skip
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


def kind_of(file: Path) -> tuple[str | None, tuple[int, int]]:
    with Pillow.open(file) as variant:
        return variant.format, variant.size


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_a_picture_is_written_anew_in_three_widths_and_formats(tenant, kind: str):
    image = store(tenant, picture(kind=kind), name=f"photo.{kind.lower()}", alt="Red")
    assert (image.width, image.height, image.widths) == (2000, 1000, [480, 960, 1600])
    assert image.formats == ["avif", "webp", "jpg"]
    for width in image.widths:
        kinds = [kind_of(file_of(image, width, suffix)) for suffix in image.formats]
        assert kinds == [(name, (width, width // 2)) for name in ("AVIF", "WEBP", "JPEG")]
    assert image.url_for(700) == f"/media/{image.stem}-960.webp"
    assert image.url_for(5000).endswith("-1600.webp")


def see_through() -> bytes:
    out = io.BytesIO()
    logo = Pillow.new("RGBA", (600, 300), (0, 90, 60, 255))
    logo.paste((0, 0, 0, 0), (0, 0, 300, 300))
    logo.save(out, "PNG")
    return out.getvalue()


def test_what_one_can_see_through_stays_so_in_every_format(tenant):
    image = store(tenant, see_through(), name="logo.png")
    assert image.formats == ["avif", "webp", "png"]
    for suffix in image.formats:
        with Pillow.open(file_of(image, 480, suffix)) as variant:
            opacity = variant.convert("RGBA").getchannel("A")
        assert (opacity.getpixel((10, 10)), opacity.getpixel((470, 10))) == (0, 255)


def test_a_fourth_channel_in_vain_costs_nothing(tenant):
    assert store(tenant, picture(mode="RGBA"), name="screen.png").formats == ["avif", "webp", "jpg"]


def test_what_moves_is_kept_as_its_first_image(tenant):
    out = io.BytesIO()
    frames = [Pillow.new("RGB", (600, 300), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100, loop=0)
    image = store(tenant, out.getvalue(), name="moving.gif")
    for suffix in image.formats:
        with Pillow.open(file_of(image, 480, suffix)) as variant:
            assert not getattr(variant, "is_animated", False)
            red, _, blue = variant.convert("RGB").resize((1, 1)).split()
            assert red.tobytes() > b"\xc8" > b"\x32" > blue.tobytes()


def test_a_strip_of_many_pixels_goes_without_the_dearest_format(tenant):
    image = store(tenant, picture(1600, 5000), name="strip.png")
    assert image.formats == ["webp", "jpg"]
    assert not lacks_formats(image)


def as_it_was_kept_before(image: Image) -> Image:
    """The picture with WebP files alone, as the first releases made them."""
    for width in image.widths:
        for suffix in image.formats:
            if suffix != "webp":
                file_of(image, width, suffix).unlink()
    image.formats = ["webp"]
    image.save()
    return image


@pytest.mark.parametrize(("data", "last"), [(picture(), "jpg"), (see_through(), "png")])
def test_a_picture_of_an_older_release_is_completed_and_no_file_is_written_over(tenant, data: bytes, last: str):
    image = as_it_was_kept_before(store(tenant, data, name="old.png"))
    before = {path: path.read_bytes() for path in media_path(tenant.pk, "x").parent.iterdir()}
    assert lacks_formats(image)
    complete(image)
    image.refresh_from_db()
    assert image.formats == ["avif", "webp", last]
    assert not lacks_formats(image)
    assert all(file_of(image, width, suffix).is_file() for width in image.widths for suffix in image.formats)
    assert {path: path.read_bytes() for path in before} == before


def test_a_picture_whose_file_is_gone_cannot_be_completed(tenant):
    image = as_it_was_kept_before(store(tenant, picture(), name="old.png"))
    file_of(image, 1600, "webp").unlink()
    with pytest.raises(RefusedImage, match=r"old\.png: .*-1600\.webp cannot be read"):
        complete(image)
    image.refresh_from_db()
    assert image.formats == ["webp"]


def test_the_pictures_of_a_body_are_found_in_one_statement_and_only_the_tenants_own(tenant, django_assert_num_queries):
    ours = [store(tenant, picture(width, 100), name="a.png") for width in (100, 101, 102)]
    theirs = bolt()
    with tenant_scope(theirs.tenant):
        foreign = store(theirs.tenant, picture(103, 100), name="b.png")
    body = " ".join(f"![]({image.url_for(960)})" for image in ours)
    with django_assert_num_queries(1):
        found = shown_in(tenant.pk, body)
    assert found.keys() == {image.stem for image in ours}
    # What is none of today's may be one that was replaced: the history is asked too.
    with django_assert_num_queries(2):
        found = shown_in(tenant.pk, f"{body} ![]({foreign.url_for(960)}) ![](/media/{'0' * 32}-480.webp)")
    assert found.keys() == {image.stem for image in ours}
    assert found[ours[0].stem].src == f"/media/{ours[0].stem}-100.jpg"
    with django_assert_num_queries(0):
        assert shown_in(tenant.pk, "no picture, though /media/ is named") == {}


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
    assert all(b"secret place" not in file_of(image, 480, suffix).read_bytes() for suffix in image.formats)


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


# --- What is counted -------------------------------------------------------------------------------------------------


def on_disk(tenant) -> int:
    return sum(file.stat().st_size for file in media_path(tenant.pk, "x").parent.iterdir())


def test_a_picture_knows_what_its_files_take(tenant):
    first, second = store(tenant, picture(), name="a.png"), store(tenant, see_through(), name="b.png")
    assert first.bytes + second.bytes == used(tenant) == on_disk(tenant)


def test_completing_counts_and_so_does_counting_what_an_older_release_left_uncounted(tenant):
    image = as_it_was_kept_before(store(tenant, picture(), name="old.png"))
    complete(image)
    assert image.bytes == on_disk(tenant)
    Image.objects.update(bytes=0)
    image.refresh_from_db()
    count(image)
    assert used(tenant) == on_disk(tenant)


# --- The quota -------------------------------------------------------------------------------------------------------


def limited(tenant, quota: int):
    type(tenant).objects.filter(pk=tenant.pk).update(quota_bytes=quota)
    return tenant


def test_what_members_upload_stays_within_the_quota(tenant, media):
    first, is_new = receive(tenant, picture(300, 200), name="a.png")
    assert is_new
    limited(tenant, first.bytes + 10)
    before = set(media.rglob("*"))
    with pytest.raises(RefusedImage, match=r"no room.*Acme"):
        receive(tenant, picture(301, 200), name="b.png")
    assert set(media.rglob("*")) == before
    assert Image.objects.count() == 1


def test_the_same_file_again_needs_no_room(tenant):
    first, _ = receive(tenant, picture(300, 200), name="a.png")
    limited(tenant, 1)
    assert receive(tenant, picture(300, 200), name="b.png") == (first, False)


def test_what_an_operator_brings_in_counts_and_is_not_refused(tenant):
    limited(tenant, 1)
    assert store(tenant, picture(300, 200), name="a.png").bytes == used(tenant) > 1


def test_a_name_is_of_what_one_can_see_and_leads_nowhere(tenant):
    assert tidy_name("C:\\a\\b\x00\u202egnp.exe") == "bgnp.exe"
    assert tidy_name("../..") == tidy_name("\u200b") == tidy_name(" ") == "picture"
    assert len(tidy_name("a" * 900)) == 200
    assert store(tenant, picture(9, 9), name="a\x00b.png").name == "ab.png"


def with_red_and_blue_exchanged() -> bytes:
    """A colour profile: that of sRGB with two of its primaries in each other's place, under another name."""
    from PIL import ImageCms

    profile = bytearray(
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes().replace(b"s\0R\0G\0B", b"x" * 7)
    )
    red, blue = (profile.index(name) for name in (b"rXYZ", b"bXYZ"))
    profile[red : red + 4], profile[blue : blue + 4] = profile[blue : blue + 4], profile[red : red + 4]
    return bytes(profile)


def test_a_profile_of_colours_is_worked_into_the_pixels_and_not_kept(tenant):
    out = io.BytesIO()
    Pillow.new("RGB", (64, 64), (0, 0, 200)).save(out, "PNG", icc_profile=with_red_and_blue_exchanged())
    image = store(tenant, out.getvalue(), name="a.png")
    for suffix in image.formats:
        with Pillow.open(file_of(image, 64, suffix)) as shown:
            assert "icc_profile" not in shown.info
            red, _, blue = shown.convert("RGB").getpixel((9, 9))  # type: ignore[misc]  # of three channels
        assert red > 180
        assert blue < 20
