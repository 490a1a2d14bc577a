"""Whatever lies in a source: a sentence about the item, and the rest goes on."""

import tracemalloc
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publishing.importing import ahead, detect, feed, markdown_folder, wordpress
from publishing.importing.post import MAX_FILE, Found, Post, Refusal, Settings, Unreadable

FIXTURES = Path(__file__).parent / "import_fixtures"
UTC = Settings(ZoneInfo("UTC"), "blog")


def only(folder: Path) -> Found:
    (found,) = markdown_folder.read(folder, UTC)
    return found


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("yaml.md", "The front matter is not valid YAML in line"),
        ("toml.md", "The front matter is not valid TOML"),
        ("unclosed.md", "never ends. Close it with ---."),
        ("date.md", "The date 'yesterday' is not a date."),
        ("liquid.md", "never closed by endcomment"),
        ("list.md", "not a list of names and values"),
        ("2024-13-45-month.md", "a date that no calendar has"),
        ("nul.md", "NUL bytes: it is not text"),
        ("picture.md", "neither UTF-8 nor plain Western text"),
    ],
)
def test_a_damaged_file_is_refused_with_a_sentence(name: str, reason: str):
    (found,) = markdown_folder.read(FIXTURES / "damaged" / name, UTC)
    assert isinstance(found, Refusal)
    assert found.source == name
    assert reason in found.reason
    assert found.reason.endswith(".")


def test_good_files_arrive_beside_damaged_ones(tmp_path: Path):
    (tmp_path / "a.md").write_text("---\ntitle: [\n---\n")
    (tmp_path / "b.md").write_text("---\ntitle: Good\n---\nText.\n")
    bad, good = markdown_folder.read(tmp_path, UTC)
    assert isinstance(bad, Refusal)
    assert isinstance(good, Post)


def test_western_text_of_old_is_read():
    (found,) = markdown_folder.read(FIXTURES / "latin-1.md", UTC)
    assert isinstance(found, Post)
    assert (found.title, found.body) == ("Café", "naïve\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str):
    (tmp_path / "a.md").write_text("---\ntitle: Ünï\n---\nText.\r\nMore.", encoding=encoding)
    found = only(tmp_path)
    assert isinstance(found, Post)
    assert (found.title, found.body) == ("Ünï", "Text.\nMore.\n")


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"\xfe\xff\xd8\x00", "\x00".encode("utf-16")])
def test_broken_utf_16_is_refused(tmp_path: Path, body: bytes):
    (tmp_path / "a.md").write_bytes(body)
    assert isinstance(only(tmp_path), Refusal)


def test_an_enormous_file_is_refused_unread(tmp_path: Path):
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(MAX_FILE * 1000)
    found = only(tmp_path)
    assert isinstance(found, Refusal)
    assert "2,000.0 MB; a post may have 2 MB" in found.reason


ALIASES = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))


@pytest.mark.parametrize("head", [f"{ALIASES}title: x", f"{ALIASES}tags: *a59", "title: &a [*a]", "date: &a {b: *a}"])
def test_aliases_that_multiply_are_refused(tmp_path: Path, head: str):
    (tmp_path / "a.md").write_text(f"---\n{head}\n---\n{{{{ page.a59 }}}}\n")
    found = only(tmp_path)
    assert isinstance(found, Refusal)
    assert "more than 10,000 values" in found.reason


@pytest.mark.parametrize("head", ["[" * 50_000, "a: " + "{b: " * 50_000, "? " * 50_000])
def test_front_matter_nested_beyond_reason_is_refused(tmp_path: Path, head: str):
    (tmp_path / "a.md").write_text(f"---\n{head}\n---\nText.\n")
    assert isinstance(only(tmp_path), Refusal)


@pytest.mark.parametrize(
    "value", ["2024-01-01", "[1, 2]", "{a: b}", "true", "12.5", "null", "'  '", "!!python/object:os.system x"]
)
@pytest.mark.parametrize(
    "field", ["title", "tags", "authors", "date", "permalink", "slug", "draft", "image", "taxonomies"]
)
def test_fields_of_an_unexpected_kind_break_nothing(tmp_path: Path, field: str, value: str):
    (tmp_path / "a.md").write_text(f"---\n{field}: {value}\n---\nText.\n")
    assert isinstance(only(tmp_path), Post | Refusal)


@pytest.mark.parametrize(
    "ref",
    [
        "../secret.png",
        "../../../../../../etc/passwd",
        "/../secret.png",
        "..%2fsecret.png",
        "/%2e%2e/secret.png",
        "link.png",
        "out/secret.png",
    ],
)
def test_a_picture_outside_of_the_folder_is_refused_and_the_post_goes_on(tmp_path: Path, ref: str):
    folder = tmp_path / "blog"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "out").symlink_to(tmp_path)
    (folder / "a.md").write_text(f"Before ![Secret]({ref}) after <img src='{ref}' alt=Two>.\n")
    found = only(folder)
    assert isinstance(found, Post)
    assert found.images == ()
    assert "(image missing: Secret) after (image missing:" in found.body
    assert any("leads out of the folder" in warning for warning in found.warnings)


def test_an_absolute_path_means_below_the_folder(tmp_path: Path):
    (tmp_path / "a.md").write_text("![x](/etc/passwd)\n")
    found = only(tmp_path)
    assert isinstance(found, Post)
    assert found.images == ()


