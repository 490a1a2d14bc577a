"""What a preview shows in the place of what is stored, checked as if it were stored. Expects the tenant's scope."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from publishing.bodies import BodyTooLong, storable
from publishing.models import Article, Byline, Image, Placement, Section, Topic
from publishing.models.placements import FIRST, LAST
from publishing.slugs import slug_from
from publishing.writing import rendered
from sites_core.models import Brand, MenuItem
from tenants.models import Tenant

_TEXTS = ("title", "summary", "body", "body_format", "kind", "language")
_TERMS: dict[str, type[Topic] | type[Byline]] = {"topics": Topic, "bylines": Byline}
_WORDS = {*_TEXTS, "lead_image", *_TERMS, *(f"new_{name}" for name in _TERMS)}
_PLACED = {"title", "summary", "image", "section", "slug", "go_live"}
_COLUMNS = {field.attname for field in Brand._meta.concrete_fields} - {"site_id"}
_MOST_ITEMS = 50
_MOST_TERMS = 200
# Of a topic or byline.
_LONGEST_SLUG = 100
_LONGEST_SUMMARY = 10_000
_CONTROLS = re.compile(r"[\s\x00-\x1f\x7f]")
# A key as forms send it; no longer than the database has them.
_DIGITS = re.compile(r"[0-9]{1,18}\Z", re.ASCII)


def words_from(tenant: Tenant, article: Article | None, words: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of an article by name, its body rendered and sanitised, and its topics and bylines in their order.

    Each of these is a primary key, or the columns of one that is not there yet.
    """
    _refuse_unknown(words, _WORDS)
    text = {name: storable(str(words[name] or "")) for name in _TEXTS if name in words}
    article = article or Article(tenant=tenant)
    # Its own fields as they would be, and nothing of it is saved.
    would_be = Article(
        tenant=tenant,
        **{name: getattr(article, name) for name in _TEXTS} | text,
    )
    _check(would_be, text.keys() - {"title"} if not would_be.title else text.keys())
    _refuse_length(would_be.summary)
    try:
        body = rendered(would_be)
    except BodyTooLong as error:
        raise ValidationError({"body": str(error)}) from error
    columns: dict[str, Any] = {
        "title": would_be.title,
        "summary": would_be.summary,
        "language": would_be.language,
        "kind": would_be.kind,
        "html": body.html,
        # Only its beginning is compared, with the summary.
        "text": body.text[: len(would_be.summary) + 1],
        "word_count": body.word_count,
        "updated_at": timezone.now().isoformat(),
    }
    if "lead_image" in words:
        columns["lead_image_id"] = _key(tenant, Image, words["lead_image"], "lead_image", "picture")
    for name, model in _TERMS.items():
        if name in words:
            known = _keys(tenant, model, words[name], name)
            columns[name] = known + _new(tenant, model, words.get(f"new_{name}") or [], known)
    return columns


