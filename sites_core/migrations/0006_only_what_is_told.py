"""A brand's options are a mapping, and a menu's address has nothing in it that browsers drop; whoever writes them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sites_core", "0005_brands")]

    operations = [
        migrations.RemoveConstraint("menuitem", "sites_core_menuitem_url_leads_somewhere"),
        migrations.AddConstraint(
            "menuitem",
            models.CheckConstraint(
                condition=models.Q(url__regex=r"^(/([^/\\]|$)|https?://[^/]|mailto:.)")
                & ~models.Q(url__regex=r"[[:space:][:cntrl:]]"),
                name="sites_core_menuitem_url_leads_somewhere",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE sites_core_brand ADD CONSTRAINT sites_core_brand_options_is_object "
            "CHECK (jsonb_typeof(options) = 'object')",
            "ALTER TABLE sites_core_brand DROP CONSTRAINT sites_core_brand_options_is_object",
        ),
    ]