def test_a_file_that_is_a_link_out_of_the_folder_is_refused(tmp_path: Path):
    folder = tmp_path / "blog"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (folder / "a.md").symlink_to(tmp_path / "secret.md")
    found = only(folder)
    assert isinstance(found, Refusal)
    assert "symbolic link" in found.reason


@pytest.mark.parametrize("name", ["bomb.xml", "external.xml"])
@pytest.mark.parametrize("read", [wordpress.read, feed.read])
def test_xml_with_entities_is_refused(name: str, read):
    (found,) = read(FIXTURES / name, UTC)
    assert isinstance(found, Refusal)
    assert "can be a bomb" in found.reason


@pytest.mark.parametrize(
    "data",
    [b"", b"<rss><channel><item>", b"not xml", b"<?xml version='1.0' encoding='nonsense'?><a/>", b"\xff\xfe\x00"],
)
@pytest.mark.parametrize("read", [wordpress.read, feed.read])
def test_broken_xml_is_refused(tmp_path: Path, data: bytes, read):
    (tmp_path / "a.xml").write_bytes(data)
    found = list(read(tmp_path / "a.xml", UTC))
    assert [type(one) for one in found] == [Refusal]


def test_a_cut_export_gives_what_came_before_the_cut(tmp_path: Path):
    whole = (FIXTURES / "feed.rss").read_bytes()
    (tmp_path / "a.rss").write_bytes(whole[: whole.index(b"</item>") + 20])
    first, second = feed.read(tmp_path / "a.rss", UTC)
    assert isinstance(first, Post)
    assert isinstance(second, Refusal)


def test_what_is_no_source_is_said(tmp_path: Path):
    (tmp_path / "a.bin").write_bytes(b"\x00\x01")
    with pytest.raises(Unreadable, match="--format"):
        detect.format_of(tmp_path / "a.bin")


ITEM = """<item><title>Post {n}</title><link>https://big.example/{n}/</link>
<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{n}</wp:post_id>
<wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt><wp:post_name>post-{n}</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>\n"""


def big_export(path: Path, megabytes: int) -> int:
    body = "A paragraph of some length that says nothing.\n\n" * 400
    with path.open("w") as file:
        file.write(
            '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        )
        count = 0
        while file.tell() < megabytes * 1_000_000:
            count += 1
            file.write(ITEM.format(n=count, body=body))
        file.write("</channel></rss>")
    return count


def peak_of_reading(path: Path, reader) -> tuple[int, int]:
    tracemalloc.start()
    count = sum(1 for _ in reader(path, UTC))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return count, peak


@pytest.mark.parametrize("reader", [wordpress.read, feed.read])
def test_fifty_megabytes_take_no_more_memory_than_five(tmp_path: Path, reader):
    if reader is feed.read:  # feedparser is slow under tracemalloc; the ratio is what counts
        small, large = 1, 6
    else:
        small, large = 2, 50
    few, many = big_export(tmp_path / "small.xml", small), big_export(tmp_path / "large.xml", large)
    few_read, small_peak = peak_of_reading(tmp_path / "small.xml", reader)
    many_read, large_peak = peak_of_reading(tmp_path / "large.xml", reader)
    assert (few_read, many_read) == (few, many)
    assert many > 5 * few
    # A tenth of what is read: the collector has its moods.
    assert large_peak < 1.5 * small_peak + max(1_000_000, large * 100_000)


FEED = "<rss><channel><item><title>Bad</title>{bad}</item><item><title>Good</title></item></channel></rss>"


def test_one_bad_item_of_a_feed_does_not_end_it(tmp_path: Path):
    (tmp_path / "a.rss").write_text(FEED.format(bad="<link>http://[x</link>"))
    bad, good = feed.read(tmp_path / "a.rss", UTC)
    assert isinstance(bad, Refusal)
    assert bad.reason.endswith(".")
    assert isinstance(good, Post)


@pytest.mark.parametrize("bad", ["<link>http://[x</link>", "<content:encoded>\ufdd27\ufdd2</content:encoded>"])
def test_one_bad_item_of_an_export_does_not_end_it(tmp_path: Path, bad: str):
    about = "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
    (tmp_path / "a.xml").write_text(
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
        f"<channel><item>{about}<wp:post_id>1</wp:post_id><title>Bad</title>{bad}</item>"
        f"<item>{about}<wp:post_id>2</wp:post_id><title>Good</title></item></channel></rss>"
    )
    first, good = wordpress.read(tmp_path / "a.xml", UTC)
    assert isinstance(first, Refusal) == ("link" in bad)
    assert isinstance(good, Post)


def test_a_number_too_long_to_be_written_is_refused(tmp_path: Path):
    (tmp_path / "a.md").write_text(f"---\ntitle: 0x{'f' * 4500}\n---\nx")
    found = only(tmp_path)
    assert isinstance(found, Refusal)
    assert found.reason.startswith("It cannot be read: ")


def test_whatever_one_body_raises_refuses_that_post_alone(monkeypatch: pytest.MonkeyPatch):
    post = Post(
        source_id="a", source="a.md", title="A", slug="a", body="x", body_format="markdown", published_at=None
    )  # fmt: skip

    def fails(*args: object) -> None:
        raise RecursionError

    monkeypatch.setattr(ahead, "render", fails)
    assert ahead.ready(post) == Refusal("a.md", "It is nested deeper than any post. Flatten it.")
