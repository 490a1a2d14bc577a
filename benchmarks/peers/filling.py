"""The peer's tables, made and filled from Masthead's rows.

python -m benchmarks.peers.filling     with DATABASE_URL, and the peer's settings
"""

import django
from django.core.management import call_command

FILL = """
INSERT INTO stock_tag (id, name, slug) SELECT id, name, 'topic-' || id FROM publishing_topic;
INSERT INTO stock_article (id, title, slug, author, summary, body, published_at)
SELECT article.id, article.title, 'story-' || article.id, byline.name, article.summary, article.html, article.created_at
  FROM publishing_article article
  JOIN publishing_articlebyline signed ON signed.article_id = article.id AND signed.position = 0
  JOIN publishing_byline byline ON byline.id = signed.byline_id
 WHERE article.kind = 'article' ORDER BY article.id;
INSERT INTO stock_article_sites (article_id, site_id)
SELECT article_id, site_id FROM publishing_placement WHERE listed ORDER BY id;
INSERT INTO stock_article_tags (article_id, tag_id)
SELECT article_id, topic_id FROM publishing_articletopic ORDER BY article_id, position;
ANALYZE stock_tag, stock_article, stock_article_sites, stock_article_tags;
"""


def fill() -> None:
    from django.db import connection

    # The app has no migrations, and what else it uses has been made by Masthead's.
    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(FILL)


if __name__ == "__main__":
    django.setup()
    fill()
