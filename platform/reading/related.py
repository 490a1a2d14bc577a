"""What else a site has on the topics of an article."""

from collections.abc import Sequence
from datetime import datetime

from reading.asking import rows_of
from reading.cards import CARD, CARD_JOINS, CHOSEN, Card, cards_from
from reading.shown import SHOWN, each

SHOWN_AT_MOST = 3
# Of each topic the newest so many are looked at: what shares most topics comes first, the newer one of two that share
# as many. Some may have expired, so a few more are taken than are shown.
_NEWEST, _TAKEN = 12, 9

_RELATED = f"""
SELECT {CARD}
  FROM (SELECT {CHOSEN}, best.shared
          FROM (SELECT listing.placement_id AS id, count(*) AS shared, max(listing.go_live) AS newest
                  FROM unnest(%(topics)s::bigint[]) AS topic (id)
                 CROSS JOIN LATERAL (
                    SELECT placement_id, go_live FROM publishing_topicplacement
                     WHERE topic_id = topic.id AND site_id = %(site)s AND go_live <= %(now)s
                     ORDER BY go_live DESC, placement_id DESC LIMIT {_NEWEST}) listing
                 WHERE listing.placement_id <> %(placement)s
                 GROUP BY listing.placement_id ORDER BY shared DESC, newest DESC LIMIT {_TAKEN}) best
               {each("publishing_placement", "placement", "best.id")}
         WHERE {SHOWN} ORDER BY best.shared DESC, placement.go_live DESC, placement.id DESC LIMIT {SHOWN_AT_MOST}
       ) placement {CARD_JOINS}
 ORDER BY placement.shared DESC, placement.go_live DESC, placement.id DESC
"""  # noqa: S608 -- made of constants


def related_to(site_id: int, placement_id: int, topic_ids: Sequence[int], now: datetime) -> list[Card]:
    """At most SHOWN_AT_MOST other articles that the site shows, those with most topics in common first."""
    if not topic_ids:
        return []
    rows = rows_of(site_id, _RELATED, now=now, placement=placement_id, topics=list(topic_ids))
    return cards_from(rows)
