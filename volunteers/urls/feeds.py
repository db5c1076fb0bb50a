"""Addresses of calendars."""

from django.urls import path

from volunteers.views import feeds

urlpatterns = [
    path("calendar/", feeds.calendar_feed, name="calendar_feed"),
    path("calendar/make/", feeds.calendar_feed_make, name="calendar_feed_make"),
    path("calendar/off/", feeds.calendar_feed_off, name="calendar_feed_off"),
    path("calendar/<slug:feed_token>.ics", feeds.calendar_feed_ics, name="calendar_feed_ics"),
    path("shifts/<int:shift_id>/shift.ics", feeds.shift_ics, name="shift_ics"),
    path("training/<int:training_id>/training.ics", feeds.training_ics, name="training_ics"),
]
