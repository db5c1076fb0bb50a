"""Addresses of booking a referral into a slot, the volunteer’s day, what came of it."""

from django.urls import path

from volunteers.views import bookings, day

urlpatterns = [
    path("book/<reference:reference>/", bookings.new, name="booking_new"),
    path("bookings/", bookings.index, name="bookings"),
    path("bookings/to-offer/", bookings.to_offer, name="bookings_to_offer"),
    path("bookings/list.pdf", bookings.desk_list, name="bookings_list"),
    path("bookings/<int:booking_id>/", day.booking, name="booking"),
    path("bookings/<int:booking_id>/mark/", day.mark, name="booking_mark"),
    path("bookings/<int:booking_id>/write-up/", day.write_up, name="booking_write_up"),
    path("bookings/<int:booking_id>/desk/", bookings.at_desk, name="booking_at_desk"),
    path("bookings/<int:booking_id>/slip.pdf", bookings.slip, name="booking_slip"),
    path("bookings/<int:booking_id>/move/", bookings.move, name="booking_move"),
    path("bookings/<int:booking_id>/cancel/", bookings.cancel, name="booking_cancel"),
    path("bookings/<int:booking_id>/confirm/", bookings.confirm, name="booking_confirm"),
    path("day/", day.today, name="volunteer_day"),
    path("day/<str:day>/", day.on, name="volunteer_day_on"),
    path("day/<str:day>/sheet.pdf", day.sheet, name="volunteer_day_sheet"),
]
