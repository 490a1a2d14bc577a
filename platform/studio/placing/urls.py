"""Where and when an article appears: a row for each site; what is decided for all of them; what is asked of others."""

from django.urls import path

from studio.placing import correcting, everywhere, proposals, views

urlpatterns = [
    path("articles/<int:article_id>/placements/", views.placements, name="article-placements"),
    path("articles/<int:article_id>/placements/chosen/", views.chosen, name="article-placements-chosen"),
    path("articles/<int:article_id>/placements/ready/", views.ready, name="article-placements-ready"),
    path("articles/<int:article_id>/placements/<int:site_id>/", views.one, name="article-placement"),
    path("articles/<int:article_id>/placements/<int:site_id>/slug/", views.slug, name="article-placement-slug"),
    path("articles/<int:article_id>/placements/<int:site_id>/propose/", proposals.offer, name="article-propose"),
    path("articles/<int:article_id>/recall/", everywhere.recall, name="article-recall"),
    path("articles/<int:article_id>/recall/<int:recall_id>/undo/", everywhere.undo, name="article-recall-undo"),
    path("articles/<int:article_id>/corrections/", correcting.add, name="article-corrections"),
    path("articles/<int:article_id>/corrections/<int:correction_id>/", correcting.change, name="article-correction"),
    path("proposals/<int:proposal_id>/withdraw/", proposals.withdraw, name="proposal-withdraw"),
]
