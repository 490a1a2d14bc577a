"""Redirects out of a CSV."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing.importing import redirects as importing
from publishing.importing.redirects import Outcome, cells_of, import_redirects
from publishing.models import Redirect
from publishing.redirects import add_redirect
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on

pytestmark = pytest.mark.django_db


def ledger(house: House, domain: str = TECHBLOG) -> dict[str, str]:
    return dict(Redirect.objects.filter(site=house.sites[domain]).values_list("path", "target"))


def add(house: House, path: str, target: str, domain: str = TECHBLOG) -> None:
    add_redirect(tenant=house.tenant, site=house.sites[domain], path=path, target=target)


def imported(house: House, text: str, **how: bool) -> list[tuple[str, str]]:
    lines = import_redirects(tenant=house.tenant, site=house.sites[TECHBLOG], text=text, **how)
    return [(line.path, line.outcome.value) for line in lines]


def test_a_trial_tells_what_becomes_of_each_line_and_writes_nothing(house: House):
    article_on(house, TECHBLOG, title="A headline")
    add(house, "/there/", "/already/")
    add(house, "/moves/", "/once/")
    text = "from,to\n/old/,/new/\n/there/,/already/\n/moves/,/again/\n/a-headline/,/x/\nnonsense\n\n/q/,/q/\n"
    before = ledger(house)
    assert imported(house, text, is_trial=True) == [
        ("/old/", "added"), ("/there/", "there already"), ("/moves/", "changed"), ("/a-headline/", "refused"),
        ("nonsense", "refused"), ("/q/", "refused"),
    ]  # fmt: skip
    assert ledger(house) == before
    tried = imported(house, text, is_trial=True)
    assert imported(house, text) == tried
    assert ledger(house) == {"/there/": "/already/", "/moves/": "/again/", "/old/": "/new/"}


def test_lines_are_numbered_as_in_the_file(house: House):
    lines = import_redirects(
        tenant=house.tenant, site=house.sites[TECHBLOG], text="path;target\n\n/a/;/b/\n\n/c/;/d/\n", is_trial=True
    )
    assert [(line.number, line.path, line.target) for line in lines] == [(3, "/a/", "/b/"), (5, "/c/", "/d/")]


def test_chains_within_a_file_collapse_and_its_circles_are_refused_in_the_line_that_closes_them(house: House):
    add(house, "/z/", "/a/")
    lines = import_redirects(
        tenant=house.tenant, site=house.sites[TECHBLOG], text="/a/,/b/\n/b/,/c/\n/c/,/z/\n/y/,/z/\n"
    )
    assert [line.outcome for line in lines] == [Outcome.ADDED, Outcome.ADDED, Outcome.REFUSED, Outcome.ADDED]
    assert lines[3].target == "/c/"
    assert ledger(house) == dict.fromkeys(("/z/", "/a/", "/b/", "/y/"), "/c/")


def test_a_file_does_what_adding_each_line_would_do(house: House):
    """Two sites, one by one and in one go: the same ledger, whatever chains the lines make."""
    pairs = [(f"/{a}/", f"/{b}/") for a, b in ("ab", "cd", "bc", "ea", "dx", "fb", "ag", "gh", "hb", "xf", "ax")]
    for path, target in pairs:
        try:
            add(house, path, target, FINANCEBLOG)
        except ValidationError:
            continue
    import_redirects(tenant=house.tenant, site=house.sites[TECHBLOG], text="\n".join(",".join(pair) for pair in pairs))
    assert ledger(house) == ledger(house, FINANCEBLOG)
    assert not set(ledger(house)) & set(ledger(house).values()), "nobody is led on twice"


@pytest.mark.parametrize(
    "text", ["\ufeff/a/,/b/", "/a/;/b/", "/a/\t/b/", '"/a/","/b/"', "/a/,/b/,301", "Old URL,New\r\n/a/,/b/"]
)
def test_a_file_is_read_as_spreadsheets_write_it(text: str):
    (cells,) = [cells for _, cells in cells_of(text)]
    assert cells[:2] == ["/a/", "/b/"]


def test_a_file_has_an_end_and_a_beginning(house: House, monkeypatch: pytest.MonkeyPatch):
    for nothing in ("", "\n\n", "from,to\n"):
        with pytest.raises(ValidationError, match="There is no line in it"):
            imported(house, nothing)
    monkeypatch.setattr(importing, "MOST_LINES", 3)
    with pytest.raises(ValidationError, match="may have 3 lines"):
        imported(house, "\n".join(f"/{n}/,/x/" for n in range(4)))
    monkeypatch.setattr(importing, "MOST_BYTES", 5)
    with pytest.raises(ValidationError, match="MB"):
        imported(house, "/aa/,/b/")
    assert ledger(house) == {}


def test_an_import_costs_the_same_statements_for_one_line_and_for_three_hundred(house: House):
    def cost(count: int, prefix: str) -> int:
        text = "\n".join(f"/{prefix}{n}/,/there/" for n in range(count))
        with CaptureQueriesContext(connection) as queries:
            imported(house, text)
        return len(queries)

    assert cost(1, "a") == cost(300, "b")
