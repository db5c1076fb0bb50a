"""Hours that are noted and confirmed, milestones, and the letters that thank for them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.outbox.actions import queue_all
from members.models import Post, Role, User
from volunteers import permissions
from volunteers.emails import thanks as emails
from volunteers.hours import days_reached, hours_of
from volunteers.models import HERE, ExtraHours, Milestone, Stage, ThankYouLetter, Volunteer

BATCH = 200  # volunteers looked at together
NEWS_FOR = dt.timedelta(days=30)  # nobody is mailed about a milestone that was reached before


@transaction.atomic
def note_hours(volunteer: Volunteer, *, on: dt.date, hours: Decimal, kind: str, what: str, by: User) -> ExtraHours:
    """Notes time beside the shifts, which counts once it is confirmed. Raises PermissionDenied for anybody else, and
    Refused when it was noted already.
    """
    if not permissions.can_act_as(by, volunteer):
        raise PermissionDenied
    if volunteer.stage not in HERE:
        raise Refused("You are not down as an active volunteer. Ask your coordinator.")
    try:
        with transaction.atomic():
            noted = ExtraHours.objects.create(volunteer=volunteer, on=on, hours=hours, kind=kind, what=what)
    except IntegrityError as error:
        raise Refused("You have noted this already, for the same day.") from error
    record("extra_hours.noted", by=by, subject=noted, facts={"hours": str(hours), "on": str(on)})
    return noted


@transaction.atomic
def take_back_hours(noted: ExtraHours, *, by: User) -> None:
    """Deletes what nobody has answered yet. Raises PermissionDenied for anybody else, Refused when it was answered."""
    noted = _locked_hours(noted)
    if not permissions.can_act_as(by, noted.volunteer):
        raise PermissionDenied
    if noted.state != ExtraHours.State.NOTED:
        raise Refused("Your coordinator has answered this already. Ask them to put it right.")
    record("extra_hours.taken_back", by=by, subject=noted, facts={"hours": str(noted.hours), "on": str(noted.on)})
    noted.delete()


@transaction.atomic
def answer_hours(noted: ExtraHours, *, confirm: bool, by: User) -> ExtraHours:
    """Counts noted hours, or does not. Raises PermissionDenied unless `by` coordinates the volunteer and is somebody
    else, and Refused when it was answered.
    """
    noted = _locked_hours(noted)
    if not permissions.can_thank(by, noted.volunteer):
        raise PermissionDenied
    if noted.state != ExtraHours.State.NOTED:
        raise Refused(f"This was answered already: {noted.get_state_display().lower()}.")
    noted.state = ExtraHours.State.CONFIRMED if confirm else ExtraHours.State.DECLINED
    noted.answered_at, noted.answered_by = timezone.now(), by
    noted.save(update_fields=["state", "answered_at", "answered_by"])
    record("extra_hours.answered", by=by, subject=noted, facts={"answer": noted.state, "hours": str(noted.hours)})
    return noted


@transaction.atomic
def thank(volunteer: Volunteer, *, text: str, seen: int | None, by: User) -> ThankYouLetter:
    """Writes a letter of thanks, for every milestone that nobody has thanked them for yet, and mails that it is there.

    `seen` is the last letter that was there when it was begun, None for none. Raises PermissionDenied, and Refused when
    somebody has written in the meantime.
    """
    volunteer = (
        Volunteer.objects.select_for_update(of=("self",)).select_related("workplace", "user").get(pk=volunteer.pk)
    )
    if not permissions.can_thank(by, volunteer):
        raise PermissionDenied
    last = volunteer.thank_you_letters.first()
    if last and last.pk != seen:
        raise Refused(f"{last.signed_by} has just written to {volunteer}. Read that letter before you send another.")
    letter = ThankYouLetter.objects.create(
        volunteer=volunteer, text=text, by=by, signed_by=str(by), signed_as=signed_as(by, volunteer)
    )
    thanked = volunteer.milestones.not_thanked().update(letter=letter)
    record("volunteer.thanked", by=by, subject=letter, facts={"volunteer": volunteer.pk, "milestones": thanked})
    emails.thanked(letter)
    return letter


def signed_as(by: User, volunteer: Volunteer) -> str:
    """What stands under a coordinator's name, as in “Volunteer coordinator, Mid Herts Primary Care Network”."""
    workplace = volunteer.workplace
    posts = [post for post in by.current_posts if post.role == Role.COORDINATOR]
    near = [post for post in posts if post.workplace_id in (workplace.pk, workplace.parent_id)]
    return f"{Role.COORDINATOR.label}, {near[0].workplace}" if near else str(Role.COORDINATOR.label)


