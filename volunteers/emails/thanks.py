"""The mails about milestones and thanks."""

from django.urls import reverse

from linkworkers.outbox.actions import Draft, queue
from members.models import User
from volunteers.models import Milestone, ThankYouLetter, Volunteer


def thanked(letter: ThankYouLetter) -> None:
    """To the volunteer: somebody wrote them a letter. What is in it they read on the page."""
    volunteer = letter.volunteer
    queue(
        key=f"thanked:{letter.pk}",
        kind="thanked",
        to=volunteer.user.email if volunteer.user else volunteer.email,
        template="volunteer-thanked",
        context={
            "volunteer": volunteer,
            "letter": letter,
            "milestones": list(letter.milestones.all()),
            "path": reverse("thank_you_letter", args=[letter.pk]),
        },
    )


def milestones_reached(coordinator: User, lines: list[tuple[Volunteer, Milestone]]) -> Draft:
    """To a coordinator: who reached what, and can be thanked."""
    last = max(milestone.pk for _, milestone in lines)
    return Draft(
        key=f"milestones-reached:{coordinator.pk}:{last}",
        kind="milestones-reached",
        to=coordinator.email,
        template="milestones-reached",
        context={"person": coordinator, "lines": lines, "path": reverse("thanks")},
    )
