"""Articles go to another tenant together with their site: a part of the deed `move_site`, which holds them.

Topics, bylines and pictures are a tenant's own: the new one's of the same slug or digest are taken, or made. Who wrote,
and what was remarked among colleagues, stays the old tenant's business.
"""

import shutil
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.sites.models import Site
from django.db import models
from django.db.models import Exists, OuterRef, Q

from publishing.images import alone_with, files_of, media_path
from publishing.models import (
    Article,
    ArticleByline,
    ArticleTopic,
    Byline,
    Comment,
    Correction,
    Draft,
    Image,
    Placement,
    Preview,
    Proposal,
    Recall,
    Review,
    Revision,
    Topic,
)
from tenants.models import Membership, Tenant

Term = TypeVar("Term", Topic, Byline)
Articles = models.QuerySet[Article]
Filing = type[ArticleTopic | ArticleByline]

REMARKS: tuple[type[Draft | Review | Comment], ...] = (Draft, Review, Comment)
# Of an article, what is between colleagues, or an agreement with sites that it will have nothing to do with.
ENDS: tuple[type[Draft | Review | Comment | Recall | Preview | Proposal], ...] = (*REMARKS, Recall, Preview, Proposal)
CHUNK = 500


def take_along(going: Articles, *, site: Site, before: Tenant, to: Tenant) -> None:
    """Give these articles, which are on this site alone, to the other tenant. Expects that every tenant is in sight."""
    keys = list(going.values_list("pk", flat=True))
    if not keys:
        return
    articles = Article.objects.filter(pk__in=keys)
    images = copy_pictures(pictures_of(articles), to=to)
    topics = _terms(Topic, _filed(ArticleTopic, keys).values("topic"), to, images)
    bylines = _terms(Byline, _filed(ArticleByline, keys).values("byline"), to, images)
    for model in ENDS:
        model.objects.filter(article__in=keys).delete()
    under = _unfiled(ArticleTopic, "topic", keys, topics)
    by = _unfiled(ArticleByline, "byline", keys, bylines)
    _pass_on(articles, to, images)
    Correction.objects.filter(article__in=keys).update(tenant=to)
    placements = Placement.objects.on(site).filter(article__in=keys)
    placements.update(tenant=to)
    for old, new in images.items():
        placements.filter(image=old).update(image=new)
    ArticleTopic.objects.bulk_create([ArticleTopic(tenant=to, **row) for row in under])
    ArticleByline.objects.bulk_create([ArticleByline(tenant=to, **row) for row in by])
    _copy_revisions(keys, to, {"lead_image_id": images, "topics": topics, "bylines": bylines})


def remarks_on(going: Articles) -> int:
    """How many drafts, reviews and comments there are on them."""
    return sum(model.objects.filter(article__in=going).count() for model in REMARKS)


# --- Pictures --------------------------------------------------------------------------------------------------------


def pictures_of(going: Articles) -> list[Image]:
    """Whatever of the tenant's pictures these articles show: at their head, in their text, on a site, as a portrait."""
    stems = {stem for named in going.values_list("stems", flat=True) for stem in named}
    begins = Q()
    for stem in stems:
        begins |= Q(digest__startswith=stem)
    shown = (
        Q(pk__in=going.values("lead_image"))
        | Q(pk__in=Placement.objects.filter(article__in=going).values("image"))
        | Q(pk__in=Byline.objects.filter(pk__in=_filed(ArticleByline, going).values("byline")).values("picture"))
    )
    if stems:
        shown |= begins & Q(tenant__in=going.values("tenant"))
    return list(Image.objects.filter(shown).order_by("pk"))


def copy_pictures(pictures: Iterable[Image], *, to: Tenant) -> dict[int, int]:
    """The other tenant's pictures of the same bytes, by the keys of these: found there, or copied with their files."""
    copies: dict[int, int] = {}
    for picture in pictures:
        alone_with(to.pk, picture.digest)
        known = Image.objects.filter(tenant=to, digest=picture.digest).first()
        copies[picture.pk] = known.pk if known else _copied(picture, to).pk
    return copies


