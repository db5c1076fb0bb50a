"""Two at the same moment, each over a connection of their own: one of them has it, and the other is told so."""

from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from members.models import User, Workplace
from referrals.tests.race import race
from volunteers.actions import cover, journey_own, swaps
from volunteers.actions._shifts import add_shift, end_shift, lock_session
from volunteers.actions.retention import erase
from volunteers.factories import BookingFactory, ClinicFactory, ClinicSessionFactory, ShiftFactory
from volunteers.factories_cover import colleague_at, shift_beside
from volunteers.models import ClinicSession, CoverRequest, Shift, Swap, Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shift(practice: Workplace) -> Shift:
    """Tom's, on the one place of a session in three days, with somebody booked."""
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=practice))
    shift = ShiftFactory(session=session, volunteer=colleague_at(practice, session.clinic.role, name="Tom Ashby"))
    BookingFactory(session=session, shift=shift)
    return shift


@pytest.fixture
def rose(shift: Shift) -> Volunteer:
    return colleague_at(shift.volunteer.workplace, shift.session.clinic.role)


@pytest.fixture
def ann(shift: Shift) -> Volunteer:
    return colleague_at(shift.volunteer.workplace, shift.session.clinic.role, name="Ann Lee")


def at_once(shift: Shift, *jobs: object) -> tuple[list[object], list[str]]:
    """What the jobs returned, and what was refused to whom; nothing else is raised."""
    done = race(ClinicSession.objects.filter(pk=shift.session_id), *jobs)
    assert all(isinstance(each, Refused) or not isinstance(each, Exception) for each in done), done
    return done, [str(each) for each in done if isinstance(each, Refused)]


def cancel(session: ClinicSession) -> None:
    """As the session is cancelled by its coordinator."""
    with transaction.atomic():
        session = lock_session(session.pk)
        session.bookings.standing().update(state="cancelled", cancelled_at=timezone.now())
        for each in session.shifts.standing().select_for_update(of=("self",)):
            each.session = session
            end_shift(each, reason=Shift.Ended.CANCELLED, by=None)
        ClinicSession.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())


def sign_up(session: ClinicSession, volunteer: Volunteer) -> Shift:
    with transaction.atomic():
        return add_shift(lock_session(session.pk), volunteer, how=Shift.How.SIGNED_UP, by=volunteer.user)


def on(shift: Shift) -> list[str]:
    return [str(each.volunteer) for each in shift.session.shifts.standing()]


def test_of_two_who_accept_at_once_one_has_it(shift: Shift, rose: Volunteer, ann: Volunteer) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    _, refused = at_once(
        shift, partial(cover.accept, request, by=rose.user), partial(cover.accept, request, by=ann.user)
    )
    assert refused == ["Rose was quicker, thank you. You need not come."]
    assert on(shift) == ["Rose Bell"]
    assert shift.session.bookings.get().appointment.with_user == rose.user


def test_a_free_place_goes_to_one_of_two(shift: Shift, rose: Volunteer, ann: Volunteer) -> None:
    request = cover.ask_for_shift(shift, give_up=True, by=shift.user)
    _, refused = at_once(shift, partial(cover.accept, request, by=rose.user), partial(sign_up, shift.session, ann))
    assert len(refused) == 1
    assert on(shift) == ["Rose Bell"]


def test_a_third_never_gets_in_between(shift: Shift, rose: Volunteer, ann: Volunteer) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    _, refused = at_once(shift, partial(sign_up, shift.session, ann), partial(cover.accept, request, by=rose.user))
    assert refused == ["All places on this session are taken. Somebody was quicker."]
    assert on(shift) == ["Rose Bell"]


@pytest.mark.parametrize("first", ["accept", "withdraw"])
def test_accepting_while_it_is_withdrawn(first: str, shift: Shift, rose: Volunteer) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    jobs = {
        "accept": partial(cover.accept, request, by=rose.user),
        "withdraw": partial(cover.withdraw, request, by=shift.user),
    }
    _, refused = at_once(shift, *([jobs.pop(first), *jobs.values()]))
    assert len(refused) == 1
    assert on(shift) == (["Rose Bell"] if first == "accept" else ["Tom Ashby"])


