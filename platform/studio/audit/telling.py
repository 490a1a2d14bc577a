"""Events in plain sentences: who did what, to what, on which site."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.template.defaultfilters import filesizeformat

from publishing.auditing import Happened
from sites_core.hostnames import unicode_hostname
from studio.audit.names import REFERS, Names
from tenants.history import TAKEN_OUT


class Changed(NamedTuple):
    """A column that said something else before."""

    label: str
    old: str
    new: str


class Told(NamedTuple):
    """“who” “did” “subject” “rest” is a sentence. `article` is what to link to, while it is there."""

    event: Happened
    who: str
    did: str
    subject: str
    rest: str
    site: str
    article: int | None
    changes: list[Changed]

    @property
    def sentence(self) -> str:
        return " ".join(word for word in (self.who, self.did, self.subject, self.rest) if word)


class _Deed(NamedTuple):
    did: str
    subject: str = ""
    rest: str = ""


_LABELS = {
    "go_live": "date", "expires_at": "expiry", "is_canonical": "canonical", "pin": "place on the front page",
    "lead_image_id": "lead picture", "image_id": "picture", "picture_id": "picture", "section_id": "section",
    "alt": "alternative text", "focus_x": "focus, across", "focus_y": "focus, down", "all_sites": "all sites",
    "needs_approval": "needs approval", "quota_bytes": "quota", "written_by_id": "writer", "kind": "kind",
    "stage": "stage", "target": "leads to", "date_style": "style of dates", "time_zone": "time zone",
    "accent_dark": "accent, dark", "paper_dark": "paper, dark", "ink_dark": "ink, dark",
    "translation_group": "translations", "url": "address",
}  # fmt: skip
# What the sentence says already, or what nobody typed.
_UNTOLD = {
    "id", "tenant_id", "article_id", "site_id", "membership_id", "digest", "width", "height", "bytes", "added_at",
    "logo_width", "logo_height", "status", "is_canonical", "decided_by_id", "decided_at", "undone_by_id", "undone_at",
    "before",
}  # fmt: skip
_MOMENTS = {
    "go_live",
    "expires_at",
    "noted_at",
    "proposed_at",
    "accepted_at",
    "revoked_at",
    "recalled_at",
    "invited_at",
}
_LONG = 160
# What is placed now goes live a moment after its transaction began.
_AT_ONCE = timedelta(minutes=1)


def told(event: Happened, names: Names) -> Told:
    deed = TELLERS[event.kind](event, names)
    site = event.row["id"] if event.kind == "Site" else event.row.get("site_id")
    article = event.row["id"] if event.kind == "Article" else event.row.get("article_id")
    return Told(
        event,
        names.person(event.user_id) if event.user_id else "The platform",
        *deed,
        site=names.site(site) if site else "",
        article=article if ("article", article) in names.there else None,
        changes=changes(event, names),
    )


def changes(event: Happened, names: Names) -> list[Changed]:
    """What an update changed, old and new."""
    if event.what != "update" or event.before is None:
        return []
    site = event.row.get("site_id")
    return [
        Changed(
            _LABELS.get(name, name.replace("_", " ")),
            _value(name, event.before[name], site, names),
            _value(name, event.row[name], site, names),
        )
        for name in event.changed
        if name not in _UNTOLD
    ]


def _value(name: str, value: Any, site: Any, names: Names) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in REFERS:
        return names.of(REFERS[name], value)
    if name in _MOMENTS:
        return names.moment(value, site)
    if name == "quota_bytes":
        return filesizeformat(value)
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return text if len(text) <= _LONG else text[:_LONG].rstrip() + "…"


def _article(event: Happened, names: Names) -> _Deed:
    title, stage = f"“{event.row['title'] or 'Untitled'}”", event.row["stage"]
    if event.what != "update":
        return _Deed({"insert": "began", "delete": "deleted"}[event.what], title)
    if "stage" not in event.changed:
        return _Deed("renamed" if event.changed == ["title"] else "changed", title)
    if stage == "draft":
        was = (event.before or {}).get("stage")
        return (
            _Deed("changed", title, "after it was approved")
            if was == "approved"
            else _Deed("put", title, "back to draft")
        )
    return _Deed({"review": "asked for a review of", "approved": "approved"}[stage], title)


def _placement(event: Happened, names: Names) -> _Deed:
    row, changed = event.row, set(event.changed)
    title, site = names.of("article", row["article_id"]), names.site(row["site_id"])
    if event.what == "delete":
        return _Deed("removed", title, f"from {site}")
    if event.what == "insert" or "status" in changed:
        return _placed(event, title, site, names)
    if changed == {"is_canonical"}:
        if row["is_canonical"]:
            return _Deed("made", title, f"canonical on {site}")
        return _Deed("took the canonical mark of", title, f"from {site}")
    if "go_live" in changed and row["status"] == "published" and row["go_live"]:
        return _Deed("moved", title, f"on {site} to {names.moment(row['go_live'], row['site_id'])}")
    if changed == {"slug"}:
        return _Deed("moved", title, f"on {site} to /{row['slug']}/")
    if changed == {"expires_at"} and row["expires_at"]:
        return _Deed("let", title, f"on {site} end on {names.moment(row['expires_at'], row['site_id'])}")
    what = ", ".join(_LABELS.get(name, name) for name in event.changed)
    return _Deed(f"changed the {what} of" if what else "changed", title, f"on {site}")


def _placed(event: Happened, title: str, site: str, names: Names) -> _Deed:
    """A new placement, or one whose status changed."""
    row, was = event.row, (event.before or {}).get("status")
    if row["status"] == "published":
        if datetime.fromisoformat(row["go_live"]) > event.place.at + _AT_ONCE:
            return _Deed("scheduled", title, f"on {site} for {names.moment(row['go_live'], row['site_id'])}")
        return _Deed("brought back" if was in {"recalled", "unpublished"} else "placed", title, f"on {site}")
    if row["status"] == "draft":
        return _Deed("prepared", title, f"for {site}")
    return (
        _Deed("recalled", title, f"from {site}") if row["status"] == "recalled" else _Deed("took", title, f"off {site}")
    )


def _correction(event: Happened, names: Names) -> _Deed:
    title, note = names.of("article", event.row["article_id"]), _value("note", event.row["note"], None, names)
    did = {"insert": "corrected", "update": "changed the correction of", "delete": "removed the correction of"}
    return _Deed(did[event.what], title, f"— {note}")


def _recall(event: Happened, names: Names) -> _Deed:
    title = names.of("article", event.row["article_id"])
    if event.what == "insert":
        return _Deed("recalled", title, "everywhere")
    return _Deed("undid the recall of" if event.row["undone_at"] else "changed the recall of", title)


def _proposal(event: Happened, names: Names) -> _Deed:
    title, site = names.of("article", event.row["article_id"]), names.site(event.row["site_id"])
    if event.what == "insert":
        return _Deed("proposed", title, f"to {site}")
    if "state" in event.changed:
        did = {"accepted": "accepted", "declined": "declined", "withdrawn": "took back", "open": "reopened"}
        reason = f", for {site}" if event.row["state"] == "accepted" else f", proposed to {site}"
        return _Deed(did[event.row["state"]], title, reason.removeprefix(", "))
    return _Deed(
        "removed the proposal of" if event.what == "delete" else "changed the proposal of", title, f"to {site}"
    )


def _trusted(event: Happened, names: Names) -> _Deed:
    row, site = event.row, names.site(event.row["site_id"])
    source = names.person(row["user_id"]) if row["user_id"] else names.site(row["source_id"])
    return _Deed(
        "let" if event.what != "delete" else "no longer let", site, f"accept by itself what comes from {source}"
    )


def _named_on(what: str, column: str) -> Callable[[Happened, Names], _Deed]:
    """Of a thing that a site has."""

    def tell(event: Happened, names: Names) -> _Deed:
        site, name = names.site(event.row["site_id"]), f"“{event.row[column]}”"
        did, where = {"insert": ("added", "to"), "update": ("changed", "of"), "delete": ("removed", "from")}[event.what]
        return _Deed(f"{did} the {what}", name, f"{where} {site}")

    return tell


def _redirect(event: Happened, names: Names) -> _Deed:
    row, site = event.row, names.site(event.row["site_id"])
    if event.what == "delete":
        return _Deed("removed the redirect", row["path"], f"of {site}")
    return _Deed("let", row["path"], f"on {site} lead to {row['target']}")


def _image(event: Happened, names: Names) -> _Deed:
    did = {"insert": "added", "update": "changed", "delete": "deleted"}[event.what]
    return _Deed(f"{did} the picture", f"“{event.row['name']}”")


def _term(what: str) -> Callable[[Happened, Names], _Deed]:
    """Of what articles are filed under or signed with."""

    def tell(event: Happened, names: Names) -> _Deed:
        name = f"“{event.row['name']}”"
        if event.what == "update" and "name" in event.changed and event.before:
            return _Deed(f"renamed the {what}", f"“{event.before['name']}”", f"to {name}")
        did = {"insert": "added", "update": "changed", "delete": "removed"}[event.what]
        return _Deed(f"{did} the {what}", name)

    return tell


def _membership(event: Happened, names: Names) -> _Deed:
    person, role = names.person(event.row["user_id"]), event.row["role"]
    if event.what == "delete":
        return _Deed("removed", person, "from the members")
    if event.what == "insert":
        return _Deed("added", person, f"as {role}")
    return _Deed("made", person, role) if "role" in event.changed else _Deed("changed the sites of", person)


def _membership_site(event: Happened, names: Names) -> _Deed:
    person, site = names.of("membership", event.row["membership_id"]), names.site(event.row["site_id"])
    if event.what == "delete":
        return _Deed("took", site, f"from {person}")
    role = event.row["role"]
    return _Deed("let", person, f"work on {site}" + (f" as {role}" if role else ""))


def _invitation(event: Happened, names: Names) -> _Deed:
    email, role = event.row["email"], event.row["role"]
    if event.what == "insert":
        return _Deed("invited", email, f"as {role}")
    if event.what == "update" and event.row["accepted_at"] and "accepted_at" in event.changed:
        return _Deed("accepted the invitation to", email, f"as {role}")
    took_back = event.what == "delete" or "revoked_at" in event.changed
    return _Deed("took back the invitation of" if took_back else "changed the invitation of", email)


def _preview(event: Happened, names: Names) -> _Deed:
    row, site = event.row, names.site(event.row["site_id"])
    what = names.of("article", row["article_id"]) if row["article_id"] else "the front page"
    if event.what == "delete":
        return _Deed("took back the shared preview of", what, f"on {site}")
    return _Deed("shared a preview of", what, f"on {site} until {names.moment(row['expires_at'], row['site_id'])}")


def _site(event: Happened, names: Names) -> _Deed:
    name = f"“{event.row['name']}”"
    if event.what == "update":
        before = event.before
        return _Deed("renamed the site", f"“{before['name']}”", f"to {name}") if before else _Deed("named a site", name)
    return _Deed("added the site" if event.what == "insert" else "removed the site", name)


def _tenant(event: Happened, names: Names) -> _Deed:
    did = {
        "insert": "founded",
        "update": "changed the settings of",
        "delete": "erased",
        TAKEN_OUT: "took out everything of",
    }[event.what]
    return _Deed(did, event.row["name"])


def _brand(event: Happened, names: Names) -> _Deed:
    did = {"insert": "gave a brand to", "update": "changed the brand of", "delete": "removed the brand of"}[event.what]
    return _Deed(did, names.site(event.row["site_id"]))


# What became of a hostname, by its new state.
_BECAME = {
    "verified": ("found that the hostname", "belongs to"),
    "live": ("put the hostname", "live, of"),
    "grace": ("noted that DNS has lost the hostname", "of"),
    "quarantined": ("stopped serving the hostname", "of"),
}


def _hostname(event: Happened, names: Names) -> _Deed:
    name, site = unicode_hostname(event.row["name"]), names.site(event.row["site_id"])
    if event.what == "update" and "state" in event.changed and event.row["state"] in _BECAME:
        did, rest = _BECAME[event.row["state"]]
        return _Deed(did, name, f"{rest} {site}")
    did, where = {"insert": ("added", "to"), "update": ("changed", "of"), "delete": ("removed", "from")}[event.what]
    return _Deed(f"{did} the hostname", name, f"{where} {site}")


def _claim(event: Happened, names: Names) -> _Deed:
    name, site = unicode_hostname(event.row["name"]), names.site(event.row["site_id"])
    if event.what == "insert":
        return _Deed("claimed the hostname", name, f"for {site}")
    if event.what == "delete":
        return _Deed("ended the claim of", name, f"for {site}: proven, or withdrawn")
    return _Deed("changed the claim of", name, f"for {site}")


TELLERS: dict[str, Callable[[Happened, Names], _Deed]] = {
    "Article": _article,
    "Brand": _brand,
    "Byline": _term("byline"),
    "Claim": _claim,
    "Correction": _correction,
    "Hostname": _hostname,
    "Image": _image,
    "Invitation": _invitation,
    "Membership": _membership,
    "MembershipSite": _membership_site,
    "MenuItem": _named_on("menu item", "label"),
    "Placement": _placement,
    "Preview": _preview,
    "Proposal": _proposal,
    "Recall": _recall,
    "Redirect": _redirect,
    "Section": _named_on("section", "name"),
    "Site": _site,
    "Tenant": _tenant,
    "Topic": _term("topic"),
    "TrustedSource": _trusted,
}
