"""A hostname is verified first, live once its certificate was seen, and in grace when DNS has lost it."""

from django.db import migrations, models

RENAMED = """
CREATE OR REPLACE FUNCTION sites_core_site_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sites_core_hostname (site_id, name) VALUES (NEW.id, NEW.domain)
        ON CONFLICT (name) DO UPDATE SET state = {state}
        WHERE sites_core_hostname.site_id = NEW.id{condition};
    IF NOT FOUND THEN
        RAISE unique_violation USING
            MESSAGE = format('The hostname %s already belongs to another site{otherwise}.', NEW.domain),
            CONSTRAINT = 'sites_core_hostname_name_unique', TABLE = 'django_site';
    END IF;
    RETURN NULL;
END $$
"""
# What is served stays as it is. What is quarantined is nobody's until it is proven again, its site's neither.
RENAMED_NOW = (
    RENAMED.replace("{state}", "sites_core_hostname.state")
    .replace("{condition}", " AND sites_core_hostname.state <> 'quarantined'")
    .replace("{otherwise}", ", or is quarantined")
)
RENAMED_THEN = RENAMED.replace("{state}", "'live'").replace("{condition}", "").replace("{otherwise}", "")
# Before this release a name was live from its first moment, certificate or not.
BACK = "UPDATE sites_core_hostname SET state = 'live' WHERE state IN ('verified', 'grace')"


class Migration(migrations.Migration):
    dependencies = [
        ("sites", "0002_alter_domain_unique"),
        ("sites_core", "0008_events_asked"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="hostname",
            name="sites_core_hostname_state_known",
        ),
        migrations.AlterField(
            model_name="hostname",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "pending"),
                    ("verified", "verified"),
                    ("live", "live"),
                    ("grace", "grace"),
                    ("quarantined", "quarantined"),
                ],
                db_default="verified",
                default="verified",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="hostnameevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "pending"),
                    ("verified", "verified"),
                    ("live", "live"),
                    ("grace", "grace"),
                    ("quarantined", "quarantined"),
                ],
                db_default="verified",
                default="verified",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="hostname",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "verified", "live", "grace", "quarantined"])),
                name="sites_core_hostname_state_known",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, BACK),
        migrations.RunSQL(RENAMED_NOW, RENAMED_THEN),
    ]
