"""What people at work leave beside an article, how far it is, and what happened to it and to its placements."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import publishing.models.placements
from sites_core.database import WatchChanges

# Immutable, as what is generated must be: the configuration of the search is named, and so are the tables of neither.
FUNCTIONS = r"""
CREATE FUNCTION publishing_stems_in(body text) RETURNS varchar(32)[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT found[1]::varchar(32)), '{}')
      FROM regexp_matches(body, '/media/([0-9a-f]{32})-', 'g') found
$$;
CREATE FUNCTION publishing_words_of(tenant bigint, title varchar, summary text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('pg_catalog.simple', title), 'A')
        || setweight(to_tsvector('pg_catalog.simple', left(summary, 2000)), 'B')
        || array_to_tsvector(ARRAY['@' || tenant])
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("publishing", "0010_seen_together"),
        ("sites", "0002_alter_domain_unique"),
        ("tenants", "0003_people"),
        ("tenants", "__first__"),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTIONS, "DROP FUNCTION publishing_stems_in(text), publishing_words_of(bigint, varchar, text)"
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("quote", models.TextField(blank=True)),
                ("before", models.CharField(blank=True, max_length=80)),
                ("after", models.CharField(blank=True, max_length=80)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="publishing.article",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="publishing.comment",
                    ),
                ),
                (
                    "resolved_by",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "article"), name="publishing_comment_id_article_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("base", models.PositiveIntegerField()),
                ("words", models.JSONField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(db_default=0, default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="publishing.article",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("article", "user"), name="publishing_draft_unique")],
            },
        ),
        migrations.CreateModel(
            name="Preview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_digest", models.CharField(max_length=64)),
                ("words", models.JSONField(default=dict)),
                ("placed", models.JSONField(default=dict)),
                ("look", models.JSONField(default=dict)),
                ("shared", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="previews",
                        to="publishing.article",
                    ),
                ),
                (
                    "made_by",
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
                        related_name="+",
                        to="sites.site",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="publishing_preview_expiry")],
                "constraints": [
                    models.UniqueConstraint(fields=("token_digest",), name="publishing_preview_token_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "go_live",
                    models.DateTimeField(
                        blank=True, help_text="The wish. Empty: as soon as it is accepted.", null=True
                    ),
                ),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="publishing.article",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
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
                        related_name="proposals",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["site", "-proposed_at"],
                        name="publishing_proposal_inbox",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("article", "site"),
                        name="publishing_proposal_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "accepted", "declined", "withdrawn"])),
                        name="publishing_proposal_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.JSONField(default=list)),
                ("recalled_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recalls",
                        to="publishing.article",
                    ),
                ),
                (
                    "recalled_by",
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
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("approved", "approved"),
                            ("changes", "changes wanted"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="publishing.article",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        blank=True,
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["tenant", "-asked_at"],
                        name="publishing_review_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("article",), name="publishing_review_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "approved", "changes", "withdrawn"])),
                        name="publishing_review_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustedSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "site",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trusted_sources",
                        to="sites.site",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source__isnull", True), ("user__isnull", False)),
                            models.Q(("source__isnull", False), ("user__isnull", True)),
                            _connector="OR",
                        ),
                        name="publishing_trustedsource_is_one",
                    ),
                    models.UniqueConstraint(fields=("site", "user"), name="publishing_trustedsource_user_unique"),
                    models.UniqueConstraint(fields=("site", "source"), name="publishing_trustedsource_source_unique"),
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="stage",
            field=models.CharField(
                choices=[("draft", "draft"), ("review", "in review"), ("approved", "approved")],
                db_default="draft",
                default="draft",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="bytes",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="image",
            name="decorative",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="placement",
            name="sources",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="revision",
            name="details",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="article",
            name="stems",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("body"), function="publishing_stems_in"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=32), size=None
                ),
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("tenant"), models.F("title"), models.F("summary"), function="publishing_words_of"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["tenant", "-added_at", "-id"], name="publishing_image_recent"),
        ),
        migrations.CreateModel(
            name="ArticleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("article", "article"), ("page", "static page")], default="article", max_length=8
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                (
                    "language",
                    models.CharField(blank=True, help_text="Empty: that of the site it appears on.", max_length=12),
                ),
                ("translation_group", models.UUIDField(blank=True, null=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[("draft", "draft"), ("review", "in review"), ("approved", "approved")],
                        db_default="draft",
                        default="draft",
                        max_length=8,
                    ),
                ),
                (
                    "lead_image",
                    models.ForeignKey(
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
                        related_name="id_tenant_kind_title_language_lead_image_translation_group_stage_written_by_tenant_events",
                        to="publishing.article",
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
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="articleevent_tenant")],
            },
        ),
        migrations.CreateModel(
            name="CorrectionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("note", models.TextField()),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="publishing.article",
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
                        to="publishing.correction",
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
                    models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="correctionevent_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImageEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("alt", models.CharField(blank=True, max_length=500)),
                ("caption", models.CharField(blank=True, max_length=500)),
                ("width", models.PositiveIntegerField(editable=False)),
                ("height", models.PositiveIntegerField(editable=False)),
                ("focus_x", models.PositiveSmallIntegerField(db_default=50, default=50)),
                ("focus_y", models.PositiveSmallIntegerField(db_default=50, default=50)),
                ("decorative", models.BooleanField(db_default=False, default=False)),
                ("bytes", models.BigIntegerField(db_default=0, default=0, editable=False)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
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
                        to="publishing.image",
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
                "indexes": [models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="imageevent_tenant")],
            },
        ),
        migrations.CreateModel(
            name="PlacementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "published"),
                            ("unpublished", "unpublished"),
                            ("recalled", "recalled"),
                        ],
                        default="draft",
                        max_length=11,
                    ),
                ),
                ("go_live", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False, max_length=200, validators=[publishing.models.placements.not_reserved]
                    ),
                ),
                ("is_canonical", models.BooleanField(default=False)),
                ("pin", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("summary", models.TextField(blank=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="publishing.article",
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
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
                        to="publishing.placement",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="publishing.section",
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
                    models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="placementevent_tenant")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "go_live",
                    models.DateTimeField(
                        blank=True, help_text="The wish. Empty: as soon as it is accepted.", null=True
                    ),
                ),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="publishing.article",
                    ),
                ),
                (
                    "decided_by",
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
                        to="publishing.proposal",
                    ),
                ),
                (
                    "proposed_by",
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
                "indexes": [models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="proposalevent_tenant")],
            },
        ),
        migrations.CreateModel(
            name="RecallEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("before", models.JSONField(default=list)),
                ("recalled_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="publishing.article",
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
                        to="publishing.recall",
                    ),
                ),
                (
                    "recalled_by",
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
                    "undone_by",
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
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="recallevent_tenant")],
            },
        ),
        migrations.CreateModel(
            name="RedirectEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("path", models.CharField(max_length=500)),
                ("target", models.CharField(max_length=500)),
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
                        to="publishing.redirect",
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
                "indexes": [models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="redirectevent_tenant")],
            },
        ),
        migrations.CreateModel(
            name="SectionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, max_length=100)),
                ("name", models.CharField(max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
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
                        to="publishing.section",
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
                "indexes": [models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="sectionevent_tenant")],
            },
        ),
        migrations.CreateModel(
            name="TrustedSourceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
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
                        to="publishing.trustedsource",
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
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                    models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name="trustedsourceevent_tenant")
                ],
            },
        ),
        WatchChanges(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_articleevent" ("id", "kind", "language", "lead_image_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "tenant_id", "title", "translation_group", "written_by_id") VALUES (NEW."id", NEW."kind", NEW."language", NEW."lead_image_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."stage", NEW."tenant_id", NEW."title", NEW."translation_group", NEW."written_by_id"); RETURN NULL;',
                    hash="640452146515335946012ad4316863e7409d6744",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0a1b1",
                    table="publishing_article",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."lead_image_id" IS DISTINCT FROM (NEW."lead_image_id") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."translation_group" IS DISTINCT FROM (NEW."translation_group") OR OLD."written_by_id" IS DISTINCT FROM (NEW."written_by_id"))',
                    func='INSERT INTO "publishing_articleevent" ("id", "kind", "language", "lead_image_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "tenant_id", "title", "translation_group", "written_by_id") VALUES (NEW."id", NEW."kind", NEW."language", NEW."lead_image_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."stage", NEW."tenant_id", NEW."title", NEW."translation_group", NEW."written_by_id"); RETURN NULL;',
                    hash="6aa0eacafdbb538cc008eac9b26bc8d8645898bb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1239c",
                    table="publishing_article",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_articleevent" ("id", "kind", "language", "lead_image_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "tenant_id", "title", "translation_group", "written_by_id") VALUES (OLD."id", OLD."kind", OLD."language", OLD."lead_image_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."stage", OLD."tenant_id", OLD."title", OLD."translation_group", OLD."written_by_id"); RETURN NULL;',
                    hash="b3ed0c859066e4b03e634641bd4ccfd2355bfff0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8e4da",
                    table="publishing_article",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_correctionevent" ("article_id", "id", "note", "noted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tenant_id") VALUES (NEW."article_id", NEW."id", NEW."note", NEW."noted_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."tenant_id"); RETURN NULL;',
                    hash="a2123cd6fdee4f705318c858e67d97330d26b28a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e5c02",
                    table="publishing_correction",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "publishing_correctionevent" ("article_id", "id", "note", "noted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tenant_id") VALUES (NEW."article_id", NEW."id", NEW."note", NEW."noted_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."tenant_id"); RETURN NULL;',
                    hash="4452942ff0c943b94bc67b9797d9a6ec58684540",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d636f",
                    table="publishing_correction",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_correctionevent" ("article_id", "id", "note", "noted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tenant_id") VALUES (OLD."article_id", OLD."id", OLD."note", OLD."noted_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tenant_id"); RETURN NULL;',
                    hash="8a62f1dd9b11c1bf612eeda375a22c9dbb7d2492",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_de687",
                    table="publishing_correction",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="image",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_imageevent" ("added_at", "alt", "bytes", "caption", "decorative", "digest", "focus_x", "focus_y", "height", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tenant_id", "width") VALUES (NEW."added_at", NEW."alt", NEW."bytes", NEW."caption", NEW."decorative", NEW."digest", NEW."focus_x", NEW."focus_y", NEW."height", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."tenant_id", NEW."width"); RETURN NULL;',
                    hash="4957de37ba725ba482816a42739e96ce9b88d106",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ae664",
                    table="publishing_image",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="image",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."alt" IS DISTINCT FROM (NEW."alt") OR OLD."bytes" IS DISTINCT FROM (NEW."bytes") OR OLD."caption" IS DISTINCT FROM (NEW."caption") OR OLD."decorative" IS DISTINCT FROM (NEW."decorative") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."focus_x" IS DISTINCT FROM (NEW."focus_x") OR OLD."focus_y" IS DISTINCT FROM (NEW."focus_y") OR OLD."height" IS DISTINCT FROM (NEW."height") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id") OR OLD."width" IS DISTINCT FROM (NEW."width"))',
                    func='INSERT INTO "publishing_imageevent" ("added_at", "alt", "bytes", "caption", "decorative", "digest", "focus_x", "focus_y", "height", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tenant_id", "width") VALUES (NEW."added_at", NEW."alt", NEW."bytes", NEW."caption", NEW."decorative", NEW."digest", NEW."focus_x", NEW."focus_y", NEW."height", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."tenant_id", NEW."width"); RETURN NULL;',
                    hash="fd86d530087aefa791a3dcddd82e342165da43d3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_506e9",
                    table="publishing_image",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="image",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_imageevent" ("added_at", "alt", "bytes", "caption", "decorative", "digest", "focus_x", "focus_y", "height", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tenant_id", "width") VALUES (OLD."added_at", OLD."alt", OLD."bytes", OLD."caption", OLD."decorative", OLD."digest", OLD."focus_x", OLD."focus_y", OLD."height", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tenant_id", OLD."width"); RETURN NULL;',
                    hash="8c1c6e70ac05c84dae7ef13a9899fa65271dacc0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1736d",
                    table="publishing_image",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="placement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_placementevent" ("article_id", "expires_at", "go_live", "id", "image_id", "is_canonical", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pin", "section_id", "site_id", "slug", "status", "summary", "tenant_id", "title") VALUES (NEW."article_id", NEW."expires_at", NEW."go_live", NEW."id", NEW."image_id", NEW."is_canonical", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pin", NEW."section_id", NEW."site_id", NEW."slug", NEW."status", NEW."summary", NEW."tenant_id", NEW."title"); RETURN NULL;',
                    hash="6e1142f784540c842b449c6238c2204c70561e64",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ee0a9",
                    table="publishing_placement",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="placement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."article_id" IS DISTINCT FROM (NEW."article_id") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."go_live" IS DISTINCT FROM (NEW."go_live") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."image_id" IS DISTINCT FROM (NEW."image_id") OR OLD."is_canonical" IS DISTINCT FROM (NEW."is_canonical") OR OLD."pin" IS DISTINCT FROM (NEW."pin") OR OLD."section_id" IS DISTINCT FROM (NEW."section_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func='INSERT INTO "publishing_placementevent" ("article_id", "expires_at", "go_live", "id", "image_id", "is_canonical", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pin", "section_id", "site_id", "slug", "status", "summary", "tenant_id", "title") VALUES (NEW."article_id", NEW."expires_at", NEW."go_live", NEW."id", NEW."image_id", NEW."is_canonical", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pin", NEW."section_id", NEW."site_id", NEW."slug", NEW."status", NEW."summary", NEW."tenant_id", NEW."title"); RETURN NULL;',
                    hash="1c933310ea7ebef3ac6097030ff8b459897680f6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3be3c",
                    table="publishing_placement",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="placement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_placementevent" ("article_id", "expires_at", "go_live", "id", "image_id", "is_canonical", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pin", "section_id", "site_id", "slug", "status", "summary", "tenant_id", "title") VALUES (OLD."article_id", OLD."expires_at", OLD."go_live", OLD."id", OLD."image_id", OLD."is_canonical", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pin", OLD."section_id", OLD."site_id", OLD."slug", OLD."status", OLD."summary", OLD."tenant_id", OLD."title"); RETURN NULL;',
                    hash="6574590155bfc7e1b2833060aae6464b3b0ce000",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f2fcd",
                    table="publishing_placement",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="redirect",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_redirectevent" ("id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "target", "tenant_id") VALUES (NEW."id", NEW."path", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."target", NEW."tenant_id"); RETURN NULL;',
                    hash="e24345646b516b1fd1a4f9fb0f09f52bb6e6be28",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_40adf",
                    table="publishing_redirect",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="redirect",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "publishing_redirectevent" ("id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "target", "tenant_id") VALUES (NEW."id", NEW."path", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id", NEW."target", NEW."tenant_id"); RETURN NULL;',
                    hash="0dcbbc70b37a4fdf744e758b51314bdf0fc94f6d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2b830",
                    table="publishing_redirect",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="redirect",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_redirectevent" ("id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "target", "tenant_id") VALUES (OLD."id", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."site_id", OLD."target", OLD."tenant_id"); RETURN NULL;',
                    hash="36e43653dc754eebce7083c2a99359f33a222045",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5d3a1",
                    table="publishing_redirect",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="section",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_sectionevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "slug", "tenant_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."site_id", NEW."slug", NEW."tenant_id"); RETURN NULL;',
                    hash="c4b12f6723eff4cd940266b2ad3cfeffad582b99",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_01087",
                    table="publishing_section",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="section",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "publishing_sectionevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "slug", "tenant_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."site_id", NEW."slug", NEW."tenant_id"); RETURN NULL;',
                    hash="679b8b4b338107d2b279427596373460457aa57c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_abcf8",
                    table="publishing_section",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="section",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_sectionevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "slug", "tenant_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."site_id", OLD."slug", OLD."tenant_id"); RETURN NULL;',
                    hash="10a3b4e46a720cd2f9216c7f7f430ea354f110b5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_65005",
                    table="publishing_section",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["draft", "review", "approved"])),
                name="publishing_article_stage_known",
            ),
        ),
        WatchChanges(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_proposalevent" ("article_id", "decided_at", "decided_by_id", "go_live", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "site_id", "state", "tenant_id") VALUES (NEW."article_id", NEW."decided_at", NEW."decided_by_id", NEW."go_live", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."site_id", NEW."state", NEW."tenant_id"); RETURN NULL;',
                    hash="0a40bad6c8743428cabd6cfdb6a0f1d9927740a1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bf80a",
                    table="publishing_proposal",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "publishing_proposalevent" ("article_id", "decided_at", "decided_by_id", "go_live", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "site_id", "state", "tenant_id") VALUES (NEW."article_id", NEW."decided_at", NEW."decided_by_id", NEW."go_live", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."site_id", NEW."state", NEW."tenant_id"); RETURN NULL;',
                    hash="98fef897651a6006701f3977d08d2b37f2dc5184",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_aab68",
                    table="publishing_proposal",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_proposalevent" ("article_id", "decided_at", "decided_by_id", "go_live", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "site_id", "state", "tenant_id") VALUES (OLD."article_id", OLD."decided_at", OLD."decided_by_id", OLD."go_live", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reason", OLD."site_id", OLD."state", OLD."tenant_id"); RETURN NULL;',
                    hash="a1577f592ee749cd1595c9677539f4d9f54285ac",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6705e",
                    table="publishing_proposal",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="recall",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_recallevent" ("article_id", "before", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recalled_at", "recalled_by_id", "tenant_id", "undone_at", "undone_by_id") VALUES (NEW."article_id", NEW."before", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recalled_at", NEW."recalled_by_id", NEW."tenant_id", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                    hash="9bf754a87990decdd05655e5a43a1145f8403586",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b1696",
                    table="publishing_recall",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="recall",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "publishing_recallevent" ("article_id", "before", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recalled_at", "recalled_by_id", "tenant_id", "undone_at", "undone_by_id") VALUES (NEW."article_id", NEW."before", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recalled_at", NEW."recalled_by_id", NEW."tenant_id", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                    hash="311a70562acae84f244143a66c4ab6eaa227d704",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_caf81",
                    table="publishing_recall",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="recall",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_recallevent" ("article_id", "before", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recalled_at", "recalled_by_id", "tenant_id", "undone_at", "undone_by_id") VALUES (OLD."article_id", OLD."before", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recalled_at", OLD."recalled_by_id", OLD."tenant_id", OLD."undone_at", OLD."undone_by_id"); RETURN NULL;',
                    hash="4815e6b2d72a60d8af36447a3b78615c4bde3a64",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3c057",
                    table="publishing_recall",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="trustedsource",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_trustedsourceevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "source_id", "tenant_id", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."source_id", NEW."tenant_id", NEW."user_id"); RETURN NULL;',
                    hash="9633c26958acc35a38e90bf0b572acdbec63a4d6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1eaaa",
                    table="publishing_trustedsource",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="trustedsource",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "publishing_trustedsourceevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "source_id", "tenant_id", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id", NEW."source_id", NEW."tenant_id", NEW."user_id"); RETURN NULL;',
                    hash="ed14950c18ac97294c6d7a508e1661d3c6361277",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_756a4",
                    table="publishing_trustedsource",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="trustedsource",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "publishing_trustedsourceevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "source_id", "tenant_id", "user_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."site_id", OLD."source_id", OLD."tenant_id", OLD."user_id"); RETURN NULL;',
                    hash="15028fa39150b0c94be2a6df07a7996cf06097b1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4e8bb",
                    table="publishing_trustedsource",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(fields=["stems"], name="publishing_article_stems"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="publishing_article_words"),
        ),
    ]
