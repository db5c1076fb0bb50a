"""Three short courses, and the learning year and supervision of two people who keep them."""

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from members.actions.learning import credit
from members.models import (
    Association,
    Course,
    CourseCertificate,
    CourseProgress,
    CourseSection,
    LearningEntry,
    LearningEvidence,
    LearningKind,
    QuizQuestion,
    StoredFile,
    Supervision,
    SupervisionKind,
    SupervisionTheme,
    User,
)
from members.models.course import mark, read_choices

COURSES = Path(__file__).parent / "courses"
Kind, How, Theme = LearningKind, SupervisionKind, SupervisionTheme

# How long ago, what, kind, who offered it, points, formal hours, what was learned, what is done differently.
Told = tuple[int, str, LearningKind, str, str, str, str, str]
ENTRIES: dict[str, list[Told]] = {
    "link-worker": [
        (
            12,
            "Motivational interviewing, refresher",
            Kind.COURSE,
            "The county’s training hub",
            "3",
            "3",
            "I ask two questions at once when I am nervous. The trainer counted them, kindly. A pause is not awkward: "
            "it is where the answer comes from.",
            "One question, then count to seven. I try it for a month and ask Dev to sit in once.",
        ),
        (
            33,
            "Talking about money without shame",
            Kind.EVENT,
            "A money advice centre in Watford",
            "2.5",
            "2.5",
            "Breathing Space stops most interest for sixty days. I had thought that only a court could do that.",
            "Ask about unopened letters as a matter of course, and offer to open them together.",
        ),
        (
            61,
            "A day with the volunteers at Verulam Hall",
            Kind.SHADOWING,
            "Verulam Hall Community Trust",
            "2",
            "0",
            "They greet everybody twice: at the door and at the table. The second one is what makes people stay.",
            "Go along the first time, and introduce people by name at the table, not at the door.",
        ),
        (
            88,
            "Supporting carers: what to ask first",
            Kind.TEACHING,
            "Our network’s lunch hour",
            "1.5",
            "0",
            "Preparing it showed me how little I know about carers under 25.",
            "",
        ),
        (120, "A book on loneliness in towns, first half", Kind.READING, "", "1", "0", "", ""),
    ],
    "member": [
        (
            20,
            "Safeguarding adults, level 2",
            Kind.COURSE,
            "The county council",
            "4",
            "4",
            "You do not have to be sure. You have to tell somebody, the same day.",
            "I put the number of our lead into my telephone.",
        ),
        (
            47,
            "What I would do again",
            Kind.REFLECTION,
            "",
            "1",
            "0",
            "A group of six that I started in spring is now four, and closer. I had counted that as a loss.",
            "Ask those who come what they come for, before I ask how many.",
        ),
        (75, "Introduction to green social prescribing", Kind.EVENT, "A farm near Tring", "2.25", "2.25", "", ""),
    ],
}
LAST_YEAR: list[Told] = [
    (390, "Link Worker Day", Kind.EVENT, "The association", "6", "5", "", ""),
    (430, "Trauma-informed practice", Kind.COURSE, "The county’s training hub", "7", "6", "", ""),
    (470, "Peer group on bereavement", Kind.REFLECTION, "", "4", "0", "", ""),
    (500, "Mentoring a new colleague", Kind.TEACHING, "", "4.5", "0", "", ""),
]
CERTIFICATE_CODES = {
    "link-worker": "DEMQLNKW2345",
    "member": "DEMQMEMB2345",
}
SESSIONS: dict[str, list[tuple[int, int, SupervisionKind, str, list[str], str]]] = {
    "link-worker": [
        (18, 60, How.ONE_TO_ONE, "My clinical supervisor", [Theme.WORKLOAD, Theme.WELLBEING], "Fewer late calls."),
        (46, 60, How.ONE_TO_ONE, "My clinical supervisor", [Theme.SAFEGUARDING], "Ring the lead sooner."),
        (67, 90, How.GROUP, "The network’s four link workers", [Theme.PRACTICE, Theme.BOUNDARIES], ""),
        (95, 60, How.ONE_TO_ONE, "My clinical supervisor", [Theme.CAREER], "Ask about the mentor role."),
    ],
    "member": [
        (64, 45, How.PEER, "Two colleagues from Stevenage", [Theme.BOUNDARIES], "Do not answer on Sundays."),
        (110, 60, How.ONE_TO_ONE, "My manager", [Theme.WORKLOAD], ""),
    ],
}
PROGRAMME = (
    "Programme of the day\n\n09:30  Welcome\n10:00  What people told us\n12:30  Lunch together\n16:00  The way home\n"
)


