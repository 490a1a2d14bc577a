"""What a search offers where there is nothing to show: what the site writes about, and its newest articles."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from reading.asking import rows_of
from reading.columns import ARTICLE, TITLE, Link, title_or_untitled
from reading.shown import SHOWN, each
from reading.voice import Told, voice
from sites_core.directory import SiteEntry

# Of how many of the newest articles the topics are told, how many of these, and how many of the articles.
_RECENT, _TOPICS, _NEWEST = 100, 24, 5

# A tenant may have thousands of topics; what the newest articles are about is a few steps.
_SUGGESTED = f"""
WITH recent AS MATERIALIZED (
    SELECT placement.id, placement.article_id, placement.slug, placement.title, placement.go_live
      FROM publishing_placement placement WHERE {SHOWN}
     ORDER BY placement.go_live DESC, placement.id DESC LIMIT {_RECENT}
), most AS (
    SELECT filed.topic_id FROM recent, LATERAL (
        SELECT topic_id FROM publishing_topicplacement WHERE placement_id = recent.id OFFSET 0) filed
     GROUP BY filed.topic_id ORDER BY count(*) DESC, filed.topic_id LIMIT {_TOPICS}
)
SELECT 'topic', topic.name, topic.slug, NULL::timestamptz FROM most {each("publishing_topic", "topic", "most.topic_id")}
UNION ALL
SELECT 'article', {TITLE}, placement.slug, placement.go_live
  FROM (SELECT * FROM recent ORDER BY go_live DESC, id DESC LIMIT {_NEWEST}) placement {ARTICLE}
"""  # noqa: S608 -- made of constants


class Newest(NamedTuple):
    """A recent article, told in a line."""

    title: str
    path: str
    told: Told


@dataclass(frozen=True, slots=True)
class Suggestions:
    topics: list[Link]
    newest: list[Newest]


def suggested(site: SiteEntry, now: datetime) -> Suggestions:
    """In one statement. Both are empty for a site that shows no article."""
    rows, speaking = rows_of(site.id, _SUGGESTED, now=now), voice()
    articles = sorted(((moment, title, slug) for kind, title, slug, moment in rows if kind == "article"), reverse=True)
    return Suggestions(
        [Link(name, f"/topics/{slug}/") for name, slug in sorted(row[1:3] for row in rows if row[0] == "topic")],
        [Newest(title_or_untitled(title), f"/{slug}/", speaking.told(moment)) for moment, title, slug in articles],
    )
