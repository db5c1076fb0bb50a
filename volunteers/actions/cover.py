"""Looking for somebody to take a shift or a free place: asked three at a time, until one says yes."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.mail_kinds import frequencies
from members.models import Frequency, User
from volunteers import permissions
from volunteers.actions._shifts import add_shift, deal, end_shift, lock_session, lock_shift, lock_volunteers
from volunteers.emails import cover as emails
from volunteers.emails import swaps as swap_emails
from volunteers.models import Booking, ClinicSession, CoverAsk, CoverRequest, Shift, Swap, Volunteer
from volunteers.suggest import Suggestion, ranked

AT_A_TIME = 3
State, Answer = CoverRequest.State, CoverAsk.Answer


@transaction.atomic
def ask_for_shift(shift: Shift, *, reason: str = "", give_up: bool = False, by: User) -> CoverRequest:
    """Asks colleagues to take a shift; mails the first three. Its volunteer keeps it until one accepts, or gives it up
    at once with `give_up`: then it is the session's free place that is asked for.

    Raises PermissionDenied, and Refused when the shift was given up or has begun, and when cover is asked for already.
    """
    shift = lock_shift(shift.pk)
    if not permissions.can_ask_cover(by, shift) or (give_up and not permissions.can_act_as(by, shift.volunteer)):
        raise PermissionDenied
    if shift.ended_at:
        raise Refused("This shift was given up already.")
    if shift.has_begun:
        raise Refused("This shift has begun. Ring your coordinator.")
    request = shift.cover_requests.select_for_update().filter(state=State.OPEN).first()
    if request and not give_up:
        raise Refused("Colleagues are being asked already. You hear as soon as one says yes.")
    if not give_up:
        return _open(shift.session, shift, reason, by)
    end_shift(shift, reason=Shift.Ended.GIVEN_UP, by=by)
    if request:
        request.session, request.shift, request.asked_by = shift.session, None, by
        request.place = _free_number(shift.session)
        request.save(update_fields=["shift", "asked_by", "place"])
    else:
        request = _open(shift.session, None, reason, by)
    close_what_is_void(sessions=[shift.session_id])
    return request


@transaction.atomic
def ask_for_session(session: ClinicSession, *, reason: str = "", by: User) -> CoverRequest:
    """Asks for somebody to take a free place of a session; mails the first three.

    Raises PermissionDenied, and Refused when it was cancelled or has begun, and when somebody is asked for each of its
    free places already.
    """
    session = lock_session(session.pk)
    if not permissions.can_coordinate(by, session.clinic.practice):
        raise PermissionDenied
    if session.is_cancelled:
        raise Refused("This session was cancelled.")
    if session.has_begun:
        raise Refused("This session has begun.")
    if not session.free:
        raise Refused("All places on this session are taken.")
    if session.cover_requests.filter(state=State.OPEN, shift=None).count() >= session.free:
        raise Refused("Colleagues are being asked for every free place already.")
    return _open(session, None, reason, by)


def _open(session: ClinicSession, shift: Shift | None, reason: str, by: User) -> CoverRequest:
    place = 0 if shift else _free_number(session)
    request = CoverRequest.objects.create(session=session, shift=shift, place=place, reason=reason, asked_by=by)
    record("cover.asked", by=by, subject=request, facts={"session": session.pk, "shift": shift and shift.pk})
    _ask_next(request)
    return request


def _free_number(session: ClinicSession) -> int:
    used = set(session.cover_requests.filter(state=State.OPEN, shift=None).values_list("place", flat=True))
    return next(number for number in range(1, len(used) + 2) if number not in used)


def who_would_be_asked(session: ClinicSession, but: User | None = None) -> list[Suggestion]:
    """Those whom the next requests would reach, first to be asked first; never `but`."""
    found: dict[int, Suggestion] = {}
    for each in ranked(session):
        if each.volunteer.user_id and (but is None or each.volunteer.user_id != but.pk):
            found.setdefault(each.volunteer.user_id, each)
    wishes = frequencies(emails.KIND, found)
    return [each for user_id, each in found.items() if wishes[user_id] != Frequency.OFF]


def _ask_next(request: CoverRequest) -> int:
    """Asks the next three, or tells the coordinators that nobody is left; how many were asked. It is locked, and its
    session, and it is live.
    """
    asked = set(request.asks.values_list("volunteer__user_id", flat=True)) | {request.asked_by_id}
    left = who_would_be_asked(request.session, request.shift.user if request.shift else None)
    chosen = [each.volunteer for each in left if each.volunteer.user_id not in asked][:AT_A_TIME]
    now = timezone.now()
    if not chosen:
        request.next_round_at, request.exhausted_at = None, now
        request.save(update_fields=["next_round_at", "exhausted_at"])
        record("cover.nobody_left", by=None, subject=request)
        emails.nobody_left(request)
        return 0
    request.round += 1
    request.next_round_at = now + patience(request.session.starts_at - now)
    request.save(update_fields=["round", "next_round_at"])
    for volunteer in chosen:
        emails.asked(CoverAsk.objects.create(request=request, volunteer=volunteer, round=request.round, asked_at=now))
    record("cover.round", by=None, subject=request, facts={"volunteers": [volunteer.pk for volunteer in chosen]})
    return len(chosen)


def patience(left: dt.timedelta) -> dt.timedelta:
    """How long is waited for an answer before the next are asked, by how long is left until it begins."""
    if left <= dt.timedelta(hours=12):
        return dt.timedelta(hours=1)
    return dt.timedelta(hours=4 if left <= dt.timedelta(hours=48) else 24)


def ask_further() -> int:
    """Closes what is void, and asks the next three wherever nobody answered in time. Returns how many were asked."""
    close_what_is_void()
    due = CoverRequest.objects.live().filter(next_round_at__lte=timezone.now())
    return sum(_ask_if_due(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _ask_if_due(pk: int) -> int:
    request = _locked(pk)
    due = request.is_live and request.next_round_at is not None and request.next_round_at <= timezone.now()
    return _ask_next(request) if due else 0


@transaction.atomic
def accept(request: CoverRequest, *, by: User) -> Shift:
    """Says yes: the shift is theirs, and whoever was booked with the one before is booked with them.

    Raises PermissionDenied when they were not asked, and Refused, having changed nothing, when somebody was quicker,
    nobody is wanted any more, or they cannot be on the session.
    """
    lock_volunteers(Volunteer.objects.of(by).filter(pk__in=request.asks.values("volunteer")))
    request = _locked(request.pk)
    ask = _own_ask(request, by)
    if request.state == State.COVERED and request.covered_by:
        if request.covered_by.user_id == by.pk:
            raise Refused("You said yes already, and the shift is yours.")
        raise Refused(f"{request.covered_by.volunteer.short_name} was quicker, thank you. You need not come.")
    _still_wanted(request)
    if request.shift:
        (new,) = hand_over([(request.shift, ask.volunteer)], reason=Shift.Ended.COVERED, how=Shift.How.COVER, by=by)
    else:
        new = add_shift(request.session, ask.volunteer, how=Shift.How.COVER, by=by)
    _answer(ask, Answer.YES)
    _close(request, State.COVERED, by=by, shift=new)
    record("cover.covered", by=by, subject=request, facts={"volunteer": ask.volunteer_id, "shift": new.pk})
    emails.yours(request, new)
    tell = [request.asked_by, *([request.shift.user] if request.shift else [])]
    emails.covered(request, new, dict.fromkeys(tell))
    _tell_the_others(request, f"{new.volunteer.short_name} covers it.")
    close_what_is_void(sessions=[request.session_id])
    return new


@transaction.atomic
def decline(request: CoverRequest, *, by: User) -> CoverAsk:
    """Says no; when all have, the next three are asked at once.

    Raises PermissionDenied when they were not asked, and Refused when they said yes.
    """
    request = _locked(request.pk)
    return _decline(request, _own_ask(request, by), by)


@transaction.atomic
def decline_by_link(ask_id: int) -> CoverAsk:
    """The same for whoever opened the link of their own mail. Raises Refused when they said yes."""
    request = _locked(CoverAsk.objects.values_list("request_id", flat=True).get(pk=ask_id))
    ask = request.asks.select_related("volunteer__user").get(pk=ask_id)
    return _decline(request, ask, ask.volunteer.user)


def _decline(request: CoverRequest, ask: CoverAsk, by: User | None) -> CoverAsk:
    if ask.answer == Answer.YES:
        raise Refused("You said yes, and the shift is yours. If you cannot come after all, ask for cover.")
    if ask.answer == Answer.NO or not request.is_live:
        return ask  # nothing waits for it
    _answer(ask, Answer.NO)
    record("cover.declined", by=by, subject=request, facts={"volunteer": ask.volunteer_id})
    if not request.exhausted_at and not request.asks.filter(answer="").exists():
        _ask_next(request)
    return ask


@transaction.atomic
def withdraw(request: CoverRequest, *, by: User) -> CoverRequest:
    """Nobody is needed after all; whoever has not answered is told.

    Raises PermissionDenied, and Refused when somebody has accepted or it was over already.
    """
    request = _locked(request.pk)
    if not permissions.can_withdraw_cover(by, request):
        raise PermissionDenied
    if request.covered_by:
        raise Refused(f"{request.covered_by.volunteer.short_name} has said yes meanwhile, and comes.")
    _still_wanted(request)
    _close(request, State.WITHDRAWN, by=by)
    record("cover.withdrawn", by=by, subject=request)
    _tell_the_others(request, "It is not needed any more.")
    return request


def close_what_is_void(*, sessions: Iterable[int] | None = None) -> int:
    """Closes requests and swaps that stand open although they cannot take place: a session was cancelled or has begun,
    a shift has ended, a place is taken. Of these sessions, or of all; returns how many. Safe to run at any time.

    Locks these rows alone, in the order of their ids: whoever changes one for another reason has its sessions locked.
    """
    requests, swaps = CoverRequest.objects.void(), Swap.objects.void()
    if sessions is not None:
        of = list(sessions)
        requests = requests.filter(session__in=of)
        swaps = swaps.filter(Q(mine__session__in=of) | Q(theirs__session__in=of))
    ids = list(requests.order_by("pk").values_list("pk", flat=True))
    swap_ids = list(swaps.order_by("pk").values_list("pk", flat=True))
    return sum(_close_if_void(pk) for pk in ids) + sum(_close_swap_if_void(pk) for pk in swap_ids)


@transaction.atomic
def _close_if_void(pk: int) -> int:
    request = (
        CoverRequest.objects.select_for_update(of=("self",))
        .select_related("session__clinic__practice", "shift", "asked_by")
        .get(pk=pk)
    )
    if request.state != State.OPEN or not request.why_void:
        return 0
    why = request.why_void
    _close(request, State.EXPIRED, by=None, why=why)
    record("cover.expired", by=None, subject=request, summary=why)
    if not request.session.has_begun:
        _tell_the_others(request, why)
    return 1


@transaction.atomic
def _close_swap_if_void(pk: int) -> int:
    swap = (
        Swap.objects.select_for_update(of=("self",))
        .select_related(*(f"{side}__{rest}" for side in ("mine", "theirs") for rest in SHIFT))
        .get(pk=pk)
    )
    if swap.state not in Swap.OPEN or not swap.why_void:
        return 0
    swap.state, swap.closed_at, swap.why_closed = Swap.State.EXPIRED, timezone.now(), swap.why_void
    swap.save(update_fields=["state", "closed_at", "why_closed"])
    record("swap.expired", by=None, subject=swap, summary=swap.why_closed)
    tell = [shift.user for shift in (swap.mine, swap.theirs) if not shift.has_begun]
    swap_emails.closed(swap, tell, swap.why_closed)
    return 1


SHIFT = ("volunteer", "user", "session__clinic__practice")


def hand_over(shifts: list[tuple[Shift, Volunteer]], *, reason: str, how: str, by: User) -> list[Shift]:
    """Ends these shifts and puts each one's successor in its place, with whoever was booked: all or nothing. The shifts
    and their sessions are locked, so no place is free for anybody else in between. Returns the new shifts.

    All places are freed before one is taken: a full session is no reason to refuse, nor is it to be here and there.
    Raises what `add_shift` and `end_shift` raise.
    """
    booked = [list(shift.bookings.standing().values_list("pk", flat=True)) for shift, _ in shifts]
    for shift, _ in shifts:
        end_shift(shift, reason=reason, by=by)
    new = [add_shift(shift.session, successor, how=how, by=by) for shift, successor in shifts]
    for successor, theirs in zip(new, booked, strict=True):
        Booking.objects.filter(pk__in=theirs).update(shift=successor)
        deal(successor.session)
    return new


def _locked(pk: int) -> CoverRequest:
    """The request as it is now; its session, its shift and itself are locked, in this order."""
    session_id, shift_id = CoverRequest.objects.values_list("session_id", "shift_id").get(pk=pk)
    shift = lock_shift(shift_id) if shift_id else None
    session = shift.session if shift else lock_session(session_id)
    request = (
        CoverRequest.objects.select_for_update(of=("self",))
        .select_related("asked_by", "covered_by__volunteer")
        .get(pk=pk)
    )
    request.session, request.shift = session, shift
    return request


def _own_ask(request: CoverRequest, by: User) -> CoverAsk:
    ask = request.asks.select_related("volunteer__user").filter(volunteer__user=by).first()
    if ask is None:
        raise PermissionDenied
    return ask


def _still_wanted(request: CoverRequest) -> None:
    if not request.is_live:
        raise Refused(f"This is not needed any more. {request.why_over}".strip())


def _answer(ask: CoverAsk, answer: str) -> None:
    ask.answer, ask.answered_at = answer, timezone.now()
    ask.save(update_fields=["answer", "answered_at"])


def _close(request: CoverRequest, state: str, *, by: User | None, why: str = "", shift: Shift | None = None) -> None:
    request.state, request.closed_at, request.closed_by = state, timezone.now(), by
    request.why_closed, request.covered_by, request.next_round_at = why, shift, None
    request.save(update_fields=["state", "closed_at", "closed_by", "why_closed", "covered_by", "next_round_at"])


def _tell_the_others(request: CoverRequest, why: str) -> None:
    for ask in request.asks.filter(answer="").select_related("volunteer__user"):
        ask.request = request
        emails.over(ask, why)
