"""Values for made-up records, all from one seed."""

import datetime as dt
import random
import uuid

from bench.words import FAMILY_NAMES, GIVEN_NAMES, SENTENCES, TOWNS

DAY = dt.timedelta(days=1)
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
STEP = 405_489_233_917  # shares no factor with 30: every reference comes up once before any comes up again


class MadeUp:
    """Chance, and the numbers that may not repeat."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.random = random.Random(20_261_122)
        self.references = 0
        self.nhs_numbers = 400_000_000

    def happens(self, chance: float) -> bool:
        return self.random.random() < chance

    def ago(self, least: float, most: float) -> dt.datetime:
        """A moment between so many days ago."""
        return self.now - self.random.uniform(least, most) * DAY

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.datetime:
        return start + (end - start) * self.random.random()

    def name(self) -> str:
        return f"{self.random.choice(GIVEN_NAMES)} {self.random.choice(FAMILY_NAMES)}"

    def town(self) -> str:
        return f"{self.random.choice(TOWNS)} {self.random.choice(TOWNS)}"

    def text(self, sentences: int) -> str:
        return " ".join(self.random.choices(SENTENCES, k=sentences))

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128))

    def reference(self) -> str:
        self.references += 1
        value = self.references * STEP
        letters = ""
        for _ in range(8):
            value, letter = divmod(value, 30)
            letters += LETTERS[letter]
        return f"LW-{letters[:4]}-{letters[4:]}"

    def nhs_number(self) -> str:
        """The next number that has a check digit (modulus 11: one in eleven has none)."""
        check = 10
        while check == 10:
            self.nhs_numbers += 1
            digits = map(int, str(self.nhs_numbers))
            check = -sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        return f"{self.nhs_numbers}{check}"
