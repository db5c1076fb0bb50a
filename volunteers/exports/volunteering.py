"""What is kept of somebody's volunteering, for whoever asks for everything about themselves."""

from collections.abc import Iterator

from django.urls import reverse

from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import User
from volunteers.models import Check, Shift, Volunteer


def volunteering(user: User) -> Section:
    return Section(
        key="volunteering",
        title="Your volunteering",
        why="To know whether you are ready for a role, when you can come, and whom to ring. A year after you leave, "
        "your name, roles, checks and hours stay and the rest is deleted.",
        rows=Lazy(_volunteering, user),
        covers=frozenset({"volunteers.volunteer.user", "volunteers.absence.volunteer"}),
        change=("See your shifts", reverse("my_shifts")),
    )


def _volunteering(user: User) -> Iterator[Row]:
    for row in (
        Volunteer.objects.of(user)
        .select_related("workplace")
        .prefetch_related("roles", "absences", "stage_changes", "exit_answers")
    ):
        yield {
            "where": row.workplace.name,
            "stage": row.get_stage_display(),
            "since": row.stage_since,
            "roles": ", ".join(role.name for role in row.roles.all()),
            "name": row.name,
            "called": row.called,
            "e-mail": row.email,
            "phone": row.phone,
            "postcode": row.postcode,
            "date of birth": row.date_of_birth,
            "in an emergency": row.emergency_contact,
            "why you wanted to": row.motivation,
            "what you hoped for": row.hopes,
            "skills": row.skills,
            "heard from": row.heard_from,
            "could give six months": row.agreed_to_six_months,
            "when you can come": ", ".join(row.availability),
            "applied": row.applied_at,
            "started": row.started_on,
            "left": row.left_on,
            "photo may be shown until": row.photo_until,
            "line on the photo board": row.board_line,
            "free bus pass": row.has_bus_pass,
            "days away": ", ".join(str(absence) for absence in row.absences.all()),
            "your way": ", ".join(str(change) for change in row.stage_changes.all()),
            "what you said when you left": [
                {
                    "why": said.why,
                    "best": said.best,
                    "change": said.change,
                    "come back": said.get_would_return_display(),
                }
                for said in row.exit_answers.all()
            ],
        }


def volunteer_checks(user: User) -> Section:
    return Section(
        key="volunteer-checks",
        title="Your checks as a volunteer",
        why="So that only people who are cleared see people. Of a DBS check the outcome and its date are kept.",
        rows=Lazy(_checks, user),
        covers=frozenset({"volunteers.check.volunteer"}),
    )


def _checks(user: User) -> Iterator[Row]:
    for check in Check.objects.filter(volunteer__user=user).select_related("requirement").order_by("done_on", "pk"):
        yield {
            "what": check.requirement.name,
            "in order": check.passed,
            "done on": check.done_on,
            "counts until": check.ends_on,
        }


def shifts(user: User) -> Section:
    return Section(
        key="shifts",
        title="Your shifts",
        why="To count your hours, and to know who saw whom. They stay as long as the records written on them.",
        rows=Lazy(_shifts, user),
        covers=frozenset({"volunteers.shift.user", "volunteers.shift.volunteer"}),
    )


def _shifts(user: User) -> Iterator[Row]:
    for shift in Shift.objects.filter(user=user).select_related("session__clinic__practice").order_by("starts_at"):
        yield {
            "clinic": str(shift.session.clinic),
            "from": shift.starts_at,
            "until": shift.ends_at,
            "how": shift.get_how_display(),
            "came": shift.attended,
            "ended": shift.ended_at,
            "why it ended": shift.get_end_reason_display(),
        }
