"""Folders of Jekyll, Hugo and Zola become posts."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publishing.bodies import render
from publishing.importing import kramdown, liquid, markdown_folder
from publishing.importing.post import Post, Refusal, Settings, Unreadable, paths_of, source_id_of
from publishing.slugs import slug_from

FIXTURES = Path(__file__).parent / "import_fixtures"
BERLIN = Settings(ZoneInfo("Europe/Berlin"), "blog")


def posts(folder: Path) -> dict[str, Post]:
    return {found.source: found for found in markdown_folder.read(folder, BERLIN) if isinstance(found, Post)}


def written(tmp_path: Path, text: str, name: str = "2024-01-02-post.md") -> Post:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    return posts(tmp_path)[name]


def test_a_jekyll_post_arrives_with_all_that_it_says():
    post = posts(FIXTURES / "jekyll")["2024-03-05-first-steps.md"]
    assert post.source_id == "markdown:blog:2024-03-05-first-steps.md"
    assert post.title == "First steps: a table, a note"
    assert post.slug == "first-steps"
    assert post.published_at == datetime(2024, 3, 5, tzinfo=ZoneInfo("Europe/Berlin"))
    assert post.bylines == ("Ada Lovelace",)
    assert post.topics == ("engines", "notes")
    assert post.permalinks == ("/2024/first-steps/", "/old/first", "/first-draft")
    assert post.language == "en"
    assert post.summary == "How the engine began."
    assert post.status == "published"


def test_its_body_reads_as_jekyll_shows_it():
    post = posts(FIXTURES / "jekyll")["2024-03-05-first-steps.md"]
    html = render(post.body, post.body_format).html
    assert '<a href="https://wiki.example/engine" rel="noopener noreferrer">the engine</a>—"First steps' in html
    assert "a missing link and a <a" in html
    assert 'id="s-sums"' in html
    assert '<td class="align-center">1</td>' in html
    assert '"post"' in html.replace("&quot;", '"')
    assert "A footnote." in html
    assert not any(leftover in html for leftover in ("{%", "{{", "{:", "[nowhere]", "never seen"))


def test_a_local_picture_is_found_and_a_missing_one_leaves_its_words():
    post = posts(FIXTURES / "jekyll")["2024-03-05-first-steps.md"]
    assert [(image.ref, image.alt) for image in post.images] == [("/img/drawing.png", "A drawing")]
    assert post.images[0].path == FIXTURES / "jekyll/img/drawing.png"
    assert "(image missing: A ghost)" in post.body
    assert post.warnings == (
        "1 includes were left out: their files are not part of the post.",
        "1 links have no address: their words are shown as text.",
        "The image '/img/ghost.png' is missing.",
    )


def test_a_file_among_the_drafts_is_a_draft():
    assert posts(FIXTURES / "jekyll")["_drafts/later.md"].status == "draft"


def test_hugo_has_yaml_and_toml_drafts_aliases_and_shortcodes():
    hugo = posts(FIXTURES / "hugo")
    bundle, draft = hugo["bundle.md"], hugo["draft.md"]
    assert bundle.published_at == datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)
    assert bundle.bylines == ("Grace Hopper", "Ada Lovelace")
    assert bundle.topics == ("Tools",)
    assert bundle.permalinks == ("/posts/1/",)
    html = render(bundle.body, "markdown").html
    assert "https://www.youtube.com/watch?v=abc123" in html
    assert '<img src="https://pictures.example/a.png" alt="A picture"' in html
    assert bundle.warnings == ("1 shortcodes were left out.",)
    assert (draft.status, draft.topics) == ("draft", ("one", "two"))
    assert draft.published_at == datetime(2024, 5, 7, tzinfo=ZoneInfo("Europe/Berlin"))


def test_zola_has_taxonomies_and_extra_fields():
    post = posts(FIXTURES / "zola")["note.md"]
    assert post.title == "Zola's note"
    assert post.topics == ("Notes", "rust")
    assert post.bylines == ("Émilie du Châtelet",)
    assert post.permalinks == ("/notes/old",)
    assert "toot" not in post.body


def test_a_file_without_front_matter_takes_its_title_from_its_heading_or_name(tmp_path: Path):
    assert written(tmp_path, "# The heading\n\nText.", "a.md").title == "The heading"
    plain = written(tmp_path, "Text only.", "2024-02-03-some_plain-file.md")
    assert (plain.title, plain.slug) == ("Some plain file", "some-plain-file")


def test_one_file_is_a_source_as_well():
    found = list(markdown_folder.read(FIXTURES / "zola/note.md", BERLIN))
    assert [type(post) for post in found] == [Post]


def test_sections_readmes_and_hidden_folders_are_no_posts(tmp_path: Path):
    for name in ("_index.md", "README.md", ".git/x.md", "_includes/y.md", "node_modules/z.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(markdown_folder.read(tmp_path, BERLIN)) == []


def test_the_same_file_has_the_same_digest_and_another_picture_another(tmp_path: Path):
    (tmp_path / "a.png").write_bytes(b"one")
    first = written(tmp_path, "![x](a.png)")
    assert first.digest() == written(tmp_path, "![x](a.png)").digest()
    (tmp_path / "a.png").write_bytes(b"two")
    assert first.digest() != written(tmp_path, "changed ![x](a.png)").digest()
    assert first.digest() == first.digest()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('{% assign a = "x" %}{{ a }}{{a|upcase}}', "xX"),
        ("{% capture a %}b{{ page.n }}{% endcapture %}[{{ a }}]", "[b3]"),
        ("{% raw %}{{ a }}{% endraw %}", "{{ a }}"),
        ("a{% comment %}b{% x %}{% endcomment %}c", "ac"),
        ("{% if page.n == 3 %}yes{% else %}no{% endif %}", "yes"),
        ("{% if page.nothing %}yes{% elsif page.n %}maybe{% endif %}", "maybe"),
        ("{% unless page.n %}no{% endunless %}.", "."),
        ("{% for i in page.list %}<{{ i.name }}>{% endfor %}", "<a><b>"),
        ("{{ page.nothing | default: 'else' }}", "else"),
        ("{{ page.list | size }}", "2"),
        ("{{ site.baseurl }}/x", "/x"),
        ("{% highlight ruby linenos %}\nx = {{ y }}\n{% endhighlight %}", "```ruby\nx = {{ y }}\n```"),
        ("{%- assign a = 1 -%}{{- a -}}", "1"),
        ("{{ page.unknown }}", liquid.UNKNOWN),
        ("{{ page }}", liquid.UNKNOWN),
        ("100 {% of %} it", "100 {% of %} it"),
        ("{{ unclosed and {% unclosed", "{{ unclosed and {% unclosed"),
    ],
)
def test_liquid(source: str, shown: str):
    page = {"n": 3, "list": [{"name": "a"}, {"name": "b"}]}
    assert liquid.render(source, page).text == shown


def test_liquid_cannot_be_made_to_write_without_end():
    loop = "{% for a in page.l %}" * 8 + "x" + "{% endfor %}" * 8
    with pytest.raises(Unreadable, match="loops"):
        liquid.render(loop, {"l": list(range(100))})


def test_links_with_an_unknown_address_keep_their_words():
    source, unknown = kramdown.without_unknown(f"[a]({liquid.UNKNOWN}1) [b][c]\n\n[c]: {liquid.UNKNOWN}2\n")
    assert unknown == 2
    assert render(source, "markdown").text == "a b"


def test_references_inside_code_are_left_alone():
    source = "`a[b][c]`\n\n```\n[d][e]\n```\n\n[`f`][g] and [h\ni][]\n"
    changed, count = kramdown.with_all_references(source)
    assert count == 2
    assert changed == f"{source.rstrip()}\n\n[g]: <>\n[h i]: <>\n"
    assert render(changed, "markdown").text == "a[b][c] [d][e] f and h i"


def test_a_known_reference_stays_a_link():
    source = "[a][B  c] [^1]\n\n[b c]: https://x.test\n[^1]: note [d][^1]\n"
    assert kramdown.with_all_references(source) == (source, 0)


@pytest.mark.parametrize(
    ("source", "converted"),
    [
        ("one---two -- three `a---b`", "one—two – three `a---b`"),
        ("a\n\n---\n\nb --flag", "a\n\n---\n\nb --flag"),
        ("`x`---y", "`x`—y"),
        ("- {:#here} text", '- <span id="here"></span> text'),
        ("text\n{:.center}", "text\n"),
        ("1. toc\n{:toc}\nx", "\nx"),
        ("```\n{:#kept}\n```", "```\n{:#kept}\n```"),
    ],
)
def test_kramdown(source: str, converted: str):
    assert kramdown.to_markdown(source) == converted


@pytest.mark.parametrize(
    "source",
    [
        "| a | b |\n| c | `d|` |\n",
        "|---|---|\n| a | b |\n| c | d |\n",
        "<table>\n  <tr>\n    <td markdown='span'>\n\n    **a**\n\n    </td>\n  </tr>\n</table>\n",
        '<div markdown="1" class="x">\n**a**\n</div>\n',
    ],
)
def test_tables_and_markdown_in_html_are_rendered(source: str):
    html = render(kramdown.to_markdown(source), "markdown").html
    assert "<td>" in html or "<strong>a</strong>" in html
    assert "<pre" not in html
    assert "**" not in html
    assert "|" not in html.replace("d|", "")


@pytest.mark.parametrize(
    ("candidates", "slug"),
    [
        (("Hello, World!",), "hello-world"),
        (("Straße & Çelik",), "strasse-celik"),
        (("", "Second"), "second"),
        (("επίπεδο 2", "post-7"), "post-7"),
        (("--a--", ), "a"),
        (("x" * 300,), "x" * 200),
    ],
)  # fmt: skip
def test_slugs(candidates: tuple[str, ...], slug: str):
    assert slug_from(*candidates) == slug


def test_a_slug_without_any_letter_is_stable():
    assert slug_from("漢字") == slug_from("漢字") != slug_from("仮名")
    assert slug_from("漢字").startswith("post-")


def test_only_plain_paths_become_redirects():
    candidates = [
        "/a/b/",
        "c",
        "//evil.test",
        "/\\evil",
        "/x?y=1",
        "/:year/x/",
        "https://evil.test/x",
        "/",
        "",
        "/a\nb",
        "/ä",
    ]
    assert paths_of(candidates) == ("/a/b/", "/c", "/ä")


def test_a_long_source_id_keeps_its_identity():
    one, two = source_id_of("feed", "x" * 600), source_id_of("feed", "x" * 601)
    assert one != two
    assert max(len(one), len(two)) <= 500


def test_a_refusal_names_its_file():
    refused = [found for found in markdown_folder.read(FIXTURES / "damaged", BERLIN) if isinstance(found, Refusal)]
    assert "yaml.md" in {refusal.source for refusal in refused}


def test_hugos_zero_date_is_no_date(tmp_path: Path):
    assert written(tmp_path, "---\ndate: 0001-01-01T00:00:00Z\n---\nx", "a.md").published_at is None
    assert written(tmp_path, "---\ndate: 0001-01-01\n---\nx").published_at == datetime(
        2024, 1, 2, tzinfo=ZoneInfo("Europe/Berlin")
    )


@pytest.mark.parametrize("date", ["1899-12-30", "2200-01-02", "9999-12-31T23:59:59-12:00"])
def test_a_date_beyond_all_blogs_is_refused(tmp_path: Path, date: str):
    (tmp_path / "a.md").write_text(f"---\ndate: {date}\n---\nx")
    (found,) = markdown_folder.read(tmp_path, BERLIN)
    assert isinstance(found, Refusal)
    assert "outside of the years 1900 to 2199" in found.reason


def test_hugo_goes_live_at_the_later_date_and_expires(tmp_path: Path):
    post = written(
        tmp_path, "---\ndate: 2024-01-01\npublishDate: 2024-02-01T00:00:00Z\nexpiryDate: 2030-01-01T00:00:00Z\n---\nx"
    )
    assert post.published_at == datetime(2024, 2, 1, tzinfo=UTC)
    assert post.expires_at == datetime(2030, 1, 1, tzinfo=UTC)
    never = written(tmp_path, "---\ndate: 2024-01-02\nexpiryDate: 2024-01-01\n---\nx")
    assert (never.status, never.expires_at) == ("draft", None)
    assert "expires before it is shown" in never.warnings[0]


@pytest.mark.parametrize("value", ["true", '"true"', "True", '"1"', "1"])
def test_a_draft_is_a_draft_however_it_is_written(tmp_path: Path, value: str):
    assert written(tmp_path, f"---\ndraft: {value}\n---\nx").status == "draft"
    assert written(tmp_path, '---\ndraft: "false"\n---\nx').status == "published"


SAMPLE = "![A cat](cat.png) ![A cat][c] <img src='cat.png'> {{< figure src=\"cat.png\" >}}"


@pytest.mark.parametrize(
    "code",
    [f"```markdown\n{SAMPLE}\n```", f"`{SAMPLE}`", f"~~~\n{SAMPLE}\n~~~", f"<pre>\n{SAMPLE}\n</pre>"],
)
def test_pictures_and_shortcodes_in_code_arrive_untouched(tmp_path: Path, code: str):
    post = written(tmp_path, f"{code}\n\n![A `dog`](dog.png) {{{{< ghost >}}}}\n\n[c]: cat.png\n", "a.md")
    assert code in post.body
    assert "(image missing: A `dog`)" in post.body
    assert "ghost" not in post.body
    assert post.warnings == ("1 shortcodes were left out.", "The image 'dog.png' is missing.")


def test_liquid_nested_without_end_is_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / "2024-01-02-a.md").write_text("---\ntitle: x\n---\n" + "{% if a %}" * 600 + "{% endif %}" * 600)
    (found,) = markdown_folder.read(tmp_path, BERLIN)
    assert isinstance(found, Refusal)
    assert "nested more than 100 deep" in found.reason


def test_pipes_in_strings_are_no_filters():
    assert liquid.render("""{{ "a|b" | upcase | append: '|"' }}""", {}).text == 'A|B|"'
