"""Trainings of the demo's volunteers: two that were, with who came, and three to come, one of them full."""

import datetime as dt
from decimal import Decimal

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from members.actions.learning import credit
from members.models import Course, LearningKind, User
from volunteers.actions.attendance import source_of
from volunteers.clearance import counts_until
from volunteers.models import CalendarFeed, Check, Requirement, Training, TrainingPlace, Volunteer, learners

State = TrainingPlace.State
DAY = dt.timedelta(days=1)

# In how many weeks, from, until, what, where, link, places, what it counts as, points, and who is on the list, in their
# order: the first of them is the volunteer one logs in as.
Told = tuple[int, int, int, str, str, str, int, str, str, tuple[int, ...]]
ALL = tuple(range(9))
TRAININGS: list[Told] = [
    (-7, 10, 13, "Safeguarding: what to do when you are worried", "Verulam Hall", "", 12, "safeguarding", "3", ALL),
    (-3, 18, 20, "A good conversation", "", "https://meet.example.org/talk", 20, "listening", "2", ALL),
    (2, 10, 12, "Listening and signposting", "The Maltings Surgery, upstairs", "", 1, "listening", "2", (1, 2)),
    (4, 18, 20, "Safeguarding, the yearly hour", "", "https://meet.example.org/hour", 15, "safeguarding", "2", (3, 0)),
    (6, 14, 16, "Tea, and what was difficult", "The library in the Maltings", "", 8, "", "1", (4, 1)),
]
ABOUT = {
    "safeguarding": "Whom to ring, what to write down, and what not to promise. With two cases from other surgeries, "
    "made up for the purpose. Bring something to write with.",
    "listening": "One question, then silence: we practise in pairs. You go home with three sentences that open a talk.",
    "": "For everybody who has been here for a while. Nobody has to say anything.",
}


def build(world: World, clock: Clock) -> None:
    """Nothing where there are no volunteers, or no coordinator who offers it."""
    coordinator = User.objects.filter(email="coordinator@demo.test").first()
    known = Volunteer.objects.filter(user__email="volunteer@demo.test").select_related("workplace__parent").first()
    if coordinator is None or known is None:
        return
    place = known.workplace.parent or known.workplace
    others = learners().filter(workplace__in=[place, known.workplace]).exclude(pk=known.pk).order_by("pk")
    people = [known, *others[: len(ALL) - 1]]
    course = Course.objects.filter(is_published=True).order_by("pk").first()
    for told in TRAININGS:
        _offer(told, course, known, people, coordinator, clock)
    CalendarFeed.objects.get_or_create(user=known.user)


def _offer(
    told: Told, course: Course | None, known: Volunteer, people: list[Volunteer], by: User, clock: Clock
) -> None:
    weeks, starts, ends, title, where, link, capacity, key, points, who = told
    day = clock.today + weeks * 7 * DAY
    day += (1 - day.weekday()) * DAY  # the Tuesday of that week
    training = Training.objects.create(
        workplace=known.workplace.parent or known.workplace,
        title=title,
        about=ABOUT[key],
        starts_at=clock.at(day, starts),
        ends_at=clock.at(day, ends),
        place=where,
        online_link=link,
        capacity=capacity,
        requirement=Requirement.objects.filter(key=key).first() if key else None,
        points=Decimal(points),
        formal_hours=Decimal(points),
        course=course if weeks == 2 else None,
        created_by=by,
        created_at=clock.at(day - 30 * DAY, 9),
    )
    on_the_list = [people[number] for number in who if number < len(people)]
    for number, volunteer in enumerate(on_the_list):
        if weeks < 0:
            _was_there(training, volunteer, came=number != 1, by=by)
        else:
            TrainingPlace.objects.create(
                training=training,
                volunteer=volunteer,
                state=State.SIGNED_UP if number < capacity else State.WAITING,
                joined_at=clock.at(clock.today - (9 - number) * DAY, 12),
            )


def _was_there(training: Training, volunteer: Volunteer, *, came: bool, by: User) -> None:
    check = None
    if came and training.requirement:
        check = Check.objects.create(
            volunteer=volunteer,
            requirement=training.requirement,
            passed=True,
            done_on=training.on,
            ends_on=counts_until(training.requirement, training.on),
            by=by,
            at=training.ends_at,
        )
    TrainingPlace.objects.create(
        training=training,
        volunteer=volunteer,
        state=State.ATTENDED if came else State.MISSED,
        joined_at=training.created_at,
        marked_at=training.ends_at,
        marked_by=by,
        check_made=check,
    )
    if came and volunteer.user:
        credit(
            user=volunteer.user,
            source=source_of(training),
            title=training.title,
            on=training.on,
            kind=LearningKind.COURSE,
            points=training.points,
            formal_hours=training.formal_hours,
            provider=str(training.workplace),
        )
