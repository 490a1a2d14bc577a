"""`Placement.objects.on(site).live(now).listed()` for statements that are written by hand."""

SHOWN = """
    publishing_placement.site_id = %(site)s
    AND publishing_placement.status = 'published' AND publishing_placement.listed
    AND publishing_placement.go_live <= %(now)s
    AND (publishing_placement.expires_at IS NULL OR publishing_placement.expires_at > %(now)s)
"""
