"""Made-up services with everything that the standard has room for, in any script. The same ones for the same seed."""

import datetime as dt
import uuid
from collections import defaultdict
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Model

from directory.models import Location, Schedule, Service
from directory.standard.shapes import (
    ATTRIBUTE,
    LOCATION,
    ORGANIZATION,
    SERVICE,
    SERVICE_AT_LOCATION,
    TAXONOMY,
    TAXONOMY_TERM,
    Field,
    Shape,
)

WORDS = (
    "tea grief debt walk Łódź ਪੰਜਾਬੀ 健康 صحة naïve O’Hara <b>bold</b> & \"quoted\" 'single' \\ = +44 @home 🌱".split(
        " "
    )
)
CHOICES = {
    "status": Service.Status.values,
    "location_type": Location.Type.values,
    "address_type": Location.Type.values,
    "freq": Schedule.Frequency.values,
}


class Generator:
    """Rows by model, each before those that point at it. `save` writes them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)
        self.terms = [self.row(TAXONOMY_TERM, taxonomy=self.row(TAXONOMY)) for _ in range(5)]
        self.organizations = [self.whole(ORGANIZATION) for _ in range(3)]

    def services(self, number: int) -> list[Service]:
        return [self.whole(SERVICE, organization=self.random.choice(self.organizations)) for _ in range(number)]

    def save(self) -> None:
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows, batch_size=1000)

    def whole(self, shape: Shape, **links: Any) -> Any:
        """A row of this shape, with a few of each list beneath it."""
        if shape is SERVICE_AT_LOCATION:
            links["location"] = self.whole(LOCATION)
        row = self.row(shape, **links)
        for inner, link in shape.many.values():
            for _ in range(self.random.randrange(3)):
                if inner is ATTRIBUTE:
                    self.row(ATTRIBUTE, taxonomy_term=self.random.choice(self.terms), **{link: row})
                else:
                    self.whole(inner, **{link: row})
        return row

    def row(self, shape: Shape, **links: Any) -> Any:
        values = {field.at: self.value(field) for field in shape.fields if field.required or self.random.random() < 0.7}
        for name, value in values.items():
            if isinstance(value, str):
                values[name] = value[: shape.model._meta.get_field(name).max_length]
        if shape.model is Service:
            values["slug"] = f"generated-{self.random.getrandbits(64):x}"
            values |= {"minimum_age": self.random.choice([None, 18]), "maximum_age": self.random.choice([None, 25.5])}
        row = shape.model(id=uuid.UUID(int=self.random.getrandbits(128), version=4), **values, **links)
        self.rows[shape.model].append(row)
        return row

    def value(self, field: Field) -> Any:
        random = self.random
        match field.kind:
            case "choice":
                return random.choice(CHOICES[field.name])
            case "email":
                return f"hello{random.randrange(1000)}@example.org"
            case "uri":
                return f"https://example.org/{random.randrange(1000)}?a=1&b=%20#c"
            case "number":
                return random.uniform(-90, 90)
            case "integer":
                return random.randrange(1, 9)
            case "money":
                return Decimal(random.randrange(10_000)) / 100
            case "date":
                return dt.date(2026, 1, 1) + dt.timedelta(days=random.randrange(-400, 400))
            case "time":
                return dt.time(random.randrange(24), random.randrange(60))
            case "datetime":
                return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=random.randrange(10**13))
        return " ".join(random.choices(WORDS, k=random.randrange(1, 6)))
