"""Cover and swaps, in the states their pages can be in, and both as people live through them, on a phone."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linkworkers.outbox.models import Message
from members.models import User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty
from volunteers.actions import cover, swaps
from volunteers.cover_links import answer_path
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    RoomFactory,
    ShiftFactory,
    VolunteerRoleFactory,
    clear,
    in_london,
    volunteer_of,
)
from volunteers.factories_cover import colleague_at, shift_beside
from volunteers.models import Clinic, CoverRequest, Shift, Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clinic(practice: Workplace) -> Clinic:
    room = RoomFactory(practice=practice, name="Room 4", directions="First floor, lift by the entrance.")
    return ClinicFactory(
        practice=practice,
        name="Listening clinic",
        room=room,
        role=VolunteerRoleFactory(name="Clinic volunteer"),
        swaps_need_approval=True,
    )


@pytest.fixture
def shift(clinic: Clinic, volunteer: User) -> Shift:
    """The cast's volunteer's, with somebody booked."""
    helper = volunteer_of(volunteer)
    clear(helper, clinic.role)
    shift = ShiftFactory(session=ClinicSessionFactory(clinic=clinic), volunteer=helper)
    BookingFactory(session=shift.session, shift=shift)
    return shift


@pytest.fixture
def rose(clinic: Clinic) -> Volunteer:
    return colleague_at(clinic.practice, clinic.role, name="Rose Bell")


def write_too_much(page: Page) -> None:
    page.get_by_label("Would you say why?").evaluate("(field) => { field.removeAttribute('maxlength'); }")
    page.get_by_label("Would you say why?").fill("Too long. " * 40)
    page.get_by_role("button", name="Ask for cover").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def open_details(page: Page) -> None:
    page.get_by_text("Do not approve it").first.click()


def test_pages_of_cover(
    visit: Visit, shift: Shift, rose: Volunteer, clinic: Clinic, volunteer: User, coordinator: User, admin: User
) -> None:
    ann = colleague_at(clinic.practice, clinic.role, name=f"Ann {UNBROKEN}")
    Volunteer.objects.filter(pk=ann.pk).update(phone="01632 960450")
    tom, grace, hers = visit(volunteer), visit(coordinator), visit(rose.user)
    problems = look_at(
        tom,
        [
            ("cover none", at("cover_requests")),
            ("cover over none", f"{at('cover_requests')}?list=over"),
            ("cover ask", at("cover_ask", shift.pk)),
            ("cover ask errors", at("cover_ask", shift.pk), write_too_much),
        ],
    )
    problems += look_at(
        grace,
        [("cover none coordinator", at("cover_requests")), ("cover ask coordinator", at("cover_ask", shift.pk))],
    )
    request = cover.ask_for_shift(shift, reason=f"My knee. {UNBROKEN}", by=volunteer)
    cover.decline(request, by=ann.user)
    place = ClinicSessionFactory(clinic=clinic, starts_at=in_london(days=5))
    lonely = cover.ask_for_session(ClinicSessionFactory(clinic=ClinicFactory(practice=clinic.practice)), by=coordinator)
    path = answer_path(request.asks.get(volunteer=rose))
    problems += look_at(
        tom,
        [
            ("cover own", at("cover", request.pk)),
            ("cover list", at("cover_requests")),
            ("cover ask again", at("cover_ask", shift.pk)),
        ],
    )
    problems += look_at(
        grace,
        [
            ("cover coordinator", at("cover", request.pk)),
            ("cover list coordinator", at("cover_requests")),
            ("cover ask place", at("cover_ask_session", place.pk)),
            ("cover nobody", at("cover", lonely.pk)),
        ],
    )
    problems += look_at(
        hers,
        [("cover asked", at("cover", request.pk)), ("cover list asked", at("cover_requests"))],
    )
    problems += look_at(visit(ann.user), [("cover said no", at("cover", request.pk))])
    problems += look_at(visit(), [("cover link", path)])
    cover.accept(request, by=rose.user)
    problems += look_at(hers, [("cover yes", at("cover", request.pk))])
    problems += look_at(tom, [("cover covered", at("cover", request.pk))])
    problems += look_at(visit(ann.user), [("cover too late", at("cover", request.pk))])
    problems += look_at(grace, [("cover list over", f"{at('cover_requests')}?list=over")])
    problems += look_at(visit(), [("cover link yes", path)])
    problems += look_at(
        visit(admin),
        [
            ("office cover", at("admin:volunteers_coverrequest_changelist")),
            ("office cover request", at("admin:volunteers_coverrequest_change", request.pk)),
            ("office swaps", at("admin:volunteers_swap_changelist")),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def test_pages_of_swaps(visit: Visit, shift: Shift, volunteer: User, coordinator: User) -> None:
    tom, grace = visit(volunteer), visit(coordinator)
    problems = look_at(tom, [("swaps none", at("swaps")), ("swap none", at("swap_offer", shift.pk))])
    problems += look_at(grace, [("swaps none coordinator", at("swaps"))])
    theirs, other = shift_beside(shift), shift_beside(shift, name=UNBROKEN, days=2)
    problems += look_at(
        tom,
        [
            ("swap offer", at("swap_offer", shift.pk)),
            ("swap offer errors", at("swap_offer", shift.pk), send_empty),
        ],
    )
    swap = swaps.offer(shift, theirs, by=volunteer)
    swaps.offer(shift, other, by=volunteer)
    hers = visit(theirs.user)
    problems += look_at(tom, [("swap offered", at("swap", swap.pk)), ("swaps", at("swaps"))])
    problems += look_at(hers, [("swap asked", at("swap", swap.pk)), ("swaps asked", at("swaps"))])
    swaps.accept(swap, by=theirs.user)
    problems += look_at(tom, [("swap agreed", at("swap", swap.pk))])
    problems += look_at(
        grace,
        [
            ("swap to approve", at("swap", swap.pk)),
            ("swap not to approve", at("swap", swap.pk), open_details),
            ("swaps coordinator", at("swaps")),
        ],
    )
    swaps.approve(swap, by=coordinator)
    problems += look_at(tom, [("swap done", at("swap", swap.pk)), ("swaps over", f"{at('swaps')}?list=over")])
    assert not problems, "\n".join(["", *problems])


def test_cover_is_asked_for_on_a_phone_and_found_by_the_link_of_a_mail(
    visit: Visit, shift: Shift, rose: Volunteer, volunteer: User
) -> None:
    page = visit(volunteer, width=390)
    page.goto(at("cover_ask", shift.pk))
    page.get_by_label("Would you say why?").fill("My knee.")
    page.get_by_role("button", name="Ask for cover").click()
    expect(page.get_by_text("The shift stays yours until one of them says yes.")).to_be_visible()
    mail = Message.objects.get(kind="cover-request")
    path = re.search(r"Yes, I can come: \S+?(/volunteers/\S+)", mail.text)
    assert path is not None
    stranger = visit(width=390)
    stranger.goto(path[1])
    expect(stranger.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    hers = visit(rose.user, width=390, javascript=False)
    hers.goto(path[1])
    expect(hers.get_by_text("In place of Tom")).to_be_visible()
    hers.get_by_role("button", name="Yes, I can come").click()
    expect(hers.get_by_text("Thank you. The shift is yours, and")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Rose comes instead of you.")).to_be_visible()
    assert CoverRequest.objects.get().covered_by is not None


def test_a_swap_is_offered_accepted_and_approved(
    visit: Visit, shift: Shift, volunteer: User, coordinator: User
) -> None:
    theirs = shift_beside(shift)
    page = visit(volunteer, width=390)
    page.goto(at("swap_offer", shift.pk))
    day = timezone.localtime(shift.starts_at) + dt.timedelta(days=1)
    page.get_by_label("Which shift would you take").select_option(
        label=f"{day:%a} {day.day} {day:%b} 09:00: Rose, Listening clinic"
    )
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("Rose is asked. Your shift stays yours meanwhile.")).to_be_visible()
    hers = visit(theirs.user, width=390)
    hers.goto(at("swaps"))
    hers.get_by_role("link", name="Answer").click()
    hers.get_by_role("button", name="Yes, swap").click()
    expect(hers.get_by_text("The coordinator looks at it now")).to_be_visible()
    grace = visit(coordinator)
    grace.goto(at("swaps"))
    grace.get_by_role("link", name="Decide").click()
    grace.get_by_role("button", name="Approve the swap").click()
    expect(grace.get_by_text("Done: they have exchanged their shifts.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("The other one is yours now.")).to_be_visible()
