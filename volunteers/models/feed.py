"""The secret address at which somebody's calendar reads their shifts."""

import secrets

from django.db import models
from django.utils import timezone

from members.models import User


def new_token() -> str:
    """What an address is secret by: 192 random bits."""
    return secrets.token_urlsafe(24)


class CalendarFeed(models.Model):
    """Somebody's calendar address. Whoever has it reads when and where they help, and nothing else.

    The token is kept as it is, for a second phone is shown the same address. `last_read_at` is right to the hour.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_read_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"Calendar of {self.user_id}"
