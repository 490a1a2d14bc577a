"""The words that search finds: written by triggers, in the language of the site."""

from django.db import migrations

# What PostgreSQL ships a dictionary for; another language is split at white space and not stemmed.
CONFIGURATION = """
CREATE FUNCTION publishing_search_configuration(language text) RETURNS regconfig LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT oid::regconfig FROM pg_ts_config WHERE cfgname = CASE split_part(language, '-', 1)
            WHEN 'ar' THEN 'arabic' WHEN 'hy' THEN 'armenian' WHEN 'eu' THEN 'basque' WHEN 'ca' THEN 'catalan'
            WHEN 'da' THEN 'danish' WHEN 'nl' THEN 'dutch' WHEN 'en' THEN 'english' WHEN 'et' THEN 'estonian'
            WHEN 'fi' THEN 'finnish' WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german' WHEN 'el' THEN 'greek'
            WHEN 'hi' THEN 'hindi' WHEN 'hu' THEN 'hungarian' WHEN 'id' THEN 'indonesian' WHEN 'ga' THEN 'irish'
            WHEN 'it' THEN 'italian' WHEN 'lt' THEN 'lithuanian' WHEN 'ne' THEN 'nepali' WHEN 'nb' THEN 'norwegian'
            WHEN 'pl' THEN 'polish' WHEN 'pt' THEN 'portuguese' WHEN 'ro' THEN 'romanian' WHEN 'ru' THEN 'russian'
            WHEN 'sr' THEN 'serbian' WHEN 'es' THEN 'spanish' WHEN 'sv' THEN 'swedish' WHEN 'ta' THEN 'tamil'
            WHEN 'tr' THEN 'turkish' END AND cfgnamespace = 'pg_catalog'::regnamespace),
        'simple'::regconfig)
$$;
"""

# A vector holds at most 1 MB of lexemes: the first 200,000 characters of a body are searched, some 30,000 words; of a
# text in which even they are too much, the first 20,000. An article that cannot be found whole is better than none.
# "@<site>" is no word that a text search parser makes, so no reader's query can name it.
INDEX = """
CREATE FUNCTION publishing_index_words(placements bigint[], longest integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO publishing_searchentry (placement_id, vector)
    SELECT placement.id,
           array_to_tsvector(ARRAY['@' || placement.site_id])
           || setweight(to_tsvector(words.language, coalesce(nullif(placement.title, ''), article.title)), 'A')
           || setweight(to_tsvector(
                  words.language, left(coalesce(nullif(placement.summary, ''), article.summary), longest / 10)), 'B')
           || setweight(to_tsvector(words.language, left(article.text, longest)), 'D')
      FROM publishing_placement placement
      JOIN publishing_article article ON article.id = placement.article_id
      JOIN sites_core_brand brand ON brand.site_id = placement.site_id,
           LATERAL (SELECT publishing_search_configuration(brand.language) AS language) words
     WHERE placement.id = ANY (placements)
        ON CONFLICT (placement_id) DO UPDATE SET vector = EXCLUDED.vector
$$;

CREATE FUNCTION publishing_index_placements(placements bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM publishing_index_words(placements, 200000);
EXCEPTION WHEN program_limit_exceeded THEN
    PERFORM publishing_index_words(placements, 20000);
END $$;

CREATE FUNCTION publishing_placement_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM publishing_index_placements(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER publishing_placement_words_added AFTER INSERT ON publishing_placement
    FOR EACH ROW EXECUTE FUNCTION publishing_placement_words();
CREATE TRIGGER publishing_placement_words_changed AFTER UPDATE ON publishing_placement FOR EACH ROW
    WHEN ((OLD.title, OLD.summary, OLD.site_id, OLD.article_id)
          IS DISTINCT FROM (NEW.title, NEW.summary, NEW.site_id, NEW.article_id))
    EXECUTE FUNCTION publishing_placement_words();

CREATE FUNCTION publishing_article_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM publishing_index_placements(ARRAY(SELECT id FROM publishing_placement WHERE article_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER publishing_article_words AFTER UPDATE ON publishing_article FOR EACH ROW
    WHEN ((OLD.title, OLD.summary, OLD.text) IS DISTINCT FROM (NEW.title, NEW.summary, NEW.text))
    EXECUTE FUNCTION publishing_article_words();

CREATE FUNCTION publishing_site_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM publishing_index_placements(ARRAY(SELECT id FROM publishing_placement WHERE site_id = NEW.site_id));
    RETURN NULL;
END $$;
CREATE TRIGGER publishing_site_words AFTER UPDATE OF language ON sites_core_brand FOR EACH ROW
    WHEN (OLD.language IS DISTINCT FROM NEW.language) EXECUTE FUNCTION publishing_site_words();
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_generations")]

    operations = [
        migrations.RunSQL(CONFIGURATION, "DROP FUNCTION publishing_search_configuration(text)"),
        migrations.RunSQL(
            INDEX,
            """
            DROP TRIGGER publishing_site_words ON sites_core_brand; DROP FUNCTION publishing_site_words();
            DROP TRIGGER publishing_article_words ON publishing_article; DROP FUNCTION publishing_article_words();
            DROP TRIGGER publishing_placement_words_changed ON publishing_placement;
            DROP TRIGGER publishing_placement_words_added ON publishing_placement;
            DROP FUNCTION publishing_placement_words();
            DROP FUNCTION publishing_index_placements(bigint[]);
            DROP FUNCTION publishing_index_words(bigint[], integer);
            """,
        ),
    ]
