"""An invitation cannot name another tenant's sites."""

from django.db import migrations

from sites_core.database import foreign_key

KEYS = [
    (
        "invitationsite_invitation", "tenants_invitationsite", "invitation_id, tenant_id",
        "tenants_invitation", "id, tenant_id", "CASCADE",
    ),
    (
        "invitationsite_site", "tenants_invitationsite", "site_id, tenant_id",
        "tenants_ownership", "site_id, tenant_id", "CASCADE",
    ),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_people")]

    operations = [
        foreign_key(f"tenants_{name}_fk", table, columns, target, target_columns, on_delete=on_delete)
        for name, table, columns, target, target_columns, on_delete in KEYS
    ]
