"""A made-up directory: services, the organisations that run them, and where and when they happen."""

import datetime as dt
from collections.abc import Iterator
from itertools import accumulate
from uuid import UUID

from django.db.models import Model
from django.utils.text import slugify

from bench.country import Country, Outward
from bench.listing_words import (
    APPLYING,
    CODAS,
    COMMON,
    ELIGIBILITY,
    FRAMES,
    LANGUAGES,
    NOUNS,
    ONSETS,
    ORGANISATIONS,
    STREETS,
    TOPICS,
    VENUES,
    VOWELS,
    Topic,
)
from bench.made_up import MadeUp
from bench.tables import Table, array
from bench.words import FAMILY_NAMES, GIVEN_NAMES
from directory.models import (
    NEEDS_TAXONOMY,
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
    TaxonomyTerm,
    need_id,
)
from directory.models.service import CODE_LENGTH, CODE_LETTERS

CODE_STEP = 405_489_233  # shares no factor with 31: every code comes up once before any comes up again
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MODELS: list[type[Model]] = [  # each after those it points to
    OutwardCode,
    Postcode,
    TaxonomyTerm,
    Organization,
    OrganizationIdentifier,
    Service,
    Location,
    Address,
    Accessibility,
    ServiceAtLocation,
    ServiceArea,
    Schedule,
    Contact,
    Phone,
    CostOption,
    Language,
    Attribute,
]


