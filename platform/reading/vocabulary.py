"""What a site's articles are filed under."""

from datetime import datetime

from reading.asking import rows_of
from reading.columns import Link
from reading.shown import SHOWN, each

# Of each of the tenant's topics a step into its list. OFFSET 0 keeps the planner from reading the site's list instead,
# or all lists at once.
_TOPICS = f"""
SELECT topic.name, topic.slug FROM tenants_ownership ownership JOIN publishing_topic topic USING (tenant_id)
 WHERE ownership.site_id = %(site)s AND EXISTS (
    SELECT FROM (
        SELECT placement_id FROM publishing_topicplacement listing
         WHERE listing.topic_id = topic.id AND listing.site_id = %(site)s AND listing.go_live <= %(now)s OFFSET 0
    ) listing {each("publishing_placement", "placement", "listing.placement_id")} WHERE {SHOWN} OFFSET 0)
 ORDER BY topic.name
"""  # noqa: S608 -- made of constants


def topics(site_id: int, now: datetime) -> tuple[Link, ...]:
    """The topics of which the site shows at least one article, by name."""
    return tuple([Link(name, f"/topics/{slug}/") for name, slug in rows_of(site_id, _TOPICS, now=now)])
