"""An article's revisions: compared, restored."""

from django.urls import path

from studio.history import views

urlpatterns = [
    path("articles/<int:article_id>/history/", views.history, name="article-history"),
]
