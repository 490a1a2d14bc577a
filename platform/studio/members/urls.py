"""Who works for the tenant, in which role, on which sites; and who was asked to."""

from django.urls import path

from studio.members import invitations, views

urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/invite/", invitations.invite, name="member-invite"),
    path("members/invitations/<int:invitation_id>/again/", invitations.again, name="invitation-again"),
    path("members/invitations/<int:invitation_id>/withdraw/", invitations.withdraw, name="invitation-withdraw"),
    path("members/<int:membership_id>/", views.member, name="member"),
    path("members/<int:membership_id>/remove/", views.remove, name="member-remove"),
]
