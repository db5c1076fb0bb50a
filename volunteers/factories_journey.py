"""Referees and what they said, for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.factories import PostFactory
from members.models import Role
from volunteers.factories import ApplicantFactory
from volunteers.journey_links import application_path, reference_path
from volunteers.models import Absence, CheckKind, Requirement, Shift, VolunteerReference, VolunteerRole


class VolunteerReferenceFactory(DjangoModelFactory[VolunteerReference]):
    """A referee who was asked today. `answered=True` and they recommend the applicant."""

    class Meta:
        model = VolunteerReference

    class Params:
        answered = factory.Trait(
            answered_at=factory.LazyFunction(timezone.now),
            known_for="years",
            how_known="We ran the food bank together.",
            strengths="Listens.",
            has_concerns=False,
            would_recommend=True,
        )

    volunteer = factory.SubFactory(ApplicantFactory)
    name = "Mary Holt"
    email = factory.Sequence(lambda n: f"referee-{n}@example.test")
    relation = "Neighbour"
    asked_at = factory.LazyFunction(timezone.now)


def of_journey() -> dict[str, object]:
    """What fills in the addresses of the journey: a referee of the rostered volunteer, a day away, a coordinator of
    their network, and a role and a requirement that it made.
    """
    volunteer = Shift.objects.earliest("pk").volunteer
    network = volunteer.workplace.parent
    reference = VolunteerReference.objects.filter(volunteer=volunteer).first()
    if reference is None:
        reference = VolunteerReferenceFactory.create(volunteer=volunteer)
        today = timezone.localdate()
        PostFactory(workplace=network, role=Role.COORDINATOR)  # without whom nobody could apply there
        Absence.objects.create(volunteer=volunteer, first_day=today, last_day=today)
        VolunteerRole.objects.create(name="Gardener", summary="Digs.", workplace=network)
        Requirement.objects.create(kind=CheckKind.TRAINING, name="Spades", workplace=network)
    absence = Absence.objects.filter(volunteer=volunteer).first()
    return {
        "workplace_id": volunteer.workplace_id,
        "application_token": application_path(volunteer).split("/")[-2],
        "reference_token": reference_path(reference).split("/")[-2],
        "reference_id": reference.pk,
        "absence_id": absence.pk if absence else 0,
        "role_id": VolunteerRole.objects.get(workplace=network).pk,
        "requirement_id": Requirement.objects.get(workplace=network).pk,
    }
