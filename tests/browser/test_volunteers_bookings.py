"""Booking into clinics and the volunteer's day: every page in its states, and the three ways through them."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from members.models import User, Workplace
from referrals.factories import CareContactFactory, EpisodeFactory, PersonFactory, ReferralFactory
from referrals.models import CareContact, FollowUp, Referral
from referrals.models.person import VisitRisk
from referrals.models.referral import Reason, Urgency
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import at, look_at, send_empty
from volunteers.actions.day import mark
from volunteers.factories import BookingFactory, ClinicSessionFactory
from volunteers.factories_bookings import free_session, hold, put_on, seen_now, waiting_referral
from volunteers.models import Booking, ClinicSession

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clinic(practice: Workplace, link_worker: User, volunteer: User) -> ClinicSession:
    """On each of the next five Tuesdays or so, with the cast's volunteer on the first."""
    practice.phone = "01727 555 010"
    practice.save()
    session = free_session(practice, link_worker)
    session.clinic.name, session.room.name = "Tuesday clinic", "Room 2"
    session.room.directions = "First floor, the lift is by the entrance."
    session.clinic.save()
    session.room.save()
    put_on(session, volunteer)
    for week in range(1, 6):
        ClinicSessionFactory(clinic=session.clinic, starts_at=session.starts_at + dt.timedelta(weeks=week))
    return session


def hard_person(practice: Workplace, holder: User) -> Referral:
    """Somebody about whom there is everything to know, in long words."""
    person = PersonFactory(
        practice=practice,
        given_name="Wilhelmina",
        family_name=UNBROKEN[:60],
        known_as="Billie",
        phone="07700 900123",
        safe_contact="Never leave a message: her husband reads them.",
        language="Portuguese",
        needs_interpreter=True,
        access_needs="Uses a walking frame, and cannot do stairs.",
        visit_risk=VisitRisk.RISK,
        risk_details="Her son has shouted at staff. Keep the door open and tell the front desk.",
    )
    episode = EpisodeFactory(person=person, accepted=True, holder=holder, what_matters=f"{UNBROKEN} and her garden.")
    return ReferralFactory(
        episode=episode,
        reasons=[Reason.LONELINESS, Reason.HOUSING, Reason.MONEY],
        urgency=Urgency.CRISIS,
        why_now=LONG_NOTE,
        hopes="Somebody to walk with.",
    )


