"""Learning on paper, whatever script a name is in and however much there is of it."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from members.actions.courses import answer_quiz
from members.factories import UserFactory
from members.factories_learning import CourseFactory, LearningEntryFactory, right_answers
from members.learning_pdf import course_certificate_pdf, statement_pdf
from members.learning_year import LearningYear, Standing
from members.models import CourseCertificate, LearningEntry

YEAR = LearningYear(dt.date(2026, 4, 1), dt.date(2027, 3, 31))
NAMES = ["Siân Ó Briain", "محمد عبد الرحمن", "ਗੁਰਪ੍ਰੀਤ ਕੌਰ", "Łukasz 🚢", "李小龍", "W" * 150, "\x07Bell"]


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def statement(name: str, count: int) -> bytes:
    entries = [
        LearningEntry(
            title=f"{number} {name}"[:200], provider=name[:120], kind="event", on=YEAR.begins, points=Decimal("0.25")
        )
        for number in range(count)
    ]
    standing = Standing(YEAR, Decimal(count) / 4, Decimal(0), Decimal(20), Decimal(10))
    return statement_pdf(
        name=name, number="M1234566", association=name, standing=standing, entries=entries, made_on=YEAR.ends
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_and_a_certificate_are_drawn_in_any_script(name):
    assert statement(name, 3).startswith(b"%PDF")
    certificate = CourseCertificate(
        name=name, title=name[:120], points=Decimal("1.5"), formal_hours=Decimal(1), on=YEAR.ends
    )
    assert pages(course_certificate_pdf(certificate, association=name)) == 1


def test_a_long_year_goes_on_on_further_pages():
    assert pages(statement("Amara", 0)) == 1
    assert pages(statement("Amara", 80)) >= 4


@pytest.mark.django_db
def test_the_pages_hand_them_out(client, member):
    LearningEntryFactory(user=member)
    client.force_login(member)
    answer = client.get(reverse("learning_statement"), {"year": "nonsense"})
    assert answer["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'inline; filename="learning-\d{4}.pdf"', answer["Content-Disposition"])


@pytest.mark.django_db
def test_a_certificate_keeps_the_name_of_its_day():
    user, course = UserFactory(name="Amara Okafor"), CourseFactory()
    answer_quiz(course, chosen=right_answers(course), by=user)
    user.name = "Amara Bello"
    user.save()
    assert CourseCertificate.objects.get().name == "Amara Okafor"
