"""The link worker's day: contacts, appointments, follow-ups, and the end of a case."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.fingerprint import fingerprint
from members.models import User
from referrals import permissions
from referrals.actions._common import (
    agree_time,
    call_off,
    close_episode,
    has_appointment_to_come,
    lock_open_case,
    put_into_hands,
    set_consent,
    write_message,
)
from referrals.models import (
    Amendment,
    Appointment,
    CareContact,
    CodedEntry,
    Episode,
    FollowUp,
    MessageBack,
    Person,
)
from referrals.models.episode import Outcome, known_case, known_consent
from referrals.models.person import DETAIL_FIELDS, known_details
from referrals.models.referral import State
from referrals.signals import contact_logged


@transaction.atomic
def log_contact(
    *,
    episode: Episode,
    by: User,
    kind: str,
    result: str,
    note: str,
    happened_at: dt.datetime,
    minutes: int | None = None,
    follow_up_on: dt.date | None = None,
    follow_up: str = "",
    appointment: Appointment | None = None,
    submission_key: uuid.UUID | None = None,
) -> CareContact:
    """Records a contact or an attempt at one, once for each `submission_key`; sets the next follow-up with it. The
    volunteer with whom `appointment` is may log what came of it, and nothing else. Raises Refused for a key that came
    with another text before, so that nothing typed is taken for saved when it is not.

    The first contact in which the person takes part makes the case active, and records the referral code, which
    goes to the practice at once. A missed appointment changes no state.
    """
    locked = lock_open_case(episode, by, about=appointment)
    key = submission_key or uuid.uuid4()
    written = CareContact.objects.filter(submission_key=key).first()
    if written and (written.episode_id, written.kind, written.result, written.note) == (locked.pk, kind, result, note):
        return written
    if written:
        raise Refused(
            "This form was saved already, as it stood then. To change that contact, amend it on the case; for another, "
            "open a new form."
        )
    if appointment:
        _check_unwritten(appointment, locked)
    contact = CareContact.objects.create(
        submission_key=key,
        episode=locked,
        kind=kind,
        result=result,
        note=note,
        happened_at=happened_at,
        minutes=minutes,
        by=by,
        appointment=appointment,
    )
    record(
        "contact.logged",
        by=by,
        subject=contact,
        person_id=locked.person_id,
        facts={"result": str(result)},
    )
    if follow_up_on:
        _set_follow_up(locked, what=follow_up or "Get in touch again", due_on=follow_up_on, by=by)
    if contact.is_interaction and locked.first_contact_at is None:
        _begin(locked, contact)
    contact_logged.send(CareContact, contact=contact)
    return contact


def _check_unwritten(appointment: Appointment, episode: Episode) -> None:
    if appointment.episode_id != episode.pk:
        raise PermissionDenied
    if CareContact.objects.filter(appointment=appointment).exists():
        raise Refused("What came of this appointment has been written down already.")
    if Appointment.objects.filter(pk=appointment.pk, cancelled_at__isnull=False).exists():
        raise Refused("This appointment was cancelled. Log the contact without it.")


def _begin(episode: Episode, contact: CareContact) -> None:
    episode.first_contact_at = contact.happened_at
    episode.save(update_fields=["first_contact_at"])
    episode.referrals.filter(state=State.ACCEPTED).update(state=State.ACTIVE)
    record("episode.active", by=contact.by, subject=episode, person_id=episode.person_id)
    write_message(
        episode,
        kind=MessageBack.Kind.STARTED,
        by=contact.by,
        text=f"{contact.by} has had a first conversation with {episode.person.called}.",
        code=CodedEntry.Code.REFERRAL,
    )


@transaction.atomic
def amend_contact(*, contact: CareContact, note: str, reason: str, by: User) -> Amendment:
    """Puts a contact's note right. The note as first written stays beside it, in a closed case too."""
    if not permissions.can_work_on(by, contact.episode):
        raise PermissionDenied
    amendment = Amendment.objects.create(contact=contact, note=note, reason=reason, by=by)
    record("contact.amended", by=by, subject=contact, person_id=contact.episode.person_id)
    return amendment


@transaction.atomic
def book_appointment(
    *,
    episode: Episode,
    by: User,
    kind: str,
    starts_at: dt.datetime,
    minutes: int,
    place: str = "",
    note: str = "",
    with_user: User | None = None,
) -> Appointment:
    """Agrees a time with the person. Raises Refused when they have an appointment at that time."""
    locked = lock_open_case(episode, by)
    if Appointment.objects.filter(episode=locked, starts_at=starts_at, cancelled_at=None).exists():
        raise Refused("This person has an appointment at that time already.")
    return agree_time(
        locked,
        kind=kind,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        note=note,
        with_user=with_user or by,
        by=by,
    )


@transaction.atomic
def cancel_appointment(*, appointment: Appointment, note: str, by: User) -> Appointment:
    """Calls an appointment off. It stays on the timeline."""
    episode = lock_open_case(appointment.episode, by)
    return call_off(appointment, episode, note=note, by=by)


@transaction.atomic
def add_follow_up(*, episode: Episode, what: str, due_on: dt.date, by: User) -> FollowUp:
    """Puts the next thing to do on the case holder's list."""
    return _set_follow_up(lock_open_case(episode, by), what=what, due_on=due_on, by=by)


