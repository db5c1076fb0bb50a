"""Events, their programme, tickets and waitlist, and who came."""

from events.models.contribution import (
    BEST,
    LEAST_WORDS,
    MOST_WORDS,
    CallForContributions,
    Contribution,
    ContributionKind,
    Review,
    panel_of,
)
from events.models.event import RESERVED, Event, EventDuty
from events.models.feedback import Feedback, FeedbackGiven, FeedbackQuestion, FeedbackReply, SessionMark
from events.models.needs import AccessNeed, Diet, TicketNeeds
from events.models.order import HELD_FOR, HELD_FOR_CARD, Order, Ticket, TicketTransfer, new_scan_code
from events.models.place import CheckIn, ItemPlace
from events.models.programme import Hall, ProgrammeItem, Speaker, Track, new_key
from events.models.reflection import ENOUGH_WORDS, Introduction, Reflection
from events.models.scan import Scan, hash_of
from events.models.ticket_type import MOST_AT_ONCE, MOST_OF_A_BLOCK, DiscountCode, TicketType
from events.models.waitlist import WaitlistEntry

__all__ = [
    "BEST",
    "ENOUGH_WORDS",
    "HELD_FOR",
    "HELD_FOR_CARD",
    "LEAST_WORDS",
    "MOST_AT_ONCE",
    "MOST_OF_A_BLOCK",
    "MOST_WORDS",
    "RESERVED",
    "AccessNeed",
    "CallForContributions",
    "CheckIn",
    "Contribution",
    "ContributionKind",
    "Diet",
    "DiscountCode",
    "Event",
    "EventDuty",
    "Feedback",
    "FeedbackGiven",
    "FeedbackQuestion",
    "FeedbackReply",
    "Hall",
    "Introduction",
    "ItemPlace",
    "Order",
    "ProgrammeItem",
    "Reflection",
    "Review",
    "Scan",
    "SessionMark",
    "Speaker",
    "Ticket",
    "TicketNeeds",
    "TicketTransfer",
    "TicketType",
    "Track",
    "WaitlistEntry",
    "hash_of",
    "new_key",
    "new_scan_code",
    "panel_of",
]
