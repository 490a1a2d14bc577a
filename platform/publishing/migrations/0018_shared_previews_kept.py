"""Who shared a preview and who took it back; and previews end with the account that made them."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from sites_core.database import WatchChanges


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("publishing", "0017_with_the_membership"),
        ("sites", "0002_alter_domain_unique"),
        ("tenants", "0006_site_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PreviewEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AlterField(
            model_name="preview",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        WatchChanges(
            model_name="preview",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.shared)",
                    func='INSERT INTO "publishing_previewevent" ("article_id", "expires_at", "id", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "tenant_id") VALUES (NEW."article_id", NEW."expires_at", NEW."id", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."tenant_id"); RETURN NULL;',
                    hash="26f2ab4e49ea8f7aa3e0c48d5fc8c411a83c80d8",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_42a3a",
                    table="publishing_preview",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="preview",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.shared AND OLD.expires_at > NOW())",
                    func='INSERT INTO "publishing_previewevent" ("article_id", "expires_at", "id", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "tenant_id") VALUES (OLD."article_id", OLD."expires_at", OLD."id", OLD."made_at", OLD."made_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."site_id", OLD."tenant_id"); RETURN NULL;',
                    hash="f8fd013f897a3c282aa77c05c9d9a7bc7960c635",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e71e5",
                    table="publishing_preview",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="previewevent",
            name="article",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="publishing.article",
            ),
        ),
        migrations.AddField(
            model_name="previewevent",
            name="made_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="previewevent",
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
            model_name="previewevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="tenant_events",
                to="publishing.preview",
            ),
        ),
        migrations.AddField(
            model_name="previewevent",
            name="site",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="sites.site",
            ),
        ),
        migrations.AddField(
            model_name="previewevent",
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
            model_name="previewevent",
            index=models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="previewevent_tenant"),
        ),
        migrations.AddIndex(
            model_name="previewevent",
            index=models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="previewevent_site"),
        ),
        migrations.AddIndex(
            model_name="previewevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="previewevent_row"),
        ),
        migrations.AddIndex(
            model_name="previewevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True),
                fields=["pgh_context"],
                name="previewevent_deed",
            ),
        ),
    ]
