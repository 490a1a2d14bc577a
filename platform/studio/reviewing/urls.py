"""Reviews and comments of an article."""

from django.urls import path

from studio.reviewing import views

urlpatterns = [
    path("articles/<int:article_id>/review/", views.review, name="article-review"),
]
