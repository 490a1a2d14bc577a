"""What happened to hostnames, brands and menus."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.db import migrations, models

import sites_core.models
from sites_core.database import WatchChanges


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("sites", "0002_alter_domain_unique"),
        ("sites_core", "0006_only_what_is_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="BrandEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("theme", models.SlugField(db_default="journal", db_index=False, default="journal", max_length=40)),
                (
                    "options",
                    models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
                ),
                ("fonts", models.SlugField(blank=True, db_default="", db_index=False, default="", max_length=40)),
                (
                    "accent",
                    models.CharField(
                        db_default="#1f4e79",
                        default="#1f4e79",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A#[0-9a-f]{6}\\Z", "Write the colour as #rrggbb, in lower case."
                            )
                        ],
                    ),
                ),
                (
                    "accent_dark",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Of links and marks on the dark page. Empty: the accent, made light enough.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A#[0-9a-f]{6}\\Z", "Write the colour as #rrggbb, in lower case."
                            )
                        ],
                        verbose_name="accent, dark",
                    ),
                ),
                (
                    "paper",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Behind the text. Empty: the theme's.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A#[0-9a-f]{6}\\Z", "Write the colour as #rrggbb, in lower case."
                            )
                        ],
                        verbose_name="paper",
                    ),
                ),
                (
                    "ink",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Of the text. Empty: the theme's.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A#[0-9a-f]{6}\\Z", "Write the colour as #rrggbb, in lower case."
                            )
                        ],
                        verbose_name="ink",
                    ),
                ),
                (
                    "paper_dark",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Behind the text where a reader's device is set to dark. Empty: the theme's.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A#[0-9a-f]{6}\\Z", "Write the colour as #rrggbb, in lower case."
                            )
                        ],
                        verbose_name="paper, dark",
                    ),
                ),
                (
                    "ink_dark",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Of the text on the dark page. Empty: the theme's.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A#[0-9a-f]{6}\\Z", "Write the colour as #rrggbb, in lower case."
                            )
                        ],
                        verbose_name="ink, dark",
                    ),
                ),
                ("logo", models.CharField(blank=True, db_default="", default="", editable=False, max_length=64)),
                ("logo_width", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("logo_height", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("tagline", models.CharField(blank=True, db_default="", default="", max_length=160)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("af", "Afrikaans"),
                            ("ar", "Arabic"),
                            ("ar-dz", "Algerian Arabic"),
                            ("ast", "Asturian"),
                            ("az", "Azerbaijani"),
                            ("bg", "Bulgarian"),
                            ("be", "Belarusian"),
                            ("bn", "Bengali"),
                            ("br", "Breton"),
                            ("bs", "Bosnian"),
                            ("ca", "Catalan"),
                            ("ckb", "Central Kurdish (Sorani)"),
                            ("cs", "Czech"),
                            ("cy", "Welsh"),
                            ("da", "Danish"),
                            ("de", "German"),
                            ("dsb", "Lower Sorbian"),
                            ("el", "Greek"),
                            ("en", "English"),
                            ("en-au", "Australian English"),
                            ("en-gb", "British English"),
                            ("eo", "Esperanto"),
                            ("es", "Spanish"),
                            ("es-ar", "Argentinian Spanish"),
                            ("es-co", "Colombian Spanish"),
                            ("es-mx", "Mexican Spanish"),
                            ("es-ni", "Nicaraguan Spanish"),
                            ("es-ve", "Venezuelan Spanish"),
                            ("et", "Estonian"),
                            ("eu", "Basque"),
                            ("fa", "Persian"),
                            ("fi", "Finnish"),
                            ("fr", "French"),
                            ("fy", "Frisian"),
                            ("ga", "Irish"),
                            ("gd", "Scottish Gaelic"),
                            ("gl", "Galician"),
                            ("he", "Hebrew"),
                            ("hi", "Hindi"),
                            ("hr", "Croatian"),
                            ("hsb", "Upper Sorbian"),
                            ("hu", "Hungarian"),
                            ("hy", "Armenian"),
                            ("ia", "Interlingua"),
                            ("id", "Indonesian"),
                            ("ig", "Igbo"),
                            ("io", "Ido"),
                            ("is", "Icelandic"),
                            ("it", "Italian"),
                            ("ja", "Japanese"),
                            ("ka", "Georgian"),
                            ("kab", "Kabyle"),
                            ("kk", "Kazakh"),
                            ("km", "Khmer"),
                            ("kn", "Kannada"),
                            ("ko", "Korean"),
                            ("ky", "Kyrgyz"),
                            ("lb", "Luxembourgish"),
                            ("lt", "Lithuanian"),
                            ("lv", "Latvian"),
                            ("mk", "Macedonian"),
                            ("ml", "Malayalam"),
                            ("mn", "Mongolian"),
                            ("mr", "Marathi"),
                            ("ms", "Malay"),
                            ("my", "Burmese"),
                            ("nb", "Norwegian Bokmål"),
                            ("ne", "Nepali"),
                            ("nl", "Dutch"),
                            ("nn", "Norwegian Nynorsk"),
                            ("os", "Ossetic"),
                            ("pa", "Punjabi"),
                            ("pl", "Polish"),
                            ("pt", "Portuguese"),
                            ("pt-br", "Brazilian Portuguese"),
                            ("ro", "Romanian"),
                            ("ru", "Russian"),
                            ("sk", "Slovak"),
                            ("sl", "Slovenian"),
                            ("sq", "Albanian"),
                            ("sr", "Serbian"),
                            ("sr-latn", "Serbian Latin"),
                            ("sv", "Swedish"),
                            ("sw", "Swahili"),
                            ("ta", "Tamil"),
                            ("te", "Telugu"),
                            ("tg", "Tajik"),
                            ("th", "Thai"),
                            ("tk", "Turkmen"),
                            ("tr", "Turkish"),
                            ("tt", "Tatar"),
                            ("udm", "Udmurt"),
                            ("ug", "Uyghur"),
                            ("uk", "Ukrainian"),
                            ("ur", "Urdu"),
                            ("uz", "Uzbek"),
                            ("vi", "Vietnamese"),
                            ("zh-hans", "Simplified Chinese"),
                            ("zh-hant", "Traditional Chinese"),
                        ],
                        db_default="en",
                        default="en",
                        max_length=12,
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        db_default="UTC", default="UTC", max_length=64, validators=[sites_core.models.known_time_zone]
                    ),
                ),
                (
                    "date_style",
                    models.CharField(
                        choices=[
                            ("long", "21 November 2026, as the language writes it"),
                            ("weekday", "Saturday, 21 November 2026"),
                            ("short", "21/11/2026, as the language writes it"),
                            ("iso", "2026-11-21"),
                        ],
                        db_default="long",
                        default="long",
                        max_length=8,
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
                        related_name="events",
                        to="sites_core.brand",
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
                        serialize=False,
                        to="sites.site",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="brandevent_site")],
            },
        ),
        migrations.CreateModel(
            name="HostnameEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=253)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("verified", "verified"),
                            ("live", "live"),
                            ("quarantined", "quarantined"),
                        ],
                        db_default="live",
                        default="live",
                        max_length=12,
                    ),
                ),
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
                        related_name="events",
                        to="sites_core.hostname",
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
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="hostnameevent_site")],
            },
        ),
        migrations.CreateModel(
            name="MenuItemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "menu",
                    models.CharField(
                        choices=[("header", "header"), ("footer", "footer"), ("social", "social")],
                        default="header",
                        max_length=6,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("label", models.CharField(max_length=60)),
                (
                    "url",
                    models.CharField(
                        max_length=500,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A(/(?![/\\\\])|https?://[^/]|mailto:.)",
                                "Write a path of this site, such as /topics/, or a whole address that begins with https://.",
                            )
                        ],
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
                        related_name="events",
                        to="sites_core.menuitem",
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
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name="menuitemevent_site")],
            },
        ),
        WatchChanges(
            model_name="brand",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sites_core_brandevent" ("accent", "accent_dark", "date_style", "fonts", "ink", "ink_dark", "language", "logo", "logo_height", "logo_width", "options", "paper", "paper_dark", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "tagline", "theme", "time_zone") VALUES (NEW."accent", NEW."accent_dark", NEW."date_style", NEW."fonts", NEW."ink", NEW."ink_dark", NEW."language", NEW."logo", NEW."logo_height", NEW."logo_width", NEW."options", NEW."paper", NEW."paper_dark", _pgh_attach_context(), NOW(), \'insert\', NEW."site_id", NEW."site_id", NEW."tagline", NEW."theme", NEW."time_zone"); RETURN NULL;',
                    hash="cc2ab54359cb61adf0ba401d161f33bd2e5db7e6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a59d6",
                    table="sites_core_brand",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="brand",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "sites_core_brandevent" ("accent", "accent_dark", "date_style", "fonts", "ink", "ink_dark", "language", "logo", "logo_height", "logo_width", "options", "paper", "paper_dark", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "tagline", "theme", "time_zone") VALUES (NEW."accent", NEW."accent_dark", NEW."date_style", NEW."fonts", NEW."ink", NEW."ink_dark", NEW."language", NEW."logo", NEW."logo_height", NEW."logo_width", NEW."options", NEW."paper", NEW."paper_dark", _pgh_attach_context(), NOW(), \'update\', NEW."site_id", NEW."site_id", NEW."tagline", NEW."theme", NEW."time_zone"); RETURN NULL;',
                    hash="daf3644ef3e5b937dddaa97dca07f37f94e8b047",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b88a3",
                    table="sites_core_brand",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="brand",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sites_core_brandevent" ("accent", "accent_dark", "date_style", "fonts", "ink", "ink_dark", "language", "logo", "logo_height", "logo_width", "options", "paper", "paper_dark", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "tagline", "theme", "time_zone") VALUES (OLD."accent", OLD."accent_dark", OLD."date_style", OLD."fonts", OLD."ink", OLD."ink_dark", OLD."language", OLD."logo", OLD."logo_height", OLD."logo_width", OLD."options", OLD."paper", OLD."paper_dark", _pgh_attach_context(), NOW(), \'delete\', OLD."site_id", OLD."site_id", OLD."tagline", OLD."theme", OLD."time_zone"); RETURN NULL;',
                    hash="feeecca041e4fdbdd4c9e533f4be32012d19d832",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_06ad9",
                    table="sites_core_brand",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="hostname",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sites_core_hostnameevent" ("added_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "state") VALUES (NEW."added_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."state"); RETURN NULL;',
                    hash="14f6778a01c1979e66b768e05b12f96e36ea38b1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_df101",
                    table="sites_core_hostname",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="hostname",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "sites_core_hostnameevent" ("added_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "state") VALUES (NEW."added_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id", NEW."state"); RETURN NULL;',
                    hash="1c81c100b1f87a4a864c91804fbecc26e9be4034",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5b038",
                    table="sites_core_hostname",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="hostname",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sites_core_hostnameevent" ("added_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "state") VALUES (OLD."added_at", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."site_id", OLD."state"); RETURN NULL;',
                    hash="75f3dd363bc6f00728b0075cf3a1b9663e1d1dfa",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_130f1",
                    table="sites_core_hostname",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="menuitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sites_core_menuitemevent" ("id", "label", "menu", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "url") VALUES (NEW."id", NEW."label", NEW."menu", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."site_id", NEW."url"); RETURN NULL;',
                    hash="7fffc995fba30d53a7f5afdf97e5122cca9b885b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4d458",
                    table="sites_core_menuitem",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="menuitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "sites_core_menuitemevent" ("id", "label", "menu", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "url") VALUES (NEW."id", NEW."label", NEW."menu", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."site_id", NEW."url"); RETURN NULL;',
                    hash="08000f0383ad746c545ca105459aab897157c54c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ec05e",
                    table="sites_core_menuitem",
                    when="AFTER",
                ),
            ),
        ),
        WatchChanges(
            model_name="menuitem",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sites_core_menuitemevent" ("id", "label", "menu", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "site_id", "url") VALUES (OLD."id", OLD."label", OLD."menu", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."site_id", OLD."url"); RETURN NULL;',
                    hash="cccd4f8f2e95da5d6667c6b40e349189c13ebbaa",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3fe50",
                    table="sites_core_menuitem",
                    when="AFTER",
                ),
            ),
        ),
    ]
