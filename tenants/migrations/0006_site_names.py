"""What was kept of a site's name: who changed it, when, and what it was."""

import django.contrib.sites.models
import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models

from sites_core.database import WatchChanges


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("sites", "0002_alter_domain_unique"),
        ("tenants", "0005_events_asked"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamedSite",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("sites.site",),
            managers=[
                ("objects", django.contrib.sites.models.SiteManager()),
            ],
        ),
        migrations.CreateModel(
            name="SiteEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.IntegerField()),
                ("name", models.CharField(max_length=50, verbose_name="display name")),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="id_name_events",
                        to="tenants.namedsite",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        WatchChanges(
            model_name="namedsite",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_siteevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="b37cc6e7db10a20afb4245a93ef31f78ace11592",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f504b",
                    table="django_site",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="namedsite",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name"))',
                    func='INSERT INTO "tenants_siteevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="dc8c024287271a2ff1deebef6cf0f077adff39a5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_04a7f",
                    table="django_site",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="namedsite",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_siteevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="f5b4b491dc4dacba947560f99b7358b932cfe40b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2df7c",
                    table="django_site",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="siteevent",
            index=models.Index(fields=["pgh_obj", "-pgh_created_at", "-pgh_id"], name="siteevent_pgh_obj"),
        ),
        migrations.AddIndex(
            model_name="siteevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="siteevent_row"),
        ),
        migrations.AddIndex(
            model_name="siteevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True), fields=["pgh_context"], name="siteevent_deed"
            ),
        ),
    ]
