"""What happened to people is found by its row, by its site and by the request that caused it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("sites", "0002_alter_domain_unique"),
        ("tenants", "0004_people_keys"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invitationevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="invitationevent_row"),
        ),
        migrations.AddIndex(
            model_name="invitationevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="invitationevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="membershipevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="membershipevent_row"),
        ),
        migrations.AddIndex(
            model_name="membershipevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="membershipevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="membershipsiteevent",
            index=models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="membershipsiteevent_site"),
        ),
        migrations.AddIndex(
            model_name="membershipsiteevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="membershipsiteevent_row"),
        ),
        migrations.AddIndex(
            model_name="membershipsiteevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="membershipsiteevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="tenantevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="tenantevent_row"),
        ),
        migrations.AddIndex(
            model_name="tenantevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="tenantevent_deed",
            ),
        ),
    ]
