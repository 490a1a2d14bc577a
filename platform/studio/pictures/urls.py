"""The tenant's pictures."""

from django.urls import path

from studio.pictures import views

urlpatterns = [
    path("media/", views.library, name="media"),
]
