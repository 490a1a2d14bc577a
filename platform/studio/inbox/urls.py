"""What is proposed to the sites of a member, what they proposed themselves, and whom their sites trust."""

from django.urls import path

from studio.inbox import trusting, views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/decided/", views.decided, name="inbox-decided"),
    path("inbox/mine/", views.mine, name="inbox-mine"),
    path("inbox/trusted/", trusting.trusted, name="inbox-trusted"),
    path("inbox/trusted/<int:trusted_id>/", trusting.remove, name="inbox-trusted-remove"),
    path("inbox/<int:proposal_id>/", views.decide, name="inbox-proposal"),
]
