"""One function for each decision about events."""

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from events.models import Event, EventDuty, Order, Reflection, Speaker, Ticket, TicketType
from events.models.event import EventQuerySet
from events.models.reflection import ReflectionQuerySet
from linkworkers.outbox.models import NOWHERE
from members.models import Block, Membership, Post, Role, User
from members.permissions import is_member, membership_of, people_in_force

DOOR_AFTER = dt.timedelta(days=2)
Who = TypeVar("Who", bound="User | AnonymousUser")
Audience = TicketType.Audience
# Tickets of these are for one person, who is that by their e-mail address; nobody has two of them.
PERSONAL = frozenset({Audience.MEMBER, Audience.VOLUNTEER, Audience.SPEAKER})


def known(user: "User | AnonymousUser") -> User | None:
    """Whoever is logged in; None for everybody else."""
    return user if isinstance(user, User) else None


def can_run_events(user: User) -> bool:
    """Everything about every event: the office."""
    return user.has_role(Role.ADMINISTRATOR)


def has_duty(user: User, event: Event, duty: EventDuty.Duty) -> bool:
    """Whether somebody was asked to help at this event. One query."""
    return EventDuty.objects.filter(event=event, user=user, duty=duty).exists()


def doors(user: User) -> EventQuerySet:
    """Announced events that take place, and at which this person lets people in: all for the office, and for whoever
    has the door of one until two days after it. What a telephone sends late is taken until then.
    """
    events = Event.objects.public().filter(cancelled_at=None)
    if can_run_events(user):
        return events
    mine = EventDuty.objects.filter(event=OuterRef("pk"), user=user, duty=EventDuty.Duty.DOOR)
    return events.filter(Exists(mine), ends_at__gt=timezone.now() - DOOR_AFTER)


def can_check_in(user: User, event: Event) -> bool:
    """Let people in at this event. One query."""
    return doors(user).filter(pk=event.pk).exists()


def is_attendee(user: User, event: Event) -> bool:
    """Whether somebody has a valid ticket of their own. One query."""
    return Ticket.objects.of(user).valid().filter(event=event).exists()


def can_see_attendees_part(user: User, event: Event) -> bool:
    """The link for joining online, joining instructions, who comes: attendees, and the office."""
    return can_run_events(user) or is_attendee(user, event)


def can_change_order(user: User | None, order: Order) -> bool:
    """Its buyer and the office. Whoever has its link need not be asked: the link is the proof."""
    return user is not None and (order.buyer_id == user.pk or can_run_events(user))


def can_buy_for_employer(user: User | None) -> bool:
    """Whoever looks after an employer's membership that is in force. Most look after none: for them it is one query,
    quickly put together.
    """
    if user is None:
        return False
    kept = Membership.objects.kept_by(user)
    return kept.exists() and kept.in_force().exists()


def offered_types(
    event: Event, user: User | None, types: Iterable[TicketType], speakers: Iterable[Speaker] | None = None
) -> list[TicketType]:
    """Of an event's types, those that this person is shown on the page where tickets are booked.

    Members' and volunteers' are shown to everybody, so that people see what belonging is worth; `why_not_for` decides.
    Speakers' and employers' are shown to those alone. At most two queries, one where all `speakers` are given.
    """
    employer: bool | None = None
    shown = []
    for each in types:
        if each.audience == Audience.SPEAKER:
            if user is not None and speaks(event, user.email, user, speakers):
                shown.append(each)
        elif each.audience == Audience.EMPLOYER:
            if employer is None:
                employer = can_buy_for_employer(user)
            if employer:
                shown.append(each)
        else:
            shown.append(each)
    return shown


def bookable_types(event: Event, user: User | None, types: Iterable[TicketType]) -> list[TicketType]:
    """Of an event's types, those that are on sale and that this person can choose when booking: members' for members,
    volunteers' for volunteers and for members, who may book for them. At most five queries.
    """
    member = user is not None and is_member(user)
    volunteer = user is not None and user.has_role(Role.VOLUNTEER)
    closed = {Audience.MEMBER} if not member else set()
    if not member and not volunteer:
        closed.add(Audience.VOLUNTEER)
    on_sale = [each for each in types if each.is_on_sale and each.audience not in closed]
    return offered_types(event, user, on_sale)


