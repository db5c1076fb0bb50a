"""Addresses of joining, one's own membership and an employer's seats: beneath /members/."""

from django.urls import path

from members.views import joining, membership, seats

urlpatterns = [
    path("", membership.home, name="members"),
    path("join/", joining.plans, name="join"),
    path("join/confirm/<str:token>/", joining.confirm, name="join_confirm"),
    path("join/<slug:key>/", joining.join, name="join_plan"),
    path("card/", membership.card, name="membership_card"),
    path("certificate/", membership.certificate, name="membership_certificate"),
    path("leave-seat/", membership.leave_seat, name="seat_leave"),
    path("<str:number>/renew/", membership.renew, name="membership_renew"),
    path("<str:number>/upgrade/", membership.upgrade, name="membership_upgrade"),
    path("<str:number>/cancel/", membership.cancel, name="membership_cancel"),
    path("<str:number>/resume/", membership.resume, name="membership_resume"),
    path("<str:number>/more-seats/", seats.more, name="seats_more"),
    path("employer/<str:number>/", seats.employer, name="employer"),
    path("employer/<str:number>/offer/", seats.offer, name="seat_offer"),
    path("seats/<int:seat_id>/again/", seats.offer_again, name="seat_again"),
    path("seats/<int:seat_id>/move/", seats.move, name="seat_move"),
    path("seats/<int:seat_id>/end/", seats.end, name="seat_end"),
    path("seats/accept/<str:token>/", seats.accept, name="seat_accept"),
]
