"""The rows of publishing. Each belongs to a tenant; composite foreign keys hold that in the database."""

from publishing.models.agreements import Proposal, Recall, TrustedSource
from publishing.models.articles import Article, ArticleByline, ArticleTopic, Correction, Revision
from publishing.models.desk import Comment, Draft, Preview, Review
from publishing.models.images import Image
from publishing.models.listings import BylinePlacement, TopicPlacement
from publishing.models.placements import Placement, Redirect, SearchEntry, Section
from publishing.models.vocabulary import Byline, Topic

__all__ = [
    "Article",
    "ArticleByline",
    "ArticleTopic",
    "Byline",
    "BylinePlacement",
    "Comment",
    "Correction",
    "Draft",
    "Image",
    "Placement",
    "Preview",
    "Proposal",
    "Recall",
    "Redirect",
    "Review",
    "Revision",
    "SearchEntry",
    "Section",
    "Topic",
    "TopicPlacement",
    "TrustedSource",
]
