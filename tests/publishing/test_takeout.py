"""A tenant taken along and landed elsewhere has the same pages; an erased one has left nothing."""

import io
import json
import re
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image as Pillow

from publishing.images import store
from publishing.models import (
    Article,
    Byline,
    Comment,
    Draft,
    Placement,
    Preview,
    Proposal,
    Recall,
    Redirect,
    Review,
    Revision,
    Section,
    Topic,
    TrustedSource,
)
from publishing.placing import move, place, recall
from publishing.takeout import tables
from publishing.takeout.erasing import census, erase
from publishing.takeout.exporting import export
from publishing.takeout.landing import land
from publishing.takeout.layout import NotATakeout
from publishing.takeout.pictures import pictures_of
from publishing.writing import correct, revise, write
from sites_core.directory import directory
from sites_core.models import Brand, MenuItem
from tenants.models import Membership, Tenant, User
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, bolt

pytestmark = pytest.mark.django_db

CANARY = "canary-7f3a"


def picture(colour: str, width: int = 700) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (width, 400), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def house(media_root: Path) -> House:
    """Acme with one of everything that a reader can meet."""
    made = acme()
    with tenant_scope(made.tenant):
        _furnish(made)
    return made


def _furnish(made: House) -> None:
    tenant, tech, finance = made.tenant, made.sites[TECHBLOG], made.sites[FINANCEBLOG]
    now = timezone.now().replace(microsecond=123456)
    lead = store(tenant, picture("navy"), name="lead.png", alt=f"A blue field {CANARY}", caption="Blue")
    inside = store(tenant, picture("olive"), name="inside.png", alt="Green")
    face = store(tenant, picture("tan", 300), name="face.png", alt="A face")
    topics = [Topic.objects.create(tenant=tenant, slug=name.lower(), name=name) for name in ("Zebra", "Alpha")]
    byline = Byline.objects.create(tenant=tenant, slug="ada", name=f"Ada {CANARY}", bio="Writes.", picture=face)
    section = Section.objects.create(tenant=tenant, site=tech, slug="desk", name="Desk", position=2)
    Brand.objects.filter(site=tech).update(
        theme="magazine", tagline="All of it", language="de", time_zone="Europe/Berlin", logo=lead.digest,
        logo_width=lead.width, logo_height=lead.height,
    )  # fmt: skip
    MenuItem.objects.create(site=tech, menu="header", position=1, label="Other", url=f"http://{FINANCEBLOG}/topics/")
    MenuItem.objects.create(site=tech, menu="footer", position=1, label="Desk", url="/sections/desk/")
    group = uuid4()
    for number in range(5):
        article = write(
            tenant=tenant, by=made.people["author"], title=f"Number {number}",
            summary=f"About {number}: “…” — ---\n---",
            body=f"See [it](http://{FINANCEBLOG}/number-{number}/) and {TECHBLOG}.\n\n## Part\n\n"
            f"![Green]({inside.url_for(960)})\n\n`code` [^1]\n\n[^1]: A note.\n\n---\n\nEnd {CANARY}.\r\n",
            language="en" if number % 2 else "", lead_image=lead if number < 3 else None,
            translation_group=group if number in {1, 2} else None, topics=topics[: number % 3], bylines=[byline],
        )  # fmt: skip
        go_live = now - timedelta(days=number)
        place(article=article, site=tech, go_live=go_live, section=section, pin=1 if number == 3 else None)
        if number < 4:
            place(article=article, site=finance, go_live=go_live, title=f"Money {number}", image=inside)
    moved = Placement.objects.get(site=tech, slug="number-0")
    move(placement=moved, slug="number-nought")
    revise(article=moved.article, by=made.people["editor"], title="Number 0, again", topics=topics)
    correct(article=moved.article, note=f"It was nought. {CANARY}")
    taken_back = write(tenant=tenant, title="Taken back", body="<p>Gone.</p>", body_format="html")
    place(article=taken_back, site=tech)
    recall(article=taken_back)
    later = write(tenant=tenant, title="Later", body="Soon.", stage="approved")
    place(article=later, site=tech, go_live=now + timedelta(days=9))
    page = write(tenant=tenant, kind="page", title="About", body="Us.")
    place(article=page, site=tech)
    remark = Comment.objects.create(tenant=tenant, article=page, user=made.people["editor"], text="Is it?")
    Comment.objects.create(tenant=tenant, article=page, user=made.people["author"], text="It is.", parent=remark)
    Review.objects.create(tenant=tenant, article=page, revision=1, asked_by=made.people["author"], note="Please")


