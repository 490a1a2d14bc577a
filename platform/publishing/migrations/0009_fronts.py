"""What a reader's front shows beside lists: pins, translations, focus points, the pictures of those who write.

Translations link to each other: what moves one of them is seen on the sites of the others.
"""

import django.db.models.deletion
from django.db import migrations, models

from sites_core.database import foreign_key

MET = "IN ('published', 'recalled')"
BOTH = "REFERENCING OLD TABLE AS removed NEW TABLE AS added"
ROWS = {
    "INSERT": ("REFERENCING NEW TABLE AS added", "SELECT * FROM added"),
    "DELETE": ("REFERENCING OLD TABLE AS removed", "SELECT * FROM removed"),
}
# The sites on which the translations of these articles are met.
OTHERS = f"""
    SELECT DISTINCT place.site_id FROM moved
      JOIN publishing_article other ON other.translation_group = moved.translation_group
       AND other.tenant_id = moved.tenant_id
      JOIN publishing_placement place ON place.article_id = other.id WHERE place.status {MET}
"""
ARTICLE_MOVED = """
    SELECT o.* FROM removed o JOIN added n USING (id)
     WHERE (o.translation_group, o.language) IS DISTINCT FROM (n.translation_group, n.language)
    UNION ALL
    SELECT n.* FROM removed o JOIN added n USING (id)
     WHERE (o.translation_group, o.language) IS DISTINCT FROM (n.translation_group, n.language)
"""
PLACEMENT_MOVED = f"""
    SELECT article.* FROM ({{rows}}) place JOIN publishing_article article ON article.id = place.article_id
     WHERE article.translation_group IS NOT NULL AND place.status {MET}
"""
PLACEMENT_CHANGED = """
    SELECT o.* FROM removed o JOIN added n USING (id) WHERE o IS DISTINCT FROM n
    UNION ALL SELECT n.* FROM removed o JOIN added n USING (id) WHERE o IS DISTINCT FROM n
"""


def translations_seen(table: str, event: str, referencing: str, moved: str) -> migrations.RunSQL:
    name = f"publishing_{table}_{event.lower()}_translated"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM sites_core_next_generation(ARRAY(WITH moved AS ({moved}) {OTHERS}));
            RETURN NULL;
        END $$;
        CREATE TRIGGER {name} AFTER {event} ON publishing_{table} {referencing}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON publishing_{table}; DROP FUNCTION {name}();",
    )


# A site's domain, and whether it is served, stands in the links of its articles' other sites and of their translations.
LINKED = """
CREATE OR REPLACE FUNCTION publishing_linked_sites(linked integer) RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(DISTINCT site_id) FROM (
        SELECT other.site_id
          FROM publishing_placement mine JOIN publishing_placement other USING (article_id)
         WHERE mine.site_id = linked
           AND (mine.is_canonical OR NOT publishing_canonical_is_served(mine.article_id))
        {translations}) linked_to
$$;
"""
TRANSLATIONS = """
        UNION ALL
        SELECT place.site_id
          FROM publishing_placement mine JOIN publishing_article article ON article.id = mine.article_id
          JOIN publishing_article other ON other.translation_group = article.translation_group
           AND other.tenant_id = article.tenant_id
          JOIN publishing_placement place ON place.article_id = other.id
         WHERE mine.site_id = linked AND article.translation_group IS NOT NULL
"""

PICTURE = """
CREATE FUNCTION publishing_byline_picture_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sites_core_next_generation(ARRAY(
        SELECT DISTINCT place.site_id FROM removed o JOIN added n USING (id)
          JOIN publishing_byline byline ON byline.picture_id = n.id
          JOIN publishing_articlebyline signed ON signed.byline_id = byline.id
          JOIN publishing_placement place ON place.article_id = signed.article_id
         WHERE o IS DISTINCT FROM n AND place.status IN ('published', 'recalled')));
    RETURN NULL;
END $$;
CREATE TRIGGER publishing_byline_picture_seen AFTER UPDATE ON publishing_image
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION publishing_byline_picture_seen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0008_canonical_served"),
        ("sites", "0002_alter_domain_unique"),
        ("tenants", "0002_composite_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="translation_group",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="byline",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="publishing.image",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="focus_x",
            field=models.PositiveSmallIntegerField(db_default=50, default=50),
        ),
        migrations.AddField(
            model_name="image",
            name="focus_y",
            field=models.PositiveSmallIntegerField(db_default=50, default=50),
        ),
        migrations.AddField(
            model_name="image",
            name="formats",
            field=models.JSONField(db_default=models.Value(["webp"], models.JSONField()), default=list, editable=False),
        ),
        migrations.AddField(
            model_name="placement",
            name="pin",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("translation_group__isnull", False)),
                fields=["translation_group", "tenant"],
                name="publishing_article_group",
            ),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                condition=models.Q(("listed", True), ("pin__isnull", False), ("status", "published")),
                fields=["site", "pin"],
                name="publishing_placement_pins",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(("focus_x__lte", 100), ("focus_y__lte", 100)),
                name="publishing_image_focus_is_inside",
                violation_error_message="The focus point is two percentages, each from 0 to 100.",
            ),
        ),
        foreign_key(
            "publishing_byline_picture_tenant_fk",
            "publishing_byline",
            "picture_id, tenant_id",
            "publishing_image",
            "id, tenant_id",
            on_delete="SET NULL (picture_id)",
        ),
        *(
            translations_seen("placement", event, referencing, PLACEMENT_MOVED.format(rows=rows))
            for event, (referencing, rows) in ROWS.items()
        ),
        translations_seen("placement", "UPDATE", BOTH, PLACEMENT_MOVED.format(rows=PLACEMENT_CHANGED)),
        *(translations_seen("article", event, referencing, rows) for event, (referencing, rows) in ROWS.items()),
        translations_seen("article", "UPDATE", BOTH, ARTICLE_MOVED),
        migrations.RunSQL(LINKED.format(translations=TRANSLATIONS), LINKED.format(translations="")),
        migrations.RunSQL(
            PICTURE,
            "DROP TRIGGER publishing_byline_picture_seen ON publishing_image; "
            "DROP FUNCTION publishing_byline_picture_seen();",
        ),
    ]
