"""What may be chosen in the studio: another tenant's things are no choice, and are answered like what does not exist.

Every choice field of every form is found by its class, and every value that a view reads by hand by its place in the
code. One without a row here fails.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.db import transaction

import studio
from publishing.auditing import Wanted, happened
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG
from tests.tenants.world import MISSING, ROUTES, Things, World

pytestmark = pytest.mark.django_db

WORDS = {"base": 1, "title": "x", "body": "y", "body_format": "markdown", "kind": "article"}


@dataclass(frozen=True)
class Asked:
    """A request by Acme's owner in which `name` says the key of a thing of this kind. In names and values, what stands
    in braces is that of Acme's own. `first` is posted before it; `then` is a page on which one looks afterwards."""

    url: str
    name: str
    kind: str
    sent: dict[str, Any] = field(default_factory=dict)
    method: str = "post"
    then: str = ""
    first: str = ""
    # Whether the answer to a key of one's own is another one.
    tells: bool = True


def got(url: str, name: str, kind: str) -> Asked:
    return Asked(url, name, kind, method="get")


def bulk(name: str, kind: str, **sent: Any) -> Asked:
    return Asked("articles-bulk", name, kind, {"articles": "{article_id}", "step": "ask"} | sent, "get")


def words(url: str, name: str, kind: str, **also: Any) -> Asked:
    return Asked(url, name, kind, WORDS, **also)


ORDERED = [
    Asked("site-menus", "order", "menu_item_id", {"menu": "header"}, tells=False),
    Asked("site-sections", "order", "section_id", tells=False),
]

FIELDS = {
    "studio.audit.forms.Filters.person": [got("audit", "person", "person"), got("audit-download", "person", "person")],
    "studio.audit.forms.Filters.site": [got("audit", "site", "site_id"), got("audit-download", "site", "site_id")],
    "studio.domains.forms.AddForm.site": [Asked("domain-add", "site", "site_id", {"name": "shop.acme-media.com"})],
    "studio.domains.forms.FindForm.site": [got("domains", "site", "site_id")],
    "studio.inbox.forms.AcceptForm.section": [
        Asked("inbox-proposal", "accept-{proposal_id}-section", "section_id", {"do": "accept"})
    ],
    "studio.inbox.forms.TrustForm.site": [Asked("inbox-trusted", "site", "site_id", {"user": "{person}"})],
    "studio.inbox.forms.TrustForm.user": [Asked("inbox-trusted", "user", "person", {"site": "{site_id}"})],
    "studio.inbox.forms.TrustForm.source": [Asked("inbox-trusted", "source", "site_id", {"site": "{other_site}"})],
    "studio.listing.bulk.PlaceForm.sites": [bulk("sites", "site_id", deed="place", when="draft")],
    "studio.listing.bulk.UnpublishForm.sites": [bulk("sites", "site_id", deed="unpublish")],
    "studio.listing.bulk.TopicForm.topic": [bulk("topic", "topic_id", deed="topic", way="add")],
    "studio.listing.forms.ListForm.site": [got("articles", "site", "site_id")],
    "studio.listing.forms.ListForm.author": [got("articles", "author", "byline_id")],
    "studio.listing.forms.ListForm.topic": [got("articles", "topic", "topic_id")],
    "studio.members.forms.InviteForm.sites": [
        Asked("member-invite", "sites", "site_id", {"email": "a@b.test", "role": "author", "where": "some"})
    ],
    # A field for each site: its name has the key.
    "studio.members.forms.MemberForm.site_…": [
        Asked("member", "site_KEY", "site_id", {"role": "author", "where": "some"})
    ],
    "studio.placing.forms.ManyForm.sites": [Asked("article-placements-chosen", "sites", "site_id", {"do": "draft"})],
    "studio.placing.forms.PlacementForm.section": [
        Asked("article-placement", "site-{site_id}-section", "section_id", {"do": "save", "whole": "yes"})
    ],
    "studio.placing.forms.PlacementForm.image": [
        Asked("article-placement", "site-{site_id}-image", "image_id", {"do": "save", "whole": "yes"})
    ],
    "studio.settings.forms.BylineForm.picture": [Asked("byline", "picture", "image_id", {"name": "A", "slug": "a"})],
    "studio.settings.forms.MergeForm.into": [
        Asked("topic", "merge-into", "topic_slug", {"merge": "yes"}),
        Asked("byline", "merge-into", "byline_slug", {"merge": "yes"}),
    ],
    "studio.sites.forms.BrandForm.logo": [
        Asked("site-brand", "logo", "image_id"),
        Asked("site-brand-preview", "logo", "image_id"),
    ],
    **{
        f"studio.writing.forms.WordsForm.{name}": [words("article", name, kind)]
        for name, kind in (("lead_image", "image_id"), ("topics", "topic_id"), ("bylines", "byline_id"))
    },
}

