"""The Django admin as the platform's own front: for platform staff, on the ops host alone."""

from operations.admin import articles, brands, people, pictures, sites, tenants, vocabulary

__all__ = ["articles", "brands", "people", "pictures", "sites", "tenants", "vocabulary"]
