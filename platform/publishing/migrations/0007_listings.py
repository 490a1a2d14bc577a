"""The lists by topic and by byline as tables of their own, kept true by triggers; an index for the next expiry."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from sites_core.database import foreign_key

TERMS = ("topic", "byline")


def link(to: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
    )


def table(term: str) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=f"{term.title()}Placement",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "placement", term, blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("placement", link("publishing.placement")),
            (term, link(f"publishing.{term}")),
            ("site", link("sites.site")),
            ("tenant", link("tenants.tenant")),
            ("go_live", models.DateTimeField()),
        ],
        options={"default_permissions": ()},
    )


def index(term: str) -> migrations.AddIndex:
    newest_first = (models.OrderBy(models.F(name), descending=True) for name in ("go_live", "placement"))
    return migrations.AddIndex(
        model_name=f"{term}placement",
        index=models.Index(models.F(term), models.F("site"), *newest_first, name=f"publishing_{term}_list"),
    )


def fill(term: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        INSERT INTO publishing_{term}placement (placement_id, {term}_id, site_id, tenant_id, go_live)
        SELECT placement.id, filed.{term}_id, placement.site_id, placement.tenant_id, placement.go_live
          FROM publishing_placement placement JOIN publishing_article{term} filed USING (article_id)
         WHERE placement.status = 'published' AND placement.listed
        """,
        migrations.RunSQL.noop,
    )


def keys(term: str) -> list[migrations.RunSQL]:
    """A row is of its placement's site and tenant and under a term of that tenant, and goes with either."""
    name = f"publishing_{term}placement"
    placement = ("placement_id, site_id, tenant_id", "publishing_placement", "id, site_id, tenant_id")
    of_tenant = (f"{term}_id, tenant_id", f"publishing_{term}", "id, tenant_id")
    return [
        foreign_key(f"{name}_placement_fk", name, *placement, on_delete="CASCADE"),
        foreign_key(f"{name}_{term}_fk", name, *of_tenant, on_delete="CASCADE"),
    ]


# What should be there for these placements, and nothing else, whatever is there.
FILE = """
    DELETE FROM publishing_{term}placement listing WHERE placement_id = ANY (placements) AND NOT EXISTS (
        SELECT FROM publishing_placement placement JOIN publishing_article{term} filed USING (article_id)
         WHERE placement.id = listing.placement_id AND placement.status = 'published' AND placement.listed
           AND (filed.{term}_id, placement.site_id, placement.tenant_id, placement.go_live)
             = (listing.{term}_id, listing.site_id, listing.tenant_id, listing.go_live));
    INSERT INTO publishing_{term}placement (placement_id, {term}_id, site_id, tenant_id, go_live)
    SELECT placement.id, filed.{term}_id, placement.site_id, placement.tenant_id, placement.go_live
      FROM unnest(placements) AS wanted (id) JOIN publishing_placement placement USING (id)
      JOIN publishing_article{term} filed USING (article_id)
     WHERE placement.status = 'published' AND placement.listed
        ON CONFLICT DO NOTHING;
"""

# The articles are locked first: of two transactions, one that gives an article a topic and one that publishes it, the
# second waits, and each of its later statements sees what the first did. `publishing.placing.hold` locks them too.
FUNCTIONS = f"""
CREATE FUNCTION publishing_lock_articles(articles bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM publishing_article WHERE id = ANY (articles) ORDER BY id FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION publishing_file_placements(placements bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(cardinality(placements), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM publishing_lock_articles(
        ARRAY(SELECT article_id FROM publishing_placement WHERE id = ANY (placements)));
    {FILE.format(term="topic")}
    {FILE.format(term="byline")}
END $$;
"""

# Deleted placements take their rows along by key.
PLACEMENT = """
CREATE FUNCTION publishing_placement_insert_filed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM publishing_file_placements(ARRAY(SELECT id FROM added WHERE status = 'published' AND listed));
    RETURN NULL;
END $$;
CREATE TRIGGER publishing_placement_insert_filed AFTER INSERT ON publishing_placement REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION publishing_placement_insert_filed();

CREATE FUNCTION publishing_placement_update_filed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved bigint[] := ARRAY(
        SELECT o.id FROM removed o JOIN added n USING (id)
         WHERE (o.status = 'published' AND o.listed OR n.status = 'published' AND n.listed)
           AND (o.status, o.listed, o.go_live, o.site_id, o.tenant_id, o.article_id)
               IS DISTINCT FROM (n.status, n.listed, n.go_live, n.site_id, n.tenant_id, n.article_id));
BEGIN
    IF cardinality(moved) > 0 THEN
        PERFORM publishing_lock_articles(ARRAY(
            SELECT article_id FROM removed WHERE id = ANY (moved)
            UNION SELECT article_id FROM added WHERE id = ANY (moved)));
        PERFORM publishing_file_placements(moved);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER publishing_placement_update_filed AFTER UPDATE ON publishing_placement
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION publishing_placement_update_filed();
"""

