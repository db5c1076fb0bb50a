"""How long what somebody told us is kept, and what is erased when they ask."""

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import EmailField, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from members.models import NOBODYS_DOMAIN, User
from volunteers.actions._journey import move
from volunteers.actions.journey_own import free_shifts
from volunteers.models import (
    GONE,
    HERE,
    Absence,
    ExitAnswer,
    Shift,
    Stage,
    StageChange,
    Volunteer,
    VolunteerReference,
)

ENDED_KEPT = relativedelta(months=6)  # an application that came to nothing
LEFT_KEPT = relativedelta(years=2)  # the details of somebody who volunteered


@transaction.atomic
def forget_old() -> int:
    """Deletes applications that came to nothing, six months on, and what is private about volunteers who left two years
    ago; that they volunteered, and when, stays for the records they had a part in. Returns how many people.
    """
    now = timezone.now()
    nothing = Volunteer.objects.filter(
        stage__in=[Stage.DECLINED, Stage.WITHDRAWN], user=None, stage_since__lt=now - ENDED_KEPT, shifts=None
    )
    gone = Q(stage=Stage.LEFT) | Q(stage__in=[Stage.DECLINED, Stage.WITHDRAWN], user__isnull=False)
    left = Volunteer.objects.filter(gone, stage_since__lt=now - LEFT_KEPT).exclude(phone="", postcode="", motivation="")
    count = nothing.count() + left.count()
    nothing.delete()
    _blank(left)
    return count


def erase(user: User) -> None:
    """What is erased of a person who leaves for good: everything but that they volunteered, and when."""
    today = timezone.localdate()
    for volunteer in Volunteer.objects.select_for_update().filter(user=user).exclude(stage__in=GONE):
        here = volunteer.stage in HERE
        volunteer.left_on = today if here else None
        move(volunteer, Stage.LEFT if here else Stage.WITHDRAWN, by=None)
        free_shifts(volunteer, first_day=today, last_day=None, reason=Shift.Ended.PAUSED, by=None)
    _blank(Volunteer.objects.filter(user=user))


def _blank(volunteers: QuerySet[Volunteer]) -> None:
    ids = list(volunteers.values_list("pk", flat=True))
    for model in (VolunteerReference, ExitAnswer, Absence):
        model.objects.filter(volunteer__in=ids).delete()
    StageChange.objects.filter(volunteer__in=ids).update(note="")
    Volunteer.objects.filter(pk__in=ids).update(
        called="",
        email=Concat(F("pk"), Value(f"@{NOBODYS_DOMAIN}"), output_field=EmailField()),
        phone="",
        postcode="",
        date_of_birth=None,
        emergency_contact="",
        motivation="",
        hopes="",
        skills="",
        heard_from="",
        availability=[],
        photo=None,
        photo_until=None,
        board_line="",
        interview_place="",
    )
