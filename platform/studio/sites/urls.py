"""What a site's admins settle: brand, menus, static pages, redirects, sections."""

from django.urls import path

from studio.sites import views

urlpatterns = [
    path("sites/", views.sites, name="sites"),
]
