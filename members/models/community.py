"""Communities of practice: who meets in them, who looks after them, and who follows what."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone

from members.models.post import daterange
from members.models.profile import Interest
from members.models.user import Role, User
from members.models.workplace import Region

RESERVED_SLUGS = frozenset({"ask", "moderation", "replies", "report", "topics"})  # addresses beside the communities'


class CommunityQuerySet(models.QuerySet["Community"]):
    def listed(self) -> "CommunityQuerySet":
        """Those that anybody sees in the list."""
        return self.filter(state=Community.State.OPEN)

    def shown(self) -> "CommunityQuerySet":
        """Those that have a page: the open ones, and the closed ones, which are read on."""
        return self.filter(state__in=[Community.State.OPEN, Community.State.CLOSED])

    def moderated_by(self, user: User) -> "CommunityQuerySet":
        """Those that this person looks after today; all for the office."""
        if user.has_role(Role.ADMINISTRATOR):
            return self.shown()
        return self.shown().filter(pk__in=Moderator.objects.current().filter(user=user).values("community"))

    def with_standing(self, user: User) -> "CommunityQuerySet":
        """Each with `follows` and `is_moderator` of a person: how they stand to it."""
        follows = Following.objects.filter(community=OuterRef("pk"), user=user, is_muted=False)
        moderates = Moderator.objects.current().filter(community=OuterRef("pk"), user=user)
        return self.annotate(follows=Exists(follows), is_moderator=Exists(moderates))


class Community(models.Model):
    """A place where members talk: a region's, the national one, or an interest group's.

    An interest group may be asked for by a member; it is seen once the office has opened it. `topic_count`,
    `follower_count` and `last_at` are kept by the actions; `members.actions.communities.recount` counts them anew.
    """

    class Kind(models.TextChoices):
        NATIONAL = "national", "National"
        REGION = "region", "Region or nation"
        INTEREST = "interest", "Interest group"

    class State(models.TextChoices):
        ASKED = "asked", "Asked for"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        DECLINED = "declined", "Declined"

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.INTEREST)
    name = models.CharField(max_length=80)
    slug = models.SlugField(
        max_length=80,
        unique=True,
        validators=[
            RegexValidator(
                rf"^({'|'.join(sorted(RESERVED_SLUGS))})$", "This address is taken. Choose another.", inverse_match=True
            )
        ],
        help_text="Its address: small letters and dashes.",
    )
    purpose = models.TextField("what it is for", max_length=600)
    region = models.CharField(max_length=20, choices=Region.choices, blank=True)
    interest = models.ForeignKey(Interest, on_delete=models.PROTECT, null=True, blank=True, related_name="communities")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN, editable=False)
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.TextField("why it is closed or declined", blank=True, editable=False)
    topic_count = models.PositiveIntegerField("topics", default=0, editable=False)
    follower_count = models.PositiveIntegerField("members", default=0, editable=False)
    last_at = models.DateTimeField("last activity", null=True, blank=True, editable=False)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "communities"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="national", region="", interest=None)
                | Q(kind="region", interest=None) & ~Q(region="")
                | Q(kind="interest", region="", interest__isnull=False),
                name="community_kind_has_its_facts",
            ),
            models.UniqueConstraint(fields=["region"], condition=Q(kind="region"), name="community_once_a_region"),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="national"), name="community_one_national"),
            models.UniqueConstraint(
                Lower("name"),
                condition=~Q(state="declined"),
                name="community_name_once",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(answer="")
                | ~Q(state="closed") & Q(closed_at=None),
                name="community_closed_has_facts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["asked", "declined"]) | Q(kind="interest", asked_by__isnull=False),
                name="community_asked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether members may write in it."""
        return self.state == self.State.OPEN


class ModeratorQuerySet(models.QuerySet["Moderator"]):
    def current(self, on: dt.date | None = None) -> "ModeratorQuerySet":
        """Those who look after a community on a day, today in London unless told."""
        day = on or timezone.localdate()
        return self.filter(Q(end_date=None) | Q(end_date__gte=day), start_date__lte=day)


class Moderator(models.Model):
    """Somebody who looks after a community, from a day to a day. The office names them; they are members in force."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="moderators")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="moderates", verbose_name="member")
    start_date = models.DateField("from", default=timezone.localdate)
    end_date = models.DateField("last day", null=True, blank=True)

    objects = ModeratorQuerySet.as_manager()

    class Meta:
        ordering = ["community__name", "start_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date=None) | Q(end_date__gte=F("start_date")), name="moderator_ends_after_begins"
            ),
            ExclusionConstraint(
                name="moderator_once_at_a_time",
                expressions=[
                    ("community", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (daterange("start_date", "end_date"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.community}"


class Following(models.Model):
    """Somebody follows a community or a topic. Who stops following keeps the row, muted, so that nothing that follows
    by itself begins it again.

    `told_at` is up to when they have been told of replies: the daily summary goes on from there.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="followings")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, null=True, blank=True, related_name="followings")
    topic = models.ForeignKey(
        "members.Topic", on_delete=models.CASCADE, null=True, blank=True, related_name="followings"
    )
    is_muted = models.BooleanField(default=False)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(community=None, topic__isnull=False) | Q(community__isnull=False, topic=None),
                name="following_community_or_topic",
            ),
            models.UniqueConstraint(fields=["user", "community"], name="following_community_once"),
            models.UniqueConstraint(fields=["user", "topic"], name="following_topic_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} follows {self.community or self.topic}"
