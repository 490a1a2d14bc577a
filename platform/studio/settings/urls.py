"""What a tenant's owner settles for all of its sites."""

from django.urls import path

from studio.settings import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
]