# By module, and what stands in the brackets.
READ = {
    "studio.calendar.asking 'site'": [got("calendar", "site", "site_id"), got("calendar-move", "site", "site_id")],
    # Which site is chosen at first, and the one that is sent.
    "studio.domains.deeds 'site'": [
        got("domain-add", "site", "site_id"),
        *FIELDS["studio.domains.forms.AddForm.site"],
    ],
    "studio.listing.choosing 'article'": [Asked("articles-bulk", "article", "article_id", {"deed": "topic"})],
    "studio.listing.choosing 'articles'": [
        Asked("articles-bulk", "articles", "article_id", {"deed": "topic"}, "get"),
        Asked(
            "articles-bulk", "articles", "article_id", {"deed": "topic", "step": "ask", "topic": "{topic_id}"}, "get"
        ),
    ],
    "studio.placing.views 'sites'": FIELDS["studio.placing.forms.ManyForm.sites"],
    "studio.previewing.choosing 'shown'": [got("article-preview", "shown", "preview_id")],
    "studio.previewing.choosing 'site'": [
        got("article-preview", "site", "site_id"),
        words("article-preview", "site", "site_id"),
        Asked("article-preview-share", "site", "site_id"),
    ],
    "studio.previewing.views 'shown'": [
        Asked("article-preview", "shown", "preview_id"),
        Asked("article-preview-share", "shown", "preview_id"),
    ],
    "studio.reviewing.views 'of'": [Asked("review-ask", "of", "person", first="review-withdraw")],
    "studio.sites.opening 'order'": ORDERED,
    # `up` and `down`, which move one of those in `order`.
    "studio.sites.opening name": [
        Asked("site-menus", "up", "menu_item_id", {"menu": "header", "order": "{menu_item_id}"}, tells=False),
        Asked("site-sections", "down", "section_id", {"order": "{section_id}"}, tells=False),
    ],
    # What was refused, shown again.
    "studio.writing.views 'lead_image'": FIELDS["studio.writing.forms.WordsForm.lead_image"],
    "studio.writing.views name": [
        *FIELDS["studio.writing.forms.WordsForm.topics"],
        *FIELDS["studio.writing.forms.WordsForm.bylines"],
    ],
    "studio.writing.words 'lead_image'": [
        words("article-draft", "lead_image", "image_id", then="article-draft"),
        words("article-preview", "lead_image", "image_id"),
    ],
    # Topics and bylines, by their names in the form.
    "studio.writing.words name": [
        asked
        for name, kind in (("topics", "topic_id"), ("bylines", "byline_id"))
        for asked in (
            words("article-draft", name, kind, then="article-draft"),
            words("article-draft", name, kind, then="article-merge"),
            words("article-preview", name, kind),
        )
    ],
}

