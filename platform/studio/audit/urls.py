"""Who did what on which site."""

from django.urls import path

from studio.audit import views

urlpatterns = [
    path("history/", views.audit, name="audit"),
    path("history/download/", views.download, name="audit-download"),
]
