"""Two volunteers exchange their shifts: offered, accepted, approved where the clinic asks for it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from volunteers import permissions
from volunteers.actions._shifts import lock_session, lock_volunteers
from volunteers.actions.cover import close_what_is_void, hand_over
from volunteers.emails import swaps as emails
from volunteers.models import Shift, Swap, Volunteer

State = Swap.State


@transaction.atomic
def offer(mine: Shift, theirs: Shift, *, by: User) -> Swap:
    """Offers one's shift for a colleague's, who is asked by mail.

    Raises PermissionDenied when `mine` is not theirs to give, and Refused when one of the two cannot be on the other's
    session, a shift has ended or begun, or the two are on offer for each other already.
    """
    first, second = _lock_shifts(mine.pk, theirs.pk)
    if not permissions.can_act_as(by, first.volunteer):
        raise PermissionDenied
    swap = Swap(mine=first, theirs=second, offered_by=by)
    if first.user_id == second.user_id:
        raise Refused("Both shifts are yours. Choose one of a colleague’s.")
    if first.session_id == second.session_id:
        raise Refused("You are both on this session. Choose another one.")
    _possible(swap, by)
    both = {first.pk, second.pk}
    if Swap.objects.live().filter(mine__in=both, theirs__in=both).exists():
        raise Refused(f"This swap with {second.volunteer.short_name} is on offer already. Look under “Swaps”.")
    swap.save()
    record("swap.offered", by=by, subject=swap, facts={"mine": first.pk, "theirs": second.pk})
    emails.offered(swap)
    return swap


@transaction.atomic
def accept(swap: Swap, *, by: User) -> Swap:
    """Says yes: both are exchanged at once or, where a clinic asks for it, when a coordinator has approved.

    Raises PermissionDenied for whoever was not asked, and Refused, having changed nothing, when it cannot take place.
    """
    swap = _locked(swap.pk)
    if not permissions.can_act_as(by, swap.theirs.volunteer):
        raise PermissionDenied
    _open_as(swap, State.OFFERED)
    _possible(swap, by)
    swap.answered_at = timezone.now()
    if swap.needs_approval:
        swap.state = State.AGREED
        swap.save(update_fields=["state", "answered_at"])
        record("swap.agreed", by=by, subject=swap)
        emails.agreed(swap)
        return swap
    return _exchange(swap, by)


@transaction.atomic
def approve(swap: Swap, *, by: User) -> Swap:
    """The coordinator’s yes: both shifts are exchanged. Raises PermissionDenied, and Refused as `accept` does."""
    swap = _locked(swap.pk)
    if not permissions.can_decide_swap(by, swap):
        raise PermissionDenied
    _open_as(swap, State.AGREED)
    _possible(swap, by)
    swap.decided_by, swap.decided_at = by, timezone.now()
    return _exchange(swap, by)


@transaction.atomic
def refuse(swap: Swap, *, reason: str = "", by: User) -> Swap:
    """The coordinator’s no; both are told, with the reason where there is one. Raises PermissionDenied and Refused."""
    swap = _locked(swap.pk)
    if not permissions.can_decide_swap(by, swap):
        raise PermissionDenied
    _open_as(swap, State.AGREED)
    swap.decided_by, swap.decided_at = by, timezone.now()
    return _close(swap, State.REFUSED, [swap.mine.user, swap.theirs.user], reason or "It was not approved.", by)


@transaction.atomic
def decline(swap: Swap, *, by: User) -> Swap:
    """The colleague’s no. Raises PermissionDenied and Refused."""
    swap = _locked(swap.pk)
    if not permissions.can_act_as(by, swap.theirs.volunteer):
        raise PermissionDenied
    _open_as(swap, State.OFFERED)
    swap.answered_at = timezone.now()
    return _close(swap, State.DECLINED, [swap.mine.user], f"{swap.theirs.volunteer.short_name} cannot swap.", by)


@transaction.atomic
def withdraw(swap: Swap, *, by: User) -> Swap:
    """Takes an offer back, while nothing is exchanged: whoever offered it and, once agreed, either of the two.

    Raises PermissionDenied and Refused.
    """
    swap = _locked(swap.pk)
    offers, is_asked = (permissions.can_act_as(by, shift.volunteer) for shift in (swap.mine, swap.theirs))
    if not offers and (not is_asked or swap.state == State.OFFERED):
        raise PermissionDenied
    _open_as(swap, *Swap.OPEN)
    who, other = (swap.mine, swap.theirs) if offers else (swap.theirs, swap.mine)
    return _close(swap, State.WITHDRAWN, [other.user], f"{who.volunteer.short_name} took it back.", by)


def _lock_shifts(*ids: int) -> list[Shift]:
    """The shifts as they are now, in the order asked for; their volunteers are locked, their sessions, then they, each
    in the order of ids.
    """
    lock_volunteers(Volunteer.objects.filter(pk__in=Shift.objects.filter(pk__in=ids).values("volunteer")))
    found = Shift.objects.filter(pk__in=ids).values_list("session_id", flat=True)
    sessions = {pk: lock_session(pk) for pk in sorted(set(found))}
    locked = Shift.objects.select_for_update(of=("self",)).select_related("volunteer", "user").order_by("pk")
    shifts = {shift.pk: shift for shift in locked.filter(pk__in=ids)}
    for shift in shifts.values():
        shift.session = sessions[shift.session_id]
    return [shifts[pk] for pk in ids]


def _locked(pk: int) -> Swap:
    """The swap as it is now; the sessions, the shifts and itself are locked, in this order."""
    mine, theirs = _lock_shifts(*Swap.objects.values_list("mine_id", "theirs_id").get(pk=pk))
    swap = Swap.objects.select_for_update(of=("self",)).get(pk=pk)
    swap.mine, swap.theirs = mine, theirs
    return swap


def _open_as(swap: Swap, *states: str) -> None:
    if swap.state not in states or swap.why_void:
        raise Refused(f"This swap cannot be answered any more: {swap.standing.lower()}. {swap.why_over}".strip())


def _possible(swap: Swap, by: User) -> None:
    """Both may be on the other's session. Whether they are elsewhere then, the database says when it is done.

    What is not in order with somebody is said to themselves and to coordinators; to a colleague, that they cannot.
    """
    if swap.why_void:
        raise Refused(f"This swap cannot take place. {swap.why_void}")
    for volunteer, session in ((swap.mine.volunteer, swap.theirs.session), (swap.theirs.volunteer, swap.mine.session)):
        problem = permissions.why_not_on(volunteer, session)
        if problem and (
            permissions.can_act_as(by, volunteer) or permissions.can_coordinate(by, session.clinic.practice)
        ):
            raise Refused(problem)
        if problem:
            raise Refused(f"{volunteer.short_name} cannot be on that session. Choose another shift.")


def _exchange(swap: Swap, by: User) -> Swap:
    pairs = [(swap.mine, swap.theirs.volunteer), (swap.theirs, swap.mine.volunteer)]
    at_mine, at_theirs = hand_over(pairs, reason=Shift.Ended.SWAPPED, how=Shift.How.SWAP, by=by)
    swap.state, swap.closed_at = State.DONE, timezone.now()
    swap.save(update_fields=["state", "answered_at", "decided_by", "decided_at", "closed_at"])
    record("swap.done", by=by, subject=swap, facts={"shifts": [at_mine.pk, at_theirs.pk]})
    emails.done(swap, (at_mine, at_theirs))
    close_what_is_void(sessions=[swap.mine.session_id, swap.theirs.session_id])
    return swap


def _close(swap: Swap, state: str, tell: list[User], why: str, by: User) -> Swap:
    swap.state, swap.closed_at, swap.why_closed = state, timezone.now(), why
    swap.save(update_fields=["state", "answered_at", "decided_by", "decided_at", "closed_at", "why_closed"])
    record(f"swap.{state}", by=by, subject=swap)
    emails.closed(swap, tell, why)
    return swap
