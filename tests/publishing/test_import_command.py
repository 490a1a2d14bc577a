"""`manage.py import_articles` as its user meets it."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from publishing.management.commands.import_articles import origin_of
from publishing.models import Article, Placement
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, bolt

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).parent / "import_fixtures"


@pytest.fixture
def house(settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path / "media"
    ours = acme()
    bolt()
    with tenant_scope(ours.tenant):
        yield ours


def run(capsys: pytest.CaptureFixture[str], source: str, *options: str, sites: tuple[str, ...] = (TECHBLOG,)) -> str:
    placed = [word for site in sites for word in ("--site", site)]
    call_command("import_articles", str(FIXTURES / source), "--tenant", "acme", *placed, *options)
    return capsys.readouterr().out


def refusal(source: str, *options: str, tenant: str = "acme", site: str = TECHBLOG) -> CommandError:
    with pytest.raises(CommandError) as refused:
        call_command("import_articles", str(FIXTURES / source), "--tenant", tenant, "--site", site, *options)
    return refused.value


def test_a_folder_arrives_on_two_sites_and_is_counted(house: House, capsys):
    out = run(capsys, "jekyll", sites=(TECHBLOG, FINANCEBLOG))
    assert out.splitlines()[:5] == ["created    2", "updated    0", "unchanged  0", "refused    0", "warnings   3"]
    assert Placement.objects.filter(status="published").count() == 2
    assert "unchanged  2" in run(capsys, "jekyll", sites=(TECHBLOG, FINANCEBLOG))


@pytest.mark.parametrize(("source", "count"), [("export.xml", 4), ("feed.atom", 1), ("zola", 1), ("hugo", 2)])
def test_each_kind_of_source_is_found_out(house: House, capsys, source: str, count: int):
    run(capsys, source)
    assert Article.objects.count() == count


def test_refused_items_are_named_and_the_exit_code_is_one(house: House, capsys):
    error = refusal("feed.rss")
    out = capsys.readouterr().out
    assert error.returncode == 1
    assert str(error) == "1 of 2 items were refused."
    assert "refused: feed.rss, item 2: The item has neither a title nor a text." in out
    assert Article.objects.count() == 1


def test_a_dry_run_writes_nothing(house: House, capsys):
    assert "would be created    2" in run(capsys, "jekyll", "--dry-run")
    assert not Article.objects.exists()


def test_json_is_for_programs(house: House, capsys):
    told = json.loads(run(capsys, "jekyll", "--json"))
    assert told == {"created": 2, "updated": 0, "unchanged": 0, "refused": 0, "warnings": 3, "items": []}


def test_warnings_are_shown_when_asked_for(house: House, capsys):
    call_command("import_articles", str(FIXTURES / "jekyll"), "--tenant", "acme", "--site", TECHBLOG, "-v", "2")
    assert "2024-03-05-first-steps.md: The image '/img/ghost.png' is missing." in capsys.readouterr().err


def test_an_unknown_tenant_is_told_the_known_ones(house: House):
    error = refusal("zola", tenant="nobody")
    assert (error.returncode, str(error)) == (2, "There is no tenant 'nobody'. Known: acme, bolt.")


def test_a_site_of_another_tenant_is_answered_like_an_unknown_one(house: House):
    foreign = str(refusal("zola", site=LANTERN))
    unknown = str(refusal("zola", site="unknown.test"))
    assert foreign == f"Acme has no site '{LANTERN}'. It has: {FINANCEBLOG}, {TECHBLOG}."
    assert foreign == unknown.replace("unknown.test", LANTERN)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("source", "kind", "sentence"),
    [
        ("nowhere", "auto", "does not exist"),
        ("jekyll", "feed", "is a folder"),
        ("jekyll/img/drawing.png", "auto", "--format"),
    ],
)
def test_a_wrong_source_is_a_usage_error(house: House, source: str, kind: str, sentence: str):
    error = refusal(source, "--format", kind)
    assert error.returncode == 2
    assert sentence in str(error)


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("diary/_posts", "diary/_posts"),
        ("diary/content/posts", "diary/content/posts"),
        ("diary", "diary"),
        ("diary/_posts/2024-01-02-welcome.md", "diary/_posts"),
    ],
)
def test_two_blogs_folders_of_one_name_have_two_origins(tmp_path: Path, source: str, origin: str):
    place = tmp_path / source
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch() if place.suffix else place.mkdir()
    assert origin_of(place, "markdown") == origin


def test_two_blogs_posts_of_one_name_stay_two(house: House, tmp_path: Path):
    for blog in ("one", "two"):
        (tmp_path / blog / "_posts").mkdir(parents=True)
        (tmp_path / blog / "_posts/2024-01-02-welcome.md").write_text(f"Welcome to {blog}.")
        source = str(tmp_path / blog / "_posts")
        call_command("import_articles", source, "--tenant", "acme", "--site", TECHBLOG)
    assert set(Article.objects.values_list("text", flat=True)) == {"Welcome to one.", "Welcome to two."}
