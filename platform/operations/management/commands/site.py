"""`manage.py site`: the operator's way to a site's names and its brand."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich import box
from rich.table import Table
from rich.text import Text

from domains.claiming import claim, refuse_buried, release, withdraw
from domains.wording import Told
from operations.admin.brand_values import WORDS, brand_told, change_brand
from operations.diagnosing import diagnose
from operations.explaining import Explanation, explain
from operations.following import as_lines, as_table, as_words, follow, names_told, nobody_delivers
from operations.moving import add_options as add_move_options
from operations.moving import asked as move_asked
from operations.naming import as_json, claim_of, diagnosis_lines, domains_table, every_name, records_table
from operations.tables import write_table
from sites_core import addressing
from sites_core.branding import COLOURS
from sites_core.directory import DirectoryUnavailable
from sites_core.hostnames import hostname_from_text, unicode_hostname
from sites_core.models import Hostname
from sites_core.origins import origin
from tenants.adding import add_site
from tenants.models import Tenant

HELP = """\
Add, list, rename, alias, brand, retire and explain sites; claim, list and release their names.

Names may be typed in any spelling: Bücher.example and xn--bcher-kva.example are the same.
Every worker follows a change within a second; nothing has to be restarted.
"""
EXAMPLES = """\
examples:
  manage.py site add techblog.example --name "Techblog" --tenant acme --alias www.techblog.example
  manage.py site rename techblog.example thetechblog.example    (the old name redirects)
  manage.py site brand techblog.example --theme magazine --accent "#7a1f3d"
  manage.py site move techblog.example --to bolt --dry-run       (what would happen if it passed to another tenant)
  manage.py site retire techblog.example                        (every name of it answers 410 Gone)
  manage.py site claim bücher.example --site techblog.example --wait    (says which records prove it, and waits)
  manage.py site domains --site techblog.example                (its names: state, certificate, what to do)
  manage.py site explain www.techblog.example                   (what answers there, why, and what is wrong)

