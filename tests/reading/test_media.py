"""Pictures: the owning tenant's alone, and nothing but pictures."""

import io
from pathlib import Path

import pytest
from PIL import Image as Pillow

from publishing import images
from publishing.models import Image, Placement
from publishing.writing import revise
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt
from tests.reading.visiting import reader, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


def picture(owner: House, colour: str = "red", **fields: str) -> Image:
    data = io.BytesIO()
    Pillow.new("RGB", (1000, 500), colour).save(data, "PNG")
    with tenant_scope(owner.tenant):
        return images.store(owner.tenant, data.getvalue(), name="p.png", **fields)


def test_a_picture_is_served_for_ever_on_each_site_of_its_tenant() -> None:
    owner = acme()
    path = picture(owner).url_for(480)
    for domain in (TECHBLOG, FINANCEBLOG):
        response = reader(domain).get(path)
        assert response.status_code == 200
        assert response["Content-Type"] == "image/webp"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response.getvalue()[8:12] == b"WEBP"
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
        "a" * 32 + "-480.webp/", "a" * 32 + "-999999.webp", "a" * 5000,
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
        assert f"{lead.url_for(480)} 480w, {lead.url_for(960)} 960w" in theirs
    assert "<figcaption>A caption</figcaption>" in text_of(reader(TECHBLOG), "/seen/")