def test_pages_of_booking(
    visit: Visit, clinic: ClinicSession, practice: Workplace, practice_staff: User, link_worker: User, outsider: User
) -> None:
    hard = hard_person(practice, link_worker)
    waiting = waiting_referral(practice, given_name="Edith", family_name="Moss", phone="07700 900456")
    made = BookingFactory(session=clinic, shift=clinic.shifts.get(), referral=hard, starts_at=clinic.slots[2])
    later = clinic.clinic.sessions.order_by("starts_at")[1]
    gone = BookingFactory(session=later, starts_at=later.slots[0])
    held = hold(gone, later, later.slots[1])
    lost = BookingFactory(session=later, starts_at=later.slots[2])
    Booking.objects.filter(pk=lost.pk).update(state="cancelled", cancelled_at=timezone.now())
    missed = BookingFactory(
        session=free_session(practice, link_worker, starts_at=timezone.now() - dt.timedelta(days=2)), state="missed"
    )
    problems = look_at(
        visit(practice_staff),
        [
            ("practice referral to book", at("referral", waiting.reference)),
            ("book", at("booking_new", waiting.reference)),
            ("book later", f"{at('booking_new', waiting.reference)}?page=2"),
            ("book with needs", at("booking_new", hard.reference)),
            ("booking at the desk", at("booking_at_desk", made.pk)),
            ("booking held", at("booking_at_desk", held.pk)),
            ("booking missed", at("booking_at_desk", missed.pk)),
            ("booking cancelled", at("booking_at_desk", gone.pk)),
            ("booking move", at("booking_move", made.pk)),
            ("booking cancel", at("booking_cancel", made.pk)),
            ("bookings", at("bookings")),
            ("bookings missed", f"{at('bookings')}?list=missed"),
            ("bookings to offer", at("bookings_to_offer")),
        ],
    )
    problems += look_at(
        visit(link_worker), [("case to book", at("referral", waiting.reference)), ("bookings network", at("bookings"))]
    )
    problems += look_at(
        visit(outsider),
        [
            ("bookings empty", at("bookings")),
            ("bookings missed empty", f"{at('bookings')}?list=missed"),
            ("bookings to offer empty", at("bookings_to_offer")),
        ],
    )
    ClinicSession.objects.filter(booked=0, taken=0).update(cancelled_at=timezone.now())
    ClinicSession.objects.update(slot_minutes=180)
    problems += look_at(visit(practice_staff), [("book nothing free", at("booking_new", waiting.reference))])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_volunteers_day(visit: Visit, practice: Workplace, volunteer: User, link_worker: User) -> None:
    page = visit(volunteer)
    problems = look_at(page, [("day without a shift", at("volunteer_day"))])
    first = seen_now(practice, volunteer, link_worker, ago=dt.timedelta(hours=2), given_name="Edith")
    session, shift = first.session, first.shift
    session.clinic.need_to_know = "Report to the front desk. The code of the door is with Janet."
    session.clinic.save()
    came = BookingFactory(session=session, shift=shift, starts_at=session.slots[1])
    missed = BookingFactory(session=session, shift=shift, starts_at=session.slots[2])
    hard = BookingFactory(
        session=session, shift=shift, starts_at=session.slots[3], referral=hard_person(practice, link_worker)
    )
    BookingFactory(session=session, shift=shift, starts_at=session.slots[5])
    mark(booking=came, came=True, by=volunteer)
    mark(booking=missed, came=False, by=volunteer)
    CareContactFactory(episode=hard.referral.episode, by=volunteer, note=LONG_NOTE)
    seen_now(practice, volunteer, link_worker, ago=dt.timedelta(days=6), given_name="Arthur")
    CareContactFactory(episode=first.referral.episode, appointment=first.appointment, by=volunteer)
    Booking.objects.filter(pk=first.pk).update(state="attended")
    day = session.on.isoformat()
    problems += look_at(
        page,
        [
            ("day", at("volunteer_day_on", day)),
            ("booking of the volunteer", at("booking", hard.pk)),
            ("write up", at("booking_write_up", came.pk)),
            ("write up errors", at("booking_write_up", hard.pk), send_empty),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_reception_books_in_a_hurry_without_javascript(
    visit: Visit, clinic: ClinicSession, practice: Workplace, practice_staff: User, volunteer: User
) -> None:
    referral = waiting_referral(practice, given_name="Edith", family_name="Moss")
    page = visit(practice_staff, javascript=False)
    page.goto(at("referral", referral.reference))
    page.get_by_role("link", name="Book into a volunteer clinic").click()
    expect(page.get_by_role("radio").first).to_be_checked()
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name=re.compile("Edith Moss"))).to_be_visible()
    expect(page.get_by_text("Tom, a volunteer")).to_be_visible()
    made = Booking.objects.get()
    assert (made.starts_at, made.appointment.with_user) == (clinic.slots[0], volunteer)
    page.get_by_role("link", name="Move").click()
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Move to this time").click()
    expect(page.get_by_text("Instead of")).to_be_visible()
    page.get_by_role("link", name="Cancel the booking").click()
    page.get_by_label("Why?").fill("She rang.")
    page.get_by_role("button", name="Cancel the booking").click()
    expect(page.get_by_text("Cancelled. The link worker still holds the case.")).to_be_visible()


def test_a_volunteer_on_a_phone_marks_and_writes_up_with_the_keyboard(
    visit: Visit, practice: Workplace, volunteer: User, link_worker: User
) -> None:
    booking = seen_now(practice, volunteer, link_worker, ago=dt.timedelta(minutes=20), given_name="Edith")
    page = visit(volunteer, width=390)
    page.goto(at("volunteer_day_on", booking.session.on.isoformat()))
    page.get_by_role("button", name="They came").click()
    page.get_by_role("link", name="Write up").click()
    expect(page.get_by_label("They came", exact=True)).to_be_checked()
    page.get_by_label("What happened?").fill("We talked about her rent.")
    page.get_by_label("What did you agree to do next?").fill("Bring the letter.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("The link worker should take over")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Eviction notice")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. The link worker sees it on the case.")).to_be_visible()
    expect(page.get_by_text("Written up")).to_be_visible()
    assert CareContact.objects.get().note == "We talked about her rent.\n\nNext step: Bring the letter."
    assert FollowUp.objects.waiting_for(link_worker).get().what.endswith("Eviction notice")


def test_reception_offers_new_times(
    visit: Visit, clinic: ClinicSession, practice: Workplace, practice_staff: User, link_worker: User
) -> None:
    later = clinic.clinic.sessions.order_by("starts_at")[1]
    edith, arthur = (
        hold(BookingFactory(session=later, starts_at=old), clinic, new)
        for old, new in zip(later.slots[:2], clinic.slots[:2], strict=True)
    )
    page = visit(practice_staff)
    page.goto(reverse("bookings"))
    page.get_by_role("link", name="Ring them and offer it").click()
    page.get_by_role("button", name="They agree").first.click()
    expect(page.get_by_role("button", name="They agree")).to_have_count(1)
    page.get_by_role("link", name="Choose another").click()
    page.get_by_role("button", name="Move to this time").click()
    expect(page.get_by_role("link", name="Print the appointment slip")).to_be_visible()
    page.goto(reverse("bookings_to_offer"))
    expect(page.get_by_role("heading", name="Nobody waits for a new time")).to_be_visible()
    edith.refresh_from_db()
    assert edith.state == "booked"
    assert Booking.objects.get(replaces=arthur).state == "booked"
