"""Codes on certificates of attendance: whoever holds the paper can ask whether it is true."""

import re

from django.utils.crypto import constant_time_compare, salted_hmac

from events.models import Ticket
from members.models.course import CODE_LETTERS

SALT = "events.certificates"
SIGNED = 12  # letters


def code_of(ticket: Ticket) -> str:
    """The ticket's number and twelve letters that only we can make of it."""
    digest = int.from_bytes(salted_hmac(SALT, str(ticket.pk), algorithm="sha256").digest(), "big")
    letters = ""
    for _ in range(SIGNED):
        digest, letter = divmod(digest, len(CODE_LETTERS))
        letters += CODE_LETTERS[letter]
    return f"{ticket.pk}-{'-'.join(re.findall('.{4}', letters))}"


def ticket_of(code: str) -> Ticket | None:
    """Whose certificate has this code, if somebody came with that ticket and the event is over; None otherwise."""
    number, _, letters = code.upper().replace("-", " ", 1).partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found = Ticket.objects.arrived().select_related("event").filter(pk=int(number)).first()
    if found is None or not found.event.is_over or found.event.is_cancelled:
        return None
    return found if constant_time_compare(code_of(found), f"{number}-{letters}") else None
