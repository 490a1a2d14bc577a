"""What is proposed to the sites of a member."""

from django.urls import path

from studio.inbox import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
]
