"""A Site row, however it is written, is followed by every worker without a restart."""

import http.client
import json
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass

import psycopg
import pytest

from sites_core.directory import POLL_SECONDS
from tests.stack.program import Program, command, environment

# Fresh connections: the two workers take them as they come.
ASKED = 40


@dataclass(frozen=True)
class Answered:
    status: int
    location: str | None


def ask(masthead: Program, host: str) -> Answered:
    """One request on a connection of its own, straight to the application, whose workers take turns."""
    with closing(http.client.HTTPConnection("127.0.0.1", masthead.port_of("gunicorn"), timeout=30)) as connection:
        connection.request("GET", "/", headers={"Host": host})
        reply = connection.getresponse()
        return Answered(reply.status, reply.headers["Location"])


def expect(masthead: Program, host: str, status: int, location: str | None = None) -> None:
    """From a second after the change on no worker answers otherwise, whichever takes the connection."""
    time.sleep(POLL_SECONDS)
    expected = Answered(status, location)
    assert {ask(masthead, host) for _ in range(ASKED)} == {expected}


def manage(masthead: Program, *words: str) -> None:
    done = subprocess.run(
        command(*words), env=environment(MASTHEAD_DATA=str(masthead.data)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def execute(masthead: Program, statement: str) -> None:
    url = json.loads((masthead.data / "run.json").read_text())["database_url"]
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute(statement)


def orm(masthead: Program, code: str) -> None:
    manage(masthead, "shell", "--no-imports", "-c", f"from django.contrib.sites.models import Site; {code}")


@pytest.mark.parametrize("way", ["command", "orm", "sql"])
def test_an_added_site_is_served_and_a_deleted_one_is_not(masthead: Program, way: str):
    host = f"added-by-{way}.localhost"
    expect(masthead, host, 404)
    if way == "command":
        manage(masthead, "site", "add", host, "--name", "Added", "--tenant", "acme")
    elif way == "orm":
        orm(masthead, f"Site.objects.create(domain='{host}', name='Added')")
    else:
        execute(masthead, f"INSERT INTO django_site (domain, name) VALUES ('{host}', 'Added')")
    expect(masthead, host, 200)
    if way == "orm":
        orm(masthead, f"Site.objects.filter(domain='{host}').delete()")
    else:
        execute(masthead, f"DELETE FROM django_site WHERE domain = '{host}'")
    expect(masthead, host, 404)


@pytest.mark.parametrize("way", ["command", "queryset", "sql"])
def test_a_renamed_site_answers_at_its_new_name_and_redirects_from_the_old(masthead: Program, way: str):
    old, new = f"old-by-{way}.localhost", f"new-by-{way}.localhost"
    execute(masthead, f"INSERT INTO django_site (domain, name) VALUES ('{old}', 'Renamed')")
    expect(masthead, old, 200)
    if way == "command":
        manage(masthead, "site", "rename", old, new)
    elif way == "queryset":
        orm(masthead, f"Site.objects.filter(domain='{old}').update(domain='{new}')")
    else:
        execute(masthead, f"UPDATE django_site SET domain = '{new}' WHERE domain = '{old}'")
    expect(masthead, new, 200)
    expect(masthead, old, 308, f"http://{new}:{masthead.port}/")
    execute(masthead, f"DELETE FROM django_site WHERE domain = '{new}'")


def test_an_alias_redirects_and_a_retired_site_is_gone(masthead: Program):
    host, alias = "gazette.localhost", "www.gazette.localhost"
    manage(masthead, "site", "add", host, "--name", "Gazette", "--tenant", "acme", "--alias", alias)
    expect(masthead, host, 200)
    expect(masthead, alias, 308, f"http://{host}:{masthead.port}/")
    manage(masthead, "site", "retire", host)
    expect(masthead, host, 410)
    execute(masthead, f"DELETE FROM django_site WHERE domain = '{host}'")
