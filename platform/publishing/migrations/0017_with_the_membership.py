"""Who no longer works for a tenant is trusted by none of its sites, and what they shared is no longer to be seen:
however the membership ends, by a deed or in ops.
"""

from django.db import migrations

ENDS = """
CREATE FUNCTION publishing_membership_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM publishing_trustedsource WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id;
    DELETE FROM publishing_preview WHERE tenant_id = OLD.tenant_id AND made_by_id = OLD.user_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER publishing_membership_ends AFTER DELETE ON tenants_membership
    FOR EACH ROW EXECUTE FUNCTION publishing_membership_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0016_terms_history"), ("tenants", "0005_events_asked")]

    operations = [
        migrations.RunSQL(
            ENDS,
            "DROP TRIGGER publishing_membership_ends ON tenants_membership; DROP FUNCTION publishing_membership_ends();",
        ),
    ]
