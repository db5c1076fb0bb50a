"""Clinics of volunteers: a person is booked into one, and taken out of it. See docs/decisions/0013."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linkworkers.actions import Refused
from members.models import User
from referrals import emails, permissions
from referrals.actions._common import (
    agree_time,
    call_off,
    lock_episode,
    lock_referral,
    meets_then,
    put_into_hands,
)
from referrals.actions.triage import take_on, why_not
from referrals.models import Appointment, Referral


@transaction.atomic
def book_clinic(
    *,
    referral: Referral,
    holder: User | None,
    with_user: User | None,
    starts_at: dt.datetime,
    minutes: int,
    place: str,
    by: User,
) -> Appointment:
    """Agrees a time at a clinic with the person, for the practice that referred or a link worker of the network.

    `holder` is the link worker who stands behind the clinic: a referral that waits is accepted into their hands, with
    all that accepting does, unless somebody holds the case today. Who is told: whoever `accept` tells, and the holder.
    `with_user` is who sees the person, by default the holder.

    Raises Refused when the referral has ended, when nobody would hold the case, and when the person has an appointment
    at that time.
    """
    locked = lock_referral(referral)
    episode = locked.episode
    if not permissions.can_book_clinic(by, locked):
        raise PermissionDenied
    if not locked.is_live:
        raise Refused(f"{why_not(locked, by)} So nobody can be booked for it.")
    keeper = next((each for each in (episode.holder, holder) if each and permissions.can_hold(each, episode)), None)
    if keeper is None:
        raise Refused(
            f"No link worker stands behind this clinic today, so nobody would hold the case. Ask {locked.network} to "
            "accept the referral first."
        )
    if meets_then(episode, starts_at, minutes):
        raise Refused(f"{episode.person.called} has an appointment at that time already. Choose another time.")
    was_waiting = locked.is_waiting
    if was_waiting:
        take_on(locked, accepted_by=keeper, by=by, facts={"clinic": True})
    elif episode.holder != keeper:  # whoever held it is no longer a link worker here
        put_into_hands(episode, to=keeper, by=by)
    appointment = agree_time(
        episode,
        kind=Appointment.Kind.CLINIC,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        with_user=with_user or keeper,
        by=by,
        facts={"clinic": True},
    )
    if was_waiting and keeper != by:
        emails.accepted_by_clinic(episode, keeper, practice=locked.practice)
    return appointment


@transaction.atomic
def cancel_clinic_appointment(*, appointment: Appointment, note: str, by: User) -> Appointment:
    """Calls a clinic appointment off, for the practices that referred in the case and the network's link workers."""
    episode = lock_episode(appointment.episode_id)
    if appointment.kind != Appointment.Kind.CLINIC or not permissions.can_cancel_clinic(by, episode):
        raise PermissionDenied
    return call_off(appointment, episode, note=note, by=by)
