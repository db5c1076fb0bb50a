"""Courses: read by anybody, answered as often as one likes, and certified once."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from linkworkers.audit.models import AuditEvent
from members.actions import courses as actions
from members.factories import UserFactory
from members.factories_learning import CourseFactory, right_answers
from members.forms.courses import QuizForm
from members.models import Course, CourseCertificate, CourseProgress, LearningEntry, QuizQuestion, User
from members.models.course import CODE_LENGTH, check_quarters, mark, read_choices, write_choices
from referrals.tests.race import race

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def course(db):
    return CourseFactory(title="The first conversation", slug="first")


@pytest.fixture
def reader(client, volunteer):
    """A client of somebody with an account and no membership."""
    client.force_login(volunteer)
    return client


def answers(course: Course, right: bool = True) -> dict[str, list[str]]:
    """What a browser sends: all right, or the first question wrong."""
    typed = {f"question-{pk}": sorted(keys) for pk, keys in right_answers(course).items()}
    if not right:
        first = course.questions.first()
        typed[f"question-{first.pk}"] = [key for key in first.keys if key not in first.right_keys]
    return typed


def at(name: str, course: Course, *more: object) -> str:
    return reverse(name, args=[course.slug, *more])


class TestChoices:
    def test_are_read_from_lines_and_written_back(self):
        text = "*  Ring first\n\n- Just go\r\n-Ask the neighbours * twice"
        read = read_choices(text)
        assert [(choice["text"], choice["right"]) for choice in read] == [
            ("Ring first", True),
            ("Just go", False),
            ("Ask the neighbours * twice", False),
        ]
        assert read_choices(write_choices(read)) == read

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("Ring first\n- Go", "Begin line 1 with"),
            ("* Ring\n*", "Begin line 2 with"),
            ("* Only one", "2 to 6 answers"),
            ("* a\n- b\n- c\n- d\n- e\n- f\n- g", "2 to 6 answers"),
            ("- a\n- b", "at least one line with *"),
            ("* a\n* b", "at least one line with -"),
            ("* a\n- a", "Two answers are the same"),
            (f"* {'a' * 301}\n- b", "Line 1 is too long"),
        ],
    )
    def test_that_cannot_be_read_say_why(self, text, said):
        with pytest.raises(ValidationError) as refused:
            read_choices(text)
        assert said in " ".join(refused.value.messages)

    def test_are_right_when_all_right_ones_and_no_other_are_chosen(self, course):
        one, two = course.questions.all()
        right = right_answers(course)
        assert mark([one, two], right).score == 100
        assert mark([one, two], {one.pk: right[one.pk], two.pk: two.keys}).score == 50
        assert mark([one, two], {two.pk: sorted(right[two.pk])[:1]}).score == 0
        assert mark([one, two], {one.pk: right[two.pk], 999: {"x"}}).score == 0
        assert mark([], {}).score == 0

    def test_points_are_quarters(self, course):
        check_quarters(Decimal("1.75"))
        with pytest.raises(ValidationError):
            check_quarters(Decimal("1.3"))
        for wrong in ({"points": "1.3"}, {"points": "-1"}, {"formal_hours": "0.1"}, {"pass_mark": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Course.objects.filter(pk=course.pk).update(**wrong)


class TestReading:
    def test_is_for_anybody_from_the_list_to_the_last_part(self, client, course):
        assert "The first conversation" in client.get(reverse("courses")).content.decode()
        first, second = course.sections.all()
        assert at("course_section", course, first.pk) in client.get(course.get_absolute_url()).content.decode()
        page = client.get(at("course_section", course, first.pk)).content.decode()
        assert "Part 1 of 2" in page
        assert "<strong>1</strong>" in page
        assert client.post(at("course_section", course, first.pk)).url == at("course_section", course, second.pk)
        assert client.post(at("course_section", course, second.pk)).url == at("course_quiz", course)
        assert client.get(at("course_quiz", course)).url.startswith(reverse("account_login"))
        assert not CourseProgress.objects.exists()

    def test_goes_on_where_it_was_left(self, reader, course):
        first, second = course.sections.all()
        assert reader.get(course.get_absolute_url()).context["following"] == first
        reader.post(at("course_section", course, first.pk))
        reader.post(at("course_section", course, first.pk))
        answer = reader.get(course.get_absolute_url())
        assert answer.context["following"] == second
        assert "You have read 1 of 2." in answer.content.decode()
        reader.post(at("course_section", course, second.pk))
        assert reader.get(course.get_absolute_url()).context["following"] is None

    def test_of_what_is_not_published_is_the_offices(self, client, reader, course, admin, volunteer):
        Course.objects.update(is_published=False)
        section = course.sections.first()
        names = [("course",), ("course_section", section.pk), ("course_quiz",), ("course_result",)]
        for name, *more in names:
            assert reader.get(at(name, course, *more)).status_code == 404
        with pytest.raises(PermissionDenied):
            actions.mark_read(section, by=volunteer)
        client.force_login(admin)
        for name, *more in names[:3]:
            assert "only the office sees it" in client.get(at(name, course, *more)).content.decode()

    def test_goes_on_when_the_course_was_changed_meanwhile(self, reader, course):
        first, second = course.sections.all()
        reader.post(at("course_section", course, first.pk))
        gone = at("course_section", course, first.pk)
        first.delete()
        answer = reader.get(gone, follow=True)
        assert "no longer in this course" in answer.content.decode()
        assert answer.context["following"] == second
        course.sections.create(order=0, title="New", text="New")
        assert reader.get(course.get_absolute_url()).context["following"].title == "New"

    def test_of_another_courses_part_leads_back(self, reader, course):
        other = CourseFactory().sections.first()
        assert reader.get(at("course_section", course, other.pk)).url == course.get_absolute_url()
        assert reader.post(at("course_section", course, other.pk)).url == course.get_absolute_url()
        assert not CourseProgress.objects.exists()

    def test_shows_script_as_it_was_typed(self, reader, course):
        Course.objects.update(title=SCRIPT, summary=SCRIPT, author=SCRIPT, version_note=SCRIPT)
        course.sections.update(title=SCRIPT, text=f"{SCRIPT} [x](javascript:alert(1))")
        course.questions.update(
            text=SCRIPT, explanation=SCRIPT, choices=[{"text": SCRIPT, "right": True}, {"text": "b", "right": False}]
        )
        course.refresh_from_db()
        reader.post(at("course_quiz", course), answers(course))
        section = course.sections.first()
        for url in (
            reverse("courses"),
            course.get_absolute_url(),
            at("course_section", course, section.pk),
            at("course_quiz", course),
            at("course_result", course),
            CourseCertificate.objects.get().get_absolute_url(),
        ):
            page = reader.get(url).content.decode()
            assert "<script>alert" not in page, url
            assert 'href="javascript' not in page, url

    @pytest.mark.parametrize("rows", [1, 30])
    def test_asks_no_more_for_more_rows(self, reader, course, volunteer, rows, django_assert_max_num_queries):
        for _ in range(rows - 1):
            actions.answer_quiz(other := CourseFactory(), chosen=right_answers(other), by=volunteer)
        for number in range(3, 3 + rows):
            course.sections.create(order=number, title=f"Part {number}", text="Text")
        actions.answer_quiz(course, chosen={}, by=volunteer)
        reader.get(reverse("courses"))  # the first page of a session costs what the others do not
        for url in (
            reverse("courses"),
            course.get_absolute_url(),
            at("course_section", course, course.sections.first().pk),
            at("course_quiz", course),
            at("course_result", course),
        ):
            with django_assert_max_num_queries(9):
                assert reader.get(url).status_code == 200


class TestAnswering:
    def test_is_done_again_until_it_is_right_and_counts_once(self, reader, course, volunteer):
        url = at("course_quiz", course)
        assert reader.post(url, answers(course, right=False)).url == at("course_result", course)
        page = reader.get(at("course_result", course)).content.decode()
        assert "1 of 2 right: 50%." in page
        assert "Because of 1." in page
        assert not CourseCertificate.objects.exists()
        assert not LearningEntry.objects.exists()

        reader.post(url, answers(course))
        assert "2 of 2 right: 100%." in reader.get(at("course_result", course)).content.decode()
        certificate = CourseCertificate.objects.get()
        entry = volunteer.learning.get()
        assert (entry.source, entry.points, entry.formal_hours) == (
            f"course:{course.pk}",
            Decimal("1.5"),
            Decimal("0.5"),
        )

        Course.objects.update(points=9, title="Renamed")
        reader.post(url, answers(course))
        reader.post(url, answers(course, right=False))
        assert CourseCertificate.objects.get() == certificate
        assert (certificate.title, volunteer.learning.get().points) == ("The first conversation", Decimal("1.5"))
        progress = CourseProgress.objects.get()
        assert (progress.attempts, progress.score) == (4, 50)
        assert progress.passed_at is not None
        assert AuditEvent.objects.filter(verb="course.passed").count() == 1

    def test_asks_for_every_question_and_keeps_what_was_chosen(self, reader, course):
        one, two = course.questions.all()
        typed = answers(course)
        del typed[f"question-{one.pk}"]
        page = reader.post(at("course_quiz", course), typed).content.decode()
        assert "Choose an answer." in page
        assert page.count(" checked") == len(two.right_keys)
        nothing = reader.post(at("course_quiz", course), {"x": ""}).content.decode()
        assert "Choose an answer." in nothing
        assert "Choose at least one answer." in nothing
        assert not CourseProgress.objects.exists()

    @pytest.mark.parametrize("wrong", ["", "nonsense", "\x00", "0"])
    def test_takes_no_answer_that_was_not_offered(self, reader, course, wrong):
        one, two = course.questions.all()
        typed = answers(course) | {f"question-{one.pk}": [wrong]}
        assert reader.post(at("course_quiz", course), typed).status_code == 200
        typed = answers(course) | {f"question-{one.pk}": list(two.keys[:1])}
        assert "was changed while you were answering" in reader.post(at("course_quiz", course), typed).content.decode()
        other = CourseFactory()
        other.questions.filter(order=1).update(choices=read_choices("* Elsewhere\n- Nowhere"))
        assert reader.post(at("course_quiz", course), answers(other)).status_code == 200
        assert not CourseProgress.objects.exists()

    def test_with_everything_ticked_is_not_passing(self, reader, course):
        everything = {f"question-{question.pk}": question.keys for question in course.questions.all()}
        reader.post(at("course_quiz", course), everything)
        progress = CourseProgress.objects.get()
        assert progress.passed_at is None
        assert progress.score < course.pass_mark

    def test_of_a_question_that_was_changed_meanwhile_is_asked_again(self, reader, course):
        typed = answers(course)
        course.questions.filter(order=1).update(choices=read_choices("* No, after all\n- Yes, it was"))
        assert "was changed while you were answering" in reader.post(at("course_quiz", course), typed).content.decode()

    def test_can_be_read_when_the_questions_are_gone(self, reader, course):
        reader.post(at("course_quiz", course), answers(course))
        QuizQuestion.objects.all().delete()
        assert "Because of 2." in reader.get(at("course_result", course)).content.decode()
        assert "no questions at the moment" in reader.get(at("course_quiz", course)).content.decode()
        assert reader.post(at("course_quiz", course), {"x": "y"}).status_code == 200

    def test_that_was_not_done_has_no_result(self, reader, course):
        assert reader.get(at("course_result", course)).url == at("course_quiz", course)

    def test_form_leaves_out_what_is_not_the_courses(self, course):
        form = QuizForm({"question-999": "x"}, questions=course.questions.all())
        assert set(form.fields) == {f"question-{question.pk}" for question in course.questions.all()}


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_pass_at_once_earn_one_certificate_and_its_points_once(course, member):
    chosen = right_answers(course)
    actions.mark_read(course.sections.first(), by=member)

    def answer() -> CourseProgress:
        return actions.answer_quiz(course, chosen=chosen, by=member)

    results = race(CourseProgress.objects.filter(user=member), answer, answer)
    assert [type(result) for result in results] == [CourseProgress, CourseProgress]
    assert CourseProgress.objects.get().attempts == 2
    assert CourseCertificate.objects.count() == LearningEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_begin_by_passing_at_once_do_so_too(course, member):
    chosen = right_answers(course)

    def answer() -> CourseProgress:
        with transaction.atomic():
            list(User.objects.filter(pk=member.pk).select_for_update())
            return actions.answer_quiz(course, chosen=chosen, by=member)

    results = race(User.objects.filter(pk=member.pk), answer, answer)
    assert [type(result) for result in results] == [CourseProgress, CourseProgress]
    assert CourseCertificate.objects.count() == LearningEntry.objects.count() == 1


class TestTheCertificate:
    @pytest.fixture
    def certificate(self, course):
        user = UserFactory(name="Amara Ngozi Okafor")
        actions.answer_quiz(course, chosen=right_answers(course), by=user)
        return CourseCertificate.objects.get()

    def test_is_checked_by_anybody_who_holds_it(self, client, certificate):
        for code in (certificate.code, certificate.spelled_code, certificate.spelled_code.lower()):
            page = client.get(reverse("course_certificate_check", args=[code])).content.decode()
            assert "This certificate is valid" in page
            assert "The first conversation" in page
            assert "A. N. O." in page
            assert "Amara" not in page
            assert "Okafor" not in page
            assert "noindex" in page

    def test_is_paper_for_its_holder_alone_whatever_became_of_the_course(self, client, certificate, volunteer):
        url = reverse("course_certificate", args=[certificate.code])
        client.force_login(volunteer)
        assert client.get(url).status_code == 404
        Course.objects.update(is_published=False)
        client.force_login(certificate.user)
        answer = client.get(url)
        assert answer["Content-Type"] == "application/pdf"
        assert url in client.get(reverse("courses")).content.decode()

    def test_is_not_guessed(self, client, certificate, settings):
        assert re.fullmatch(f"[2-9A-Z]{{{CODE_LENGTH}}}", certificate.code)
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "certificate_check": "3/h/ip"}
        client.defaults["REMOTE_ADDR"] = "127.0.9.9"
        tries = [client.get(reverse("course_certificate_check", args=[f"AAAA{number}"])) for number in range(3)]
        assert {answer.status_code for answer in tries} == {404}
        refused = client.get(certificate.get_absolute_url())
        assert refused.status_code == 429
        assert "The first conversation" not in refused.content.decode()
