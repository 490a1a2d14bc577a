"""Claims, standings, certificates and what it takes to get them."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from sites_core.database import WatchChanges


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("sites", "0002_alter_domain_unique"),
        ("sites_core", "0008_events_asked"),
        ("tenants", "0005_events_asked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("directory", models.URLField(max_length=300, primary_key=True, serialize=False)),
                ("uri", models.URLField(max_length=300)),
                ("key", models.BinaryField()),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Challenge",
            fields=[
                ("token", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=253)),
                ("answer", models.CharField(max_length=300)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("name", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("chain", models.TextField()),
                ("key", models.BinaryField()),
                ("serial", models.CharField(max_length=64)),
                ("issuer", models.CharField(max_length=200)),
                ("not_before", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("renew_at", models.DateTimeField()),
                ("warned_at", models.DateTimeField(null=True)),
                ("version", models.BigIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["renew_at"], name="domains_certificate_renew"),
                    models.Index(fields=["version"], name="domains_certificate_version"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=253)),
                ("token", models.CharField(max_length=64)),
                ("becomes_primary", models.BooleanField(db_default=False, default=False)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("checked_at", models.DateTimeField(null=True)),
                ("seen", models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ("problem", models.CharField(blank=True, db_default="", default="", max_length=500)),
                ("checks", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="sites.site",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claims", to="tenants.tenant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClaimEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=253)),
                ("becomes_primary", models.BooleanField(db_default=False, default=False)),
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
                        related_name="id_tenant_site_name_becomes_primary_tenant_events",
                        to="domains.claim",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="sites.site",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("registered", models.CharField(max_length=253)),
                ("renewal", models.BooleanField(db_default=False, default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("done", "done"), ("failed", "failed")],
                        db_default="waiting",
                        default="waiting",
                        max_length=7,
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempts", models.PositiveIntegerField(db_default=0, default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, db_default="", default="", max_length=1000)),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "hostname",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="sites_core.hostname",
                    ),
                ),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("free", "a free name of the platform"),
                            ("vouched", "vouched for by platform staff"),
                            ("txt", "proven by a TXT record"),
                        ],
                        db_default="vouched",
                        default="vouched",
                        max_length=7,
                    ),
                ),
                ("token", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("proven_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("failing_since", models.DateTimeField(null=True)),
                ("warned_at", models.DateTimeField(null=True)),
                ("quarantined_at", models.DateTimeField(null=True)),
                ("seen", models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ("problem", models.CharField(blank=True, db_default="", default="", max_length=500)),
                ("served_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="domains_standing_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("proof__in", ["free", "vouched", "txt"])),
                        name="domains_standing_proof_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proof", "txt"), _negated=True),
                            models.Q(("token", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="domains_standing_txt_has_token",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("name", models.CharField(max_length=253, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["name"], name="domains_claim_name"),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("tenant", "name"), name="domains_claim_tenant_name_unique"),
        ),
        WatchChanges(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "domains_claimevent" ("becomes_primary", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "tenant_id") VALUES (NEW."becomes_primary", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."tenant_id"); RETURN NULL;',
                    hash="59a695ea7f0fe5f439f26ac6b40898e4631cf9ea",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_32faf",
                    table="domains_claim",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."becomes_primary" IS DISTINCT FROM (NEW."becomes_primary") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id"))',
                    func='INSERT INTO "domains_claimevent" ("becomes_primary", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "tenant_id") VALUES (NEW."becomes_primary", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id", NEW."tenant_id"); RETURN NULL;',
                    hash="f599392fc4f2944cc58dbe01a94ab06107e9340e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_74fe3",
                    table="domains_claim",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "domains_claimevent" ("becomes_primary", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "tenant_id") VALUES (OLD."becomes_primary", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."site_id", OLD."tenant_id"); RETURN NULL;',
                    hash="aa50f9ad569ec349d787e3e042f796da4da52f8a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_22de2",
                    table="domains_claim",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="claimevent",
            index=models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="claimevent_tenant"),
        ),
        migrations.AddIndex(
            model_name="claimevent",
            index=models.Index(fields=["pgh_obj", "-pgh_id"], name="claimevent_row"),
        ),
        migrations.AddIndex(
            model_name="claimevent",
            index=models.Index(
                condition=models.Q(("pgh_context", None), _negated=True), fields=["pgh_context"], name="claimevent_deed"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["-renewal", "due_at", "id"], name="domains_order_due"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state", "done")),
                fields=["registered", "ended_at"],
                name="domains_order_registered",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["tried_at"], name="domains_order_tried"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["name", "-id"], name="domains_order_name"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("name",), name="domains_order_open_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "done", "failed"])), name="domains_order_state_known"
            ),
        ),
    ]
