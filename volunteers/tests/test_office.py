"""What of volunteering the office sees: nobody who was referred, nothing written in confidence."""

from django.contrib import admin

from volunteers.models import Booking, CalendarFeed, ClinicMonth, ExitAnswer, ThankYouLetter, VolunteerReference

IN_CONFIDENCE = {Booking, CalendarFeed, ClinicMonth, ExitAnswer, ThankYouLetter, VolunteerReference}


def test_the_office_has_pages_of_volunteering_and_none_of_what_is_confidential() -> None:
    pages = {model for model in admin.site._registry if model._meta.app_label == "volunteers"}
    assert len(pages) > 10
    assert pages & IN_CONFIDENCE == set()
