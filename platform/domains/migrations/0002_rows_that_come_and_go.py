"""A claim is for a site of its tenant; hostnames bring their standing along, and leave a tombstone."""

from django.db import migrations

from sites_core.database import foreign_key

# Whoever adds a hostname, by whatever path: it is looked at within seconds. An event that waits already is locked until
# this transaction ends, as `events.emitting` does it: what is looked at is there by then.
ARRIVE = """
CREATE FUNCTION domains_hostname_arrives() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO domains_standing (hostname_id) SELECT id FROM added;
    INSERT INTO events_event (name, payload, once)
         SELECT 'domains.look', jsonb_build_object('name', name), 'domains.look:' || name FROM added
             ON CONFLICT (once) WHERE done_at IS NULL AND dead_at IS NULL AND once <> '' DO UPDATE
            SET due_at = CASE WHEN events_event.lease IS NULL
                              THEN least(events_event.due_at, excluded.due_at) ELSE events_event.due_at END;
    RETURN NULL;
END $$;
CREATE TRIGGER domains_hostname_arrives AFTER INSERT ON sites_core_hostname REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION domains_hostname_arrives();
"""
# Spread over a day: they are many, and were served before.
ARRIVED_BEFORE = """
INSERT INTO domains_standing (hostname_id, due_at) SELECT id, now() + random() * interval '1 day' FROM sites_core_hostname;
"""
LEAVE = """
CREATE FUNCTION domains_hostname_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO domains_tombstone (name, tenant_id, until)
         SELECT gone.name, owned.tenant_id, now() + interval '30 days'
           FROM gone LEFT JOIN tenants_ownership owned ON owned.site_id = gone.site_id
             ON CONFLICT (name) DO UPDATE SET tenant_id = excluded.tenant_id, until = excluded.until;
    RETURN NULL;
END $$;
CREATE TRIGGER domains_hostname_leaves AFTER DELETE ON sites_core_hostname REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION domains_hostname_leaves();
"""
# From a sequence: a number that was lent to a transaction that rolled back is never used again.
NEWER = """
CREATE SEQUENCE domains_certificate_versions;
CREATE FUNCTION domains_certificate_newer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version = nextval('domains_certificate_versions');
    RETURN NEW;
END $$;
CREATE TRIGGER domains_certificate_newer BEFORE INSERT OR UPDATE OF chain, key ON domains_certificate
    FOR EACH ROW EXECUTE FUNCTION domains_certificate_newer();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("domains", "0001_initial"),
        ("events", "0001_initial"),
        ("sites_core", "0009_grace"),
        ("tenants", "0002_composite_keys"),
    ]

    operations = [
        foreign_key(
            "domains_claim_site_fk", "domains_claim", "site_id, tenant_id",
            "tenants_ownership", "site_id, tenant_id", on_delete="CASCADE",
        ),
        foreign_key(
            "domains_standing_hostname_fk", "domains_standing", "hostname_id",
            "sites_core_hostname", "id", on_delete="CASCADE",
        ),
        migrations.RunSQL(ARRIVED_BEFORE, "DELETE FROM domains_standing"),
        migrations.RunSQL(
            ARRIVE,
            "DROP TRIGGER domains_hostname_arrives ON sites_core_hostname; DROP FUNCTION domains_hostname_arrives();",
        ),
        migrations.RunSQL(
            LEAVE,
            "DROP TRIGGER domains_hostname_leaves ON sites_core_hostname; DROP FUNCTION domains_hostname_leaves();",
        ),
        migrations.RunSQL(
            NEWER,
            """
            DROP TRIGGER domains_certificate_newer ON domains_certificate; DROP FUNCTION domains_certificate_newer();
            DROP SEQUENCE domains_certificate_versions;
            """,
        ),
    ]  # fmt: skip