exit codes: 0 done, 1 refused (the sentence says why), 2 the command was not understood,
3 (--wait) the time is out and a name is not live yet
"""

BRAND_HELP = {
    "theme": "the name of a theme's folder",
    "fonts": "the name of a set of fonts; empty: the theme's",
    "tagline": "a line below the name",
    "language": "such as en or pt-br",
    "time_zone": "such as Europe/Berlin",
    "date_style": "long, weekday, short or iso",
}


NOT_LIVE_YET = 3


class Refused(CommandError):
    """What was asked is not done; the message says why."""


class OutOfTime(CommandError):
    """Not all names are live yet; the message says which, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, returncode=NOT_LIVE_YET)


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED", title="deeds")

        def deed(name: str, does: Callable[..., str | None], text: str) -> argparse.ArgumentParser:
            one: argparse.ArgumentParser = deeds.add_parser(name, help=text, description=text)
            one.set_defaults(does=does)
            return one

        def on_site(name: str, does: Callable[..., str | None], text: str) -> argparse.ArgumentParser:
            one = deed(name, does, text)
            one.add_argument("domain", metavar="DOMAIN", help="the site's primary name")
            return one

        add = deed("add", self._add, "Add a site to a tenant; it is served within a second.")
        add.add_argument("domain", metavar="DOMAIN", help="its primary name, such as techblog.example")
        add.add_argument("--name", required=True, help="what the site is called, such as “Techblog”")
        add.add_argument("--tenant", required=True, metavar="SLUG", help="the tenant that owns it")
        add.add_argument(
            "--alias", action="append", default=[], metavar="NAME", help="another name, which redirects; repeatable"
        )
        _add_waiting(add)
        claim = deed(
            "claim", self._claim, "Claim a name for a site, as its tenant does: served once a TXT record proves it."
        )
        claim.add_argument("name", metavar="NAME", help="the name, such as news.example")
        claim.add_argument("--site", required=True, metavar="DOMAIN", help="the site's primary name")
        claim.add_argument("--www", action="store_true", help="and www before it, which redirects")
        claim.add_argument("--primary", action="store_true", help="it becomes the site's address, once it is proven")
        _add_waiting(claim)
        release = deed("release", _release, "Let a name go, or withdraw a claim; for 30 days nobody gets it unproven.")
        release.add_argument("name", metavar="NAME", help="an alias, or a claimed name")
        release.add_argument("--tenant", metavar="SLUG", help="of a claim: whose, where several claim the name")
        domains = deed("domains", self._domains, "List names and claims: state, certificate, what to do next.")
        domains.add_argument("--site", metavar="DOMAIN", help="of one site alone")
        domains.add_argument("--tenant", metavar="SLUG", help="of one tenant alone")
        domains.add_argument("--json", action="store_true", help="as JSON, for programs")
        listing = deed("list", self._list, "List every site.")
        listing.add_argument("--json", action="store_true", help="as JSON, for programs")
        alias = on_site("alias", _alias, "Give a site another name, which redirects to its primary one.")
        alias.add_argument("name", metavar="NAME", help="the other name")
        alias.add_argument("--remove", action="store_true", help="take the name away instead")
        rename = on_site("rename", _rename, "Give a site another primary name; the old one stays and redirects.")
        rename.add_argument("new", metavar="NEW", help="the new primary name; an alias of the site is promoted")
        move = on_site("move", self._move, "Give a site to another tenant, after saying what would happen.")
        add_move_options(move)
        brand = on_site("brand", self._brand, "Show a site's brand, or change what is named. Colours must be readable.")
        _add_brand_options(brand)
        retire = on_site("retire", _retire, "Answer 410 Gone on every name of a site; nothing is deleted.")
        retire.add_argument("--undo", action="store_true", help="serve the site again")
        why = deed("explain", self._explain, "Say what answers at a hostname, and why. Exit code 1 where nothing does.")
        why.add_argument("host", metavar="HOST", help="a hostname, or a whole Host header with its port")
        why.add_argument("--json", action="store_true", help="as JSON, for programs")

    def handle(self, *args: Any, does: Callable[..., str | None], **options: Any) -> str | None:
        try:
            return does(options)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        except DirectoryUnavailable as error:
            raise Refused(str(error)) from error

    def _add(self, options: dict[str, Any]) -> str | None:
        tenant = _tenant(options["tenant"])
        for named in (options["domain"], *options["alias"]):
            refuse_buried(hostname_from_text(named), tenant)
        site = add_site(tenant=tenant, domain=options["domain"], name=options["name"], aliases=options["alias"])
        said = f"Added {site.domain}; it answers at {origin(site.domain)}/ within a second."
        names = [site.domain, *map(hostname_from_text, options["alias"])]
        return self._wait(options, names, tenant, said)

    def _claim(self, options: dict[str, Any]) -> str | None:
        site = _site(options["site"])
        if not hasattr(site, "ownership"):
            raise Refused(f"No tenant owns {site.domain}: `site alias` gives it names.")
        tenant, name = site.ownership.tenant, hostname_from_text(options["name"])
        claims = claim(
            tenant=tenant, site=site, name=name, by=None, becomes_primary=options["primary"], with_www=options["www"]
        )
        names = [one.name for one in claims] or [name]
        if not options["json"]:
            write_table(self.stdout, records_table(names_told(names, tenant.pk)))
        said = f"Claimed {', '.join(names)} for {site.domain}." if claims else f"{name} is a name of {site.domain} now."
        return self._wait(options, names, tenant, said)

    def _wait(self, options: dict[str, Any], names: list[str], tenant: Tenant, said: str) -> str | None:
        """Show the steps until all names are live. Raises OutOfTime."""
        if not options["wait"]:
            return json.dumps({"said": said, "names": names}) if options["json"] else said
        seconds = options["timeout"]
        if options["json"]:
            end = follow(names, tenant_id=tenant.pk, seconds=seconds, show=as_lines(self.stdout))
        elif self.stdout.isatty():
            with as_table() as show:
                end = follow(names, tenant_id=tenant.pk, seconds=seconds, show=show)
        else:
            end = follow(names, tenant_id=tenant.pk, seconds=seconds, show=as_words(self.stdout))
        if late := [one for one in end if one.word != "live"]:
            raise OutOfTime(_late(late, seconds))
        return None if options["json"] else f"{said} Live: {', '.join(one.shown for one in end)}."

    def _domains(self, options: dict[str, Any]) -> str | None:
        site = _site(options["site"]) if options["site"] else None
        tenant = _tenant(options["tenant"]) if options["tenant"] else None
        names = every_name(site=site, tenant=tenant)
        if options["json"]:
            return json.dumps([as_json(one) for one in names], indent=2, ensure_ascii=False)
        if not names:
            return "There is no name yet. `manage.py site add --help` tells how to add a site."
        write_table(self.stdout, domains_table(names))
        return None

    def _move(self, options: dict[str, Any]) -> str:
        site, to = _site(options["domain"]), _tenant(options["to"])
        return move_asked(options, site=site, to=to, say=self.stdout.write)

    def _list(self, options: dict[str, Any]) -> str | None:
        sites = _sites()
        if options["json"]:
            return json.dumps(sites, indent=2)
        if not sites:
            return "There is no site yet. `manage.py site add --help` tells how to add one."
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for heading in ("Domain", "Name", "Tenant", "State", "Aliases"):
            table.add_column(heading, no_wrap=heading != "Aliases")
        for site in sites:
            aliases = ", ".join(map(unicode_hostname, site["aliases"]))
            cells = (unicode_hostname(site["domain"]), site["name"], site["tenant"] or "", site["state"], aliases)
            table.add_row(*map(Text, cells))
        write_table(self.stdout, table)
        return None

    def _brand(self, options: dict[str, Any]) -> str | None:
        site = _site(options["domain"])
        words = {name: options[name] for name in WORDS if options[name] is not None}
        logo, no_logo, chosen = options["logo"], options["no_logo"], options["option"]
        changed = None
        if words or logo or no_logo or chosen:
            changed = change_brand(site=site, words=words, options=chosen, logo=logo, no_logo=no_logo)
        if options["json"]:
            return json.dumps(brand_told(site), indent=2, ensure_ascii=False)
        if changed is not None:
            what = ", ".join(name.replace("_", " ") for name in changed) or "nothing"
            return f"Changed for {site.domain}: {what}. Every worker follows within a second."
        write_table(self.stdout, _table(_brand_lines(brand_told(site))))
        return None

    def _explain(self, options: dict[str, Any]) -> str | None:
        explanation = explain(options["host"])
        found = diagnose(explanation)
        if options["json"]:
            told = vars(explanation) | {"answered": explanation.answered} | asdict(found)
            self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
        else:
            write_table(self.stdout, _table([*_lines(explanation), *diagnosis_lines(found)]))
        if not explanation.answered:
            raise Refused(f"Nothing is served at {explanation.asked}: it is {explanation.outcome}.")
        return None


