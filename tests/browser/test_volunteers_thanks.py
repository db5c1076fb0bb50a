"""Thanks, the photo board, impact and the health check, in the states their pages can be in, and as people use them."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone
from playwright.sync_api import expect

from linkworkers.demo.volunteers.portraits import portrait
from linkworkers.outbox.models import Message
from members.models import StoredFile, User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty
from volunteers.factories import (
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
    volunteer_of,
)
from volunteers.factories_thanks import (
    ClinicMonthFactory,
    ExtraHoursFactory,
    HealthAnswerFactory,
    MilestoneFactory,
    ThankYouLetterFactory,
)
from volunteers.models import Clinic, Milestone, Volunteer

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("Rose Bell", "Joseph Mensah", "Ines Prado", "Amina Yusuf", "Peter Lamb")
LINES = (
    "Retired bus driver. Ask me about allotments.",
    "Patient with forms.",
    "",
    "Speaks Somali and Arabic.",
    UNBROKEN,
)


@pytest.fixture
def clinic(practice: Workplace, link_worker: User) -> Clinic:
    role = VolunteerRoleFactory(name="Volunteer listener")
    return ClinicFactory(practice=practice, name="Tuesday clinic", role=role, link_worker=link_worker)


@pytest.fixture
def tom(volunteer: User, clinic: Clinic) -> Volunteer:
    """A volunteer of three years, with shifts over nine months."""
    tom = volunteer_of(volunteer)
    clear(tom, clinic.role)
    Volunteer.objects.filter(pk=tom.pk).update(
        started_on=timezone.localdate() - relativedelta(years=3), applied_at=timezone.now() - relativedelta(years=3)
    )
    today = timezone.localdate()
    for ago in range(1, 40):
        starts = dt.datetime.combine(
            today - dt.timedelta(days=7 * ago), dt.time(9), tzinfo=timezone.get_default_timezone()
        )
        length = dt.timedelta(hours=3 if ago % 3 else 2.5)
        session = ClinicSessionFactory(clinic=clinic, starts_at=starts, ends_at=starts + length)
        ShiftFactory(session=session, volunteer=tom, created_at=starts - dt.timedelta(days=9 if ago % 4 else 2))
    letter = ThankYouLetterFactory(volunteer=tom, signed_by="Grace Adeyemi")
    for kind, number, years in (("hours", 10, 2), ("hours", 50, 1), ("years", 1, 2), ("years", 2, 1)):
        MilestoneFactory(
            volunteer=tom,
            kind=kind,
            number=number,
            reached_on=today - relativedelta(years=years),
            noted_at=timezone.now() - relativedelta(years=years),
            letter=letter,
        )
    MilestoneFactory(volunteer=tom, number=100)
    ExtraHoursFactory(volunteer=tom, what="Safeguarding refresher", confirmed=True)
    ExtraHoursFactory(volunteer=tom, what=UNBROKEN, hours=Decimal("0.25"))
    return tom


@pytest.fixture
def team(tom: Volunteer, practice: Workplace, clinic: Clinic) -> list[Volunteer]:
    """Everybody else, on the board with drawn faces and without."""
    people = []
    for number, (name, line) in enumerate(zip(NAMES, LINES, strict=True)):
        volunteer = VolunteerFactory(workplace=practice, user__name=name, name=name, roles=[clinic.role])
        if number != 2:
            volunteer.photo = StoredFile.keep(
                name="a.jpg", content_type="image/jpeg", content=portrait(number), by=volunteer.user
            )
        volunteer.photo_until = timezone.localdate() + dt.timedelta(days=200)
        volunteer.board_line = line[:140]
        volunteer.save()
        people.append(volunteer)
    VolunteerFactory(workplace=practice, name=UNBROKEN, stage="left", left_on=timezone.localdate())
    return people


@pytest.fixture
def months(clinic: Clinic, practice: Workplace) -> None:
    first = timezone.localdate().replace(day=1)
    other = ClinicFactory(practice=practice, name=UNBROKEN[:60])
    for ago in range(1, 12):
        month = first - relativedelta(months=ago)
        ClinicMonthFactory(
            clinic=clinic,
            month=month,
            came=(31, 28, 4, 19, 33, 36, 12, 8, 2, 22, 25)[ago - 1],
            missed=(6, 3, 2, 7, 8, 4, 1, 0, 0, 5, 9)[ago - 1],
            hours=Decimal(24 + ago % 4 * 3),
        )
        if ago < 3:
            ClinicMonthFactory(clinic=other, month=month, came=3, missed=0, reasons=[], cancelled=0, sessions=1)


def test_pages_of_volunteers(
    visit: Visit, tom: Volunteer, team: list[Volunteer], months: None, practice_staff: User, practice: Workplace
) -> None:
    problems = look_at(
        visit(tom.user),
        [
            ("thanks mine", at("thanks")),
            ("extra hours errors", at("extra_hours"), send_empty),
            ("board consent", at("board_consent", tom.key)),
            ("board consent errors", at("board_consent", tom.key), lambda page: _send_nothing(page)),
            ("board", at("board", practice.pk)),
            ("impact", at("volunteer_impact")),
        ],
    )
    problems += look_at(
        visit(practice_staff),
        [("board practice", at("board", practice.pk)), ("impact practice", at("volunteer_impact"))],
    )
    assert not problems, "\n".join(["", *problems])


def _send_nothing(page) -> None:  # type: ignore[no-untyped-def]
    """Without the tick and the day: the page's other button, which takes somebody off, is not pressed."""
    page.get_by_label("Until when").fill("soon")
    send_empty(page)


