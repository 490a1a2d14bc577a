"""What a member meets first: what is scheduled, what waits, what changed."""

from django.urls import path

from studio.desk import views

urlpatterns = [
    path("", views.desk, name="desk"),
]
