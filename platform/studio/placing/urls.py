"""Where and when an article appears: a row for each site."""

from django.urls import path

from studio.placing import views

urlpatterns = [
    path("articles/<int:article_id>/placements/", views.placements, name="article-placements"),
]