def first_choice(user: User | None, types: Iterable[TicketType]) -> TicketType:
    """The type that this person, who can choose these, most likely wants for themselves: one that is for people like
    them alone; the first of those for everybody otherwise. A member can choose volunteers' tickets for others, and is
    not given one unasked. Raises IndexError when there is none.
    """
    types = list(types)
    volunteer = user is not None and user.has_role(Role.VOLUNTEER)
    foreign = set() if volunteer else {Audience.VOLUNTEER}
    own = [each for each in types if each.audience in PERSONAL - foreign]
    return (own or [each for each in types if each.audience not in foreign] or types)[0]


def speaks(event: Event, email: str, user: User | None = None, speakers: Iterable[Speaker] | None = None) -> bool:
    """Whether this address, or this account, is a speaker's. One query, or none where all `speakers` are given."""
    if speakers is not None:
        own = user.pk if user else 0
        return any(each.user_id == own or each.email.lower() == email.lower() for each in speakers)
    named = Q(email__iexact=email) | (Q(user=user) if user is not None else Q())
    return Speaker.objects.filter(named, event=event).exists()


def why_not_for(event: Event, wished: Iterable[tuple[TicketType, str]], buyer: User | None) -> str:
    """Why tickets of these types cannot be for people with these e-mail addresses, in a sentence for the buyer; empty
    when they can.

    Whether an address is a member's is told to members and the office alone. At most four queries, however many.
    """
    by_audience: dict[str, set[str]] = {}
    for type_, email in wished:
        by_audience.setdefault(type_.audience, set()).add(email)
    if emails := by_audience.get(Audience.MEMBER, set()) | by_audience.get(Audience.VOLUNTEER, set()):
        if buyer is None:
            return "Log in first: tickets for members and volunteers are for people with an account here."
        allowed = {buyer.email} if not _may_ask(buyer) else emails
        if strange := sorted(emails - allowed):
            return f"{strange[0]}: book members’ and volunteers’ tickets for yourself; colleagues book their own."
    if emails := by_audience.get(Audience.MEMBER, set()):
        members = set(people_in_force().filter(email__in=emails).values_list("email", flat=True))
        if strange := sorted(emails - members):
            return (
                f"{strange[0]} is no address of a member. Choose another ticket, or use the address of the membership."
            )
    if emails := by_audience.get(Audience.VOLUNTEER, set()):
        posts = Post.objects.current().filter(role=Role.VOLUNTEER, user__email__in=emails, user__is_active=True)
        if strange := sorted(emails - set(posts.values_list("user__email", flat=True))):
            return f"{strange[0]} is no address of a volunteer. Choose another ticket for them."
    for email in sorted(by_audience.get(Audience.SPEAKER, set())):
        if not speaks(event, email, buyer if buyer and buyer.email == email else None):
            return f"{email} is no address of a speaker at this event. Choose another ticket for them."
    if Audience.EMPLOYER in by_audience and not can_buy_for_employer(buyer):
        return "These tickets are for employers with a membership. Whoever looks after it can book them."
    return ""


def _may_ask(buyer: User) -> bool:
    """Whether somebody may book members' and volunteers' tickets for others: it tells who is one."""
    return people_in_force().filter(pk=buyer.pk).exists()


def can_review(user: User, event: Event) -> bool:
    """Read what was offered to an event, without names, and score it: the office, and whoever is in its panel."""
    return can_run_events(user) or has_duty(user, event, EventDuty.Duty.PANEL)


def stories_for(user: User | None) -> ReflectionQuerySet:
    """The stories that somebody may read: the public ones, for members those of their region, for the office all."""
    if user is not None and can_run_events(user):
        return Reflection.objects.stories()
    membership = membership_of(user) if user is not None else None
    mine = membership is not None and membership.is_in_force
    return Reflection.objects.stories_of(membership.region if membership and mine else "")


def why_not_introduced(user: User, story: Reflection) -> str:
    """Why somebody cannot ask to be introduced to the writer of a story, in a sentence; empty when they can.

    Who is blocked hears no more than who asks somebody that wants none. Two queries.
    """
    if story.user_id == user.pk or story.ticket.email == user.email:
        return "This is your own story."
    if not is_member(user):
        return "Members are introduced to each other. Join, and come back to this story."
    blocked = story.user is not None and Block.objects.between(user, story.user).exists()
    if not story.contactable or blocked or story.ticket.email.endswith(NOWHERE):
        return "The writer of this story cannot be asked just now."
    return ""
