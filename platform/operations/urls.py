"""The ops host: the Django admin and nothing else."""

from django.urls import path

from operations.admin.front import ops

urlpatterns = [path("", ops.urls)]