@pytest.mark.parametrize("first", ["accept", "cancel"])
def test_accepting_while_the_session_is_cancelled(first: str, shift: Shift, rose: Volunteer) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    jobs = {"accept": partial(cover.accept, request, by=rose.user), "cancel": partial(cancel, shift.session)}
    _, refused = at_once(shift, *([jobs.pop(first), *jobs.values()]))
    assert len(refused) == (first == "cancel")
    assert on(shift) == []
    assert cover.close_what_is_void() == (first == "cancel")


def test_the_next_are_asked_once_by_two_tasks(shift: Shift, rose: Volunteer, ann: Volunteer) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    request.asks.all().delete()
    CoverRequest.objects.update(next_round_at=timezone.now())
    done, _ = at_once(shift, cover.ask_further, cover.ask_further)
    assert sorted(done) == [0, 2]


def test_of_two_swaps_of_one_shift_accepted_at_once_one_takes_place(shift: Shift) -> None:
    roses, anns = shift_beside(shift), shift_beside(shift, name="Ann Lee", days=2)
    offers = [(swaps.offer(shift, theirs, by=shift.user), theirs.user) for theirs in (roses, anns)]
    _, refused = at_once(shift, *(partial(swaps.accept, swap, by=user) for swap, user in offers))
    assert len(refused) == 1
    assert (on(shift), on(roses), on(anns)) == (["Rose Bell"], ["Tom Ashby"], ["Ann Lee"])
    assert sorted(Swap.objects.values_list("state", flat=True)) == ["done", "expired"]


@pytest.mark.parametrize("first", ["cover", "swap"])
def test_covering_and_swapping_one_shift_at_once(first: str, shift: Shift, ann: Volunteer) -> None:
    theirs = shift_beside(shift)
    request = cover.ask_for_shift(shift, by=shift.user)
    swap = swaps.offer(shift, theirs, by=shift.user)
    jobs = {
        "cover": partial(cover.accept, request, by=ann.user),
        "swap": partial(swaps.accept, swap, by=theirs.user),
    }
    _, refused = at_once(shift, *([jobs.pop(first), *jobs.values()]))
    assert len(refused) == 1
    assert on(shift) == (["Ann Lee"] if first == "cover" else ["Rose Bell"])
    assert not CoverRequest.objects.filter(state="open").exists()
    assert not Swap.objects.filter(state__in=Swap.OPEN).exists()


def test_when_both_offer_each_other_the_same_swap_there_is_one(shift: Shift) -> None:
    theirs = shift_beside(shift)
    _, refused = at_once(
        shift, partial(swaps.offer, shift, theirs, by=shift.user), partial(swaps.offer, theirs, shift, by=theirs.user)
    )
    assert len(refused) == 1
    assert Swap.objects.count() == 1


def test_an_agreed_swap_is_approved_once(shift: Shift, coordinator: User) -> None:
    theirs = shift_beside(shift)
    shift.session.clinic.swaps_need_approval = True
    shift.session.clinic.save()
    swap = swaps.accept(swaps.offer(shift, theirs, by=shift.user), by=theirs.user)
    _, refused = at_once(
        shift, partial(swaps.approve, swap, by=coordinator), partial(swaps.withdraw, swap, by=theirs.user)
    )
    assert len(refused) == 1
    assert on(shift) == ["Rose Bell"]


@pytest.mark.parametrize("goes", ["pause", "leave", "erase"])
@pytest.mark.parametrize("first", ["goes", "comes"])
@pytest.mark.parametrize("how", ["cover", "swap"])
def test_nobody_is_put_on_who_goes_at_that_moment(
    goes: str, first: str, how: str, shift: Shift, rose: Volunteer
) -> None:
    if how == "cover":
        request = cover.ask_for_shift(shift, by=shift.user)
        comes = partial(cover.accept, request, by=rose.user)
    else:
        theirs = shift_beside(shift, name="Ann Lee")
        rose = theirs.volunteer
        comes = partial(swaps.accept, swaps.offer(shift, theirs, by=shift.user), by=theirs.user)
    leaves = {
        "pause": partial(journey_own.pause, rose, by=rose.user),
        "leave": partial(journey_own.leave, rose, by=rose.user),
        "erase": partial(erase, rose.user),
    }
    jobs = [leaves[goes], comes] if first == "goes" else [comes, leaves[goes]]
    done = race(Volunteer.objects.filter(pk=rose.pk), *jobs)
    assert all(isinstance(each, Refused) or not isinstance(each, Exception) for each in done), done
    assert not Shift.objects.standing().filter(volunteer=rose).exists()
