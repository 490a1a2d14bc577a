"""An article as each brand will show it."""

from django.urls import path

from studio.previewing import views

urlpatterns = [
    path("articles/<int:article_id>/preview/", views.preview, name="article-preview"),
    path("articles/<int:article_id>/preview/share/", views.share, name="article-preview-share"),
    path("articles/<int:article_id>/preview/<int:preview_id>/revoke/", views.revoke, name="article-preview-revoke"),
]
