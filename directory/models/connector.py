"""Community connectors: barbers, café owners, librarians who point people to what is near, and count that they did."""

import secrets

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from directory.models.taxonomy import Need
from members.models import Role, User, Workplace


def new_token() -> str:
    return secrets.token_urlsafe(18)


class ConnectorQuerySet(models.QuerySet["Connector"]):
    def visible_to(self, user: User) -> "ConnectorQuerySet":
        """Those of the workplaces where this person is link worker, coordinator or manager; all for administrators."""
        if user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(workplace__in=user.workplace_ids(Role.LINK_WORKER, Role.COORDINATOR, Role.MANAGER))


class Connector(models.Model):
    """A community connector's counter. Whoever has the link with its `token` counts on it, without an account."""

    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="+", verbose_name="network")
    name = models.CharField(max_length=120, help_text="As in: Verulam Talking Café, or Sal’s hairdresser.")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    is_active = models.BooleanField("counts", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConnectorQuerySet.as_manager()

    class Meta:
        verbose_name = "community connector"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("counter", args=[self.token])


class Tap(models.Model):
    """One signposting conversation, and no word about who with. The phone makes the id, so that a tap that is sent
    twice counts once.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="taps")
    need = models.CharField("about", max_length=20, choices=Need.choices, blank=True)
    on = models.DateField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(F("connector"), F("on"), name="tap_of_connector")]

    def __str__(self) -> str:
        return f"{self.connector}, {self.on:%Y-%m-%d}"
