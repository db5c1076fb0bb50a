"""Mails about people booked into clinics. They hold a link, and nothing about whom."""

from referrals.mailing import network_addresses, page, practice_addresses, send
from referrals.models import CareContact
from volunteers.models import Booking


def offer_lapsed(booking: Booking) -> None:
    """To the practice and the case's holder: a time that was kept was given back, and somebody has none now."""
    referral = booking.referral
    to = practice_addresses(referral) | network_addresses(referral.network, referral.episode.holder)
    send("booking-offer-lapsed", booking.pk, to, path=page("bookings_to_offer"))


def take_over(booking: Booking, contact: CareContact) -> None:
    """To the case's holder: a volunteer asks them to take over."""
    episode = booking.referral.episode
    send(
        "booking-take-over",
        contact.pk,
        network_addresses(booking.referral.network, episode.holder),
        by=contact.by,
        path=page("referral", episode.reference),
    )
