"""The network's answer to a referral: accept, ask for more, decline."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from referrals import emails, permissions
from referrals.actions._common import (
    close_if_nothing_is_left,
    lock_referral,
    write_message,
)
from referrals.models import CodedEntry, InformationRequest, MessageBack, Referral
from referrals.models.episode import Outcome
from referrals.models.referral import WAITING, DeclineReason, State


@transaction.atomic
def accept(*, referral: Referral, by: User) -> Referral:
    """Takes the case: every waiting referral in it is accepted, and `by` becomes its holder unless somebody is today.

    Mails the practices, and writes the first message back. Raises Refused, naming the holder, when somebody was
    quicker.
    """
    locked = lock_referral(referral)
    if not permissions.can_triage(by, locked):
        raise PermissionDenied
    if not locked.can_move_to(State.ACCEPTED):
        raise Refused(why_not(locked, by))
    take_on(locked, accepted_by=by, by=by)
    return locked


def take_on(referral: Referral, *, accepted_by: User, by: User, facts: Mapping[str, Any] | None = None) -> None:
    """Accepts every waiting referral of a locked one's episode; `accepted_by` becomes its holder unless somebody is
    today. `by` is who did it, for the audit trail. Mails the practices, and writes the first message back.
    """
    episode, now = referral.episode, timezone.now()
    if not permissions.can_hold(episode.holder, episode):
        episode.holder, episode.accepted_at = accepted_by, episode.accepted_at or now
        episode.save(update_fields=["holder", "accepted_at"])
    for waiting in episode.referrals.filter(state__in=WAITING).select_related("practice", "network", "submitted_by"):
        waiting.episode = episode
        waiting.state = State.ACTIVE if episode.first_contact_at else State.ACCEPTED
        waiting.accepted_at, waiting.accepted_by = now, accepted_by
        waiting.save(update_fields=["state", "accepted_at", "accepted_by"])
        record("referral.accepted", by=by, subject=waiting, person_id=episode.person_id, facts=facts)
        emails.referral_accepted(waiting)
    write_message(
        episode,
        kind=MessageBack.Kind.ACCEPTED,
        by=accepted_by,
        text=f"Thank you for your referral. {accepted_by} has accepted it and will get in touch.",
    )
    referral.refresh_from_db(fields=["state", "accepted_at", "accepted_by"])


@transaction.atomic
def ask(*, referral: Referral, question: str, by: User) -> InformationRequest:
    """Asks the practice for more; the referral waits for them until they answer."""
    locked = lock_referral(referral)
    if not permissions.can_triage(by, locked):
        raise PermissionDenied
    if not locked.can_move_to(State.MORE_ASKED):
        raise Refused(why_not(locked, by))
    request = InformationRequest.objects.create(referral=locked, question=question, asked_by=by)
    locked.state, locked.waiting_since, locked.flagged_at = State.MORE_ASKED, request.asked_at, None
    locked.save(update_fields=["state", "waiting_since", "flagged_at"])
    record("referral.more_asked", by=by, subject=locked, person_id=locked.episode.person_id)
    emails.more_asked(request)
    return request


@transaction.atomic
def decline(*, referral: Referral, reason: str, note: str, by: User) -> Referral:
    """Says no, with the reason. Where the person did not want it, the declined code goes back to the practice."""
    locked = lock_referral(referral)
    episode = locked.episode
    if not permissions.can_triage(by, locked):
        raise PermissionDenied
    if not locked.can_move_to(State.DECLINED):
        raise Refused(why_not(locked, by))
    locked.state = State.DECLINED
    locked.declined_at, locked.declined_by = timezone.now(), by
    locked.decline_reason, locked.decline_note = reason, note
    locked.save(
        update_fields=[
            "state",
            "declined_at",
            "declined_by",
            "decline_reason",
            "decline_note",
        ]
    )
    by_person = reason == DeclineReason.PERSON_DECLINED
    if by_person:
        write_message(
            episode,
            kind=MessageBack.Kind.DECLINED,
            by=by,
            text=note or "Social prescribing was offered and the person did not want it.",
            code=CodedEntry.Code.DECLINED,
        )
    close_if_nothing_is_left(
        episode,
        by=by,
        outcome=Outcome.PERSON_DECLINED if by_person else Outcome.NOT_ACCEPTED,
    )
    record(
        "referral.declined",
        by=by,
        subject=locked,
        person_id=episode.person_id,
        facts={"reason": str(reason)},
    )
    emails.referral_declined(locked)
    return locked


def why_not(referral: Referral, by: User) -> str:
    """What happened before this person got there."""
    holder = referral.episode.holder
    match State(referral.state):
        case State.ACCEPTED | State.ACTIVE:
            return "You have accepted this already." if holder == by else f"{holder} has accepted this already."
        case State.DECLINED:
            return f"{referral.declined_by} has declined this already."
        case State.WITHDRAWN:
            return "The practice has withdrawn this referral."
        case State.MORE_ASKED:
            return "The practice has been asked for more already, and has not answered yet."
        case _:
            return "This referral is closed."
