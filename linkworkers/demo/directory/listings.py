"""Saves the three hundred groups and services of the demo."""

import datetime as dt
import re
from collections import defaultdict
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.text import slugify

from directory.index import count_words, refresh
from directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    OutwardCode,
    Phone,
    Postcode,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    need_id,
)
from directory.schedules import DAYS
from linkworkers.demo.clock import Clock
from linkworkers.demo.directory import checks
from linkworkers.demo.directory.data import Entry, read, stable_code, stable_id
from linkworkers.demo.places import World
from linkworkers.geo import fold

Row = TypeVar("Row", bound=Model)

AREAS = ("herts", "mendip", "hartlepool", "national")
TABLES: tuple[type[Model], ...] = (  # in the order of their foreign keys
    Organization,
    OrganizationIdentifier,
    Service,
    Location,
    Address,
    Accessibility,
    ServiceAtLocation,
    Schedule,
    ServiceArea,
    CostOption,
    Contact,
    Phone,
    Language,
    Attribute,
)
ACCESS = {
    "step-free": "Step-free access",
    "accessible-toilet": "Accessible toilet",
    "hearing-loop": "Hearing loop",
    "parking": "Parking",
    "quiet-space": "A quiet space",
}
LANGUAGES = {  # as ISO 639 has them
    "Arabic": "ar",
    "Bengali": "bn",
    "British Sign Language (BSL)": "bfi",
    "Dari": "prs",
    "Farsi": "fa",
    "Hindi": "hi",
    "Kurdish": "ku",
    "Polish": "pl",
    "Punjabi": "pa",
    "Romanian": "ro",
    "Spanish": "es",
    "Tigrinya": "ti",
    "Turkish": "tr",
    "Ukrainian": "uk",
    "Urdu": "ur",
    "Welsh": "cy",
}
RULE = re.compile(r"(?P<rhythm>[A-Z]+) (?P<byday>[A-Z0-9,]+) (?P<opens>[0-9:]+)-(?P<closes>[0-9:]+)")
LAST_YEAR = dt.timedelta(weeks=52)
ADDRESS = ("address_1", "city", "state_province", "postal_code")


def build(world: World, clock: Clock) -> None:
    """Saves places, organisations and listings with their last checks, and brings the search up to date."""
    _save_places()
    listings = _Listings(world, clock)
    for table in TABLES:
        table._default_manager.bulk_create(listings.rows[table])
    listings.checks.save()
    refresh(service.pk for service in listings.rows[Service])
    count_words()


def _save_places() -> None:
    """The outward codes and postcodes that the demo needs; any that are loaded already stay as they are."""
    places = read("places")
    OutwardCode.objects.bulk_create(
        [
            OutwardCode(**entry | {"areas": sorted({name for area in entry["areas"] for name in _known_as(area)})})
            for entry in places["outward"]
        ],
        ignore_conflicts=True,
    )
    Postcode.objects.bulk_create([Postcode(**entry) for entry in places["postcode"]], ignore_conflicts=True)


def _known_as(area: str) -> tuple[str, str]:
    return area.casefold(), fold(area)


