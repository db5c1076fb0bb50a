"""Addresses of /verify/: whether a membership is current."""

from django.urls import path

from members.views import verify

urlpatterns = [
    path("", verify.ask, name="verify_ask"),
    path("<str:membership_number>/", verify.verify, name="verify"),
]
