"""The outbox. Relays are woken when a transaction that wrote an event commits."""

import django.db.models.functions.datetime
from django.db import migrations, models

WAKE = """
CREATE FUNCTION events_event_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('events', '');
    RETURN NULL;
END $$;
CREATE TRIGGER events_event_wake AFTER INSERT ON events_event
    FOR EACH STATEMENT EXECUTE FUNCTION events_event_wake();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("payload", models.JSONField(blank=True, default=dict)),
                ("sealed", models.BinaryField(null=True)),
                ("once", models.CharField(blank=True, db_default="", default="", max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("lease", models.UUIDField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("dead_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True, db_default="", default="")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("done_at", None)),
                        fields=["due_at", "id"],
                        name="events_event_due",
                    ),
                    models.Index(
                        condition=models.Q(("dead_at", None), _negated=True),
                        fields=["dead_at"],
                        name="events_event_dead",
                    ),
                    models.Index(
                        condition=models.Q(("done_at", None), _negated=True),
                        fields=["done_at"],
                        name="events_event_done",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dead_at", None), ("done_at", None), models.Q(("once", ""), _negated=True)),
                        fields=("once",),
                        name="events_event_once_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("dead_at", None), _connector="OR"),
                        name="events_event_done_or_dead",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WAKE, "DROP TRIGGER events_event_wake ON events_event; DROP FUNCTION events_event_wake();"),
    ]
