"""Paid jobs and volunteer roles that anybody offers, as the office lets them stand."""

import datetime as dt
import secrets
import uuid
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from members.models.user import User
from members.models.workplace import Region

LONGEST = relativedelta(months=6)  # from the day it is written to its closing day
HOURS_A_YEAR = Decimal(1950)  # 37.5 hours a week, 52 weeks: what makes pay by the hour and by the year comparable
CONFIGURATION = "english"

# What a poster writes and everybody reads. The rest is between the poster and us.
OFFER = (
    "kind",
    "title",
    "organization",
    "about",
    "setting",
    "region",
    "town",
    "postcode",
    "pay_from",
    "pay_to",
    "pay_per",
    "pay_band",
    "expenses",
    "hours",
    "contract",
    "contract_until",
    "starts",
    "apply_url",
    "apply_email",
    "apply_text",
    "closes_on",
)


def latest_closing() -> dt.date:
    """The last closing day that can be chosen today."""
    return timezone.localdate() + LONGEST


class PayBand(models.Model):
    """A band of Agenda for Change, with what the office says of its pay. The figures change every year."""

    name = models.CharField(max_length=60, unique=True)
    text = models.CharField(
        "what it pays", max_length=300, help_text="Shown after the band’s name. Say from when your figures hold."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class VacancyQuerySet(models.QuerySet["Vacancy"]):
    def public(self) -> "VacancyQuerySet":
        """Approved by the office, taking applications today or not any more."""
        return self.filter(state=Vacancy.State.APPROVED)

    def open(self) -> "VacancyQuerySet":
        """Public, and one can still apply: on the closing day too. Nothing has to run for one to end."""
        return self.public().filter(closes_on__gte=timezone.localdate())

    def queue(self) -> "VacancyQuerySet":
        """What waits for the office: new ones, and changes to public ones."""
        return self.filter(Q(state=Vacancy.State.WAITING) | Q(proposal__isnull=False))

    def about(self, words: str) -> "VacancyQuerySet":
        """Those that have all these words, in any form: "volunteering" finds "volunteers"."""
        query = SearchQuery(words, search_type="websearch", config=CONFIGURATION)
        return self.filter(words=query)

    def in_region(self, region: str) -> "VacancyQuerySet":
        """There, or to be done from anywhere."""
        return self.filter(Q(region=region) | Q(setting=Vacancy.Setting.REMOTE))


class Vacancy(models.Model):
    """One job or volunteer role. It ends by itself after its closing day: no row has to change for that.

    `proposal` is what the poster of a public one wants it to say instead; see `actions.vacancies.edit`. `version`
    counts what was written: a moderator decides on the version they read.
    """

    class Kind(models.TextChoices):
        JOB = "job", "Paid job"
        VOLUNTEER = "volunteer", "Volunteer role"

    class Setting(models.TextChoices):
        ON_SITE = "on_site", "On site"
        HYBRID = "hybrid", "Partly from home"
        REMOTE = "remote", "From home, anywhere"

    class Per(models.TextChoices):
        YEAR = "year", "a year"
        HOUR = "hour", "an hour"

    class Contract(models.TextChoices):
        PERMANENT = "permanent", "Permanent"
        FIXED = "fixed", "Fixed term"
        SESSIONAL = "sessional", "Sessional"

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "Not confirmed by its poster"
        WAITING = "waiting", "Waiting for the office"
        APPROVED = "approved", "Public"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn by its poster"

    class Outcome(models.TextChoices):
        FILLED = "filled", "Filled"
        NOT_FILLED = "not_filled", "Not filled"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=120)
    organization = models.CharField("organisation", max_length=150)
    about = models.TextField(max_length=8000)  # Markdown
    setting = models.CharField("where the work is done", max_length=10, choices=Setting.choices)
    region = models.CharField(max_length=20, choices=Region.choices, blank=True)
    town = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    pay_from = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    pay_to = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    pay_per = models.CharField(max_length=4, choices=Per.choices, blank=True)
    pay_band = models.ForeignKey(PayBand, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    expenses = models.CharField(max_length=200, blank=True)
    hours = models.DecimalField("hours a week", max_digits=4, decimal_places=1, null=True, blank=True)
    contract = models.CharField(max_length=10, choices=Contract.choices, blank=True)
    contract_until = models.DateField("until", null=True, blank=True)
    starts = models.CharField("start", max_length=80, blank=True)
    apply_url = models.URLField(
        "web address to apply at", max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    apply_email = models.EmailField("e-mail address to apply to", blank=True)
    apply_text = models.TextField("how to apply", max_length=1000, blank=True)
    closes_on = models.DateField("closing date")

    contact_name = models.CharField("who posted it", max_length=150)
    contact_email = models.EmailField("poster’s e-mail address")
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    proposal = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder, editable=False)

    state = models.CharField(max_length=12, choices=State.choices, default=State.UNCONFIRMED, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField("last written", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField("public since", null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    decision = models.CharField(max_length=60, blank=True, editable=False)  # the last one, in words
    reason = models.TextField(max_length=2000, blank=True, editable=False)
    # For which closing day the poster was reminded, and for which they were asked what became of it.
    reminded_for = models.DateField(null=True, editable=False)
    asked_for = models.DateField(null=True, editable=False)
    outcome = models.CharField("what became of it", max_length=10, choices=Outcome.choices, blank=True, editable=False)

    # The most that it pays, by the year; nothing where only a band is known.
    pay_a_year = models.GeneratedField(
        expression=Case(
            When(pay_per="hour", then=Coalesce(F("pay_to"), F("pay_from")) * HOURS_A_YEAR),
            default=Coalesce(F("pay_to"), F("pay_from")),
        ),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
    )
    words = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=CONFIGURATION)
        + SearchVector("organization", "town", weight="B", config=CONFIGURATION)
        + SearchVector("about", weight="C", config=CONFIGURATION),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = "job or role"
        verbose_name_plural = "jobs and roles"
        ordering = ["-published_at", "-pk"]
        indexes = [
            GinIndex(fields=["words"], name="vacancy_words"),
            models.Index("closes_on", condition=Q(state="approved"), name="vacancy_public"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(pay_from=None, pay_to=None, pay_per="")
                | (Q(pay_from__isnull=False, pay_from__gt=0) & ~Q(pay_per="")),
                name="vacancy_pay_has_a_period",
            ),
            models.CheckConstraint(
                condition=Q(pay_to=None) | Q(pay_to__gte=F("pay_from")), name="vacancy_pay_from_is_least"
            ),
            models.CheckConstraint(
                condition=(Q(kind="job") & ~Q(contract="") & (Q(pay_from__isnull=False) | Q(pay_band__isnull=False)))
                | (Q(kind="volunteer", contract="", pay_from=None, pay_band=None) & ~Q(expenses="")),
                name="vacancy_job_pays_volunteer_is_reimbursed",
            ),
            models.CheckConstraint(
                condition=Q(contract="fixed", contract_until__isnull=False)
                | (~Q(contract="fixed") & Q(contract_until=None)),
                name="vacancy_fixed_term_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(setting="remote") | (~Q(region="") & ~Q(town="")), name="vacancy_is_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(apply_url="", apply_email="", apply_text=""), name="vacancy_says_how_to_apply"
            ),
            models.CheckConstraint(
                condition=Q(apply_url="") | Q(apply_url__iregex=r"^https?://"), name="vacancy_apply_url_is_of_the_web"
            ),
            models.CheckConstraint(condition=Q(hours=None) | Q(hours__gt=0, hours__lte=60), name="vacancy_hours"),
            models.CheckConstraint(
                condition=Q(state__in=["unconfirmed", "withdrawn"]) | Q(confirmed_at__isnull=False),
                name="vacancy_office_sees_what_is_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(published_at__isnull=False, decided_by__isnull=False),
                name="vacancy_public_by_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | (Q(decided_by__isnull=False) & ~Q(reason="")),
                name="vacancy_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None)),
                name="vacancy_withdrawn_has_time",
            ),
            models.CheckConstraint(
                condition=Q(proposal=None) | Q(state="approved"), name="vacancy_proposal_to_a_public_one"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        """Its address is made of its first title, and never changes."""
        if not self.slug:
            self.slug = "-".join(filter(None, [slugify(self.title)[:60].strip("-"), secrets.token_hex(4)]))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("vacancy", args=[self.slug])

    @property
    def is_closed(self) -> bool:
        return self.closes_on < timezone.localdate()

    @property
    def closes_soon(self) -> bool:
        return self.closes_on <= timezone.localdate() + dt.timedelta(days=7)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.APPROVED and not self.is_closed

    @property
    def is_job(self) -> bool:
        return self.kind == self.Kind.JOB

    @property
    def place(self) -> str:
        """Where, as one line: "Frome, South West · Partly from home"."""
        setting = self.get_setting_display()
        where = ", ".join(filter(None, [self.town, self.get_region_display()]))
        if self.setting == self.Setting.ON_SITE:
            return where
        return f"{where} · {setting}" if where else setting

    @property
    def pay(self) -> str:
        """What it pays, as one line; what is paid back, for volunteers. Needs the band."""
        if not self.is_job:
            return f"Expenses: {self.expenses}"
        figures = ""
        if self.pay_from is not None:
            amounts = [self.pay_from] if self.pay_to in (None, self.pay_from) else [self.pay_from, self.pay_to]
            figures = f"{' to '.join(map(_pounds, amounts))} {self.get_pay_per_display()}"
        return " · ".join(filter(None, [figures, self.pay_band.name if self.pay_band else ""]))

    @property
    def hours_told(self) -> str:
        if self.hours is None:
            return "Hours as agreed"
        hours = f"{self.hours:f}".rstrip("0").rstrip(".") if "." in f"{self.hours:f}" else f"{self.hours:f}"
        return f"{hours} hour{'' if self.hours == 1 else 's'} a week"

    def proposed(self) -> "Vacancy":
        """The same, unsaved, as its poster wants it to be."""
        if self.proposal is None:
            return self
        kept = {
            field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields if not field.generated
        }
        other = Vacancy(**kept)
        other.take(self.proposal)
        return other

    def take(self, offer: dict[str, object]) -> None:
        """Sets the fields of an offer, as a form cleaned them or as JSON kept them. Does not save."""
        for name in OFFER:
            if name in offer:
                field = self._meta.get_field(name)
                value = offer[name]
                value = value.pk if isinstance(value, models.Model) else value
                setattr(self, field.attname, field.to_python(value))  # type: ignore[union-attr]


def _pounds(amount: Decimal) -> str:
    return f"£{amount:,.0f}" if amount == amount.to_integral() else f"£{amount:,.2f}"
