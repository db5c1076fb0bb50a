"""Addresses of calls for contributions, and of their review."""

from django.urls import path

from events.views import contribution_reviews as reviews
from events.views import contributions

urlpatterns = [
    path("contributions/<str:contribution_key>/", contributions.contribution, name="contribution"),
    path("contributions/<str:contribution_key>/change/", contributions.change, name="contribution_change"),
    path("contributions/<str:contribution_key>/withdraw/", contributions.withdraw, name="contribution_withdraw"),
    path("contributions/<str:contribution_key>/answer/", contributions.answer, name="contribution_answer"),
    path("<slug:event_slug>/contribute/", contributions.contribute, name="event_contribute"),
    path("<slug:event_slug>/review/", reviews.review_list, name="event_review"),
    path("<slug:event_slug>/review/decide/", reviews.decide, name="event_decide"),
    path("<slug:event_slug>/review/decide/send/", reviews.send_decisions, name="event_decisions_send"),
    path("<slug:event_slug>/review/<int:contribution_number>/", reviews.review, name="event_review_one"),
]
