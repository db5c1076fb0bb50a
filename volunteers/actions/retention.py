"""What is forgotten of volunteers: when they leave the site for good, and when there is no more use for it.

Who was on a shift stays, for what was written on it is part of care records, and hours are part of a programme's books.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from linkworkers.audit.actions import record
from members.models import Role, User
from volunteers.actions._shifts import end_shift, lock_shift, lock_volunteers
from volunteers.actions.training import give_back_all
from volunteers.models import (
    GONE,
    Absence,
    CoverRequest,
    ExitAnswer,
    Shift,
    Stage,
    StageChange,
    Volunteer,
    VolunteerReference,
)

# Days after which an application that came to nothing is deleted, and of somebody who left the hours are all there is.
KEEP_APPLICATIONS = 183
KEEP_DETAILS = 365
FORMER_VOLUNTEER = "A former volunteer"

NOTHING: dict[str, object] = {
    "called": "",
    "phone": "",
    "postcode": "",
    "date_of_birth": None,
    "emergency_contact": "",
    "motivation": "",
    "hopes": "",
    "skills": "",
    "heard_from": "",
    "availability": [],
    "photo": None,
    "photo_until": None,
    "board_line": "",
    "interview_place": "",
}


@transaction.atomic
def erase(user: User) -> None:
    """For somebody who leaves the site: they are off every shift and training to come, and what is known of them beside
    their hours is gone.
    """
    volunteering = lock_volunteers(Volunteer.objects.of(user))
    for shift_id in Shift.objects.to_come().filter(user=user).order_by("session_id").values_list("pk", flat=True):
        end_shift(lock_shift(shift_id), reason=Shift.Ended.PAUSED, by=None)
    CoverRequest.objects.filter(Q(asked_by=user) | Q(shift__user=user)).exclude(reason="").update(reason="")
    for volunteer in volunteering:
        give_back_all(volunteer, by=None)
        if volunteer.stage not in GONE:
            volunteer.stage, volunteer.stage_since = Stage.LEFT, timezone.now()
            volunteer.left_on = timezone.localdate()
            StageChange.objects.create(volunteer=volunteer, stage=Stage.LEFT)
        _forget(volunteer)
        volunteer.email = ""
        if not user.posts.filter(role=Role.VOLUNTEER).exists():  # they never wrote in a record, which keeps its writer
            volunteer.name = FORMER_VOLUNTEER
        volunteer.save()


def _forget(volunteer: Volunteer) -> None:
    photo = volunteer.photo
    for field, value in NOTHING.items():
        setattr(volunteer, field, value)
    volunteer.save(update_fields=list(NOTHING))
    if photo:
        photo.delete()
    for model in (Absence, VolunteerReference, ExitAnswer):
        model.objects.filter(volunteer=volunteer).delete()
    volunteer.stage_changes.update(note="")


def forget_old(*, today: dt.date | None = None) -> int:
    """Deletes applications that came to nothing half a year ago, and of whoever left a year ago all but name, roles,
    checks and hours; of cover that was looked for until half a year ago why. Returns how many rows were touched. Due
    and not yet done: safe to run twice, or a week late.
    """
    day = today or timezone.localdate()
    since = timezone.now() - dt.timedelta(days=KEEP_APPLICATIONS)
    forgotten = CoverRequest.objects.filter(closed_at__lt=since).exclude(reason="").update(reason="")
    old = Volunteer.objects.filter(
        stage__in=[Stage.DECLINED, Stage.WITHDRAWN],
        stage_since__lt=timezone.now() - dt.timedelta(days=KEEP_APPLICATIONS),
        shifts=None,
    )
    for volunteer in old.iterator(chunk_size=200):
        with transaction.atomic():
            record("volunteer.application_forgotten", by=None, subject=volunteer)
            volunteer.delete()
        forgotten += 1
    left = Volunteer.objects.filter(stage=Stage.LEFT, left_on__lt=day - dt.timedelta(days=KEEP_DETAILS))
    for volunteer in left.exclude(**NOTHING).iterator(chunk_size=200):
        with transaction.atomic():
            record("volunteer.details_forgotten", by=None, subject=volunteer)
            _forget(volunteer)
        forgotten += 1
    return forgotten
