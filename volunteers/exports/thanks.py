"""What is kept of somebody's trainings, hours and thanks, and of how they left."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial

from django.urls import reverse

from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import StoredFile, User
from volunteers.models import (
    CalendarFeed,
    ExitAnswer,
    ExtraHours,
    Milestone,
    StageChange,
    ThankYouLetter,
    TrainingPlace,
    Volunteer,
)


def steps(user: User) -> Section:
    return Section(
        key="volunteer-steps",
        title="Your way as a volunteer, and how you left",
        why="To know where you stand, and to learn why people leave. What you said is deleted a year after you left. "
        "Coordinators’ notes may hold what others said in confidence: ask for them, and they are read through first.",
        rows=Lazy(_steps, user),
        covers=frozenset({"volunteers.stagechange.volunteer", "volunteers.exitanswer.volunteer"}),
        files=_Photos(user),
    )


def _steps(user: User) -> Iterator[Row]:
    for step in StageChange.objects.filter(volunteer__user=user).order_by("at", "pk"):
        yield {"stage": step.get_stage_display(), "since": step.at}
    for answer in ExitAnswer.objects.filter(volunteer__user=user):
        yield {
            "left": answer.at,
            "why": answer.why,
            "what was best": answer.best,
            "what to change": answer.change,
            "would come back": answer.get_would_return_display(),
        }


def trainings(user: User) -> Section:
    return Section(
        key="trainings",
        title="Trainings as a volunteer",
        why="To keep your place, and to know what you have done.",
        rows=Lazy(_trainings, user),
        covers=frozenset({"volunteers.trainingplace.volunteer"}),
        change=("See trainings", reverse("training")),
    )


def _trainings(user: User) -> Iterator[Row]:
    for place in TrainingPlace.objects.filter(volunteer__user=user).select_related("training").order_by("joined_at"):
        yield {
            "training": place.training.title,
            "on": place.training.starts_at,
            "signed up": place.joined_at,
            "standing": place.get_state_display(),
        }


def thanks(user: User) -> Section:
    return Section(
        key="thanks",
        title="Your hours beside shifts, what you reached, and letters of thanks",
        why="To count what you gave, and to thank you for it.",
        rows=Lazy(_thanks, user),
        covers=frozenset(
            {"volunteers.extrahours.volunteer", "volunteers.milestone.volunteer", "volunteers.thankyouletter.volunteer"}
        ),
        change=("See your hours", reverse("thanks")),
    )


def _thanks(user: User) -> Iterator[Row]:
    for extra in ExtraHours.objects.filter(volunteer__user=user).order_by("on", "pk"):
        yield {"day": extra.on, "hours": extra.hours, "what": extra.what, "standing": extra.get_state_display()}
    for milestone in Milestone.objects.filter(volunteer__user=user).order_by("reached_on", "pk"):
        yield {"reached": str(milestone), "day": milestone.reached_on}
    for letter in ThankYouLetter.objects.filter(volunteer__user=user).order_by("written_at"):
        yield {"letter": letter.text, "signed by": letter.signed_by, "written": letter.written_at}


def calendar(user: User) -> Section:
    return Section(
        key="calendar",
        title="The address of your calendar",
        why="So that your phone can show your shifts. The address itself is a secret: it stands on its page.",
        rows=Lazy(_calendar, user),
        covers=frozenset({"volunteers.calendarfeed.user"}),
        change=("See or change it", reverse("calendar_feed")),
    )


def _calendar(user: User) -> Iterator[Row]:
    for feed in CalendarFeed.objects.filter(user=user):
        yield {"made": feed.created_at, "last read": feed.last_read_at}


class _Photos:
    """Each read when it is written."""

    def __init__(self, user: User) -> None:
        self.user = user

    def __iter__(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        kept = Volunteer.objects.filter(user=self.user, photo__isnull=False).values_list("pk", "photo")
        for number, file in kept:
            yield f"photo-{number}.jpg", partial(_content, file)


def _content(file: uuid.UUID) -> bytes:
    return bytes(StoredFile.objects.values_list("content", flat=True).get(pk=file))
