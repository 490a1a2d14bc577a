"""Pictures: the owning tenant's alone, and nothing but pictures."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from publishing import images
from publishing.models import Image, Placement
from publishing.writing import revise
from reading.columns import Picture, picture_from
from reading.environment import environment
from reading.looks import STYLES
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt
from tests.reading.visiting import reader, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


def picture(owner: House, colour: str = "red", **fields: Any) -> Image:
    data = io.BytesIO()
    Pillow.new("RGB", (1000, 500), colour).save(data, "PNG")
    with tenant_scope(owner.tenant):
        return images.store(owner.tenant, data.getvalue(), name="p.png", **fields)


KINDS = {
    "avif": ("image/avif", 4, b"ftypavif"),
    "webp": ("image/webp", 8, b"WEBP"),
    "jpg": ("image/jpeg", 0, b"\xff\xd8"),
}


@pytest.mark.parametrize("suffix", KINDS)
def test_a_picture_is_served_for_ever_on_each_site_of_its_tenant(suffix: str) -> None:
    owner = acme()
    image = picture(owner)
    path = image.url_for(480).replace("webp", suffix)
    media_type, at, signature = KINDS[suffix]
    for domain in (TECHBLOG, FINANCEBLOG):
        response = reader(domain).get(path)
        assert response.status_code == 200
        assert response["Content-Type"] == media_type
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response.getvalue()[at:].startswith(signature)
    head = reader().head(path)
    head.close()
    assert head.status_code == 200


def test_a_foreign_picture_is_missing() -> None:
    owner = acme()
    bolt()
    path = picture(owner).url_for(480)
    there, never = reader(LANTERN).get(path), reader(LANTERN).get("/media/" + "0" * 32 + "-480.webp")
    assert (there.status_code, never.status_code) == (404, 404)
    assert there.content == never.content


@pytest.mark.parametrize(
    "name",
    [
        "../secret.webp", "..%2fsecret.webp", "%2e%2e/secret.webp", "secret.webp", "", "a" * 32 + "-480.svg",
        "A" * 32 + "-480.webp", "a" * 31 + "-480.webp", "a" * 32 + "-480.webp%0a", "a" * 32 + "-480.webp%00",
        "a" * 32 + "-480.webp/", "a" * 32 + "-999999.webp", "a" * 5000, "a" * 32 + "-480.gif", "a" * 32 + "-480.AVIF",
        "a" * 32 + "-480.jpg.html", "a" * 32 + "-480.", "a" * 32 + "-480", "a" * 32 + "-0480.jpg",
    ],
)  # fmt: skip
def test_nothing_but_a_pictures_own_name_is_looked_for(name: str, media_root: Path) -> None:
    acme()
    (media_root / "secret.webp").write_bytes(b"secret")
    response = reader().get(f"/media/{name}")
    assert response.status_code in (301, 404)
    assert b"secret" not in response.content


def test_the_lead_picture_stands_on_the_article_and_its_card_and_a_placements_own_wins() -> None:
    owner = acme()
    lead, own = picture(owner, alt="Theirs", caption="A caption"), picture(owner, "blue", alt="Ours")
    article = article_on(owner, TECHBLOG, FINANCEBLOG, title="Seen")
    with tenant_scope(owner.tenant):
        revise(article=article, lead_image=lead)
        Placement.objects.filter(site=owner.sites[FINANCEBLOG]).update(image=own)
    for path in ("/", "/seen/"):
        theirs, ours = text_of(reader(TECHBLOG), path), text_of(reader(FINANCEBLOG), path)
        assert 'alt="Theirs"' in theirs
        assert lead.stem in theirs
        assert own.stem not in theirs
        assert 'alt="Ours"' in ours
        assert own.stem in ours
        assert lead.stem not in ours
        widths = (
            rf'"/media/{lead.stem}-480\.(\w+) 480w, /media/{lead.stem}-960\.\1 960w, /media/{lead.stem}-1000\.\1 1000w"'
        )
        assert re.search(widths, theirs)
    assert "<figcaption>A caption</figcaption>" in text_of(reader(TECHBLOG), "/seen/")


def pictured(**fields: Any) -> Picture:
    columns: dict[str, Any] = {
        "digest": "ab" * 32, "widths": "[480, 960]", "formats": '["avif", "webp", "jpg"]', "width": 1000, "height": 500,
        "alt": 'A "quoted" cat', "caption": "", "focus_x": 50, "focus_y": 50, **fields,
    }  # fmt: skip
    found = picture_from(**columns, wanted_width=480)
    assert found
    return found


def test_what_a_page_shows_of_a_picture_names_every_format_and_width() -> None:
    shown = pictured()
    stem = "/media/" + "ab" * 16
    assert [source.type for source in shown.sources] == ["image/avif", "image/webp"]
    assert shown.sources[0].srcset == f"{stem}-480.avif 480w, {stem}-960.avif 960w"
    assert (shown.src, shown.srcset) == (f"{stem}-480.jpg", f"{stem}-480.jpg 480w, {stem}-960.jpg 960w")


@pytest.mark.parametrize("formats", ['["webp"]', "[]"])
def test_a_picture_of_an_older_release_is_shown_in_the_format_that_it_has(formats: str) -> None:
    shown = pictured(formats=formats)
    assert shown.sources == ()
    assert shown.src.endswith("-480.webp")


def test_a_picture_without_a_row_or_without_a_file_is_none() -> None:
    assert picture_from(None, "", "", 0, 0, "", "", 0, 0, wanted_width=480) is None
    assert picture_from("ab" * 32, "[]", "[]", 0, 0, "", "", 50, 50, wanted_width=480) is None


def test_the_focus_point_is_named_by_classes_that_the_style_sheet_has() -> None:
    assert pictured(focus_x=50, focus_y=50).focus == ""
    assert pictured(focus_x=52, focus_y=46).focus == ""
    assert pictured(focus_x=0, focus_y=100).focus == "fx-0 fy-100"
    assert pictured(focus_x=33, focus_y=50).focus == "fx-30 fy-50"
    style = (STYLES / "focus.css").read_text()
    for axis in "xy":
        for tenth in range(0, 101, 10):
            assert f".f{axis}-{tenth} {{ --focus-{axis}: {tenth}%; }}" in style


def drawn(picture: Picture, arguments: str) -> str:
    source = f'{{% from "reading/_picture.html" import picture %}}{{{{ picture(shown, {arguments}) }}}}'
    return environment("journal").from_string(source).render(shown=picture)


def test_the_macro_draws_the_sources_that_exist_and_loads_late_unless_it_is_told() -> None:
    html = drawn(pictured(focus_x=30, focus_y=70), "'(min-width: 60rem) 30rem, 100vw', css='wide'")
    assert html.startswith('<picture><source type="image/avif" srcset="/media/')
    assert html.count("<source") == 2
    assert html.count('sizes="(min-width: 60rem) 30rem, 100vw"') == 2
    assert html.count("srcset") == 2
    assert 'class="wide fx-30 fy-70"' in html
    assert 'width="1000" height="500" alt="A &#34;quoted&#34; cat" loading="lazy" decoding="async"></picture>' in html
    eager = drawn(pictured(formats='["webp"]'), "'100vw', eager=true")
    assert "<source" not in eager
    assert eager.count("-960.webp 960w") == 1
    assert "class" not in eager
    assert "lazy" not in eager
    assert 'fetchpriority="high"' in eager
