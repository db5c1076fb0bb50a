"""The practice's side: writing, sending, answering and withdrawing a referral."""

import uuid
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User, Workplace
from referrals import emails, permissions
from referrals.actions._common import (
    close_if_nothing_is_left,
    has_appointment_to_come,
    lock_referral,
    set_consent,
)
from referrals.details import PersonDetails, ReferralDetails
from referrals.models import (
    Episode,
    InformationRequest,
    Person,
    Referral,
    ReferralDraft,
)
from referrals.models.episode import Outcome, ShareBack
from referrals.models.person import DETAIL_FIELDS
from referrals.models.referral import LIVE, State, new_reference


@transaction.atomic
def save_draft(*, draft_id: uuid.UUID, by: User, answers: dict[str, list[str]]) -> ReferralDraft:
    """Keeps what has been typed so far, valid or not. Raises PermissionDenied for somebody else's draft, Refused for
    one that has been sent.
    """
    if not permissions.can_refer(by):
        raise PermissionDenied
    draft, _ = ReferralDraft.objects.select_for_update().get_or_create(pk=draft_id, defaults={"owner": by})
    if draft.owner_id != by.pk:
        raise PermissionDenied
    # Asked with the draft in hand: it may have been sent, and deleted, while we waited for it.
    if Referral.objects.filter(submission_key=draft_id).exists():
        raise Refused("This referral has been sent.")
    draft.answers = answers
    draft.save(update_fields=["answers", "updated_at"])
    return draft


@transaction.atomic
def delete_draft(*, draft: ReferralDraft, by: User) -> None:
    """Throws away one's own draft."""
    if draft.owner_id != by.pk:
        raise PermissionDenied
    draft.delete()


@transaction.atomic
def submit(*, person: PersonDetails, referral: ReferralDetails, by: User) -> Referral:
    """Sends a referral to the practice's network, once for each `submission_key`.

    Somebody known by their NHS number, or named as the same by the referrer, is not duplicated; an open episode of
    theirs with the network is joined. A referral that joins a case somebody holds is accepted with it. Mails the
    network, or that holder. Raises Refused when the NHS number may belong to somebody else.
    """
    practice = referral.practice
    if not permissions.can_refer_from(by, practice) or practice.parent is None:
        raise PermissionDenied
    # A second click waits here for the first, and then finds what the first one sent.
    list(ReferralDraft.objects.select_for_update().filter(pk=referral.submission_key))
    sent = Referral.objects.filter(submission_key=referral.submission_key, submitted_by=by).first()
    if sent:
        return sent
    known = _lock_or_create_person(person, practice)
    _move_to_practice(known, practice, by=by)
    _fill_gaps(known, person)
    reference = new_reference()
    # Locked as it is found: one that is closed at this moment is waited for, and then not joined.
    episode, opened = Episode.objects.select_for_update().get_or_create(
        person=known,
        network=practice.parent,
        closed_at=None,
        defaults={"reference": reference, "share_back": referral.share_back},
    )
    if not opened and referral.share_back == ShareBack.CODES and episode.share_back != ShareBack.CODES:
        # Two answers to one question: the careful one holds until a link worker has asked the person.
        set_consent(episode, ShareBack.CODES, by=by)
    saved = Referral(
        reference=reference,
        submission_key=referral.submission_key,
        episode=episode,
        practice=practice,
        network=practice.parent,
        submitted_by=by,
        referrer_name=referral.referrer_name,
        reasons=referral.reasons,
        urgency=referral.urgency,
        why_now=referral.why_now,
        hopes=referral.hopes,
        consent_method=referral.consent_method,
        share_back=referral.share_back,
        as_given=_as_given(person),
    )
    # A case whose holder has left has nobody to read it there: the referral waits in the inbox like any other.
    if episode.is_accepted and permissions.can_hold(episode.holder, episode):
        saved.state = State.ACTIVE if episode.first_contact_at else State.ACCEPTED
        saved.accepted_at, saved.accepted_by = timezone.now(), episode.holder
    saved.save()
    ReferralDraft.objects.filter(pk=referral.submission_key, owner=by).delete()
    record(
        "referral.submitted",
        by=by,
        subject=saved,
        person_id=known.pk,
        summary=f"{saved.reference} from {practice}",
        facts={"joined": not opened, "episode": episode.reference},
    )
    emails.referral_received(saved)
    return saved


def _lock_or_create_person(details: PersonDetails, practice: Workplace) -> Person:
    """The person's row, locked, so that two referrals of one person at once are one after the other."""
    fields = {name: getattr(details, name) for name in ("given_name", "family_name", "date_of_birth", *DETAIL_FIELDS)}
    if details.nhs_number:
        known = _known_by_choice(details, practice)
        if known and not known.nhs_number:
            if Person.objects.filter(nhs_number=details.nhs_number).exists():
                raise Refused("That NHS number belongs to another record. Check it, or say that this is somebody else.")
            known.nhs_number = details.nhs_number
            known.save(update_fields=["nhs_number"])
            return known
        found, _ = Person.objects.get_or_create(nhs_number=details.nhs_number, defaults=fields | {"practice": practice})
        known = Person.objects.select_for_update().get(pk=found.pk)
        _check_same_person(known, details, practice)
        return known
    return _known_by_choice(details, practice) or Person.objects.create(**fields, practice=practice)


