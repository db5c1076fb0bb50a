"""What members tell each other of themselves, if they wish."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.user import User


def new_key() -> str:
    """Names a person in an address without telling how many there are."""
    return secrets.token_urlsafe(9)


class Interest(models.Model):
    """A subject that members care about. The office keeps the list."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Profile(models.Model):
    """A person as other members see them. Nobody is listed who did not say so; `listed_at` is when they did.

    The region is the membership's.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    headline = models.CharField("what you do", max_length=120, blank=True)
    about = models.TextField("about you", max_length=2000, blank=True)
    interests = models.ManyToManyField(Interest, blank=True, related_name="profiles")
    is_listed = models.BooleanField("listed for other members", default=False)
    listed_at = models.DateTimeField(null=True, blank=True, editable=False)
    takes_letters = models.BooleanField("members may write to me", default=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_listed=False) | Q(listed_at__isnull=False), name="profile_listed_by_consent"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
