"""Members who write to each other through the site, and those who would rather not hear from somebody."""

import secrets
import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from members.models.user import User


class BlockQuerySet(models.QuerySet["Block"]):
    def between(self, one: User, other: User) -> "BlockQuerySet":
        """Those of either of two people against the other."""
        return self.filter(Q(by=one, whom=other) | Q(by=other, whom=one))


class Block(models.Model):
    """`by` wants no letters from `whom`, who is not told in so many words."""

    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks")
    whom = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BlockQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint("by", "whom", name="block_once"),
            models.CheckConstraint(condition=~Q(by=F("whom")), name="block_of_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.by} blocks {self.whom}"


def blocked_pairs(user_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Who has blocked whom among these people, as (by, whom). One query."""
    ids = list(user_ids)
    return set(Block.objects.filter(by__in=ids, whom__in=ids).values_list("by", "whom"))


def new_key() -> str:
    return secrets.token_urlsafe(12)


class CorrespondenceQuerySet(models.QuerySet["Correspondence"]):
    def visible_to(self, user: User) -> "CorrespondenceQuerySet":
        """A person's own. Nobody else reads letters, not even the office: it sees what is reported to it."""
        return self.filter(Q(first=user) | Q(second=user))

    def of(self, one: User, other: User) -> "CorrespondenceQuerySet":
        """The one between two people, if there is one."""
        first, second = sorted([one.pk, other.pk])
        return self.filter(first=first, second=second)

    def as_inbox(self, user: User) -> "CorrespondenceQuerySet":
        """One's own, with what a list of them shows: how many letters are unread, those first, and the last one."""
        letters = MemberLetter.objects.filter(correspondence=OuterRef("pk")).order_by("-pk")
        unread = letters.filter(to=user, read_at=None).order_by().values("correspondence")
        return (
            self.visible_to(user)
            .select_related("first", "second")
            .annotate(
                unread=Subquery(unread.annotate(count=models.Count("pk")).values("count")),
                last_text=Subquery(letters.values("text")[:1]),
                last_by=Subquery(letters.values("by")[:1]),
            )
            .alias(is_read=Q(("unread", None)))
            .order_by("is_read", "-last_at", "-pk")
        )


class Correspondence(models.Model):
    """The letters between two members: one row for two people, whoever began. `first` has the lower id."""

    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    first = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CorrespondenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("first", "second", name="correspondence_one_for_two"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="correspondence_in_order"),
            models.CheckConstraint(
                condition=Q(begun_by=F("first")) | Q(begun_by=F("second")), name="correspondence_begun_by_one_of_two"
            ),
        ]
        indexes = [models.Index(fields=["begun_by", "created_at"], name="correspondence_begun")]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"

    def other(self, user: User) -> User:
        """Whom this person writes with."""
        return self.second if user.pk == self.first_id else self.first


class MemberLetterQuerySet(models.QuerySet["MemberLetter"]):
    def visible_to(self, user: User) -> "MemberLetterQuerySet":
        """Those that this person wrote or got."""
        return self.filter(Q(by=user) | Q(to=user))

    def unread_by(self, user: User) -> "MemberLetterQuerySet":
        return self.filter(to=user, read_at=None)


class MemberLetter(models.Model):
    """A letter between two members. `send_key` was made with the form, so that one pressed twice is one letter.

    One that was taken back has no text any more; whoever got it sees that there was one.
    """

    LONGEST = 5000  # characters

    correspondence = models.ForeignKey(Correspondence, on_delete=models.CASCADE, related_name="letters")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="letters_written")
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="letters_got")
    about = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=LONGEST, blank=True)
    send_key = models.UUIDField(default=uuid.uuid4, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    taken_back_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MemberLetterQuerySet.as_manager()

    class Meta:
        verbose_name = "letter"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("by", "send_key", name="member_letter_sent_once"),
            models.CheckConstraint(condition=~Q(by=F("to")), name="member_letter_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) & ~Q(text="") | Q(taken_back_at__isnull=False, text="", about=""),
                name="member_letter_has_text_until_taken_back",
            ),
        ]
        indexes = [models.Index(fields=["to"], name="member_letter_unread", condition=Q(read_at=None))]

    def __str__(self) -> str:
        return f"Letter {self.pk}"
