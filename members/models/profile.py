"""What members tell each other of themselves, if they wish."""

import secrets
import unicodedata
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.membership import leading_to_one_in_force
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


def folded(text: str) -> str:
    """Small letters without accents, as names are looked for: Siobhán O’Neill is found as siobhan o'neill."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("\x00", ""))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


class ProfileQuerySet(models.QuerySet["Profile"]):
    def listed(self) -> "ProfileQuerySet":
        """Those who said that they may be shown, while their membership is in force and their account open."""
        return leading_to_one_in_force(self.filter(is_listed=True, user__is_active=True), "user__membership__")

    def visible_to(self, user: User) -> "ProfileQuerySet":
        """For a member: who is listed, and oneself as others would see one."""
        return self.filter(Q(pk__in=self.listed().values("pk")) | Q(user=user))

    def with_words(self, typed: str) -> "ProfileQuerySet":
        """Those with each of the words, or a part of one, in their name or in what they wrote of themselves."""
        found = self
        for word in folded(typed).split()[:MOST_WORDS]:
            found = found.filter(words__contains=word)
        return found


MOST_WORDS = 8  # of a search


class Profile(models.Model):
    """A person as other members see them. Nobody is listed who did not say so; `listed_at` is when they did.

    The region is the membership's. `words` are what the search reads, brought up to date by `save`.
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
    words = models.TextField(default="", editable=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["words"], opclasses=["gin_trgm_ops"], name="profile_words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_listed=False) | Q(listed_at__isnull=False), name="profile_listed_by_consent"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.words = folded(f"{self.user.name} {self.headline} {self.about}")
        super().save(*args, **kwargs)
