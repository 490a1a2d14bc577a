"""The Django admin as the platform's own front: for platform staff, on the ops host alone."""

from operations.admin import articles, brands, events, hostnames, people, pictures, sites, tenants, vocabulary

__all__ = ["articles", "brands", "events", "hostnames", "people", "pictures", "sites", "tenants", "vocabulary"]
