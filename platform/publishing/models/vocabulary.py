"""What articles are sorted by, within a tenant: their topics and their writers."""

import pghistory
from django.db import models

from publishing.models.images import Image
from tenants.history import by_tenant, every
from tenants.models import Tenant
from tenants.scope import TenantManager


@pghistory.track(*every(), **by_tenant("Topic"))
class Topic(models.Model):
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=100)
    name = models.CharField(max_length=120)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="publishing_topic_slug_unique"),
            models.UniqueConstraint(fields=["id", "tenant"], name="publishing_topic_id_tenant_unique"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(*every(), **by_tenant("Byline"))
class Byline(models.Model):
    """A name under which articles appear; not a user, who may have several or none."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=100)
    name = models.CharField(max_length=120)
    bio = models.TextField(blank=True)
    picture = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, db_constraint=False, related_name="+")

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="publishing_byline_slug_unique"),
            models.UniqueConstraint(fields=["id", "tenant"], name="publishing_byline_id_tenant_unique"),
        ]

    def __str__(self) -> str:
        return self.name
