"""Addresses of the door: check-in, walk-in, badges."""

from django.urls import path

from events.views import door, door_prints

urlpatterns = [
    path("scan/<str:scan_code>/", door.scan, name="event_scan"),
    path("<slug:event_slug>/check-in/", door.check_in, name="event_check_in"),
    path("<slug:event_slug>/check-in/scans/", door.scans, name="event_scans"),
    path("<slug:event_slug>/check-in/codes/", door.codes, name="event_codes"),
    path("<slug:event_slug>/check-in/without-network/", door.shell, name="event_check_in_shell"),
    path("<slug:event_slug>/check-in/worker.js", door.worker, name="event_check_in_worker"),
    path("<slug:event_slug>/check-in/undo/<int:check_in_id>/", door.undo, name="event_check_in_undo"),
    path("<slug:event_slug>/check-in/problems/", door.problems, name="event_door_problems"),
    path("<slug:event_slug>/check-in/walk-in/", door.walk_in, name="event_walk_in"),
    path("<slug:event_slug>/check-in/list.pdf", door_prints.desk_list, name="event_desk_list"),
    path("<slug:event_slug>/badges/", door_prints.badges, name="event_badges"),
    path("<slug:event_slug>/badges.pdf", door_prints.badges_pdf_view, name="event_badges_pdf"),
]
