"""Clinics all over the country, without a session yet: two half-days a week each, two rooms in every practice."""

import datetime as dt

from django.utils import timezone

from members.models import Region, Workplace
from volunteers.models import Clinic, ClinicTime, Room, VolunteerRole

IN_A_PRACTICE = 4
PRACTICES_IN_A_NETWORK = 5
HOURS = (9, 10, 13, 14, 16)


def write_clinics(number: int) -> None:
    """Writes that many, the same ones each time. Some want a room that another one has."""
    regions = [region.value for region in Region]
    practices = -(-number // IN_A_PRACTICE)
    networks = Workplace.objects.bulk_create(
        Workplace(kind="network", name=f"Network {each}", region=regions[each % len(regions)])
        for each in range(-(-practices // PRACTICES_IN_A_NETWORK))
    )
    made = Workplace.objects.bulk_create(
        Workplace(kind="practice", name=f"Practice {each}", parent=network, region=network.region)
        for each in range(practices)
        for network in [networks[each // PRACTICES_IN_A_NETWORK]]
    )
    rooms = Room.objects.bulk_create(Room(practice=at, name=f"Room {each}") for at in made for each in (1, 2))
    role = VolunteerRole.objects.get(key="volunteer-link-worker")
    begin = timezone.localdate() - dt.timedelta(days=400)
    clinics = Clinic.objects.bulk_create(
        Clinic(
            practice=made[each // IN_A_PRACTICE],
            name=f"Clinic {each}",
            role=role,
            room=rooms[each // IN_A_PRACTICE * 2 + each % 2],
            starts_on=begin,
            every_weeks=2 if each % 10 == 0 else 1,
            places=1 + each % 3,
        )
        for each in range(number)
    )
    ClinicTime.objects.bulk_create(
        ClinicTime(clinic=clinic, weekday=(each + half * 2) % 5, starts=dt.time(hour), ends=dt.time(hour + 3))
        for each, clinic in enumerate(clinics)
        for half in (0, 1)
        for hour in [HOURS[(each // 2 + half) % len(HOURS)]]
    )
