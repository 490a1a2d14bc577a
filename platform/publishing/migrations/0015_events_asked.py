"""What happened is found by its row, by its site, by its article and by the request and the person that caused it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("publishing", "0014_feed_ids"),
        ("sites", "0002_alter_domain_unique"),
        ("tenants", "0004_people_keys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="articleevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="articleevent_row"),
        ),
        migrations.AddIndex(
            model_name="articleevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="articleevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="correctionevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="correctionevent_row"),
        ),
        migrations.AddIndex(
            model_name="correctionevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="correctionevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="imageevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="imageevent_row"),
        ),
        migrations.AddIndex(
            model_name="imageevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True), fields=["pgh_context"], name="imageevent_deed"
            ),
        ),
        migrations.AddIndex(
            model_name="placementevent",
            index=models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="placementevent_site"),
        ),
        migrations.AddIndex(
            model_name="placementevent",
            index=models.Index(fields=["article", "-pgh_created_at", "-pgh_id"], name="placementevent_article"),
        ),
        migrations.AddIndex(
            model_name="placementevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="placementevent_row"),
        ),
        migrations.AddIndex(
            model_name="placementevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="placementevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="proposalevent",
            index=models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="proposalevent_site"),
        ),
        migrations.AddIndex(
            model_name="proposalevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="proposalevent_row"),
        ),
        migrations.AddIndex(
            model_name="proposalevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="proposalevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="recallevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="recallevent_row"),
        ),
        migrations.AddIndex(
            model_name="recallevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="recallevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="redirectevent",
            index=models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="redirectevent_site"),
        ),
        migrations.AddIndex(
            model_name="redirectevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="redirectevent_row"),
        ),
        migrations.AddIndex(
            model_name="redirectevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="redirectevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="sectionevent",
            index=models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="sectionevent_site"),
        ),
        migrations.AddIndex(
            model_name="sectionevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="sectionevent_row"),
        ),
        migrations.AddIndex(
            model_name="sectionevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="sectionevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="trustedsourceevent",
            index=models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="trustedsourceevent_site"),
        ),
        migrations.AddIndex(
            model_name="trustedsourceevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="trustedsourceevent_row"),
        ),
        migrations.AddIndex(
            model_name="trustedsourceevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="trustedsourceevent_deed",
            ),
        ),
        migrations.RunSQL(
            "CREATE INDEX pghistory_context_user ON pghistory_context ((metadata ->> 'user'), created_at DESC)",
            "DROP INDEX pghistory_context_user",
        ),
    ]
