"""Applying, coordinating, referring and looking after oneself, in the states these pages can be in."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linkworkers.outbox.models import Message
from members.factories import PostFactory
from members.models import Role, User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import at, look_at, send_empty
from volunteers.factories import (
    ApplicantFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
    in_london,
    volunteer_of,
)
from volunteers.factories_journey import VolunteerReferenceFactory
from volunteers.journey_links import application_path, reference_path
from volunteers.models import AVAILABILITY, CheckKind, Requirement, Stage, StageChange, Volunteer, VolunteerRole

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


@pytest.fixture
def role(transactional_db: None) -> VolunteerRole:
    """A test that commits has emptied the tables that the migrations filled."""
    VolunteerRole.objects.all().delete()  # those of the migrations, before the first test that commits
    Requirement.objects.all().delete()
    needs = [
        Requirement.objects.create(kind=CheckKind.DBS, name="DBS check, enhanced", valid_months=36),
        Requirement.objects.create(kind=CheckKind.REFERENCES, name="Two references"),
        Requirement.objects.create(
            kind=CheckKind.INDUCTION,
            name="Induction",
            about="The building, the team, confidentiality, and whom to turn to.",
        ),
    ]
    VolunteerRoleFactory(name="Greeter", summary="You welcome people at the surgery, and keep them company.")
    return VolunteerRoleFactory.create(
        name="Volunteer link worker",
        summary="You sit down with one person at a time at the surgery, listen, and find with them what is on nearby.",
        needs=needs,
    )


def applicant(
    practice: Workplace, role: VolunteerRole, stage: Stage, name: str, days: int, **facts: object
) -> Volunteer:
    since = timezone.now() - days * DAY
    made = ApplicantFactory.create(
        workplace=practice,
        roles=[role],
        stage=stage,
        name=name,
        stage_since=since,
        applied_at=since,
        motivation="When my mother was ill, somebody sat with her every Tuesday. I would like to be that somebody.",
        phone="01632 960 022",
        postcode="AL1 3JQ",
        availability=["tue-am", "tue-pm", "fri-am"],
        **facts,
    )
    StageChange.objects.create(volunteer=made, stage=Stage.APPLIED, at=since - 3 * DAY)
    if stage != Stage.APPLIED:
        StageChange.objects.create(volunteer=made, stage=stage, at=since, note="A warm talk. She knows the estate.")
    return made


def test_pages_for_those_without_an_account(
    visit: Visit, role: VolunteerRole, practice: Workplace, network: Workplace
) -> None:
    page = visit()
    problems = look_at(page, [("apply nowhere", at("volunteer_apply"))])
    PostFactory(workplace=network, role=Role.COORDINATOR)
    Workplace.objects.filter(pk=practice.pk).update(postcode="AL1 3JQ")
    asked = VolunteerReferenceFactory.create(volunteer=applicant(practice, role, Stage.REFERENCES, "Ines Prado", 5))
    done = VolunteerReferenceFactory.create(answered=True)
    talk = applicant(
        practice, role, Stage.INTERVIEW, UNBROKEN, 2, interview_at=in_london(days=3), interview_place="Room 4"
    )
    no = applicant(practice, role, Stage.DECLINED, "Bo", 2)
    left = VolunteerFactory.create(workplace=practice, stage=Stage.LEFT, left_on=timezone.localdate())
    problems += look_at(
        page,
        [
            ("apply", at("volunteer_apply")),
            ("apply nothing found", f"{at('volunteer_apply')}?q={UNBROKEN}"),
            ("apply at", at("volunteer_apply_at", practice.pk)),
            ("apply at errors", at("volunteer_apply_at", practice.pk), send_empty),
            ("applied", at("volunteer_applied")),
            ("application", application_path(asked.volunteer)),
            ("application talk", application_path(talk)),
            ("application declined", application_path(no)),
            ("application left", application_path(left)),
            ("application withdraw", f"{application_path(talk)}withdraw/"),
            ("application unknown", at("volunteer_application", "altered")),
            ("reference", reference_path(asked)),
            ("reference errors", reference_path(asked), send_empty),
            ("reference answered", reference_path(done)),
            ("reference unknown", at("volunteer_reference", "altered")),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_coordinator(
    visit: Visit, role: VolunteerRole, practice: Workplace, network: Workplace, coordinator: User, volunteer: User
) -> None:
    page = visit(coordinator)
    problems = look_at(page, [("volunteers none", at("volunteer_list"))])
    new = applicant(practice, role, Stage.APPLIED, "Ines Prado", 9)
    long = applicant(practice, role, Stage.INTERVIEW, UNBROKEN, 4, hopes=LONG_NOTE, skills=UNBROKEN * 2)
    referred = applicant(practice, role, Stage.REFERENCES, "Samuel Osei", 12)
    VolunteerReferenceFactory(volunteer=referred, answered=True, strengths=LONG_NOTE)
    VolunteerReferenceFactory(volunteer=referred, answered=True, name=UNBROKEN)
    VolunteerReferenceFactory(
        volunteer=referred, answered=True, has_concerns=True, concerns=UNBROKEN * 2, would_recommend=False
    )
    VolunteerReferenceFactory(volunteer=referred)
    VolunteerReferenceFactory(volunteer=referred, asked_at=None)
    dbs = applicant(practice, role, Stage.DBS, "Wren Adams", 20)
    applicant(practice, role, Stage.INDUCTION, "Li Na", 3)
    own = volunteer_of(volunteer)
    clear(own, role, ends_on=timezone.localdate() + 2 * DAY)
    Volunteer.objects.filter(pk=own.pk).update(
        availability=AVAILABILITY[:5],
        phone="01632 960 044",
        emergency_contact="Mary Ashby, 01632 960 045",
        called="Tommy",
    )
    ShiftFactory(volunteer=own, session__clinic__practice=practice, session__clinic__role=role)
    own.absences.create(first_day=timezone.localdate(), last_day=timezone.localdate() + 3 * DAY)
    left = VolunteerFactory.create(workplace=practice, stage=Stage.LEFT, left_on=timezone.localdate(), name="Ada Lord")
    left.exit_answers.create(why=LONG_NOTE, best="The people.", change=UNBROKEN, would_return="perhaps")
    paused = VolunteerFactory.create(
        workplace=network, stage=Stage.PAUSED, paused_until=timezone.localdate() + 30 * DAY
    )
    mine = VolunteerRoleFactory.create(name="Gardener", workplace=network, needs=list(role.needs.all()))
    need = Requirement.objects.create(kind=CheckKind.TRAINING, name="Spades", workplace=network, valid_months=12)
    first = role.needs.earliest("pk")
    problems += look_at(
        page,
        [
            ("volunteers", at("volunteer_list")),
            ("volunteers active", f"{at('volunteer_list')}?stage=active"),
            ("volunteers check ends", f"{at('volunteer_list')}?ending=on"),
            ("volunteers nobody found", f"{at('volunteer_list')}?q=nobody"),
            ("volunteer applied", at("volunteer", new.key)),
            ("volunteer long", at("volunteer", long.key)),
            ("volunteer references", at("volunteer", referred.key)),
            ("volunteer dbs", at("volunteer", dbs.key)),
            ("volunteer active", at("volunteer", own.key)),
            ("volunteer paused", at("volunteer", paused.key)),
            ("volunteer left", at("volunteer", left.key)),
            ("interview", at("volunteer_interview", new.key)),
            ("interview errors", at("volunteer_interview", new.key), send_empty),
            ("stage", at("volunteer_stage", long.key)),
            ("stage errors", at("volunteer_stage", long.key), send_empty),
            ("decline", at("volunteer_decline", long.key)),
            ("induction", at("volunteer_induction", dbs.key)),
            ("activate refused", at("volunteer_activate", dbs.key), send_empty),
            ("details", at("volunteer_details", own.key)),
            ("check", at("volunteer_check", own.key, first.pk)),
            ("check errors", at("volunteer_check", own.key, first.pk), send_empty),
            ("references", at("volunteer_references", referred.key)),
            ("references none", at("volunteer_references", new.key)),
            ("references errors", at("volunteer_references", new.key), send_empty),
            ("roles", at("volunteer_roles")),
            ("role new errors", at("volunteer_role_new"), send_empty),
            ("role edit", at("volunteer_role_edit", mine.pk)),
            ("requirement new errors", at("volunteer_requirement_new"), send_empty),
            ("requirement edit", at("volunteer_requirement_edit", need.pk)),
            ("coordinator pause", at("volunteer_pause", own.key)),
            ("coordinator leave", at("volunteer_leave", own.key)),
        ],
    )
    problems += look_at(
        visit(volunteer),
        [
            ("me", at("volunteer_me")),
            ("me edit", at("volunteer_me_edit", own.key)),
            ("away errors", at("volunteer_absence_new", own.key), send_empty),
            ("pause", at("volunteer_pause", own.key)),
            ("leave", at("volunteer_leave", own.key)),
        ],
    )
    problems += look_at(visit(coordinator), [("me none", at("volunteer_me"))])
    assert not problems, "\n".join(["", *problems])


def link_in(mail: Message) -> str:
    found = re.search(r"https?://[^/]+(/volunteers/\S+|/invitation\S*)", mail.text)
    assert found, mail.text
    return found[1]


def last(kind: str, to: str = "") -> Message:
    mails = Message.objects.filter(kind=kind)
    return (mails.filter(to=to) if to else mails).latest("pk")


def type_day(page: Page, label: str, day: dt.date) -> None:
    page.get_by_label(label).fill(f"{day:%-d %-m %Y}")


def test_from_applying_to_being_active(
    visit: Visit, role: VolunteerRole, practice: Workplace, coordinator: User
) -> None:
    """An applicant on a phone, two referees, and the coordinator; and everybody knows where it stands."""
    anybody = visit(width=390)
    anybody.goto(at("home"))
    anybody.locator("footer").get_by_role("link", name="Volunteer", exact=True).click()
    anybody.get_by_label("A surgery’s name, or your postcode").fill("maltings")
    anybody.get_by_role("button", name="Find a place").click()
    anybody.get_by_role("link", name="Apply at The Maltings Surgery").click()
    anybody.get_by_label("Your full name").fill("Ines Prado")
    anybody.get_by_label("Your e-mail address").fill("ines@example.test")
    anybody.get_by_label("Your date of birth").fill("4 5 2015")
    anybody.get_by_label("Volunteer link worker").check()
    anybody.get_by_label("Why would you like to volunteer?").fill("My mother was helped.")
    anybody.get_by_label("Tuesday morning").check()
    anybody.get_by_label("I can give at least six months").check()
    for number in (1, 2):
        part = anybody.get_by_role("group", name=f"{'First' if number == 1 else 'Second'} person who knows you")
        part.get_by_label("Their name").fill(f"Referee {number}")
        part.get_by_label("Their e-mail address").fill(f"referee{number}@example.test")
    anybody.get_by_role("button", name="Send the application").click()
    expect(anybody.get_by_role("link", name="Your date of birth Thank you for wanting to help.")).to_be_visible()
    anybody.get_by_label("Your date of birth").fill("4 5 1971")
    anybody.get_by_role("button", name="Send the application").click()
    expect(anybody.get_by_role("heading", name="Thank you")).to_be_visible()
    own = link_in(last("volunteer-applied"))
    anybody.goto(own)
    expect(anybody.get_by_role("heading", name="Your application is here")).to_be_visible()

    page = visit(coordinator)
    page.goto(at("volunteer_list"))
    page.get_by_role("link", name="Ines Prado").click()
    page.get_by_role("link", name="Invite them to talk").click()
    page.get_by_label("Day").fill(f"{timezone.localdate() + 3 * DAY:%Y-%m-%d}")
    page.get_by_label("Time").fill("14:30")
    page.get_by_label("Where").fill("Room 4")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("with the time for their calendar")).to_be_visible()
    anybody.goto(own)
    expect(anybody.get_by_text("14:30, Room 4")).to_be_visible()

    page.get_by_role("link", name="Go on to the references").click()
    page.get_by_role("button", name="Move").click()
    for number in (1, 2):
        referee = visit()
        referee.goto(link_in(last("volunteer-reference", f"referee{number}@example.test")))
        referee.get_by_label("One to five years").check()
        referee.get_by_label("How do you know them?").fill("The choir.")
        for question in ("Do you have any concern", "Would you recommend"):
            wanted = "No" if "concern" in question else "Yes"
            referee.get_by_role("group", name=question).get_by_label(wanted, exact=True).check()
        referee.get_by_role("button", name="Send my answers").click()
        expect(referee.get_by_role("heading", name="Thank you")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Read the references").click()
    expect(page.get_by_text("The choir.").first).to_be_visible()
    page.get_by_role("button", name="The references are in order").click()
    page.get_by_role("link", name="Go on to the DBS check").click()
    page.get_by_role("button", name="Move").click()
    page.get_by_role("link", name="Record the DBS check").click()
    page.get_by_label("In order", exact=True).check()
    type_day(page, "On which day was it done?", timezone.localdate() - 3 * DAY)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Offer the induction").click()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way: they open their account")).to_be_visible()

    invited = visit(width=390)
    found = re.search(r"https?://[^/]+(/\S+)", last("invitation").text)
    assert found
    invited.goto(found[1])
    invited.get_by_label("Choose a password").fill("otter lantern meadow")
    invited.locator("main form .btn-primary").click()
    page.reload()
    page.get_by_role("link", name="Record: Induction").click()
    page.get_by_label("In order", exact=True).check()
    type_day(page, "On which day was it done?", timezone.localdate())
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Make them active").click()
    page.get_by_role("button", name="Make active").click()
    expect(page.get_by_text("is active. Welcome!")).to_be_visible()
    assert Volunteer.objects.get().stage == Stage.ACTIVE
    assert last("volunteer-welcome").to == "ines@example.test"
    anybody.goto(own)
    expect(anybody.get_by_role("heading", name="You are a volunteer")).to_be_visible()


def test_a_volunteer_takes_a_break_and_comes_back_without_javascript(
    visit: Visit, role: VolunteerRole, volunteer: User, coordinator: User
) -> None:
    own = volunteer_of(volunteer)
    clear(own, role)
    page = visit(volunteer, javascript=False, width=390)
    page.goto(at("volunteer_me"))
    page.get_by_role("link", name="Note days away").click()
    page.get_by_label("First day away").fill(f"{timezone.localdate() + DAY:%Y-%m-%d}")
    page.get_by_label("Last day away").fill(f"{timezone.localdate() + DAY:%Y-%m-%d}")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="I can come after all").click()
    page.get_by_role("link", name="Take a break").click()
    page.get_by_role("button", name="Pause from today").click()
    page.get_by_role("button", name="I am back").click()
    expect(page.get_by_text("Welcome back.")).to_be_visible()
    page.get_by_role("link", name="Leave").click()
    page.get_by_label("What was best?").fill("The tea.")
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_text("the door stays open", exact=False).first).to_be_visible()
    page.get_by_role("button", name="I would like to come back").click()
    expect(page.get_by_role("button", name="I would like to come back")).to_have_count(0)
    assert Volunteer.objects.get().stage == Stage.INDUCTION
