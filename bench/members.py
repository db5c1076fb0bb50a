"""The association's members: what they belong to and have belonged to for five years, and what they paid."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model

from bench.made_up import DAY, MadeUp
from bench.tables import Table, last_id
from members.models import (
    Association,
    Interest,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Membership,
    NumberSeries,
    Payment,
    Plan,
    Post,
    Profile,
    Region,
    Role,
    Seat,
    Term,
    User,
    Workplace,
)
from members.models.membership import luhn
from members.models.profile import folded
from members.periods import term_end

YEARS = 5
LEAVING = 0.1  # share of those whose term ends and who do not renew
PAYING = 0.4  # share of the people
UNPAID = 0.03  # share of the invoices
SEATS = 15  # taken of each employer's
LISTED = 0.5
INTERESTS = 3
MODELS: list[type[Model]] = [  # each after those it points to
    User,
    Workplace,
    Post,
    Membership,
    Invoice,
    InvoiceLine,
    Payment,
    LedgerEntry,
    Term,
    Seat,
    Profile,
    Profile.interests.through,
]


@dataclass(frozen=True)
class MembersSize:
    people: int
    employers: int

    @classmethod
    def of(cls, people: int) -> "MembersSize":
        """20,000 people have 400 employers, a third of them a seat."""
        return cls(people, max(1, people // 50))


def write_members(cursor: Any, size: MembersSize, now: dt.datetime) -> None:
    """Add members to a database that has none, through a psycopg2 cursor and in the caller's transaction.

    The triggers stand still meanwhile: when each membership ends and who lends a seat is written by what made it up.
    Every constraint and foreign key is checked.
    """
    Association.get()
    books = _Books(now)
    books.write(size)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in books.tables.values():
        cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        table.copy(cursor)
        table.finish(cursor)
        cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
    for series in (Invoice.SERIES, Payment.SERIES):
        NumberSeries.objects.update_or_create(pk=series, defaults={"last": books.tables[Invoice].count})


def let_all_end(cursor: Any, day: dt.date) -> None:
    """Let every membership end on a day, so that all are due at once. What it was about is then no longer so."""
    cursor.execute("UPDATE members_membership SET ends_on = %s, sponsor_id = NULL, cancelled_on = NULL", [day])


class _Books:
    """Rows for the tables, put together member by member."""

    def __init__(self, now: dt.datetime) -> None:
        self.now, self.today = now, now.date()
        self.made_up = MadeUp(now)
        self.tables = {model: Table(model, after=last_id(model)) for model in MODELS}
        self.plans = {plan.key: plan for plan in Plan.objects.all()}
        self.interests = list(Interest.objects.values_list("pk", flat=True))

    def write(self, size: MembersSize) -> None:
        self._office()
        first_person = self.tables[User].next_id
        regions = [self.made_up.random.choice(Region.values) for _ in range(size.people)]
        names = [self.made_up.name() for _ in range(size.people)]
        for number, name in enumerate(names):
            self.tables[User].add(
                email=f"member-{number}@bench.invalid",
                name=name,
                password="!",
                date_joined=self.now - (YEARS * 365 + 1) * DAY,
            )
        lenders = [
            self._employer(first_person + number * (size.people // size.employers)) for number in range(size.employers)
        ]
        for number in range(size.people):
            lender = lenders[number // SEATS] if number < len(lenders) * SEATS and number < size.people // 2 else None
            self._person(first_person + number, names[number], regions[number], lender)

    def _office(self) -> None:
        place = self.tables[Workplace].add(kind=Workplace.Kind.ASSOCIATION, name="The office", region="")
        user = self.tables[User].add(
            email="office@bench.invalid", name=self.made_up.name(), password="!", date_joined=self.now
        )
        self.tables[Post].add(
            user_id=user, workplace_id=place, role=Role.ADMINISTRATOR, start_date=self.today - 365 * DAY
        )

    def _employer(self, contact: int) -> int:
        seats = self.made_up.random.randrange(SEATS, 3 * SEATS)
        name = f"{self.made_up.town()} Trust"
        region = self.made_up.random.choice(Region.values)
        return self._membership(self.plans["employer"], name, region, seats, contact_id=contact, organization_name=name)

    def _person(self, user: int, name: str, region: str, lender: int | None) -> None:
        plan = self.plans["individual" if self.made_up.happens(PAYING) else "free"]
        member = self._membership(plan, name, region, 0, user_id=user, sponsor_id=lender)
        if lender:
            self.tables[Seat].add(
                membership_id=lender,
                email=f"seat-{user}@bench.invalid",
                name=name,
                member_id=member,
                token_hash=f"seat-{user}",
                offered_at=self.made_up.ago(31, 300),
                expires_at=self.now - DAY,
                accepted_at=self.made_up.ago(1, 30),
            )
        listed = self.made_up.happens(LISTED)
        headline, about = self.made_up.text(1)[:120], self.made_up.text(4)
        profile = self.tables[Profile].add(
            user_id=user,
            key=f"bench-{user}",
            headline=headline,
            about=about,
            words=folded(f"{name} {headline} {about}"),
            is_listed=listed,
            listed_at=self.made_up.ago(1, 365) if listed else None,
            updated_at=self.now,
        )
        for interest in self.made_up.random.sample(self.interests, INTERESTS):
            self.tables[Profile.interests.through].add(profile_id=profile, interest_id=interest)

    def _membership(self, plan: Plan, holder: str, region: str, seats: int, **facts: Any) -> int:
        """A membership with its terms: it goes on year after year until it is current, or its holder leaves."""
        table = self.tables[Membership]
        key = table.next_id
        joined = start = self.made_up.ago(1, YEARS * 365).date()
        while True:
            end = term_end(start, plan.months)
            self._term(key, plan, holder, seats, start, end)
            if end >= self.today or self.made_up.happens(LEAVING):
                break
            start = end + DAY
        digits = str(100_000 + key)
        began = dt.datetime.combine(joined, dt.time(9), dt.UTC)
        return int(
            table.add(
                number=f"M{digits}{luhn(digits)}",
                plan_id=plan.pk,
                region=region,
                seats=seats,
                applied_at=began,
                created_at=began,
                ends_on=end,
                **facts,
            )
        )

    def _term(self, membership: int, plan: Plan, holder: str, seats: int, start: dt.date, end: dt.date) -> None:
        invoice = None if plan.is_free else self._invoice(membership, plan, holder, seats, start)
        self.tables[Term].add(
            membership_id=membership,
            plan_id=plan.pk,
            start_date=start,
            end_date=end,
            seats=seats,
            reason=Term.Reason.RENEWED,
            invoice_id=invoice,
            created_at=dt.datetime.combine(start - DAY, dt.time(9), dt.UTC),
        )

    def _invoice(self, membership: int, plan: Plan, holder: str, seats: int, day: dt.date) -> int:
        at, price = dt.datetime.combine(day, dt.time(9), dt.UTC), plan.price_for(seats)
        number = self.tables[Invoice].next_id
        amounts = {"net": price, "vat": Decimal(0)}
        invoice = self.tables[Invoice].add(
            number=f"INV-{number:05}",
            issued_on=day,
            due_on=day + 30 * DAY,
            membership_id=membership,
            grants=Invoice.Grants.TERM,
            plan_id=plan.pk,
            seats=seats,
            granted_at=at,
            bill_to=holder,
            email=f"bills-{membership}@bench.invalid",
            total=price,
            created_at=at,
            **amounts,
        )
        self.tables[InvoiceLine].add(
            invoice_id=invoice, description=plan.name, unit_price=price, vat_rate=plan.vat_rate, **amounts
        )
        entry = {"invoice_id": invoice, "at": at}
        self.tables[LedgerEntry].add(kind=LedgerEntry.Kind.INVOICE, amount=price, **entry)
        if not self.made_up.happens(UNPAID):
            payment = self.tables[Payment].add(
                number=f"REC-{number:05}",
                invoice_id=invoice,
                received_on=day,
                method=Payment.Method.TRANSFER,
                amount=price,
                created_at=at,
            )
            self.tables[LedgerEntry].add(kind=LedgerEntry.Kind.PAYMENT, amount=-price, payment_id=payment, **entry)
        return int(invoice)
