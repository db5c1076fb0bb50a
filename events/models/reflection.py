"""What people take with them from an event, for themselves or for others, and who wants to do the same."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from events.models.event import Event
from events.models.order import Ticket
from events.models.programme import new_key
from members.models import Region, StoredFile, User

ENOUGH_WORDS = 60  # from so many on a reflection counts a point of learning


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def stories(self) -> "ReflectionQuerySet":
        """Published, for everybody or for a region."""
        return self.filter(state=Reflection.State.PUBLISHED)

    def stories_of(self, region: str) -> "ReflectionQuerySet":
        """The public ones, and those of a region; of none where it is empty."""
        allowed = Q(visibility=Reflection.Visibility.PUBLIC)
        if region:
            allowed |= Q(visibility=Reflection.Visibility.REGION, region=region)
        return self.stories().filter(allowed)

    def waiting(self) -> "ReflectionQuerySet":
        return self.filter(state=Reflection.State.WAITING)


class Reflection(models.Model):
    """One attendee's words. PRIVATE ones are KEPT: nobody reads them, the office neither. Others wait for the office,
    and are hidden again whenever their writer changes them, until it has read them anew.

    `permission` is the sentence that was agreed to, word for word, at `permitted_at`. `credit` is how the writer is
    named. `region` is whose members read a regional one. `version` counts what was sent.
    """

    class Visibility(models.TextChoices):
        PRIVATE = "private", "Only me"
        REGION = "region", "Members in my region"
        PUBLIC = "public", "Everybody, as a story on this site"

    class Credit(models.TextChoices):
        FULL = "full", "My full name"
        FIRST = "first", "My first name"
        NONE = "none", "No name: what I do and where"

    class State(models.TextChoices):
        KEPT = "kept", "Kept"
        WAITING = "waiting", "Waits for the office"
        PUBLISHED = "published", "Published"
        DECLINED = "declined", "Not published"
        WITHDRAWN = "withdrawn", "Taken back"

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="reflection")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reflections")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="reflections")
    title = models.CharField(max_length=120, blank=True)
    takes = models.TextField("what I take with me", max_length=5000)
    does = models.TextField("what I will do", max_length=2000, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    visibility = models.CharField(max_length=7, choices=Visibility.choices, default=Visibility.PRIVATE)
    region = models.CharField(max_length=20, choices=Region.choices, blank=True)
    credit = models.CharField("named as", max_length=5, choices=Credit.choices, default=Credit.NONE)
    line = models.CharField("credit", max_length=200, blank=True)
    contactable = models.BooleanField("others may ask to be introduced", default=True)
    permission = models.CharField(max_length=500, blank=True)
    permitted_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.KEPT)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility="private", state__in=["kept", "withdrawn"])
                | (~Q(visibility="private") & ~Q(state="kept")),
                name="reflection_private_is_kept",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "published"]) | (Q(permitted_at__isnull=False) & ~Q(permission="")),
                name="reflection_shown_with_permission",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="region") | ~Q(region=""), name="reflection_of_region_has_one"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False, decided_by__isnull=False),
                name="reflection_published_by_somebody",
            ),
        ]
        indexes = [models.Index("published_at", condition=Q(state="published"), name="reflection_published")]

    def __str__(self) -> str:
        return self.title or f"From {self.event}"

    def get_absolute_url(self) -> str:
        return reverse("event_story", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def words(self) -> int:
        return len(f"{self.takes} {self.does}".split())


class Introduction(models.Model):
    """“I want to do this too”: somebody asks the writer of a story to be introduced. Neither learns the other's address
    unless the writer says yes. `key` opens the question to the writer, who may have no account.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        INTRODUCED = "introduced", "Introduced"
        DECLINED = "declined", "Not now"

    story = models.ForeignKey(Reflection, on_delete=models.CASCADE, related_name="introductions")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="asked_introductions")
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["story", "by"], name="introduction_once"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at=None) | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="introduction_answered_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} about {self.story}"
