"""Addresses beneath /volunteers/: a module for each concept."""

from django.urls import include, path

urlpatterns = [
    path("", include("volunteers.urls.journey")),
    path("", include("volunteers.urls.clinics")),
    path("", include("volunteers.urls.rota")),
    path("", include("volunteers.urls.cover")),
    path("", include("volunteers.urls.bookings")),
    path("", include("volunteers.urls.expenses")),
    path("", include("volunteers.urls.training")),
    path("", include("volunteers.urls.thanks")),
    path("", include("volunteers.urls.feeds")),
]