def build(world: World, clock: Clock) -> None:
    """Saves the courses, and what the demo's accounts have learned. Who is not in the world is left out."""
    courses = [_course(path) for path in sorted(COURSES.glob("*.toml"))]
    for account, told in ENTRIES.items():
        if user := world.people.get(account):
            _tell(user, told, clock)
            _pass(user, courses[0], clock.day_before(25), CERTIFICATE_CODES[account])
            _supervise(user, SESSIONS[account], clock)
    if user := world.people.get("link-worker"):
        _tell_last_year(user, clock)
        begun = courses[1]
        read = list(begun.sections.values_list("pk", flat=True)[:2])
        CourseProgress.objects.create(user=user, course=begun, read=read, updated_at=clock.ago(3))
        _show(user)


def _course(path: Path) -> Course:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    sections, questions = told.pop("section"), told.pop("question")
    numbers = {name: Decimal(told.pop(name)) for name in ("points", "formal_hours")}
    course = Course(**told, **numbers, is_published=True)
    course.full_clean()
    course.save()
    for order, section in enumerate(sections, start=1):
        CourseSection.objects.create(course=course, order=order, title=section["title"], text=section["text"].strip())
    for order, question in enumerate(questions, start=1):
        QuizQuestion.objects.create(
            course=course,
            order=order,
            text=question["text"],
            choices=read_choices(question["answers"]),
            explanation=question["explanation"],
        )
    return course


def _tell(user: User, told: list[Told], clock: Clock) -> None:
    """The entries, those that are further back than the learning year as its first days' work."""
    begins, _ = Association.get().learning_year(clock.today)
    for days, title, kind, provider, points, hours, learned, next_step in told:
        on = max(clock.day_before(days), begins)
        _enter(user, on, title, kind, provider, points, hours, learned, next_step)


def _tell_last_year(user: User, clock: Clock) -> None:
    begins, _ = Association.get().learning_year(clock.today)
    begun, ended = begins.replace(year=begins.year - 1), begins - dt.timedelta(days=1)
    for days, title, kind, provider, points, hours, learned, next_step in LAST_YEAR:
        on = min(max(clock.day_before(days), begun), ended)
        _enter(user, on, title, kind, provider, points, hours, learned, next_step)


def _enter(user: User, on: dt.date, *facts: str) -> None:
    title, kind, provider, points, hours, learned, next_step = facts
    LearningEntry.objects.create(
        user=user,
        on=on,
        title=title,
        kind=kind,
        provider=provider,
        points=Decimal(points),
        formal_hours=Decimal(hours),
        learned=learned,
        next_step=next_step,
    )


def _pass(user: User, course: Course, on: dt.date, code: str) -> None:
    """As if they had answered everything right that day."""
    questions = list(course.questions.all())
    marked = mark(questions, {question.pk: question.right_keys for question in questions})
    CourseProgress.objects.create(
        user=user,
        course=course,
        read=list(course.sections.values_list("pk", flat=True)),
        attempts=2,
        answers=marked.answers,
        score=marked.score,
        passed_at=dt.datetime.combine(on, dt.time(15), tzinfo=dt.UTC),
    )
    CourseCertificate.objects.create(
        code=code,
        user=user,
        course=course,
        name=str(user),
        title=course.title,
        points=course.points,
        formal_hours=course.formal_hours,
        on=on,
    )
    credit(
        user=user,
        source=f"course:{course.pk}",
        title=course.title,
        on=on,
        kind=Kind.COURSE,
        points=course.points,
        formal_hours=course.formal_hours,
        provider=course.author,
    )


def _supervise(user: User, sessions: list[tuple[int, int, SupervisionKind, str, list[str], str]], clock: Clock) -> None:
    for days, minutes, kind, with_whom, themes, note in sessions:
        Supervision.objects.create(
            user=user,
            on=clock.day_before(days),
            minutes=minutes,
            kind=kind,
            with_whom=with_whom,
            themes=themes,
            note=note,
        )


def _show(user: User) -> None:
    """A file with the newest entry that was written by hand."""
    entry = user.learning.filter(source="").first()
    if entry:
        content = PROGRAMME.encode()
        file = StoredFile.keep(name="programme.txt", content_type="text/plain", content=content, by=user)
        LearningEvidence.objects.create(entry=entry, file=file)
