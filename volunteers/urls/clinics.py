"""Addresses of clinics, rooms, patterns and sessions."""

from django.urls import path

from volunteers.views import clinics, rooms, sessions

urlpatterns = [
    path("clinics/", clinics.clinics, name="clinics"),
    path("clinics/new/", clinics.new, name="clinic_new"),
    path("clinics/<int:clinic_id>/", clinics.clinic, name="clinic"),
    path("clinics/<int:clinic_id>/edit/", clinics.edit, name="clinic_edit"),
    path("clinics/<int:clinic_id>/end/", clinics.end, name="clinic_end"),
    path("clinics/<int:clinic_id>/sessions/new/", sessions.new, name="session_new"),
    path("practices/<int:practice_id>/rooms/", rooms.rooms, name="rooms"),
    path("practices/<int:practice_id>/rooms/new/", rooms.new, name="room_new"),
    path("rooms/<int:room_id>/", rooms.edit, name="room_edit"),
    path("sessions/<int:session_id>/", sessions.session, name="session"),
    path("sessions/<int:session_id>/edit/", sessions.edit, name="session_edit"),
    path("sessions/<int:session_id>/move/", sessions.move, name="session_move"),
    path("sessions/<int:session_id>/cancel/", sessions.cancel, name="session_cancel"),
]
