"""Who checked which listing when, what they found, and the letters that its owner has had since."""

import datetime as dt

from directory.actions.freshness import BETWEEN_LETTERS, LETTERS, assurer_address
from directory.models import ASK_AFTER, Assurance, Service
from linkworkers.audit.models import AuditEvent
from linkworkers.demo.clock import Clock
from linkworkers.demo.directory.data import Entry
from linkworkers.demo.directory.trail import deed
from linkworkers.demo.places import World
from members.models import User

Outcome, How, Status = Assurance.Outcome, Service.How, Service.Status

HOW = {"rang": How.RANG, "visited": How.VISITED, "owner said": How.OWNER}
FOUND = {"full": Outcome.FULL, "temporarily closed": Outcome.CLOSED, "defunct": Outcome.CLOSED}
PROVIDERS = {"verulam-hall": "provider", "headland-hall": "Carol Dunn"}
LONG_AGO = 350  # days: most of the link workers of today had not begun then
BETWEEN_CHECKS = 170  # days
TEN, NOON = 10, 12  # o'clock


class Checks:
    """What became of each listing since it came."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world, self.clock = world, clock
        self.assurances: list[Assurance] = []
        self.trail: list[AuditEvent] = []

    def save(self) -> None:
        """Saves the checks, once the listings are saved."""
        Assurance.objects.bulk_create(sorted(self.assurances, key=lambda check: check.created_at))
        AuditEvent.objects.bulk_create(sorted(self.trail, key=lambda event: event.at))

    def tell(self, service: Service, area: str, number: int, entry: Entry) -> None:
        """Sets what a listing knows of its age, its checks and its letters. It is the `number`th in its area's file."""
        if "checked" in entry:
            days, how = entry["checked"]["days"], HOW[entry["checked"]["how"]]
            service.created_at = self._at(days + 200 + 37 * number % 400, TEN)
            if number % 3 == 0 and days < LONG_AGO:
                days_before = days + BETWEEN_CHECKS
                self._check(service, days_before, how, self._checker(area, number, days_before, entry), Outcome.RIGHT)
            found = FOUND.get(entry.get("state", ""), Outcome.RIGHT)
            self._check(service, days, how, self._checker(area, number, days, entry), found)
        else:  # it came in the last months, and nobody has looked yet
            service.created_at = service.last_modified = self._at(14 + 29 * number % 140, TEN)
        if entry.get("state") in Status.values:
            service.status = entry["state"]
        self._count_letters(service)

    def _at(self, days: int, hour: int) -> dt.datetime:
        return self.clock.at(self.clock.today - dt.timedelta(days=days), hour)

    def _checker(self, area: str, number: int, days: int, entry: Entry) -> User | None:
        """Nobody, for an owner who answered a letter."""
        match entry["checked"]["by"]:
            case "owner":
                return self.world.people.get(PROVIDERS.get(entry["organization"], ""))
            case "office":
                return self.world.people["admin"]
        team = self.world.workers[self.world.workplaces[area].pk]
        return team[number % len(team)] if days < LONG_AGO else team[0]

    def _check(self, service: Service, days: int, how: str, by: User | None, outcome: str) -> None:
        at = self._at(days, NOON)
        day = at.date()
        self.assurances.append(Assurance(service=service, on=day, how=how, outcome=outcome, by=by, created_at=at))
        self.trail.append(deed("service.assured", at, by, service, how=how, outcome=outcome))
        service.assured_date, service.assured_how, service.assured_by = day, how, by
        service.assurer_email = assurer_address(service, how)
        service.full_since = day if outcome == Outcome.FULL else None
        service.last_modified = at

    def _count_letters(self, service: Service) -> None:
        """The letters that were due have gone out, so that none of the past is sent today."""
        if service.status != Status.ACTIVE:
            return
        starts = service.assured_date or service.created_at.date()
        due = [starts + ASK_AFTER + BETWEEN_LETTERS * number for number in range(LETTERS)]
        if sent := [day for day in due if day <= self.clock.today]:
            service.letters_sent, service.last_letter_on = len(sent), sent[-1]
