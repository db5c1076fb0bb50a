"""The mails about places in trainings, each with the training for the reader's calendar."""

import datetime as dt
from typing import Any

from django.urls import reverse

from linkworkers.outbox.actions import Draft
from members.mail_kinds import unsubscribe_path
from volunteers.calendar import training_ics
from volunteers.models import TrainingPlace

# When one of these is another, whoever comes has to know.
WHEN_AND_WHERE = ("starts_at", "ends_at", "place", "online_link")
REMINDER = "shift-reminder"  # the kind that people switch on and off


def signed_up(place: TrainingPlace) -> Draft:
    """To whoever took a place."""
    return _about(place, "training-joined", f"training-joined:{place.pk}")


def moved_up(place: TrainingPlace) -> Draft:
    """To whoever waited and has a place now."""
    return _about(place, "training-moved-up", f"training-moved-up:{place.pk}")


def changed(place: TrainingPlace, *, at: dt.datetime) -> Draft:
    """To whoever comes: it is at another time or place from `at` on."""
    return _about(place, "training-changed", f"training-changed:{place.pk}:{at.isoformat()}")


def cancelled(place: TrainingPlace) -> Draft:
    """To whoever had a place or waited for one: it does not take place."""
    had_place = place.state in TrainingPlace.TAKING
    calendar = training_ics(place, cancelled=True) if had_place else ""
    return _about(place, "training-cancelled", f"training-cancelled:{place.pk}", calendar=calendar)


def reminder(place: TrainingPlace, *, key: str) -> Draft:
    """To whoever comes, some time before."""
    user = place.volunteer.user
    assert user is not None  # noqa: S101 - asked for
    return _about(place, "training-reminder", key, calendar="", unsubscribe=unsubscribe_path(user.pk, REMINDER))


def _about(place: TrainingPlace, template: str, key: str, **more: Any) -> Draft:
    user = place.volunteer.user
    assert user is not None  # noqa: S101 - whoever has a place has an account
    return Draft(
        key=key,
        kind=template,
        to=user.email,
        template=template,
        context={
            "name": place.volunteer.short_name,
            "training": place.training,
            "path": reverse("training_detail", args=[place.training_id]),
        },
        **{"calendar": training_ics(place) if "calendar" not in more else "", **more},
    )
