"""What appears when."""

from django.urls import path

from studio.calendar import views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:placement_id>/move/", views.calendar_move, name="calendar-move"),
]
