"""What a person reads when everything answers."""

from pathlib import Path
from typing import Any

import pytest

from operations.embedded.introduction import introduction
from operations.embedded.run import Plan, Running, first_host


def plan(*surfaces: str) -> Plan:
    return Plan(
        checkout=Path("/checkout"),
        data=Path("/data"),
        port=8123,
        platform_domain="platform.test",
        surfaces=frozenset(surfaces or ("reader", "studio", "ops")),
        database_url="",
        redis_url="",
        with_edge=True,
        with_demo=True,
    )


def site(name: str, *, state: str = "live") -> dict[str, Any]:
    domain = f"{name.lower()}.test"
    return {"domain": domain, "name": name, "tenant": "Acme", "url": f"http://{domain}:8123/", "state": state}


@pytest.fixture(autouse=True)
def no_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)


def test_each_site_studio_ops_and_log_in_has_its_line() -> None:
    login = {"email": "owner@acme.example", "password": "swordfish", "role": "owner", "where": "studio"}
    lines = introduction(plan(), Running(sites=[site("TechBlog"), site("FinanceBlog")], logins=[login])).splitlines()
    assert [line.split() for line in lines] == [
        ["what", "address", "whose"],
        ["TechBlog", "http://techblog.test:8123/", "Acme"],
        ["FinanceBlog", "http://financeblog.test:8123/", "Acme"],
        ["studio", "http://studio.platform.test:8123/", "for", "editors"],
        ["ops", "http://ops.platform.test:8123/", "for", "platform", "staff"],
        ["mail", "/data/mail", "each", "mail", "is", "a", "file", "there"],
        [],
        ["log", "in", "as", "with", "role", "where"],
        ["owner@acme.example", "swordfish", "owner", "studio"],
    ]


def test_thousands_of_sites_are_counted_not_listed() -> None:
    text = introduction(plan(), Running(sites=[site(f"Site{number}") for number in range(5_000)], logins=[]))
    assert "… and 4,980 more sites" in text
    assert len(text.splitlines()) < 30


def test_a_platform_without_sites_says_how_to_add_one() -> None:
    assert "manage.py site add" in introduction(plan(), Running(sites=[], logins=[]))


def test_no_name_can_speak_to_the_terminal_or_be_taken_for_markup() -> None:
    text = introduction(plan(), Running(sites=[site("\x1b[2JTech [red]Blog[/red]\r\n")], logins=[]))
    assert "Tech [red]Blog[/red]" in text
    assert "\x1b" not in text
    assert "\r" not in text


def test_a_long_address_is_neither_folded_nor_cut() -> None:
    name = ".".join(["x" * 60] * 4)
    assert f"http://{name}.test:8123/" in introduction(plan(), Running(sites=[site(name)], logins=[]))


def test_a_front_that_is_not_served_is_not_offered() -> None:
    assert "ops." not in introduction(plan("reader"), Running(sites=[site("TechBlog")], logins=[]))
    assert "techblog" not in introduction(plan("ops"), Running(sites=[site("TechBlog")], logins=[]))


def test_mail_is_in_files_unless_a_server_is_named_and_nobody_sends_any_without_the_studio(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing = Running(sites=[], logins=[])
    assert "/data/mail" in introduction(plan("studio"), nothing)
    assert "/data/mail" not in introduction(plan("reader", "ops"), nothing)
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.test")
    assert "/data/mail" not in introduction(plan(), nothing)


def test_the_page_that_proves_it_works_is_a_live_sites_else_the_staffs() -> None:
    sites = [site("Retired", state="retired"), site("TechBlog")]
    assert first_host(plan(), sites) == "techblog.test"
    assert first_host(plan(), sites[:1]) == "studio.platform.test"
    assert first_host(plan("ops"), sites) == "ops.platform.test"
    assert first_host(plan("internal"), sites) is None
