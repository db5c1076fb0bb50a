"""Logs the cast in, without passwords and second factors, and looks up what it will ask for."""

import random
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as USER_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count

from bench.cases import MANY_CONTACTS
from bench.cast import Cast
from bench.events import TO_COME, TODAY
from directory.models import OutwardCode, Postcode, Service
from events.models import ProgrammeItem, Ticket, TicketType
from members.middleware import SESSION_KEY as SECOND_FACTOR_SESSION_KEY
from members.models import Community, Invoice, Membership, Role, Topic, User, Workplace
from referrals.models import Episode, Referral
from volunteers.models import Shift, Volunteer

Audience = TicketType.Audience
TOWNS = 200  # places that are searched near to, as far as there are so many
LISTINGS = 300  # that are looked at


def log_in() -> Cast:
    """Choose the first link worker and practice of the first two networks of a filled database, and log them in."""
    here, elsewhere = Workplace.objects.filter(kind=Workplace.Kind.NETWORK).order_by("pk")[:2]
    link_worker, practice = _link_worker(here), _practice_staff(here)
    other_link_worker, other_practice = _link_worker(elsewhere), _practice_staff(elsewhere)
    active = Episode.objects.open().exclude(first_contact_at=None).order_by("pk")
    many = active.held_by(link_worker).annotate(many=Count("contacts")).filter(many__gte=MANY_CONTACTS)
    return Cast(
        link_worker=_session(link_worker),
        practice=_session(practice),
        other_link_worker=_session(other_link_worker),
        other_practice=_session(other_practice),
        case=many[0].reference,
        referral=Referral.objects.filter(submitted_by=practice, state="active").order_by("pk")[0].reference,
        other_cases=list(active.held_by(other_link_worker).values_list("reference", flat=True)),
        **_directory(),
        **_members(),
        **_rota(),
        **_events(),
    )


def _directory() -> dict[str, Any]:
    """The same towns and listings each time for one directory."""
    chance = random.Random(20_261_122)
    names = sorted({(each.name, each.code) for each in OutwardCode.objects.all()})
    chosen = [pair[number % 2] for number, pair in enumerate(chance.sample(names, min(TOWNS * 3 // 4, len(names))))]
    postcodes = Postcode.objects.order_by("pk").values_list("pk", flat=True)
    chosen += chance.sample(list(postcodes), min(TOWNS // 4, len(postcodes)))
    listings = list(Service.objects.listed().order_by("pk").values_list("slug", "pk"))
    some = chance.sample(listings, min(LISTINGS, len(listings)))
    return {
        "services": Service.objects.count(),
        "towns": chosen,
        "slugs": [slug for slug, _ in some],
        "service_ids": [str(pk) for _, pk in some],
    }


def _members() -> dict[str, Any]:
    """Somebody current who pays, an employer's contact, the office, and the longest talk."""
    people = Membership.objects.in_force().filter(invoices__isnull=False).select_related("user", "contact")
    member = people.filter(user__isnull=False, sponsor=None).order_by("pk")[0]
    employer = people.filter(user=None).order_by("pk")[0]
    assert member.user
    assert employer.contact
    topic = Topic.objects.filter(community__kind=Community.Kind.NATIONAL).order_by("-reply_count", "pk")[0]
    return {
        "community": topic.community.slug,
        "topic": topic.pk,
        "member": _session(member.user),
        "contact": _session(employer.contact),
        "office": _session(User.objects.filter(posts__role=Role.ADMINISTRATOR).order_by("pk")[0]),
        "membership_number": member.number,
        "employer_number": employer.number,
        "invoice": Invoice.objects.filter(membership=member).order_by("pk")[0].number,
    }


def _rota() -> dict[str, Any]:
    """The coordinator, and a volunteer with shifts to come."""
    helper = Volunteer.objects.filter(shifts__in=Shift.objects.to_come()).select_related("user").order_by("pk")[0]
    assert helper.user
    return {
        "coordinator": _session(User.objects.filter(posts__role=Role.COORDINATOR).order_by("pk")[0]),
        "volunteer": _session(helper.user),
    }


def _events() -> dict[str, Any]:
    """What is booked at the event to come, and scanned at the one that is on today."""
    types = TicketType.objects.filter(event__slug=TO_COME)
    return {
        "event": TO_COME,
        "sold": [types.get(audience=audience).pk for audience in (Audience.NON_MEMBER, Audience.FREE)],
        "event_today": TODAY,
        "scan_codes": list(Ticket.objects.filter(event__slug=TODAY).order_by("pk").values_list("code", flat=True)),
        "sessions": list(ProgrammeItem.objects.filter(event__slug=TODAY).order_by("pk").values_list("pk", flat=True)),
    }


def _link_worker(network: Workplace) -> User:
    return User.objects.filter(posts__workplace=network, posts__role=Role.LINK_WORKER).order_by("pk")[0]


def _practice_staff(network: Workplace) -> User:
    posts = {"posts__workplace__parent": network, "posts__role": Role.PRACTICE_STAFF}
    return User.objects.filter(**posts).order_by("pk")[0]


def _session(user: User) -> str:
    """The cookie of a session in which this person has logged in with a second factor."""
    session = SessionStore()
    session[USER_SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SECOND_FACTOR_SESSION_KEY] = True
    session.create()
    return str(session.session_key)
