"""A canonical placement that is scheduled or was taken off is not served either: a stand-in's change is seen.

Until then the article's other sites are told of a change to the one that stands in, so that no page that is kept by
its generation links to where the stand-in was.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION publishing_canonical_is_served(article bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM publishing_placement JOIN sites_core_sitestate state USING (site_id)
         WHERE article_id = article AND is_canonical AND state.retired_at IS NULL
           {shown}AND (expires_at IS NULL OR expires_at > {now}())
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_listings")]

    operations = [
        migrations.RunSQL(
            # The clock's time: what the transaction itself has just published lies after its beginning.
            FUNCTION.format(shown="AND status = 'published' AND go_live <= clock_timestamp() ", now="clock_timestamp"),
            FUNCTION.format(shown="", now="now"),
        )
    ]
