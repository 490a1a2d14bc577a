"""Ready pages in front of Django: held by site and generation, so that nothing is ever purged and nothing is stale."""
