"""What a person sees once everything answers: where to go, and as whom."""

import os
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from operations.embedded.run import Plan, Running

WIDTH = 1000  # characters
SHOWN = 20  # sites; a platform may have thousands


def introduction(plan: Plan, running: Running) -> str:
    """The sites, the staff's fronts, where mail goes and the demo's log-ins, as aligned lines."""
    # Addresses are never folded or cut: they are there to be clicked and copied.
    console = Console(file=StringIO(), width=WIDTH, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(_places(plan, running.sites))
        if len(running.sites) > SHOWN:
            console.print(f"… and {len(running.sites) - SHOWN:,} more sites: manage.py site list")
        if not running.sites:
            console.print("No site yet. Add one: manage.py site add DOMAIN --name NAME --tenant TENANT")
        if running.logins:
            console.print()
            console.print(_logins(running.logins))
        if plan.roots:
            console.print()
            console.print(_trust(plan, plan.roots))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _places(plan: Plan, sites: list[dict[str, Any]]) -> Table:
    table = _table("what", "address", "whose")
    for site in sites[:SHOWN] if "reader" in plan.surfaces else []:
        table.add_row(_clean(site["name"]), _clean(site["url"]), _clean(site["tenant"]))
    for surface, audience in (("studio", "for editors"), ("ops", "for platform staff")):
        if surface in plan.surfaces:
            table.add_row(surface, plan.url(f"{surface}.{plan.platform_domain}"), audience)
    # What settings.embedded has the relay do with mail. Invitations and new passwords are in it.
    if "studio" in plan.surfaces and not os.environ.get("EMAIL_URL"):
        table.add_row("mail", str(plan.data / "mail"), "each mail is a file there")
    return table


def _trust(plan: Plan, roots: Path) -> str:
    return (
        f"HTTPS is on port {plan.tls_port}; port {plan.port} redirects there. The certificates are Pebble's, which "
        "nobody trusts but who is told to:\n"
        f"  curl --cacert {roots} {plan.url(f'studio.{plan.platform_domain}')}\n"
        "  a browser: import that file as an authority for web sites, and remove it afterwards; Pebble makes a new "
        "root with each start, and the newest stands first"
    )


def _logins(logins: list[dict[str, Any]]) -> Table:
    table = _table("log in as", "with", "role", "where")
    for login in logins:
        table.add_row(*(_clean(login[key]) for key in ("email", "password", "role", "where")))
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in headings:
        table.add_column(heading, no_wrap=True, overflow="ignore")
    return table


def _clean(value: object) -> Text:
    # Names are written by tenants: nothing in them may speak to the terminal.
    return Text("".join(character for character in str(value or "") if character.isprintable()))
