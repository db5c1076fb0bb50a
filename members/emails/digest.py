"""The members' digest."""

import datetime as dt
from collections.abc import Sequence

from django.utils.text import Truncator

from linkworkers.outbox.actions import Draft
from members.digest_sections._section import Section
from members.mail_kinds import unsubscribe_path
from members.models import Association, User

KIND = "members-digest"
IN_SUBJECT = 2  # sections
LONGEST_HEADLINE = 60


def digest_key(user_id: int, thursday: dt.date) -> str:
    """Names the digest of the week that a Thursday is in."""
    return f"{KIND}:{user_id}:{thursday:%G-%V}"


def members_digest(
    user: User, sections: Sequence[Section], *, thursday: dt.date, asked_at: dt.datetime, association: Association
) -> Draft:
    """To a member. `asked_at` is when it was put together: the next one goes on from there."""
    headlines = [_shortened(section.headline) for section in sections[:IN_SUBJECT]]
    return Draft(
        key=digest_key(user.pk, thursday),
        kind=KIND,
        to=user.email,
        template="members-digest",
        context={"user": user, "headlines": headlines, "sections": sections, "association": association},
        due_at=asked_at,
        unsubscribe=unsubscribe_path(user.pk, KIND),
    )


def _shortened(headline: str) -> str:
    """On one line, as far as a subject has room for it."""
    return Truncator(" ".join(headline.split())).chars(LONGEST_HEADLINE)
