"""The database's own laws about names: one spelling, one owner, rows that come and go with the Site."""

from django.db import migrations

from sites_core.database import foreign_key

# The rules of sites_core.hostnames, so that no path into the table can store another spelling: labels of 1 to 63
# lower-case letters, digits and inner hyphens; "xn--" the only use of a hyphen in third and fourth place; no address.
CANONICAL = r"""
    {column} COLLATE "C" ~ '^([a-z0-9]([a-z0-9-]{{0,61}}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{{0,61}}[a-z0-9])?$'
    AND {column} COLLATE "C" !~ '(^|\.)(?!xn--)..--'
    AND {column} COLLATE "C" !~ '(^|\.)[0-9]+$'
    AND length({column}) <= 253
"""


def canonical(name: str, table: str, column: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({CANONICAL.format(column=column)})",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


ARRIVE = """
CREATE FUNCTION sites_core_site_arrives() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sites_core_hostname (site_id, name) SELECT id, domain FROM added;
    INSERT INTO sites_core_sitestate (site_id) SELECT id FROM added;
    INSERT INTO sites_core_brand (site_id) SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER sites_core_site_arrives AFTER INSERT ON django_site REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sites_core_site_arrives();
"""

# The old name stays as a hostname of the site and so redirects; a name of the site's own is promoted by being domain.
RENAME = """
CREATE FUNCTION sites_core_site_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sites_core_hostname (site_id, name) VALUES (NEW.id, NEW.domain)
        ON CONFLICT (name) DO UPDATE SET state = 'live' WHERE sites_core_hostname.site_id = NEW.id;
    IF NOT FOUND THEN
        RAISE unique_violation USING
            MESSAGE = format('The hostname %s already belongs to another site.', NEW.domain),
            CONSTRAINT = 'sites_core_hostname_name_unique', TABLE = 'django_site';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sites_core_site_renamed AFTER UPDATE OF domain ON django_site
    FOR EACH ROW WHEN (OLD.domain IS DISTINCT FROM NEW.domain) EXECUTE FUNCTION sites_core_site_renamed();
"""


class Migration(migrations.Migration):
    dependencies = [("sites_core", "0001_initial"), ("sites", "0002_alter_domain_unique")]

    operations = [
        canonical("sites_core_site_domain_canonical", "django_site", "domain"),
        canonical("sites_core_hostname_name_canonical", "sites_core_hostname", "name"),
        # Lists by month ask PostgreSQL for the site's days: a zone that it does not know must not get in.
        migrations.RunSQL(
            "ALTER TABLE sites_core_brand ADD CONSTRAINT sites_core_brand_time_zone_known "
            "CHECK (timezone(time_zone, timestamptz 'epoch') IS NOT NULL)",
            "ALTER TABLE sites_core_brand DROP CONSTRAINT sites_core_brand_time_zone_known",
        ),
        *(
            foreign_key(
                f"sites_core_{table}_site_fk",
                f"sites_core_{table}",
                "site_id",
                "django_site",
                "id",
                on_delete="CASCADE",
            )
            for table in ("hostname", "sitestate", "brand")
        ),
        # Sites that were there before us.
        migrations.RunSQL(
            """
            INSERT INTO sites_core_hostname (site_id, name) SELECT id, domain FROM django_site;
            INSERT INTO sites_core_sitestate (site_id) SELECT id FROM django_site;
            INSERT INTO sites_core_brand (site_id) SELECT id FROM django_site;
            SET CONSTRAINTS ALL IMMEDIATE;
            SET CONSTRAINTS ALL DEFERRED;
            """,
            migrations.RunSQL.noop,
        ),
        # A site's domain is always one of its own hostnames: the primary one can be neither taken away nor given away.
        foreign_key(
            "sites_core_site_domain_is_hostname", "django_site", "id, domain", "sites_core_hostname", "site_id, name"
        ),
        migrations.RunSQL(
            ARRIVE,
            "DROP TRIGGER sites_core_site_arrives ON django_site; DROP FUNCTION sites_core_site_arrives();",
        ),
        migrations.RunSQL(
            RENAME,
            "DROP TRIGGER sites_core_site_renamed ON django_site; DROP FUNCTION sites_core_site_renamed();",
        ),
    ]
