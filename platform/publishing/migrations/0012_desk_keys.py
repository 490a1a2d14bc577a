"""What is left beside an article cannot cross a tenant either, whoever writes it; nor can a revision's details change."""

from django.db import migrations

from sites_core.database import foreign_key

ARTICLE = ("publishing_article", "id, tenant_id", "CASCADE")
OWNED_SITE = ("tenants_ownership", "site_id, tenant_id", "NO ACTION")
SITE = ("django_site", "id", "CASCADE")

KEYS = [
    *(
        (table, "article_id, tenant_id", ARTICLE)
        for table in ("draft", "review", "comment", "preview", "proposal", "recall")
    ),
    ("comment", "parent_id, article_id", ("publishing_comment", "id, article_id", "CASCADE")),
    *((table, "site_id", SITE) for table in ("preview", "proposal", "trustedsource")),
    *((table, "site_id, tenant_id", OWNED_SITE) for table in ("preview", "proposal", "trustedsource")),
    ("trustedsource", "source_id", SITE),
    ("trustedsource", "source_id, tenant_id", OWNED_SITE),
]

IMMUTABLE = """
    DROP TRIGGER publishing_revision_is_immutable ON publishing_revision;
    CREATE TRIGGER publishing_revision_is_immutable BEFORE UPDATE OF
        tenant_id, article_id, number, title, summary, body, body_format, {more}made_at ON publishing_revision
        FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
        EXECUTE FUNCTION publishing_revision_is_immutable();
"""


def key(table: str, columns: str, target: str, target_columns: str, on_delete: str) -> migrations.RunSQL:
    name = f"publishing_{table}_{columns.replace('_id', '').replace(', ', '_')}_fk"
    return foreign_key(name, f"publishing_{table}", columns, target, target_columns, on_delete=on_delete)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0011_desk"), ("tenants", "0004_people_keys")]

    operations = [
        *(key(table, columns, *target) for table, columns, target in KEYS),
        migrations.RunSQL(IMMUTABLE.format(more="details, "), IMMUTABLE.format(more="")),
    ]
