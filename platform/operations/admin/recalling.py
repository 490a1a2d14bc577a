"""The action that takes articles back from every site, after a page that names the sites."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from operations.admin.front import OpsAdmin
from publishing.models import Article, Placement
from publishing.placing import hold
from publishing.recalling import published
from publishing.recalling import recall_everywhere as recall
from tenants.models import User

AT_ONCE = 50


@admin.action(permissions=["change"], description="Recall everywhere")
def recall_everywhere(articles: OpsAdmin, request: HttpRequest, chosen: QuerySet[Article]) -> HttpResponse | None:
    if chosen.count() > AT_ONCE:
        sentence = f"Nothing was recalled: choose at most {AT_ONCE} articles, so that you can read where they are."
        articles.message_user(request, sentence, messages.ERROR)
        return None
    if request.POST.get("confirmed"):
        _recall(articles, request, chosen)
        return None
    return TemplateResponse(request, "operations/recall.html", _asked(articles, request, chosen))


def _asked(articles: OpsAdmin, request: HttpRequest, chosen: QuerySet[Article]) -> dict[str, Any]:
    placed = Placement.objects.filter(status=Placement.Status.PUBLISHED).select_related("site")
    placements = Prefetch("placements", placed.order_by("site__domain"), to_attr="published")
    return {
        **articles.admin_site.each_context(request),
        "title": "Recall everywhere",
        "opts": articles.opts,
        "articles": chosen.prefetch_related(placements),
        "now": timezone.now(),
        "checkbox": ACTION_CHECKBOX_NAME,
    }


def _recall(articles: OpsAdmin, request: HttpRequest, chosen: QuerySet[Article]) -> None:
    said = []
    with transaction.atomic():
        hold(chosen)
        for article in chosen:
            if names := ", ".join(placement.site.domain for placement in published(article)):
                recall(article=article, by=cast("User", request.user))
                articles.log_change(request, article, f"Recalled from {names}.")
                said.append((messages.SUCCESS, f"“{article}” was recalled from {names}."))
            else:
                said.append((messages.WARNING, f"“{article}” is published nowhere: nothing was recalled."))
    for level, sentence in said:
        articles.message_user(request, sentence, level)
