"""What those logged in keep at hand: favourites, and collections that they share."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from directory.models.service import Service
from members.models import User, Workplace


def new_key() -> str:
    return secrets.token_urlsafe(12)


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, user: User) -> "CollectionQuerySet":
        """One's own, and those that colleagues share with a workplace where this person holds a post today."""
        return self.filter(Q(owner=user) | Q(workplace__in=[post.workplace_id for post in user.current_posts]))


class Collection(models.Model):
    """Listings that somebody keeps together. One of each person's is their favourites.

    With a `workplace` its people see and change it; with `link_shared` whoever has the link reads it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=120)
    note = models.TextField(blank=True, help_text="Printed beneath the title of its leaflet.")
    favourites = models.BooleanField(default=False, editable=False)
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="shared with"
    )
    link_shared = models.BooleanField("anybody with the link may read it", default=False)
    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    services = models.ManyToManyField(Service, through="CollectionItem", related_name="collections")

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["-favourites", "name", "pk"]
        constraints = [
            models.UniqueConstraint("owner", condition=Q(favourites=True), name="collection_one_of_favourites"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("collection", args=[self.key])


class CollectionItem(models.Model):
    """A listing in a collection, with a line of why it is there."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [models.UniqueConstraint(F("collection"), F("service"), name="collection_item_once")]

    def __str__(self) -> str:
        return str(self.service)
