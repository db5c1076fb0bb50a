"""Who waits for a place, in the order in which they came."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from events.models.event import Event
from events.models.order import Order
from events.models.programme import new_key
from events.models.ticket_type import TicketType
from members.models import Role, User


class WaitlistQuerySet(models.QuerySet["WaitlistEntry"]):
    def waiting(self) -> "WaitlistQuerySet":
        """Whoever came first first: keys are given while the event is locked, so their order is that of arrival."""
        return self.filter(state=WaitlistEntry.State.WAITING).order_by("pk")

    def open(self) -> "WaitlistQuerySet":
        """Waiting, or with an offer that is not answered."""
        return self.filter(state__in=WaitlistEntry.OPEN)

    def visible_to(self, user: User) -> "WaitlistQuerySet":
        """One's own; all for the office."""
        return self.all() if user.has_role(Role.ADMINISTRATOR) else self.filter(buyer=user)


class WaitlistEntry(models.Model):
    """One person's wait for a ticket of one type. When a place is free it is held for the first who waits for such a
    ticket: `order` is that offer. An offer that is not taken in time goes to the next, and this entry is over.

    `key` opens its page without an account. `name` and `email` are the attendee's, `buyer_…` who asked for them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        OFFERED = "offered", "Offered a place"
        TAKEN = "taken", "Has a place"
        MISSED = "missed", "Did not answer in time"
        LEFT = "left", "Left the list"
        CLOSED = "closed", "The list was closed"

    OPEN = (State.WAITING, State.OFFERED)

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="waitlist")
    type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="waitlist")
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    buyer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="waits")
    buyer_name = models.CharField(max_length=150)
    buyer_email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address", max_length=254)
    organisation = models.CharField(max_length=150, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="offered_to", verbose_name="offer"
    )

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        verbose_name = "place on the waitlist"
        verbose_name_plural = "waitlist"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "type", "email", "name"],
                condition=Q(state__in=["waiting", "offered"]),
                name="waitlist_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["offered", "taken", "missed"]) | Q(order__isnull=False),
                name="waitlist_offered_has_offer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "offered"], ended_at=None)
                | Q(state__in=["taken", "missed", "left", "closed"], ended_at__isnull=False),
                name="waitlist_ended_has_time",
            ),
        ]
        indexes = [models.Index("event", "id", condition=Q(state="waiting"), name="waitlist_waiting")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("event_wait", args=[self.key])

    @property
    def ahead(self) -> int:
        """How many who wait for any ticket of the event came before. One query."""
        return WaitlistEntry.objects.waiting().filter(event=self.event_id, pk__lt=self.pk).count()
