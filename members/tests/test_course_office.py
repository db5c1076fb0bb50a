"""Courses as the office writes them."""

import pytest
from django.urls import reverse

from linkworkers.audit.models import AuditEvent
from members.actions import courses as actions
from members.factories_learning import CourseFactory
from members.models import Course, CourseProgress

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def course(db):
    return CourseFactory()


class TestTheOffice:
    def sent(self, **changes: str) -> dict[str, str]:
        parts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
        return {
            "title": "Safe visits",
            "slug": "safe-visits",
            "summary": "For whoever visits.",
            "minutes": "15",
            "points": "1",
            "formal_hours": "0",
            "author": "The office",
            "pass_mark": "80",
            "version_note": "",
            "is_published": "on",
            **{f"{name}-{key}": value for name in ("sections", "questions") for key, value in parts.items()},
            "sections-0-order": "1",
            "sections-0-title": "Before",
            "sections-0-text": "Say where you go.",
            "questions-0-order": "1",
            "questions-0-text": "Who knows where you are?",
            "questions-0-answers": "* A colleague\n- Nobody",
            "questions-0-explanation": "So that somebody asks.",
            **changes,
        }

    def test_writes_a_course_and_changes_it(self, office):
        assert office.post(reverse("admin:members_course_add"), self.sent()).status_code == 302
        course = Course.objects.get()
        question = course.questions.get()
        assert question.choices == [{"text": "A colleague", "right": True}, {"text": "Nobody", "right": False}]
        page = office.get(reverse("admin:members_course_change", args=[course.pk])).content.decode()
        assert "* A colleague\n- Nobody" in page
        assert course.get_absolute_url() in page
        changed = self.sent(
            **{
                "questions-INITIAL_FORMS": "1",
                "questions-0-id": str(question.pk),
                "questions-0-course": str(course.pk),
                "questions-0-answers": "- A colleague\n* Nobody",
                "sections-INITIAL_FORMS": "1",
                "sections-0-id": str(course.sections.get().pk),
                "sections-0-course": str(course.pk),
                "slug": "another",
            }
        )
        assert office.post(reverse("admin:members_course_change", args=[course.pk]), changed).status_code == 302
        course = Course.objects.get()
        assert course.slug == "safe-visits"
        assert course.questions.get().choices[1]["right"]
        assert AuditEvent.objects.filter(verb="course.changed").exists()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"sections-TOTAL_FORMS": "0"}, "at least one part"),
            ({"questions-TOTAL_FORMS": "0"}, "at least one question"),
            ({"questions-0-answers": "A colleague\nNobody"}, "Begin line 1 with"),
            ({"questions-0-answers": "* A\n* B"}, "at least one line with -"),
            ({"points": "1.1"}, "Round it to a quarter"),
            ({"points": "-1"}, "greater than or equal to 0"),
            ({"slug": "certificates"}, "This address is taken"),
        ],
    )
    def test_hears_what_is_wrong_and_keeps_what_was_typed(self, office, changes, said):
        page = office.post(reverse("admin:members_course_add"), self.sent(**changes)).content.decode()
        assert said in page
        assert "For whoever visits." in page
        assert not Course.objects.exists()

    def test_keeps_an_unpublished_course_without_parts(self, office):
        sent = self.sent(**{"sections-TOTAL_FORMS": "0", "questions-TOTAL_FORMS": "0"})
        del sent["is_published"]
        assert office.post(reverse("admin:members_course_add"), sent).status_code == 302

    def test_does_not_delete_what_somebody_has_begun(self, office, course, volunteer):
        url = reverse("admin:members_course_delete", args=[course.pk])
        actions.mark_read(course.sections.first(), by=volunteer)
        assert office.post(url, {"post": "yes"}).status_code == 403
        CourseProgress.objects.all().delete()
        assert office.post(url, {"post": "yes"}).status_code == 302
        assert not Course.objects.exists()

    @pytest.mark.parametrize("rows", [1, 30])
    def test_list_asks_no_more_for_more_rows(self, office, rows, django_assert_max_num_queries):
        for _ in range(rows):
            CourseFactory()
        office.get("/admin/")
        with django_assert_max_num_queries(9):
            assert office.get(reverse("admin:members_course_changelist")).status_code == 200
