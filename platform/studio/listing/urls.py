"""The tenant's articles: found, filtered, chosen."""

from django.urls import path

from studio.listing import views

urlpatterns = [
    path("articles/", views.articles, name="articles"),
    path("articles/bulk/", views.in_bulk, name="articles-bulk"),
]