def _late(names: list[Told], seconds: float) -> str:
    said = " ".join(f"{one.shown} is {one.word}: {one.next}" for one in names)
    relay = " Nobody delivers events: is `manage.py relay` running?" if nobody_delivers() else ""
    return f"After {seconds:g} seconds not all is live. {said}{relay} It goes on without this command."


def _release(options: dict[str, Any]) -> str:
    name = hostname_from_text(options["name"])
    hostname = Hostname.objects.filter(name=name).select_related("site").first()
    if hostname and not options["tenant"]:
        release(hostname=hostname)
        return f"{name} is no longer a name of {hostname.site.domain}. For 30 days nobody gets it without a proof."
    withdrawn = claim_of(name, options["tenant"])
    withdraw(claim=withdrawn)
    return f"The claim of {name} for {withdrawn.site.domain} is withdrawn; its TXT record is worth nothing."


def _owner(site: Site) -> Tenant | None:
    return Tenant.objects.filter(ownerships__site=site).first()


def _alias(options: dict[str, Any]) -> str:
    site = _site(options["domain"])
    if options["remove"]:
        addressing.remove_alias(site=site, name=options["name"])
        return f"{hostname_from_text(options['name'])} is no longer a name of {site.domain}."
    refuse_buried(hostname_from_text(options["name"]), _owner(site))
    return f"{addressing.add_alias(site=site, name=options['name'])} now redirects to {site.domain}."


