"""Addresses of joining, one's own membership and an employer's seats: beneath /members/."""

from django.urls import path

from members.views import joining, membership, seats

urlpatterns = [
    path("", membership.home, name="members"),
    path("join/", joining.plans, name="join"),
    path("join/confirm/<str:join_token>/", joining.confirm, name="join_confirm"),
    path("join/<slug:plan_key>/", joining.join, name="join_plan"),
    path("card/", membership.card, name="membership_card"),
    path("certificate/", membership.certificate, name="membership_certificate"),
    path("leave-seat/", membership.leave_seat, name="seat_leave"),
    path("<slug:membership_number>/renew/", membership.renew, name="membership_renew"),
    path("<slug:membership_number>/upgrade/", membership.upgrade, name="membership_upgrade"),
    path("<slug:membership_number>/cancel/", membership.cancel, name="membership_cancel"),
    path("<slug:membership_number>/resume/", membership.resume, name="membership_resume"),
    path("<slug:membership_number>/more-seats/", seats.more, name="seats_more"),
    path("employer/<slug:membership_number>/", seats.employer, name="employer"),
    path("employer/<slug:membership_number>/offer/", seats.offer, name="seat_offer"),
    path("seats/<int:seat_id>/again/", seats.offer_again, name="seat_again"),
    path("seats/<int:seat_id>/move/", seats.move, name="seat_move"),
    path("seats/<int:seat_id>/end/", seats.end, name="seat_end"),
    path("seats/accept/<str:seat_token>/", seats.accept, name="seat_accept"),
]