def _copied(picture: Image, to: Tenant) -> Image:
    """Files first, as when a picture is kept: what a rollback leaves is found again by its digest."""
    for path in files_of(picture.tenant_id, picture.digest, picture.width):
        target = media_path(to.pk, path.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        partly = target.with_name(f".{target.name}")
        shutil.copyfile(path, partly)
        partly.replace(target)
    columns = {one.attname: getattr(picture, one.attname) for one in Image._meta.concrete_fields}
    return Image.objects.create(**{**columns, "id": None, "tenant_id": to.pk})


# --- Topics and bylines ----------------------------------------------------------------------------------------------


def _terms(model: type[Term], keys: "models.QuerySet[Any]", to: Tenant, images: Mapping[int, int]) -> dict[int, int]:
    """The other tenant's terms by the keys of these: the same slug is the same term."""
    mine = model.objects.filter(pk__in=keys)
    found = {}
    for term in mine.order_by("pk"):
        said: dict[str, Any] = {"name": term.name}
        if isinstance(term, Byline):
            said |= {"bio": term.bio, "picture_id": images.get(term.picture_id or 0)}
        theirs, _ = model.objects.get_or_create(tenant=to, slug=term.slug, defaults=said)
        found[term.pk] = theirs.pk
    return found


def _filed(filing: Filing, articles: Collection[int] | Articles) -> "models.QuerySet[Any]":
    return filing.objects.filter(article__in=articles)


def _unfiled(filing: Filing, name: str, keys: Collection[int], terms: Mapping[int, int]) -> list[dict[str, Any]]:
    """Take the articles out of the old tenant's lists; how they are to stand in the new one's."""
    rows = [
        {"article_id": row["article"], f"{name}_id": terms[row[name]], "position": row["position"]}
        for row in _filed(filing, keys).order_by("pk").values("article", name, "position")
    ]
    _filed(filing, keys).delete()
    return rows


# --- The articles themselves -----------------------------------------------------------------------------------------


def _pass_on(articles: Articles, to: Tenant, images: Mapping[int, int]) -> None:
    # An article of the new tenant's may have come from the same source; translations that stay are another tenant's.
    known = Article.objects.filter(tenant=to, source_id=OuterRef("source_id"))
    articles.filter(Exists(known)).update(source_id=None, source_digest="")
    staying = Article.objects.filter(translation_group=OuterRef("translation_group")).exclude(
        pk__in=articles.values("pk")
    )
    articles.filter(Exists(staying)).update(translation_group=None)
    articles.exclude(written_by__in=_members(to)).update(written_by=None)
    articles.update(tenant=to)
    for old, new in images.items():
        articles.filter(lead_image=old).update(lead_image=new)


def _copy_revisions(keys: Collection[int], to: Tenant, renamed: Mapping[str, Mapping[int, int]]) -> None:
    """A revision is never changed, whoever's it is: each is written anew with what it named by its keys there."""
    members = set(_members(to))
    for start in range(0, len(keys), CHUNK):
        old = Revision.objects.filter(article__in=list(keys)[start : start + CHUNK]).order_by("pk")
        rows = [
            {
                **row,
                "tenant_id": to.pk,
                "details": _renamed(row["details"], renamed),
                "made_by_id": row["made_by_id"] if row["made_by_id"] in members else None,
            }
            for row in old.values(*(one.attname for one in Revision._meta.concrete_fields if not one.primary_key))
        ]
        old.delete()
        Revision.objects.bulk_create([Revision(**row) for row in rows])


def _renamed(details: Mapping[str, Any], renamed: Mapping[str, Mapping[int, int]]) -> dict[str, Any]:
    """Of what stayed behind, such as a topic that the article had once, nothing is said."""
    said = dict(details)
    for name, keys in renamed.items():
        if isinstance(was := said.get(name), list):
            said[name] = [keys[one] for one in was if one in keys]
        elif was is not None:
            said[name] = keys.get(was)
    if names := said.get("names"):
        said["names"] = {
            term: {str(renamed[term][int(key)]): name for key, name in named.items() if int(key) in renamed[term]}
            for term, named in names.items()
        }
    return said


def _members(tenant: Tenant) -> "models.QuerySet[Membership, int]":
    return Membership.objects.filter(tenant=tenant).values_list("user", flat=True)
