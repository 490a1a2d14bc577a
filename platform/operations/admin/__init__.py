"""The Django admin as the platform's own front: for platform staff, on the ops host alone."""

from operations.admin import articles, people, sites, tenants, vocabulary

__all__ = ["articles", "people", "sites", "tenants", "vocabulary"]
