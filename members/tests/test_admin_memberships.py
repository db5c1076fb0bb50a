"""The office's pages of memberships: finding, deciding, putting right, taking home."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.actions import applications
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, UserFactory, WorkplaceFactory, make_term
from members.models import Association, Invoice, Membership, Plan, Region, Seat, Status, Term, Workplace

pytestmark = pytest.mark.django_db

LIST = "admin:members_membership_changelist"
TODAY = timezone.localdate


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def ago(days: int) -> dt.date:
    return TODAY() - dt.timedelta(days=days)


def page(name: str, *args: object) -> str:
    return reverse(f"admin:members_membership_{name}", args=args)


def found(office, **asked: str) -> set[Membership]:
    return set(office.get(reverse(LIST), asked).context["cl"].queryset)


def ended(days: int, **facts: object) -> Membership:
    """Whose last day was so many days ago."""
    return MembershipFactory(term__start=ago(days + 364), term__days=365, **facts)


@pytest.fixture
def student(db):
    return PlanFactory(key="student-of-tests", needs_approval=True, price=0, asks="Where?")


def test_each_status_is_told_and_found(office, member, student):
    own = member.membership
    grace, lapsed = ended(10), ended(200)
    cancelled = ended(10)
    Membership.objects.filter(pk=cancelled.pk).update(cancelled_on=ago(20))
    waits = MembershipFactory(plan=student, term=False)
    paid = PlanFactory(key="paid-one", price=36)
    applied = MembershipFactory(plan=paid, term=False)
    given = MembershipFactory(plan=PlanFactory(key="honorary"), term=False, applied_at=None)
    make_term(given, start=ago(3))
    Term.objects.filter(membership=given).update(end_date=dt.date.max)
    assert found(office, status="current") == {own, given}
    assert found(office, status="grace") == {grace}
    assert found(office, status="lapsed") == {lapsed}
    assert found(office, status="cancelled") == {cancelled}
    assert found(office, status="applied") == {waits, applied}
    assert found(office, status="waits") == {waits}
    assert len(found(office, status="nonsense")) == 7
    shown = office.get(reverse(LIST)).content.decode()
    for words in ("In grace", "Lapsed", "Cancelled", "Waits for our yes", "For life"):
        assert words in shown


def test_filters_combine_into_one_address(office, member):
    right = EmployerFactory(region=Region.NORTH_EAST, term__start=ago(370), term__days=365)
    EmployerFactory(region=Region.LONDON, term__start=ago(370), term__days=365)
    EmployerFactory(region=Region.NORTH_EAST)
    ended(5, region=Region.NORTH_EAST)
    assert found(office, status="grace", audience="employer", region="north_east") == {right}
    assert found(office, region="none") == set(Membership.objects.filter(region=""))
    assert found(office, plan="free", audience="person", status="current") == {member.membership}


def test_ends_joined_unpaid_and_seats_are_found(office, member, admin):
    soon = MembershipFactory(term__start=ago(345), term__days=365)
    Term.objects.filter(membership__in=[soon, member.membership]).update(reason=Term.Reason.JOINED)
    assert found(office, ends="30") == {soon}
    assert found(office, joined="quarter") == {member.membership}
    assert member.membership in found(office, joined="year")
    guest = MembershipFactory(term=False)
    employer = EmployerFactory()
    Seat.objects.create(
        membership=employer,
        member=guest,
        email=guest.user.email,
        token_hash="x",
        expires_at=timezone.now(),
        accepted_at=timezone.now(),
    )
    assert found(office, seat="yes") == {guest}
    assert found(office, joined="quarter") == {member.membership, guest, employer}
    assert employer not in found(office, seat="no")
    buyer = applications.join(plan=PlanFactory(key="paid-one", price=36), user=UserFactory(), by=admin)
    assert found(office, invoices="unpaid") == {buyer}
    assert found(office, invoices="overdue") == set()


def test_people_and_employers_are_searched(office, member):
    trust = EmployerFactory(organization_name="Tyne Trust")
    assert found(office, q=member.membership.number) == {member.membership}
    assert found(office, q="yusuf") == {member.membership}
    assert found(office, q="tyne") == {trust}
    assert found(office, q=trust.contact.email) == {trust}
    assert found(office, q="nobody") == set()
    assert office.get(reverse(LIST), {"q": "nobody\x00"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_no_more_for_more_rows(office, rows, django_assert_max_num_queries):
    for _ in range(rows):
        EmployerFactory()
        MembershipFactory()
    office.get("/admin/")
    with django_assert_max_num_queries(9):
        answer = office.get(reverse(LIST), {"status": "current", "region": "none"})
    assert len(answer.context["cl"].result_list) == min(50, rows * 2)


def test_the_questions_of_every_week_are_one_click(office, member):
    shown = office.get(reverse(LIST), {"status": "grace"})
    assert [preset["label"] for preset in shown.context["presets"] if preset["here"]] == ["In grace"]
    for preset in shown.context["presets"]:
        assert office.get(f"{reverse(LIST)}?{preset['query']}").status_code == 200


class TestThePageOfOne:
    def test_shows_what_there_is_and_only_the_address_is_typed(self, office, admin, member):
        membership = member.membership
        shown = office.get(page("change", membership.pk)).content.decode()
        for words in (membership.number, "Yusuf Rahman", "Free membership", "Joined", "East of England"):
            assert words in shown
        typed = {"region": "london", "billing_address": "1 High Street", "purchase_order": "PO1", "answer": "Hello"}
        empty = {f"{prefix}-{which}_FORMS": 0 for prefix in ("terms", "invoices") for which in ("TOTAL", "INITIAL")}
        office.post(page("change", membership.pk), typed | empty | {"number": "M0000000", "seats": 9, "plan": 1})
        kept = Membership.objects.get(pk=membership.pk)
        assert (kept.region, kept.purchase_order, kept.number) == ("london", "PO1", membership.number)
        event = AuditEvent.objects.get(verb="membership.corrected")
        assert (event.facts["region"], event.actor_id) == (["east", "london"], admin.pk)

    def test_offers_what_can_be_done(self, office, member, student):
        def offered(membership):
            shown = office.get(page("change", membership.pk)).context["actions_detail"]
            return {each["title"] for each in shown}

        waits = MembershipFactory(plan=student, term=False)
        assert offered(waits) == {"Say yes", "Say no", "Cancel the membership"}
        assert offered(member.membership) == {"Remind now", "Renew", "Give a term", "Cancel the membership"}
        Membership.objects.filter(pk=member.membership.pk).update(cancelled_on=TODAY())
        assert offered(member.membership) == {"Give a term", "Take the cancellation back"}

    def test_nothing_happens_by_looking(self, office, member, student):
        waits = MembershipFactory(plan=student, term=False)
        before = list(Membership.objects.values())
        for step in ("approve", "decline", "remind", "renew", "cancel", "resume"):
            assert office.get(page(step, waits.pk)).status_code == 200
        assert list(Membership.objects.values()) == before

    def test_of_nobody_leads_back(self, office):
        assert office.get(page("approve", 4711)).status_code == 302

    def test_asks_no_more_for_more_seats(self, office, django_assert_max_num_queries):
        employer = EmployerFactory()
        for number in range(30):
            Seat.objects.create(
                membership=employer, email=f"{number}@x.test", token_hash=str(number), expires_at=timezone.now()
            )
        office.get("/admin/")
        with django_assert_max_num_queries(16):
            assert office.get(page("change", employer.pk)).status_code == 200


class TestDeciding:
    def test_yes_to_an_employer_opens_its_workplace(self, office, admin):
        plan = PlanFactory(key="for-employers", employer=True, needs_approval=True)
        waits = EmployerFactory(plan=plan, term=False, organization_name="Tyne Trust")
        trust = WorkplaceFactory(kind=Workplace.Kind.EMPLOYER, name="Tyne Trust", parent=None)
        form = office.get(page("approve", waits.pk)).context["form"]
        assert form.initial["workplace"] == trust
        answer = office.post(page("approve", waits.pk), {"workplace": trust.pk}, follow=True)
        assert "Yes to" in answer.content.decode()
        waits.refresh_from_db()
        assert (waits.workplace, waits.approved_by) == (trust, admin)
        assert Invoice.objects.get().membership == waits
        again = office.post(page("approve", waits.pk), {"workplace": ""}).content.decode()
        assert "somebody has made it already" in again

    def test_no_needs_a_reason(self, office, student):
        waits = MembershipFactory(plan=student, term=False)
        assert "Say why not" in office.post(page("decline", waits.pk), {"reason": " "}).content.decode()
        office.post(page("decline", waits.pk), {"reason": "Only for students."})
        waits.refresh_from_db()
        assert waits.cancel_reason == "Only for students."
        assert "Only for students." in Message.objects.get().text

    def test_many_at_once_are_told_one_by_one(self, office, student, member):
        waits = MembershipFactory(plan=student, term=False)
        rows = [waits.pk, member.membership.pk]
        said = office.post(reverse(LIST), {"action": "approve_all", "_selected_action": rows}, follow=True)
        text = said.content.decode()
        assert f"{waits}: yes." in text
        assert "does not wait for a decision" in text
        assert Membership.objects.get(pk=waits.pk).status_today == Status.CURRENT

    def test_not_all_the_world_at_once(self, office, student, monkeypatch):
        monkeypatch.setattr("members.admin.deciding.MOST_AT_ONCE", 1)
        waits = [MembershipFactory(plan=student, term=False).pk for _ in range(2)]
        said = office.post(reverse(LIST), {"action": "approve_all", "_selected_action": waits}, follow=True)
        assert "Nothing was done: tick 1 at most" in said.content.decode()
        assert not Term.objects.exists()


class TestRenewingGivingAndCancelling:
    def test_a_free_plan_is_renewed_at_once_and_a_paid_one_by_invoice(self, office):
        free, dear = ended(5), ended(5)
        paid = PlanFactory(key="paid-one", price=36)
        office.post(page("renew", free.pk), {"plan": free.plan_id})
        free.refresh_from_db()
        assert free.status_today == Status.CURRENT
        said = office.post(page("renew", dear.pk), {"plan": paid.pk}, follow=True).content.decode()
        assert f"Invoice {Invoice.objects.get()} went to" in said

    def test_what_is_refused_is_told_with_what_was_typed(self, office, member):
        said = office.post(page("renew", member.membership.pk), {"plan": member.membership.plan_id})
        assert "You can renew it from" in said.content.decode()

    def test_a_term_is_given_to_anybody(self, office, member):
        somebody = UserFactory(name="Ada Lord")
        honorary, _ = Plan.objects.get_or_create(key="honorary", defaults={"name": "Honorary", "months": None})
        said = office.post(page("give"), {"user": somebody.pk, "plan": honorary.pk, "region": ""}, follow=True)
        assert "until for life" in said.content.decode()
        assert somebody.membership.for_life
        assert "Choose a person." in office.post(page("give"), {"user": "", "plan": ""}).content.decode()
        asked = office.get(page("give"), {"user": member.pk}).content.decode()
        assert "Yusuf Rahman" in asked
        assert office.get(page("give"), {"user": "x\x00"}).status_code == 200
        assert office.post(page("give"), {"user": "²"}).status_code == 200

    def test_what_was_given_does_not_wait_for_a_yes_when_it_has_ended(self, office, member, student):
        Term.objects.all().delete()
        make_term(member.membership, start=ago(900))
        office.post(page("give"), {"user": member.pk, "plan": student.pk, "region": "wales"})
        Term.objects.filter(reason=Term.Reason.GIVEN).update(start_date=ago(400), end_date=ago(100))
        membership = Membership.objects.get(pk=member.membership.pk)
        assert (membership.plan, membership.region, membership.waits_for_approval) == (student, "wales", False)
        assert found(office, status="waits") == set()

    def test_a_cancelled_one_goes_on_again(self, office, member):
        office.post(page("cancel", member.membership.pk), {"reason": "Moved away"})
        membership = Membership.objects.get(pk=member.membership.pk)
        assert (membership.cancelled_on, membership.cancel_reason) == (TODAY(), "Moved away")
        office.post(page("resume", membership.pk), {"answered": "yes"})
        assert Membership.objects.get(pk=membership.pk).cancelled_on is None

    def test_a_reminder_is_sent(self, office):
        late = ended(5)
        assert (
            "is on its way" in office.post(page("remind", late.pk), {"answered": "yes"}, follow=True).content.decode()
        )


class TestTheSheet:
    def take(self, office, which: int, **asked: str):
        return office.post(f"{page('export')}?{'&'.join(f'{k}={v}' for k, v in asked.items())}", {"format": str(which)})

    def test_has_exactly_the_rows_that_were_asked_for(self, office, admin, member):
        evil = ended(5, user=UserFactory(name='=HYPERLINK("http://x")'))
        EmployerFactory(organization_name="Tyne Trust")
        sheet = self.take(office, 0, status="grace").content.decode()
        head, *rows = sheet.splitlines()
        assert head.startswith("\ufeffnumber,name,email")
        assert len(rows) == 1
        assert evil.number in rows[0]
        assert "\"'=HYPERLINK" in rows[0]
        assert "In grace" in rows[0]
        assert len(self.take(office, 0).content.decode().splitlines()) == 4
        event = AuditEvent.objects.filter(verb="memberships.exported").earliest("pk")
        assert (event.facts, event.actor_id) == ({"rows": 1, "filters": "status=grace"}, admin.pk)

    def test_is_a_workbook_if_wanted(self, office, member):
        answer = self.take(office, 1)
        assert answer.content.startswith(b"PK")
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")

    def test_asks_no_more_for_more_rows(self, office, django_assert_max_num_queries):
        for _ in range(20):
            EmployerFactory()
            MembershipFactory()
        self.take(office, 0)
        with django_assert_max_num_queries(9):
            self.take(office, 0)


class TestPlansAndTheAssociation:
    def test_a_change_of_price_or_grace_leaves_a_trace(self, office):
        plan = PlanFactory(key="paid-one", price=36)
        url = reverse("admin:members_plan_change", args=[plan.pk])
        form = office.get(url).context["adminform"].form
        typed = {name: form.initial.get(name) for name in form.fields if form.initial.get(name) is not None} | {
            "price": "40",
            "grace_days": "45",
        }
        assert office.post(url, typed).status_code == 302
        facts = AuditEvent.objects.get(verb="plan.changed").facts
        assert facts == {"price": ["36.00", "40"], "grace_days": [30, 45]}

    def test_a_plan_that_somebody_has_is_not_deleted(self, office, member):
        url = reverse("admin:members_plan_delete", args=[member.membership.plan_id])
        assert office.post(url, {"post": "yes"}).status_code == 403

    def test_there_is_one_association(self, office):
        url = reverse("admin:members_association_changelist")
        assert office.get(url).url == reverse("admin:members_association_change", args=[Association.ONLY])
        assert office.get(reverse("admin:members_association_add")).status_code == 403


def test_a_number_that_is_taken_is_drawn_again(member, monkeypatch):
    drawn = iter([member.membership.number, "M1234566"])
    monkeypatch.setattr("members.models.membership.new_number", lambda: next(drawn))
    made = Membership(user=UserFactory(), plan=member.membership.plan, number=member.membership.number)
    made.save()
    assert made.number == "M1234566"
