"""The tenant's names. One address a name, from its claim to its end, so that a page may stay open meanwhile."""

from django.urls import include, path

from studio.domains import deeds, views

of_name = [
    path("", views.domain, name="domain"),
    path("progress/", views.progress, name="domain-progress"),
    path("look/", deeds.look, name="domain-look"),
    path("primary/", deeds.primary, name="domain-primary"),
    path("remove/", deeds.remove, name="domain-remove"),
]

urlpatterns = [
    path("domains/", views.domains, name="domains"),
    # No claimable name is without a dot.
    path("domains/add/", deeds.add, name="domain-add"),
    path("domains/<str:domain_name>/", include(of_name)),
]
