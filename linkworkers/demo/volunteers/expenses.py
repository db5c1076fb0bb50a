"""What volunteering cost the demo's volunteer, in each state a claim can be in, and rates for the demo's year."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from linkworkers.demo import DOMAIN
from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from linkworkers.pictures import clean_picture
from linkworkers.uploads import Upload
from members.models import User
from volunteers.actions import expenses
from volunteers.models import ExpenseClaim, ExpenseLine, MileageRate, PaymentList, Shift, Vehicle, Volunteer

SOURCE = "An example for this demo, not a real rate: the office enters HMRC’s own figures"
FROM = dt.date(2026, 4, 6)
RATES: list[tuple[Vehicle, str, int | None, str | None]] = [
    (Vehicle.CAR, "45", 10_000, "25"),
    (Vehicle.MOTORCYCLE, "24", None, None),
    (Vehicle.BICYCLE, "20", None, None),
    (Vehicle.PASSENGER, "5", None, None),
]
State, Kind = ExpenseClaim.State, ExpenseLine.Kind
# A claim each, the oldest first, with what was written back.
CLAIMS = [
    (State.PAID, ""),
    (State.APPROVED, ""),
    (State.DECLINED, "The taxi was shared with Yusuf, who claimed it. Nothing is lost: it is in his claim."),
    (State.RETURNED, "Which car park was this? Then I can say yes at once."),
    (State.SENT, ""),
    (State.DRAFT, ""),
]


def build(world: World, clock: Clock) -> None:
    """Nothing where the demo has no volunteer, coordinator or shifts."""
    _enter_rates()
    helper = Volunteer.objects.filter(user__email=f"volunteer{DOMAIN}").select_related("user").first()
    coordinator = User.objects.filter(email=f"coordinator{DOMAIN}").first()
    if helper is None or helper.user is None or coordinator is None:
        return
    worked = Shift.objects.worked().filter(volunteer=helper).order_by("starts_at")
    by_day = {timezone.localdate(shift.starts_at): shift for shift in worked}
    shifts = list(by_day.values())[-len(CLAIMS) - 1 : -1]  # the last one is left, to be claimed for
    for (state, answer), shift in zip(CLAIMS, shifts, strict=False):
        _claim(helper, helper.user, shift, state, answer, coordinator, clock)


def _enter_rates() -> None:
    for vehicle, pence, after, pence_after in RATES:
        MileageRate.objects.get_or_create(
            vehicle=vehicle,
            from_date=FROM,
            defaults={
                "pence_per_mile": Decimal(pence),
                "after_miles": after,
                "pence_after": Decimal(pence_after) if pence_after else None,
                "source": SOURCE,
            },
        )


def _claim(
    helper: Volunteer, user: User, shift: Shift, state: str, answer: str, coordinator: User, clock: Clock
) -> None:
    claim = expenses.start(helper, by=user)
    day = timezone.localdate(shift.starts_at)
    journey = {"from_place": "Home, Sandridge", "to_place": "The Maltings", "miles": Decimal("7.2"), "vehicle": "car"}
    _line(claim, user, on=day, kind=Kind.MILEAGE, **journey)
    paper = Upload("car-park.jpg", "image/jpeg", receipt(day, "5.60"))
    _line(claim, user, files=[paper], on=day, kind=Kind.PARKING, amount=Decimal("5.60"))
    sent = min(shift.ends_at + dt.timedelta(days=1), clock.now)
    decided = min(sent + dt.timedelta(days=2), clock.now)
    facts: dict[str, Any] = {"created_at": shift.ends_at, "state": state, "answer": answer}
    if state != State.DRAFT:
        facts["sent_at"] = sent
    if state not in (State.DRAFT, State.SENT):
        facts |= {"decided_at": decided, "decided_by": coordinator}
    if state == State.PAID:
        paid = PaymentList.objects.create(
            workplace=helper.workplace, made_by=coordinator, made_at=decided, paid_by=coordinator, paid_at=decided
        )
        facts |= {"payment_list": paid, "paid_at": decided, "paid_by": coordinator}
    ExpenseClaim.objects.filter(pk=claim.pk).update(**facts)


def _line(claim: ExpenseClaim, user: User, files: Any = (), **facts: Any) -> None:
    expenses.save_line(claim, None, facts=facts, files=files, by=user)


def receipt(day: dt.date, amount: str) -> bytes:
    """A ticket as a telephone takes it."""
    picture = Image.new("RGB", (480, 640), "#efe9dc")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 40, 440, 600), fill="white")
    lines = [
        ("DRUMSTICK YARD", 34),
        ("car park", 26),
        (f"{day:%d %m %Y}   08:47", 26),
        ("4 hours", 26),
        (f"£{amount}", 56),
    ]
    top = 90
    for text, size in lines:
        draw.text((240, top), text, fill="#222", font=ImageFont.load_default(size), anchor="ma")
        top += size + 48
    written = io.BytesIO()
    picture.save(written, "PNG")
    return clean_picture(written.getvalue())
