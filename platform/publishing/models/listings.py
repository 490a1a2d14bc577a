"""What lists by topic and by byline read: each published, listed placement under each of its article's terms.

Triggers alone write these rows (migration 0007_listings), so that such a list is one range of one index however many
articles the topic, the site and the platform have. Nothing else may write them, and nothing has to.
"""

from django.contrib.sites.models import Site
from django.db import models
from django.db.models import F

from publishing.models.placements import Placement
from publishing.models.vocabulary import Byline, Topic
from tenants.models import Tenant
from tenants.scope import TenantManager


class TopicPlacement(models.Model):
    """A placement in the list of a topic."""

    pk = models.CompositePrimaryKey("placement", "topic")
    # DO_NOTHING: the database's own composite keys cascade, see the migration.
    placement = models.ForeignKey(Placement, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    topic = models.ForeignKey(Topic, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    site = models.ForeignKey(Site, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    tenant = models.ForeignKey(Tenant, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    go_live = models.DateTimeField()

    objects = TenantManager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index("topic", "site", F("go_live").desc(), F("placement").desc(), name="publishing_topic_list")
        ]

    def __str__(self) -> str:
        return f"{self.placement} under {self.topic}"


class BylinePlacement(models.Model):
    """A placement in the list of a byline."""

    pk = models.CompositePrimaryKey("placement", "byline")
    placement = models.ForeignKey(Placement, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    byline = models.ForeignKey(Byline, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    site = models.ForeignKey(Site, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    tenant = models.ForeignKey(Tenant, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    go_live = models.DateTimeField()

    objects = TenantManager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index("byline", "site", F("go_live").desc(), F("placement").desc(), name="publishing_byline_list")
        ]

    def __str__(self) -> str:
        return f"{self.placement} by {self.byline}"