# What names nothing that somebody owns: words, moments, buttons, positions in a list, numbers of revisions.
OF_NOBODY = {
    "studio.audit.views": {"'after'"},
    "studio.calendar.asking": {"'day'", "'view'", "'zone'"},
    "studio.calendar.views": {"'in_calendar'"},
    "studio.domains.deeds": {"'meant'", "'name'"},
    "studio.domains.views": {"'after'", "'seen'"},
    "studio.history.views": {"'below'", "'new'", "'old'", "'placed'"},
    "studio.inbox.views": {"'after'", "'do'"},
    "studio.listing.forms": {"name"},
    "studio.listing.pages": {"'after'", "'before'"},
    # What is kept in the session under this mark.
    "studio.listing.views": {"'deed'", "'done'", "'step'", "name"},
    "studio.members.views": {"'after'"},
    "studio.pictures.views": {"'after'", "'only'", "'q'"},
    "studio.placing.correcting": {"'do'", "'seen'"},
    # Compared as a text with what would stand there now.
    "studio.placing.everywhere": {"'seen'"},
    "studio.placing.forms": {"'do'"},
    "studio.placing.many": {"f'seen-{site.pk}'"},
    "studio.placing.proposals": {"'back'"},
    "studio.placing.views": {"'seen'", "f'site-{site.pk}-slug'"},
    "studio.previewing.views": {"'lifetime'"},
    "studio.reviewing.views": {
        "'answer'", "'deed'", "'note'", "'quote'", "'seen'", "'text'", "'before'", "'after'", "words",
    },
    "studio.settings.vocabulary": {"name"},
    "studio.sites.branding": {"'shown'"},
    "studio.sites.menus": {"'menu'"},
    "studio.sites.redirects": {"name"},
    "studio.sites.views": {"'after'", "'q'"},
    "studio.writing.asking": {"'body'", "'body_format'", "'q'"},
    "studio.writing.keeping": {"name"},
    # Which side is taken: what it says is read by the form of the words.
    "studio.writing.merging": {
        "'theirs'", "f'edit-{name}'", "f'edit-{number}'", "f'piece-{number}'", "f'take-{name}'",
    },
    "studio.writing.views": {"f'new_{name}'"},
    "studio.writing.words": {"f'new_{name}'"},
}  # fmt: skip
# Lists that a form fills itself, though none of what is in them is somebody's.
OF_EVERYBODY = {"studio.placing.forms.ManyForm.clock", "studio.sites.forms.BrandForm.fonts"}

ASKED = {f"{row} {one.url} {one.name} {one.then}": one for row, asked in (READ | FIELDS).items() for one in asked}


def choice_fields() -> set[str]:
    """Of the studio's forms those whose choices are not written in the class itself: rows of tables, then."""
    found = {"studio.members.forms.MemberForm.site_…"}
    for form in _beneath(forms.BaseForm):
        if form.__module__.startswith("studio.") and not form.__name__.startswith("_"):
            filled = [name for name, one in form.base_fields.items() if _is_filled(one)]
            found |= {f"{form.__module__}.{form.__name__}.{name}" for name in filled}
    return found


def _beneath(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _beneath(one)


def _is_filled(one: forms.Field) -> bool:
    if isinstance(one, forms.ModelChoiceField):
        return True
    choices: Any = getattr(one, "choices", None)
    return isinstance(one, forms.ChoiceField) and not any(key for key, _ in choices)


def values_read() -> set[str]:
    """What views read by themselves out of what was sent."""
    root = Path(studio.__path__[0])
    return {
        f"studio.{'.'.join(file.relative_to(root).with_suffix('').parts)} {name}"
        for file in root.rglob("*.py")
        for name in _read_in(ast.parse(file.read_text()))
    }


def _read_in(module: ast.Module) -> Iterator[str]:
    """What stands in the brackets of `request.POST[…]`, `request.GET.get(…)`, and of names for the same."""
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef):
            sent = {one for node in ast.walk(function) for one in _sent_to(node)}
            yield from (name for node in ast.walk(function) for name in _taken_from(node, sent))


