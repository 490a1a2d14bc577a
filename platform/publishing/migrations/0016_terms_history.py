"""What happens to the words that articles are filed under and signed with is kept, as of all else of a tenant's."""

import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models

from sites_core.database import WatchChanges


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("publishing", "0015_events_asked"),
        ("tenants", "0005_events_asked"),
    ]

    operations = [
        migrations.CreateModel(
            name="BylineEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, max_length=100)),
                ("name", models.CharField(max_length=120)),
                ("bio", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TopicEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, max_length=100)),
                ("name", models.CharField(max_length=120)),
            ],
            options={
                "abstract": False,
            },
        ),
        WatchChanges(
            model_name="byline",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_bylineevent" ("bio", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picture_id", "slug", "tenant_id") VALUES (NEW."bio", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."picture_id", NEW."slug", NEW."tenant_id"); RETURN NULL;',
                    hash="8ebe3cba392b779b9e386928de44aa292bdae831",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_27660",
                    table="publishing_byline",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="byline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "publishing_bylineevent" ("bio", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picture_id", "slug", "tenant_id") VALUES (NEW."bio", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."picture_id", NEW."slug", NEW."tenant_id"); RETURN NULL;',
                    hash="e48ce625cbe0967e6ea7fbdd559f8990d6dbd6e4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_18eeb",
                    table="publishing_byline",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="byline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_bylineevent" ("bio", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picture_id", "slug", "tenant_id") VALUES (OLD."bio", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."picture_id", OLD."slug", OLD."tenant_id"); RETURN NULL;',
                    hash="d52946af839131f12e0f5b231e9042249b7dcbf4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f3493",
                    table="publishing_byline",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_topicevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "tenant_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."tenant_id"); RETURN NULL;',
                    hash="913b907a5c76ff5e20a5be7e67b324ea037b1658",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e7f91",
                    table="publishing_topic",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "publishing_topicevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "tenant_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."tenant_id"); RETURN NULL;',
                    hash="958c320f59864ac77a5d5ff47a19dc0a57a59294",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d71a0",
                    table="publishing_topic",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_topicevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "tenant_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."tenant_id"); RETURN NULL;',
                    hash="e6ea751e17d0c6e363d20f9ce516c52fefc2618b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_64b19",
                    table="publishing_topic",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="bylineevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="bylineevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="tenant_events",
                to="publishing.byline",
            ),
        ),
        migrations.AddField(
            model_name="bylineevent",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="publishing.image",
            ),
        ),
        migrations.AddField(
            model_name="bylineevent",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddField(
            model_name="topicevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="topicevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="tenant_events",
                to="publishing.topic",
            ),
        ),
        migrations.AddField(
            model_name="topicevent",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="tenants.tenant",
            ),
        ),
        migrations.AddIndex(
            model_name="bylineevent",
            index=models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="bylineevent_tenant"),
        ),
        migrations.AddIndex(
            model_name="bylineevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="bylineevent_row"),
        ),
        migrations.AddIndex(
            model_name="bylineevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="bylineevent_deed",
            ),
        ),
        migrations.AddIndex(
            model_name="topicevent",
            index=models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="topicevent_tenant"),
        ),
        migrations.AddIndex(
            model_name="topicevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="topicevent_row"),
        ),
        migrations.AddIndex(
            model_name="topicevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True), fields=["pgh_context"], name="topicevent_deed"
            ),
        ),
    ]
