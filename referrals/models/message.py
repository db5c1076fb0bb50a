"""What goes back to the practice, and the codes it counts."""

import uuid

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models import Role, User, Workplace
from referrals.models.episode import Episode, ShareBack


class MessageBackQuerySet(models.QuerySet["MessageBack"]):
    def visible_to(self, user: User) -> "MessageBackQuerySet":
        """Those sent to a practice where this person is staff today, or from a network where they are a link worker."""
        return self.filter(
            Q(practice__in=user.workplace_ids(Role.PRACTICE_STAFF))
            | Q(episode__network__in=user.workplace_ids(Role.LINK_WORKER))
        )

    def to_file_by(self, user: User) -> "MessageBackQuerySet":
        """Those that this person's practice has not filed yet."""
        return self.filter(filed_at=None, practice__in=user.workplace_ids(Role.PRACTICE_STAFF))


@pghistory.track()
class MessageBack(models.Model):
    """A letter to the practice, as it was sent. `share_back` is what the person had agreed to on that day:
    with codes only, `text` is empty and the letter holds the codes alone.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", "Referral accepted"
        STARTED = "started", "First conversation"
        UPDATE = "update", "News"
        DECLINED = "declined", "Referral declined"
        ENDED = "ended", "Support has ended"

    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="messages")
    practice = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="messages_back")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    share_back = models.CharField(max_length=12, choices=ShareBack.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = MessageBackQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "messages back"
        constraints = [
            models.CheckConstraint(
                condition=Q(filed_at=None, filed_by=None) | Q(filed_at__isnull=False, filed_by__isnull=False),
                name="message_filed_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(share_back="everything") | Q(text=""),
                name="message_codes_only_has_no_text",
            ),
        ]
        indexes = [
            models.Index(F("episode"), F("created_at"), name="message_episode"),
            models.Index(
                "practice",
                "created_at",
                condition=Q(filed_at=None),
                name="message_to_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d}"

    @property
    def shares_everything(self) -> bool:
        return self.share_back == ShareBack.EVERYTHING


class CodedEntry(models.Model):
    """A SNOMED CT (UK) code that the practice counts. Each is recorded at most once in an episode: the database sees
    to it, for a code counted twice is wrong in a national return.
    """

    class Code(models.TextChoices):
        """SNOMED CT UK Edition concept ids, as named in the national guidance on social prescribing codes."""

        REFERRAL = "871731000000106", "Referral to social prescribing service"
        DECLINED = "871711000000103", "Social prescribing declined"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="coded_entries")
    code = models.CharField(max_length=18, choices=Code.choices)
    recorded_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(MessageBack, on_delete=models.PROTECT, related_name="coded_entries")

    class Meta:
        verbose_name_plural = "coded entries"
        constraints = [models.UniqueConstraint(fields=["episode", "code"], name="coded_entry_once_an_episode")]
        triggers = [
            pgtrigger.Protect(
                name="code_is_written_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} ({self.code})"
