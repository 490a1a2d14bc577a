"""Links that cannot cross a tenant or a site, whoever writes them."""

from django.db import migrations

from sites_core.database import foreign_key

ARTICLE = ("publishing_article", "id, tenant_id", "CASCADE")
IMAGE = ("publishing_image", "id, tenant_id")
OWNED_SITE = ("tenants_ownership", "site_id, tenant_id", "NO ACTION")
SITE = ("django_site", "id", "CASCADE")

# table, columns, target. What hangs on a site goes with the site; a site cannot change its tenant beneath its content.
KEYS = [
    ("article", "lead_image_id, tenant_id", (*IMAGE, "SET NULL (lead_image_id)")),
    ("articletopic", "article_id, tenant_id", ARTICLE),
    ("articletopic", "topic_id, tenant_id", ("publishing_topic", "id, tenant_id", "CASCADE")),
    ("articlebyline", "article_id, tenant_id", ARTICLE),
    ("articlebyline", "byline_id, tenant_id", ("publishing_byline", "id, tenant_id", "CASCADE")),
    ("revision", "article_id, tenant_id", ARTICLE),
    ("correction", "article_id, tenant_id", ARTICLE),
    ("section", "site_id", SITE),
    ("section", "site_id, tenant_id", OWNED_SITE),
    ("placement", "site_id", SITE),
    ("placement", "site_id, tenant_id", OWNED_SITE),
    ("placement", "article_id, tenant_id", ARTICLE),
    ("placement", "section_id, site_id", ("publishing_section", "id, site_id", "SET NULL (section_id)")),
    ("placement", "image_id, tenant_id", (*IMAGE, "SET NULL (image_id)")),
    ("redirect", "site_id", SITE),
    ("redirect", "site_id, tenant_id", OWNED_SITE),
    ("searchentry", "placement_id", ("publishing_placement", "id", "CASCADE")),
]


def key(table: str, columns: str, target: str, target_columns: str, on_delete: str) -> migrations.RunSQL:
    name = f"publishing_{table}_{columns.replace('_id', '').replace(', ', '_')}_fk"
    return foreign_key(name, f"publishing_{table}", columns, target, target_columns, on_delete=on_delete)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_indexes"), ("tenants", "0002_composite_keys")]

    operations = [
        *(key(table, columns, *target) for table, columns, target in KEYS),
        migrations.RunSQL(
            """
            CREATE FUNCTION publishing_revision_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE restrict_violation USING MESSAGE = 'A revision is a snapshot and is never changed: add another.';
            END $$;
            CREATE TRIGGER publishing_revision_is_immutable BEFORE UPDATE OF
                tenant_id, article_id, number, title, summary, body, body_format, made_at ON publishing_revision
                FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
                EXECUTE FUNCTION publishing_revision_is_immutable();
            """,
            """
            DROP TRIGGER publishing_revision_is_immutable ON publishing_revision;
            DROP FUNCTION publishing_revision_is_immutable();
            """,
        ),
    ]
