"""A picture is replaced in its place, described, forgotten, deleted: and everything that shows it follows."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from publishing.describing import describe
from publishing.encoding import RefusedImage
from publishing.images import file_of, media_path, shown_in, store, used, with_todays_names
from publishing.models import Article, Byline, Draft, Image, Revision
from publishing.replacing import StillUsed, discard, forget_former, replace
from publishing.writing import revise
from sites_core.models import Brand, SiteState
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


def drawn(colour: str = "red", size: tuple[int, int] = (1000, 500)) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def picture(house: House, colour: str = "red", **fields: Any) -> Image:
    return store(house.tenant, drawn(colour), name=f"{colour}.png", **fields)


def named(image: Image, words: str = "") -> str:
    return f"Before.\n\n![{words}]({image.url_for(960)})\n\nAfter."


def generation(house: House, domain: str) -> int:
    return SiteState.objects.get(site=house.sites[domain]).generation


# --- Replaced --------------------------------------------------------------------------------------------------------


def test_the_new_file_takes_the_place_of_the_old_one_everywhere(house: House):
    image = picture(house, alt="A boat")
    led = article_on(house, TECHBLOG, title="Led", lead_image=image)
    in_text = article_on(house, FINANCEBLOG, title="Named", body=named(image))
    Brand.objects.filter(site=house.sites[TECHBLOG]).update(logo=image.digest, logo_width=1000, logo_height=500)
    before, revisions = (generation(house, TECHBLOG), generation(house, FINANCEBLOG)), Revision.objects.count()
    after = replace(image=image, data=drawn("blue", (700, 400)), name="boat.png")
    assert (after.pk, after.name, after.width, after.widths) == (image.pk, "boat.png", 700, [480, 700])
    assert (after.alt, after.digest != image.digest) == ("A boat", True)
    led.refresh_from_db()
    in_text.refresh_from_db()
    assert led.lead_image == after
    assert after.url_for(960) in in_text.body
    assert image.stem not in in_text.body + in_text.html
    assert f"{after.stem}-700.avif 700w" in in_text.html
    assert in_text.stems == [after.stem]
    brand = Brand.objects.get(site=house.sites[TECHBLOG])
    assert (brand.logo, brand.logo_width, brand.logo_height) == (after.digest, 700, 400)
    assert generation(house, TECHBLOG) > before[0]
    assert generation(house, FINANCEBLOG) > before[1]
    # No word changed.
    assert Revision.objects.count() == revisions
    assert Article.objects.get(pk=in_text.pk).updated_at == in_text.updated_at


def test_the_former_files_stay_for_pages_that_others_hold_until_they_are_forgotten(
    house: House, django_capture_on_commit_callbacks
):
    image = picture(house)
    old = file_of(image, 960, "webp")
    after = replace(image=image, data=drawn("blue"), name="b.png")
    assert old.is_file()
    assert after.bytes == image.bytes + sum(
        file_of(after, w, s).stat().st_size for w in after.widths for s in after.formats
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_former(image=after) == 1
    after.refresh_from_db()
    assert not old.exists()
    assert after.bytes == used(house.tenant) == sum(file.stat().st_size for file in old.parent.iterdir())


def test_whoever_saves_a_text_that_names_the_former_file_shows_the_new_one(house: House):
    image = picture(house, alt="A boat")
    article = article_on(house, TECHBLOG, body="Nothing yet.")
    late = named(image)
    after = replace(image=image, data=drawn("blue"), name="b.png")
    revise(article=article, body=late)
    assert f"{after.stem}-960.jpg" in article.html
    assert image.stem not in article.html
    assert with_todays_names(house.tenant.pk, late) == named(after)
    assert with_todays_names(house.tenant.pk, named(after)) == named(after)
    assert shown_in(house.tenant.pk, late)[image.stem].alt == "A boat"


def test_a_picture_that_is_older_than_the_history_is_followed_too(house: House):
    image = picture(house)
    from django.db import connection

    Image.objects.filter(pk=image.pk).update(bytes=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM publishing_imageevent")
    image.refresh_from_db()
    after = replace(image=image, data=drawn("blue"), name="b.png")
    assert with_todays_names(house.tenant.pk, named(image)) == named(after)


def test_another_tenants_texts_and_logos_stay_what_they_are(house: House):
    theirs = bolt()
    ours = picture(house)
    with tenant_scope(theirs.tenant):
        same = store(theirs.tenant, drawn(), name="red.png")
        article = article_on(theirs, LANTERN, body=named(same))
    Brand.objects.filter(site=theirs.sites[LANTERN]).update(logo=same.digest, logo_width=1000, logo_height=500)
    replace(image=ours, data=drawn("blue"), name="b.png")
    with tenant_scope(theirs.tenant):
        article.refresh_from_db()
        same.refresh_from_db()
    assert same.url_for(960) in article.body
    assert Brand.objects.get(site=theirs.sites[LANTERN]).logo == same.digest == ours.digest


def test_the_same_file_again_changes_nothing(house: House):
    image = picture(house)
    assert replace(image=image, data=drawn(), name="other.png").name == "red.png"


def test_a_file_that_is_another_picture_already_is_refused(house: House):
    image, other = picture(house), picture(house, "blue")
    with pytest.raises(RefusedImage, match=r"is in the library already, as “blue\.png”"):
        replace(image=image, data=drawn("blue"), name="x.png")
    assert Image.objects.get(pk=image.pk).digest == image.digest != other.digest


def test_what_is_no_picture_replaces_none(house: House):
    image = picture(house)
    with pytest.raises(RefusedImage):
        replace(image=image, data=b"<svg/>", name="x.svg")
    assert Image.objects.get(pk=image.pk).digest == image.digest


def test_a_full_quota_refuses_and_leaves_everything_as_it_was(house: House):
    image = picture(house)
    article = article_on(house, TECHBLOG, body=named(image))
    files = set(media_path(house.tenant.pk, "x").parent.iterdir())
    Tenant.objects.filter(pk=house.tenant.pk).update(quota_bytes=image.bytes + 10)
    with pytest.raises(RefusedImage, match="no room"):
        replace(image=image, data=drawn("blue"), name="b.png")
    assert Image.objects.get(pk=image.pk).digest == image.digest
    assert Article.objects.get(pk=article.pk).body == article.body
    assert set(media_path(house.tenant.pk, "x").parent.iterdir()) == files


# --- Described -------------------------------------------------------------------------------------------------------


def test_new_words_are_in_every_text_that_has_none_of_its_own(house: House):
    image = picture(house)
    silent, spoken = article_on(house, TECHBLOG, body=named(image)), article_on(house, body=named(image, "Own words"))
    revisions = Revision.objects.count()
    describe(image=image, alt="A red boat", caption="Seen today", focus_x=10, focus_y=90)
    silent.refresh_from_db()
    spoken.refresh_from_db()
    assert 'alt="A red boat"' in silent.html
    assert 'alt="Own words"' in spoken.html
    assert Revision.objects.count() == revisions
    image.refresh_from_db()
    assert (image.caption, image.focus_x, image.focus_y) == ("Seen today", 10, 90)


def test_what_only_decorates_has_no_words(house: House):
    image = picture(house, alt="A line")
    described = describe(image=image, decorative=True, alt="Still a line")
    assert (described.decorative, described.alt) == (True, "")
    assert describe(image=image, decorative=False, alt="A line").alt == "A line"


def test_a_description_that_changes_nothing_is_seen_by_nobody(house: House):
    image = picture(house, alt="A boat")
    article_on(house, TECHBLOG, lead_image=image)
    before = generation(house, TECHBLOG)
    describe(image=image, alt="A boat", focus_x=50)
    assert generation(house, TECHBLOG) == before
    describe(image=image, focus_x=51)
    assert generation(house, TECHBLOG) > before


# --- Deleted ---------------------------------------------------------------------------------------------------------


def test_what_nobody_uses_is_deleted_with_all_its_files(house: House, django_capture_on_commit_callbacks):
    image = replace(image=picture(house), data=drawn("blue"), name="b.png")
    folder = media_path(house.tenant.pk, "x").parent
    with django_capture_on_commit_callbacks(execute=True) as later:
        discard(image=image)
        assert any(folder.iterdir())
    assert later
    assert not any(folder.iterdir())
    assert not Image.objects.exists()


def use(house: House, image: Image, how: str) -> None:
    match how:
        case "the article “Led”":
            article_on(house, title="Led", lead_image=image)
        case "the article “Named”":
            article_on(house, title="Named", body=named(image))
        case "the article “Placed”":
            article_on(house, TECHBLOG, title="Placed").placements.update(image=image)
        case "the portrait of Mara":
            Byline.objects.create(tenant=house.tenant, slug="mara", name="Mara", picture=image)
        case "the logo of Techblog":
            Brand.objects.filter(site=house.sites[TECHBLOG]).update(logo=image.digest)
        case _:
            article = article_on(house, title="Begun")
            user = house.people["author"]
            Draft.objects.create(tenant=house.tenant, article=article, user=user, base=1, words={"body": named(image)})


@pytest.mark.parametrize(
    "how",
    [
        "the article “Led”", "the article “Named”", "the article “Placed”", "the portrait of Mara",
        "the logo of Techblog", "what Acme's author is writing in “Begun”",
    ],
)  # fmt: skip
def test_what_is_used_stays_and_the_refusal_says_where(house: House, how: str):
    image = picture(house)
    use(house, image, how)
    with pytest.raises(StillUsed) as refused:
        discard(image=image)
    assert str(refused.value).startswith(f"“red.png” is used by {how}. Take it out there first")
    assert file_of(image, 960, "webp").is_file()


def test_files_of_a_picture_that_came_back_meanwhile_stay(
    house: House, django_capture_on_commit_callbacks, media_root: Path
):
    image = picture(house)
    with django_capture_on_commit_callbacks() as later:
        discard(image=image)
    again = picture(house)
    for removal in later:
        removal()
    assert file_of(again, 960, "webp").is_file()
