"""Where pictures are used: at the head of articles, in their texts, on placements, as portraits and as logos."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from publishing.models import Article, Byline, Draft, Image, Placement
from sites_core.models import Brand

# Of the articles that a picture is in, so many are counted and listed: one that ends every text is in all of them.
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Use:
    """In how many articles, `COUNTED` + 1 meaning more than that; whose portrait and which sites' logo it is."""

    articles: int = 0
    portraits: int = 0
    logos: int = 0

    @property
    def is_none(self) -> bool:
        return not (self.articles or self.portraits or self.logos)

    def __str__(self) -> str:
        told = []
        if self.articles:
            number = f"more than {COUNTED}" if self.articles > COUNTED else str(self.articles)
            told.append(f"in {number} article{'s' if self.articles > 1 else ''}")
        if self.portraits:
            told.append("a portrait")
        if self.logos:
            told.append("a logo" if self.logos == 1 else f"the logo of {self.logos} sites")
        return ", ".join(told) or "not used"


@dataclass(slots=True)
class Place:
    """An article that shows a picture, and in which ways."""

    article: Article
    ways: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Places:
    """Everything that shows one picture; of the articles at most `COUNTED`."""

    articles: list[Place]
    portraits: list[Byline]
    logos: list[Brand]
    drafts: list[Draft]
    more: bool

    @property
    def is_empty(self) -> bool:
        return not (self.articles or self.portraits or self.logos or self.drafts)


# Each picture for itself, and no further than what is counted: what one picture costs does not grow with its articles.
# That a body names it is asked twice: the planner takes 0.5 % of all articles for such, and with a LIMIT would rather
# read the table than the index (140 ms for 48 pictures among 100,000 articles, and 2).
_USES = """
SELECT image.id,
       (SELECT count(*) FROM (
            SELECT article.id FROM (SELECT id FROM publishing_article
                                     WHERE lead_image_id = image.id LIMIT %(most)s) article
            UNION SELECT place.article_id FROM (SELECT article_id FROM publishing_placement
                                                 WHERE image_id = image.id LIMIT %(most)s) place
            UNION SELECT named.id FROM (SELECT id FROM publishing_article
                                         WHERE stems @> ARRAY[left(image.digest, 32)::varchar(32)]
                                           AND stems && ARRAY[left(image.digest, 32)::varchar(32)]
                                           AND tenant_id = image.tenant_id LIMIT %(most)s) named
        ) used),
       (SELECT count(*) FROM publishing_byline byline WHERE byline.picture_id = image.id),
       (SELECT count(*) FROM sites_core_brand brand JOIN tenants_ownership owned USING (site_id)
         WHERE owned.tenant_id = image.tenant_id AND brand.logo = image.digest)
  FROM publishing_image image
 WHERE image.tenant_id = %(tenant)s AND image.id = ANY(%(images)s)
"""


def uses(images: Sequence[Image]) -> dict[int, Use]:
    """How each of some pictures of one tenant is used, by primary key; in one statement."""
    if not images:
        return {}
    wanted: dict[str, Any] = {
        "most": COUNTED + 1,
        "tenant": images[0].tenant_id,
        "images": [image.pk for image in images],
    }
    with connection.cursor() as cursor:
        cursor.execute(_USES, wanted)
        return {pk: Use(min(articles, COUNTED + 1), *others) for pk, articles, *others in cursor}


def places(image: Image) -> Places:
    """What shows a picture, or would: in five statements, whatever their number."""
    found: dict[int, Place] = {}
    words = Article.objects.defer("summary", "body", "html", "text")
    led = list(words.filter(lead_image=image).order_by("-pk")[: COUNTED + 1])
    named = list(naming(image).defer("summary", "body", "html", "text").order_by("-pk")[: COUNTED + 1])
    placed = Placement.objects.filter(image=image).select_related("article", "site").order_by("-pk")[: COUNTED + 1]
    ways = [(article, "lead picture") for article in led] + [(article, "in the text") for article in named]
    ways += [(placement.article, f"on {placement.site.name}") for placement in placed]
    for article, way in ways:
        found.setdefault(article.pk, Place(article)).ways.append(way)
    return Places(
        articles=list(found.values())[:COUNTED],
        portraits=list(Byline.objects.filter(picture=image).order_by("name")[:COUNTED]),
        logos=logos(image),
        drafts=drafts(image),
        more=len(found) > COUNTED,
    )


def naming(image: Image) -> QuerySet[Article]:
    """The articles whose body names the picture."""
    return Article.objects.filter(stems__contains=[image.stem], tenant=image.tenant_id)


def logos(image: Image) -> list[Brand]:
    """The brands of its tenant's sites whose logo it is."""
    mine = Brand.objects.filter(site__ownership__tenant=image.tenant_id, logo=image.digest)
    return list(mine.select_related("site").order_by("site__domain"))


def drafts(image: Image) -> list[Draft]:
    """The unsaved words that name it."""
    named = Q(words__body__icontains=image.stem) | Q(words__lead_image=image.pk)
    return list(Draft.objects.filter(named).select_related("article", "user").order_by("pk")[:COUNTED])


_SITES = """
SELECT place.site_id FROM publishing_placement place
 WHERE place.image_id = %(image)s AND place.status <> 'draft'
UNION SELECT place.site_id
  FROM publishing_article article JOIN publishing_placement place ON place.article_id = article.id
 WHERE article.lead_image_id = %(image)s AND place.status <> 'draft'
UNION SELECT place.site_id
  FROM publishing_article article JOIN publishing_placement place ON place.article_id = article.id
 WHERE article.stems @> ARRAY[%(stem)s::varchar(32)] AND article.tenant_id = %(tenant)s
   AND place.status <> 'draft'
UNION SELECT place.site_id FROM publishing_byline byline
  JOIN publishing_articlebyline signed ON signed.byline_id = byline.id
  JOIN publishing_placement place ON place.article_id = signed.article_id
 WHERE byline.picture_id = %(image)s AND place.status <> 'draft'
UNION SELECT brand.site_id FROM sites_core_brand brand JOIN tenants_ownership owned USING (site_id)
 WHERE owned.tenant_id = %(tenant)s AND brand.logo = %(digest)s
"""


def sites_showing(image: Image) -> frozenset[int]:
    """The sites, by primary key, that have the picture on more than a draft: their readers met it, or may."""
    known: dict[str, Any] = {"image": image.pk, "stem": image.stem, "tenant": image.tenant_id, "digest": image.digest}
    with connection.cursor() as cursor:
        cursor.execute(_SITES, known)
        return frozenset(pk for (pk,) in cursor)
