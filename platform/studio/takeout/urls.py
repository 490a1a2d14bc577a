"""All that a tenant has, as a file to take along."""

from django.urls import path

from studio.takeout import views

urlpatterns = [
    path("settings/takeout/", views.takeout, name="takeout"),
]
