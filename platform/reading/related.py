"""What else a site has on the topics of an article."""

from datetime import datetime
from typing import Any

from reading.cards import CARD, CARD_JOINS, CHOSEN, Card, cards_from
from reading.shown import SHOWN, each

SHOWN_AT_MOST = 3
# Of each topic the newest so many are looked at: what shares most topics comes first, the newer one of two that share
# as many. Some may have expired, so a few more are taken than are shown.
_NEWEST, _TAKEN = 12, 9

# A column of an article's own statement, since another would cost as much again. `shown` is what that calls the
# placement around it, by `placement_id` and `article_id`.
RELATED = f"""ARRAY(
SELECT json_build_array({CARD})
  FROM (SELECT {CHOSEN}, best.shared
          FROM (SELECT listing.placement_id AS id, count(*) AS shared, max(listing.go_live) AS newest
                  FROM publishing_articletopic filed
                 CROSS JOIN LATERAL (
                    SELECT placement_id, go_live FROM publishing_topicplacement
                     WHERE topic_id = filed.topic_id AND site_id = %(site)s AND go_live <= %(now)s
                     ORDER BY go_live DESC, placement_id DESC LIMIT {_NEWEST}) listing
                 WHERE filed.article_id = shown.article_id AND listing.placement_id <> shown.placement_id
                 GROUP BY listing.placement_id ORDER BY shared DESC, newest DESC LIMIT {_TAKEN}) best
               {each("publishing_placement", "placement", "best.id")}
         WHERE {SHOWN} ORDER BY best.shared DESC, placement.go_live DESC, placement.id DESC LIMIT {SHOWN_AT_MOST}
       ) placement {CARD_JOINS}
 ORDER BY placement.shared DESC, placement.go_live DESC, placement.id DESC)"""  # noqa: S608 -- made of constants

_PUBLISHED = 4


def related_from(rows: list[list[Any]]) -> list[Card]:
    """The cards of RELATED: at most SHOWN_AT_MOST, those with most topics in common first."""
    # JSON has no moments.
    return cards_from(
        [(*row[:_PUBLISHED], datetime.fromisoformat(row[_PUBLISHED]), *row[_PUBLISHED + 1 :]) for row in rows]
    )