class Listings:
    """Rows for the tables: a share of the country and its organisations at once, then one service after another."""

    def __init__(self, now: dt.datetime, organizations: int, postcodes: int, share: float) -> None:
        self.made_up = MadeUp(now)
        self.chance = self.made_up.random
        self.tables = {model: Table(model) for model in MODELS}
        self.country = Country(self.chance, share, postcodes)
        self._words = self._vocabulary()
        self._shares = list(accumulate(topic.share for topic in TOPICS))
        self._add_country()
        self._taxonomy_terms = self._add_terms()
        self.organizations = [self._add_organization() for _ in range(organizations)]

    def add_service(self, number: int) -> None:
        """Add the rows of one service. The first ones go round the organisations, so that each has one."""
        if number <= len(self.organizations):
            organization, here = self.organizations[number - 1]
        else:
            organization, here = self.chance.choice(self.organizations)
        topic = self.chance.choices(TOPICS, cum_weights=self._shares)[0]
        what = self.chance.choice(topic.names)
        name = f"{self.chance.choice([here.name, here.name, next(self._words).title()])} {what}"
        created_at = self.made_up.ago(1, 1_000)
        assured = None if self.made_up.happens(0.1) else self.made_up.ago(0, 730).date()
        closed = self.made_up.happens(0.03)
        service = self._key()
        self.tables[Service].add(
            id=service,
            organization_id=organization,
            name=name,
            description=self._description(topic, what),
            url=f"https://www.{slugify(name)}.example/",
            email=f"hello@{slugify(name)[:50]}.example",
            status=Service.Status.TEMPORARILY_CLOSED if closed else Service.Status.ACTIVE,
            minimum_age=self.chance.choice([None, None, 16, 18, 18, 55]),
            eligibility_description=self.chance.choice(ELIGIBILITY),
            application_process=self.chance.choice(APPLYING),
            assured_date=assured,
            assured_how=self.chance.choice(Service.How.values) if assured else "",
            assurer_email="checks@bench.invalid" if assured else "",
            last_modified=self.made_up.between(created_at, self.made_up.now),
            created_at=created_at,
            slug=f"{slugify(name)[:100]}-{number}",
            code=_code(number),
            full_since=self.made_up.now.date() if self.made_up.happens(0.04) else None,
        )
        self._add_places(service, here)
        self._add_details(service, topic)

    def _add_places(self, service: UUID, here: Outward) -> None:
        """A tenth has no place but an area, 5% are online; the others are at 1.4 places."""
        chosen = self.chance.random()
        if chosen < 0.05:
            location = self.tables[Location].add(id=self._key(), location_type=Location.Type.VIRTUAL, name="Online")
            self.tables[ServiceAtLocation].add(id=self._key(), service_id=service, location_id=location)
        elif chosen > 0.15:
            for turn in range(self.chance.choices([1, 2, 3], [70, 20, 10])[0]):
                self._add_place(service, self.country.near(here) if turn else here)
        if 0.05 <= chosen < 0.25:
            self._add_area(service, here)

    def _add_place(self, service: UUID, outward: Outward) -> None:
        postcode, latitude, longitude = self.country.address(outward)
        known = self.made_up.happens(0.95)  # the others are where their postcode is
        location = self.tables[Location].add(
            id=self._key(),
            name=f"{next(self._words).title()} {self.chance.choice(VENUES)}",
            latitude=latitude if known else None,
            longitude=longitude if known else None,
            confidential=self.made_up.happens(0.03),
        )
        self.tables[Address].add(
            id=self._key(),
            location_id=location,
            address_1=f"{self.chance.randrange(1, 200)} {self.chance.choice(STREETS)}",
            city=outward.name,
            state_province=outward.county,
            postal_code=postcode,
        )
        if self.made_up.happens(0.6):
            ways_in = ["Step-free entrance and an accessible toilet.", "Wheelchair ramp.", "Stairs to the first floor."]
            said = self.chance.choice(ways_in)
            self.tables[Accessibility].add(id=self._key(), location_id=location, description=said)
        self.tables[ServiceAtLocation].add(id=self._key(), service_id=service, location_id=location)

    def _add_area(self, service: UUID, here: Outward) -> None:
        """One in ten serves the nation, the others their district."""
        name, code = ("England", "E92000001") if self.made_up.happens(0.1) else (here.district, here.district_code)
        uri = f"http://statistics.data.gov.uk/id/statistical-geography/{code}"
        self.tables[ServiceArea].add(id=self._key(), service_id=service, name=name, uri=uri)

    def _add_details(self, service: UUID, topic: Topic) -> None:
        for _ in range(self.chance.choices([0, 1, 2], [10, 70, 20])[0]):
            self._add_schedule(service)
        contact = self.tables[Contact].add(
            id=self._key(), service_id=service, name=self.made_up.name(), title="Coordinator"
        )
        owner = {"service_id": service} if self.made_up.happens(0.5) else {"contact_id": contact}
        number = f"01632 96{self.chance.randrange(10_000):04}"
        phone = self.tables[Phone].add(id=self._key(), number=number, **owner)
        if self.made_up.happens(0.75):
            amount = self.chance.choice([0, 0, 0, 1, 2, 2.5, 4])
            self.tables[CostOption].add(
                id=self._key(), service_id=service, amount=amount, amount_description="a session" if amount else ""
            )
        if self.made_up.happens(0.15):
            language, code = self.chance.choice(LANGUAGES)
            self.tables[Language].add(id=self._key(), service_id=service, name=language, code=code)
        if self.made_up.happens(0.03):
            self.tables[Language].add(id=self._key(), phone_id=phone, name="English", code="en")
        terms = [topic.need] if self.made_up.happens(0.9) else []
        if self.made_up.happens(0.2):
            terms.append(self.chance.choice(TOPICS).need)
        for term in dict.fromkeys(terms):
            self._add_attribute(service, need_id(term))
        if self.made_up.happens(0.5):
            self._add_attribute(service, self.chance.choice(self._taxonomy_terms))

    def _add_schedule(self, service: UUID) -> None:
        monthly = self.made_up.happens(0.1)
        opens = self.chance.randrange(9, 20)
        self.tables[Schedule].add(
            id=self._key(),
            service_id=service,
            freq=Schedule.Frequency.MONTHLY if monthly else Schedule.Frequency.WEEKLY,
            byday=f"{self.chance.randrange(1, 5) if monthly else ''}{self.chance.choice(DAYS)}",
            opens_at=dt.time(opens),
            closes_at=dt.time(opens + 2),
        )

    def _add_attribute(self, service: UUID, term: UUID) -> None:
        self.tables[Attribute].add(id=self._key(), service_id=service, taxonomy_term_id=term)

    def _add_country(self) -> None:
        for outward in self.country.outwards:
            self.tables[OutwardCode].add(
                code=outward.code,
                latitude=outward.latitude,
                longitude=outward.longitude,
                name=outward.name,
                areas=array(outward.areas),
            )
        for code, (latitude, longitude) in self.country.postcodes.items():
            self.tables[Postcode].add(code=code, latitude=latitude, longitude=longitude)

    def _add_terms(self) -> list[UUID]:
        """Terms of another taxonomy than ours, which nobody holds."""
        add = self.tables[TaxonomyTerm].add
        taxonomy = UUID(int=NEEDS_TAXONOMY.int ^ 1, version=4)
        return [
            add(id=self._key(), name=noun.title(), term=noun, taxonomy_id=taxonomy, taxonomy_name="Activities")
            for noun in NOUNS[:80]
        ]

    def _add_organization(self) -> tuple[UUID, Outward]:
        here = self.country.somewhere()
        name = f"{self.chance.choice([here.name, next(self._words).title()])} {self.chance.choice(ORGANISATIONS)}"
        organization = self.tables[Organization].add(
            id=self._key(),
            name=name,
            description=f"{self._sentence()} {self.chance.choice(COMMON)}",
            website=f"https://{slugify(name)}.example/",
        )
        if self.made_up.happens(0.5):
            self.tables[OrganizationIdentifier].add(
                id=self._key(),
                organization_id=organization,
                identifier_scheme="GB-CHC",
                identifier_type="Charity number",
                identifier=str(self.chance.randrange(200_000, 1_200_000)),
            )
        return organization, here

    def _description(self, topic: Topic, what: str) -> str:
        parts = [f"{what}: {topic.said}.", *self.chance.sample(COMMON, 2)]
        parts += [self._sentence() for _ in range(self.chance.randrange(4, 10))]
        return " ".join(parts)

    def _sentence(self) -> str:
        frame = self.chance.choice(FRAMES)
        return frame.format(*(next(self._words) for _ in range(frame.count("{}"))))

    def _vocabulary(self) -> Iterator[str]:
        """Words without end, of eight thousand: as in life the commonest are in a third of all texts, most in few."""
        rare = [*FAMILY_NAMES, *GIVEN_NAMES]
        rare += [f"{onset}{vowel}{coda}" for onset in ONSETS for vowel in VOWELS for coda in CODAS]
        rare += [outward.name for outward in self.country.outwards]
        self.chance.shuffle(rare)
        words = list(dict.fromkeys([*NOUNS, *rare]))
        shares = list(accumulate(1 / (rank + 9) for rank in range(len(words))))
        while True:
            yield from self.chance.choices(words, cum_weights=shares, k=10_000)

    def _key(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


def _code(number: int) -> str:
    """The short address of the nth service."""
    value, letters = number * CODE_STEP, ""
    for _ in range(CODE_LENGTH):
        value, letter = divmod(value, len(CODE_LETTERS))
        letters += CODE_LETTERS[letter]
    return letters
