"""What somebody needs to be well at an event: asked once, for the office's eyes and their own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from events.models.order import Ticket


class Diet(models.TextChoices):
    VEGETARIAN = "vegetarian", "Vegetarian"
    VEGAN = "vegan", "Vegan"
    HALAL = "halal", "Halal"
    KOSHER = "kosher", "Kosher"
    GLUTEN = "gluten", "No gluten"
    DAIRY = "dairy", "No dairy"
    NUTS = "nuts", "No nuts"


class AccessNeed(models.TextChoices):
    WHEELCHAIR = "wheelchair", "I use a wheelchair"
    STEP_FREE = "step_free", "I cannot use stairs"
    HEARING_LOOP = "hearing_loop", "A hearing loop"
    BSL = "bsl", "A British Sign Language interpreter"
    CAPTIONS = "captions", "Captions"
    LARGE_PRINT = "large_print", "Large print"
    SEAT = "seat", "A seat near the front or the door"
    COMPANION = "companion", "I come with a companion or carer"
    ASSISTANCE_DOG = "assistance_dog", "I come with an assistance dog"


class TicketNeeds(models.Model):
    """Access, food and quiet of the person with a ticket. It goes with a ticket that is handed on or given back, and
    some weeks after the event. No page shows it to whoever booked for them, to the door, or on a badge.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="needs", primary_key=True)
    access = ArrayField(models.CharField(max_length=16, choices=AccessNeed.choices), default=list, blank=True)
    access_note = models.CharField("anything else about access", max_length=500, blank=True)
    diet = ArrayField(models.CharField(max_length=12, choices=Diet.choices), default=list, blank=True)
    diet_note = models.CharField("allergies, and anything else about food", max_length=300, blank=True)
    quiet_room = models.BooleanField("a quiet room to go to", default=False)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "needs of an attendee"
        verbose_name_plural = "needs of attendees"

    def __str__(self) -> str:
        return f"Needs, ticket {self.ticket_id}"

    @property
    def is_empty(self) -> bool:
        return not (self.access or self.access_note or self.diet or self.diet_note or self.quiet_room)

    @property
    def lines(self) -> list[str]:
        """In words, for the office."""
        said = [AccessNeed(each).label for each in self.access] + [self.access_note]
        said += [Diet(each).label for each in self.diet] + [self.diet_note]
        return [*filter(None, said), *(["A quiet room"] if self.quiet_room else [])]
