"""My shifts, the rota and assigning, in the states their pages can be in, and a shift as it is taken and given up."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.factories import WorkplaceFactory
from members.models import User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import at, look_at
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    RoomFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    in_london,
    volunteer_of,
)
from volunteers.models import Clinic, ClinicSession, Shift, Volunteer, availability_of

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Rose Bell", "Arthur Penhaligon", "Małgorzata Wiśniewska", "Nazir Hussain", "Ines Prado", "Bea Marlow")


class Rota:
    """Two practices with a clinic each, seven volunteers, three weeks of sessions."""

    def __init__(self, practice: Workplace, volunteer: User) -> None:
        practice.phone = "01727 555010"
        practice.save()
        role = VolunteerRoleFactory(name="Volunteer at the desk")
        self.tom = volunteer_of(volunteer)
        self.tom.roles.add(role)
        self.clinic = ClinicFactory(
            practice=practice,
            name="Listening clinic",
            role=role,
            room=RoomFactory(practice=practice, name="Room 4", directions="First floor, the lift is by the entrance."),
            places=2,
            at_least=2,
            need_to_know="Report to Janet at reception.\n\nTea is in the blue cupboard; the alarm code is with Janet.",
        )
        elsewhere = WorkplaceFactory(name="Grange Street Surgery", parent=practice.parent)
        self.other = ClinicFactory(practice=elsewhere, name="Welcome desk", role=role, places=2)
        self.helpers = [
            VolunteerFactory(workplace=practice, name=name, roles=[role], phone="07700 900123") for name in NAMES
        ]
        VolunteerFactory(workplace=practice, name=UNBROKEN[:80], called=UNBROKEN[:60], roles=[role])
        monday = dt.timedelta(days=-timezone.localdate().weekday())
        for week in range(3):
            for number, weekday in enumerate((1, 3)):
                self.add(self.clinic, monday.days + week * 7 + weekday, 9, self.helpers[week : week + 2 - number])
                self.add(self.other, monday.days + week * 7 + weekday + 1, 14, self.helpers[3 : 4 + number])
        self.next = self.add(self.clinic, 7 - timezone.localdate().weekday(), 17, [self.helpers[0]])
        self.shift = ShiftFactory(session=self.next, volunteer=self.tom)
        BookingFactory(session=self.next, shift=self.shift)
        late = self.add(self.clinic, 21 - timezone.localdate().weekday(), 10, [])
        self.later = ShiftFactory(session=late, volunteer=self.tom)
        self.tom.availability = [availability_of(late.starts_at)]
        self.tom.save()
        self.cancelled = self.add(self.other, monday.days + 7, 10, [])
        ClinicSession.objects.filter(pk=self.cancelled.pk).update(cancelled_at=timezone.now())

    def add(self, clinic: Clinic, days: int, hour: int, helpers: list[Volunteer]) -> ClinicSession:
        session = ClinicSessionFactory(clinic=clinic, starts_at=in_london(days=days, hour=hour))
        for helper in helpers:
            if helper.workplace_id == clinic.practice_id or clinic == self.other:
                ShiftFactory(session=session, volunteer=helper)
        return session


@pytest.fixture
def rota(practice: Workplace, volunteer: User) -> Rota:
    return Rota(practice, volunteer)


def test_pages_of_the_rota(
    visit: Visit, rota: Rota, volunteer: User, coordinator: User, manager: User, link_worker: User, outsider: User
) -> None:
    on = rota.next.on.isoformat()
    problems = look_at(
        visit(volunteer),
        [
            ("my shifts", at("my_shifts")),
            ("volunteer today", at("today")),
            ("volunteer rota", f"{at('rota')}?on={on}"),
            ("give up", at("shift_give_up", rota.shift.pk)),
            ("give up errors", at("shift_give_up", rota.shift.pk), send_empty_danger),
        ],
    )
    hard = rota.add(rota.clinic, 9, 19, rota.helpers[:1])
    ClinicSession.objects.filter(pk=hard.pk).update(note=LONG_NOTE[:300])
    coming = at("session_assign", rota.next.pk)
    problems += look_at(
        visit(coordinator),
        [
            ("coordinator shifts", at("my_shifts")),
            ("coordinator today", at("today")),
            ("rota week", f"{at('rota')}?on={on}"),
            ("rota month", f"{at('rota')}?on={on}&view=month"),
            ("rota people", f"{at('rota')}?on={on}&by=person"),
            ("rota people month", f"{at('rota')}?on={on}&view=month&by=person"),
            ("rota empty", f"{at('rota')}?on=2031-01-01"),
            ("assign full", coming),
            ("assign", at("session_assign", hard.pk)),
            ("assign cancelled", at("session_assign", rota.cancelled.pk)),
            ("take off", at("shift_end", rota.shift.pk)),
        ],
    )
    problems += look_at(visit(manager), [("manager rota", f"{at('rota')}?on={on}")])
    problems += look_at(visit(outsider), [("rota none", at("rota")), ("shifts apply", at("my_shifts"))])
    now = timezone.now()
    ClinicSession.objects.filter(pk=rota.next.pk).update(
        starts_at=now - dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=1)
    )
    problems += look_at(visit(coordinator), [("assign begun", coming)])
    Volunteer.objects.filter(pk=rota.tom.pk).update(stage="paused")
    Shift.objects.filter(volunteer=rota.tom).update(ended_at=now, end_reason="paused")
    problems += look_at(
        visit(volunteer),
        [("my shifts paused", at("my_shifts")), ("give up ended", at("shift_give_up", rota.shift.pk))],
    )
    assert not problems, "\n".join(["", *problems])


def send_empty_danger(page: Page) -> None:
    """As `send_empty`, where the form's one button warns of what it does."""
    page.locator("main form [type=submit].btn-outline-danger").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def test_a_rota_prints_without_what_is_only_for_the_screen(visit: Visit, rota: Rota, coordinator: User) -> None:
    page = visit(coordinator, width=1100)
    page.goto(f"{at('rota')}?on={rota.next.on.isoformat()}&view=month")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Find somebody").first).to_be_hidden()
    expect(page.get_by_role("navigation", name="Volunteers")).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "rota-print.png", full_page=True)
        Path(folder, "rota-print.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
        practice = rota.clinic.practice_id
        poster = page.request.get(f"{at('rota_poster')}?practice={practice}&month={rota.next.on:%Y-%m}")
        Path(folder, "poster.pdf").write_bytes(poster.body())


def test_a_volunteer_on_a_phone_takes_a_shift_and_gives_it_up(visit: Visit, rota: Rota, volunteer: User) -> None:
    free = ClinicSession.objects.to_come().with_room().exclude(shifts__user=volunteer)
    assert free.filter(clinic=rota.clinic).exists()
    page = visit(volunteer, width=390)
    page.goto(at("my_shifts"))
    expect(page.get_by_text("1 person", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign up for").first.click()
    expect(page.get_by_text("You are on:")).to_be_visible()
    shift = Shift.objects.standing().filter(user=volunteer).latest("created_at")
    when = f"{timezone.localtime(shift.starts_at):%A %-d %B, %H:%M}"
    expect(page.get_by_text(when).first).to_be_visible()
    page.locator(f'a[href="{at("shift_give_up", shift.pk)}"]').click()
    page.get_by_label("I cannot get there").check()
    page.get_by_role("button", name="Give the shift up").click()
    expect(page.get_by_text("You are no longer on:")).to_be_visible()
    shift.refresh_from_db()
    assert (shift.end_reason, shift.why) == ("given_up", "travel")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_coordinator_finds_somebody_with_the_keyboard(
    visit: Visit, rota: Rota, coordinator: User, javascript: bool
) -> None:
    session = rota.add(rota.clinic, 8, 19, [])
    page = visit(coordinator, javascript=javascript)
    page.goto(f"{at('rota')}?on={session.on.isoformat()}")
    link = page.get_by_role("row").locator(f'a[href="{at("session_assign", session.pk)}"]')
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ask first", exact=True)).to_be_visible()
    button = page.get_by_role("button", name="Put down").first
    name = str(button.text_content()).removeprefix("Put down ")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{name} is on it, and is told by mail.")).to_be_visible()
    page.get_by_role("link", name=f"Take off {name}").click()
    page.get_by_role("button", name="Take them off").click()
    expect(page.get_by_text(f"{name} is off it, and is told by mail.")).to_be_visible()
    expect(page.get_by_role("heading", name="No longer on it")).to_be_visible()
