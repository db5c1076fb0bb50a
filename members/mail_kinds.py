"""The mails that people choose: each kind, how often it can come, and what is usual. Mails that are not here always
come: they answer something that somebody did, or protect them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from members.models import Frequency, MailChoice, Membership, Role, User
from members.permissions import is_member

_signer = signing.Signer(salt="members.unsubscribe")


@dataclass(frozen=True)
class MailKind:
    """`roles` are the posts whose holders are asked about it; none means members, or those who look after an employer's
    membership, or everybody with an account.
    """

    key: str
    label: str
    about: str
    choices: tuple[Frequency, ...]
    usual: Frequency
    roles: tuple[Role, ...] = ()
    for_employers: bool = False
    for_all: bool = False


AT_ONCE_OR_NOT = (Frequency.AT_ONCE, Frequency.OFF)

KINDS = {
    kind.key: kind
    for kind in (
        MailKind(
            "members-digest",
            "The week’s digest",
            "What is new in your region, the topics you follow, listings of jobs and volunteer roles, and events.",
            (Frequency.WEEKLY, Frequency.MONTHLY, Frequency.OFF),
            Frequency.WEEKLY,
        ),
        MailKind(
            "topic-reply",
            "Replies in topics you follow",
            "A mail when somebody answers.",
            (Frequency.AT_ONCE, Frequency.DAILY, Frequency.OFF),
            Frequency.AT_ONCE,
        ),
        MailKind(
            "member-letter",
            "Letters from other members",
            "A mail when somebody writes to you through the site.",
            AT_ONCE_OR_NOT,
            Frequency.AT_ONCE,
        ),
        MailKind(
            "learning-reminder",
            "Your learning year",
            "Where you stand, two months and two weeks before it ends, if something is missing.",
            AT_ONCE_OR_NOT,
            Frequency.AT_ONCE,
        ),
        MailKind(
            "supervision-gap",
            "Supervision",
            "A mail when you have noted none for eight weeks.",
            AT_ONCE_OR_NOT,
            Frequency.AT_ONCE,
        ),
        MailKind(
            "employer-summary",
            "Your organisation’s membership",
            "Who has which seat, and when it ends, once a month.",
            (Frequency.MONTHLY, Frequency.OFF),
            Frequency.MONTHLY,
            for_employers=True,
        ),
        MailKind(
            "morning-digest",
            "Your day",
            "Appointments, follow-ups and new referrals, each working morning.",
            (Frequency.DAILY, Frequency.OFF),
            Frequency.DAILY,
            (Role.LINK_WORKER,),
        ),
        MailKind(
            "expenses-nudge",
            "Expenses you have not claimed",
            "Once a month, if you were on shifts and asked for nothing back.",
            (Frequency.MONTHLY, Frequency.OFF),
            Frequency.MONTHLY,
            (Role.VOLUNTEER,),
        ),
        MailKind(
            "volunteer-impact",
            "What your clinics achieved",
            "Sessions, hours and how many people came, once a month, when there is something to tell.",
            (Frequency.MONTHLY, Frequency.OFF),
            Frequency.MONTHLY,
            (Role.VOLUNTEER, Role.COORDINATOR),
        ),
        MailKind(
            "volunteer-impact-practice",
            "What the volunteers at your practice achieved",
            "Sessions, hours and how many people came, once a month. It goes to your shared mailbox in any case.",
            (Frequency.MONTHLY, Frequency.OFF),
            Frequency.OFF,
            (Role.PRACTICE_STAFF,),
        ),
        MailKind(
            "shift-reminder",
            "Reminders of your shifts and trainings",
            "Two days and three hours before a shift, and two days before a training.",
            AT_ONCE_OR_NOT,
            Frequency.AT_ONCE,
            (Role.VOLUNTEER,),
        ),
        MailKind(
            "cover-request",
            "Can you cover?",
            "A mail when a shift that you could take needs somebody. Without it you are not asked.",
            AT_ONCE_OR_NOT,
            Frequency.AT_ONCE,
            (Role.VOLUNTEER,),
        ),
        MailKind(
            "shift-week",
            "Your week as a volunteer",
            "On Sunday evening: your shifts of the week, and those that still need somebody.",
            (Frequency.WEEKLY, Frequency.OFF),
            Frequency.WEEKLY,
            (Role.VOLUNTEER,),
        ),
        MailKind(
            "sessions-unfilled",
            "Sessions that need volunteers",
            "Each morning, the sessions of the next seven days that are short of volunteers, if there are any.",
            (Frequency.DAILY, Frequency.OFF),
            Frequency.DAILY,
            (Role.COORDINATOR,),
        ),
        MailKind(
            "event-reminder",
            "Reminders of events",
            "A week and a day before an event that you have a ticket for, with how to join.",
            AT_ONCE_OR_NOT,
            Frequency.AT_ONCE,
            for_all=True,
        ),
        MailKind(
            "event-after",
            "After an event",
            "A thank-you on the next day, with the way to feedback, your reflection and your certificate.",
            AT_ONCE_OR_NOT,
            Frequency.AT_ONCE,
            for_all=True,
        ),
        MailKind(
            "volunteer-check",
            "Checks that end",
            "A DBS check, a training or an agreement of a volunteer, before it ends.",
            AT_ONCE_OR_NOT,
            Frequency.AT_ONCE,
            (Role.VOLUNTEER, Role.COORDINATOR),
        ),
    )
}


def kinds_for(user: User) -> list[MailKind]:
    """The kinds that concern this person, by their posts and memberships of today."""
    member, employer = is_member(user), Membership.objects.kept_by(user).exists()

    def concerns(kind: MailKind) -> bool:
        if kind.roles:
            return user.has_role(*kind.roles)
        if kind.for_all:
            return True
        return employer if kind.for_employers else member

    return [kind for kind in KINDS.values() if concerns(kind)]


def frequency(user: User, kind: str) -> Frequency:
    """How often this person wants this kind. One query."""
    return frequencies(kind, [user.pk])[user.pk]


def frequencies(kind: str, users: Iterable[int]) -> dict[int, Frequency]:
    """How often each of these people wants a kind: their choice, or what is usual. One query."""
    ids = list(users)
    chosen = MailChoice.objects.by_user(kind, ids)
    return {user: Frequency(chosen.get(user, KINDS[kind].usual)) for user in ids}


def unsubscribe_path(user_id: int, kind: str) -> str:
    """Where one click ends a kind of mail, without logging in: for the List-Unsubscribe header and a mail's foot."""
    return reverse("unsubscribe", args=[_signer.sign_object([user_id, kind])])


def read_unsubscribe(token: str) -> tuple[int, str] | None:
    """The person's id and the kind in such a link; None when it was altered, or no such kind is left."""
    try:
        user_id, kind = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (user_id, kind) if kind in KINDS else None
