"""Addresses of what follows an event: feedback, certificates, reflections, stories."""

from django.urls import path

from events.views import feedback, stories

urlpatterns = [
    path("tickets/<str:ticket_key>/feedback/", feedback.feedback, name="event_feedback"),
    path("tickets/<str:ticket_key>/certificate.pdf", feedback.certificate, name="event_certificate"),
    path("tickets/<str:ticket_key>/reflection/", stories.reflection, name="event_reflection"),
    path(
        "tickets/<str:ticket_key>/reflection/take-back/", stories.reflection_withdraw, name="event_reflection_withdraw"
    ),
    path(
        "tickets/<str:ticket_key>/reflection/remove-photo/",
        stories.reflection_photo_remove,
        name="event_reflection_photo_remove",
    ),
    path("attendance/<str:attendance_code>/", feedback.attendance, name="event_attendance"),
    path("stories/", stories.stories, name="event_stories"),
    path("stories/<int:story_id>/", stories.story, name="event_story"),
    path("stories/<int:story_id>/photo.jpg", stories.story_photo, name="event_story_photo"),
    path("stories/<int:story_id>/too/", stories.too, name="event_story_too"),
    path("introductions/<str:introduction_key>/", stories.introduction, name="event_introduction"),
    path("<slug:event_slug>/feedback/", feedback.feedback_results, name="event_feedback_results"),
    path("<slug:event_slug>/feedback/answers.xlsx", feedback.feedback_sheet, name="event_feedback_sheet"),
]