def zipped(house: House) -> io.BytesIO:
    out = io.BytesIO()
    export(tenant=house.tenant, to=out)
    out.seek(0)
    return out


_LINK = re.compile(r"""(?:href|src)="(/[^"]*)"|<(?:loc|link|id|guid[^>]*)>https?://[^/<]+(/[^<]*)<""")


def pages(*domains: str) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Every page that can be reached on the sites, and what it is answered, by site and path."""
    directory.expire()
    found: dict[tuple[str, str], tuple[int, bytes]] = {}
    for domain in domains:
        client = Client(headers={"host": domain})
        waiting = ["/", "/taken-back/", "/number-0/", "/later/", "/feeds/rss.xml", "/feeds/feed.json", "/sitemap.xml"]
        while waiting:
            path = waiting.pop()
            if (domain, path) in found or "#" in path:
                continue
            answer = client.get(path)
            body = b"".join(answer) if answer.streaming else answer.content
            found[domain, path] = answer.status_code, body
            if answer["Content-Type"].startswith(("text/html", "application/xml", "application/rss", "text/xml")):
                waiting += [one or other for one, other in _LINK.findall(body.decode())]
    return found


def test_landed_where_it_was_it_has_the_same_pages_byte_for_byte(house: House):
    before = pages(TECHBLOG, FINANCEBLOG)
    takeout = zipped(house)
    assert erase(tenant=house.tenant).is_nothing
    assert {status for status, _ in pages(TECHBLOG).values()} == {404}
    land(takeout=takeout)
    after = pages(TECHBLOG, FINANCEBLOG)
    assert len(before) > 50
    assert {200, 301, 404, 410} >= {status for status, _ in before.values()} >= {200, 404, 410}
    assert after == before


def test_landed_beside_itself_under_other_hosts_only_the_hosts_differ(house: House):
    hosts = {TECHBLOG: "tech.elsewhere.test", FINANCEBLOG: "money.elsewhere.test"}
    land(takeout=zipped(house), slug="acme-two", hosts=hosts)
    before, after = pages(*hosts), pages(*hosts.values())
    assert len(after) == len(before)
    for (domain, path), (status, there) in before.items():
        expected = there
        for old, new in hosts.items():
            # A host that a text only names is no link: it stays as it was written.
            expected = expected.replace(f"//{old}".encode(), f"//{new}".encode())
        assert after[hosts[domain], path] == (status, expected), path


def test_history_comes_along_for_people_who_are_here(house: House):
    takeout = zipped(house)
    assert erase(tenant=house.tenant).is_nothing
    assert not User.objects.filter(email="author@acme.test").exists()
    tenant = land(takeout=takeout, with_people=True)
    with tenant_scope(tenant):
        first = Article.objects.get(title="Number 0, again")
        titles = list(Revision.objects.filter(article=first).order_by("number").values_list("title", "made_by__email"))
        assert titles == [("Number 0", "author@acme.test"), ("Number 0, again", "editor@acme.test")]
        last = Revision.objects.get(article=first, number=2)
        assert last.details["topics"] == [Topic.objects.get(slug=slug).pk for slug in ("zebra", "alpha")]
        assert first.written_by is not None
        remark, answer = Comment.objects.order_by("pk")
        assert (answer.parent, str(answer.user)) == (remark, "Acme's author")
        assert Review.objects.get().note == "Please"
        limited = Membership.objects.get(user__email="limited@acme.test")
        assert [limit.site.domain for limit in limited.limits.all()] == [TECHBLOG]
        assert not User.objects.get(email="owner@acme.test").has_usable_password()


def test_without_people_nobody_is_made_and_nothing_is_lost(house: House):
    takeout = zipped(house)
    erase(tenant=house.tenant)
    tenant = land(takeout=takeout)
    assert not User.objects.exists()
    with tenant_scope(tenant):
        assert Revision.objects.count() == 9
        assert set(Revision.objects.values_list("made_by", flat=True)) == {None}


def test_the_zip_reads_as_markdown_with_front_matter(house: House):
    with zipfile.ZipFile(zipped(house)) as archive:
        names = archive.namelist()
        text = archive.read(next(name for name in names if name.endswith("number-1.md"))).decode()
        changes = [json.loads(line) for line in archive.read("changes.jsonl").splitlines()]
    assert text.startswith("---\ntitle: Number 1\n")
    assert text.endswith(f"End {CANARY}.\r\n")
    assert {"publishing_placement", "sites_core_brand", "tenants_tenant"} <= {change["of"] for change in changes}


def test_an_erased_tenant_has_left_nothing_anywhere(house: House, media_root: Path):
    other = bolt()
    with tenant_scope(house.tenant):
        article = Article.objects.get(title="Number 1")
        site, owner = house.sites[TECHBLOG], house.people["owner"]
        about = {"tenant": house.tenant, "article": article}
        Draft.objects.create(**about, user=owner, base=1, words={"title": CANARY})
        Proposal.objects.create(**about, site=site, note=CANARY)
        Recall.objects.create(**about)
        TrustedSource.objects.create(tenant=house.tenant, site=site, user=owner)
        Preview.objects.create(
            **about, site=site, token_digest="0" * 64, words={"title": CANARY}, expires_at=timezone.now()
        )
    said = census(house.tenant)
    assert said.rows["publishing_article.tenant_id"] == 8
    assert said.files > 10
    assert set(said.people) == {user.email for user in house.people.values()}
    proof = erase(tenant=house.tenant)
    assert proof.is_nothing
    assert proof.rows.keys() == said.rows.keys()
    assert not [path for path in media_root.rglob("*") if path.is_file()]
    assert [table for table in _text_tables() if _holds(table, CANARY)] == []
    assert Tenant.objects.get() == other.tenant
    assert User.objects.count() == len(other.people)


def _text_tables() -> list[str]:
    return connection.introspection.table_names()


def _holds(table: str, words: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" AS one WHERE one::text LIKE %s)', [f"%{words}%"])
        return bool(cursor.fetchone()[0])


def test_the_search_for_what_is_left_would_find_it(house: House):
    assert {"publishing_article", "publishing_revision", "publishing_articleevent"} & {
        table for table in _text_tables() if _holds(table, CANARY)
    } == {"publishing_article", "publishing_revision"}


def test_who_works_elsewhere_too_and_who_is_the_platforms_stays(house: House):
    other = bolt()
    with across_tenants("a second membership"):
        Membership.objects.create(user=house.people["editor"], tenant=other.tenant, role="author")
    User.objects.filter(pk=house.people["owner"].pk).update(is_staff=True)
    erase(tenant=house.tenant)
    left = set(User.objects.exclude(email__endswith="@bolt.test").values_list("email", flat=True))
    assert left == {"editor@acme.test", "owner@acme.test"}


def test_every_table_with_a_tenant_or_a_site_is_counted(house: House):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name IN ('tenant_id', 'site_id')"
        )
        named = {row[0] for row in cursor.fetchall()}
    counted = {str(rows) for rows in (*tables.rows_of(0, []), *tables.events_of(0, []))}
    # Events of a row with both are found by their tenant; search entries go with their placement.
    by_tenant = {name.removesuffix(".tenant_id") for name in counted if name.endswith("event.tenant_id")}
    assert {name for name in named - counted if name.removesuffix(".site_id") not in by_tenant} == set()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda files: files.pop("tenant.json"), "lacks tenant.json"),
        (lambda files: files.update({"takeout.json": b'{"format": 99}'}), "format 99"),
        (lambda files: files.update({"images.json": b"{"}), "damaged"),
        (lambda files: files.update({"media/../../x.png": b""}), "is no picture"),
        (lambda files: files.update({f"media/{'a' * 32}-480.webp": b"<script>"}), "is no picture of its kind"),
        (lambda files: files.update({f"media/{'a' * 32}-480.png": picture("red", 481)}), "481 pixels"),
        (lambda files: files.update({"articles/1-x.md": b"no front matter"}), "has no front matter"),
        (lambda files: files.update({"articles/1-x.md": b"---\n[a\n---\n"}), "not valid YAML"),
        (lambda files: files.update({"articles/1-x.md": b"---\ntitle: x\n---\n"}), "damaged"),
    ],
)
def test_a_damaged_takeout_is_refused_with_a_sentence_and_nothing_lands(
    house: House, media_root: Path, damage, sentence: str
):
    with zipfile.ZipFile(zipped(house)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    erase(tenant=house.tenant)
    damage(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    with pytest.raises(NotATakeout, match=sentence):
        land(takeout=out)
    assert not Tenant.objects.exists()
    assert not [path for path in media_root.rglob("*") if path.is_file()]


def rewritten(house: House, change) -> io.BytesIO:
    """The house's takeout, with what `change` makes of images.json."""
    with zipfile.ZipFile(zipped(house)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    images = json.loads(files["images.json"])
    change(images)
    files["images.json"] = json.dumps(images).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out


def test_a_picture_that_no_upload_could_have_become_is_refused_with_a_sentence(house: House):
    script = 'png"><script>alert(1)</script><img src="'
    wrong: list[tuple[dict[str, object], str]] = [
        ({"formats": [script]}, "formats that are none"), ({"formats": ["svg"]}, "formats that are none"),
        ({"formats": "webp"}, "formats that are none"), ({"formats": ["webp", "webp"]}, "formats that are none"),
        ({"formats": ["png"]}, "lacks media/[0-9a-f]{32}-480.png"),
        ({"digest": script}, "a digest that is none"), ({"digest": "A" * 64}, "a digest that is none"),
        ({"digest": 7}, "a digest that is none"), ({"digest": "a" * 64}, "lacks media/a{32}-480"),
        ({"widths": [script]}, "widths that it cannot have"), ({"widths": [480, 701]}, "widths that it cannot have"),
        ({"widths": [0]}, "widths that it cannot have"), ({"widths": [True]}, "widths that it cannot have"),
        ({"widths": {"480": 1}}, "widths that it cannot have"), ({"widths": [481]}, "lacks media/[0-9a-f]{32}-481"),
        ({"width": "700"}, "a size that no picture has"), ({"height": 0}, "a size that no picture has"),
        ({"width": 10**5}, "a size that no picture has"),
        ({"focus_x": 101}, "a focus that lies outside"), ({"focus_y": -1}, "a focus that lies outside"),
        ({"bytes": -1}, "a size of its files that cannot be"), ({"alt": "x" * 501}, "at most 500 characters"),
        ({"name": ""}, "cannot be blank"), ({"added_at": script}, "invalid format"),
    ]  # fmt: skip
    out = rewritten(house, lambda images: None)
    with zipfile.ZipFile(out) as archive:
        names, told = archive.namelist(), json.loads(archive.read("images.json"))
    assert [one.name for one in pictures_of(house.tenant, told, names)] == [one["name"] for one in told]
    for fields, sentence in wrong:
        with pytest.raises(NotATakeout, match=sentence) as refused:
            pictures_of(house.tenant, [told[0] | fields, *told[1:]], names)
        assert str(refused.value).endswith("."), fields
    with pytest.raises(NotATakeout, match=f"has the picture {told[0]['digest'][:32]} twice"):
        pictures_of(house.tenant, [*told, told[0]], names)


def test_markup_in_what_a_takeout_says_of_pictures_does_not_land(house: House):
    script = 'png"><script>alert(1)</script><img src="'
    takeout = rewritten(house, lambda images: [one.update(formats=[script]) for one in images])
    erase(tenant=house.tenant)
    with pytest.raises(NotATakeout, match="formats that are none"):
        land(takeout=takeout)
    assert not Tenant.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_files_that_are_slow_to_write_do_not_end_the_export(media_root: Path, monkeypatch: pytest.MonkeyPatch):
    slow, write_one = 0.3, zipfile.ZipFile.write

    def written_slowly(archive: zipfile.ZipFile, *args, **kwargs) -> None:
        time.sleep(slow)
        write_one(archive, *args, **kwargs)

    house = acme()
    with tenant_scope(house.tenant):
        store(house.tenant, picture("navy", 40), name="a.png", quickly=True)
    monkeypatch.setattr(zipfile.ZipFile, "write", written_slowly)
    bounds = {"idle_in_transaction_session_timeout": f"{slow * 500:.0f}ms", "statement_timeout": "7s"}
    with connection.cursor() as cursor:
        for name, bound in bounds.items():
            cursor.execute(f"SET {name} = '{bound}'")
    try:
        with zipfile.ZipFile(zipped(house)) as archive:
            assert len([name for name in archive.namelist() if name.startswith("media/")]) == 3
        # They are lifted for the export alone.
        with connection.cursor() as cursor:
            for name, bound in bounds.items():
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone() == (bound,)
    finally:
        connection.close()


def test_what_is_no_zip_is_refused():
    with pytest.raises(NotATakeout, match="no zip"):
        land(takeout=io.BytesIO(b"PK but not really"))


def test_a_bomb_is_not_unpacked(house: House):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("takeout.json", b" " * 70 * 1024 * 1024)
    with pytest.raises(NotATakeout, match="more than 64 MB"):
        land(takeout=out)


def test_names_that_are_taken_are_refused(house: House):
    takeout = zipped(house)
    with pytest.raises(ValidationError, match="exists here already"):
        land(takeout=takeout)
    with pytest.raises(ValidationError, match="already belongs to a site"):
        land(takeout=takeout, slug="second")
    with pytest.raises(NotATakeout, match=r"has no site nowhere\.test"):
        land(takeout=takeout, slug="second", hosts={"nowhere.test": "x.test"})
    assert Tenant.objects.count() == 1


def test_scripts_in_a_takeout_do_not_reach_readers(house: House):
    with zipfile.ZipFile(zipped(house)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    erase(tenant=house.tenant)
    name = next(name for name in files if name.endswith("number-1.md"))
    files[name] += b"<script>alert(1)</script><img src=x onerror=alert(1)>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one, data in files.items():
            archive.writestr(one, data)
    tenant = land(takeout=out)
    with tenant_scope(tenant):
        html = Article.objects.get(title="Number 1").html
    assert "script" not in html
    assert "onerror" not in html


def test_the_command_takes_lands_and_erases(
    house: House, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
):
    target = tmp_path_factory.mktemp("takeout") / "acme.zip"
    call_command("takeout", "export", "acme", "--to", str(target))
    assert "8 articles" in capsys.readouterr().out
    with pytest.raises(CommandError, match="exists: name another"):
        call_command("takeout", "export", "acme", "--to", str(target))
    call_command("takeout", "erase", "acme")
    said = capsys.readouterr().out
    assert "Nothing was changed" in said
    assert "publishing_article.tenant_id" in said
    with pytest.raises(CommandError, match="once more"):
        call_command("takeout", "erase", "acme", "--yes", "amce")
    call_command("takeout", "erase", "acme", "--yes", "acme", "--json")
    assert json.loads(capsys.readouterr().out)["erased"] is True
    call_command("takeout", "land", str(target), "--host", f"{TECHBLOG}=tech.elsewhere.test")
    assert "tech.elsewhere.test" in capsys.readouterr().out
    with tenant_scope(Tenant.objects.get()):
        assert Redirect.objects.filter(path="/number-0/").exists()
    with pytest.raises(CommandError, match="There is no tenant"):
        call_command("takeout", "erase", "nobody")
