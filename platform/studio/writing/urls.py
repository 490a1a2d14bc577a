"""Where an article is written."""

from django.urls import path

from studio.writing import asking, keeping, merging, views

urlpatterns = [
    path("articles/new/", views.new, name="article-new"),
    path("articles/topics/", asking.topics, name="topic-choices"),
    path("articles/bylines/", asking.bylines, name="byline-choices"),
    path("articles/rendering/", asking.rendering, name="words-rendered"),
    path("articles/<int:article_id>/", views.write, name="article"),
    path("articles/<int:article_id>/draft/", keeping.draft, name="article-draft"),
    path("articles/<int:article_id>/draft/discard/", keeping.discard, name="article-draft-discard"),
    path("articles/<int:article_id>/merge/", merging.merge, name="article-merge"),
]
