"""The learning record: what is written, what counts, and whose it is."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.uploads import Upload
from members import exports_learning as exports
from members.actions import learning as actions
from members.actions import learning_data
from members.actions.courses import answer_quiz
from members.factories import MembershipFactory
from members.factories_learning import (
    CourseFactory,
    LearningEntryFactory,
    SupervisionFactory,
    days_ago,
    keep_evidence,
    right_answers,
)
from members.learning_year import LearningYear, Standing, learning_panel
from members.models import (
    Association,
    CourseCertificate,
    CourseProgress,
    LearningEntry,
    LearningKind,
    StoredFile,
    Supervision,
    User,
)
from referrals.tests.race import race

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
TYPED = {
    "title": "Motivational interviewing",
    "kind": "course",
    "on": "1 11 2026",
    "days": "1",
    "provider": "Herts College",
    "formal_hours": "2,5",
    "points": "",
    "learned": "To wait.",
    "next_step": "",
    "link": "",
}


@pytest.fixture
def mine(client, member):
    client.force_login(member)
    return client


@pytest.fixture(autouse=True)
def today():
    """25 November 2026: in the learning year from April 2026 to March 2027."""
    with time_machine.travel(dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC), tick=False):
        yield


def credited(user: User, **facts: object) -> LearningEntry:
    usual = {"source": "event:7", "title": "Link Worker Day", "on": dt.date(2026, 5, 1), "kind": LearningKind.EVENT}
    return actions.credit(user=user, **{**usual, "points": Decimal(4), "formal_hours": Decimal("3.5"), **facts})


def post(client, url: str, **changes: object):
    return client.post(url, {**TYPED, **changes})


class TestWriting:
    def test_points_follow_from_the_formal_hours_unless_they_are_typed(self, mine, member):
        assert post(mine, reverse("learning_new")).status_code == 302
        assert post(mine, reverse("learning_new"), points="4").status_code == 302
        assert list(member.learning.order_by("pk").values_list("points", "formal_hours")) == [
            (Decimal("2.5"), Decimal("2.5")),
            (Decimal(4), Decimal("2.5")),
        ]
        assert AuditEvent.objects.filter(verb="learning.added").first().summary == ""

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"title": ""}, "Write what it was."),
            ({"title": "a\x00b"}, "Null characters are not allowed."),
            ({"kind": "made-up"}, "made-up is not one of the available choices"),
            ({"on": "26 11 2026"}, "This date is in the future."),
            ({"on": "29 2 2026"}, "Type the day, the month and the year in full"),
            ({"points": "-1"}, "This cannot be less than 0."),
            ({"points": "40.25"}, "One entry counts for 40 points at most."),
            ({"points": "1.1"}, "Round it to a quarter"),
            ({"points": "NaN"}, "Write a number"),
            ({"points": "1e3"}, "One entry counts for 40 points at most."),
            ({"points": "9" * 400}, "One entry counts for 40 points at most."),
            ({"formal_hours": "25"}, "A day has 24 hours, and this took 1."),
            ({"formal_hours": "100", "days": "5"}, "Write the points."),
            ({"formal_hours": "9999"}, "These are more hours than the days have."),
            ({"formal_hours": ""}, "Write what it counts for"),
            ({"formal_hours": "0"}, "Write what it counts for"),
            ({"days": "0"}, "It took one day at least."),
            ({"days": "32"}, "31 days at most"),
            ({"link": "javascript:alert(1)"}, "Write the whole address"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self, mine, changes, said):
        answer = post(mine, reverse("learning_new"), **changes)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert said in page.replace("&#x27;", "'")
        assert "Herts College" in page
        assert not LearningEntry.objects.exists()

    def test_a_leap_day_and_nought_points_are_taken(self, mine, member):
        assert post(mine, reverse("learning_new"), on="29 2 2024", points="0", formal_hours="").status_code == 302
        assert member.learning.get().points == 0

    def test_the_database_keeps_the_limits(self, member):
        wrong = [{"points": Decimal("-1")}, {"points": Decimal(41)}, {"points": Decimal("1.1")}]
        wrong += [{"formal_hours": Decimal(25)}, {"formal_hours": Decimal("0.1")}, {"days": 0}]
        for facts in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                LearningEntryFactory(user=member, **facts)

    def test_script_is_shown_as_it_was_typed(self, mine, member):
        words = dict.fromkeys(("title", "provider", "learned", "next_step"), SCRIPT)
        post(mine, reverse("learning_new"), **words)
        entry = member.learning.get()
        for url in (reverse("learning"), reverse("learning_entry", args=[entry.pk])):
            page = mine.get(url).content.decode()
            assert SCRIPT not in page
            assert "&lt;script&gt;" in page

    def test_is_for_members(self, client, volunteer):
        client.force_login(volunteer)
        assert post(client, reverse("learning_new")).url == reverse("members")
        with pytest.raises(PermissionDenied):
            actions.add_entry(facts={}, by=volunteer)


class TestEvidence:
    def test_several_files_are_kept_and_handed_back_as_files(self, mine, member):
        files = [SimpleUploadedFile(f"notes-{number}.txt", b"<script>") for number in (1, 2)]
        assert post(mine, reverse("learning_new"), evidence=files).status_code == 302
        entry = member.learning.get()
        assert entry.evidence.count() == 2
        answer = mine.get(reverse("learning_evidence", args=[entry.pk, entry.evidence.first().file_id]))
        assert answer.content == b"<script>"
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("talk.pdf", b"%PDF-" + b"0" * 30 * 1024**2, "30 MB. Choose one of 10 MB at most."),
            ("letter.pdf", b"MZ a program", "What is in this file is not PDF."),
            ("program.exe", b"MZ", "We cannot take .exe."),
            ("empty.txt", b"", "This file is empty."),
        ],
    )
    def test_what_is_no_evidence_is_refused_by_its_name(self, mine, name, content, said):
        page = post(mine, reverse("learning_new"), evidence=[SimpleUploadedFile(name, content)]).content.decode()
        assert said in page
        assert name in page
        assert not StoredFile.objects.exists()

    def test_files_are_asked_for_again_when_something_else_is_wrong(self, mine):
        page = post(mine, reverse("learning_new"), title="", evidence=[SimpleUploadedFile("a.txt", b"a")])
        assert "Choose your files again" in page.content.decode()

    def test_an_entry_keeps_ten(self, mine, member):
        entry = LearningEntryFactory(user=member)
        for _ in range(9):
            keep_evidence(entry)
        two = [Upload("a.txt", "text/plain", b"a")] * 2
        with pytest.raises(Refused, match="keeps 10 files"):
            actions.change_entry(entry, facts={"title": "New"}, files=two, by=member)
        entry.refresh_from_db()
        assert entry.title != "New"
        files = [SimpleUploadedFile(f"{number}.txt", b"a") for number in range(11)]
        said = post(mine, reverse("learning_edit", args=[entry.pk]), evidence=files).content.decode()
        assert "These are 11 files." in said

    def test_of_somebody_else_is_not_there(self, mine, member):
        own, other = LearningEntryFactory(user=member), LearningEntryFactory(user=MembershipFactory().user)
        file = keep_evidence(other)
        for entry in (own, other):
            assert mine.get(reverse("learning_evidence", args=[entry.pk, file.pk])).status_code == 404
            assert mine.post(reverse("learning_evidence_remove", args=[entry.pk, file.pk])).status_code == 404
        with pytest.raises(PermissionDenied):
            actions.remove_evidence(other, file_id=file.pk, by=member)
        assert StoredFile.objects.exists()

    def test_goes_with_its_entry(self, mine, member):
        entry = LearningEntryFactory(user=member)
        file = keep_evidence(entry)
        mine.post(reverse("learning_evidence_remove", args=[entry.pk, file.pk]))
        assert not StoredFile.objects.exists()
        keep_evidence(entry)
        mine.post(reverse("learning_delete", args=[entry.pk]))
        assert not StoredFile.objects.exists()
        assert not LearningEntry.objects.exists()


class TestCredit:
    def test_is_given_once(self, member):
        first = credited(member)
        assert credited(member, points=Decimal(9), title="Another") == first
        assert member.learning.get().points == 4
        assert AuditEvent.objects.filter(verb="learning.credited").count() == 1

    def test_is_theirs_to_write_about_and_not_to_change(self, mine, member):
        entry = credited(member)
        url = reverse("learning_edit", args=[entry.pk])
        assert 'name="points"' not in mine.get(url).content.decode()
        files = [SimpleUploadedFile("notes.txt", b"a")]
        assert post(mine, url, points="40", title="Mine", evidence=files).status_code == 302
        entry.refresh_from_db()
        assert (entry.points, entry.title, entry.learned) == (Decimal(4), "Link Worker Day", "To wait.")
        assert entry.evidence.count() == 1
        with pytest.raises(Refused):
            actions.change_entry(entry, facts={"points": Decimal(40)}, by=member)
        mine.post(reverse("learning_delete", args=[entry.pk]))
        assert LearningEntry.objects.exists()

    def test_comes_from_somewhere(self, member):
        with pytest.raises(ValueError, match="somewhere"):
            credited(member, source="")


@pytest.mark.django_db(transaction=True)
def test_credit_given_twice_at_once_is_given_once(member):
    """Both find nothing before either has written: the second waits for the first at the unique index."""

    def slowly() -> LearningEntry:
        with transaction.atomic():
            list(User.objects.filter(pk=member.pk).select_for_update())
            return credited(member)

    first, second = race(User.objects.filter(pk=member.pk), slowly, slowly)
    assert first == second
    assert LearningEntry.objects.count() == 1


class TestTheYear:
    @pytest.mark.parametrize(
        ("begins", "day", "year"),
        [
            ((4, 1), "2028-02-29", ("2027-04-01", "2028-03-31")),
            ((4, 1), "2028-03-31", ("2027-04-01", "2028-03-31")),
            ((4, 1), "2028-04-01", ("2028-04-01", "2029-03-31")),
            ((3, 1), "2028-02-29", ("2027-03-01", "2028-02-29")),
            ((3, 1), "2027-02-28", ("2026-03-01", "2027-02-28")),
            ((2, 28), "2028-02-29", ("2028-02-28", "2029-02-27")),
            ((1, 1), "2026-12-31", ("2026-01-01", "2026-12-31")),
        ],
    )
    def test_is_the_associations_whatever_the_calendar_does(self, begins, day, year):
        association = Association(year_starts_month=begins[0], year_starts_day=begins[1])
        found = LearningYear.holding(dt.date.fromisoformat(day), association)
        assert (found.begins.isoformat(), found.ends.isoformat()) == year

    def test_is_called_by_its_years(self):
        assert LearningYear(dt.date(2026, 4, 1), dt.date(2027, 3, 31)).label == "2026 to 2027"
        assert LearningYear(dt.date(2026, 1, 1), dt.date(2026, 12, 31)).label == "2026"

    @pytest.mark.parametrize(
        ("points", "hours", "words"),
        [
            ("13.5", "8", "You need 6.5 more points, 2 of them in formal hours, by 31 March 2027."),
            ("15", "5", "You need 5 more points, all of them in formal hours, by 31 March 2027."),
            ("19", "10", "You need 1 more point by 31 March 2027."),
            ("20", "9", "You need 1 more formal hour by 31 March 2027."),
            ("18", "6.75", "You need 3.25 more formal hours and 2 more points (one hour counts for both) by"),
            ("20", "10", "You reached what is asked for this year."),
            ("33", "12", "You reached what is asked for this year."),
        ],
    )
    def test_what_is_missing_is_said_in_words(self, points, hours, words):
        year = LearningYear(dt.date(2026, 4, 1), dt.date(2027, 3, 31))
        standing = Standing(year, Decimal(points), Decimal(hours), Decimal(20), Decimal(10))
        assert standing.words.startswith(words)

    def test_of_the_past_speaks_of_the_past(self, mine, member):
        LearningEntryFactory(user=member, on=dt.date(2025, 5, 1))
        page = mine.get(reverse("learning"), {"year": "2025"}).content.decode()
        assert "You needed 19 more points, 10 of them in formal hours, by 31 March 2026." in page
        assert "2025 to 2026" in page

    @pytest.mark.parametrize("year", ["", "2019", "nonsense", "2025\x00", "-1", "9" * 30])
    def test_that_nobody_has_is_this_one(self, mine, year):
        answer = mine.get(reverse("learning"), {"year": year, "page": "x"})
        assert answer.context["standing"].year.key == "2026"

    def test_adds_up_exactly_and_to_the_day(self, mine, member):
        for day in (dt.date(2026, 3, 31), dt.date(2026, 4, 1), dt.date(2026, 11, 25)):
            LearningEntryFactory(user=member, on=day, points=Decimal("0.25"), formal_hours=Decimal("0.25"))
        LearningEntryFactory(points=Decimal(40))
        standing = mine.get(reverse("learning")).context["standing"]
        assert (standing.points, standing.formal_hours) == (Decimal("0.50"), Decimal("0.50"))
        assert learning_panel(member).standing == standing

    @pytest.mark.parametrize("rows", [1, 70])
    def test_asks_no_more_for_more_rows(self, mine, member, rows, django_assert_max_num_queries):
        for number in range(rows):
            entry = LearningEntryFactory(user=member, on=days_ago(number % 200))
            SupervisionFactory(user=member)
        keep_evidence(entry)
        Association.get()
        for name in ("learning", "supervision"):
            with django_assert_max_num_queries(9):
                mine.get(reverse(name))
        with django_assert_max_num_queries(9):
            mine.get(reverse("learning_entry", args=[entry.pk]))
        member = User.objects.get(pk=member.pk)
        with django_assert_max_num_queries(4):  # two beside the membership and the posts
            learning_panel(member)

    def test_words_are_kept_on_the_next_page(self, mine, member):
        for _ in range(31):
            LearningEntryFactory(user=member, on=dt.date(2025, 5, 1))
        assert "?year=2025&amp;page=2" in mine.get(reverse("learning"), {"year": "2025"}).content.decode()


class TestWhatBelongsToAPerson:
    def test_is_taken_along_and_deleted_and_nobody_elses_is(self, member, link_worker):
        course = CourseFactory()
        for person in (member, link_worker):
            keep_evidence(LearningEntryFactory(user=person, title="Listening"), content=person.email.encode())
            SupervisionFactory(user=person, note="Tired.", themes=["workload"])
            answer_quiz(course, chosen=right_answers(course), by=person)

        sections = [make(member) for make in (exports.learning, exports.supervision, exports.courses)]
        learned, supervised, courses = (list(section.rows) for section in sections)
        assert [row["what it was"] for row in learned] == [course.title, "Listening"]
        assert [(row["about"], row["note"]) for row in supervised] == [("Workload", "Tired.")]
        assert [row.get("right, in per cent") for row in courses] == [100, None]
        assert [(name.split()[1], read()) for name, read in sections[0].files] == [("notes.txt", member.email.encode())]

        learning_data.erase(member)
        assert [list(section.rows) for section in sections] == [[], [], []]
        for model in (Supervision, CourseProgress, CourseCertificate):
            assert [row.user for row in model.objects.all()] == [link_worker]
        assert LearningEntry.objects.filter(user=link_worker).count() == 2
        assert StoredFile.objects.get().by == link_worker
