"""Feeds: the newest articles of a site, or of one of its topics, in full."""
