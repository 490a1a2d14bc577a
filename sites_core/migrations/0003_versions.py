"""The two numbers that make stale answers impossible, raised by triggers so that no path into a table forgets them.

The directory's version grows with every change to what names resolve to; a site's generation with every change that
its readers could see. Versions come from a sequence: a rolled-back change must not lend its number to another.
"""

from django.db import migrations

VERSION = """
CREATE SEQUENCE sites_core_directoryversion_seq;
INSERT INTO sites_core_directoryversion (version) VALUES (nextval('sites_core_directoryversion_seq'));
CREATE UNIQUE INDEX sites_core_directoryversion_one_row ON sites_core_directoryversion ((true));

CREATE FUNCTION sites_core_directory_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- An upsert: `manage.py flush` empties this table like any other.
    INSERT INTO sites_core_directoryversion (version) VALUES (nextval('sites_core_directoryversion_seq'))
        ON CONFLICT ((true)) DO UPDATE SET version = EXCLUDED.version;
    RETURN NULL;
END $$;
"""

# Of the state only the retirement: the generation changes with every publish, and the names do not.
WATCHED = {
    "django_site": "INSERT OR UPDATE OR DELETE",
    "sites_core_hostname": "INSERT OR UPDATE OR DELETE",
    "sites_core_brand": "INSERT OR UPDATE OR DELETE",
    "sites_core_sitestate": "INSERT OR UPDATE OF retired_at OR DELETE",
}

GENERATION = """
-- In the order of the key, so that two publishes on the same sites wait for each other instead of deadlocking.
CREATE FUNCTION sites_core_next_generation(sites integer[]) RETURNS void LANGUAGE sql AS $$
    WITH touched AS MATERIALIZED (
        SELECT site_id FROM sites_core_sitestate WHERE site_id = ANY (sites) ORDER BY site_id FOR NO KEY UPDATE
    )
    UPDATE sites_core_sitestate state SET generation = state.generation + 1
      FROM touched WHERE state.site_id = touched.site_id
$$;

-- An object saved whole writes back the generation that it was read with.
CREATE FUNCTION sites_core_generation_never_falls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.generation := OLD.generation;
    RETURN NEW;
END $$;
CREATE TRIGGER sites_core_generation_never_falls BEFORE UPDATE ON sites_core_sitestate
    FOR EACH ROW WHEN (NEW.generation < OLD.generation) EXECUTE FUNCTION sites_core_generation_never_falls();

CREATE FUNCTION sites_core_look_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sites_core_next_generation(ARRAY[NEW.site_id]);
    RETURN NULL;
END $$;
CREATE TRIGGER sites_core_brand_generation AFTER UPDATE ON sites_core_brand
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION sites_core_look_changed();

CREATE FUNCTION sites_core_name_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sites_core_next_generation(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER sites_core_site_generation AFTER UPDATE ON django_site
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION sites_core_name_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("sites_core", "0002_canonical_names")]

    operations = [
        migrations.RunSQL(
            VERSION,
            """
            DROP FUNCTION sites_core_directory_changed();
            DROP INDEX sites_core_directoryversion_one_row;
            DELETE FROM sites_core_directoryversion;
            DROP SEQUENCE sites_core_directoryversion_seq;
            """,
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_directory AFTER {events} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION sites_core_directory_changed()",
                f"DROP TRIGGER {table}_directory ON {table}",
            )
            for table, events in WATCHED.items()
        ),
        migrations.RunSQL(
            GENERATION,
            """
            DROP TRIGGER sites_core_generation_never_falls ON sites_core_sitestate;
            DROP FUNCTION sites_core_generation_never_falls();
            DROP TRIGGER sites_core_site_generation ON django_site;
            DROP FUNCTION sites_core_name_changed();
            DROP TRIGGER sites_core_brand_generation ON sites_core_brand;
            DROP FUNCTION sites_core_look_changed();
            DROP FUNCTION sites_core_next_generation(integer[]);
            """,
        ),
    ]
