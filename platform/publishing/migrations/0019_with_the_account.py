"""An account that is closed shows nothing any more of what is not public yet, as one that works for the tenant no longer."""

from django.db import migrations

ENDS = """
CREATE FUNCTION publishing_account_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM publishing_preview WHERE made_by_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER publishing_account_ends AFTER UPDATE OF is_active ON tenants_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION publishing_account_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0018_shared_previews_kept"), ("tenants", "0006_site_names")]

    operations = [
        migrations.RunSQL(
            ENDS,
            "DROP TRIGGER publishing_account_ends ON tenants_user; DROP FUNCTION publishing_account_ends();",
        ),
    ]
