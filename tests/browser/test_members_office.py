"""The office's pages of memberships at both widths, and its week."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linkworkers.audit.models import AuditEvent
from members.actions import applications
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, PostFactory, UserFactory
from members.models import Association, Membership, Payment, Plan, Region, Seat, Term, User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "name,email,plan,region,joined on,paid until,number,employer\n"
ADA = "Ada Lord,ada@example.test,Individual membership,North East,1/4/2020,31/3/2099,OLD-1,\n"
LIST = "admin:members_membership_changelist"


def approved(admin: User, **facts: object) -> Membership:
    return EmployerFactory(approved_at=timezone.now(), approved_by=admin, **facts)


def ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.fixture
def plans() -> dict[str, Plan]:
    """What is offered; the tables are empty in a browser's test."""
    Association.get()
    return {
        "free": PlanFactory(key="free", name="Free membership"),
        "individual": PlanFactory(key="individual", name="Individual membership", price=36),
        "employer": PlanFactory(
            key="employer", name="Employer membership", employer=True, seats_included=10, needs_approval=True
        ),
    }


@pytest.fixture
def association_at_work(plans: dict[str, Plan], employer: Workplace, admin: User) -> Membership:
    """A year of joining, renewing and lapsing, with each status and the words that break layouts."""
    regions = list(Region)
    for number in range(36):
        start = ago(number * 11 + 40)
        MembershipFactory(
            plan=plans["free"] if number % 3 else plans["individual"],
            region=regions[number % 12],
            term__start=start,
            term__days=365 if number % 4 else 120,
        )
    for number in range(12):
        Payment.objects.create(
            number=f"R{number}", received_on=ago(30 * number), amount=36 * (number % 5 + 1), method="transfer"
        )
    long = UserFactory(name=UNBROKEN[:150], email=f"{'a' * 64}@{'b' * 60}.example.test")
    MembershipFactory(user=long, plan=plans["free"], region=Region.YORKSHIRE)
    waits = EmployerFactory(
        plan=plans["employer"],
        organization_name="Tyne and Wear Community Health Alliance of Neighbourhoods",
        seats=12,
        term=False,
    )
    Membership.objects.filter(pk=waits.pk).update(answer="Six link workers at three practices. " * 8)
    trust = approved(admin, plan=plans["employer"], region=Region.NORTH_EAST, workplace=employer, seats=10)
    for number in range(4):
        Seat.objects.create(
            membership=trust,
            email=f"colleague-{number}@example.test",
            token_hash=str(number),
            expires_at=timezone.now() + dt.timedelta(days=number - 1),
        )
    return trust


