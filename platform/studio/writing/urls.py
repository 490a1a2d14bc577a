"""Where an article is written."""

from django.urls import path

from studio.writing import views

urlpatterns = [
    path("articles/new/", views.new, name="article-new"),
    path("articles/<int:article_id>/", views.write, name="article"),
]
