"""A network whose clinics are run by volunteers: six months of sessions, and who is on them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone

from bench.made_up import DAY, MadeUp
from bench.tables import Table, array, last_id
from members.models import Post, Role, User, Workplace
from volunteers.models import AVAILABILITY, Check, Clinic, ClinicSession, Room, Shift, Stage, Volunteer, VolunteerRole

WHOLE = 0.1  # of England and more have all of it
CLINICS = 40
EACH = 10  # volunteers of a clinic
PLACES, AT_LEAST = 3, 2
WEEKS = 13  # back, and ahead
GAPS = 0.3  # share of the places that nobody has taken
MODELS: list[type[Model]] = [  # each after those it points to
    User,
    Workplace,
    Post,
    Volunteer,
    Volunteer.roles.through,
    Check,
    Room,
    Clinic,
    ClinicSession,
    Shift,
]


@dataclass(frozen=True)
class RotaSize:
    clinics: int

    @classmethod
    def of(cls, share: float) -> "RotaSize":
        """40 clinics with a tenth of England and more; two at least."""
        return cls(max(2, round(CLINICS * min(1.0, share / WHOLE))))


def write_rota(cursor: Any, size: RotaSize, now: dt.datetime) -> None:
    """Add a network with its practices, clinics, volunteers and shifts through a psycopg2 cursor, in the caller's
    transaction. The triggers that count shifts stand still meanwhile; every constraint is checked.
    """
    rota = _Rota(now)
    rota.write(size)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in rota.tables.values():
        cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        table.copy(cursor)
        table.finish(cursor)
        cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")


class _Rota:
    """Rows for the tables, put together clinic by clinic."""

    def __init__(self, now: dt.datetime) -> None:
        self.now, self.today = now, timezone.localdate(now)
        self.made_up = MadeUp(now)
        self.tables = {model: Table(model, after=last_id(model)) for model in MODELS}
        self.role = VolunteerRole.objects.filter(meets_people=True).order_by("pk")[0]
        self.needs = list(self.role.needs.values_list("pk", flat=True))

    def write(self, size: RotaSize) -> None:
        network = self._workplace("network", f"{self.made_up.town()} Primary Care Network", "V00000")
        self._person("coordinator", Role.COORDINATOR, network)
        for number in range(size.clinics):
            self._clinic(number, network)

    def _workplace(self, kind: str, name: str, code: str, **more: Any) -> int:
        return self.tables[Workplace].add(kind=kind, name=name, ods_code=code, region="", postcode="AL1 3JQ", **more)

    def _person(self, account: str, role: Role, at: int) -> tuple[int, str, str]:
        name, email = self.made_up.name(), f"rota-{account}@bench.invalid"
        user = self.tables[User].add(email=email, name=name, password="!", date_joined=self.now - 400 * DAY)
        self.tables[Post].add(user_id=user, workplace_id=at, role=role, start_date=self.today - 400 * DAY)
        return user, name, email

    def _clinic(self, number: int, network: int) -> None:
        practice = self._workplace("practice", f"{self.made_up.town()} Surgery", f"W{number:05}", parent_id=network)
        helpers = [self._volunteer(f"{number}-{each}", practice) for each in range(EACH)]
        room = self.tables[Room].add(practice_id=practice, name="Room 4")
        clinic = self.tables[Clinic].add(
            practice_id=practice,
            name=f"{self.made_up.town()} clinic",
            role_id=self.role.pk,
            room_id=room,
            starts_on=self.today - 400 * DAY,
            places=PLACES,
            at_least=AT_LEAST,
            need_to_know=self.made_up.text(2),
        )
        monday = self.today - self.today.weekday() * DAY
        for week in range(-WEEKS, WEEKS):
            for weekday, hour in ((number % 5, 9), ((number + 2) % 5, 14)):
                self._session(clinic, room, monday + (7 * week + weekday) * DAY, hour, helpers)

    def _volunteer(self, account: str, practice: int) -> tuple[int, int]:
        user, name, email = self._person(account, Role.VOLUNTEER, practice)
        volunteer = self.tables[Volunteer].add(
            key=self.made_up.key(),
            workplace_id=practice,
            user_id=user,
            stage=Stage.ACTIVE,
            stage_since=self.now - 300 * DAY,
            name=name,
            email=email,
            postcode="AL1 3JQ",
            availability=array(self.made_up.random.sample(AVAILABILITY, 4)),
            applied_at=self.now - 400 * DAY,
            started_on=self.today - 300 * DAY,
        )
        self.tables[Volunteer.roles.through].add(volunteer_id=volunteer, volunteerrole_id=self.role.pk)
        for requirement in self.needs:
            self.tables[Check].add(
                volunteer_id=volunteer,
                requirement_id=requirement,
                passed=True,
                done_on=self.today - 300 * DAY,
                at=self.now - 300 * DAY,
            )
        return volunteer, user

    def _session(self, clinic: int, room: int, on: dt.date, hour: int, helpers: list[tuple[int, int]]) -> None:
        starts_at = dt.datetime.combine(on, dt.time(hour), tzinfo=timezone.get_default_timezone())
        times = {"starts_at": starts_at, "ends_at": starts_at + dt.timedelta(hours=3)}
        on_it = [each for each in self.made_up.random.sample(helpers, PLACES) if not self.made_up.happens(GAPS)]
        session = self.tables[ClinicSession].add(
            clinic_id=clinic,
            room_id=room,
            pattern_on=on,
            slot_minutes=30,
            places=PLACES,
            at_least=AT_LEAST,
            taken=len(on_it),
            **times,
        )
        for volunteer, user in on_it:
            self.tables[Shift].add(
                session_id=session,
                volunteer_id=volunteer,
                user_id=user,
                how=Shift.How.SIGNED_UP,
                created_at=self.now - 100 * DAY,
                **times,
            )
