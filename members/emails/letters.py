"""The mail about a letter from another member: who wrote, and where it is read. Never what it says."""

from django.urls import reverse

from linkworkers.outbox.actions import queue
from members.mail_kinds import frequency, unsubscribe_path
from members.models import Frequency, MemberLetter

KIND = "member-letter"


def letter_received(letter: MemberLetter) -> None:
    """To whoever it is for, unless they want none of these mails."""
    if frequency(letter.to, KIND) == Frequency.OFF:
        return
    queue(
        key=f"{KIND}:{letter.pk}",
        kind=KIND,
        to=letter.to.email,
        template=KIND,
        context={
            "person": letter.to,
            "writer": letter.by,
            "path": reverse("correspondence", args=[letter.correspondence.key]),
        },
        unsubscribe=unsubscribe_path(letter.to_id, KIND),
    )
