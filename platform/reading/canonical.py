"""Where an article has its one canonical page, told from what readers can open at the moment."""

# The placement of an article that is its canonical page, or none. The elected one, while it is live on a site that is
# served; else the one of those that went live first. An election sees neither a moment that passes nor a site that
# retires.
_CANONICAL = """
      FROM publishing_placement place JOIN sites_core_sitestate state USING (site_id)
     WHERE place.article_id = {article} AND state.retired_at IS NULL
       AND place.status = 'published' AND place.go_live <= %(now)s
       AND (place.expires_at IS NULL OR place.expires_at > %(now)s)
     ORDER BY place.is_canonical DESC, place.go_live, place.id LIMIT 1
"""


def canonical_of(article: str) -> str:
    """The canonical placement, called `place`, of the article of this key."""
    return _CANONICAL.format(article=article)


CANONICAL = canonical_of("placement.article_id")

# When another may become it by time alone: the next appearance or expiry of the article on another site.
NEXT_ELSEWHERE = """
    SELECT least(min(place.go_live) FILTER (WHERE place.go_live > %(now)s),
                 min(place.expires_at) FILTER (WHERE place.expires_at > %(now)s))
      FROM publishing_placement place
     WHERE place.article_id = placement.article_id AND place.site_id <> placement.site_id
       AND place.status = 'published'
"""