def test_pages_with_nothing_yet(visit: Visit, volunteer: User, practice: Workplace, coordinator: User) -> None:
    problems = look_at(
        visit(volunteer),
        [
            ("thanks nothing yet", at("thanks")),
            ("extra hours nobody", at("extra_hours")),
            ("board empty", at("board", practice.pk)),
            ("impact empty", at("volunteer_impact")),
        ],
    )
    problems += look_at(
        visit(coordinator),
        [
            ("team empty", at("thanks")),
            ("team waiting empty", f"{at('thanks')}?list=waiting"),
            ("team left empty", f"{at('thanks')}?list=left"),
            ("team nobody found", f"{at('thanks')}?q=nobody"),
            ("health empty", at("programme_health")),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_coordinator(
    visit: Visit,
    tom: Volunteer,
    team: list[Volunteer],
    months: None,
    coordinator: User,
    admin: User,
    practice: Workplace,
) -> None:
    HealthAnswerFactory(workplace=practice, by=coordinator, note=LONG_NOTE[:500])
    HealthAnswerFactory(workplace=practice, by=coordinator, answer="no", note=UNBROKEN)
    letters = at("thank_you", tom.key)
    problems = look_at(
        visit(coordinator),
        [
            ("team", at("thanks")),
            ("team waiting", f"{at('thanks')}?list=waiting"),
            ("team left", f"{at('thanks')}?list=left"),
            ("letter", letters),
            ("health", f"{at('programme_health')}?at={practice.pk}"),
            ("health answer errors", at("health_answer", practice.pk, "meeting"), send_empty),
            ("board coordinator", at("board", practice.pk)),
        ],
    )
    problems += look_at(
        visit(admin),
        [
            ("office milestones", at("admin:volunteers_milestone_changelist")),
            ("office extra hours", at("admin:volunteers_extrahours_changelist")),
            ("office health", at("admin:volunteers_healthanswer_changelist")),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def test_a_volunteer_shows_their_face_on_a_phone_and_takes_it_back(
    visit: Visit, tom: Volunteer, practice: Workplace, tmp_path: Path
) -> None:
    photo = tmp_path / "me.jpg"
    photo.write_bytes(portrait(1))
    page = visit(tom.user, width=390)
    page.goto(at("thanks"))
    page.get_by_role("link", name="Put me on the board").click()
    page.get_by_label("Your photo").set_input_files(photo)
    page.get_by_label("A line about you").fill("I know every bench along the canal.")
    page.get_by_label("I agree that my photo").check()
    page.get_by_role("button", name="Put me on the board").click()
    expect(page.get_by_text("You are on the board")).to_be_visible()
    expect(page.get_by_text("every bench along the canal")).to_be_visible()
    expect(page.locator("img.portrait")).to_have_js_property("naturalWidth", 600)
    page.get_by_role("link", name="Change how I am shown").click()
    page.get_by_role("button", name="Take me off, delete my photo").click()
    expect(page.get_by_text("your photo is deleted")).to_be_visible()
    assert not StoredFile.objects.exists()


def test_a_volunteer_notes_a_training_and_the_coordinator_thanks_them_and_answers_a_question(
    visit: Visit, tom: Volunteer, coordinator: User, practice: Workplace
) -> None:
    page = visit(tom.user, width=390)
    page.goto(at("extra_hours"))
    page.get_by_label("When?").fill(f"{timezone.localdate():%d %m %Y}")
    page.get_by_label("How many hours?").fill("2,5")
    page.get_by_label("Training").check()
    page.get_by_label("What was it?").fill("Listening, part two")
    page.get_by_role("button", name="Note them").click()
    expect(page.get_by_text("Waits for the coordinator").first).to_be_visible()

    page = visit(coordinator)
    page.goto(at("thanks"))
    item = page.get_by_role("listitem").filter(has_text="Listening, part two")
    item.get_by_role("button", name="Count them").click()
    expect(page.get_by_text("Counted for Tom.")).to_be_visible()
    page.get_by_role("link", name="To be thanked").click()
    page.get_by_role("link", name="Write a letter to Tom Ashby").click()
    text = page.get_by_label("Your letter")
    expect(text).to_contain_text("100 hours")
    text.fill("Dear Tom,\n\nthank you for a hundred hours.\n\nWith warm thanks,")
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text("Tom has a mail that your letter is there.")).to_be_visible()
    assert not Milestone.objects.not_thanked().exists()
    assert Message.objects.filter(kind="thanked", to=tom.user.email).count() == 1

    page.goto(at("thanks"))
    page.get_by_role("link", name="Health check").click()
    page.get_by_role("link", name="The Maltings Surgery").click()
    page.get_by_role("link", name="Answer question 11").click()
    page.get_by_label("Partly").check()
    page.get_by_label("What makes you say so").fill("Tea in May. The next one is in January.")
    page.get_by_role("button", name="Keep this answer").click()
    expect(page.get_by_text("Tea in May.")).to_be_visible()
