"""A site's primary name changes: whatever was held of it, in whichever process, says the new name within a second."""

import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sites_core.directory import POLL_SECONDS
from tests.stack.program import Program, command, environment
from tests.stack.test_cached_pages import connected
from tests.stack.wire import Answered, Asked, Wire

BESIDE = "beside-the-renamed.localhost"
NAMES = ("first-name.localhost", "second-name.localhost", "third-name.localhost")
STORY, MOVED_FROM = "/a-story-of-two-sites/", "/as-it-was-called-first/"
# Whatever of a site says its own name.
PAGES = (
    STORY, "/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/sitemap.xml", "/sitemaps/pages.xml",
    "/robots.txt", "/sections/news/", "/site.webmanifest",
)  # fmt: skip
# Connections of their own: every worker takes some.
ASKED = 12

FURNISH = """
from publishing.models import Placement, Section
from publishing.placing import move, place
from publishing.writing import write
from tenants.adding import add_site
from tenants.models import Tenant
from tenants.scope import tenant_scope
tenant = Tenant.objects.get(slug="acme")
with tenant_scope(tenant):
    site, beside = (add_site(tenant=tenant, domain=name, name="Renamed") for name in ("{first}", "{beside}"))
    section = Section.objects.create(tenant=tenant, site=site, slug="news", name="News")
    article = write(tenant=tenant, title="A story of two sites", body="Words.")
    placement = place(article=article, site=site, slug="as-it-was-called-first", canonical=True, section=section)
    move(placement=placement, slug="a-story-of-two-sites")
    place(article=article, site=beside, slug="a-story-of-two-sites")
"""
CLAIMED = """
from domains.claiming import make_primary, vouch
from django.contrib.sites.models import Site
site = Site.objects.get(domain="{old}")
make_primary(hostname=vouch(site=site, name="{new}", by=None))
"""


@dataclass(frozen=True)
class Renamed:
    program: Program
    port: int

    def ask(self, host: str, path: str, method: str = "GET") -> set[Answered]:
        """What the server's workers answer, without what differs between two moments."""
        return {_without_times(self._once(host, path, method)) for _ in range(ASKED)}

    def _once(self, host: str, path: str, method: str) -> Answered:
        with Wire(self.port) as wire:
            return wire.ask(Asked(method, path, (("Host", f"{host}:{self.program.port}"), ("Connection", "close"))))

    def one(self, host: str, path: str, method: str = "GET") -> Answered:
        """The one answer that all workers agree upon."""
        answers = self.ask(host, path, method)
        assert len({(one.status, one.body) for one in answers}) == 1, (host, path, answers)
        return answers.pop()

    def manage(self, *words: str) -> None:
        done = subprocess.run(
            command(*words), env=environment(MASTHEAD_DATA=str(self.program.data)), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def shell(self, code: str, **names: str) -> None:
        self.manage("shell", "--no-imports", "-c", code.format(**names))

    def execute(self, statement: str, *values: object) -> None:
        with connected(self.program) as database:
            database.execute(statement, values)

    def origin(self, host: str) -> str:
        return f"http://{host}:{self.program.port}"


def _without_times(answer: Answered) -> Answered:
    kept = tuple(header for header in answer.headers if header[0] in {"location", "cache-status"})
    return Answered(answer.status, kept, answer.body)


@pytest.fixture(scope="module", params=["gunicorn", "granian"])
def site(request: pytest.FixtureRequest) -> Iterator[Renamed]:
    program: Program = request.getfixturevalue("masthead" if request.param == "gunicorn" else "masthead_with_granian")
    one = Renamed(program, program.port_of(request.param))
    one.shell(FURNISH, first=NAMES[0], beside=BESIDE)
    time.sleep(POLL_SECONDS)
    yield one
    one.execute("DELETE FROM publishing_article WHERE title = 'A story of two sites'")
    one.execute("DELETE FROM django_site WHERE domain = ANY(%s)", [*NAMES, BESIDE])
    one.execute("DELETE FROM domains_tombstone WHERE name = ANY(%s)", [*NAMES, BESIDE])


def test_all_that_says_a_sites_name_follows_however_it_is_renamed(site: Renamed):
    first, second, third = NAMES
    _is_told(site, first)
    site.shell(CLAIMED, old=first, new=second)
    time.sleep(POLL_SECONDS)
    _is_told(site, second, formerly=(first,))
    # Now to the moment: what was held a second ago is held no longer.
    site.execute("UPDATE django_site SET domain = %s WHERE domain = %s", third, second)
    time.sleep(POLL_SECONDS)
    _is_told(site, third, formerly=(first, second))
    site.manage("site", "rename", third, first)
    time.sleep(POLL_SECONDS)
    _is_told(site, first, formerly=(second, third))


def _is_told(site: Renamed, name: str, formerly: tuple[str, ...] = ()) -> None:
    """Every page under the name, held or not, and nothing under the former ones but the way to it."""
    for path in PAGES:
        # The second time it is held, if it is of those that are.
        for answer in (site.one(name, path), site.one(name, path)):
            assert answer.status == 200, (name, path, answer.status)
            said = set(re.findall(r"[a-z-]+name\.localhost", answer.body.decode()))
            assert said <= {name}, (path, said)
    page = site.one(name, STORY).body.decode()
    assert f'<link rel="canonical" href="{site.origin(name)}{STORY}"' in page
    maps = re.findall(r"<loc>http://[^/]+([^<]+)</loc>", site.one(name, "/sitemap.xml").body.decode())
    listed = " ".join(site.one(name, path).body.decode() for path in maps)
    assert set(re.findall(r"http://[a-z-]+name\.localhost[^<]*", listed)) >= {f"{site.origin(name)}{STORY}"}
    assert not [one for one in formerly if one in listed]
    # The other site's page points to the one that is canonical.
    assert f'<link rel="canonical" href="{site.origin(name)}{STORY}"' in site.one(BESIDE, STORY).body.decode()
    ledger = site.one(name, MOVED_FROM)
    assert (ledger.status, dict(ledger.headers)["location"]) == (301, STORY)
    for old in formerly:
        for path in (f"{STORY}?x=1&y=%20z", MOVED_FROM, "/nothing/"):
            for method in ("GET", "HEAD", "POST"):
                moved = site.one(old, path, method)
                assert (moved.status, dict(moved.headers)["location"]) == (308, f"{site.origin(name)}{path}")