ROWS = {
    "INSERT": ("REFERENCING NEW TABLE AS added", "SELECT article_id FROM added"),
    "DELETE": ("REFERENCING OLD TABLE AS removed", "SELECT article_id FROM removed"),
    "UPDATE": (
        "REFERENCING OLD TABLE AS removed NEW TABLE AS added",
        "SELECT article_id FROM ((TABLE removed EXCEPT TABLE added) UNION (TABLE added EXCEPT TABLE removed)) changed",
    ),
}


def watch(term: str, event: str) -> migrations.RunSQL:
    name = f"publishing_article{term}_{event.lower()}_filed"
    referencing, articles = ROWS[event]
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            articles bigint[] := ARRAY({articles});
        BEGIN
            PERFORM publishing_lock_articles(articles);
            PERFORM publishing_file_placements(ARRAY(
                SELECT id FROM publishing_placement WHERE article_id = ANY (articles)
                   AND status = 'published' AND listed));
            RETURN NULL;
        END $$;
        CREATE TRIGGER {name} AFTER {event} ON publishing_article{term} {referencing}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON publishing_article{term}; DROP FUNCTION {name}();",
    )


# In the order in which whoever writes comes to them. A foreign key locks what it refers to.
LOCK = """
    LOCK TABLE publishing_topic, publishing_byline, publishing_article, publishing_articletopic,
        publishing_articlebyline, publishing_placement IN SHARE ROW EXCLUSIVE MODE
"""
REFERRED_TO = "publishing_placement_id_site_tenant_unique"


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0006_canonical"),
        ("sites", "0002_alter_domain_unique"),
        ("tenants", "0002_composite_keys"),
    ]

    operations = [
        # Whoever writes waits from here to the end, and whoever reads goes on. Taken one by one as the operations come
        # to them, the locks would meet those of a writer in the other order.
        migrations.RunSQL(LOCK, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                models.F("section"),
                models.F("site"),
                models.OrderBy(models.F("go_live"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("listed", True), ("status", "published")),
                name="publishing_section_list",
            ),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False), ("status", "published")),
                fields=["site", "expires_at"],
                name="publishing_placement_expiry",
            ),
        ),
        # Enough for the keys that refer to it. A constraint shuts readers out while its index is made.
        migrations.RunSQL(
            f"CREATE UNIQUE INDEX {REFERRED_TO} ON publishing_placement (id, site_id, tenant_id)",
            f"ALTER TABLE publishing_placement DROP CONSTRAINT {REFERRED_TO}",
        ),
        *(table(term) for term in TERMS),
        # Filled before there are keys: each is then checked once, not once a row.
        *(fill(term) for term in TERMS),
        *(index(term) for term in TERMS),
        *(key for term in TERMS for key in keys(term)),
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION publishing_file_placements(bigint[]); DROP FUNCTION publishing_lock_articles(bigint[]);",
        ),
        migrations.RunSQL(
            PLACEMENT,
            """
            DROP TRIGGER publishing_placement_update_filed ON publishing_placement;
            DROP FUNCTION publishing_placement_update_filed();
            DROP TRIGGER publishing_placement_insert_filed ON publishing_placement;
            DROP FUNCTION publishing_placement_insert_filed();
            """,
        ),
        *(watch(term, event) for term in TERMS for event in ROWS),
        # Last: only these shut readers out, for no longer than the commit takes.
        migrations.RunSQL(
            f"ALTER TABLE publishing_placement ADD CONSTRAINT {REFERRED_TO} UNIQUE USING INDEX {REFERRED_TO}",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AddConstraint(
                    model_name="placement",
                    constraint=models.UniqueConstraint(fields=("id", "site", "tenant"), name=REFERRED_TO),
                )
            ],
        ),
        migrations.RemoveIndex(model_name="placement", name="publishing_placement_section"),
        # Backwards, the first.
        migrations.RunSQL(migrations.RunSQL.noop, LOCK),
    ]
