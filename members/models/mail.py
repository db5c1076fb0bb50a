"""Which mails somebody wants, and how often."""

from collections.abc import Iterable

from django.db import models

from members.models.user import User


class Frequency(models.TextChoices):
    OFF = "off", "Not at all"
    AT_ONCE = "at_once", "As it happens"
    DAILY = "daily", "Once a day"
    WEEKLY = "weekly", "Once a week"
    MONTHLY = "monthly", "Once a month"


class MailChoiceQuerySet(models.QuerySet["MailChoice"]):
    def by_user(self, kind: str, users: Iterable[int]) -> dict[int, str]:
        """What each of these people chose for a kind; whoever is not in it chose nothing. One query."""
        return dict(self.filter(kind=kind, user__in=list(users)).values_list("user", "frequency"))


class MailChoice(models.Model):
    """What somebody chose for one kind of mail, where it differs from the usual: see `members.mail_kinds`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=40)
    frequency = models.CharField(max_length=8, choices=Frequency.choices)

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="mail_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_frequency_display()}"
