"""A listing: what is offered, by whom, for whom, at what cost, and how sure we are of it."""

import datetime as dt
import secrets

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from directory.models.entity import Entity
from directory.models.organization import Organization
from directory.models.tally import counting
from members.models import Role, User

# The standard's freshness: a listing is asked about at this age, twice more, and sinks when nobody has answered.
ASK_AFTER = relativedelta(months=6)
STALE_AFTER = relativedelta(months=6, weeks=6)

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another on paper
CODE_LENGTH = 6


def new_code() -> str:
    """A random code for the short address of a listing; nine hundred million of them."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class ServiceQuerySet(models.QuerySet["Service"]):
    def listed(self) -> "ServiceQuerySet":
        """What anybody may see: running now or closed for a while. Others stay for the record only."""
        return self.filter(status__in=Service.LISTED)

    def kept_by(self, user: User) -> "ServiceQuerySet":
        """Listings that this person looks after as a provider, whatever their status."""
        return self.filter(organization__workplace__in=user.workplace_ids(Role.PROVIDER))


class Service(Entity):
    """A service of an organisation: a listing of the directory.

    The first block of fields is the standard's. `last_modified` changes with the service and with anything beneath it;
    the actions see to that. The rest is ours: the addresses of its page, who assured it and how, and where the three
    letters to its owner stand.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Running"
        INACTIVE = "inactive", "Not listed here"
        DEFUNCT = "defunct", "Ended"
        TEMPORARILY_CLOSED = "temporarily closed", "Closed for now"

    class How(models.TextChoices):
        RANG = "rang", "rang them"
        VISITED = "visited", "visited"
        OWNER = "owner", "the owner said so"
        FEED = "feed", "their own open data"

    LISTED = (Status.ACTIVE, Status.TEMPORARILY_CLOSED)

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    url = models.URLField("web page", max_length=2000, blank=True)
    email = models.EmailField(blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ACTIVE)
    fees = models.TextField(blank=True)
    accreditations = models.TextField(blank=True)
    minimum_age = models.FloatField(null=True, blank=True, help_text="In years.")
    maximum_age = models.FloatField(null=True, blank=True, help_text="In years.")
    eligibility_description = models.TextField("who it is for", blank=True)
    application_process = models.TextField("how to come", blank=True)
    alert = models.TextField(blank=True, help_text="What is different just now. Shown at the top of the listing.")
    assured_date = models.DateField("last checked", null=True, blank=True)
    assurer_email = models.EmailField("checked by (e-mail)", blank=True)
    last_modified = models.DateTimeField(default=timezone.now)

    slug = models.SlugField(max_length=120, unique=True, editable=False)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    source = models.CharField(max_length=300, blank=True, help_text="The open data it came from, if any.")
    assured_how = models.CharField("how it was checked", max_length=10, choices=How.choices, blank=True)
    assured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    full_since = models.DateField(null=True, blank=True, help_text="Somebody was told on this day that it is full.")
    letters_sent = models.PositiveSmallIntegerField(default=0, editable=False)
    last_letter_on = models.DateField(null=True, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_age=None) | Q(maximum_age=None) | Q(maximum_age__gte=F("minimum_age")),
                name="service_ages_in_order",
                violation_error_message="The oldest age is below the youngest.",
            ),
            models.CheckConstraint(condition=Q(letters_sent__lte=3), name="service_three_letters_at_most"),
        ]
        indexes = [
            models.Index(F("last_modified"), F("id"), name="service_modified"),
            models.Index(F("assured_date"), name="service_to_assure", condition=Q(status="active")),
            models.Index(F("organization"), F("name"), name="service_of_organization"),
        ]
        triggers = [counting("page_come", "service", came=True), counting("page_go", "service", came=False)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("service", args=[self.slug])

    @property
    def clock_starts(self) -> dt.date:
        """The day from which the listing ages: that of its last check, or that on which it came."""
        return self.assured_date or timezone.localdate(self.created_at)

    @property
    def is_stale(self) -> bool:
        """Nobody has answered for it for six months and the six weeks of asking."""
        return self.clock_starts < timezone.localdate() - STALE_AFTER

    @property
    def is_full(self) -> bool:
        return self.full_since is not None

    @property
    def is_listed(self) -> bool:
        return self.status in self.LISTED


class Funding(Entity):
    """Where the money for a service or an organisation comes from."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="funding")
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.source


class CostOption(Entity):
    """What coming costs. `amount` is in pounds."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="cost_options")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    option = models.TextField("for whom", blank=True)
    amount = models.DecimalField("pounds", max_digits=14, decimal_places=4, null=True, blank=True)
    amount_description = models.TextField("for what", blank=True, help_text="As in: a session.")

    def __str__(self) -> str:
        return self.option or f"£{self.amount}"


class Language(Entity):
    """A language that is spoken there, or on that telephone, without an interpreter."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="languages")
    phone = models.ForeignKey("Phone", on_delete=models.CASCADE, null=True, blank=True, related_name="languages")
    name = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=20, blank=True, help_text="ISO 639: pl, bn, bfi for British Sign Language.")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(service=None) ^ Q(phone=None),
                name="language_of_service_or_phone",
                violation_error_message="A language belongs to a service or to a telephone.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Entity):
    """Somebody, or some desk, to ask."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=300, blank=True)
    title = models.CharField("what they do", max_length=300, blank=True)
    email = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.name or self.title


class Phone(Entity):
    """A telephone of a contact, or of the service itself."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="phones")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="phones")
    number = models.CharField(max_length=100)
    description = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(service=None) ^ Q(contact=None),
                name="phone_of_service_or_contact",
                violation_error_message="A telephone belongs to a service or to a contact.",
            )
        ]

    def __str__(self) -> str:
        return self.number
