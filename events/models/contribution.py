"""The call for contributions of an event, what people offer, and what the panel makes of it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Avg, Count, Exists, F, FloatField, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat, Lower
from django.urls import reverse
from django.utils import timezone

from events.models.event import Event
from events.models.programme import ProgrammeItem, new_key
from members.models import User

BEST = 5  # scores go from 1 to this
LEAST_WORDS, MOST_WORDS = 150, 300  # of a summary that is sent in


class ContributionKind(models.TextChoices):
    TALK = "talk", "Talk"
    WORKSHOP = "workshop", "Workshop"
    POSTER = "poster", "Poster or story"
    PANEL = "panel", "Panel discussion"


def all_kinds() -> list[str]:
    return list(ContributionKind.values)


class CallForContributions(models.Model):
    """An event asks people what they would bring to it, from `opens_at` until `closes_at`.

    `decisions_sent_at` is when decisions last went out; the panel was thanked once nothing was left undecided.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="call")
    opens_at = models.DateTimeField("opens")
    closes_at = models.DateTimeField("closes")
    decide_by = models.DateTimeField("decisions by", help_text="Told to everybody who offers something.")
    guidance = models.TextField("what you look for", max_length=6000, blank=True, help_text="Markdown.")
    kinds = ArrayField(
        models.CharField(max_length=8, choices=ContributionKind.choices),
        default=all_kinds,
        verbose_name="what people can offer",
    )
    reviews_wanted = models.PositiveSmallIntegerField(
        "readers for each", default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    decisions_sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "call for contributions"
        verbose_name_plural = "calls for contributions"
        ordering = ["-closes_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at"), decide_by__gt=F("closes_at")),
                name="call_in_order",
                violation_error_message="It opens, then closes, and decisions come after that.",
            ),
            models.CheckConstraint(
                condition=Q(reviews_wanted__gte=1, reviews_wanted__lte=10), name="call_wants_readers"
            ),
            models.CheckConstraint(
                condition=Q(kinds__len__gte=1),
                name="call_for_something",
                violation_error_message="Tick what people can offer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: call for contributions"

    def get_absolute_url(self) -> str:
        return reverse("event_contribute", args=[self.event.slug])

    @property
    def is_open(self) -> bool:
        """Whether something can be offered or changed just now. Needs the event."""
        event = self.event
        lives = event.is_public and not event.is_cancelled and not event.has_begun
        return lives and self.opens_at <= timezone.now() < self.closes_at

    @property
    def is_closed(self) -> bool:
        return self.closes_at <= timezone.now()

    @property
    def kind_names(self) -> list[str]:
        return [str(label) for value, label in ContributionKind.choices if value in self.kinds]


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def of(self, user: User) -> "ContributionQuerySet":
        """Somebody's own: by their account, or by its mail address."""
        return self.filter(Q(user=user) | Q(email__iexact=user.email))

    def not_of(self, user: User) -> "ContributionQuerySet":
        """Without what somebody offers themselves or takes part in, as far as that can be told."""
        own = Q(user__isnull=False, user=user) | Q(email__iexact=user.email)
        if user.name.strip():
            own |= Q(name__iexact=user.name) | Q(co_presenters__icontains=user.name)
        return self.exclude(own)

    def read_by_panel(self) -> "ContributionQuerySet":
        """What was sent in and stands: neither drafts nor what was taken back."""
        return self.exclude(state__in=[Contribution.State.DRAFT, Contribution.State.WITHDRAWN])

    def readable_by(self, user: User, event: Event) -> "ContributionQuerySet":
        """What somebody of the panel reads at this event: never their own. Whoever calls has asked for the duty."""
        return self.filter(call__event=event).read_by_panel().not_of(user)

    def with_readings(self) -> QuerySet[Any]:
        """With `readings`, how many scored it, and `aside`, how many stepped aside."""
        return self.annotate(readings=_counted(aside=False), aside=_counted(aside=True))

    def with_marks(self) -> QuerySet[Any]:
        """The same with `mark`, the average of 1 to 5 over readers and questions, and `lowest` and `highest` reader."""
        mark = Cast(F("reviews__purpose") + F("reviews__use") + F("reviews__clarity"), FloatField()) / 3.0
        return self.with_readings().annotate(mark=Avg(mark), lowest=Min(mark), highest=Max(mark))

    def for_reader(self, user: User) -> QuerySet[Any]:
        """With its readings, `mine`, whether this reader read it as it is now, and `turn`: a random order, another for
        each reader, and the same each time.
        """
        done = Review.objects.filter(contribution=OuterRef("pk"), reviewer=user, at__gte=OuterRef("changed_at"))
        turn = MD5(Concat(Value(f"{user.pk}:", models.TextField()), Cast("pk", models.TextField())))
        return self.with_readings().annotate(mine=Exists(done), turn=turn)


def _counted(*, aside: bool) -> Coalesce:
    rows = Review.objects.filter(contribution=OuterRef("pk"), steps_aside=aside).order_by().values("contribution")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


class Contribution(models.Model):
    """What somebody offers to an event. Whoever has its `key` may see and change it; the panel knows it by its `number`
    in the call, and never by who offers it.

    `decision` and `decision_line` are what the office means to say; nothing of it is known to anybody else until the
    decisions are sent, which makes it the `state`. `answer` is what an accepted one said.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent in"
        WITHDRAWN = "withdrawn", "Taken back"
        ACCEPTED = "accepted", "Accepted"
        RESERVE = "reserve", "On the reserve list"
        DECLINED = "declined", "Declined"

    class Decision(models.TextChoices):
        ACCEPT = "accept", "Accept"
        RESERVE = "reserve", "Reserve list"
        DECLINE = "decline", "Decline"

    class Answer(models.TextChoices):
        COMES = "comes", "Will come and speak"
        CANNOT = "cannot", "Cannot come"

    call = models.ForeignKey(CallForContributions, on_delete=models.CASCADE, related_name="contributions")
    number = models.PositiveIntegerField(editable=False)
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    user = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name="account",
    )
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address", max_length=254)
    organisation = models.CharField(max_length=150, blank=True)
    co_presenters = models.TextField(max_length=1500, blank=True, help_text="A line each: name, organisation.")
    kind = models.CharField(max_length=8, choices=ContributionKind.choices)
    title = models.CharField(max_length=150)
    abstract = models.TextField("what it is about", max_length=3000, blank=True)
    takeaways = models.TextField("what people take away", max_length=1000, blank=True)
    audience = models.CharField("who it is for", max_length=200, blank=True)
    needs = models.TextField("what is needed for it", max_length=500, blank=True)
    consented_at = models.DateTimeField("agreed to be written to", null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField("sent in", null=True, blank=True, editable=False)
    decision = models.CharField(max_length=7, choices=Decision.choices, blank=True)
    decision_line = models.CharField("a personal line", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField("decision sent", null=True, blank=True, editable=False)
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    item = models.OneToOneField(
        ProgrammeItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="contribution",
        verbose_name="session",
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["call", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="contribution_number_once"),
            models.UniqueConstraint(
                "call",
                Lower("email"),
                Lower("title"),
                condition=~Q(state="withdrawn"),
                name="contribution_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (Q(sent_at__isnull=False, consented_at__isnull=False) & ~Q(abstract="")),
                name="contribution_sent_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "withdrawn"]) | Q(decided_at__isnull=False),
                name="contribution_decided_has_day",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="contribution_answer_has_day",
            ),
        ]
        indexes = [models.Index(Lower("email"), name="contribution_email")]

    def __str__(self) -> str:
        return f"Contribution {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("contribution", args=[self.key])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_decided(self) -> bool:
        """Whether its decision was sent."""
        return self.state in (self.State.ACCEPTED, self.State.RESERVE, self.State.DECLINED)

    @property
    def presenters(self) -> list[tuple[str, str]]:
        """Those who present it besides whoever offers it: name and organisation."""
        lines = (line.strip().partition(",") for line in self.co_presenters.splitlines() if line.strip())
        return [(name.strip()[:120], organisation.strip()[:150]) for name, _, organisation in lines if name.strip()]


class Review(models.Model):
    """What one of the panel thinks of a contribution; or that they step aside, because they know whose it is."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="event_reviews", verbose_name="reader")
    steps_aside = models.BooleanField(default=False)
    purpose = models.PositiveSmallIntegerField("matters to this work", null=True, blank=True)
    use = models.PositiveSmallIntegerField("can be used on Monday", null=True, blank=True)
    clarity = models.PositiveSmallIntegerField("clear and ready", null=True, blank=True)
    for_panel = models.TextField("for the panel", max_length=2000, blank=True)
    for_author = models.TextField("for whoever offers it", max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["contribution", "at"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "reviewer"], name="review_once"),
            models.CheckConstraint(
                condition=Q(steps_aside=True, purpose=None, use=None, clarity=None, for_author="")
                | Q(
                    steps_aside=False,
                    purpose__gte=1,
                    purpose__lte=BEST,
                    use__gte=1,
                    use__lte=BEST,
                    clarity__gte=1,
                    clarity__lte=BEST,
                ),
                name="review_scores_or_steps_aside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution}, read"

    @property
    def mark(self) -> float | None:
        """The average of its three scores; None for whoever stepped aside."""
        scores = [score for score in (self.purpose, self.use, self.clarity) if score is not None]
        return sum(scores) / len(scores) if scores else None


def panel_of(event: Event) -> QuerySet[User]:
    """Those who were asked to read for an event, and are still here."""
    return User.objects.filter(event_duties__event=event, event_duties__duty="panel", is_active=True).order_by("pk")
