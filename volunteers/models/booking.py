"""A person referred, in a slot of a session."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from linkworkers.counters import keep_count
from members.models import Post, Role, User
from referrals.models import Appointment, CareContact, Referral
from referrals.models.referral import LIVE
from volunteers.models.session import ClinicSession, Shift

SEEN_FOR = dt.timedelta(days=14)  # how long a volunteer sees somebody after the session
READ_AGAIN_FOR = dt.timedelta(days=1)  # and after writing up one that is older
OFFER_KEPT_FOR = dt.timedelta(days=14)  # a held time nobody answered for
OFFER_ENDS_BEFORE = dt.timedelta(hours=24)  # a held time is given back before it comes
WITH_ITS_SESSION = dt.timedelta(minutes=1)  # bookings are cancelled a moment before their session is
LOOKS_BACK = dt.timedelta(days=28)  # how long a practice is reminded of somebody without a time


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> "BookingQuerySet":
        """In a slot: held, booked, or seen there."""
        return self.exclude(state=Booking.State.CANCELLED)

    def of_referrals_visible_to(self, user: User) -> "BookingQuerySet":
        """What a practice's staff and link workers see: the bookings of the referrals that they see."""
        return self.filter(referral__in=Referral.objects.visible_to(user))

    def booked_with(self, user: User) -> "BookingQuerySet":
        """What a volunteer sees: those booked with them, while they hold a volunteer's post there and their shift
        stands. For 14 days after the session; longer only what they have still to write up, and for a day what they
        have just written up. Why: docs/decisions/0013.
        """
        now, posts = timezone.now(), user.workplace_ids(Role.VOLUNTEER)
        return self.filter(
            Q(session__clinic__practice__in=posts) | Q(session__clinic__practice__parent__in=posts),
            Q(starts_at__gte=now - SEEN_FOR)
            | Q(appointment__contact=None, referral__episode__closed_at=None)
            | Q(appointment__contact__created_at__gte=now - READ_AGAIN_FOR),
            shift__user=user,
            shift__ended_at=None,
        ).exclude(state__in=[Booking.State.CANCELLED, Booking.State.HELD])

    def at_the_desk_of(self, user: User) -> "BookingQuerySet":
        """What a front desk expects: whoever is booked at the practices where this person is staff, whoever referred
        them, and those whom these practices or the link worker's network referred.
        """
        here = Q(session__clinic__practice__in=user.workplace_ids(Role.PRACTICE_STAFF))
        return self.filter(here | Q(referral__in=Referral.objects.visible_to(user)))

    def unwritten(self) -> "BookingQuerySet":
        """The time has come, nobody said that they stayed away, and nothing is written of it. Of open cases."""
        return self.filter(
            state__in=[Booking.State.BOOKED, Booking.State.ATTENDED],
            starts_at__lte=timezone.now(),
            appointment__contact=None,
            appointment__cancelled_at=None,
            referral__episode__closed_at=None,
        )

    def held(self) -> "BookingQuerySet":
        return self.filter(state=Booking.State.HELD)

    def lapsed(self) -> "BookingQuerySet":
        """Held times that are to be given back: too near, kept too long, or of a case that has ended meanwhile."""
        now = timezone.now()
        return self.held().filter(
            Q(starts_at__lte=now + OFFER_ENDS_BEFORE)
            | Q(booked_at__lte=now - OFFER_KEPT_FOR)
            | Q(referral__episode__closed_at__isnull=False)
            | ~Q(referral__state__in=LIVE)
        )

    def without_a_time(self) -> "BookingQuerySet":
        """People whose time the clinic took back, or whose held time was given back, and who have no booking since:
        their session was cancelled, or a coordinator moved it and they no longer fit. Those whom their practice or a
        link worker took out are not among them.
        """
        since = Booking.objects.filter(referral__episode=OuterRef("referral__episode"), pk__gt=OuterRef("pk"))
        return self.filter(
            Q(cancelled_at__gte=F("session__cancelled_at") - WITH_ITS_SESSION)
            | Q(cancelled_by=None)
            | Exists(Post.objects.filter(user=OuterRef("cancelled_by"), role=Role.COORDINATOR)),
            ~Exists(since),
            state=Booking.State.CANCELLED,
            cancelled_at__gte=timezone.now() - LOOKS_BACK,
            referral__state__in=LIVE,
            referral__episode__closed_at=None,
        )

    def missed_and_not_booked_again(self) -> "BookingQuerySet":
        """People who did not come in the last four weeks, whose case is open and who have no booking since."""
        since = Booking.objects.standing().filter(
            referral__episode=OuterRef("referral__episode"), starts_at__gt=OuterRef("starts_at")
        )
        return self.filter(
            ~Exists(since),
            state=Booking.State.MISSED,
            starts_at__gte=timezone.now() - LOOKS_BACK,
            referral__state__in=LIVE,
            referral__episode__closed_at=None,
        )


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
                func=keep_count("booked", "state <> 'cancelled'", table="volunteers_clinicsession", key="session_id"),
            )
        ]

    def __str__(self) -> str:
        return f"Booking {self.pk}"

    @property
    def is_to_come(self) -> bool:
        return self.starts_at > timezone.now()

    @property
    def can_change(self) -> bool:
        """Whether it can be moved or cancelled still."""
        return self.state in (self.State.HELD, self.State.BOOKED)

    @property
    def contact(self) -> CareContact | None:
        """What was written of it, if anything."""
        return getattr(self.appointment, "contact", None)
