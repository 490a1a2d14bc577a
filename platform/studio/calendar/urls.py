"""What appears when."""

from django.urls import path

from studio.calendar import views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
]
