"""Every change that a reader could see raises the generation of exactly the sites on which it could be seen.

Each trigger runs once a statement over the rows that it changed, so that an import of thousands pays once a statement.
"""

from django.db import migrations

# What readers may have met: a draft is seen by nobody, and saving one must not empty a site's caches.
MET = "IN ('published', 'recalled')"

# What a changed row of the table is seen on, as a query over `changed`: the old and the new rows.
ARTICLES_PLACES = (
    f"SELECT p.site_id FROM publishing_placement p JOIN changed c ON p.article_id = c.{{column}} WHERE p.status {MET}"
)

SEEN_ON = {
    # A canonical placement is linked to by the article's other sites; while it is not served, so is its stand-in.
    "placement": f"""
        SELECT site_id FROM changed WHERE status {MET}
        UNION SELECT p.site_id FROM publishing_placement p JOIN changed c USING (article_id)
        WHERE p.status {MET} AND (c.is_canonical OR NOT publishing_canonical_is_served(c.article_id))
    """,
    "article": ARTICLES_PLACES.format(column="id"),
    "articletopic": ARTICLES_PLACES.format(column="article_id"),
    "articlebyline": ARTICLES_PLACES.format(column="article_id"),
    "correction": ARTICLES_PLACES.format(column="article_id"),
    "topic": f"""
        SELECT p.site_id FROM changed c
        JOIN publishing_articletopic t ON t.topic_id = c.id JOIN publishing_placement p USING (article_id)
        WHERE p.status {MET}
    """,
    "byline": f"""
        SELECT p.site_id FROM changed c
        JOIN publishing_articlebyline b ON b.byline_id = c.id JOIN publishing_placement p USING (article_id)
        WHERE p.status {MET}
    """,
    "image": f"""
        SELECT p.site_id FROM changed c JOIN publishing_placement p ON p.image_id = c.id WHERE p.status {MET}
        UNION SELECT p.site_id FROM changed c
        JOIN publishing_article a ON a.lead_image_id = c.id JOIN publishing_placement p ON p.article_id = a.id
        WHERE p.status {MET}
    """,
    "section": "SELECT site_id FROM changed",
    "redirect": "SELECT site_id FROM changed",
}

ROWS = {
    "INSERT": ("REFERENCING NEW TABLE AS added", "SELECT * FROM added"),
    "DELETE": ("REFERENCING OLD TABLE AS removed", "SELECT * FROM removed"),
    "UPDATE": (
        "REFERENCING OLD TABLE AS removed NEW TABLE AS added",
        # A row that was written and not changed is no change.
        "SELECT o.* FROM removed o JOIN added n USING (id) WHERE o IS DISTINCT FROM n "
        "UNION ALL SELECT n.* FROM removed o JOIN added n USING (id) WHERE o IS DISTINCT FROM n",
    ),
}


def watch(table: str, event: str) -> migrations.RunSQL:
    name = f"publishing_{table}_{event.lower()}_seen"
    referencing, rows = ROWS[event]
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM sites_core_next_generation(ARRAY(
                WITH changed AS ({rows}) {SEEN_ON[table]}
            ));
            RETURN NULL;
        END $$;
        CREATE TRIGGER {name} AFTER {event} ON publishing_{table} {referencing}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER {name} ON publishing_{table}; DROP FUNCTION {name}();",
    )


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_composite_keys"), ("sites_core", "0003_versions")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION publishing_canonical_is_served(article bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
                SELECT EXISTS (
                    SELECT FROM publishing_placement JOIN sites_core_sitestate state USING (site_id)
                     WHERE article_id = article AND is_canonical AND state.retired_at IS NULL
                       AND (expires_at IS NULL OR expires_at > now())
                )
            $$;
            """,
            "DROP FUNCTION publishing_canonical_is_served(bigint);",
        ),
        *(watch(table, event) for table in SEEN_ON for event in ROWS),
        # A site's domain stands in the canonical links of its articles' other sites, as long as it is served.
        migrations.RunSQL(
            """
            CREATE FUNCTION publishing_linked_sites(linked integer) RETURNS integer[] LANGUAGE sql STABLE AS $$
                SELECT array_agg(DISTINCT other.site_id)
                  FROM publishing_placement mine JOIN publishing_placement other USING (article_id)
                 WHERE mine.site_id = linked
                   AND (mine.is_canonical OR NOT publishing_canonical_is_served(mine.article_id))
            $$;
            CREATE FUNCTION publishing_domain_seen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM sites_core_next_generation(publishing_linked_sites(NEW.id));
                RETURN NULL;
            END $$;
            CREATE TRIGGER publishing_domain_seen AFTER UPDATE OF domain ON django_site
                FOR EACH ROW WHEN (OLD.domain IS DISTINCT FROM NEW.domain) EXECUTE FUNCTION publishing_domain_seen();
            CREATE FUNCTION publishing_retirement_seen() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM sites_core_next_generation(publishing_linked_sites(NEW.site_id));
                RETURN NULL;
            END $$;
            CREATE TRIGGER publishing_retirement_seen AFTER UPDATE OF retired_at ON sites_core_sitestate FOR EACH ROW
                WHEN (OLD.retired_at IS DISTINCT FROM NEW.retired_at) EXECUTE FUNCTION publishing_retirement_seen();
            """,
            """
            DROP TRIGGER publishing_retirement_seen ON sites_core_sitestate;
            DROP FUNCTION publishing_retirement_seen();
            DROP TRIGGER publishing_domain_seen ON django_site;
            DROP FUNCTION publishing_domain_seen();
            DROP FUNCTION publishing_linked_sites(integer);
            """,
        ),
    ]
