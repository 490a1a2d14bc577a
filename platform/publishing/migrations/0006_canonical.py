"""An article keeps a canonical placement when the one that was is deleted, alone or with its site, by any path."""

from django.db import migrations

# The same choice as `publishing.placing.elect_canonical`: the published placement that went live first.
ELECT = """
CREATE FUNCTION publishing_canonical_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE publishing_placement SET is_canonical = true WHERE id IN (
        SELECT DISTINCT ON (heir.article_id) heir.id
          FROM publishing_placement heir JOIN removed ON removed.article_id = heir.article_id
         WHERE removed.is_canonical AND heir.status = 'published'
         ORDER BY heir.article_id, heir.go_live, heir.id
    );
    RETURN NULL;
END $$;
CREATE TRIGGER publishing_canonical_deleted AFTER DELETE ON publishing_placement REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION publishing_canonical_deleted();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0005_search")]

    operations = [
        migrations.RunSQL(
            ELECT,
            "DROP TRIGGER publishing_canonical_deleted ON publishing_placement; "
            "DROP FUNCTION publishing_canonical_deleted();",
        ),
    ]
