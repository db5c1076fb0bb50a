"""Locks and small steps that several actions take."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User, Workplace
from referrals import emails, permissions
from referrals.models import Appointment, CareContact, CodedEntry, Episode, MessageBack, Referral
from referrals.models.referral import LIVE, State
from referrals.signals import appointment_cancelled

LONGEST_APPOINTMENT = dt.timedelta(hours=8)  # what the model lets be booked


def lock_episode(episode_id: int) -> Episode:
    """The episode, locked until the transaction ends. Locks are taken in one order, person, episode, referral, so that
    no two actions wait for each other.
    """
    # Read again once it is locked: the rows joined to it would be those from before the wait, without a new holder.
    Episode.objects.select_for_update().values_list("pk").get(pk=episode_id)
    return Episode.objects.select_related("person__practice", "network", "holder").get(pk=episode_id)


def lock_referral(referral: Referral) -> Referral:
    """The referral as it is now, with its episode, both locked until the transaction ends."""
    episode = lock_episode(referral.episode_id)
    locked = (
        Referral.objects.select_for_update(of=("self",))
        .select_related("practice", "network", "submitted_by")
        .get(pk=referral.pk)
    )
    locked.episode = episode
    return locked


def lock_open_case(episode: Episode, by: User, *, about: Appointment | None = None) -> Episode:
    """The case, locked, for somebody who may work on it while it is open and accepted; with `about`, for whoever may
    write down what came of that appointment.
    """
    locked = lock_episode(episode.pk)
    now = about and Appointment.objects.get(pk=about.pk)  # with whom it is by now
    if not permissions.can_write_up(by, locked, now):
        raise PermissionDenied
    if not locked.is_open:
        raise Refused("This case is closed, so nothing was changed. A new referral opens a new one.")
    if not locked.is_accepted:
        raise Refused("Nobody has accepted this referral yet. Accept it first.")
    return locked


def has_appointment_to_come(episode: Episode) -> bool:
    """Whether ending the case now would leave somebody standing before a closed door."""
    return episode.appointments.filter(cancelled_at=None, contact=None, starts_at__gt=timezone.now()).exists()


def meets_then(episode: Episode, starts_at: dt.datetime, minutes: int) -> bool:
    """Whether the person has an appointment in any of these minutes."""
    near = episode.appointments.filter(
        cancelled_at=None,
        starts_at__gt=starts_at - LONGEST_APPOINTMENT,
        starts_at__lt=starts_at + dt.timedelta(minutes=minutes),
    )
    return any(each.starts_at + dt.timedelta(minutes=each.minutes) > starts_at for each in near)


def agree_time(
    episode: Episode, *, with_user: User, by: User, facts: Mapping[str, Any] | None = None, **fields: Any
) -> Appointment:
    """An appointment of a locked case."""
    appointment = Appointment.objects.create(episode=episode, with_user=with_user, created_by=by, **fields)
    record("appointment.booked", by=by, subject=appointment, person_id=episode.person_id, facts=facts)
    return appointment


def call_off(appointment: Appointment, episode: Episode, *, note: str, by: User) -> Appointment:
    """Cancels an appointment of a locked episode. Whoever keeps a place for it hears of it first: theirs is the lock
    that comes between an episode's and an appointment's.
    """
    appointment_cancelled.send(Appointment, appointment=appointment, note=note, by=by)
    locked = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    if locked.cancelled_at:
        raise Refused("This appointment is cancelled already.")
    if CareContact.objects.filter(appointment=locked).exists():
        raise Refused("What came of this appointment has been written down, so it cannot be cancelled.")
    locked.cancelled_at, locked.cancelled_by, locked.cancel_note = timezone.now(), by, note
    locked.save(update_fields=["cancelled_at", "cancelled_by", "cancel_note"])
    record("appointment.cancelled", by=by, subject=locked, person_id=episode.person_id)
    return locked


def put_into_hands(episode: Episode, *, to: User, by: User) -> None:
    """Makes somebody the holder of a locked case, and mails them. The follow-ups go with it, and so do the appointments
    that its last holder had still to keep.
    """
    before = episode.holder_id
    episode.holder = to
    episode.save(update_fields=["holder"])
    episode.appointments.filter(with_user=before, cancelled_at=None, contact=None).update(with_user=to)
    event = record(
        "episode.handed_over",
        by=by,
        subject=episode,
        person_id=episode.person_id,
        facts={"from": before, "to": to.pk},
    )
    emails.case_handed_over(episode, by=by, at=str(event.pk))


def close_episode(episode: Episode, *, by: User | None, outcome: str, note: str = "") -> dt.datetime:
    """Ends the episode and every referral in it that is still accepted or active."""
    now = timezone.now()
    episode.closed_at, episode.closed_by = now, by
    episode.outcome, episode.closing_note = outcome, note
    episode.save(update_fields=["closed_at", "closed_by", "outcome", "closing_note"])
    episode.referrals.filter(state__in=[State.ACCEPTED, State.ACTIVE]).update(state=State.CLOSED, closed_at=now)
    record("episode.closed", by=by, subject=episode, person_id=episode.person_id, facts={"outcome": str(outcome)})
    return now


def practice_of(episode: Episode) -> Workplace:
    """Where the letters of an episode go: to the practice that referred last in it, and not to one that has come to
    know the person through another network, for the person's agreement was about this one.
    """
    return episode.referrals.select_related("practice").latest("submitted_at", "pk").practice


def set_consent(episode: Episode, share_back: str, *, by: User) -> None:
    """Writes down what the person agrees that the practice may be told from now on. The episode is locked."""
    before = episode.share_back
    episode.share_back, episode.share_back_changed_at = share_back, timezone.now()
    episode.save(update_fields=["share_back", "share_back_changed_at"])
    record(
        "episode.consent_changed",
        by=by,
        subject=episode,
        person_id=episode.person_id,
        facts={"from": before, "to": str(share_back)},
    )


def close_if_nothing_is_left(episode: Episode, *, by: User, outcome: str) -> None:
    """A person whose last referral was declined or withdrawn has no open episode."""
    if not episode.referrals.filter(state__in=LIVE).exists():
        close_episode(episode, by=by, outcome=outcome)


def write_message(
    episode: Episode,
    *,
    kind: str,
    by: User,
    text: str = "",
    code: str | None = None,
    submission_key: object = None,
) -> MessageBack | None:
    """Writes a message back to the episode's practice, limited by what they agreed to, and mails that it is there.

    A code goes into the message that first reports it; a second time in one episode it is left out. Where the person
    agreed to codes only, a message without a code has nothing to say: none is written, and None returned.
    """
    everything = episode.shares_everything
    new_code = code if code and not episode.coded_entries.filter(code=code).exists() else None
    if not everything and not new_code:
        return None
    message = MessageBack(
        episode=episode,
        practice=practice_of(episode),
        kind=kind,
        share_back=episode.share_back,
        text=text.strip() if everything else "",
        by=by,
    )
    if submission_key:
        message.submission_key = submission_key  # type: ignore[assignment]
    message.save()
    if new_code:
        CodedEntry.objects.create(episode=episode, code=new_code, by=by, message=message)
    emails.message_back_ready(message)
    return message
