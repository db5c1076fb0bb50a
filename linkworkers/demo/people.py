"""The people referred: names, ages, addresses, and how to reach them safely."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

import nhs_number as nhs

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import Area, World
from linkworkers.demo.texts import COMMON, Storyteller
from members.models import Workplace
from referrals.models import Person
from referrals.models.person import ContactWay, VisitRisk

COMMUNITIES = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))["communities"]
PRONOUNS = {
    "women": {"he": "she", "him": "her", "his": "her", "himself": "herself"},
    "men": {"he": "he", "him": "him", "his": "his", "himself": "himself"},
}
SHORT_NAMES = {
    "Margaret": "Peggy",
    "Kenneth": "Ken",
    "Ronald": "Ron",
    "Geoffrey": "Geoff",
    "Leonard": "Len",
    "Raymond": "Ray",
    "Rebecca": "Becky",
    "Agnieszka": "Aga",
    "Małgorzata": "Gosia",
    "Krzysztof": "Chris",
    "Bernadette": "Bernie",
    "Gillian": "Gill",
    "Stuart": "Stu",
}
TEST_NUMBERS = 999_000_000  # nine digits and a check digit to come: numbers that begin so are given to nobody


@dataclass
class Character:
    """A person in the demo, not saved yet, with the words in which stories speak of them."""

    person: Person
    area: Area
    sex: str  # "women" or "men", as in the names; stories need a pronoun and records do not hold one

    @cached_property
    def words(self) -> dict[str, str]:
        """What a story's gaps are filled with: {He}, {his}, {name}, {cafe} and so on."""
        pronouns = PRONOUNS[self.sex]
        places = {name: getattr(self.area, name) for name in ("town", "cafe", "hall", "park", "library")}
        capitals = {word.capitalize(): pronoun.capitalize() for word, pronoun in pronouns.items()}
        return {"name": self.person.given_name, **pronouns, **capitals, **places}


class Crowd:
    """Makes up people, no two with the same name, NHS number or address."""

    def __init__(self, world: World, clock: Clock, teller: Storyteller, rng: Random) -> None:
        self.world, self.clock, self.teller, self.rng = world, clock, teller, rng
        self.names: set[tuple[str, str]] = set()
        self.numbers: set[str] = set()
        self.count = 0

    def somebody(self, practice: Workplace, *, ages: tuple[int, int], careful: bool = False) -> Character:
        """A person of the practice. `careful` people may be reached only through the surgery."""
        born = date(self.clock.today.year - self.rng.randint(*ages), self.rng.randint(1, 12), self.rng.randint(1, 28))
        sex = self.rng.choices(["women", "men"], [58, 42])[0]
        community, given, family = self._name(born.year, sex)
        person = self.named(practice, given, family, born)
        character = Character(person, self.world.area(practice), sex)
        person.known_as = self._known_as(community, given)
        self._reach(character, careful=careful)
        self._needs(character, community.get("language", ""))
        return character

    def named(self, practice: Workplace, given: str, family: str, born: date, **details: Any) -> Person:
        """A person whose name and details are given; the rest is filled in."""
        self.names.add((given, family))
        self.count += 1
        area = self.world.area(practice)
        inward = f"{self.rng.randint(1, 9)}{''.join(self.rng.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"
        person = Person(
            nhs_number=self._nhs_number(),
            given_name=given,
            family_name=family,
            date_of_birth=born,
            practice=practice,
            phone=f"07700 900{self.count:03}",
            address=f"{self.rng.randint(1, 140)} {self.rng.choice(area.streets)}, {area.town}",
            postcode=f"{self.rng.choice(area.outward)} {inward}",
            contact_ways=[ContactWay.PHONE],
            visit_risk=VisitRisk.NONE_KNOWN,
        )
        for name, value in details.items():
            setattr(person, name, value)
        return person

    def _name(self, year: int, sex: str) -> tuple[dict[str, Any], str, str]:
        fitting = [group for group in COMMUNITIES if group["born"][0] <= year <= group["born"][1]]
        while True:
            group = self.rng.choices(fitting, [group["share"] for group in fitting])[0]
            given, family = self.rng.choice(group[sex]), self.rng.choice(group["families"])
            if (given, family) not in self.names:
                return group, given, family

    def _known_as(self, community: dict[str, Any], given: str) -> str:
        if self.rng.random() < 0.5:
            return ""
        return community.get("native", {}).get(given) or SHORT_NAMES.get(given, "")

    def _nhs_number(self) -> str:
        """The next valid number of the test range: not every nine digits have a check digit."""
        while True:
            digits = str(TEST_NUMBERS + self.rng.randint(0, 999_999))
            number = f"{digits}{nhs.calculate_checksum(digits)}"
            if len(number) == 10 and nhs.is_valid(number) and number not in self.numbers:
                self.numbers.add(number)
                return number

    def _reach(self, character: Character, *, careful: bool) -> None:
        person = character.person
        if careful:
            person.contact_ways = [ContactWay.SURGERY]
            person.safe_contact = "Only through the surgery. Never ring or write to the house."
            return
        ways = [ContactWay.PHONE, ContactWay.TEXT, ContactWay.LETTER, ContactWay.EMAIL]
        person.contact_ways = [way for way, chance in zip(ways, (0.9, 0.5, 0.3, 0.15), strict=True) if self._by(chance)]
        person.contact_ways = person.contact_ways or [ContactWay.PHONE]
        if ContactWay.EMAIL in person.contact_ways:
            person.email = f"person{self.count}@example.com"
        if self._by(0.18):
            person.safe_contact = self.teller.deal(COMMON["safe_contact"], character.words)

    def _needs(self, character: Character, language: str) -> None:
        person = character.person
        if language and self._by(0.4):
            person.language, person.needs_interpreter = language, self._by(0.6)
        if self._by(0.15):
            person.access_needs = self.teller.deal(COMMON["access_needs"], character.words)
        person.visit_risk = self.rng.choices(list(VisitRisk), [72, 7, 21])[0]
        if person.has_visit_risk:
            person.risk_details = self.teller.deal(COMMON["risk_details"], character.words)

    def _by(self, chance: float) -> bool:
        return self.rng.random() < chance
