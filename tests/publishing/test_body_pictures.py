"""The tenant's own pictures in a body: in every width and format when it is saved, and nobody else's."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image as Pillow

from publishing import images
from publishing.bodies import render
from publishing.bodies.pictures import MOST, OwnPicture, named_in
from publishing.models import Image
from publishing.writing import revise, write
from tenants.scope import tenant_scope
from tests.cast import House, acme, bolt

STEM = "ab" * 16
SRC = f"/media/{STEM}-960.webp"
PICTURE = OwnPicture(
    (("image/avif", "/a-480.avif 480w, /a-960.avif 960w"), ("image/webp", "/a-480.webp 480w")),
    "/a-960.jpg", "/a-480.jpg 480w, /a-960.jpg 960w", 1600, 800, 'A "cat"',
)  # fmt: skip
KNOWN = {STEM: PICTURE}


def shown(source: str, body_format: str = "html") -> str:
    return render(source, "markdown" if body_format == "markdown" else "html", KNOWN).html


def test_a_picture_of_the_tenant_is_shown_in_every_format_with_its_size_and_late() -> None:
    html = shown(f"![A view]({SRC})", "markdown")
    sizes = 'sizes="(min-width: 768px) 704px, 100vw"'
    assert html == (
        f'<p><picture><source type="image/avif" srcset="/a-480.avif 480w, /a-960.avif 960w" {sizes}>'
        f'<source type="image/webp" srcset="/a-480.webp 480w" {sizes}>'
        f'<img src="/a-960.jpg" srcset="/a-480.jpg 480w, /a-960.jpg 960w" {sizes} width="1600" height="800" '
        'alt="A view" loading="lazy" decoding="async"></picture></p>\n'
    )


def test_the_pictures_own_words_stand_in_for_those_that_the_body_lacks() -> None:
    assert 'alt="A &quot;cat&quot;"' in shown(f'<img src="{SRC}">')
    assert 'alt="Mine"' in shown(f'<img src="{SRC}" alt="Mine">')
    # They are enough for a link around it.
    assert "aria-label" not in shown(f'<a href="/x"><img src="{SRC}"></a>')


def test_what_is_said_of_a_picture_stays_within_its_attributes() -> None:
    harm = 'a"><script>alert(1)</script>'
    known = {STEM: OwnPicture(((harm, harm),), harm, harm, 1600, 800, harm)}
    html = render(f'<img src="{SRC}">', "html", known).html
    assert "<script" not in html
    assert html.count("a&quot;&gt;&lt;script&gt;") == 4
    assert 'src="a%22%3E%3Cscript%3E' in html


def test_the_author_decides_how_wide_and_never_distorts_it() -> None:
    html = shown(f'<img src="{SRC}" width="400" height="900" title="T">')
    assert 'width="400" height="200"' in html
    assert 'sizes="(min-width: 464px) 400px, 100vw"' in html
    assert 'title="T"' in html
    assert 'width="1600" height="800"' in shown(f'<img src="{SRC}" width="9999">')
    assert 'width="1600" height="800"' in shown(f'<img src="{SRC}" width="0">')


@pytest.mark.parametrize(
    "src", [f"https://else.test{SRC}", f"{SRC}?x", f"/media/{'0' * 32}-960.webp", f"/media/{STEM}-960.svg", f"/x{SRC}"]
)
def test_what_is_not_known_stays_an_image(src: str) -> None:
    html = shown(f'<img src="{src}" alt="x">')
    assert "<picture" not in html
    assert f'<img src="{src}"' in html


def test_figures_and_their_captions_stay() -> None:
    html = shown(f'<figure class="align-left"><a href="/x"><img src="{SRC}"></a><figcaption>So</figcaption></figure>')
    assert re.fullmatch(
        r'<figure class="align-left"><a href="/x"[^>]*><picture>.*</picture></a><figcaption>So</figcaption></figure>',
        html,
    )


def test_a_body_names_each_picture_once_and_no_more_than_a_bound() -> None:
    assert named_in(f"{SRC} x {SRC} /media/{'0' * 32}-1.avif /media/{'1' * 31}-1.avif") == [STEM, "0" * 32]
    assert len(named_in(" ".join(f"/media/{number:032x}-1.jpg" for number in range(2 * MOST)))) == MOST


@pytest.fixture
def owner(db: None, settings, tmp_path: Path) -> House:
    settings.MEDIA_ROOT = tmp_path
    return acme()


def picture(house: House) -> Image:
    out = io.BytesIO()
    Pillow.new("RGB", (1000, 500), "red").save(out, "PNG")
    return images.store(house.tenant, out.getvalue(), name="p.png", alt="Red")


def test_what_is_written_and_revised_shows_the_tenants_pictures_and_nobody_elses(owner: House) -> None:
    with tenant_scope(owner.tenant):
        image = picture(owner)
        article = write(tenant=owner.tenant, title="A", body=f"![x]({image.url_for(960)})")
        assert f'<source type="image/avif" srcset="/media/{image.stem}-480.avif 480w' in article.html
        assert f'src="/media/{image.stem}-960.jpg"' in article.html
        assert 'width="1000" height="500"' in article.html
        revise(article=article, body="none")
        assert "<picture" not in article.html
        revise(article=article, body=f'<img src="{image.url_for(480)}">', body_format="html")
        assert 'alt="Red"' in article.html
    stranger = bolt()
    with tenant_scope(stranger.tenant):
        theirs = write(tenant=stranger.tenant, title="B", body=f"![x]({image.url_for(960)})")
        assert "<picture" not in theirs.html