def _rename(options: dict[str, Any]) -> str:
    site = _site(options["domain"])
    before = site.domain
    refuse_buried(hostname_from_text(options["new"]), _owner(site))
    addressing.rename_site(site=site, domain=options["new"])
    return f"{before} is now {site.domain}; the old name redirects."


def _retire(options: dict[str, Any]) -> str:
    site = _site(options["domain"])
    if options["undo"]:
        addressing.reinstate_site(site=site)
        return f"{site.domain} is served again."
    addressing.retire_site(site=site)
    return f"{site.domain} and its aliases answer 410 Gone. `site retire {site.domain} --undo` brings it back."


def _tenant(slug: str) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        known = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise Refused(f"There is no tenant “{slug}”. Known tenants: {known or 'none yet; add one in ops'}.")
    return tenant


def _site(text: str) -> Site:
    name = hostname_from_text(text)
    row = Hostname.objects.filter(name=name).select_related("site").first()
    if row is None:
        raise Refused(f"No site is called {name}. `manage.py site list` shows them.")
    if not row.is_primary:
        raise Refused(f"{name} is an alias of {row.site.domain}: give that name.")
    return row.site


def _sites() -> list[dict[str, Any]]:
    sites = Site.objects.select_related("ownership__tenant", "state").prefetch_related("hostnames").order_by("domain")
    return [
        {
            "domain": site.domain,
            "name": site.name,
            "tenant": site.ownership.tenant.slug if hasattr(site, "ownership") else None,
            "url": f"{origin(site.domain)}/",
            "state": "retired" if site.state.retired_at else "live",
            "aliases": sorted(one.name for one in site.hostnames.all() if one.name != site.domain),
        }
        for site in sites
    ]


def _add_waiting(deed: argparse.ArgumentParser) -> None:
    deed.add_argument("--wait", action="store_true", help="show the steps until every name is live")
    deed.add_argument(
        "--timeout", type=float, default=300, metavar="SECONDS", help="how long to wait (300); then the exit code is 3"
    )
    deed.add_argument("--json", action="store_true", help="as JSON, for programs; with --wait a line for each step")


def _add_brand_options(brand: argparse.ArgumentParser) -> None:
    for name in WORDS:
        text = "a colour as #rrggbb; empty: made from the theme" if name in COLOURS else BRAND_HELP[name]
        brand.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=text)
    brand.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="one of the theme's options; repeatable"
    )
    brand.add_argument("--logo", type=Path, metavar="FILE", help="a picture in place of the name")
    brand.add_argument("--no-logo", action="store_true", help="the name in place of the picture")
    brand.add_argument("--json", action="store_true", help="the brand as JSON, for programs")


def _table(lines: Iterable[tuple[str, str | None]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for label, value in lines:
        if value:
            table.add_row(label, Text(value))
    return table


def _brand_lines(brand: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name in WORDS:
        yield name.replace("_", " "), brand[name]
    for name, value in brand["options"].items():
        yield f"option {name}", value
    yield "logo", "{width} × {height}".format(**brand["logo"]) if brand["logo"] else None
    for page, contrast in brand["contrast"].items():
        yield f"{page} page", f"contrast of text {contrast['ink']}, of accent {contrast['accent']}"
    for menu, items in brand["menus"].items():
        yield f"{menu} menu", ", ".join(f"{item['label']} ({item['url']})" for item in items)


def _lines(about: Explanation) -> list[tuple[str, str | None]]:
    site, row, brand = about.site, about.row, about.brand
    shown = unicode_hostname(about.hostname) if about.hostname else None
    return [
        ("asked", about.asked),
        ("hostname", about.hostname),
        ("reads", shown if shown != about.hostname else None),
        ("outcome", about.outcome + (f" (HTTP {about.status})" if about.status else "")),
        ("because", about.because),
        ("surface", about.surface),
        ("URLconf", about.urlconf),
        (
            "site",
            f"{site['name']} ({site['domain']}, id {site['id']}, tenant {site['tenant'] or 'none'})" if site else None,
        ),
        ("row", f"{row['role']} hostname, {row['state']}" if row else None),
        ("brand", ", ".join(f"{name} {value}" for name, value in (brand or {}).items() if value)),
        ("closest", ", ".join(about.closest)),
    ]
