"""What the demo's volunteers gave: faces on the board, milestones and letters, counted months, a health check."""

import datetime as dt
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from linkworkers.demo import DOMAIN
from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from linkworkers.demo.volunteers.portraits import portrait
from members.models import Post, Role, StoredFile, User
from volunteers.actions.impact import count_months
from volunteers.actions.thanks import signed_as
from volunteers.hours import days_reached, hours_of
from volunteers.models import ExtraHours, HealthAnswer, Milestone, Stage, ThankYouLetter, Volunteer
from volunteers.thank_you import draft

LINES = (
    "Retired bus driver. Ask me about allotments.",
    "I know every bench along the canal.",
    "Patient with forms, and I make good tea.",
    "Grandfather of five. I have time.",
    "I walk my dog past the surgery each morning.",
    "New to the town myself not long ago.",
)
EXTRA = (
    ("Safeguarding refresher", ExtraHours.Kind.TRAINING, "2"),
    ("Volunteers’ tea with the link workers", ExtraHours.Kind.MEETING, "1.5"),
    ("Listening, part two", ExtraHours.Kind.TRAINING, "2.5"),
)
ANSWERS = (
    ("meeting", "no", 240, "We have never had a date that suited everybody."),
    ("meeting", "partly", 60, "Tea in the spring, eight came. The next one is being planned."),
    ("expenses", "yes", 30, "Paid on the last Friday of each month. Nobody waits."),
    ("leaving", "partly", 30, "We ring everybody who leaves, but we do not write down what they say."),
)


def build(world: World, clock: Clock) -> None:
    """Does nothing where the demo has no volunteers yet."""
    people = list(
        Volunteer.objects.filter(user__email__endswith=DOMAIN, stage__in=[Stage.ACTIVE, Stage.PAUSED])
        .select_related("workplace__parent", "user")
        .order_by("pk")
    )
    if not people:
        return
    _faces(people, clock)
    _extra_hours(people, clock)
    _milestones(people, clock)
    _answers(people, clock)
    count_months()


def _faces(people: list[Volunteer], clock: Clock) -> None:
    """Most show a face, some their initials, and one has not been asked yet."""
    for number, volunteer in enumerate(people):
        if number % 6 == 5:
            continue
        if number % 4 != 2:
            volunteer.photo = StoredFile.keep(
                name=f"photo-{volunteer.key}.jpg",
                content_type="image/jpeg",
                content=portrait(number),
                by=volunteer.user,
            )
        volunteer.photo_until = clock.today + dt.timedelta(days=40 + 47 * number % 320)
        volunteer.board_line = LINES[number % len(LINES)]
        volunteer.save(update_fields=["photo", "photo_until", "board_line"])


def _extra_hours(people: list[Volunteer], clock: Clock) -> None:
    for number, volunteer in enumerate(people[:8]):
        what, kind, hours = EXTRA[number % len(EXTRA)]
        days, coordinator = 6 + 9 * number, coordinator_of(volunteer)
        answered = coordinator and number % 3
        ExtraHours.objects.create(
            volunteer=volunteer,
            on=clock.day_before(days),
            hours=Decimal(hours),
            kind=kind,
            what=what,
            noted_at=clock.ago(days - 1),
            state=ExtraHours.State.CONFIRMED if answered else ExtraHours.State.NOTED,
            answered_at=clock.ago(days - 3) if answered else None,
            answered_by=coordinator if answered else None,
        )


def _milestones(people: list[Volunteer], clock: Clock) -> None:
    """Noted the day after; whoever reached something more than two weeks ago was thanked for it."""
    ids = [volunteer.pk for volunteer in people]
    hours, days = hours_of(ids), days_reached(ids, Milestone.NUMBERS[Milestone.Kind.HOURS])
    for volunteer in people:
        reached = [
            (Milestone.Kind.HOURS, number, day)
            for number, day in days.get(volunteer.pk, {}).items()
            if number <= hours[volunteer.pk].total
        ]
        for number in Milestone.NUMBERS[Milestone.Kind.YEARS]:
            day = (volunteer.started_on or clock.today) + relativedelta(years=number)
            if day <= clock.today:
                reached.append((Milestone.Kind.YEARS, number, day))
        for kind, number, day in sorted(reached, key=lambda each: each[2]):
            _note(volunteer, kind, number, day, clock)


def _note(volunteer: Volunteer, kind: str, number: int, day: dt.date, clock: Clock) -> None:
    noted = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(5, 10)))
    milestone = Milestone(volunteer=volunteer, kind=kind, number=number, reached_on=day, noted_at=min(noted, clock.now))
    coordinator = coordinator_of(volunteer)
    if coordinator and day < clock.today - dt.timedelta(days=14):
        milestone.letter = ThankYouLetter.objects.create(
            volunteer=volunteer,
            text=draft(volunteer, [milestone]),
            by=coordinator,
            signed_by=str(coordinator),
            signed_as=signed_as(coordinator, volunteer),
            written_at=noted + dt.timedelta(days=3 + number % 9),
        )
    milestone.save()


def _answers(people: list[Volunteer], clock: Clock) -> None:
    for workplace in {volunteer.workplace for volunteer in people}:
        coordinator = coordinator_of(next(each for each in people if each.workplace == workplace))
        if coordinator is None:
            continue
        for question, answer, days, note in ANSWERS:
            HealthAnswer.objects.create(
                workplace=workplace, question=question, answer=answer, note=note, by=coordinator, at=clock.ago(days)
            )


def coordinator_of(volunteer: Volunteer) -> User | None:
    """Whoever coordinates at the volunteer's workplace or in its network."""
    workplace = volunteer.workplace
    posts = Post.objects.current().filter(
        workplace__in=[workplace.pk, workplace.parent_id or workplace.pk], role=Role.COORDINATOR
    )
    post = posts.exclude(user=volunteer.user_id).select_related("user").order_by("pk").first()
    return post.user if post else None
