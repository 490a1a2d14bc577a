"""What happened to a hostname, a brand or a menu is found by its row and by the request that caused it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("sites", "0002_alter_domain_unique"),
        ("sites_core", "0007_history"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="brandevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="brandevent_row"),
        ),
        migrations.AddIndex(
            model_name="brandevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True), fields=["pgh_context"], name="brandevent_deed"
            ),
        ),
        migrations.AddIndex(
            model_name="hostnameevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="hostnameevent_row"),
        ),
        migrations.AddIndex(
            model_name="hostnameevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="hostnameevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="menuitemevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="menuitemevent_row"),
        ),
        migrations.AddIndex(
            model_name="menuitemevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="menuitemevent_deed",
            ),
        ),
    ]
