"""What members of the demo have not paid yet, and a bank's file in which the office finds two of the payments."""

import datetime as dt

from linkworkers.demo.clock import Clock
from linkworkers.demo.correspondence import mark_as_sent
from linkworkers.demo.places import World
from members.actions import bank, memberships
from members.models import Invoice, Membership

STATEMENT = "statement-of-this-week.csv"
OWING = 3  # members who have asked to renew


def build(world: World, clock: Clock) -> None:
    """A few who renew and have not paid, and a bank's file that names one invoice, mistypes another, and knows none."""
    admin = world.people["admin"]
    soon = clock.today + dt.timedelta(days=80)
    due = Membership.objects.filter(plan__key="individual", cancelled_on=None, ends_on__range=(clock.today, soon))
    invoices = [
        invoice
        for membership in due.select_related("plan").order_by("ends_on", "pk")[:OWING]
        if isinstance(invoice := memberships.renew(membership, by=admin), Invoice)
    ]
    bank.read_file(name=STATEMENT, content=statement(invoices, clock.today).encode(), by=admin)
    mark_as_sent(clock.ago(1, 11))


def statement(invoices: list[Invoice], today: dt.date) -> str:
    """A CSV as banks give it: an exact reference, a mistyped one, somebody's gift, and money that went out."""
    exact, mistyped = invoices[0], invoices[1]
    slip = mistyped.number.replace("0", "", 1)
    day = f"{today - dt.timedelta(days=1):%d %b %Y}"
    rows = [
        ("Date", "Transaction type", "Description", "Paid out", "Paid in"),
        (day, "Bank credit", f"{exact.bill_to.upper()} {exact.number}", "", f"£{exact.total}"),
        (day, "Bank credit", f"{mistyped.bill_to.upper()} {slip}", "", f"£{mistyped.total}"),
        (day, "Bank credit", "WITH THANKS", "", "£25.00"),
        (day, "Direct debit", "HALL HIRE", "£120.00", ""),
    ]
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"
