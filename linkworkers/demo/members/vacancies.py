"""Jobs and volunteer roles over the country: most are open, one closes today, one waits, one was declined."""

import datetime as dt
import tomllib
import uuid
from pathlib import Path

from linkworkers.audit.models import AuditEvent
from linkworkers.demo import DOMAIN
from linkworkers.demo.clock import Clock
from linkworkers.demo.directory.data import Entry
from linkworkers.demo.directory.trail import deed
from linkworkers.demo.places import World
from members.models import PayBand, Role, User, Vacancy
from members.models.vacancy import OFFER

NAMESPACE = uuid.UUID("6f8a2d5c-3b1e-5d4f-9a70-2c8e4b6d1f93")
State = Vacancy.State


def build(world: World, clock: Clock) -> None:
    """Saves them with their trail."""
    entries = tomllib.loads((Path(__file__).parent / "vacancies.toml").read_text(encoding="utf-8"))["vacancy"]
    by = next(person for person in world.people.values() if person.has_role(Role.ADMINISTRATOR))
    bands = {band.name: band for band in PayBand.objects.all()}
    trail = [event for entry in entries for event in _post(entry, clock, by, bands)]
    AuditEvent.objects.bulk_create(sorted(trail, key=lambda event: event.at))


def _post(entry: Entry, clock: Clock, by: User, bands: dict[str, PayBand]) -> list[AuditEvent]:
    name = f"{entry['organization']}/{entry['title']}"
    stable = uuid.uuid5(NAMESPACE, name)
    state = State(entry.get("state", "approved"))
    decided = clock.ago(entry["ago"], 11, 40)
    posted = clock.ago(entry["ago"] + 1, 16, 15)
    confirmed = posted + dt.timedelta(minutes=9)
    vacancy = Vacancy(
        contact_name=entry["contact"],
        contact_email=f"{entry['contact'].lower().replace(' ', '.')}{DOMAIN}",
        submission=stable,
        slug=f"{entry['title'].lower().replace(',', '').replace(' ', '-')}-{stable.hex[:8]}",
        created_at=posted,
        changed_at=posted,
        confirmed_at=confirmed,
        state=state,
    )
    offer = {field: entry[field] for field in OFFER if field in entry}
    offer |= {"closes_on": clock.today + dt.timedelta(days=entry["days"]), "pay_band": bands.get(entry.get("band", ""))}
    offer |= {"contract_until": clock.today + dt.timedelta(days=entry["until"])} if "until" in entry else {}
    vacancy.take(offer)
    done: list[tuple[str, dt.datetime, User | None]] = [("posted", posted, None), ("confirmed", confirmed, None)]
    if state != State.WAITING:
        vacancy.decision = "approved" if state == State.APPROVED else "declined"
        vacancy.decided_at, vacancy.decided_by, vacancy.reason = decided, by, entry.get("reason", "")
        vacancy.published_at = decided if state == State.APPROVED else None
        vacancy.version = 2
        done.append((vacancy.decision, decided, by))
    vacancy.save()
    return [deed(f"vacancy.{what}", at, who, vacancy) for what, at, who in done]
