"""What must be mended before an article is published."""

import io
from typing import Any

import pytest
from PIL import Image as Pillow

from publishing.describing import describe
from publishing.images import store
from publishing.models import Article, Image
from publishing.readiness import problems
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]


def picture(house: House, shade: int = 0, **fields: Any) -> Image:
    out = io.BytesIO()
    Pillow.new("RGB", (60, 40), (shade, 9, 9)).save(out, "PNG")
    return store(house.tenant, out.getvalue(), name=f"p{shade}.png", quickly=True, **fields)


def lacks(image: Image, where: str) -> str:
    return f"The picture “{image.name}”, {where}, has no alternative text: say what it shows, or mark it as decorative."


def test_an_article_of_words_alone_needs_a_title_and_nothing_else(house: House):
    assert problems(article_on(house)) == []
    assert problems(article_on(house, title=" ")) == ["The article has no title: give it one."]


def test_each_picture_that_is_shown_needs_words_wherever_it_is_shown(house: House):
    lead, own, in_text = (picture(house, shade) for shade in range(3))
    body = f"![]({in_text.url_for(960)}) ![]({in_text.url_for(480)})"
    article = article_on(house, TECHBLOG, FINANCEBLOG, lead_image=lead, body=body)
    article.placements.filter(site=house.sites[FINANCEBLOG]).update(image=own)
    assert problems(article) == [
        lacks(lead, "at the head of the article"), lacks(own, "on Financeblog"), lacks(in_text, "in the text")
    ]  # fmt: skip


def test_a_picture_in_several_places_is_told_of_once(house: House):
    image = picture(house)
    article = article_on(house, TECHBLOG, lead_image=image, body=f"![]({image.url_for(960)})")
    article.placements.update(image=image)
    assert len(problems(article)) == 1


def test_words_of_the_picture_words_of_the_text_and_decoration_are_enough(house: House):
    said, written, plain = picture(house, 0, alt="A boat"), picture(house, 1), picture(house, 2)
    describe(image=plain, decorative=True)
    body = f"![]({said.url_for(960)}) ![Here]({written.url_for(960)}) ![]({plain.url_for(960)})"
    assert problems(article_on(house, TECHBLOG, lead_image=said, body=body)) == []


def test_it_is_ready_as_soon_as_the_picture_is_described(house: House):
    image = picture(house)
    article = article_on(house, TECHBLOG, body=f"![]({image.url_for(960)})")
    assert problems(article)
    describe(image=image, alt="A boat")
    assert problems(Article.objects.get(pk=article.pk)) == []


def test_pictures_that_lie_elsewhere_and_captions_are_nobodys_concern(house: House):
    article = article_on(house, TECHBLOG, body=f"![](https://elsewhere.test/a.png) ![](/media/{'0' * 32}-480.webp)")
    assert problems(article) == []


@pytest.mark.parametrize("number", [1, 3, 12])
def test_it_is_asked_in_as_many_statements_however_many_pictures(
    house: House, django_assert_max_num_queries, number: int
):
    images = [picture(house, shade) for shade in range(number)]
    body = " ".join(f"![]({image.url_for(960)})" for image in images)
    article = article_on(house, TECHBLOG, FINANCEBLOG, lead_image=images[0], body=body)
    article = Article.objects.get(pk=article.pk)
    with django_assert_max_num_queries(3):
        assert len(problems(article)) == number
