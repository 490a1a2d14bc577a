"""`manage.py edge`: what the edge is told, as a table, as files, and a loss that is meant."""

import json
from pathlib import Path

import pytest
import yaml
from django.contrib.sites.models import Site
from django.core.management import CommandError, call_command

from domains.models import Certificate
from operations.edge.files import NAMES, Folder, Withheld
from sites_core.directory import directory
from tests.operations.pairs import certify

pytestmark = pytest.mark.django_db


def add(*names: str) -> None:
    for name in names:
        Site.objects.create(domain=name, name=name)
        certify(name)
    directory.expire()


def sync(folder: Path) -> dict[str, tuple[str, str]]:
    """What the list names, after a turn: by file, the chain and the key."""
    directory.expire()
    Folder(folder).sync(settle=0)
    return listed(folder)


def listed(folder: Path) -> dict[str, tuple[str, str]]:
    certificates = yaml.safe_load((folder / NAMES).read_text())["tls"]["certificates"]
    return {
        Path(one["certFile"]).name: (Path(one["certFile"]).read_text(), Path(one["keyFile"]).read_text())
        for one in certificates
    }


def test_each_certificate_is_a_pair_of_files_whose_name_has_the_serial(tmp_path: Path) -> None:
    add("a.test", "b.test")
    found = sync(tmp_path)
    assert set(found) == {f"{row.name}-{row.serial}.crt" for row in Certificate.objects.all()}
    for row in Certificate.objects.all():
        chain, key = found[f"{row.name}-{row.serial}.crt"]
        assert chain == row.chain
        assert key.startswith("-----BEGIN PRIVATE KEY-----")


def test_keys_are_their_owners_alone_and_nothing_half_written_is_left(tmp_path: Path) -> None:
    add("a.test")
    sync(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_a_renewed_certificate_is_another_file_and_the_old_one_goes(tmp_path: Path) -> None:
    add("a.test")
    before = set(sync(tmp_path))
    certify("a.test")
    after = set(sync(tmp_path))
    assert before.isdisjoint(after)
    assert {path.name for path in (tmp_path / "certificates").glob("*.crt")} == after


def test_a_removed_name_goes_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    add("a.test", "b.test")
    sync(tmp_path)
    foreign = [tmp_path / "masthead.yml", tmp_path / "certificates" / "README"]
    for path in foreign:
        path.write_text("not ours")
    Site.objects.get(domain="a.test").delete()
    assert [name.rpartition("-")[0] for name in sync(tmp_path)] == ["b.test"]
    assert all(path.read_text() == "not ours" for path in foreign)
    assert len(list((tmp_path / "certificates").glob("*.key"))) == 1


def test_the_folder_may_be_seen_elsewhere(tmp_path: Path) -> None:
    add("a.test")
    Folder(tmp_path, seen_as="/edge/dynamic").sync(settle=0)
    certificate = yaml.safe_load((tmp_path / NAMES).read_text())["tls"]["certificates"][0]
    assert certificate["certFile"].startswith("/edge/dynamic/certificates/a.test-")


def test_a_turn_without_a_change_touches_no_file(tmp_path: Path) -> None:
    add("a.test")
    folder = Folder(tmp_path)
    folder.sync(settle=0)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    done = folder.sync(settle=0)
    assert (done.names, done.written, done.removed) == (1, 0, 0)
    assert Folder(tmp_path).sync(settle=0).written == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_damaged_file_is_written_anew_and_a_damaged_row_left_out(tmp_path: Path) -> None:
    add("a.test", "b.test")
    name = next(iter(sync(tmp_path)))
    (tmp_path / "certificates" / name).write_text("half a cert")
    Certificate.objects.filter(name="b.test").update(key=b"garbage")
    done = Folder(tmp_path).sync(settle=0)
    assert [one.name for one in done.damaged] == ["b.test"]
    assert [chain for chain, _ in listed(tmp_path).values()] == [Certificate.objects.get(name="a.test").chain]


def test_a_sudden_loss_leaves_the_files_as_they_are(tmp_path: Path) -> None:
    add(*(f"title{number}.test" for number in range(12)))
    before = sync(tmp_path)
    Certificate.objects.exclude(name="title0.test").delete()
    with pytest.raises(Withheld, match="11 of 12 names are gone"):
        sync(tmp_path)
    assert listed(tmp_path) == before
    call_command("edge", "confirm", "--yes")
    assert len(sync(tmp_path)) == 1


def test_without_any_certificate_nothing_is_written_over(tmp_path: Path) -> None:
    add("a.test")
    before = sync(tmp_path)
    Certificate.objects.all().delete()
    with pytest.raises(CommandError, match="no certificate"):
        call_command("edge", "sync", str(tmp_path))
    assert listed(tmp_path) == before


def test_show_lists_names_certificates_and_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    add("a.test", "b.test")
    Site.objects.create(domain="bücher.test".encode("idna").decode(), name="Books")
    Certificate.objects.filter(name="b.test").update(key=b"garbage")
    directory.expire()
    call_command("edge", "show", "--json")
    told = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert told["a.test"]["serial"] == Certificate.objects.get(name="a.test").serial
    assert told["a.test"]["problem"] == ""
    assert "SECRET_KEY" in told["b.test"]["problem"]
    assert told["xn--bcher-kva.test"]["problem"] == "It has no certificate."
    call_command("edge", "show")
    assert "bücher.test" in capsys.readouterr().out
