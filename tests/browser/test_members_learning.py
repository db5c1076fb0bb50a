"""Learning, supervision and courses, in the states their pages can be in, and a learning year as a member has it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.actions.courses import answer_quiz, mark_read
from members.actions.learning import credit
from members.factories_learning import (
    CourseFactory,
    LearningEntryFactory,
    SupervisionFactory,
    days_ago,
    keep_evidence,
    right_answers,
)
from members.models import Association, Course, CourseCertificate, LearningEntry, LearningKind, User
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty

pytestmark = pytest.mark.django_db(transaction=True)

PART = """
Read the referral, and hold it lightly.

## Before you ring

- **How it is safe to reach them.** Leave no message on a shared telephone.
- Language and interpreter.

> “She asked me where I would feel all right.”

1. Say who you are.
2. Say how long you have.
"""


@pytest.fixture
def course(db: None) -> Course:
    course = CourseFactory(
        title="The first conversation",
        slug="the-first-conversation",
        summary="How to begin with somebody who was referred to you, and leave with one small next step.",
        version_note="Checked in May 2026.",
    )
    course.sections.filter(order=1).update(title="Before you meet", text=PART)
    course.sections.filter(order=2).update(title="The first ten minutes", text=PART)
    course.questions.filter(order=1).update(text="Is it safe to leave a message at home?")
    return course


@pytest.fixture
def learner(member: User, course: Course) -> User:
    """The member in the middle of a learning year, with long words, files, and a gap in supervision."""
    facts = [
        ("Motivational interviewing, refresher", LearningKind.COURSE, "3", "3", 1),
        (UNBROKEN, LearningKind.READING, "1.25", "0", 2),
        ("Link Worker Day", LearningKind.TEACHING, "6", "4.5", 3),
    ]
    begins, _ = Association.get().learning_year()
    for title, kind, points, hours, days in facts:
        entry = LearningEntryFactory(
            user=member,
            title=title,
            kind=kind,
            provider="Hertfordshire Training Hub",
            points=Decimal(points),
            formal_hours=Decimal(hours),
            on=max(days_ago(days), begins),
            learned=LONG_NOTE,
            next_step="Count to seven.",
            link=f"https://example.org/{'long' * 40}",
        )
        keep_evidence(entry, name=f"{UNBROKEN}.txt")
    LearningEntryFactory(user=member, title="Last year’s day", on=begins - dt.timedelta(days=30), points=Decimal(12))
    credit(
        user=member,
        source="event:1",
        title="A conference",
        on=timezone.localdate(),
        kind=LearningKind.EVENT,
        points=Decimal(2),
    )
    SupervisionFactory(user=member, on=days_ago(60), themes=["workload", "wellbeing", "boundaries"], note=UNBROKEN * 3)
    SupervisionFactory(user=member, on=days_ago(90), with_whom="The network’s four link workers")
    return member


def test_pages_of_learning(visit: Visit, learner: User, admin: User) -> None:
    entry = learner.learning.get(title=UNBROKEN)
    credited = learner.learning.get(source="event:1")
    session = learner.supervision.first()
    assert session is not None
    problems = look_at(
        visit(learner),
        [
            ("learning", at("learning")),
            ("learning last year", f"{at('learning')}?year={Association.get().learning_year()[0].year - 1}"),
            ("learning new", at("learning_new")),
            ("learning new errors", at("learning_new"), send_empty),
            ("learning entry", at("learning_entry", entry.pk)),
            ("learning entry credited", at("learning_entry", credited.pk)),
            ("learning edit", at("learning_edit", entry.pk)),
            ("learning edit credited", at("learning_edit", credited.pk)),
            ("learning delete", at("learning_delete", entry.pk)),
            ("supervision", at("supervision")),
            ("supervision new errors", at("supervision_new"), send_empty),
            ("supervision edit", at("supervision_edit", session.pk)),
            ("supervision delete", at("supervision_delete", session.pk)),
        ],
    )
    problems += look_at(visit(admin), [("learning empty", at("learning")), ("supervision empty", at("supervision"))])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_courses(visit: Visit, course: Course, member: User, volunteer: User, admin: User) -> None:
    first = course.sections.first()
    assert first is not None
    hidden = CourseFactory(title=UNBROKEN[:120], summary=LONG_NOTE[:500], is_published=False)
    problems = look_at(
        visit(),
        [
            ("courses", at("courses")),
            ("course", at("course", course.slug)),
            ("course part", at("course_section", course.slug, first.pk)),
        ],
    )
    mark_read(first, by=member)
    one = course.questions.first()
    answer_quiz(course, chosen={one.pk: one.right_keys} if one else {}, by=member)
    page = visit(member)
    problems += look_at(
        page,
        [
            ("course begun", at("course", course.slug)),
            ("course questions", at("course_quiz", course.slug)),
            ("course questions errors", at("course_quiz", course.slug), send_empty),
            ("course result not yet", at("course_result", course.slug)),
        ],
    )
    for person in (member, volunteer):
        answer_quiz(course, chosen=right_answers(course), by=person)
    certificate = CourseCertificate.objects.get(user=member)
    problems += look_at(
        page,
        [
            ("courses passed", at("courses")),
            ("course passed", at("course", course.slug)),
            ("course result passed", at("course_result", course.slug)),
        ],
    )
    problems += look_at(visit(volunteer), [("course result no member", at("course_result", course.slug))])
    problems += look_at(
        visit(),
        [
            ("certificate", certificate.get_absolute_url()),
            ("certificate unknown", at("course_certificate_check", "ABCD")),
        ],
    )
    office = visit(admin)
    problems += look_at(
        office,
        [
            ("course unpublished", at("course", hidden.slug)),
            ("course questions unpublished", at("course_quiz", hidden.slug)),
        ],
    )
    problems += look_at(
        office,
        [
            ("office courses", at("admin:members_course_changelist")),
            ("office course", at("admin:members_course_change", course.pk)),
            ("office course new", at("admin:members_course_add")),
        ],
        forgiven=THEME,
    )
    Course.objects.filter(pk=hidden.pk).delete()
    Course.objects.update(is_published=False)
    problems += look_at(visit(), [("courses none", at("courses"))])
    assert not problems, "\n".join(["", *problems])


def answer(page: Page, *choices: str) -> None:
    for choice in choices:
        page.get_by_label(choice, exact=True).check()
    page.get_by_role("button", name="See how you did").click()


def test_a_learning_year(visit: Visit, course: Course, member: User) -> None:
    """A course, passed at the second try; an entry by hand, with what shows it; supervision; and the aim reached."""
    Association.get()
    Association.objects.update(points_a_year=Decimal(4), formal_hours_a_year=Decimal(3))
    page = visit(member, width=390)
    page.goto(at("learning"))
    expect(page.get_by_text("You need 4 more points, 3 of them in formal hours,")).to_be_visible()
    page.get_by_role("link", name="See the short courses").click()
    page.get_by_role("link", name="The first conversation").click()
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Next: The first ten minutes").click()
    page.get_by_role("link", name="The first conversation").click()
    page.get_by_role("link", name="Go on with “The first ten minutes”").click()
    page.get_by_role("button", name="On to the questions").click()

    answer(page, "No", "One", "Two")
    expect(page.get_by_text("1 of 2 right: 50%.")).to_be_visible()
    page.get_by_role("link", name="Try again").click()
    answer(page, "Yes", "One", "Two")
    expect(page.get_by_text("2 of 2 right: 100%.")).to_be_visible()
    paper = page.get_by_role("link", name="Your certificate (PDF)").get_attribute("href")
    assert page.request.get(str(paper)).headers["content-type"] == "application/pdf"
    page.get_by_role("link", name="your learning record").click()
    expect(page.get_by_text("You need 2.5 more points, all of them in formal hours,")).to_be_visible()

    page.get_by_role("link", name="Add learning").click()
    page.get_by_label("What was it?").fill("Talking about money")
    page.get_by_label("Event").check()
    page.get_by_label("When?").fill(f"{timezone.localdate():%-d %-m %Y}")
    page.get_by_label("Formal hours").fill("2.6")
    page.get_by_label("What did you learn?").fill("That one may ask.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Formal hours Round it to a quarter")).to_be_visible()
    page.get_by_label("Formal hours").fill("2.5")
    page.get_by_label("Files that show it").set_input_files(
        [{"name": "programme.txt", "mimeType": "text/plain", "buffer": b"09:30 Welcome"}]
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You reached what is asked for this year.")).to_be_visible()
    expect(page.get_by_text("1 file", exact=False)).to_be_visible()
    assert LearningEntry.objects.get(source="").points == Decimal("2.5")

    page.get_by_role("link", name="Supervision log").click()
    page.get_by_role("link", name="Note a session").click()
    page.get_by_label("When?").fill(f"{timezone.localdate():%-d %-m %Y}")
    page.get_by_label("How many minutes?").fill("60")
    page.get_by_label("One to one").check()
    page.get_by_label("With whom?").fill("My manager")
    page.get_by_label("Workload").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The session is in your log.")).to_be_visible()
    page.get_by_role("link", name="Learning", exact=True).first.click()
    statement = page.get_by_role("link", name="Statement (PDF)").get_attribute("href")
    assert page.request.get(f"{page.url.split('?')[0]}{str(statement).removeprefix(at('learning'))}").ok

    anybody = visit()
    anybody.goto(CourseCertificate.objects.get().get_absolute_url())
    expect(anybody.get_by_role("heading", name="This certificate is valid")).to_be_visible()
    expect(anybody.get_by_text("Y. R.")).to_be_visible()


def test_a_course_is_read_and_answered_without_javascript(visit: Visit, course: Course, volunteer: User) -> None:
    page = visit(volunteer, javascript=False)
    page.goto(at("course", course.slug))
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Next: The first ten minutes").click()
    page.get_by_role("button", name="On to the questions").click()
    answer(page, "Yes", "One", "Two")
    expect(page.get_by_text("become a member")).to_be_visible()
