"""What members report to a moderator, what is decided on it, and the log of everything that moderators do."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.community import Community, Moderator
from members.models.user import Role, User


class Target(models.TextChoices):
    """What can be reported, or moderated."""

    TOPIC = "topic", "Topic"
    REPLY = "reply", "Reply"
    LIBRARY_ITEM = "library_item", "File or report"
    LETTER = "letter", "Letter from a member"
    PROFILE = "profile", "Profile"
    VACANCY = "vacancy", "Listing of a job or role"


class FlagQuerySet(models.QuerySet["Flag"]):
    def waiting(self) -> "FlagQuerySet":
        """Those that nobody has decided on, the oldest first."""
        return self.filter(decision="").order_by("created_at", "pk")

    def visible_to(self, user: User) -> "FlagQuerySet":
        """Those of communities that this person looks after, but for reports of what they wrote; all for the office."""
        if user.has_role(Role.ADMINISTRATOR):
            return self.exclude(author=user)
        moderated = Moderator.objects.current().filter(user=user).values("community")
        return self.filter(community__in=moderated).exclude(author=user)


class Flag(models.Model):
    """Somebody asks a moderator to look at something. What stood there then is kept in `excerpt`.

    `community` says whose moderators look at it; without one the office does. `key` is what the thing is known by.
    """

    class Reason(models.TextChoices):
        PRIVACY = "privacy", "It says who somebody is who was referred"
        UNKIND = "unkind", "It is unkind, or goes against somebody"
        UNSAFE = "unsafe", "It is wrong, and somebody could come to harm"
        ADVERT = "advert", "It is an advertisement"
        OTHER = "other", "Something else"

    class Decision(models.TextChoices):
        LEFT = "left", "Left as it is"
        HIDDEN = "hidden", "Hidden"
        CLOSED = "closed", "Closed for replies"
        DEALT_WITH = "dealt_with", "Put right"

    kind = models.CharField(max_length=12, choices=Target.choices)
    key = models.CharField(max_length=64)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, null=True, blank=True, related_name="flags")
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField("where", max_length=300)
    excerpt = models.TextField("as it stood", blank=True)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    text = models.TextField("in their words", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="reported by")
    created_at = models.DateTimeField("reported", default=timezone.now, editable=False)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField("why", blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = "report to a moderator"
        verbose_name_plural = "reports to moderators"
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision=""),
                name="flag_decided_has_facts",
            ),
            models.UniqueConstraint(
                fields=["kind", "key", "by"], condition=Q(decision=""), name="flag_waiting_once_a_person"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "created_at"], name="flag_waiting", condition=Q(decision="")),
            models.Index(fields=["kind", "key"], name="flag_target"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_reason_display()}"

    @property
    def title(self) -> str:
        """What it is about, in a line."""
        return self.excerpt.partition("\n")[0][:120] or self.get_kind_display()

    @property
    def log_title(self) -> str:
        """The same for the log, which keeps it for ever: no word of a text that its author may take back."""
        titled = self.kind in (Target.TOPIC, Target.LIBRARY_ITEM, Target.VACANCY)
        return self.title if titled else self.get_kind_display()

    @property
    def is_waiting(self) -> bool:
        return not self.decision

    @property
    def choices(self) -> "list[Flag.Decision]":
        """What can be decided on a thing of this kind."""
        decision = Flag.Decision
        match self.kind:
            case Target.TOPIC:
                return [decision.LEFT, decision.HIDDEN, decision.CLOSED]
            case Target.REPLY | Target.LIBRARY_ITEM:
                return [decision.LEFT, decision.HIDDEN]
        return [decision.LEFT, decision.DEALT_WITH]


class ModerationEntryQuerySet(models.QuerySet["ModerationEntry"]):
    def visible_to(self, user: User) -> "ModerationEntryQuerySet":
        """The log of the communities that this person looks after; all for the office."""
        if user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(community__in=Moderator.objects.current().filter(user=user).values("community"))


class ModerationEntry(models.Model):
    """A moderator did something, and why. Rows are added and never changed: the database refuses it."""

    class Act(models.TextChoices):
        PINNED = "pinned", "Pinned"
        UNPINNED = "unpinned", "No longer pinned"
        CLOSED = "closed", "Closed for replies"
        REOPENED = "reopened", "Opened for replies"
        MOVED = "moved", "Moved"
        HIDDEN = "hidden", "Hidden"
        SHOWN = "shown", "Shown again"
        REMOVED = "removed", "Removed"
        LEFT = "left", "Left as it is"
        DEALT_WITH = "dealt_with", "Put right"

    at = models.DateTimeField(default=timezone.now)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, null=True, related_name="log")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=10, choices=Act.choices)
    kind = models.CharField(max_length=12, choices=Target.choices)
    key = models.CharField(max_length=64)
    title = models.CharField(max_length=200)  # as it was known then
    path = models.CharField(max_length=300)
    reason = models.TextField()

    objects = ModerationEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["community", "-at"], name="moderation_newest")]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                func="RAISE EXCEPTION 'The log of moderators is append-only: % is refused.', TG_OP;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.get_act_display()} {self.title}"