def placed_from(tenant: Tenant, site: Site, placed: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a placement by name."""
    _refuse_unknown(placed, _PLACED)
    text = {name: storable(str(placed[name] or "")) for name in ("title", "summary", "slug") if name in placed}
    would_be = Placement(tenant=tenant, site=site, **text)
    # Without a slug the title gives one.
    _check(would_be, text.keys() - ({"slug"} if not would_be.slug else set()))
    _refuse_length(would_be.summary)
    columns: dict[str, Any] = dict(text)
    if "image" in placed:
        columns["image_id"] = _key(tenant, Image, placed["image"], "image", "picture")
    if "section" in placed:
        columns["section_id"] = _key(tenant, Section, placed["section"], "section", "section", site=site)
    if placed.get("go_live"):
        columns["go_live"] = _moment(placed["go_live"])
    return columns


def styled_from(tenant: Tenant, site: Site, look: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a brand by name, and its menus: of each the (label, address) pairs."""
    columns = {name: _stored(value) for name, value in look.items() if name != "menus"}
    _refuse_unknown(columns, _COLUMNS)
    if not isinstance(columns.get("options", {}), dict):
        raise ValidationError({"options": "The options of a theme have names."})
    _check(Brand(site=site, **columns), columns.keys())
    logo = columns.get("logo")
    if logo and not Image.objects.filter(tenant=tenant, digest=logo).exists():
        raise ValidationError({"logo": "There is no such picture."})
    return columns | ({"menus": _menus(site, look["menus"])} if "menus" in look else {})


def _menus(site: Site, menus: Any) -> dict[str, list[list[str]]]:
    if not isinstance(menus, Mapping):
        raise ValidationError({"menus": "Menus have names."})
    _refuse_unknown(menus, set(MenuItem.Menu.values))
    return {name: [_item(site, name, item) for item in list(items)[:_MOST_ITEMS]] for name, items in menus.items()}


def _item(site: Site, menu: str, item: Mapping[str, Any]) -> list[str]:
    made = MenuItem(
        site=site, menu=menu, label=storable(str(item.get("label", ""))), url=storable(str(item.get("url", "")))
    )
    _check(made, {"label", "url"})
    if _CONTROLS.search(made.url):
        raise ValidationError({"menus": f"The address of “{made.label}” has a space in it."})
    return [made.label, made.url]


def _check(row: Any, names: Iterable[str]) -> None:
    """Raise ValidationError where one of these fields could not be stored so."""
    checked = set(names)
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.attname not in checked])


def _refuse_unknown(given: Iterable[str], known: set[str]) -> None:
    if unknown := sorted(map(str, set(given) - known)):
        raise ValidationError(f"No preview knows of {', '.join(unknown)}.")


def _refuse_length(summary: str) -> None:
    if len(summary) > _LONGEST_SUMMARY:
        raise ValidationError({"summary": f"A summary has {_LONGEST_SUMMARY:,} characters at most."})


def _key(tenant: Tenant, model: Any, value: Any, name: str, noun: str, **where: Any) -> int | None:
    if value in (None, ""):
        return None
    if not _DIGITS.match(str(value)) or not model.objects.filter(tenant=tenant, pk=int(value), **where).exists():
        raise ValidationError({name: f"There is no such {noun}."})
    return int(value)


def _keys(tenant: Tenant, model: Any, values: Any, name: str) -> list[int]:
    """Each once, in their order."""
    given = list(dict.fromkeys(str(value) for value in values or ()))
    wanted = [int(value) for value in given if _DIGITS.match(value)][:_MOST_TERMS]
    known = set(model.objects.filter(tenant=tenant, pk__in=wanted).values_list("pk", flat=True))
    if len(wanted) != len(given) or not known.issuperset(wanted):
        raise ValidationError({name: f"One of the {name} does not exist."})
    return wanted


def _new(tenant: Tenant, model: Any, names: Iterable[Any], known: list[int]) -> list[Any]:
    """Those that are there under the name, by their keys; of the others the columns that they would have."""
    found: list[Any] = []
    for name in [" ".join(storable(str(name)).split())[:120] for name in names][:_MOST_TERMS]:
        if name:
            key = model.objects.filter(tenant=tenant, name__iexact=name).order_by("pk").values_list("pk", flat=True)
            slug = slug_from(name)[:_LONGEST_SLUG].strip("-")
            found.append(next(iter(key[:1]), None) or {"name": name, "slug": slug, "bio": ""})
    return [term for position, term in enumerate(found) if term not in known and term not in found[:position]]


def _moment(value: Any) -> str:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else value
        if moment is None or not FIRST <= moment < LAST:
            raise ValueError(value)
    except (TypeError, ValueError) as error:
        raise ValidationError({"go_live": "Give the moment of appearance as a date and time with its zone."}) from error
    return str(moment.isoformat())


def _stored(value: Any) -> Any:
    """What JSON in PostgreSQL can have."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): _stored(one) for name, one in value.items()}
    return value
