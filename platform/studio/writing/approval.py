"""What a change of an article ends besides, told to whoever made it."""

from publishing.models import Article, Placement
from publishing.reviewing import scheduled
from studio.placing.telling import names


class Approval:
    """How an article stands before it is changed: whether it is approved, and where it is yet to appear."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.is_approved = article.stage == Article.Stage.APPROVED
        self.scheduled = scheduled(article) if self.is_approved else []

    def lost(self) -> list[str]:
        """Once it is changed: what it has lost by that, a sentence each."""
        if not self.is_approved:
            return []
        stage = Article.objects.values_list("stage", flat=True).get(pk=self.article.pk)
        if stage == Article.Stage.APPROVED:
            return []
        return ["It was approved before: its words have changed, so it is a draft again.", *self._held_back()]

    def _held_back(self) -> list[str]:
        keys = [placement.pk for placement in self.scheduled]
        drafts = Placement.objects.filter(pk__in=keys, status=Placement.Status.DRAFT).select_related("site")
        sites = [placement.site for placement in drafts.order_by("site__domain")]
        if not sites:
            return []
        return [f"It will not appear on {names(sites)} as it was scheduled, until it is approved and scheduled again."]
