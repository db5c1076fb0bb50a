"""The open data: the count beneath the page numbers is exact."""

import threading
import uuid
from collections.abc import Callable
from random import Random

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from directory.factories import LocationFactory, ServiceFactory
from directory.models import Location, Organization, PageTally, Service, ServiceAtLocation

KINDS = PageTally.Kind


def tallied(kind: str) -> int:
    return PageTally.objects.filter(kind=kind).aggregate(all=Sum("change"))["all"] or 0


def check_tallies() -> None:
    """Each byte's count is that of the rows themselves."""
    public = ServiceAtLocation.objects.filter(location__confidential=False)
    for kind, rows in ((KINDS.SERVICE, Service.objects.all()), (KINDS.SERVICE_AT_LOCATION, public)):
        counted: dict[int, int] = {}
        for pk in rows.values_list("pk", flat=True):
            counted[pk.bytes[0]] = counted.get(pk.bytes[0], 0) + 1
        lines = PageTally.objects.filter(kind=kind).values_list("prefix").annotate(sum=Sum("change"))
        assert {prefix: count for prefix, count in lines if count} == counted


def some_change(random: Random) -> None:
    """One of all that moves a count, on rows that happen to be there."""
    services, locations = list(Service.objects.all()), list(Location.objects.all())
    places = list(ServiceAtLocation.objects.all())
    match random.randrange(12):
        case 0 | 1:
            ServiceFactory(pk=uuid.UUID(int=random.getrandbits(128)))
        case 2 | 3:
            LocationFactory(pk=uuid.UUID(int=random.getrandbits(128)), confidential=random.random() < 0.4)
        case 4 | 9 | 10 | 11 if services and locations:
            ServiceAtLocation.objects.get_or_create(service=random.choice(services), location=random.choice(locations))
        case 5 if places and locations:
            place, location = random.choice(places), random.choice(locations)
            if not ServiceAtLocation.objects.filter(service=place.service_id, location=location).exists():
                ServiceAtLocation.objects.filter(pk=place.pk).update(location=location)
        case 6 if locations:
            Location.objects.filter(pk=random.choice(locations).pk).update(confidential=random.random() < 0.5)
        case 7 if services:
            random.choice(services).delete()
        case 8 if locations:
            random.choice(locations).delete()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_the_count_is_exact_whatever_comes_and_goes(seed: int) -> None:
    random, most = Random(seed), 0
    for number in range(120):
        some_change(random)
        most = max(most, tallied(KINDS.SERVICE_AT_LOCATION))
        if number % 20 == 0:
            check_tallies()
            PageTally.objects.compact()
    check_tallies()
    assert most > 2  # otherwise there was nothing to count


@pytest.mark.django_db
def test_many_at_once_are_counted_each() -> None:
    organization = Organization.objects.create(name="A")
    made = [Service(organization=organization, name=f"{n}", slug=f"{n}") for n in range(700)]
    Service.objects.bulk_create(made)
    locations = Location.objects.bulk_create([Location(name=f"{n}") for n in range(700)])
    ServiceAtLocation.objects.bulk_create(
        [ServiceAtLocation(service=s, location=at) for s, at in zip(made, locations, strict=True)]
    )
    check_tallies()
    Location.objects.filter(pk__in=[each.pk for each in locations[:300]]).update(confidential=True)
    check_tallies()
    assert tallied(KINDS.SERVICE_AT_LOCATION) == 400


@pytest.mark.django_db
def test_adding_up_leaves_a_line_for_each_byte_and_the_same_count() -> None:
    for _ in range(40):
        ServiceFactory()
    before = tallied(KINDS.SERVICE)
    PageTally.objects.compact()
    PageTally.objects.compact()
    assert tallied(KINDS.SERVICE) == before == 40
    assert PageTally.objects.count() == len({pk.bytes[0] for pk in Service.objects.values_list("pk", flat=True)})


def at_once(*works: Callable[[], object]) -> None:
    """Runs each in a thread and a connection of its own; what one raises, this raises."""
    raised: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if raised:
        raise raised[0]


@pytest.mark.django_db(transaction=True)
def test_writers_and_whoever_adds_up_do_not_lose_a_line_between_them() -> None:
    organization = Organization.objects.create(name="A")
    stop = threading.Event()

    def write(number: int) -> None:
        for each in range(25):
            Service.objects.create(organization=organization, name="A", slug=f"{number}-{each}")
        if number == 0:
            Service.objects.filter(slug__startswith="0-1").delete()

    def add_up() -> None:
        while not stop.wait(0.01):
            PageTally.objects.compact()

    adding = threading.Thread(target=lambda: (add_up(), connection.close()))
    adding.start()
    at_once(*(lambda number=number: write(number) for number in range(3)))
    stop.set()
    adding.join(60)
    PageTally.objects.compact()
    check_tallies()
    assert tallied(KINDS.SERVICE) == Service.objects.count() == 75 - 11


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hidden_first", [True, False])
@pytest.mark.parametrize("comes", [True, False])
def test_a_place_that_is_hidden_while_a_service_comes_or_goes_is_counted_once(hidden_first: bool, comes: bool) -> None:
    location, service = LocationFactory(), ServiceFactory()
    if not comes:
        ServiceAtLocation.objects.create(service=service, location=location)
    first_is_done, second_has_begun = threading.Event(), threading.Event()

    def hide() -> None:
        Location.objects.filter(pk=location.pk).update(confidential=True)

    def come_or_go() -> None:
        if comes:
            ServiceAtLocation.objects.create(service=service, location=location)
        else:
            ServiceAtLocation.objects.filter(service=service).delete()

    def first() -> None:
        with transaction.atomic():
            (hide if hidden_first else come_or_go)()
            first_is_done.set()
            second_has_begun.wait(10)
            threading.Event().wait(0.3)  # the second is now waiting for this transaction, or has gone past it

    def second() -> None:
        first_is_done.wait(10)
        second_has_begun.set()
        (come_or_go if hidden_first else hide)()

    at_once(first, second)
    check_tallies()
