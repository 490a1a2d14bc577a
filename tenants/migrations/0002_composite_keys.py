"""Links that cannot cross a tenant, and rows that go with their site however it is deleted."""

from django.db import migrations

from sites_core.database import foreign_key

KEYS = [
    ("ownership_site", "tenants_ownership", "site_id", "django_site", "id", "CASCADE"),
    (
        "membershipsite_membership", "tenants_membershipsite", "membership_id, tenant_id",
        "tenants_membership", "id, tenant_id", "CASCADE",
    ),
    (
        "membershipsite_site", "tenants_membershipsite", "site_id, tenant_id",
        "tenants_ownership", "site_id, tenant_id", "CASCADE",
    ),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial"), ("sites_core", "0002_canonical_names")]

    operations = [
        foreign_key(f"tenants_{name}_fk", table, columns, target, target_columns, on_delete=on_delete)
        for name, table, columns, target, target_columns, on_delete in KEYS
    ]
