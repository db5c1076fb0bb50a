"""The mails to referees, and about what they said. What they said is never in one."""

from volunteers.journey_links import reference_path
from volunteers.letters import letter, send, tell_coordinators
from volunteers.models import VolunteerReference


def ask(reference: VolunteerReference, *, again: bool = False) -> None:
    """To a referee: a few questions, answered once. Each mail brings a new link."""
    volunteer = reference.volunteer
    reminder = "Perhaps this went under: we asked you a while ago. " if again else ""
    about = reference.reminded_at if again else reference.asked_at
    send(
        letter(
            key=f"volunteer-reference:{reference.pk}:{about}",
            kind="volunteer-reference",
            to=reference.email,
            hello=reference.name,
            subject=f"{volunteer.name} gave us your name",
            says=[
                f"{reminder}{volunteer.name} would like to volunteer at {volunteer.workplace} and named you as "
                "somebody who knows them.",
                "Volunteers meet people who may be going through a hard time, so we ask for two references. It takes "
                "five minutes and no account. Only the volunteer coordinators read what you write.",
            ],
            path=reference_path(reference),
            label="Answer six questions",
            secret=True,
        )
    )


def answered(reference: VolunteerReference) -> None:
    """To the coordinators: there is something to read."""
    volunteer = reference.volunteer
    tell_coordinators(
        volunteer,
        "volunteer-reference-in",
        reference.pk,
        f"A reference for {volunteer.name} is in",
        f"{reference.name} has answered. Read it on the page of {volunteer.name}.",
    )
