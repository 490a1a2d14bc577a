"""Deeds on articles that say the same in several languages: join_translations, leave_translations.

Translations share a group, a number that means nothing else. Each deed is one transaction and expects a tenant scope.
"""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from publishing.models import Article
from publishing.placing import hold
from tenants.models import Tenant


def translations_of(article: Article) -> QuerySet[Article]:
    """The other articles of its group, by language and title; without their bodies."""
    others = Article.objects.filter(_in_groups([article])).exclude(pk=article.pk)
    return others.defer("body", "html", "text").order_by("language", "title", "pk")


def together(*articles: Article) -> list[Article]:
    """These articles and all of their translations: what a deed on translations holds."""
    return list(Article.objects.filter(_in_groups(articles)).defer("body", "html", "text"))


def refuse_translation(*, article: Article, other: Article, language: str | None = None) -> None:
    """Raise ValidationError, with a sentence, where the two cannot become translations of each other.

    `language` is the one that the article is about to have, if not the one that it has.
    """
    language = article.language if language is None else language
    if other.pk == article.pk:
        raise ValidationError("An article is no translation of itself.")
    if other.tenant_id != article.tenant_id:
        raise ValidationError(f"“{other}” belongs to another tenant.")
    if other.translation_group and other.translation_group == article.translation_group:
        return
    # Without a language it has that of the site it appears on, which may be any.
    theirs = {one.language: one for one in together(other) if one.language}
    mine = {language, *(one.language for one in translations_of(article))}
    for same in sorted(mine & theirs.keys()):
        raise ValidationError(f"“{theirs[same]}” is there in that language already ({same}).")


def refuse_language(*, article: Article, language: str) -> None:
    """Raise ValidationError where a translation of the article is there in this language already."""
    if language and (same := translations_of(article).filter(language=language).first()):
        raise ValidationError(f"Its translation “{same}” is in that language already ({language}).")


@transaction.atomic
def join_translations(*, article: Article, other: Article) -> UUID:
    """Make two articles translations of each other, and of all that either is a translation of. Returns their group.

    Raises ValidationError where they belong to two tenants, or where two of them would be in one language.
    """
    members = _held(article, other)
    refuse_translation(article=article, other=other)
    group = other.translation_group or article.translation_group or uuid4()
    # Who is in it already is not written: a row that changes is seen, and raises the generation of its sites.
    moved = [one.pk for one in members if one.translation_group != group]
    Article.objects.filter(pk__in=moved).update(translation_group=group)
    article.translation_group = other.translation_group = group
    return group


@transaction.atomic
def leave_translations(*, article: Article) -> None:
    """Take an article out of its group. Who would remain alone is no translation any more either."""
    members = _held(article)
    leaving = [article.pk] if len(members) > 2 else [one.pk for one in members]
    Article.objects.filter(pk__in=leaving, translation_group__isnull=False).update(translation_group=None)
    article.translation_group = None


def _in_groups(articles: Iterable[Article]) -> Q:
    """These, and of their own tenants those with the same group."""
    wanted = Q(pk__in=[article.pk for article in articles])
    for article in articles:
        if article.translation_group:
            wanted |= Q(translation_group=article.translation_group, tenant_id=article.tenant_id)
    return wanted


def _held(*articles: Article) -> list[Article]:
    """Lock the articles with their translations, and read their groups anew; returns all of them as they are now."""
    # One such deed of a tenant after the other: whose groups these are is known only when nobody else moves them.
    tenants = sorted({article.tenant_id for article in articles})
    list(Tenant.objects.select_for_update(no_key=True).filter(pk__in=tenants).order_by("pk").values_list("pk"))
    for article in articles:
        article.refresh_from_db(fields=["translation_group"])
    members = together(*articles)
    hold(members)
    return members
