"""Brands in full: theme, palette, logo, fonts, dates; and the menus of a site, whose changes its readers see."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from sites_core.database import foreign_key

MENU_SEEN = """
CREATE FUNCTION sites_core_menu_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sites_core_next_generation(ARRAY(SELECT site_id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER sites_core_menuitem_insert_seen AFTER INSERT ON sites_core_menuitem REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sites_core_menu_changed();
CREATE TRIGGER sites_core_menuitem_delete_seen AFTER DELETE ON sites_core_menuitem REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sites_core_menu_changed();
-- An item moves to another site by SQL alone; then it is seen on both.
CREATE TRIGGER sites_core_menuitem_update_seen AFTER UPDATE ON sites_core_menuitem REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sites_core_menu_changed();
CREATE TRIGGER sites_core_menuitem_moved_seen AFTER UPDATE ON sites_core_menuitem REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION sites_core_menu_changed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sites", "0002_alter_domain_unique"),
        ("sites_core", "0004_generation_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="MenuItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
            options={
                "ordering": ["menu", "position", "id"],
            },
        ),
        migrations.AddField(
            model_name="brand",
            name="accent_dark",
            field=models.CharField(
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
        migrations.AddField(
            model_name="brand",
            name="date_style",
            field=models.CharField(
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
        migrations.AddField(
            model_name="brand",
            name="fonts",
            field=models.SlugField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="brand",
            name="ink",
            field=models.CharField(
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
        migrations.AddField(
            model_name="brand",
            name="ink_dark",
            field=models.CharField(
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
        migrations.AddField(
            model_name="brand",
            name="logo",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="brand",
            name="logo_height",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="brand",
            name="logo_width",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="brand",
            name="options",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="brand",
            name="paper",
            field=models.CharField(
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
        migrations.AddField(
            model_name="brand",
            name="paper_dark",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="brand",
            name="theme",
            field=models.SlugField(db_default="journal", default="journal", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accent_dark__regex", "^(#[0-9a-f]{6})?$"),
                    ("ink__regex", "^(#[0-9a-f]{6})?$"),
                    ("ink_dark__regex", "^(#[0-9a-f]{6})?$"),
                    ("paper__regex", "^(#[0-9a-f]{6})?$"),
                    ("paper_dark__regex", "^(#[0-9a-f]{6})?$"),
                ),
                name="sites_core_brand_palette_is_colours",
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(("logo__regex", "^([0-9a-f]{64})?$")), name="sites_core_brand_logo_is_digest"
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(("date_style__in", ["long", "weekday", "short", "iso"])),
                name="sites_core_brand_date_style_known",
            ),
        ),
        migrations.AddField(
            model_name="menuitem",
            name="site",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="menu_items",
                to="sites.site",
            ),
        ),
        migrations.AddIndex(
            model_name="menuitem",
            index=models.Index(fields=["site", "menu", "position"], name="sites_core_menuitem_menu"),
        ),
        migrations.AddConstraint(
            model_name="menuitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("menu__in", ["header", "footer", "social"])), name="sites_core_menuitem_menu_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="menuitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__regex", "^(/([^/\\\\]|$)|https?://[^/]|mailto:.)")),
                name="sites_core_menuitem_url_leads_somewhere",
            ),
        ),
        foreign_key(
            "sites_core_menuitem_site_fk", "sites_core_menuitem", "site_id", "django_site", "id", on_delete="CASCADE"
        ),
        migrations.RunSQL(
            MENU_SEEN,
            """
            DROP TRIGGER sites_core_menuitem_moved_seen ON sites_core_menuitem;
            DROP TRIGGER sites_core_menuitem_update_seen ON sites_core_menuitem;
            DROP TRIGGER sites_core_menuitem_delete_seen ON sites_core_menuitem;
            DROP TRIGGER sites_core_menuitem_insert_seen ON sites_core_menuitem;
            DROP FUNCTION sites_core_menu_changed();
            """,
        ),
        # The only look that there was until now.
        migrations.RunSQL(
            "UPDATE sites_core_brand SET theme = 'journal' WHERE theme = 'plain'",
            "UPDATE sites_core_brand SET theme = 'plain'",
        ),
    ]
