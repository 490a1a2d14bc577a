"""The internal host: for probes and for the edge itself, which never routes it."""

from django.urls import path

from operations.edge.serving import traefik
from operations.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("edge/traefik.json", traefik, name="edge"),
]
