"""`manage.py render_articles`: what is stored becomes what this release would make of it, and nothing else changes."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image as Pillow

from publishing import images
from publishing.models import Article, Image, Revision
from sites_core.models import SiteState
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(settings, tmp_path: Path) -> House:
    settings.MEDIA_ROOT = tmp_path
    return acme()


@pytest.fixture(autouse=True)
def everybodys() -> Iterator[None]:
    with across_tenants("the test looks at all rows"):
        yield


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("render_articles", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def as_an_older_release_made_it(article: Article) -> Article:
    Article.objects.filter(pk=article.pk).update(html="<p>Old.</p>", text="Old.", word_count=1)
    return article


def row(article: Article) -> dict[str, Any]:
    return dict(Article.objects.filter(pk=article.pk).values().get())


def generations(house: House) -> dict[str, int]:
    return {
        domain: SiteState.objects.values_list("generation", flat=True).get(site=site)
        for domain, site in house.sites.items()
    }


def test_an_article_that_would_be_another_is_rendered_anew_and_its_pages_with_it(owner: House) -> None:
    article = as_an_older_release_made_it(article_on(owner, TECHBLOG, body="## New\n\nWords."))
    before, revisions, seen = row(article), Revision.objects.count(), generations(owner)
    assert "rendered anew: 1 of 1" in run()
    after = row(article)
    assert after["html"] == '<h2 id="s-new">New</h2>\n<p>Words.</p>\n'
    assert (after["text"], after["word_count"]) == ("New Words.", 2)
    unchanged = before.keys() - {"html", "text", "word_count"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert Revision.objects.count() == revisions
    now = generations(owner)
    assert now[TECHBLOG] != seen[TECHBLOG]
    assert now[FINANCEBLOG] == seen[FINANCEBLOG]


def test_where_nothing_would_be_another_nothing_is_written(owner: House) -> None:
    article_on(owner, TECHBLOG)
    seen = generations(owner)
    assert "rendered anew: 0 of 1" in run()
    assert generations(owner) == seen


def test_a_dry_run_says_all_and_writes_nothing(owner: House) -> None:
    article = as_an_older_release_made_it(article_on(owner, TECHBLOG))
    image = older_picture(owner)
    before = row(article)
    said = run("--dry-run", "--pictures")
    assert "would be rendered anew: 1 of 1" in said
    assert "would be completed: 1" in said
    assert row(article) == before
    assert Image.objects.get(pk=image.pk).formats == ["webp"]


def test_only_the_tenants_that_are_named(owner: House) -> None:
    other = bolt()
    ours = as_an_older_release_made_it(article_on(owner, TECHBLOG))
    theirs = as_an_older_release_made_it(article_on(other, LANTERN))
    assert "rendered anew: 1 of 1" in run("--tenant", "bolt")
    assert row(ours)["text"] == "Old."
    assert row(theirs)["text"] == "Words."
    with pytest.raises(CommandError, match=r"no tenant 'nobody'\. Known: acme, bolt") as refused:
        run("--tenant", "nobody")
    assert refused.value.returncode == 2


def test_more_articles_than_a_batch_holds(owner: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publishing.management.commands.render_articles.BATCH", 2)
    for number in range(5):
        as_an_older_release_made_it(article_on(owner, TECHBLOG, title=f"Number {number}"))
    assert "rendered anew: 5 of 5" in run()
    assert not Article.objects.filter(text="Old.").exists()


def test_what_an_editor_writes_meanwhile_stays(owner: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from publishing.management.commands import render_articles

    article = as_an_older_release_made_it(article_on(owner, TECHBLOG))

    def revised_first(articles: list[Article], **options: Any) -> None:
        Article.objects.filter(pk=article.pk).update(body="Newest.")

    monkeypatch.setattr(render_articles, "hold", revised_first)
    run()
    after = row(article)
    assert (after["body"], after["text"]) == ("Newest.", "Newest.")


def older_picture(house: House) -> Image:
    out = io.BytesIO()
    Pillow.new("RGB", (600, 300), "red").save(out, "PNG")
    with tenant_scope(house.tenant):
        image = images.store(house.tenant, out.getvalue(), name="p.png", alt="Red")
    for suffix in ("avif", "jpg"):
        for width in image.widths:
            images.file_of(image, width, suffix).unlink()
    Image.objects.filter(pk=image.pk).update(formats=["webp"])
    return image


def test_pictures_are_completed_before_the_bodies_that_show_them(owner: House) -> None:
    image = older_picture(owner)
    article = article_on(owner, TECHBLOG, body=f"![x]({image.url_for(480)})")
    assert "<source" not in row(article)["html"]
    said = run("--pictures")
    assert "Pictures that were completed: 1" in said
    assert "rendered anew: 1 of 1" in said
    assert Image.objects.get(pk=image.pk).formats == ["avif", "webp", "jpg"]
    assert '<source type="image/avif"' in row(article)["html"]
    assert "completed: 0" in run("--pictures")


def test_a_picture_whose_file_is_gone_is_said_and_the_others_are_completed(owner: House) -> None:
    image = older_picture(owner)
    for file in images.media_path(owner.tenant.pk, "x").parent.iterdir():
        file.unlink()
    with pytest.raises(CommandError, match="Refused: 1") as refused:
        run("--pictures")
    assert refused.value.returncode == 1
    assert Image.objects.get(pk=image.pk).formats == ["webp"]
