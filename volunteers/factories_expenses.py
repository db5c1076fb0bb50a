"""Claims, lines, receipts and rates for tests: each valid, with nothing a test did not ask for."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from members.models import StoredFile, User
from volunteers.actions.expenses import save_line
from volunteers.factories import ClinicFactory, ClinicSessionFactory, ShiftFactory, VolunteerFactory, in_london
from volunteers.models import ExpenseClaim, ExpenseLine, MileageRate, PaymentList, Receipt, Shift, Vehicle, Volunteer

NEW_RATES = dt.date(2026, 4, 6)


class MileageRateFactory(DjangoModelFactory[MileageRate]):
    """A car's rate from 6 April 2026: 40p to 10,000 miles and 20p from then on, made up."""

    class Meta:
        model = MileageRate

    vehicle = Vehicle.CAR
    from_date = NEW_RATES
    pence_per_mile = Decimal(40)
    after_miles = factory.LazyAttribute(lambda made: 10_000 if made.vehicle == Vehicle.CAR else None)
    pence_after = factory.LazyAttribute(lambda made: Decimal(20) if made.vehicle == Vehicle.CAR else None)
    source = "Made up for a test"


class ExpenseClaimFactory(DjangoModelFactory[ExpenseClaim]):
    """A draft without lines. `state=` brings the facts that go with it; `decided_by=` is who decided and paid."""

    class Meta:
        model = ExpenseClaim

    class Params:
        decider = factory.LazyFunction(lambda: VolunteerFactory(user__name="Ada Decider").user)

    volunteer = factory.SubFactory(VolunteerFactory)
    claimant = factory.SelfAttribute("volunteer.user")
    state = ExpenseClaim.State.DRAFT
    sent_at = factory.LazyAttribute(lambda made: None if made.state == "draft" else timezone.now())
    decided_at = factory.LazyAttribute(lambda made: None if made.state in ("draft", "sent") else timezone.now())
    decided_by = factory.LazyAttribute(lambda made: None if made.state in ("draft", "sent") else made.decider)
    answer = factory.LazyAttribute(lambda made: "Which train?" if made.state in ("returned", "declined") else "")
    paid_at = factory.LazyAttribute(lambda made: timezone.now() if made.state == "paid" else None)
    paid_by = factory.LazyAttribute(lambda made: made.decided_by if made.state == "paid" else None)
    payment_list = factory.LazyAttribute(
        lambda made: PaymentListFactory(workplace=made.volunteer.workplace) if made.state == "paid" else None
    )


class ExpenseLineFactory(DjangoModelFactory[ExpenseLine]):
    """£4.20 for a bus yesterday, on the way to a training; the claim's total grows by it."""

    class Meta:
        model = ExpenseLine

    claim = factory.SubFactory(ExpenseClaimFactory)
    on = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=1))
    kind = ExpenseLine.Kind.TRANSPORT
    reason = "A training"
    amount = Decimal("4.20")

    @classmethod
    def _create(cls, model_class: type[ExpenseLine], *args: Any, **kwargs: Any) -> ExpenseLine:
        line = super()._create(model_class, *args, **kwargs)
        line.claim.total += line.amount
        line.claim.save(update_fields=["total"])
        return line


class PaymentListFactory(DjangoModelFactory[PaymentList]):
    class Meta:
        model = PaymentList

    workplace = factory.LazyFunction(lambda: VolunteerFactory().workplace)
    made_by = factory.LazyFunction(lambda: VolunteerFactory().user)


def photo(size: tuple[int, int] = (60, 90), kind: str = "JPEG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "white").save(written, kind)
    return written.getvalue()


def keep_receipt(line: ExpenseLine, *, name: str = "ticket.jpg", by: User | None = None) -> Receipt:
    file = StoredFile.keep(name=name, content_type="image/jpeg", content=photo(), by=by or line.claim.claimant)
    return Receipt.objects.create(line=line, file=file)


def journey(claim: ExpenseClaim, miles: str, *, on: dt.date | None = None, **more: Any) -> ExpenseLine:
    """A journey by car whose amount is not worked out yet."""
    facts = {"kind": ExpenseLine.Kind.MILEAGE, "miles": Decimal(miles), "vehicle": Vehicle.CAR, "amount": Decimal(0)}
    facts |= {"on": on} if on else {}
    return ExpenseLineFactory.create(claim=claim, **facts, **more)


def worked_shift(volunteer: Volunteer, *, days: int = -1, **more: Any) -> Shift:
    """A shift that is over, so many days from today."""
    role = volunteer.roles.first()
    clinic = ClinicFactory(practice=volunteer.workplace, **({"role": role} if role else {}))
    session = ClinicSessionFactory(clinic=clinic, starts_at=in_london(days=days))
    return ShiftFactory.create(session=session, volunteer=volunteer, **more)


def yesterday(days: int = 1) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def add(claim: ExpenseClaim, *, files: Any = (), **facts: Any) -> ExpenseLine:
    """A bus fare of yesterday on the way to a training, with whatever is told otherwise, written by its volunteer."""
    usual = {"on": yesterday(), "kind": ExpenseLine.Kind.TRANSPORT, "amount": Decimal("4.20"), "reason": "A training"}
    return save_line(claim, None, facts=usual | facts, files=files, by=claim.claimant)


def drive(claim: ExpenseClaim, miles: str, **facts: Any) -> ExpenseLine:
    journey = {"kind": ExpenseLine.Kind.MILEAGE, "amount": Decimal(0), "miles": Decimal(miles), "vehicle": Vehicle.CAR}
    return add(claim, **journey | facts)
