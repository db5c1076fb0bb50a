"""Addresses of pages that belong to other parts of volunteering, for mails and buttons."""

from django.urls import NoReverseMatch, reverse

from volunteers.models import ClinicSession

BOOKINGS_TO_OFFER = "/volunteers/bookings/to-offer/"


def cover_path(session: ClinicSession) -> str:
    """Where the coordinator asks others to cover a session; empty where that cannot be asked."""
    try:
        return reverse("cover_ask", kwargs={"session_id": session.pk})
    except NoReverseMatch:
        return ""
