from django.contrib.sites.shortcuts import get_current_site
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import DetailView, ListView

from benchmarks.peers.models import Article, Tag


class ArticleList(ListView):  # type: ignore[type-arg]  # Django cannot subscript it
    paginate_by = 20
    template_name = "stock/article_list.html"

    def get_queryset(self) -> QuerySet[Article]:
        here = Article.objects.filter(sites=get_current_site(self.request), published_at__lte=timezone.now())
        return here.prefetch_related("tags")


class TagList(ArticleList):
    def get_queryset(self) -> QuerySet[Article]:
        return super().get_queryset().filter(tags=get_object_or_404(Tag, slug=self.kwargs["slug"]))


class ArticlePage(DetailView):  # type: ignore[type-arg]
    template_name = "stock/article_detail.html"

    def get_queryset(self) -> QuerySet[Article]:
        here = Article.objects.filter(sites=get_current_site(self.request), published_at__lte=timezone.now())
        return here.prefetch_related("tags")
