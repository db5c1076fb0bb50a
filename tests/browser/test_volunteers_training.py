"""Training and the calendar address, in the states their pages can be in; and a volunteer's and a coordinator's way."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect

from members.factories import MembershipFactory
from members.factories_learning import CourseFactory
from members.models import User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty
from tests.world import logged_in
from volunteers.factories import ShiftFactory, VolunteerFactory, VolunteerRoleFactory, in_london, volunteer_of
from volunteers.factories_training import CalendarFeedFactory, TrainingFactory, TrainingPlaceFactory
from volunteers.models import CalendarFeed, Check, Requirement, Training, TrainingPlace, Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def needs(db: None) -> dict[str, Requirement]:
    """What a role needs. The migrated rows are there until a test has emptied the tables."""
    course = CourseFactory(title="Safeguarding, in twenty minutes", slug="safeguarding")
    kinds = [
        ("dbs", "DBS check, enhanced", "For whoever sees people alone.", None),
        ("agreement", "Volunteer agreement", "What you can expect of us, and we of you.", None),
        ("induction", "Induction", "The building, the team, confidentiality, and whom to turn to.", None),
        ("training", "Safeguarding", "What to do when somebody may be in danger. Again every year.", course),
        ("training", "Listening and signposting", "A good conversation, and where it can lead.", None),
    ]
    made = [
        Requirement.objects.update_or_create(
            name=name, defaults={"kind": kind, "about": about, "course": course, "valid_months": 12}
        )[0]
        for kind, name, about, course in kinds
    ]
    return {each.name: each for each in made}


@pytest.fixture
def helper(volunteer: User, needs: dict[str, Requirement]) -> Volunteer:
    """The volunteer: one thing is missing, one has ended, one ends soon, the rest is in order."""
    helper = volunteer_of(volunteer)
    helper.roles.add(VolunteerRoleFactory(name="Volunteer at the desk", needs=list(needs.values())))
    note(helper, needs["DBS check, enhanced"], ends=400)
    note(helper, needs["Volunteer agreement"], ends=30)
    note(helper, needs["Induction"], ends=None)
    note(helper, needs["Safeguarding"], ends=-3)
    return helper


def note(helper: Volunteer, requirement: Requirement, *, ends: int | None) -> None:
    today = timezone.localdate()
    Check.objects.create(
        volunteer=helper,
        requirement=requirement,
        passed=True,
        done_on=today - dt.timedelta(days=90),
        ends_on=None if ends is None else today + dt.timedelta(days=ends),
    )


def offer(practice: Workplace, title: str, days: int = 7, **more: object) -> Training:
    return TrainingFactory(workplace=practice, title=title, starts_at=in_london(days=days, hour=10), **more)


def test_pages_of_training_and_the_calendar(
    visit: Visit,
    helper: Volunteer,
    needs: dict[str, Requirement],
    practice: Workplace,
    network: Workplace,
    coordinator: User,
    admin: User,
) -> None:
    page = visit(coordinator)
    problems = look_at(
        page,
        [("trainings none", at("training_offered")), ("trainings none past", at("training_offered") + "?list=past")],
    )
    full = offer(practice, "Listening and signposting", capacity=2, requirement=needs["Listening and signposting"])
    Training.objects.update(about=LONG_NOTE, online_link=f"https://meet.example.org/{UNBROKEN}")
    others = VolunteerFactory.create_batch(4, workplace=practice)
    Volunteer.objects.filter(pk=others[0].pk).update(name=f"{UNBROKEN}"[:150])
    for number, other in enumerate(others):
        TrainingPlaceFactory(training=full, volunteer=other, state="signed_up" if number < 2 else "waiting")
    mine = offer(practice, "Tea, and what was difficult", days=9)
    TrainingPlaceFactory(training=mine, volunteer=helper)
    waits = offer(practice, UNBROKEN[:150], days=11, capacity=1, place=f"{UNBROKEN}{UNBROKEN}"[:200])
    TrainingPlaceFactory(training=waits, volunteer=others[1])
    TrainingPlaceFactory(training=waits, volunteer=helper, state="waiting")
    free = offer(network, "Boundaries", days=13, course=needs["Safeguarding"].course)
    off = offer(practice, "Called off", days=15, cancelled_at=timezone.now(), cancel_reason="The trainer is ill.")
    past = offer(practice, "What happened last week", days=-7, requirement=needs["Induction"])
    been = TrainingPlaceFactory(training=past, volunteer=helper)
    TrainingPlaceFactory(training=past, volunteer=others[0])
    looks = [
        ("trainings", at("training_offered")),
        ("trainings past", at("training_offered") + "?list=past"),
        ("training needs", at("training_needs")),
        ("training needs missing", at("training_needs") + "?list=missing"),
        ("training needs nobody", at("training_needs") + "?q=nobody"),
        ("training new", at("training_new")),
        ("training new errors", at("training_new"), send_empty),
        ("training of coordinator full", at("training_detail", full.pk)),
        ("training of coordinator free", at("training_detail", free.pk)),
        ("training of coordinator past", at("training_detail", past.pk)),
        ("training of coordinator off", at("training_detail", off.pk)),
        ("training edit", at("training_edit", full.pk)),
        ("training cancel", at("training_cancel", full.pk)),
        ("training attendance before", at("training_attendance", full.pk)),
        ("training attendance", at("training_attendance", past.pk)),
        ("training attendance nobody", at("training_attendance", free.pk)),
    ]
    problems += look_at(page, looks)
    TrainingPlace.objects.filter(pk=been.pk).update(state="attended", marked_at=timezone.now(), marked_by=coordinator)
    page = visit(helper.user)
    looks = [
        ("training", at("training")),
        ("training full", at("training_detail", full.pk)),
        ("training mine", at("training_detail", mine.pk)),
        ("training waiting", at("training_detail", waits.pk)),
        ("training free", at("training_detail", free.pk)),
        ("training past", at("training_detail", past.pk)),
        ("training off", at("training_detail", off.pk)),
        ("calendar none", at("calendar_feed")),
    ]
    problems += look_at(page, looks)
    CalendarFeedFactory(user=helper.user)
    problems += look_at(page, [("calendar", at("calendar_feed"))])
    Training.objects.exclude(pk__in=[mine.pk]).filter(places=None).delete()
    looks = [
        ("office trainings", at("admin:volunteers_training_changelist")),
        ("office training", at("admin:volunteers_training_change", full.pk)),
    ]
    problems += look_at(visit(admin), looks, forgiven=THEME)
    problems += look_at(visit(VolunteerFactory().user), [("training empty", at("training"))])
    assert not problems, "\n".join(["", *problems])


def fill(page: Page, **typed: str) -> None:
    for label, text in typed.items():
        page.get_by_label(label.replace("_", " "), exact=False).first.fill(text)


def test_a_training_from_its_offer_to_who_came(
    visit: Visit, helper: Volunteer, needs: dict[str, Requirement], practice: Workplace, coordinator: User
) -> None:
    """It is offered, a volunteer signs up on their phone, the coordinator ticks who was there."""
    MembershipFactory(user=helper.user)
    page = visit(coordinator)
    page.goto(at("training"))
    page.get_by_role("link", name="Offer the first training").click()
    page.get_by_label("Whom it is for").select_option(label="The Maltings Surgery")
    fill(page, What_it_is_called="A good conversation", Day=f"{timezone.localdate() + dt.timedelta(days=5):%-d %-m %Y}")
    page.get_by_label("From").fill("10:00")
    page.get_by_label("Until").fill("09:00")
    page.get_by_label("Where").fill("Verulam Hall")
    page.get_by_label("Who comes then has").select_option(label="Listening and signposting")
    page.get_by_label("Points in their learning record").fill("2")
    page.get_by_label("Formal hours").fill("2")
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_role("link", name="It ends before it begins.")).to_be_visible()
    page.get_by_label("Until").fill("12:00")
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_role("heading", name="A good conversation", level=1)).to_be_visible()
    assert Training.objects.get().requirement == needs["Listening and signposting"]

    phone = visit(helper.user, width=390)
    phone.goto(at("training"))
    expect(phone.get_by_text("Missing", exact=True)).to_be_visible()
    phone.get_by_role("link", name="A good conversation").click()
    phone.get_by_role("button", name="I will come").click()
    expect(phone.get_by_text("You have a place", exact=True)).to_be_visible()
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Put it into my calendar").click()
    assert "Training: A good conversation" in download.value.path().read_text()

    now = timezone.now()
    Training.objects.update(starts_at=now - dt.timedelta(hours=2), ends_at=now)
    page.reload()
    page.get_by_role("link", name="Who came").click()
    page.get_by_label("Tom Ashby").check()
    page.get_by_role("button", name="Save who came").click()
    expect(page.get_by_text("Came", exact=True)).to_be_visible()

    phone.goto(at("training"))
    expect(phone.get_by_text("You were there")).to_be_visible()
    expect(phone.get_by_text("Missing", exact=True)).to_have_count(0)
    phone.goto(at("learning"))
    expect(phone.get_by_text("A good conversation")).to_be_visible()


def test_a_phone_gets_its_calendar_address_a_new_one_and_none(visit: Visit, helper: Volunteer) -> None:
    ShiftFactory(volunteer=helper, session__clinic__practice=helper.workplace, session__clinic__name="Tuesday clinic")
    phone = visit(helper.user, width=390)
    phone.goto(at("calendar_feed"))
    phone.get_by_role("button", name="Make my calendar address").click()
    first = phone.get_by_label("Or copy it into another calendar").input_value()
    subscribe = phone.get_by_role("link", name="Add to the calendar of this phone").get_attribute("href") or ""
    assert subscribe.partition(":")[::2] == ("webcal", first.partition(":")[2])
    read = reverse("calendar_feed_ics", args=[CalendarFeed.objects.get().token])
    assert first.endswith(read)
    answer = phone.context.browser.new_context().request.get(phone.url.replace(at("calendar_feed"), read))  # type: ignore[union-attr]
    assert [str(event["summary"]) for event in Calendar.from_ical(answer.body()).walk("VEVENT")] == [
        "Volunteer shift: Tuesday clinic, The Maltings Surgery"
    ]
    phone.get_by_role("button", name="Make a new address").click()
    expect(phone.get_by_text("The one before no longer works.")).to_be_visible()
    assert phone.get_by_label("Or copy it into another calendar").input_value() != first
    phone.get_by_role("button", name="Switch it off").click()
    expect(phone.get_by_role("button", name="Make my calendar address")).to_be_visible()
    assert logged_in(helper.user).get(read).status_code == 404
