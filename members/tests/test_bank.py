"""Bank files taken in: whose payment each line is, and that each is recorded once, whoever presses when."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from linkworkers.actions import Refused
from members.actions import bank
from members.actions.invoices import balance_of, credit
from members.bank_file import Unreadable
from members.bank_matching import Sure, invoice_numbers, match_all, one_edit_apart
from members.factories import EmployerFactory, MembershipFactory
from members.factories_money import invoiced, taken
from members.models import BankFile, BankLine, Invoice, Payment, User
from referrals.tests.race import race


def matched(file: BankFile) -> list[tuple[Sure, str]]:
    matches = match_all(list(file.lines.waiting()))
    return [(match.sure, match.invoice.number if match.invoice else "") for match in matches]


@pytest.mark.django_db
def test_a_reference_is_found_however_it_is_written(admin: User) -> None:
    invoice = invoiced("Priya Shah")
    membership = MembershipFactory(number="M1234566")
    theirs = invoiced("Somebody", membership=membership)
    file = taken(
        admin,
        ("P SHAH INV-00001", "45.00"),
        ("inv 000 01 thank you", "1.00"),
        ("ref:Inv00001/FEES", "45.00"),
        ("ＩＮＶ－００００１", "45.00"),
        ("INV-00001 12345678", "45.00"),
        ("FEES m123 4566", "45.00"),
        ("SMITH-M1234566", "45.00"),
        ("INV-00001 AND INV-00002", "90.00"),
        ("INV-00099", "45.00"),
        ("M1234567", "3.00"),
    )
    exact = (Sure.EXACT, invoice.number)
    assert matched(file) == [
        *[exact] * 5,
        *[(Sure.EXACT, theirs.number)] * 2,
        (Sure.UNKNOWN, ""),
        (Sure.UNKNOWN, ""),
        (Sure.UNKNOWN, ""),
    ]


@pytest.mark.django_db
def test_a_mistyped_reference_or_a_name_is_likely_only_with_the_very_amount(admin: User) -> None:
    for number in range(1, 12):
        invoiced("Somebody Else", f"{number}.11")
    hers = invoiced("Zoë Müller-Ng")
    trust = invoiced("Hertfordshire Community NHS Trust", "290.00", membership=EmployerFactory())
    file = taken(
        admin,
        ("INV-00021", "45.00"),  # 12 mistyped
        ("INV-0012", "45.00"),
        ("NIV-00012", "45.00"),
        ("INV-00021", "44.00"),
        ("MS Z NG", "45.00"),
        ("ZOE NG FEES", "45.00"),
        ("NG", "45.00"),
        ("HERTFORDSHIRE COMM", "290.00"),
        ("HERTFORDSHIRE COMM", "289.00"),
    )
    likely = (Sure.LIKELY, hers.number)
    assert matched(file) == [
        likely,
        likely,
        likely,
        (Sure.UNKNOWN, ""),
        likely,
        likely,
        (Sure.UNKNOWN, ""),
        (Sure.LIKELY, trust.number),
        (Sure.UNKNOWN, ""),
    ]


@pytest.mark.django_db
def test_two_invoices_that_fit_as_well_are_left_to_a_person(admin: User) -> None:
    first, second = invoiced("Priya Shah"), invoiced("Priya Shah")
    file = taken(admin, ("MISS P SHAH", "45.00"))
    [match] = match_all(list(file.lines.waiting()))
    assert match.sure == Sure.UNKNOWN
    assert first.number in match.why
    assert second.number in match.why


@pytest.mark.django_db
def test_a_membership_with_two_invoices_pays_the_one_of_the_amount(admin: User) -> None:
    membership = MembershipFactory(number="M1234566")
    small = invoiced("Priya", "10.00", membership=membership)
    invoiced("Priya", "45.00", membership=membership)
    file = taken(admin, ("M1234566", "10.00"), ("M1234566", "11.00"))
    assert matched(file) == [(Sure.EXACT, small.number), (Sure.UNKNOWN, "")]


@pytest.mark.django_db
def test_lines_are_taken_in_once_and_known_again_in_the_next_file(admin: User) -> None:
    invoice = invoiced("Priya Shah", "90.00")
    row = ("INV-00001", "45.00")
    first = taken(admin, row, row)
    assert bank.choose({each.pk: invoice.pk for each in first.lines.all()}, by=admin) == 2
    assert bank.choose({each.pk: invoice.pk for each in first.lines.all()}, by=admin) == 0
    assert bank.take_in() == bank.Taken(recorded=2, refused=0, left=0)
    assert bank.take_in().recorded == 0
    second = taken(admin, row, row, row, ("RENT", "-500.00"), name="december.csv")
    assert (second.lines.count(), second.repeated.count(), second.outgoing) == (1, 2, 1)
    assert balance_of(invoice) == 0
    assert Payment.objects.filter(method="transfer", recorded_by=admin).count() == 2


@pytest.mark.django_db
def test_a_line_that_cannot_be_a_payment_waits_again_and_says_why(admin: User) -> None:
    invoice = invoiced("Priya Shah")
    content = b"Date,Details,Amount\n05/11/2016,INV-00001,45.00\n"
    line = bank.read_file(name="old.csv", content=content, by=admin).lines.get()
    bank.choose({line.pk: invoice.pk}, by=admin)
    assert bank.take_in() == bank.Taken(recorded=0, refused=1, left=0)
    line.refresh_from_db()
    assert "two years ago" in line.problem
    assert BankLine.objects.waiting().get() == line


@pytest.mark.django_db
def test_what_is_left_at_the_end_of_a_request_is_taken_in_later(admin: User) -> None:
    invoice = invoiced("Priya Shah")
    file = taken(admin, ("INV-00001", "45.00"))
    bank.choose({file.lines.get().pk: invoice.pk}, by=admin)
    assert bank.take_in(seconds=0).left == 1
    assert bank.take_in().recorded == 1


@pytest.mark.django_db
def test_a_line_is_set_aside_with_a_reason_and_a_file_goes_only_while_nothing_came_of_it(admin: User) -> None:
    invoice = invoiced("Priya Shah")
    file = taken(admin, ("HMRC", "12.00"), ("INV-00001", "45.00"))
    hmrc, hers = file.lines.all()
    bank.set_aside(hmrc, reason="Gift Aid", by=admin)
    assert list(BankLine.objects.waiting()) == [hers]
    later = taken(admin, ("HMRC", "12.00"), name="later.csv")
    with pytest.raises(Refused, match="later file"):
        bank.forget(file, by=admin)
    bank.forget(later, by=admin)
    bank.choose({hers.pk: invoice.pk, hmrc.pk: invoice.pk}, by=admin)
    bank.take_in()
    with pytest.raises(Refused, match="has to stay"):
        bank.forget(file, by=admin)
    with pytest.raises(Refused, match="placed"):
        bank.set_aside(hers, reason="No", by=admin)
    assert BankFile.objects.get() == file


@pytest.mark.django_db
def test_a_bad_file_leaves_nothing_behind_and_only_the_office_takes_in(admin: User, member: User) -> None:
    with pytest.raises(Unreadable):
        bank.read_file(name="a.csv", content=b"Date,Details,Amount\n05/11/2026,x,1\nx\n", by=admin)
    assert not BankFile.objects.exists()
    file = taken(admin, ("HMRC", "12.00"))
    for act in (
        partial(taken, member, ("x", "1.00")),
        partial(bank.choose, {}, by=member),
        partial(bank.set_aside, file.lines.get(), reason="x", by=member),
        partial(bank.forget, file, by=member),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_record_each_payment_once(admin: User) -> None:
    invoice = invoiced("Priya Shah", "100.00")
    file = taken(admin, ("INV-00001 A", "10.00"), ("INV-00001 B", "20.00"), ("INV-00001 C", "30.00"))
    bank.choose({each.pk: invoice.pk for each in file.lines.all()}, by=admin)
    done = race(Invoice.objects.filter(pk=invoice.pk), bank.take_in, bank.take_in)
    assert sum(each.recorded for each in done) == 3, done
    assert balance_of(invoice) == Decimal("40.00")


@pytest.mark.django_db(transaction=True)
def test_the_same_file_read_twice_at_once_has_each_line_once(admin: User) -> None:
    def read(turn: int) -> None:
        taken(admin, *((f"INV-00001 {number}", "10.00") for number in range(50)))
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(read, range(4)))
    assert BankLine.objects.count() == 50
    assert sorted(file.lines.count() + file.repeated.count() for file in BankFile.objects.all()) == [50] * 4


@pytest.mark.django_db
def test_a_paid_invoice_is_still_what_its_reference_names(admin: User) -> None:
    invoice = invoiced("Priya Shah")
    credit(invoice, reason="Not wanted.", by=admin)
    [match] = match_all(list(taken(admin, ("INV-00001", "45.00")).lines.all()))
    assert (match.sure, match.difference) == (Sure.EXACT, Decimal("-45.00"))


@given(st.text(alphabet="AB12", min_size=1, max_size=6), st.text(alphabet="AB12", max_size=6))
def test_one_slip_is_told_from_two(one: str, other: str) -> None:
    """Compared with every word that one slip makes."""
    near = {one}
    for at in range(len(one) + 1):
        near |= {one[:at] + letter + one[at:] for letter in "AB12"}
        near |= {one[:at] + one[at + 1 :]}
        near |= {one[:at] + letter + one[at + 1 :] for letter in "AB12" if at < len(one)}
        if at + 1 < len(one):
            near.add(one[:at] + one[at + 1] + one[at] + one[at + 2 :])
    assert one_edit_apart(one, other) == (other in near)


@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    assert all(number.startswith("INV-") for number in invoice_numbers(text))
