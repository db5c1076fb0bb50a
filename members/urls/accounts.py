"""Addresses of teams and accounts, all beneath /members/."""

from django.urls import path

from members.views import accounts as views

urlpatterns = [
    path("account/", views.account, name="account"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("team/", views.team, name="team"),
    path("team/invite/", views.invitation_new, name="invitation_new"),
    path("team/invitations/<int:invitation_id>/resend/", views.invitation_resend, name="invitation_resend"),
    path("team/invitations/<int:invitation_id>/withdraw/", views.invitation_withdraw, name="invitation_withdraw"),
    path("team/posts/<int:post_id>/end/", views.post_end, name="post_end"),
]
