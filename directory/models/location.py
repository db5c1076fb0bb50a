"""Where a service is, and which area it serves."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from directory.models.entity import Entity
from directory.models.service import Service
from directory.models.tally import counting_placed, hiding, moving


class LocationQuerySet(models.QuerySet["Location"]):
    def public(self) -> "LocationQuerySet":
        """Those that may be told to anybody. Everything that goes out asks here."""
        return self.filter(confidential=False)


class Location(Entity):
    """A place. `confidential` is ours: a refuge. Such a place is in no page, search, file, map, distance or history;
    only the office's admin shows it.
    """

    class Type(models.TextChoices):
        PHYSICAL = "physical", "A place one can go to"
        POSTAL = "postal", "An address for letters"
        VIRTUAL = "virtual", "Online or by telephone"

    location_type = models.CharField(max_length=10, choices=Type.choices, default=Type.PHYSICAL)
    name = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True, help_text="Degrees north, WGS 84.")
    longitude = models.FloatField(null=True, blank=True, help_text="Degrees east, WGS 84.")
    external_identifier = models.CharField(max_length=200, blank=True, help_text="A UPRN, for one.")
    external_identifier_type = models.CharField(max_length=100, blank=True)
    confidential = models.BooleanField(
        default=False,
        help_text="A refuge, or another place that must not be found. Only the office sees it.",
    )

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(F("latitude"), F("longitude"), name="location_position", condition=Q(confidential=False))
        ]
        triggers = [hiding("page_hide", "service_at_location")]

    def __str__(self) -> str:
        return self.name or f"{self.get_location_type_display()} {self.pk}"


class Address(Entity):
    """A postal address, with the standard's names for its lines: `state_province` is the county."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="addresses")
    attention = models.CharField(max_length=300, blank=True)
    address_1 = models.CharField("address", max_length=500)
    city = models.CharField("town or city", max_length=200)
    region = models.CharField(max_length=200, blank=True)
    state_province = models.CharField("county", max_length=200, blank=True)
    postal_code = models.CharField("postcode", max_length=20)
    country = models.CharField(max_length=100, default="GB")
    address_type = models.CharField(max_length=10, choices=Location.Type.choices, default=Location.Type.PHYSICAL)

    class Meta:
        verbose_name_plural = "addresses"
        indexes = [
            models.Index("postal_code", name="address_postcode"),
            # For what begins with an outward code, however it is written.
            models.Index(OpClass(Upper("postal_code"), name="text_pattern_ops"), name="address_outward_code"),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.address_1, self.city, self.postal_code)))


class Accessibility(Entity):
    """What helps, or is missing, for somebody who finds a building hard to use."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="accessibility")
    description = models.TextField(blank=True)
    details = models.TextField(blank=True)
    url = models.URLField(max_length=2000, blank=True)
    accessibility = models.TextField(blank=True, help_text="The standard's older name for the description.")

    class Meta:
        verbose_name_plural = "accessibility"

    def __str__(self) -> str:
        return self.description or self.accessibility


class ServiceAtLocation(Entity):
    """A service that happens at a place."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_at_locations")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="service_at_locations")

    class Meta:
        verbose_name = "place of a service"
        verbose_name_plural = "places of services"
        constraints = [models.UniqueConstraint("service", "location", name="service_at_location_once")]
        triggers = [
            counting_placed("page_come", "service_at_location", came=True),
            counting_placed("page_go", "service_at_location", came=False),
            moving("page_move", "service_at_location"),
        ]

    def __str__(self) -> str:
        return f"{self.service} at {self.location}"


class ServiceArea(Entity):
    """An area whose people may come, or to whom the service goes.

    `extent` is a GeoJSON polygon (`extent_type` "geojson") or a list of outward codes ("postcodes"); without it the
    name, or the standard code at the end of `uri`, is looked up among the areas of our outward codes.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_areas")
    name = models.TextField(blank=True)
    extent = models.TextField(blank=True)
    extent_type = models.CharField(max_length=100, blank=True)
    uri = models.CharField(max_length=2000, blank=True)
    service_area = models.TextField(blank=True, help_text="The standard's older name for the name.")

    def __str__(self) -> str:
        return self.name or self.service_area


class Schedule(Entity):
    """When: a rule of RFC 5545 in the standard's columns, at every place of a service or at one of them."""

    class Frequency(models.TextChoices):
        WEEKLY = "WEEKLY", "Every week"
        MONTHLY = "MONTHLY", "Every month"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules")
    service_at_location = models.ForeignKey(
        ServiceAtLocation, on_delete=models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    dtstart = models.DateField("starts", null=True, blank=True)
    freq = models.CharField("how often", max_length=10, choices=Frequency.choices, blank=True)
    interval = models.PositiveIntegerField(null=True, blank=True, help_text="2 is every other week or month.")
    byday = models.CharField("days", max_length=100, blank=True, help_text="MO,TH; 1SA is the first Saturday.")
    bymonthday = models.CharField("days of the month", max_length=100, blank=True)
    description = models.TextField(blank=True)
    opens_at = models.TimeField("from", null=True, blank=True)
    closes_at = models.TimeField("to", null=True, blank=True)
    schedule_link = models.URLField(max_length=2000, blank=True)
    attending_type = models.CharField(max_length=500, blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(service=None) ^ Q(service_at_location=None),
                name="schedule_of_service_or_place",
                violation_error_message="A schedule belongs to a service or to one of its places.",
            )
        ]

    def __str__(self) -> str:
        return self.description or f"{self.freq} {self.byday}"
