"""What one change makes seen on several sites is raised in one call, in the order of their keys.

A picture that leads an article and is also a byline's: one trigger for both, since two would lock in two orders. And a
site's language stands in the links of its articles' translations.
"""

from django.db import migrations

MET = "IN ('published', 'recalled')"
CHANGED = """
    SELECT o.* FROM removed o JOIN added n USING (id) WHERE o IS DISTINCT FROM n
    UNION ALL SELECT n.* FROM removed o JOIN added n USING (id) WHERE o IS DISTINCT FROM n
"""
SHOWN = f"""
    SELECT p.site_id FROM changed c JOIN publishing_placement p ON p.image_id = c.id WHERE p.status {MET}
    UNION SELECT p.site_id FROM changed c
    JOIN publishing_article a ON a.lead_image_id = c.id JOIN publishing_placement p ON p.article_id = a.id
    WHERE p.status {MET}
"""
SIGNED = f"""
    UNION SELECT p.site_id FROM changed c
    JOIN publishing_byline byline ON byline.picture_id = c.id
    JOIN publishing_articlebyline signed ON signed.byline_id = byline.id
    JOIN publishing_placement p ON p.article_id = signed.article_id WHERE p.status {MET}
"""
IMAGE = """
CREATE OR REPLACE FUNCTION publishing_image_update_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sites_core_next_generation(ARRAY(WITH changed AS ({changed}) {shown}));
    RETURN NULL;
END $$;
"""
ALONE = f"""
CREATE FUNCTION publishing_byline_picture_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sites_core_next_generation(ARRAY(
        SELECT DISTINCT place.site_id FROM removed o JOIN added n USING (id)
          JOIN publishing_byline byline ON byline.picture_id = n.id
          JOIN publishing_articlebyline signed ON signed.byline_id = byline.id
          JOIN publishing_placement place ON place.article_id = signed.article_id
         WHERE o IS DISTINCT FROM n AND place.status {MET}));
    RETURN NULL;
END $$;
CREATE TRIGGER publishing_byline_picture_seen AFTER UPDATE ON publishing_image
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION publishing_byline_picture_seen();
"""
LANGUAGE = f"""
CREATE FUNCTION publishing_language_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sites_core_next_generation(ARRAY(
        SELECT NEW.site_id
        UNION SELECT place.site_id
          FROM publishing_placement mine JOIN publishing_article article ON article.id = mine.article_id
          JOIN publishing_article other ON other.translation_group = article.translation_group
           AND other.tenant_id = article.tenant_id
          JOIN publishing_placement place ON place.article_id = other.id
         WHERE mine.site_id = NEW.site_id AND article.translation_group IS NOT NULL AND place.status {MET}));
    RETURN NULL;
END $$;
-- Its name comes before that of the brand's own trigger, which raises the one site: so all are locked in their order.
CREATE TRIGGER publishing_language_seen AFTER UPDATE OF language ON sites_core_brand
    FOR EACH ROW WHEN (OLD.language IS DISTINCT FROM NEW.language) EXECUTE FUNCTION publishing_language_seen();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0009_fronts"), ("sites_core", "0006_only_what_is_told")]

    operations = [
        migrations.RunSQL(
            "DROP TRIGGER publishing_byline_picture_seen ON publishing_image; "
            "DROP FUNCTION publishing_byline_picture_seen();",
            ALONE,
        ),
        migrations.RunSQL(
            IMAGE.format(changed=CHANGED, shown=SHOWN + SIGNED), IMAGE.format(changed=CHANGED, shown=SHOWN)
        ),
        migrations.RunSQL(
            LANGUAGE,
            "DROP TRIGGER publishing_language_seen ON sites_core_brand; DROP FUNCTION publishing_language_seen();",
        ),
    ]
