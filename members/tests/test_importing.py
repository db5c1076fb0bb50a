"""Members taken over from a sheet: looked at row by row, then taken in whole, once."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from linkworkers.spreadsheets import Unreadable
from members.actions import importing
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, UserFactory
from members.intake import Outcome
from members.models import FOREVER, Association, Membership, Status, Term, User, Workplace
from referrals.tests.race import race

HEADER = "name,email,plan,region,joined on,paid until,number,employer\n"
GOOD = "Ada Lord,ADA@example.test,Individual membership,North East,1/4/2020,31/3/2099,OLD-1,Tyne Trust\n"
TRUST = "Bo Marsh,bo@example.test,employer,London,01/04/2024,31/03/2099,,Thames Trust\n"
URL = "admin:members_membership_take_members_in"

pytestmark = pytest.mark.django_db


def look(rows: str, by: User, header: str = HEADER):
    return importing.look((header + rows).encode(), name="members.csv", by=by)


def wrong(rows: str, by: User) -> list[tuple[int, str]]:
    key, checked = look(rows, by)
    assert key == ""
    return [(problem.number, problem.text) for problem in checked.problems]


def test_looking_tells_what_would_happen_and_does_nothing(admin, member):
    UserFactory(email="here@example.test")
    kept = member.membership
    ends = f"{kept.ends_on:%d/%m/%Y}"
    rows = [
        GOOD,
        "Hana,here@example.test,free,,1/4/2020,31/3/2099,,\n",
        f"Yusuf,{member.email},free,,1/4/2020,{ends},,\n",
        TRUST,
    ]
    key, checked = look("".join(rows), admin)
    assert key
    assert [entry.outcome for entry in checked.entries] == [Outcome.NEW, Outcome.JOINS, Outcome.KEPT, Outcome.NEW]
    assert (Membership.objects.count(), Message.objects.count()) == (1, 0)
    _, other = look(f"Yusuf,{member.email},individual,,1/4/2020,{ends},,\n" + GOOD, admin)
    assert (other.entries[0].outcome, other.entries[0].note[:8]) == (Outcome.DIFFERS, kept.number)


def test_taking_in_makes_accounts_memberships_and_terms(admin, django_assert_max_num_queries):
    key, _ = look(GOOD + TRUST, admin)
    with django_assert_max_num_queries(40):
        importing.take_in(key, invite=False, by=admin)
    ada = Membership.objects.get(user__email="ada@example.test")
    assert (ada.user.name, ada.region, ada.plan.key) == ("Ada Lord", "north_east", "individual")
    assert ada.answer == "Old number: OLD-1\nOrganisation: Tyne Trust"
    assert ada.status_today == Status.CURRENT
    term = ada.terms.get()
    assert (term.start_date, term.end_date, term.reason) == (
        dt.date(2020, 4, 1),
        dt.date(2099, 3, 31),
        Term.Reason.IMPORTED,
    )
    trust = Membership.objects.get(organization_name="Thames Trust")
    assert (trust.contact.email, trust.seats, trust.terms.get().seats) == ("bo@example.test", 10, 10)
    assert trust.workplace == Workplace.objects.get(name="Thames Trust", kind="employer")
    assert not ada.user.has_usable_password()
    assert EmailAddress.objects.get(user=ada.user).verified is False
    assert Message.objects.count() == 0
    events = {event.verb: event for event in AuditEvent.objects.all()}
    assert events["members.imported"].facts["memberships"] == 2
    assert AuditEvent.objects.get(verb="membership.imported", subject_id=str(ada.pk)).facts["row"] == 2


def test_old_years_lapse_and_life_has_no_end(admin):
    rows = "Old,old@x.test,free,,1/4/2019,31/3/2020,,\nHon,hon@x.test,Honorary membership,,29/02/2020,,,\n"
    key, _ = look(rows, admin)
    old, hon = importing.take_in(key, invite=False, by=admin)
    old.refresh_from_db()
    hon.refresh_from_db()
    assert old.status_today == Status.LAPSED
    assert (hon.status_today, hon.ends_on) == (Status.CURRENT, FOREVER)
    assert list(Membership.objects.with_status().values_list("status", flat=True))  # no day past Python's last


def test_an_employer_with_a_workplace_gets_it(admin, employer):
    key, _ = look(f"Bo,bo@x.test,employer,,1/4/2024,31/3/2099,,{employer.name}\n", admin)
    [made] = importing.take_in(key, invite=False, by=admin)
    assert made.workplace == employer


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",a@x.test,free,,1/4/2020,1/4/2021,,", "There is no name. If cells were merged, fill it in"),
        ("A,,free,,1/4/2020,1/4/2021,,", "There is no email"),
        ("A,a@x.test,,,1/4/2020,1/4/2021,,", "There is no plan"),
        ("A,nobody,free,,1/4/2020,1/4/2021,,", "“nobody” is no e-mail address"),
        ("A,a@x.test,Indivdual,,1/4/2020,1/4/2021,,", "Did you mean Individual membership?"),
        ("A,a@x.test,zzz,,1/4/2020,1/4/2021,,", "Write one of: Free membership, Individual membership"),
        ("A,a@x.test,free,Nort East,1/4/2020,1/4/2021,,", "Did you mean North East?"),
        ("A,a@x.test,free,,1/4/2020,31/3/2020,,", "is before they joined"),
        ("A,a@x.test,free,,29/02/2023,1/4/2024,,", "“29/02/2023” is no day"),
        ("A,a@x.test,free,,04/13/2023,1/4/2024,,", "“04/13/2023” is no day"),
        ("A,a@x.test,free,,1/4/20,1/4/2024,,", "day, month and year in full"),
        ("A,a@x.test,free,,1/4/2199,1/4/2199,,", "still to come"),
        ("A,a@x.test,free,,1/4/1066,1/4/2024,,", "Check the year"),
        ("A,a@x.test,free,,1/4/2020,1/4/9999,,", "Check the year"),
        ("A,a@x.test,free,,1/4/2020,,,", "Write the last day that is paid for"),
        ("A,a@x.test,honorary,,1/4/2020,1/4/2021,,", "is for life"),
        ("A,a@x.test,employer,,1/4/2020,1/4/2021,,", "Write the organisation"),
        ("A,a@x.test,free,,1/4/2020", "There are 5 cells for 8 columns"),
        (f"{'A' * 151},a@x.test,free,,1/4/2020,1/4/2021,,", "more than 150"),
    ],
)
def test_what_is_wrong_is_told_with_the_row_and_the_file_refused_whole(admin, row, said):
    found = wrong(GOOD + row + "\n", admin)
    assert {number for number, _ in found} == {3}
    assert any(said in text for _, text in found), found


def test_twice_in_a_file_is_told_with_both_rows(admin):
    again = GOOD.replace("ADA", "ada")
    assert wrong(GOOD + again, admin) == [(3, "Row 2 has this e-mail address too. Take one of the two out.")]
    assert wrong(TRUST + TRUST.replace("bo@", "x@"), admin)[0][1].startswith("Row 2 has this organisation too")


def test_a_closed_account_is_told(admin):
    UserFactory(email="ada@example.test", is_active=False)
    assert "is closed" in wrong(GOOD, admin)[0][1]


def test_a_file_of_members_only_has_nothing_to_take_in(admin, member):
    key, checked = look(f"Y,{member.email},free,,1/4/2020,{member.membership.ends_on:%d/%m/%Y},,\n", admin)
    assert (key, checked.problems) == ("", [])


def test_who_is_invited_gets_one_link_that_opens_the_account(admin):
    UserFactory(email="here@example.test")
    key, _ = look(GOOD + "Hana,here@example.test,free,,1/4/2020,31/3/2099,,\n", admin)
    importing.take_in(key, invite=True, by=admin)
    mail = Message.objects.get()
    assert (mail.to, mail.secret) == ("ada@example.test", True)
    path = re.search(r"https?://[^/]+(/\S*password/reset/key/\S+)", mail.text)[1]
    browser = Client()
    form = browser.get(path, follow=True)
    done = browser.post(
        form.redirect_chain[-1][0], {"password1": "nine grey geese away", "password2": "nine grey geese away"}
    )
    assert done.status_code == 302
    assert EmailAddress.objects.get(email="ada@example.test").verified
    assert User.objects.get(email="ada@example.test").check_password("nine grey geese away")


def test_only_the_office_may(admin, manager):
    with pytest.raises(PermissionDenied):
        look(GOOD, manager)
    key, _ = look(GOOD, admin)
    with pytest.raises(PermissionDenied):
        importing.take_in(key, invite=False, by=manager)


@pytest.mark.parametrize("key", ["", "nothing", "members-import:made-up", "other:key"])
def test_a_key_that_was_made_up_takes_in_nothing(admin, key):
    cache.set("other:key", {"rows": [], "name": "", "seen": ""})
    with pytest.raises(Refused):
        importing.take_in(key, invite=False, by=admin)


def test_what_changed_since_it_was_looked_at_is_told(admin):
    key, _ = look(GOOD, admin)
    MembershipFactory(user=UserFactory(email="ada@example.test"))
    with pytest.raises(Refused, match="since you looked"):
        importing.take_in(key, invite=False, by=admin)


def test_an_employer_that_is_here_stays_as_it_is(admin):
    EmployerFactory(organization_name="thames trust")
    _, checked = look(TRUST + GOOD, admin)
    assert checked.entries[0].outcome == Outcome.DIFFERS


@pytest.mark.parametrize("rows", ["", "nothing\n"])
def test_a_file_without_members_cannot_be_read(admin, rows):
    with pytest.raises(Unreadable):
        importing.look(rows.encode(), name="x.csv", by=admin)


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_import_once(admin):
    Association.get()
    PlanFactory(key="individual", name="Individual membership", price=36)
    PlanFactory(key="employer", employer=True, seats_included=10)
    key, _ = look(GOOD + TRUST, admin)
    other, _ = look(GOOD + TRUST, admin)  # the same file, chosen by a colleague
    first, second, third = race(
        Association.objects.all(),
        lambda: importing.take_in(key, invite=True, by=admin),
        lambda: importing.take_in(key, invite=True, by=admin),
        lambda: importing.take_in(other, invite=True, by=admin),
    )
    assert len(first) == 2
    assert "taken in already" in str(second)
    assert "since you looked" in str(third)
    assert (Membership.objects.count(), Term.objects.count(), Message.objects.count()) == (2, 2, 2)


def test_thousands_are_taken_in_with_few_queries(admin, django_assert_max_num_queries):
    rows = "".join(f"Person {n},p{n}@x.test,free,,1/4/2020,31/3/2099,,\n" for n in range(1500))
    key, _ = look(rows, admin)
    with django_assert_max_num_queries(60):
        importing.take_in(key, invite=False, by=admin)
    assert Membership.objects.in_force().count() == 1500


class TestThePage:
    def send(self, client, rows: str):
        file = SimpleUploadedFile("members.csv", (HEADER + rows).encode("cp1252"), content_type="text/csv")
        return client.post(reverse(URL), {"file": file})

    def test_refuses_shows_and_takes_in(self, client, admin):
        client.force_login(admin)
        assert "The columns" in client.get(reverse(URL)).content.decode()
        refused = self.send(client, GOOD + "Zoë,z@x.test,free,,31/2/2020,1/1/2099,,\n").content.decode()
        assert "1 row to put right" in refused
        assert "31/2/2020" in refused
        seen = self.send(client, GOOD + "Zoë,z@x.test,free,,28/2/2020,1/1/2099,,\n")
        text = seen.content.decode()
        assert "A new account: 2" in text
        assert "Windows text" in text
        typed = {"key": seen.context["take_in"].initial["key"]}
        done = client.post(reverse(URL), typed, follow=True).content.decode()
        assert "2 memberships were taken in." in done
        assert User.objects.filter(name="Zoë").exists()
        assert "taken in already" in client.post(reverse(URL), typed, follow=True).content.decode()
        assert Membership.objects.count() == 2

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [("a.csv", b"PK\x03\x04", "is not CSV"), ("a.xlsx", b"PK", "We cannot take .xlsx"), ("a.csv", b"", "empty")],
    )
    def test_says_what_is_wrong_with_the_file(self, client, admin, name, content, said):
        client.force_login(admin)
        answer = client.post(reverse(URL), {"file": SimpleUploadedFile(name, content)})
        assert said in answer.content.decode()

    def test_needs_a_file(self, client, admin):
        client.force_login(admin)
        assert "Choose a file." in client.post(reverse(URL), {}).content.decode()
