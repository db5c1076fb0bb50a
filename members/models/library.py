"""Files and reports that a community keeps."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.community import Community
from members.models.file import StoredFile
from members.models.user import User


class LibraryItemQuerySet(models.QuerySet["LibraryItem"]):
    def visible_to(self, user: User) -> "LibraryItemQuerySet":
        """What has not been removed, of communities that have a page."""
        return self.filter(removed_at=None, community__state__in=[Community.State.OPEN, Community.State.CLOSED])


class LibraryItem(models.Model):
    """A file or a report. When it is removed its file is gone, and the row says who did so and why."""

    class Kind(models.TextChoices):
        FILE = "file", "File"
        REPORT = "report", "Report"

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="library")
    kind = models.CharField("what is it", max_length=6, choices=Kind.choices)
    title = models.CharField(max_length=150)
    about = models.TextField("what is in it", max_length=1000)
    year = models.PositiveSmallIntegerField(validators=[MinValueValidator(1948), MaxValueValidator(2100)])
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_reason = models.TextField(blank=True)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = LibraryItemQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None, file__isnull=False)
                | Q(removed_at__isnull=False, removed_by__isnull=False, file=None),
                name="library_item_removed_has_facts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["community", "-year", "-added_at"],
                name="library_newest",
                condition=Q(removed_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.title
