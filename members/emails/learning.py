"""The mails about a learning year and about supervision: drafts, for many are written at once."""

import datetime as dt

from django.urls import reverse

from linkworkers.outbox.actions import Draft
from members.learning_year import Standing
from members.mail_kinds import unsubscribe_path
from members.models import User


def year_reminder(user: User, *, key: str, standing: Standing) -> Draft:
    """What is still missing, some time before the year ends."""
    return Draft(
        key=key,
        kind="learning-reminder",
        to=user.email,
        template="learning-reminder",
        context={"person": user, "standing": standing, "path": reverse("learning")},
        unsubscribe=unsubscribe_path(user.pk, "learning-reminder"),
    )


def supervision_gap(user: User, *, key: str, last: dt.date | None, weeks: int) -> Draft:
    """That no supervision was noted for so many weeks; `last` is the day of the last, if there was one."""
    return Draft(
        key=key,
        kind="supervision-gap",
        to=user.email,
        template="supervision-gap",
        context={"person": user, "last": last, "weeks": weeks, "path": reverse("supervision_new")},
        unsubscribe=unsubscribe_path(user.pk, "supervision-gap"),
    )
