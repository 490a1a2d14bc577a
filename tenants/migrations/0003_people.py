"""Invitations, a role for each site, what a tenant has settled, and what happened to its people."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from sites_core.database import WatchChanges


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("sites", "0002_alter_domain_unique"),
        ("tenants", "0002_composite_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("editor", "editor"), ("author", "author"), ("viewer", "viewer")],
                        max_length=10,
                    ),
                ),
                ("all_sites", models.BooleanField(db_default=True, default=True)),
                ("token_digest", models.CharField(max_length=64)),
                (
                    "invited_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("token_digest",), name="tenants_invitation_token_unique"),
                    models.UniqueConstraint(fields=("id", "tenant"), name="tenants_invitation_id_tenant_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        fields=("tenant", "email"),
                        name="tenants_invitation_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="tenants_invitation_email_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "editor", "author", "viewer"])),
                        name="tenants_invitation_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvitationSite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "invitation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limits",
                        to="tenants.invitation",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sites.site",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenants.tenant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("invitation", "site"), name="tenants_invitationsite_unique")
                ],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="sites",
            field=models.ManyToManyField(related_name="+", through="tenants.InvitationSite", to="sites.site"),
        ),
        migrations.AddField(
            model_name="membershipsite",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[("owner", "owner"), ("editor", "editor"), ("author", "author"), ("viewer", "viewer")],
                db_default="",
                default="",
                help_text="Empty: the membership's.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="tenant",
            name="needs_approval",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="An article is placed only after somebody else has approved it.",
            ),
        ),
        migrations.AddField(
            model_name="tenant",
            name="quota_bytes",
            field=models.BigIntegerField(
                db_default=10737418240,
                default=10737418240,
                help_text="Bytes that its pictures may take.",
                verbose_name="quota",
            ),
        ),
        migrations.CreateModel(
            name="InvitationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("editor", "editor"), ("author", "author"), ("viewer", "viewer")],
                        max_length=10,
                    ),
                ),
                ("all_sites", models.BooleanField(db_default=True, default=True)),
                (
                    "invited_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                        related_name="tenant_events",
                        to="tenants.invitation",
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
                "indexes": [
                    models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="invitationevent_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("editor", "editor"), ("author", "author"), ("viewer", "viewer")],
                        max_length=10,
                    ),
                ),
                (
                    "all_sites",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="On all sites of the tenant. If not: on those named below, or none.",
                    ),
                ),
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
                        related_name="tenant_events",
                        to="tenants.membership",
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
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="membershipevent_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipSiteEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[("owner", "owner"), ("editor", "editor"), ("author", "author"), ("viewer", "viewer")],
                        db_default="",
                        default="",
                        help_text="Empty: the membership's.",
                        max_length=10,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="tenants.membership",
                    ),
                ),
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
                        related_name="tenant_events",
                        to="tenants.membershipsite",
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
                "indexes": [
                    models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="membershipsiteevent_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="TenantEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "needs_approval",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="An article is placed only after somebody else has approved it.",
                    ),
                ),
                (
                    "quota_bytes",
                    models.BigIntegerField(
                        db_default=10737418240,
                        default=10737418240,
                        help_text="Bytes that its pictures may take.",
                        verbose_name="quota",
                    ),
                ),
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
                        related_name="id_slug_name_needs_approval_quota_bytes_events",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        WatchChanges(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_membershipevent" ("all_sites", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "tenant_id", "user_id") VALUES (NEW."all_sites", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."tenant_id", NEW."user_id"); RETURN NULL;',
                    hash="5cdb6d9cc83caf9fac87e2a6d5cc784451a842de",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_65f0e",
                    table="tenants_membership",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "tenants_membershipevent" ("all_sites", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "tenant_id", "user_id") VALUES (NEW."all_sites", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."tenant_id", NEW."user_id"); RETURN NULL;',
                    hash="46c57768b69f7f48fd2b61450cad4026c3023758",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_38ec7",
                    table="tenants_membership",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_membershipevent" ("all_sites", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "tenant_id", "user_id") VALUES (OLD."all_sites", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."tenant_id", OLD."user_id"); RETURN NULL;',
                    hash="0b7c6d9a3496135e262eb264a09b1a812003e5dd",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_efc03",
                    table="tenants_membership",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="membershipsite",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_membershipsiteevent" ("id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "site_id", "tenant_id") VALUES (NEW."id", NEW."membership_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."site_id", NEW."tenant_id"); RETURN NULL;',
                    hash="7e3b413101647673160b1d21cdfa7fc7320df386",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_27fb8",
                    table="tenants_membershipsite",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="membershipsite",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "tenants_membershipsiteevent" ("id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "site_id", "tenant_id") VALUES (NEW."id", NEW."membership_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."site_id", NEW."tenant_id"); RETURN NULL;',
                    hash="0605c37370ad3813967f469db5b8ae5654a724df",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ad4cb",
                    table="tenants_membershipsite",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="membershipsite",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_membershipsiteevent" ("id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "site_id", "tenant_id") VALUES (OLD."id", OLD."membership_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."site_id", OLD."tenant_id"); RETURN NULL;',
                    hash="b05d1f0c51d439c78291fe56df34a5a8389dd7c2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fa880",
                    table="tenants_membershipsite",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="tenant",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_tenantevent" ("id", "name", "needs_approval", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota_bytes", "slug") VALUES (NEW."id", NEW."name", NEW."needs_approval", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quota_bytes", NEW."slug"); RETURN NULL;',
                    hash="9b0abe55f37af54cb17ca2abdb84895d892295f7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0f00f",
                    table="tenants_tenant",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="tenant",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "tenants_tenantevent" ("id", "name", "needs_approval", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota_bytes", "slug") VALUES (NEW."id", NEW."name", NEW."needs_approval", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quota_bytes", NEW."slug"); RETURN NULL;',
                    hash="c7f060af882d8e1ee570fe39a478c3d8f3928fc2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8ddba",
                    table="tenants_tenant",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="tenant",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_tenantevent" ("id", "name", "needs_approval", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota_bytes", "slug") VALUES (OLD."id", OLD."name", OLD."needs_approval", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quota_bytes", OLD."slug"); RETURN NULL;',
                    hash="56f1b8e360ebeef8b189b3fc3009181a7804a6bb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e3c84",
                    table="tenants_tenant",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipsite",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["", "owner", "editor", "author", "viewer"])),
                name="tenants_membershipsite_role_known",
            ),
        ),
        WatchChanges(
            model_name="invitation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_invitationevent" ("accepted_at", "all_sites", "email", "expires_at", "id", "invited_at", "invited_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "role", "tenant_id") VALUES (NEW."accepted_at", NEW."all_sites", NEW."email", NEW."expires_at", NEW."id", NEW."invited_at", NEW."invited_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."role", NEW."tenant_id"); RETURN NULL;',
                    hash="428ae4b318be49af2317e427784fb18ef585fedf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4fe5c",
                    table="tenants_invitation",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="invitation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."all_sites" IS DISTINCT FROM (NEW."all_sites") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_at" IS DISTINCT FROM (NEW."invited_at") OR OLD."invited_by_id" IS DISTINCT FROM (NEW."invited_by_id") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id"))',
                    func='INSERT INTO "tenants_invitationevent" ("accepted_at", "all_sites", "email", "expires_at", "id", "invited_at", "invited_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "role", "tenant_id") VALUES (NEW."accepted_at", NEW."all_sites", NEW."email", NEW."expires_at", NEW."id", NEW."invited_at", NEW."invited_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."role", NEW."tenant_id"); RETURN NULL;',
                    hash="95e42be4917e08cfebdbfe97157d4811169528b2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e0403",
                    table="tenants_invitation",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="invitation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tenants_invitationevent" ("accepted_at", "all_sites", "email", "expires_at", "id", "invited_at", "invited_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "role", "tenant_id") VALUES (OLD."accepted_at", OLD."all_sites", OLD."email", OLD."expires_at", OLD."id", OLD."invited_at", OLD."invited_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."role", OLD."tenant_id"); RETURN NULL;',
                    hash="d4e4a752b043a6434c41b9ef2bc5df1ed9c19584",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ed10b",
                    table="tenants_invitation",
                    when="AFTER",
                ),
            ),
        ),
    ]
