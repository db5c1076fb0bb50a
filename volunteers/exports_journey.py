"""What is kept about somebody as a volunteer, for whoever asks for everything about themselves."""

from collections.abc import Iterator

from django.urls import reverse

from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import User
from volunteers.models import Volunteer


def volunteering(user: User) -> Section:
    return Section(
        key="volunteering",
        title="Your volunteering",
        why="To look after you and the clinics you help at. Kept while you volunteer and for two years after. What "
        "referees wrote in confidence stays with the coordinators.",
        rows=Lazy(_volunteering, user),
        covers=frozenset({"volunteers.volunteer.user"}),
        change=("See and change it", reverse("volunteer_me")),
    )


def _volunteering(user: User) -> Iterator[Row]:
    rows = Volunteer.objects.of(user).select_related("workplace")
    for each in rows.prefetch_related("roles", "absences", "checks__requirement", "stage_changes", "exit_answers"):
        yield {
            "at": str(each.workplace),
            "stage": each.get_stage_display(),
            "roles": [str(role) for role in each.roles.all()],
            "name": each.name,
            "called": each.called,
            "e-mail": each.email,
            "phone": each.phone,
            "postcode": each.postcode,
            "date of birth": each.date_of_birth,
            "in an emergency": each.emergency_contact,
            "why you would like to": each.motivation,
            "what you hope for": each.hopes,
            "what you bring along": each.skills,
            "heard of it": each.heard_from,
            "usually free": each.availability,
            "applied": each.applied_at,
            "active since": each.started_on,
            "left": each.left_on,
            "days away": [str(absence) for absence in each.absences.all()],
            "checks": [
                f"{check.requirement}: {'in order' if check.passed else 'not in order'}, {check.done_on:%Y-%m-%d}"
                for check in each.checks.all()
            ],
            "your way": [str(change) for change in each.stage_changes.all()],
            "when you left": [
                {"why": said.why, "best": said.best, "change": said.change, "come back": said.would_return}
                for said in each.exit_answers.all()
            ],
        }