def _check_same_person(known: Person, details: PersonDetails, practice: Workplace) -> None:
    if problem := number_problem(known, details, practice):
        raise Refused(problem)


def number_problem(known: Person, details: PersonDetails, practice: Workplace) -> str:
    """Why a number may be somebody else's; nothing where it is not. A practice that never knew the person has to know
    their family name as well as their birthday before it gets their letters.
    """
    if known.date_of_birth != details.date_of_birth:
        return "This NHS number belongs to somebody with another date of birth. Check both against the record."
    if known.practice_id != practice.pk and known.family_name.casefold() != details.family_name.strip().casefold():
        return "This NHS number belongs to somebody with another name. Check the number and how the name is spelt."
    return ""


def _known_by_choice(details: PersonDetails, practice: Workplace) -> Person | None:
    """The person whom the referrer pointed to, of their own practice only."""
    if not details.same_person_id:
        return None
    known = Person.objects.select_for_update().of_practices([practice.pk]).filter(pk=details.same_person_id).first()
    if known is None:
        raise Refused("The person you chose is no longer on your practice's list. Say whether this is somebody else.")
    return known


def _move_to_practice(person: Person, practice: Workplace, *, by: User) -> None:
    """A practice refers its own patients: whoever refers last is where they are registered."""
    if person.practice_id != practice.pk:
        before = person.practice_id
        person.practice = practice
        person.save(update_fields=["practice"])
        record(
            "person.practice_changed",
            by=by,
            subject=person,
            person_id=person.pk,
            facts={"from": before, "to": practice.pk},
        )


def _fill_gaps(person: Person, details: PersonDetails) -> None:
    """Adds what was not known. What is known otherwise stays, and the case page shows the difference: overwriting a
    safe way to get in touch unseen could harm somebody.
    """
    filled = []
    for name in DETAIL_FIELDS:
        if not getattr(person, name) and getattr(details, name):
            setattr(person, name, getattr(details, name))
            filled.append(name)
    # A risk is never learnt too late: somebody's "no risk known" gives way to somebody's "risk" at once.
    if details.visit_risk == "risk" and person.visit_risk != "risk":
        person.visit_risk, person.risk_details = "risk", details.risk_details
        filled += ["visit_risk", "risk_details"]
    if filled:
        person.save(update_fields=sorted(set(filled)))


def _as_given(details: PersonDetails) -> dict[str, Any]:
    given = asdict(details)
    given["date_of_birth"] = details.date_of_birth.isoformat()
    return {name: value for name, value in given.items() if value and name != "same_person_id"}


@transaction.atomic
def answer(*, request: InformationRequest, text: str, by: User) -> InformationRequest:
    """The practice answers the link worker's question: the referral waits for the network again."""
    referral = lock_referral(request.referral)
    if not permissions.can_answer(by, referral):
        raise PermissionDenied
    locked = InformationRequest.objects.select_for_update().get(pk=request.pk)
    if locked.answered_at or not referral.can_move_to(State.SUBMITTED):
        raise Refused("This question needs no answer any more.")
    now = timezone.now()
    locked.referral = referral
    locked.answer, locked.answered_by, locked.answered_at = text, by, now
    locked.save(update_fields=["answer", "answered_by", "answered_at"])
    referral.state, referral.waiting_since, referral.flagged_at = (
        State.SUBMITTED,
        now,
        None,
    )
    referral.save(update_fields=["state", "waiting_since", "flagged_at"])
    record(
        "referral.answered",
        by=by,
        subject=referral,
        person_id=referral.episode.person_id,
    )
    emails.question_answered(locked)
    return locked


@transaction.atomic
def withdraw(*, referral: Referral, note: str, by: User) -> Referral:
    """The practice takes a referral back before the first conversation. The last one gone, the episode ends."""
    locked = lock_referral(referral)
    if not permissions.can_withdraw(by, locked):
        raise PermissionDenied
    if not locked.can_move_to(State.WITHDRAWN):
        raise Refused("This referral cannot be withdrawn any more. Ring the link worker instead.")
    others = locked.episode.referrals.filter(state__in=LIVE).exclude(pk=locked.pk)
    if has_appointment_to_come(locked.episode) and not others.exists():
        raise Refused("An appointment is booked. Ring the link worker, so that they can cancel it with the person.")
    locked.state = State.WITHDRAWN
    locked.withdrawn_at, locked.withdrawn_by, locked.withdraw_note = (
        timezone.now(),
        by,
        note,
    )
    locked.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdraw_note"])
    close_if_nothing_is_left(locked.episode, by=by, outcome=Outcome.WITHDRAWN)
    record("referral.withdrawn", by=by, subject=locked, person_id=locked.episode.person_id)
    emails.referral_withdrawn(locked)
    return locked
