"""An article's revisions: compared, restored."""

from django.urls import path

from studio.history import views

urlpatterns = [
    path("articles/<int:article_id>/history/", views.history, name="article-history"),
    path("articles/<int:article_id>/history/compare/", views.compare, name="article-compare"),
    path("articles/<int:article_id>/history/<int:revision_id>/", views.revision, name="article-revision"),
    path("articles/<int:article_id>/history/<int:revision_id>/restore/", views.restore, name="article-restore"),
]
