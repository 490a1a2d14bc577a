"""The internal host: for probes, never routed by the edge."""

from django.urls import path

from operations.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
