"""A person referred, in a slot of a session."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models import Role, User
from referrals.models import Appointment, Referral
from volunteers.models.session import ClinicSession, Shift, keep_count


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> "BookingQuerySet":
        """In a slot: held, booked, or seen there."""
        return self.exclude(state=Booking.State.CANCELLED)

    def of_referrals_visible_to(self, user: User) -> "BookingQuerySet":
        """What a practice's staff and link workers see: the bookings of the referrals that they see."""
        return self.filter(referral__in=Referral.objects.visible_to(user))

    def booked_with(self, user: User) -> "BookingQuerySet":
        """What a volunteer sees: those booked with them, while they hold a volunteer's post there."""
        posts = user.workplace_ids(Role.VOLUNTEER)
        return self.filter(
            Q(session__clinic__practice__in=posts) | Q(session__clinic__practice__parent__in=posts),
            shift__user=user,
            shift__ended_at=None,
        ).exclude(state__in=[Booking.State.CANCELLED, Booking.State.HELD])


class Booking(models.Model):
    """Somebody's referral in a slot of a session, from `starts_at` to `ends_at`, in one of the `at_once` lanes.

    It has the appointment of the case, and the shift of the volunteer who sees them; none while nobody is rostered, and
    then the appointment is the case holder's. HELD is a slot kept for somebody whose session was cancelled, until their
    practice has asked them; `replaces` is the booking they had.
    """

    class State(models.TextChoices):
        HELD = "held", "Offered, to be confirmed"
        BOOKED = "booked", "Booked"
        ATTENDED = "attended", "Came"
        MISSED = "missed", "Did not come"
        CANCELLED = "cancelled", "Cancelled"

    session = models.ForeignKey(ClinicSession, on_delete=models.PROTECT, related_name="bookings")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="bookings")
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="booking"
    )
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    lane = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(default=timezone.now)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replacement")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "lane", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "starts_at", "lane"],
                condition=~Q(state="cancelled"),
                name="booking_slot_once",
                violation_error_message="This time was taken just now.",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at"), lane__gte=1), name="booking_in_a_slot"),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at=None)),
                name="booking_cancelled_has_facts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["booked", "attended", "missed"]) | Q(appointment__isnull=False),
                name="booking_has_appointment",
            ),
        ]
        indexes = [models.Index("referral", "starts_at", name="booking_referral")]
        triggers = [
            pgtrigger.Trigger(
                name="booking_is_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=keep_count("booked", "state <> 'cancelled'"),
            )
        ]

    def __str__(self) -> str:
        return f"Booking {self.pk}"
