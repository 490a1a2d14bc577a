"""Which generations moved lately, so that one small question a poll tells every process all of them.

Each raise is stamped with its transaction. A process that asks for what was stamped at or after the oldest transaction
that was still running at its last question misses nothing, in whichever order transactions commit.
"""

from django.db import migrations, models

STAMP = """
-- One row of numbers for all sites, which begins where no other database's does: a number that stood for one content
-- never stands for another, though a site's key be used again, a transaction rolled back or a cache shared.
CREATE SEQUENCE sites_core_generation_seq;
SELECT setval('sites_core_generation_seq', (random() * 2 ^ 52)::bigint + (SELECT coalesce(max(generation), 0) + 1
                                                                            FROM sites_core_sitestate));

CREATE FUNCTION sites_core_generation_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.generation := nextval('sites_core_generation_seq');
    RETURN NEW;
END $$;
CREATE TRIGGER sites_core_generation_begun BEFORE INSERT ON sites_core_sitestate
    FOR EACH ROW EXECUTE FUNCTION sites_core_generation_begun();

-- A row saved whole writes back the stamp that it was read with: only a raise may change it.
CREATE FUNCTION sites_core_generation_stamped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := OLD.changed;
    IF NEW.generation > OLD.generation THEN
        NEW.generation := nextval('sites_core_generation_seq');
        NEW.changed := pg_current_xact_id()::text::bigint;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sites_core_generation_stamped BEFORE UPDATE ON sites_core_sitestate
    FOR EACH ROW WHEN ((OLD.generation, OLD.changed) IS DISTINCT FROM (NEW.generation, NEW.changed))
    EXECUTE FUNCTION sites_core_generation_stamped();
UPDATE sites_core_sitestate SET generation = generation + 1;
"""


class Migration(migrations.Migration):
    dependencies = [("sites_core", "0003_versions")]

    operations = [
        migrations.AddField("sitestate", "changed", models.BigIntegerField(default=0, db_default=0, editable=False)),
        migrations.AddIndex("sitestate", models.Index(fields=["changed"], name="sites_core_sitestate_changed")),
        migrations.RunSQL(
            STAMP,
            """
            DROP TRIGGER sites_core_generation_stamped ON sites_core_sitestate;
            DROP FUNCTION sites_core_generation_stamped();
            DROP TRIGGER sites_core_generation_begun ON sites_core_sitestate;
            DROP FUNCTION sites_core_generation_begun();
            DROP SEQUENCE sites_core_generation_seq;
            """,
        ),
    ]
