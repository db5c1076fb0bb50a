"""Mails about clinics and their sessions. None says who is booked: that is behind the link."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from linkworkers.outbox.actions import Draft, queue_all
from members.models import Post, Role, User, Workplace
from volunteers.models import Booking, Clinic, ClinicSession, coordinators_of


@dataclass
class News:
    """What one deed changes in sessions of a clinic, gathered so that everybody gets one mail.

    `volunteers` has sentences for each. `released` are bookings that were cancelled, `offered` the ones kept for some
    of the same people, `moved` those that have another time or room.
    """

    clinic: Clinic
    volunteers: dict[User, list[str]] = field(default_factory=lambda: defaultdict(list))
    released: list[Booking] = field(default_factory=list)
    offered: list[Booking] = field(default_factory=list)
    moved: list[Booking] = field(default_factory=list)

    def tell(self) -> None:
        """Writes the mails."""
        queue_all([*self._to_volunteers(), *self._to_practices()])

    def _to_volunteers(self) -> Iterable[Draft]:
        for person, sentences in self.volunteers.items():
            context = {"person": person, "clinic": self.clinic, "sentences": sentences, "path": reverse("my_shifts")}
            yield _draft("sessions-changed", f"{self.clinic.pk}:{person.pk}:{_now()}", person.email, context)

    def _to_practices(self) -> Iterable[Draft]:
        by_practice: dict[Workplace, list[Booking]] = defaultdict(list)
        for booking in [*self.released, *self.moved]:
            by_practice[booking.referral.practice].append(booking)
        kept = {booking.replaces_id for booking in self.offered}
        released = {booking.pk for booking in self.released}
        for practice, bookings in by_practice.items():
            lost = [booking.pk for booking in bookings if booking.pk in released]
            context = {
                "clinic": self.clinic,
                "released": len(lost),
                "offered": len(kept.intersection(lost)),
                "moved": len(bookings) - len(lost),
                "path": reverse("bookings_to_offer") if lost else reverse("session", args=[bookings[0].session_id]),
            }
            key = f"{bookings[0].pk}:{_now()}"
            for address in booked_by(practice, bookings):
                yield _draft("bookings-changed", f"{key}:{address}", address, context)


def rooms_are_taken(sessions: Mapping[Clinic, list[ClinicSession]]) -> None:
    """To the coordinators of each clinic: these sessions have no room, for it is taken then."""
    drafts = []
    for clinic, some in sessions.items():
        context = {
            "clinic": clinic,
            "room": clinic.room,
            "days": [in_words(session) for session in some],
            "path": reverse("clinic", args=[clinic.pk]),
        }
        for address in coordinators_of(clinic.practice).values_list("email", flat=True):
            drafts.append(_draft("clinic-without-room", f"{some[0].pk}:{some[-1].ends_at}:{address}", address, context))
    queue_all(drafts)


def in_words(session: ClinicSession) -> str:
    """ "Tuesday 3 March, 09:00 to 12:00", in London."""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{starts:%A} {starts.day} {starts:%B}, {starts:%H:%M} to {ends:%H:%M}"


def booked_by(practice: Workplace, bookings: Iterable[Booking]) -> list[str]:
    """Where a practice is told of its bookings: its shared mailbox; else whoever booked and still works with it; else
    its staff; else the link workers of its network.
    """
    if practice.email:
        return [practice.email]
    here = Post.objects.current().filter(workplace__in=[practice.pk, practice.parent_id or practice.pk])
    staff = here.filter(workplace=practice, role=Role.PRACTICE_STAFF)
    who = here.filter(
        user__in={booking.booked_by_id for booking in bookings}, role__in=[Role.PRACTICE_STAFF, Role.LINK_WORKER]
    )
    for posts in (who, staff, here.filter(role=Role.LINK_WORKER)):
        if found := sorted(set(posts.values_list("user__email", flat=True))):
            return found
    return []


def _draft(kind: str, about: str, to: str, context: Mapping[str, Any]) -> Draft:
    return Draft(key=f"{kind}:{about}", kind=kind, to=to, template=kind, context=context)


def _now() -> str:
    return timezone.now().isoformat()
