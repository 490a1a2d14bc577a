from django.urls import path

from benchmarks.peers import views

urlpatterns = [
    path("", views.ArticleList.as_view(), name="home"),
    path("topics/<slug:slug>/", views.TagList.as_view(), name="tag"),
    path("<slug:slug>/", views.ArticlePage.as_view(), name="article"),
]
