"""Addresses of what everybody may see: the list, an event, its programme; and of speakers' own pages."""

from django.urls import path

from events.views import programme, public, speakers

urlpatterns = [
    path("", public.events, name="events"),
    path("past/", public.past, name="events_past"),
    path("calendar.ics", public.feed, name="events_feed"),
    path("speakers/<str:speaker_key>/", speakers.speaker, name="event_speaker"),
    path("speakers/<str:speaker_key>/photo.jpg", speakers.speaker_own_photo, name="event_speaker_own_photo"),
    path("speakers/<str:speaker_key>/no-photo/", speakers.speaker_photo_remove, name="event_speaker_photo_remove"),
    path("<slug:event_slug>/", public.event, name="event"),
    path("<slug:event_slug>/calendar.ics", public.event_calendar, name="event_calendar"),
    path("<slug:event_slug>/programme/", programme.programme, name="event_programme"),
    path("<slug:event_slug>/programme.pdf", programme.programme_paper, name="event_programme_pdf"),
    path("<slug:event_slug>/programme/<int:programme_item_id>/", programme.programme_item, name="event_programme_item"),
    path("<slug:event_slug>/speakers/<int:speaker_id>/photo.jpg", speakers.speaker_photo, name="event_speaker_photo"),
]
