"""Indexes of the studio's lists: of a tenant's articles by last change and by title, of its placements by date and state."""

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models.functions import Left, Lower


def members(term: str) -> list[Operation]:
    """The articles of a topic or a byline out of an index alone, in the place of the key's own."""
    link = models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=models.CASCADE,
        related_name="+",
        to=f"publishing.{term}",
    )
    return [
        migrations.AddIndex(
            model_name=f"article{term}",
            index=models.Index(fields=[term, "article"], name=f"publishing_article{term}_term"),
        ),
        migrations.AlterField(model_name=f"article{term}", name=term, field=link),
    ]


class Migration(migrations.Migration):
    dependencies = [("publishing", "0012_desk_keys")]

    operations = [
        migrations.RemoveIndex(model_name="article", name="publishing_article_recent"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["tenant", "-updated_at", "-id"],
                include=["stage", "kind", "written_by"],
                name="publishing_article_recent",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("tenant"),
                Lower(Left("title", 100)),
                models.F("id"),
                include=["title", "stage", "kind", "written_by", "updated_at"],
                name="publishing_article_titles",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["tenant", "stage", "kind"], include=["written_by"], name="publishing_article_stages"
            ),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                fields=["site", "article"],
                include=["status", "go_live", "expires_at"],
                name="publishing_placement_there",
            ),
        ),
        *members("topic"),
        *members("byline"),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                fields=["tenant", "-go_live", "-id"],
                include=["site", "article", "listed", "expires_at"],
                condition=models.Q(status="published"),
                name="publishing_placement_when",
            ),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                fields=["tenant", "expires_at", "id"],
                include=["site", "article"],
                condition=models.Q(status="published", expires_at__isnull=False),
                name="publishing_placement_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                fields=["tenant", "status", "site"],
                include=["article"],
                condition=~models.Q(status="published"),
                name="publishing_placement_apart",
            ),
        ),
    ]
