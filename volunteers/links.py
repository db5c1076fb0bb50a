"""Addresses of pages that belong to other parts of volunteering, for mails and buttons."""

from django.urls import reverse

from volunteers.models import ClinicSession

BOOKINGS_TO_OFFER = "/volunteers/bookings/to-offer/"


def cover_path(session: ClinicSession) -> str:
    """Where the coordinator asks others to cover a session."""
    return reverse("cover_ask_session", kwargs={"session_id": session.pk})
