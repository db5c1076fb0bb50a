"""Files that people sent, kept in the database: one backup holds everything, and nothing is served by its path."""

import hashlib
import uuid

from django.db import models
from django.utils import timezone

from members.models.user import User


class StoredFile(models.Model):
    """A checked file. Lists defer `content`; whoever shows one asks whose page it belongs to first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "file"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, *, name: str, content_type: str, content: bytes, by: User | None) -> "StoredFile":
        """Saves what `linkworkers.uploads` has checked."""
        return cls.objects.create(
            name=name,
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            by=by,
        )
