"""Miles into pounds: dates, tax years, the 10,000 miles, and to the penny."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteers.factories_expenses import MileageRateFactory
from volunteers.mileage import Rates, price, rates_missing, tax_year, tax_year_label
from volunteers.models import MileageRate, Vehicle

CAR = MileageRate(vehicle="car", pence_per_mile=Decimal(45), after_miles=10_000, pence_after=Decimal(25))
PASSENGER = MileageRate(vehicle="passenger", pence_per_mile=Decimal(5))
BICYCLE = MileageRate(vehicle="bicycle", pence_per_mile=Decimal(20))


def worth(miles: str, used: str = "0", **more: object) -> Decimal:
    return price(miles=Decimal(miles), rate=CAR, used=Decimal(used), **more).amount  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2026, 4, 5), 2025),
        (dt.date(2026, 4, 6), 2026),
        (dt.date(2026, 1, 1), 2025),
        (dt.date(2026, 12, 31), 2026),
        (dt.date(2024, 2, 29), 2023),
    ],
)
def test_a_tax_year_begins_on_the_sixth_of_april(day: dt.date, year: int) -> None:
    assert tax_year(day) == year
    assert tax_year_label(2026) == "6 April 2026 to 5 April 2027"


@pytest.mark.parametrize(
    ("miles", "used", "pounds"),
    [
        ("10", "0", "4.50"),
        ("10", "9990", "4.50"),
        ("10", "9995", "3.50"),
        ("10", "10000", "2.50"),
        ("10", "12000", "2.50"),
        ("0.1", "0", "0.05"),  # 4.5p: a half goes up
        ("0.3", "0", "0.14"),  # 13.5p
        ("12.3", "0", "5.54"),  # 553.5p
        ("12000", "0", "5000.00"),
    ],
)
def test_miles_are_at_the_second_rate_beyond_ten_thousand(miles: str, used: str, pounds: str) -> None:
    assert worth(miles, used) == Decimal(pounds)


def test_a_line_that_crosses_says_so_in_words() -> None:
    found = price(miles=Decimal("20"), rate=CAR, used=Decimal("9988"))
    assert (found.amount, found.first_rate_miles) == (Decimal("7.40"), Decimal(12))
    assert found.words == (
        "12 miles at 45p, and 8 miles at 25p. "
        "This goes past 10,000 miles in the tax year, from where each mile is paid less"
    )
    assert price(miles=Decimal("6.40"), rate=CAR, used=Decimal(0)).words == "6.4 miles at 45p"


def test_each_passenger_counts_for_the_miles_with_them() -> None:
    found = price(
        miles=Decimal(10),
        rate=CAR,
        used=Decimal(0),
        passengers=2,
        passenger_miles=Decimal("8.5"),
        passenger_rate=PASSENGER,
    )
    assert found.amount == Decimal("5.35")
    assert found.words == "10 miles at 45p, and 2 passengers for 8.5 miles at 5p"


def test_a_bicycle_has_one_rate() -> None:
    assert price(miles=Decimal(10), rate=BICYCLE, used=Decimal(20_000)).amount == Decimal("2.00")


TENTHS = st.integers(1, 150_000).map(lambda tenths: Decimal(tenths) / 10)


@given(st.lists(TENTHS, min_size=1, max_size=12), st.integers(0, 12_000).map(Decimal))
def test_however_miles_are_cut_each_is_paid_once_and_no_penny_is_lost(journeys: list[Decimal], used: Decimal) -> None:
    """Priced one after the other: first-rate miles never exceed what was left, and each line is within half a penny of
    its exact worth, so that a whole year is within half a penny a line.
    """
    left, total, first_miles = used, Decimal(0), Decimal(0)
    for miles in journeys:
        found = price(miles=miles, rate=CAR, used=left)
        exact = (found.first_rate_miles * 45 + (miles - found.first_rate_miles) * 25) / 100
        assert abs(found.amount - exact) <= Decimal("0.005")
        assert found.amount == found.amount.quantize(Decimal("0.01"))
        left += found.first_rate_miles
        first_miles += found.first_rate_miles
        total += found.amount
    whole = price(miles=sum(journeys, Decimal(0)), rate=CAR, used=used)
    assert first_miles == whole.first_rate_miles <= max(Decimal(0), 10_000 - used)
    assert abs(total - whole.amount) <= Decimal("0.005") * (len(journeys) + 1)


@pytest.mark.django_db
def test_hmrc_s_rates_are_there_until_the_fifth_of_april_and_none_after() -> None:
    rates = Rates.all()
    last, after = dt.date(2026, 4, 5), dt.date(2026, 4, 6)
    found = {vehicle: rates.on(last, vehicle) for vehicle in Vehicle}
    assert {vehicle.value: rate.pence_per_mile for vehicle, rate in found.items() if rate} == {
        "car": 45,
        "motorcycle": 24,
        "bicycle": 20,
        "passenger": 5,
    }
    car = found[Vehicle.CAR]
    assert car is not None
    assert (car.after_miles, car.pence_after) == (10_000, 25)
    assert all("HMRC" in rate.source for rate in found.values() if rate)
    assert not any(rates.on(after, vehicle) for vehicle in Vehicle)
    assert len(rates_missing()) == 4


@pytest.mark.django_db
def test_a_rate_that_the_office_enters_counts_from_its_day() -> None:
    MileageRateFactory(pence_per_mile=Decimal("46.5"))
    found = Rates.all().on(dt.date(2026, 4, 6), "car")
    assert found is not None
    assert found.pence_per_mile == Decimal("46.5")
    assert "Car or van" not in rates_missing()
