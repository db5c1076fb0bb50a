"""Where a postcode is. Filled by `manage.py load_postcodes`; outward codes also learn from the addresses we hold."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower


class Postcode(models.Model):
    """A full postcode, in capitals with its one space, and its centre."""

    code = models.CharField(max_length=8, primary_key=True)
    latitude = models.FloatField()
    longitude = models.FloatField()

    def __str__(self) -> str:
        return self.code


class OutwardCode(models.Model):
    """The first half of a postcode: its centre, what people call it, and the areas around it.

    `areas` are the names and codes of the district, county, region and nation, in lower case: what a listing's service
    area is compared with. `source` says whether the centre was loaded, or learned from addresses.
    """

    class Source(models.TextChoices):
        LOADED = "loaded", "A postcode file"
        LEARNED = "learned", "Addresses that we hold"

    code = models.CharField(max_length=4, primary_key=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    name = models.CharField("place", max_length=200, blank=True)
    areas = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.LOADED)

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(Lower(F("name")), name="outward_code_name"),
            GinIndex(fields=["areas"], name="outward_code_areas"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()