def test_pages_of_the_office_about_members(visit: Visit, admin: User, association_at_work: Membership) -> None:
    page = visit(admin)
    trust, waits = association_at_work, Membership.objects.get(organization_name__startswith="Tyne")
    person = Membership.objects.filter(user__isnull=False, invoices=None).earliest("pk")
    paid = applications.join(plan=Plan.objects.get(key="individual"), user=UserFactory(), by=admin)
    keep = UserFactory(name="Ada Lord", email="ada@work.test")
    drop = UserFactory(name="A. Lord", email="ada@home.test")
    MembershipFactory(user=keep)
    MembershipFactory(user=drop)
    PostFactory(user=drop)

    def send(page: Page) -> None:
        page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })")
        page.locator("#content form[method=post] button[type=submit]").last.click()
        page.get_by_role("alert").wait_for()

    def open_numbers(page: Page) -> None:
        for summary in page.locator(".chart-numbers summary").all():
            summary.click()

    def send_file(text: str, wanted: str):
        def act(page: Page) -> None:
            choose(page, text)
            page.get_by_text(wanted).first.wait_for()

        return act

    def filters(page: Page) -> None:
        page.locator("a:has-text('Filters')").first.click()
        page.get_by_role("button", name="Apply Filters").wait_for()

    wrong = ADA + "".join(f"N,n{n}@x.test,Indivdual,Nort East,31/2/2024,{UNBROKEN},,\n" for n in range(3))
    problems = look_at(
        page,
        [
            ("office overview", at("admin:index")),
            ("office overview numbers", at("admin:index"), open_numbers),
            ("office memberships", at(LIST)),
            ("office memberships filters", at(LIST), filters),
            ("office memberships nobody", f"{at(LIST)}?status=cancelled"),
            ("office membership of a person", at("admin:members_membership_change", person.pk)),
            ("office membership with an invoice", at("admin:members_membership_change", paid.pk)),
            ("office membership of an employer", at("admin:members_membership_change", trust.pk)),
            ("office membership waits", at("admin:members_membership_change", waits.pk)),
            ("office approve", at("admin:members_membership_approve", waits.pk)),
            ("office decline errors", at("admin:members_membership_decline", waits.pk), send),
            ("office renew", at("admin:members_membership_renew", trust.pk)),
            ("office remind", at("admin:members_membership_remind", person.pk)),
            ("office cancel", at("admin:members_membership_cancel", person.pk)),
            ("office give errors", at("admin:members_membership_give"), send),
            ("office export", at("admin:members_membership_export")),
            ("office import", at("admin:members_membership_take_members_in")),
            ("office import refused", at("admin:members_membership_take_members_in"), send_file(wrong, "put right")),
            ("office import seen", at("admin:members_membership_take_members_in"), send_file(ADA, "What would")),
            ("office merge choose", at("admin:members_user_merge")),
            ("office merge", f"{at('admin:members_user_merge')}?keep={keep.pk}&drop={drop.pk}"),
            ("office plans", at("admin:members_plan_changelist")),
            ("office plan", at("admin:members_plan_change", trust.plan_id)),
            ("office subjects empty", at("admin:members_interest_changelist")),
            ("office association", at("admin:members_association_change", 1)),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def choose(page: Page, text: str) -> None:
    file = {"name": "members.csv", "mimeType": "text/csv", "buffer": (HEADER + text).encode()}
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()


def test_the_offices_week(visit: Visit, admin: User, plans: dict[str, Plan], tmp_path: Path) -> None:
    late = approved(
        admin, plan=plans["employer"], region=Region.NORTH_EAST, organization_name="Wear Trust", term__start=ago(370)
    )
    Term.objects.filter(membership=late).update(end_date=ago(6))
    approved(admin, plan=plans["employer"], region=Region.LONDON, organization_name="Thames Trust")
    waits = EmployerFactory(plan=plans["employer"], organization_name="Tyne Alliance", term=False, seats=10)
    keep, drop = UserFactory(name="Hana Sato"), UserFactory(name="Hana S.")
    MembershipFactory(user=drop, plan=plans["free"])
    page = visit(admin)

    # Monday: somebody asks to belong.
    page.goto(at("admin:index"))
    expect(page.get_by_role("heading", name="Joined, renewed, lapsed", exact=True)).to_be_visible()
    page.get_by_role("link", name="1 application waiting for our yes").click()
    page.get_by_role("link", name=waits.number).click()
    page.get_by_role("link", name="Say yes").click()
    page.get_by_role("button", name="Say yes").click()
    expect(page.get_by_text(f"Yes to {waits}.")).to_be_visible()
    assert Workplace.objects.filter(name="Tyne Alliance").exists()

    # Tuesday: who in the North East is late, reminded and renewed.
    page.goto(at(LIST))
    page.locator("a:has-text('Filters')").first.click()
    for name, answer in (("status", "In grace"), ("audience", "Employers"), ("region", "North East")):
        page.locator(f"select[name={name}]").select_option(label=answer, force=True)
    page.get_by_role("button", name="Apply Filters").click()
    expect(page).to_have_url(re.compile("status=grace.*audience=employer.*region=north_east"))
    expect(page.locator("#result_list")).to_contain_text("Wear Trust")
    expect(page.locator("#result_list")).not_to_contain_text("Thames Trust")
    page.get_by_role("link", name=late.number).click()
    page.get_by_role("link", name="Remind now").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("is on its way")).to_be_visible()
    page.get_by_role("link", name="Renew").click()
    page.get_by_label("Seats").fill("12")
    page.get_by_role("button", name="Renew").click()
    expect(page.get_by_text("The term begins when it is paid.")).to_be_visible()

    # Wednesday: the old records, with a mistake and then right.
    page.goto(at(LIST))
    page.get_by_role("link", name="Import members").click()
    choose(page, ADA.replace("Individual", "Indivdual"))
    expect(page.get_by_text("Did you mean Individual membership?")).to_be_visible()
    choose(page, ADA)
    expect(page.get_by_text("A new account: 1")).to_be_visible()
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("1 membership was taken in.")).to_be_visible()
    assert Membership.objects.get(user__email="ada@example.test").ends_on == dt.date(2099, 3, 31)

    # Thursday: somebody is here twice.
    page.goto(at("admin:members_user_changelist"))
    for person in (keep, drop):
        page.locator(f"input.action-select[value='{person.pk}']").check()
    page.locator("select[name=action]").select_option("merge_ticked")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("heading", name=f"What moves to {keep.email}")).to_be_visible()
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_text(f"The account of {drop.email} is closed.")).to_be_visible()
    assert Membership.objects.get(user=keep).plan == plans["free"]

    # Friday: a sheet for the board, of exactly what the list shows.
    page.goto(f"{at(LIST)}?audience=employer")
    page.get_by_role("link", name="Export").click()
    page.locator("select[name=format]").select_option(label="csv")
    with page.expect_download() as download:
        page.locator("#content form button[type=submit]").click()
    download.value.save_as(tmp_path / "sheet.csv")
    lines = (tmp_path / "sheet.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3
    assert AuditEvent.objects.get(verb="memberships.exported").facts["filters"] == "audience=employer"
