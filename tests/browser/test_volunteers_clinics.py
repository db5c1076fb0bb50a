"""Clinics, rooms and sessions, in the states their pages can be in, and a clinic as its coordinator has it."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.models import Region, User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty
from volunteers.actions.clinics import create_clinic
from volunteers.actions.sessions import cancel_session
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    RoomFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
)
from volunteers.models import Booking, Clinic, ClinicSession, Requirement, VolunteerRole

pytestmark = pytest.mark.django_db(transaction=True)

MORNING, AFTERNOON = (dt.time(9), dt.time(12)), (dt.time(13), dt.time(16))


@pytest.fixture
def role(db: None) -> VolunteerRole:
    return VolunteerRoleFactory(
        name="Listening volunteer",
        summary="You sit down with one person at a time at the surgery, listen, and find with them what is on nearby.",
    )


@pytest.fixture
def clinic(role: VolunteerRole, practice: Workplace, coordinator: User, link_worker: User) -> Clinic:
    """With people booked with a volunteer in its second session to come, and somebody kept a slot."""
    room = RoomFactory(practice=practice, name="Upstairs", directions="First floor, lift by the entrance.")
    facts = {
        "name": "Tuesday clinic",
        "role": role,
        "room": room,
        "link_worker": link_worker,
        "starts_on": timezone.localdate() - dt.timedelta(weeks=20),
        "places": 2,
        "on_bank_holidays": True,
        "need_to_know": "Report to the front desk; Janet has the key.\n\nTea is on us.",
    }
    made = create_clinic(practice, facts=facts, week={1: MORNING, 3: AFTERNOON}, by=coordinator)
    session = made.sessions.to_come()[1]
    shift = ShiftFactory(session=session)
    for number, slot in enumerate(session.slots[:4]):
        if number != 1:
            BookingFactory(session=session, shift=shift, starts_at=slot)
    Booking.objects.filter(starts_at=session.slots[3]).update(state=Booking.State.HELD)
    return made


def fill(practice: Workplace, role: VolunteerRole, network: Workplace) -> None:
    """Clinics with all that can be wrong with one, long words, an ended one, and a page full of others."""
    room = RoomFactory(practice=practice, name=UNBROKEN[:60], directions=LONG_NOTE[:200], is_active=False)
    long = ClinicFactory(
        practice=practice,
        role=role,
        room=room,
        name=UNBROKEN[:100],
        every_weeks=2,
        need_to_know=LONG_NOTE,
        times=[(day, "08:30", f"{12 + day}:15") for day in range(5)],
    )
    ClinicSessionFactory(clinic=long, note=UNBROKEN[:300], at_once=3, places=3, at_least=2, slot_minutes=60)
    ended = timezone.localdate() - dt.timedelta(days=3)
    ClinicFactory(
        practice=practice,
        role=role,
        name="Last year’s café",
        ends_on=ended,
        starts_on=ended,
        times=[(4, "10:00", "11:00")],
    )
    other = Workplace.objects.create(kind="practice", name="Grange Street Surgery", parent=network, region=Region.EAST)
    for number in range(20):
        ClinicFactory(practice=other, name=f"Clinic {number:02}", role=role, times=[(number % 5, "09:00", "12:00")])


def booked(clinic: Clinic) -> ClinicSession:
    return clinic.sessions.filter(booked__gt=0).first()  # type: ignore[return-value]


def change_times(page: Page) -> None:
    page.get_by_label("Tuesday, from").fill("10:00")
    page.get_by_label("Tuesday, until").fill("11:00")
    page.get_by_label("Thursday, from").fill("")
    page.get_by_label("Thursday, until").fill("")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="What is to happen with these sessions?").wait_for()


def leave_unanswered(page: Page) -> None:
    change_times(page)
    page.get_by_role("button", name="Change it so").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def fill_in_wrongly(page: Page) -> None:
    for name, value in (("Monday, from", "09:00"), ("Tuesday, from", "12:00"), ("Tuesday, until", "09:00")):
        page.get_by_label(name).fill(value)
    send_empty(page)


def clash(page: Page) -> None:
    page.get_by_label("Until").fill("09:30")
    page.get_by_role("button", name="Move the session").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def test_pages_of_clinics(
    visit: Visit,
    practice: Workplace,
    network: Workplace,
    role: VolunteerRole,
    coordinator: User,
    practice_staff: User,
    volunteer: User,
    manager: User,
    admin: User,
    request: pytest.FixtureRequest,
) -> None:
    page = visit(coordinator)
    problems = look_at(
        page,
        [
            ("clinics none", at("clinics")),
            ("rooms none", at("rooms", practice.pk)),
            ("room new errors", at("room_new", practice.pk), send_empty),
            ("clinic new", at("clinic_new")),
            ("clinic new errors", at("clinic_new"), fill_in_wrongly),
        ],
    )
    problems += look_at(visit(volunteer), [("clinics none volunteer", at("clinics"))])
    clinic = request.getfixturevalue("clinic")
    session = booked(clinic)
    fill(practice, role, network)
    long = Clinic.objects.get(name=UNBROKEN[:100])
    off = clinic.sessions.to_come().last()
    assert off is not None
    cancel_session(off, reason=LONG_NOTE[:200], by=coordinator)
    problems += look_at(
        page,
        [
            ("clinics", at("clinics")),
            ("clinics page 2", f"{at('clinics')}?page=2"),
            ("clinics ended", f"{at('clinics')}?list=ended"),
            ("clinics nobody found", f"{at('clinics')}?q=nothing"),
            ("clinic", at("clinic", clinic.pk)),
            ("clinic long", at("clinic", long.pk)),
            ("clinic where", at("clinic_new")),
            ("clinic edit", at("clinic_edit", clinic.pk)),
            ("clinic change", at("clinic_edit", clinic.pk), change_times),
            ("clinic change errors", at("clinic_edit", clinic.pk), leave_unanswered),
            ("clinic end", at("clinic_end", clinic.pk)),
            ("clinic end errors", at("clinic_end", long.pk), send_by_enter),
            ("rooms", at("rooms", practice.pk)),
            ("room edit", at("room_edit", clinic.room_id)),
            ("session coordinator", at("session", session.pk)),
            ("session long", at("session", long.sessions.get().pk)),
            ("session cancelled", at("session", off.pk)),
            ("session edit", at("session_edit", session.pk)),
            ("session move", at("session_move", session.pk)),
            ("session move refused", at("session_move", session.pk), clash),
            ("session new errors", at("session_new", clinic.pk), send_empty),
            ("session cancel", at("session_cancel", session.pk)),
            ("session cancel errors", at("session_cancel", session.pk), send_by_enter),
        ],
    )
    problems += look_at(
        visit(practice_staff), [("clinics practice", at("clinics")), ("session practice", at("session", session.pk))]
    )
    problems += look_at(visit(manager), [("clinic manager", at("clinic", clinic.pk))])
    requirement = Requirement.objects.create(kind="training", name="Listening")
    role.needs.add(requirement)
    problems += look_at(
        visit(admin),
        [
            ("office clinics", at("admin:volunteers_clinic_changelist")),
            ("office clinic", at("admin:volunteers_clinic_change", clinic.pk)),
            ("office sessions", at("admin:volunteers_clinicsession_changelist")),
            ("office session", at("admin:volunteers_clinicsession_change", session.pk)),
            ("office rooms", at("admin:volunteers_room_changelist")),
            ("office room", at("admin:volunteers_room_change", clinic.room_id)),
            ("office role", at("admin:volunteers_volunteerrole_change", role.pk)),
            ("office role new", at("admin:volunteers_volunteerrole_add")),
            ("office requirement", at("admin:volunteers_requirement_change", requirement.pk)),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def send_by_enter(page: Page) -> None:
    """Presses the button of a form whose main button is no green one, with nothing filled in."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })")
    page.locator("main form [type=submit].btn-outline-danger").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def test_a_coordinator_sets_up_a_clinic_changes_it_and_cancels_a_session(
    visit: Visit, practice: Workplace, role: VolunteerRole, coordinator: User, link_worker: User, practice_staff: User
) -> None:
    page = visit(coordinator, width=390)
    page.goto(at("clinics"))
    page.get_by_role("link", name="Set up the first one").click()
    page.get_by_role("link", name="add them first").click()
    page.get_by_role("link", name="Add a room").click()
    page.get_by_label("Name").fill("Room 2")
    page.get_by_label("How people find it").fill("First floor, lift by the entrance.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Room 2 is there.")).to_be_visible()
    page.goto(at("clinic_new"))
    page.get_by_label("What is it called?").fill("Tuesday clinic")
    page.get_by_label("What do volunteers do here?").select_option(label="Listening volunteer")
    page.get_by_label("Tuesday, from").fill("12:00")
    page.get_by_label("Tuesday, until").fill("09:00")
    page.get_by_role("button", name="Set up the clinic").click()
    expect(page.get_by_role("link", name="Tuesday, until It has to end after it begins.")).to_be_visible()
    page.get_by_label("Tuesday, from").fill("09:00")
    page.get_by_label("Tuesday, until").fill("12:00")
    page.get_by_label("Room (optional)").select_option(label="Room 2")
    page.get_by_label("Link worker who stands behind it").select_option(label=link_worker.name)
    page.get_by_label("It takes place on bank holidays too").check()
    page.get_by_role("button", name="Set up the clinic").click()
    expect(page.get_by_text("Tuesday clinic is set up, with 1")).to_be_visible()
    expect(page.get_by_text("Tuesdays 09:00 to 12:00.")).to_be_visible()

    clinic = Clinic.objects.get()
    session, later = clinic.sessions.to_come()[2:4]
    helper = VolunteerFactory(workplace=practice, roles=[role], user__name="Rose Bell")
    shift = ShiftFactory(session=session, volunteer=helper)
    BookingFactory(session=session, shift=shift, starts_at=session.slots[0])
    BookingFactory(session=session, shift=shift, starts_at=session.slots[5])
    page.get_by_role("link", name="Change the clinic").click()
    page.get_by_label("Tuesday, from").fill("10:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    expect(page.get_by_text("2 people booked")).to_be_visible()
    page.get_by_label("Move them to the new time. 1 person booked will have no slot").check()
    page.get_by_role("button", name="Change it so").click()
    expect(page.get_by_text("1 booked people need a new time; one is kept for 1 of them.")).to_be_visible()
    expect(page.get_by_text("Tuesdays 10:00 to 12:00.")).to_be_visible()

    page.goto(at("session", session.pk))
    expect(page.get_by_text("Rose Bell")).to_be_visible()
    page.get_by_role("link", name="Cancel this session").click()
    page.get_by_label("Why is it cancelled?").fill("The boiler is broken.")
    page.get_by_role("button", name="Cancel the session").click()
    expect(page.get_by_text("This session is cancelled. The boiler is broken.")).to_be_visible()
    later.refresh_from_db()
    assert later.booked == 2
    assert {booking.state for booking in later.bookings.all()} == {Booking.State.HELD}
    staff = visit(practice_staff, width=390)
    staff.goto(at("session", later.pk))
    expect(staff.get_by_text("Offered, to be confirmed")).to_have_count(2)
