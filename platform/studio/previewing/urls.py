"""An article as each brand will show it."""

from django.urls import path

from studio.previewing import views

urlpatterns = [
    path("articles/<int:article_id>/preview/", views.preview, name="article-preview"),
]