def note_milestones() -> int:
    """Notes every milestone that was reached and is not noted, and tells coordinators of those that are news.

    Two runs at once note each once: whoever comes second waits for the first, and finds nothing left. Returns how many.
    """
    noted = after = 0
    while some := list(_who_volunteered().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        noted += _note(some)
        after = some[-1]
    return noted


def _who_volunteered() -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(stage__in=[*HERE, Stage.LEFT], started_on__isnull=False, user__isnull=False)


@transaction.atomic
def _note(ids: list[int]) -> int:
    people = list(
        Volunteer.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .select_related("workplace")
        .order_by("pk")
    )
    known: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for volunteer, kind, number in Milestone.objects.filter(volunteer__in=ids).values_list(
        "volunteer", "kind", "number"
    ):
        known[volunteer].add((kind, number))
    new = [*_years(people, known), *_hours(ids, known)]
    Milestone.objects.bulk_create(new)
    _tell_coordinators(new, {volunteer.pk: volunteer for volunteer in people})
    return len(new)


def _years(people: Iterable[Volunteer], known: dict[int, set[tuple[str, int]]]) -> Iterable[Milestone]:
    today, years = timezone.localdate(), Milestone.Kind.YEARS
    for volunteer in people:
        assert volunteer.started_on  # noqa: S101 - whoever has none was not fetched
        until = min(volunteer.left_on or today, today) if volunteer.stage == Stage.LEFT else today
        for number in Milestone.NUMBERS[years]:
            day = volunteer.started_on + relativedelta(years=number)
            if day <= until and (years, number) not in known[volunteer.pk]:
                yield Milestone(volunteer=volunteer, kind=years, number=number, reached_on=day)


def _hours(ids: list[int], known: dict[int, set[tuple[str, int]]]) -> Iterable[Milestone]:
    hours = Milestone.Kind.HOURS
    missing = {
        volunteer: numbers
        for volunteer, given in hours_of(ids).items()
        if (
            numbers := [
                number
                for number in Milestone.NUMBERS[hours]
                if number <= given.total and (hours, number) not in known[volunteer]
            ]
        )
    }
    reached = days_reached(list(missing), Milestone.NUMBERS[hours]) if missing else {}
    for volunteer, numbers in missing.items():
        for number in numbers:
            # Hours that were put right between the two questions are looked at again tomorrow.
            if day := reached.get(volunteer, {}).get(number):
                yield Milestone(volunteer_id=volunteer, kind=hours, number=number, reached_on=day)


def _tell_coordinators(new: list[Milestone], people: dict[int, Volunteer]) -> None:
    """One mail to each coordinator, of those of their volunteers who reached something lately."""
    since = timezone.localdate() - NEWS_FOR
    news = [(people[each.volunteer_id], each) for each in new if each.reached_on >= since]
    if not news:
        return
    workplaces = [volunteer.workplace for volunteer, _ in news]
    places = {place for workplace in workplaces for place in (workplace.pk, workplace.parent_id)}
    posts = Post.objects.current().filter(Q(workplace__in=places - {None}), role=Role.COORDINATOR)
    told: dict[User, list[tuple[Volunteer, Milestone]]] = defaultdict(list)
    for post in posts.select_related("user").order_by("pk"):
        for volunteer, milestone in news:
            line, near = (volunteer, milestone), (volunteer.workplace_id, volunteer.workplace.parent_id)
            if post.workplace_id in near and volunteer.user_id != post.user_id and line not in told[post.user]:
                told[post.user].append(line)
    queue_all(emails.milestones_reached(user, lines) for user, lines in told.items() if lines)


def _locked_hours(noted: ExtraHours) -> ExtraHours:
    rows = ExtraHours.objects.select_for_update(of=("self",)).select_related("volunteer__workplace")
    found = rows.filter(pk=noted.pk).first()
    if found is None:
        raise Refused("This was taken back.")
    return found
