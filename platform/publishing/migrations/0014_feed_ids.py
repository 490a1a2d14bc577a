"""What feeds called a placement on the platform that it came from: who reads them there does not meet it twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0013_studio_lists")]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="feed_id",
            field=models.UUIDField(blank=True, editable=False, null=True),
        )
    ]
