"""Hours, milestones, letters, faces and counted months for tests: each valid, with nothing a test did not ask for."""

import io
from decimal import Decimal

import factory
from dateutil.relativedelta import relativedelta
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from members.models import StoredFile
from volunteers.factories import ClinicFactory, VolunteerFactory
from volunteers.models import ClinicMonth, ExtraHours, HealthAnswer, Milestone, ThankYouLetter, Volunteer


class ExtraHoursFactory(DjangoModelFactory[ExtraHours]):
    """An hour and a half of training today, that nobody has confirmed. `confirmed=True` counts it."""

    class Meta:
        model = ExtraHours

    class Params:
        confirmed = factory.Trait(state=ExtraHours.State.CONFIRMED, answered_at=factory.LazyFunction(timezone.now))

    volunteer = factory.SubFactory(VolunteerFactory)
    on = factory.LazyFunction(timezone.localdate)
    hours = Decimal("1.5")
    kind = ExtraHours.Kind.TRAINING
    what = factory.Sequence(lambda n: f"Training {n}")


class ThankYouLetterFactory(DjangoModelFactory[ThankYouLetter]):
    """A short letter; `by` is the volunteer themselves unless told, for a test that does not care."""

    class Meta:
        model = ThankYouLetter

    volunteer = factory.SubFactory(VolunteerFactory)
    text = "Dear Rose,\n\nthank you.\n\nWith warm thanks,"
    by = factory.SelfAttribute("volunteer.user")
    signed_by = factory.LazyAttribute(lambda made: str(made.by))
    signed_as = "Volunteer coordinator"


class MilestoneFactory(DjangoModelFactory[Milestone]):
    """Ten hours, reached today, not thanked for."""

    class Meta:
        model = Milestone

    volunteer = factory.SubFactory(VolunteerFactory)
    kind = Milestone.Kind.HOURS
    number = 10
    reached_on = factory.LazyFunction(timezone.localdate)


class ClinicMonthFactory(DjangoModelFactory[ClinicMonth]):
    """Last month of a clinic, in which everything may be shown."""

    class Meta:
        model = ClinicMonth

    clinic = factory.SubFactory(ClinicFactory)
    month = factory.LazyFunction(lambda: timezone.localdate().replace(day=1) - relativedelta(months=1))
    sessions = 8
    cancelled = 1
    hours = Decimal("24")
    came = 31
    missed = 6
    reasons = factory.LazyFunction(lambda: ["loneliness", "money"])


class HealthAnswerFactory(DjangoModelFactory[HealthAnswer]):
    class Meta:
        model = HealthAnswer

    question = "meeting"
    answer = HealthAnswer.Answer.PARTLY
    note = "We met in May."


def picture(*, side: int = 40, colour: str = "#0b655f", kind: str = "JPEG") -> bytes:
    """The bytes of a plain picture."""
    written = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(written, kind)
    return written.getvalue()


def show_on_board(volunteer: Volunteer, *, days: int = 365, with_photo: bool = True) -> Volunteer:
    """Agreed for so many days from today, with a photo unless told."""
    if with_photo:
        volunteer.photo = StoredFile.keep(name="a.jpg", content_type="image/jpeg", content=picture(), by=volunteer.user)
    volunteer.photo_until = timezone.localdate() + relativedelta(days=days)
    volunteer.board_line = "Ask me about allotments."
    volunteer.save()
    return volunteer


def thank_in_world(volunteer: Volunteer) -> None:
    """One of everything that the pages of thanks are about."""
    show_on_board(volunteer)
    ExtraHoursFactory(volunteer=volunteer)
    letter = ThankYouLetterFactory(volunteer=volunteer)
    MilestoneFactory(volunteer=volunteer, letter=letter)
    HealthAnswerFactory(workplace=volunteer.workplace, by=volunteer.user)


def of_thanks() -> dict[str, object]:
    """What fills in the addresses of these pages: the rows of `thank_in_world`."""
    return {
        "extra_hours_id": ExtraHours.objects.earliest("pk").pk,
        "thank_you_id": ThankYouLetter.objects.earliest("pk").pk,
        "health_question": "meeting",
    }
