"""Whatever is asked, answered, swapped, given up, paused and cancelled, in whichever order: what always holds."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkworkers.actions import Refused
from members.models import User, Workplace
from volunteers.actions import cover, journey_own, rota, sessions, swaps
from volunteers.factories import BookingFactory, ClinicFactory, ClinicSessionFactory, ShiftFactory, VolunteerRoleFactory
from volunteers.factories_cover import colleague_at
from volunteers.models import Booking, ClinicSession, CoverAsk, CoverRequest, Shift, Swap

pytestmark = pytest.mark.django_db

NAMES = ("Tom", "Rose", "Ann", "Bea")
DEEDS = (
    "ask", "ask and give up", "ask for place", "accept", "decline", "withdraw", "further", "offer", "accept swap",
    "approve", "refuse swap", "withdraw swap", "give up", "pause", "come back", "cancel", "void",
)  # fmt: skip
STEP = st.tuples(st.sampled_from(DEEDS), st.integers(0, 3), st.integers(0, 3))


class World:
    """Four volunteers, and three sessions of two clinics, two of them at the same time. Swaps of one are approved."""

    def __init__(self, coordinator: User, practice: Workplace) -> None:
        role = VolunteerRoleFactory()
        strict = ClinicFactory(practice=practice, role=role, places=2, at_once=2, swaps_need_approval=True)
        easy = ClinicFactory(practice=practice, role=role)
        self.by = coordinator
        self.people = [colleague_at(practice, role, name=name) for name in NAMES]
        first = ClinicSessionFactory(clinic=strict)
        later = first.starts_at + timezone.timedelta(days=1)
        self.sessions = [first, ClinicSessionFactory(clinic=easy), ClinicSessionFactory(clinic=easy, starts_at=later)]
        for session, volunteer in zip(self.sessions, self.people, strict=False):
            BookingFactory(session=session, shift=ShiftFactory(session=session, volunteer=volunteer))

    def do(self, deed: str, who: int, what: int) -> None:
        """One deed, as whoever `who` is, to the thing of number `what`; nothing where there is no such thing."""
        person = self.people[who]
        session = self.sessions[what % 3]
        shifts = list(Shift.objects.order_by("-pk")[:8])
        shift = shifts[(who * 4 + what) % len(shifts)]
        other = shifts[what % len(shifts)]
        request = CoverRequest.objects.order_by("-pk").all()[what : what + 1].first()
        swap = Swap.objects.order_by("-pk").all()[what : what + 1].first()
        deeds: dict[str, Callable[[], object]] = {
            "ask": lambda: cover.ask_for_shift(shift, by=shift.user),
            "ask and give up": lambda: cover.ask_for_shift(shift, give_up=True, by=shift.user),
            "ask for place": lambda: cover.ask_for_session(session, by=self.by),
            "accept": lambda: request and cover.accept(request, by=person.user),
            "decline": lambda: request and cover.decline(request, by=person.user),
            "withdraw": lambda: request and cover.withdraw(request, by=self.by),
            "further": lambda: CoverRequest.objects.update(next_round_at=timezone.now()) and cover.ask_further(),
            "offer": lambda: shift.pk != other.pk and swaps.offer(shift, other, by=shift.user),
            "accept swap": lambda: swap and swaps.accept(swap, by=swap.theirs.user),
            "approve": lambda: swap and swaps.approve(swap, by=self.by),
            "refuse swap": lambda: swap and swaps.refuse(swap, by=self.by),
            "withdraw swap": lambda: swap and swaps.withdraw(swap, by=swap.mine.user),
            "give up": lambda: rota.give_up(shift, why="away", by=shift.user),
            "pause": lambda: journey_own.pause(person, by=self.by),
            "come back": lambda: journey_own.return_(person, by=self.by),
            "cancel": lambda: sessions.cancel_session(session, reason="Flooded", by=self.by),
            "void": cover.close_what_is_void,
        }
        try:
            with transaction.atomic():
                deeds[deed]()
        except (Refused, PermissionDenied):
            pass

    def holds(self) -> None:
        for session in ClinicSession.objects.all():
            assert session.taken == session.shifts.standing().count() <= session.places
        standing = list(Shift.objects.standing().select_related("session", "volunteer"))
        for one in standing:
            assert not one.session.is_cancelled
            assert one.volunteer.is_active
            for two in standing:
                apart = one.ends_at <= two.starts_at or two.ends_at <= one.starts_at
                assert one.pk == two.pk or one.user_id != two.user_id or apart
        for booking in Booking.objects.standing().select_related(
            "session", "shift", "appointment", "referral__episode"
        ):
            assert not booking.session.is_cancelled
            if booking.shift:
                assert booking.shift.ended_at is None
                assert booking.shift.session_id == booking.session_id
            sees = booking.shift.user_id if booking.shift else booking.referral.episode.holder_id
            if booking.state != Booking.State.HELD:
                assert booking.appointment is not None
                assert booking.appointment.with_user_id == sees
            assert booking.shift or not booking.session.taken
        for request in CoverRequest.objects.all():
            assert request.asks.filter(answer=CoverAsk.Answer.YES).count() == (request.state == "covered")
        live = set(CoverRequest.objects.live())
        assert live == {each for each in CoverRequest.objects.all() if each.is_live}
        assert set(Swap.objects.live()) == {each for each in Swap.objects.all() if each.is_live}
        for each in (*CoverRequest.objects.live(), *Swap.objects.live()):
            shifts = [each.shift] if isinstance(each, CoverRequest) else [each.mine, each.theirs]
            assert all(shift is None or shift.ended_at is None for shift in shifts)


@given(st.lists(STEP, min_size=6, max_size=14))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_done_in_whichever_order(
    coordinator: User, practice: object, steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        world = World(coordinator, practice)
        for step in steps:
            world.do(*step)
            world.holds()
        cover.close_what_is_void()
        assert not CoverRequest.objects.void().exists()
        assert not Swap.objects.void().exists()
        transaction.set_rollback(True)