def _sent_to(node: ast.AST) -> Iterator[str]:
    """Names of arguments that hold what was sent, and names that it is given."""
    if isinstance(node, ast.arg) and node.annotation:
        kind = ast.unparse(node.annotation)
        if "QueryDict" in kind or (kind == "Any" and node.arg in {"data", "post"}):
            yield node.arg
    elif isinstance(node, ast.Assign) and re.search(r"request\.(POST|GET)(?![\w.\[])", ast.unparse(node.value)):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _taken_from(node: ast.AST, sent: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        source, name = node.value, node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        source, name = node.func.value, node.args[0]
    else:
        return
    if isinstance(name, ast.Starred) or (isinstance(name, ast.Constant) and not isinstance(name.value, str)):
        return
    if (isinstance(source, ast.Attribute) and source.attr in {"POST", "GET"}) or ast.unparse(source) in sent:
        yield ast.unparse(name)


def test_every_choice_field_and_every_value_that_a_view_reads_has_a_row():
    assert all(ROUTES["studio"])  # which loads the views, and with them their forms
    assert choice_fields() - OF_EVERYBODY == set(FIELDS)
    plain = {f"{module} {name}" for module, names in OF_NOBODY.items() for name in names}
    assert values_read() - plain == set(READ)
    assert not plain & set(READ)


def test_another_tenants_is_answered_like_what_does_not_exist(world: World):
    ours, theirs = _keys(world.acme), _keys(world.bolt)
    told_apart, did_something, tells_nothing = [], [], []
    for row, asked in ASKED.items():
        own, foreign = ours[asked.kind], theirs[asked.kind]
        missing = MISSING if isinstance(own, int) else "f" * len(own)
        none, one = (_answered(world, asked, key) for key in (missing, foreign))
        if _bare(none, missing, foreign) != _bare(one, missing, foreign):
            told_apart.append(row)
        if none.did or one.did:
            did_something.append(row)
        if asked.tells and _bare(_answered(world, asked, own), missing, own) == _bare(none, missing, own):
            tells_nothing.append(row)
    assert told_apart == []
    assert did_something == []
    assert tells_nothing == [], "one's own is refused too, so that the row proves nothing"


def _keys(things: Things) -> dict[str, Any]:
    people = {"person": things.house.people["editor"].pk}
    terms = {f"{name}_slug": things.rows[f"publishing_{name}"].slug for name in ("topic", "byline")}
    other = things.house.sites.get(FINANCEBLOG)
    return things.in_studio() | people | terms | {"other_site": other.pk if other else None}


@dataclass(frozen=True)
class Answer:
    """What is seen in the end, and how one was led there; whether it left anything in the history of the tenants."""

    status: int
    body: str
    chain: list[Any]
    did: bool


def _answered(world: World, asked: Asked, key: Any) -> Answer:
    """The last page that the owner sees. What was done is undone."""
    ours = _keys(world.acme)
    name = asked.name.format(**ours)
    sent = {one: value.format(**ours) if isinstance(value, str) else value for one, value in asked.sent.items()}
    sent |= {name.replace("KEY", str(key)): "same"} if "KEY" in name else {name: key}
    client = world.client("owner", "studio")
    with transaction.atomic():
        if asked.first:
            client.post(_path(asked.first, ours))
        before = _happened(world)
        answer: Any = getattr(client, asked.method)(_path(asked.url, ours), sent, follow=True)
        if asked.then:
            answer = client.get(_path(asked.then, ours))
        content = b"".join(answer) if answer.streaming else answer.content
        did = _happened(world) != before
        transaction.set_rollback(True)
    return Answer(answer.status_code, content.decode(), getattr(answer, "redirect_chain", []), did)


def _path(url: str, ours: dict[str, Any]) -> str:
    return next(route for route in ROUTES["studio"] if route.name == url).path(ours)


# New with each page: tokens, nonces, moments, the number of a preview that was made.
NEW = re.compile(r'nonce="[^"]*"|\b\w{64}\b|\d{4}-\d\d-\d\dT[\d:.]+|shown=\d+|/[\d-]+\.[\w-]{43}')


def _bare(answer: Answer, *keys: Any) -> tuple[Any, ...]:
    """Without the keys, and without what is new."""
    text = f"{answer.body}\n{answer.chain}"
    for key in keys:
        text = re.sub(rf"(?<![\w-]){re.escape(str(key))}(?![\w-])", "…", text)
    return answer.status, NEW.sub("", text)


def _happened(world: World) -> list[Any]:
    found = []
    for tenant in (world.acme.house.tenant, world.bolt.house.tenant):
        with tenant_scope(tenant):
            found.append(happened(tenant=tenant, wanted=Wanted(), limit=1).events)
    return found