def _set_follow_up(episode: Episode, *, what: str, due_on: dt.date, by: User) -> FollowUp:
    follow_up, created = FollowUp.objects.get_or_create(
        episode=episode,
        what=what,
        due_on=due_on,
        done_at=None,
        defaults={"created_by": by},
    )
    if created:
        record("follow_up.added", by=by, subject=follow_up, person_id=episode.person_id)
    return follow_up


@transaction.atomic
def complete_follow_up(*, follow_up: FollowUp, by: User) -> FollowUp:
    """Ticks it off; a second tick changes nothing."""
    episode = lock_open_case(follow_up.episode, by)
    locked = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if locked.done_at is None:
        locked.done_at, locked.done_by = timezone.now(), by
        locked.save(update_fields=["done_at", "done_by"])
        record("follow_up.done", by=by, subject=locked, person_id=episode.person_id)
    return locked


@transaction.atomic
def update_person(*, episode: Episode, details: dict[str, Any], by: User, seen: str = "") -> None:
    """Brings what is known of the person up to date. `details` holds fields of `DETAIL_FIELDS` and nothing else; who
    changed what is in the row history. `seen` is the fingerprint of what the page showed: Refused when it is no longer
    so.
    """
    Person.objects.select_for_update().values_list("pk").get(pk=episode.person_id)  # before the case: see lock_episode
    locked = lock_open_case(episode, by)
    _check_still_so(seen, known_details(locked.person))
    changed = [name for name in DETAIL_FIELDS if name in details and getattr(locked.person, name) != details[name]]
    for name in changed:
        setattr(locked.person, name, details[name])
    # Asked and answered: what an older referral says otherwise is settled, even where nothing had to change.
    locked.person.details_updated_at = timezone.now()
    locked.person.save(update_fields=[*changed, "details_updated_at"])
    if changed:
        record(
            "person.updated",
            by=by,
            subject=locked.person,
            person_id=locked.person_id,
            facts={"fields": changed},
        )


@transaction.atomic
def update_case(*, episode: Episode, what_matters: str, complexity: str, by: User, seen: str = "") -> None:
    """What matters to the person, in their words, and how much the case asks of a link worker. `seen` as above."""
    locked = lock_open_case(episode, by)
    _check_still_so(seen, known_case(locked))
    locked.what_matters, locked.complexity = what_matters, complexity
    locked.save(update_fields=["what_matters", "complexity"])
    record("episode.updated", by=by, subject=locked, person_id=locked.person_id)


@transaction.atomic
def change_consent(*, episode: Episode, share_back: str, by: User, seen: str = "") -> None:
    """What the person now agrees to share with the practice. Letters already sent stay sent. `seen` as above."""
    locked = lock_open_case(episode, by)
    _check_still_so(seen, known_consent(locked))
    if locked.share_back == share_back:
        return
    set_consent(locked, share_back, by=by)


def _check_still_so(seen: str, now: dict[str, Any]) -> None:
    """Two people at one page: the second is told, for what the first wrote may be about somebody's safety."""
    if seen and seen != fingerprint(now):
        raise Refused(
            "Somebody changed this while you were typing, so nothing was saved. Open the page again in another tab to "
            "see what it says now, then put in what you wanted to change."
        )


@transaction.atomic
def correct_identity(
    *, episode: Episode, given_name: str, family_name: str, date_of_birth: dt.date, nhs_number: str | None, by: User
) -> None:
    """Puts right who the person is: a misspelt name, a wrong birthday or number. Refused for somebody else's number."""
    Person.objects.select_for_update().values_list("pk").get(pk=episode.person_id)
    locked = lock_open_case(episode, by)
    if nhs_number and Person.objects.exclude(pk=locked.person_id).filter(nhs_number=nhs_number).exists():
        raise Refused("That NHS number belongs to another record. Check it with the practice.")
    new = {
        "given_name": given_name,
        "family_name": family_name,
        "date_of_birth": date_of_birth,
        "nhs_number": nhs_number,
    }
    changed = [name for name, value in new.items() if getattr(locked.person, name) != value]
    for name in changed:
        setattr(locked.person, name, new[name])
    if changed:
        locked.person.save(update_fields=changed)
        record(
            "person.identity_corrected",
            by=by,
            subject=locked.person,
            person_id=locked.person_id,
            facts={"fields": changed},
        )


@transaction.atomic
def hand_over(*, episode: Episode, to: User, by: User) -> Episode:
    """Puts the case into a colleague's hands, or one's own, and mails them. The follow-ups go with it, and so do the
    appointments that its last holder had still to keep.
    """
    locked = lock_open_case(episode, by)
    if not permissions.can_hold(to, locked):
        raise Refused(f"{to} is not a link worker of this network today.")
    if locked.holder_id == to.pk:
        raise Refused(f"{to} holds this case already.")
    put_into_hands(locked, to=to, by=by)
    return locked


@transaction.atomic
def close(*, episode: Episode, outcome: str, note: str, letter: str, by: User) -> Episode:
    """Ends the case with its outcome and writes the last message back.

    Follow-ups still waiting are ticked off with it; appointments still to come have to be cancelled first.
    """
    locked = lock_open_case(episode, by)
    if has_appointment_to_come(locked):
        raise Refused("There is an appointment still to come. Cancel it with the person first, then close.")
    locked.followups.filter(done_at=None).update(done_at=timezone.now(), done_by=by)
    close_episode(locked, by=by, outcome=outcome, note=note)
    declined = outcome == Outcome.PERSON_DECLINED
    write_message(
        locked,
        kind=MessageBack.Kind.ENDED,
        by=by,
        text=letter,
        code=CodedEntry.Code.DECLINED if declined else None,
    )
    return locked
