"""The mails on a volunteer's way. To an applicant each brings a new link, so none is kept readable."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from icalendar import Calendar, Event

from members.models import User
from volunteers.journey_links import application_path
from volunteers.letters import letter, send, tell_coordinators
from volunteers.models import ClinicSession, Volunteer

INTERVIEW_LASTS = dt.timedelta(minutes=45)


def received(volunteer: Volunteer) -> None:
    """To an applicant: it is here, and how to see what becomes of it."""
    _to_applicant(
        volunteer,
        "volunteer-applied",
        str(volunteer.applied_at.timestamp()),
        f"Thank you for wanting to volunteer at {volunteer.workplace}",
        "Your application is with the volunteer coordinator, who reads it and writes to you, usually within a week.",
        "On your own page you see where it stands, and can change when you are free and your phone number.",
    )


def received_again(volunteer: Volunteer) -> None:
    """To somebody who applied once more where they have an open application: nothing is there twice. One a day."""
    _to_applicant(
        volunteer,
        "volunteer-applied-again",
        str(timezone.localdate()),
        f"About volunteering at {volunteer.workplace}",
        f"Somebody filled in the application at {volunteer.workplace} with your address. You are known there already, "
        "so nothing was changed and nothing is there twice.",
        "On your page you see how things stand. Was it not you? Then there is nothing you need to do.",
    )


def new_link(volunteer: Volunteer) -> None:
    """For a link that has expired: one a day."""
    _to_applicant(
        volunteer,
        "volunteer-application-link",
        str(timezone.localdate()),
        "Your new link",
        f"This is the new link to your page about volunteering at {volunteer.workplace}.",
    )


def interview(volunteer: Volunteer, *, note: str) -> None:
    """To an applicant: when and where, for their calendar."""
    assert volunteer.interview_at  # noqa: S101 - set by the action that calls this
    at = timezone.localtime(volunteer.interview_at)
    on = f"{date_format(at, 'l j F')} at {at:%H:%M}"
    _to_applicant(
        volunteer,
        "volunteer-interview",
        f"{volunteer.interview_at.timestamp()}:{timezone.now().timestamp()}",
        f"Let us talk about volunteering at {volunteer.workplace}",
        f"We would like to meet you: {on}, {volunteer.interview_place}.",
        *([note] if note else []),
        "It is a conversation, not a test. If the time does not suit you, answer the coordinator or ring.",
        calendar=_calendar(volunteer, at),
    )


def _calendar(volunteer: Volunteer, at: dt.datetime) -> str:
    event = Event()
    event.add("uid", f"interview-{volunteer.key}@linkworkers")
    event.add("summary", f"Talk about volunteering at {volunteer.workplace}")
    event.add("location", volunteer.interview_place)
    event.add("dtstart", at.astimezone(dt.UTC))
    event.add("dtend", (at + INTERVIEW_LASTS).astimezone(dt.UTC))
    event.add("dtstamp", timezone.now())
    calendar = Calendar()
    calendar.add("prodid", "-//Link Workers//Volunteers//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return calendar.to_ical().decode()


def declined(volunteer: Volunteer, *, words: str) -> None:
    """To an applicant: not this time, kindly; `words` are the coordinator's own."""
    _to_applicant(
        volunteer,
        "volunteer-declined",
        str(volunteer.stage_since.timestamp()),
        f"Your application at {volunteer.workplace}",
        "Thank you for the time and the thought that you gave to this. We cannot take you on just now, and we know "
        "that this is not what you hoped to read.",
        *([words] if words else []),
        "There are other ways to help near you: your link opens a page that says where.",
    )


def welcome(volunteer: Volunteer) -> None:
    """To somebody who is active from today."""
    _to_volunteer(
        volunteer,
        "volunteer-welcome",
        str(volunteer.stage_since.timestamp()),
        f"Welcome to the volunteers of {volunteer.workplace}",
        "Everything is in order, and from today you can take shifts. Thank you for giving your time.",
        path=reverse("my_shifts"),
        label="See the shifts",
    )


def thanks(volunteer: Volunteer, *, worked: int) -> None:
    """To somebody who has left."""
    sum_up = f"You came {worked} {'time' if worked == 1 else 'times'}, and it was noticed. " if worked else ""
    _to_volunteer(
        volunteer,
        "volunteer-left",
        str(volunteer.stage_since.timestamp()),
        f"Thank you, from {volunteer.workplace}",
        f"{sum_up}Thank you for what you gave. Your certificate says when you were here and how many hours you gave.",
        "The door stays open: if you would like to come back one day, your page has the button for it.",
        path=reverse("thanks_certificate", args=[volunteer.key]),
        label="Your certificate",
    )


def paused(volunteer: Volunteer, *, by: User) -> None:
    """To somebody whose pause was written down by another."""
    if by.pk == volunteer.user_id:
        return
    until = f" until {date_format(volunteer.paused_until)}" if volunteer.paused_until else ""
    _to_volunteer(
        volunteer,
        "volunteer-paused",
        str(volunteer.stage_since.timestamp()),
        "Your volunteering is paused",
        f"{by} wrote down that you pause{until} at {volunteer.workplace}. You are on no shift meanwhile.",
        "You can come back any day, on your page.",
        path=reverse("volunteer_me"),
        label="Your volunteering",
    )


def back(volunteer: Volunteer) -> None:
    """To somebody whose pause has ended by the calendar."""
    _to_volunteer(
        volunteer,
        "volunteer-back",
        str(volunteer.stage_since.timestamp()),
        "Welcome back",
        f"Your pause at {volunteer.workplace} has ended, and you can take shifts again. Do you need longer? Your page "
        "has the button for it.",
        path=reverse("volunteer_me"),
        label="Your volunteering",
    )


def sessions_short(volunteer: Volunteer, sessions: Iterable[ClinicSession], *, why: str) -> None:
    """To the coordinators: shifts were freed, and these sessions have too few volunteers now."""
    lines = [
        f"{session.clinic.name}, {date_format(at, 'l j F')}, {at:%H:%M}: {session.taken} of {session.at_least}"
        for session in sessions
        for at in [timezone.localtime(session.starts_at)]
    ]
    if lines:
        tell_coordinators(
            volunteer,
            "volunteer-sessions-short",
            timezone.now().timestamp(),
            f"{len(lines)} {'session is' if len(lines) == 1 else 'sessions are'} short of volunteers",
            why,
            *lines,
        )


def _to_applicant(volunteer: Volunteer, kind: str, about: str, subject: str, *says: str, calendar: str = "") -> None:
    send(
        letter(
            key=f"{kind}:{volunteer.pk}:{about}",
            kind=kind,
            to=volunteer.email,
            hello=volunteer.short_name,
            subject=subject,
            says=says,
            path=application_path(volunteer),
            label="Open your page",
            secret=True,
            calendar=calendar,
        )
    )


def _to_volunteer(volunteer: Volunteer, kind: str, about: str, subject: str, *says: str, path: str, label: str) -> None:
    send(
        letter(
            key=f"{kind}:{volunteer.pk}:{about}",
            kind=kind,
            to=volunteer.user.email if volunteer.user else volunteer.email,
            hello=volunteer.short_name,
            subject=subject,
            says=says,
            path=path,
            label=label,
        )
    )
