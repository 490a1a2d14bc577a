"""Who works for the tenant, in which role, on which sites."""

from django.urls import path

from studio.members import views

urlpatterns = [
    path("members/", views.members, name="members"),
]