class _Listings:
    """Every row of every table, not saved yet."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.clock, self.checks = clock, checks.Checks(world, clock)
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)
        self.organizations = {
            entry["key"]: self._organization(world, entry) for entry in read("organizations")["organization"]
        }
        self.venues = {entry["key"]: self._venue(entry) for entry in read("venues")["venue"]}
        for area in AREAS:
            entries = read(area)
            for entry in entries.get("confidential_venue", []):
                self.venues[entry["key"]] = self._venue(entry, confidential=True)
            for number, entry in enumerate(entries["listing"]):
                self._listing(area, number, entry)

    def _add(self, table: type[Row], *names: str, **fields: Any) -> Row:
        """A row whose id is made of these names."""
        row = table(id=stable_id(table.__name__, *names), **fields)
        self.rows[table].append(row)
        return row

    def _organization(self, world: World, entry: Entry) -> Organization:
        organization = self._add(
            Organization,
            entry["key"],
            name=entry["name"],
            description=entry["description"],
            email=entry.get("email", ""),
            website=entry["website"],
            workplace=world.workplaces[entry["workplace"]] if "workplace" in entry else None,
        )
        if "identifier" in entry:
            self._add(
                OrganizationIdentifier,
                entry["key"],
                organization=organization,
                identifier_scheme="GB-CHC",
                identifier_type="Charity number",
                identifier=entry["identifier"],
            )
        return organization

    def _venue(self, entry: Entry, *, confidential: bool = False) -> Location:
        key = entry["key"]
        location = self._add(
            Location,
            key,
            name=entry["name"],
            latitude=entry["latitude"],
            longitude=entry["longitude"],
            confidential=confidential,
        )
        self._add(Address, key, location=location, **{name: entry[name] for name in ADDRESS})
        for access in entry.get("access", []):
            self._add(Accessibility, key, access, location=location, description=ACCESS[access])
        return location

    def _listing(self, area: str, number: int, entry: Entry) -> None:
        name = entry["name"]
        service = self._add(
            Service,
            name,
            organization=self.organizations[entry["organization"]],
            name=name,
            description=entry["description"],
            url=entry.get("url", ""),
            email=entry.get("email", ""),
            minimum_age=entry.get("minimum_age"),
            maximum_age=entry.get("maximum_age"),
            application_process=f"{entry['accepts']}.",
            slug=slugify(name),
            code=stable_code(name),
        )
        self.checks.tell(service, area, number, entry)
        if "venue" in entry:
            self._add(ServiceAtLocation, name, service=service, location=self.venues[entry["venue"]])
        if entry.get("online"):
            screen = self._add(Location, "online", name, name="Online", location_type=Location.Type.VIRTUAL)
            self._add(ServiceAtLocation, name, "online", service=service, location=screen)
        for rule in entry.get("when", []):
            self._add(Schedule, name, rule, service=service, **self._schedule(rule))
        for covered in entry.get("covers", []):
            self._add(ServiceArea, name, covered, service=service, name=covered)
        self._add(CostOption, name, service=service, **_cost(entry))
        if "contact" in entry:
            self._add(Contact, name, service=service, **entry["contact"])
        if "phone" in entry:
            self._add(Phone, name, service=service, number=entry["phone"])
        for language in entry.get("languages", []):
            self._add(Language, name, language, service=service, name=language, code=LANGUAGES[language])
        for need in entry["needs"]:
            self._add(Attribute, name, need, service=service, taxonomy_term_id=need_id(need))

    def _schedule(self, rule: str) -> dict[str, Any]:
        """Every other week needs a first day to count from; the others have none."""
        match = RULE.fullmatch(rule)
        if match is None:
            raise ValueError(f"Nobody could tell when that is: {rule}")
        fortnightly = match["rhythm"] == "FORTNIGHTLY"
        fields = {
            "freq": Schedule.Frequency.WEEKLY if fortnightly else Schedule.Frequency(match["rhythm"]),
            "byday": match["byday"],
            "opens_at": dt.time.fromisoformat(match["opens"]),
            "closes_at": dt.time.fromisoformat(match["closes"]),
        }
        if fortnightly:
            monday = self.clock.today - LAST_YEAR - dt.timedelta(days=self.clock.today.weekday())
            fields |= {"interval": 2, "dtstart": monday + dt.timedelta(days=DAYS.index(match["byday"]))}
        return fields


def _cost(entry: Entry) -> dict[str, Any]:
    """ "£2 a session" is an amount and what it is for; what costs nothing says so in its own words."""
    if not entry["amount"]:
        return {"option": entry["cost"], "amount": 0}
    return {"amount": entry["amount"], "amount_description": entry["cost"].partition(" ")[2]}
