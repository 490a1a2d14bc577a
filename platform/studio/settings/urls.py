"""What a tenant's owner settles for all of its sites, and what its editors file and sign articles with."""

from django.urls import path

from studio.settings import views, vocabulary

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/topics/", vocabulary.topics, name="topics"),
    path("settings/topics/<int:topic_id>/", vocabulary.topic, name="topic"),
    path("settings/bylines/", vocabulary.bylines, name="bylines"),
    path("settings/bylines/<int:byline_id>/", vocabulary.byline, name="byline"),
]
