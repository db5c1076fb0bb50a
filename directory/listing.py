"""A listing as its page tells it: what a reader wants to know, in words and in the order they ask."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.http import urlencode

from directory import facts
from directory.models import Address, Location, Need, Phone, Schedule, Service
from directory.schedules import in_words, is_over, next_dates
from directory.search.query import Search
from linkworkers.templatetags import mailto, wait

How = Service.How
KINDS = ("phone", "email", "web")


@dataclass(frozen=True)
class Time:
    """One line of when it happens; `place` names the place where there is more than one."""

    words: str
    note: str = ""
    place: str = ""


@dataclass(frozen=True)
class Place:
    """A public place of a listing. `directions` leads to a map of another site; "" without a position."""

    name: str
    lines: tuple[str, ...]
    access: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    directions: str
    description: str = ""


@dataclass(frozen=True)
class Way:
    """One way to come into touch. `kind` is "phone", "email" or "web"; `action` is the words on a button."""

    kind: str
    url: str
    text: str
    note: str = ""
    action: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody, or a desk, who answers for it."""

    name: str
    title: str
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Listing:
    """What the page says. `ways` are in the order in which they are tried; the first is the page's main button."""

    service: Service
    times: tuple[Time, ...]
    dates: tuple[dt.datetime, ...]
    places: tuple[Place, ...]
    is_online: bool
    costs: tuple[str, ...]
    ages: str
    languages: tuple[str, ...]
    areas: str
    ways: tuple[Way, ...]
    people: tuple[Person, ...]
    needs: tuple[tuple[str, str], ...]  # label, address of a search
    alike: str  # address of a search for something like it close by

    @property
    def primary(self) -> Way | None:
        """The way that most people take: to ring, else to write, else to read their own page."""
        every = [*self.ways, *(way for person in self.people for way in person.ways)]
        return min(every, key=lambda way: KINDS.index(way.kind), default=None)

    @property
    def checked(self) -> str:
        return checked_in_words(self.service)


def describe(service: Service) -> Listing:
    """The page's words for a service that `whole.fetch_whole` fetched. Asks the database for nothing."""
    schedules = facts.schedules(service)
    places = tuple(_places(service))
    ways = tuple(_ways(service))
    needs = facts.needs(service)
    return Listing(
        service=service,
        times=tuple(_times(service)),
        dates=tuple(next_dates(schedules, 3)) if service.status == Service.Status.ACTIVE else (),
        places=places,
        is_online=facts.is_online(service),
        costs=tuple(dict.fromkeys(filter(None, (*map(facts.price, facts.current_costs(service)), service.fees)))),
        ages=ages_in_words(service.minimum_age, service.maximum_age),
        languages=tuple(sorted({each.name or each.code for each in service.languages.all()} - {""})),
        areas=facts.areas_in_words(service),
        ways=ways,
        people=tuple(_people(service)),
        needs=tuple((str(Need(need).label), Search(need=(need,), near=_near(service)).url) for need in needs),
        alike=Search(need=tuple(needs[:1]), near=_near(service), q="" if needs else service.name[:60]).url,
    )


def checked_in_words(service: Service) -> str:
    """ "Checked 9 days ago: a link worker rang". By whom is told by what they are, never by name."""
    if service.assured_date is None:
        return "Not checked yet"
    today = service.assured_date == timezone.localdate()
    ago = "today" if today else f"{wait(service.assured_date)} ago"
    words: dict[str, str] = {
        How.RANG: "a link worker rang",
        How.VISITED: "a link worker visited",
        How.OWNER: "the people who run it said so",
        How.FEED: "from their own open data",
    }
    return ": ".join(filter(None, (f"Checked {ago}", words.get(service.assured_how))))


def ages_in_words(youngest: float | None, oldest: float | None) -> str:
    """ "18 and over", "11 to 25", "Up to 25"; "" for everybody."""
    if youngest and oldest is not None:
        return f"{youngest:g} to {oldest:g}" if youngest != oldest else f"{youngest:g}"
    if youngest:
        return f"{youngest:g} and over"
    return f"Up to {oldest:g}" if oldest is not None else ""


def _times(service: Service) -> Iterator[Time]:
    at = [place for place in service.service_at_locations.all() if not place.location.confidential]
    for schedule in service.schedules.all():
        yield from _time(schedule)
    for place in at:
        for schedule in place.schedules.all():
            yield from _time(schedule, facts.place_in_words(place.location) if len(at) > 1 else "")


def _time(schedule: Schedule, place: str = "") -> Iterator[Time]:
    words = in_words(schedule)
    if words and not is_over(schedule):
        yield Time(words, schedule.notes, place)


def _places(service: Service) -> Iterator[Place]:
    for location in facts.public_locations(service):
        if location.location_type == Location.Type.VIRTUAL:
            continue
        addresses = list(location.addresses.all())
        known = facts.position(location)
        if not (known or addresses or location.name):
            continue
        yield Place(
            name=location.name,
            lines=_lines(addresses[0], location.name) if addresses else (),
            access=tuple(_access(location)),
            latitude=location.latitude if known else None,
            longitude=location.longitude if known else None,
            directions=_directions(location, addresses),
            description=location.description,
        )


def _lines(address: Address, name: str) -> tuple[str, ...]:
    lines = (address.address_1, address.city, address.state_province, address.postal_code)
    return tuple(line for line in dict.fromkeys(lines) if line and line != name)


def _access(location: Location) -> Iterator[str]:
    for each in location.accessibility.all():
        said = each.description or each.accessibility
        if said or each.details:
            yield ": ".join(filter(None, (said, each.details)))


def _directions(location: Location, addresses: list[Address]) -> str:
    if facts.position(location):
        return f"https://www.openstreetmap.org/directions?to={location.latitude:.5f}%2C{location.longitude:.5f}"
    if addresses and addresses[0].postal_code:
        return f"https://www.openstreetmap.org/search?{urlencode({'query': addresses[0].postal_code})}"
    return ""


def _ways(service: Service) -> Iterator[Way]:
    yield from _rings(service.phones.all())
    theirs = any(person.email for person in service.contacts.all())
    if email := service.email or ("" if theirs else service.organization.email):
        yield _email(email)
    url = service.url or service.organization.website
    if url.startswith(("http://", "https://")):
        yield Way("web", url, _short(url), action="Go to their web site")


def _people(service: Service) -> Iterator[Person]:
    for contact in service.contacts.all():
        ways = (*_rings(contact.phones.all()), *map(_email, filter(None, [contact.email])))
        if ways or contact.name or contact.title:
            yield Person(contact.name, contact.title, ways)


def _rings(phones: Iterable[Phone]) -> Iterator[Way]:
    for phone in phones:
        digits = "".join(letter for letter in phone.number if letter.isdigit() or letter == "+")
        yield Way("phone", f"tel:{digits}", phone.number, phone.description, action=f"Ring {phone.number}")


def _email(address: str) -> Way:
    return Way("email", mailto(address), address, action="Write to them")


def _short(url: str) -> str:
    return url.split("://", 1)[-1].removeprefix("www.").rstrip("/")


def _near(service: Service) -> str:
    """Where to look for something like it: the first public place's postcode, or its town."""
    for location in facts.public_locations(service):
        for address in location.addresses.all():
            if near := address.postal_code or address.city:
                return near
    return ""
