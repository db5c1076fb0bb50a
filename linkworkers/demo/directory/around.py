"""What people have said about the listings, kept of them, counted and looked for."""

import datetime as dt
from random import Random

from dateutil.relativedelta import relativedelta
from django.db.models import Model

from directory.actions.collections import FAVOURITES
from directory.actions.revisions import document_of
from directory.models import (
    Claim,
    Collection,
    CollectionItem,
    Connector,
    Revision,
    SearchTally,
    Service,
    Suggestion,
    Tap,
)
from linkworkers.audit.models import AuditEvent
from linkworkers.demo.clock import Clock
from linkworkers.demo.directory.data import Entry, read, stable_id
from linkworkers.demo.directory.trail import deed
from linkworkers.demo.places import World
from members.models import User

SEED = 17
WEEKS = 24  # of conversations
MONTHS = 4  # of searches
KEY = 16  # characters


def build(world: World, clock: Clock) -> None:
    """Saves it all, with its trail. The listings are saved already."""
    around, entries = _Around(world, clock), read("around")
    for kind, tell in (
        ("suggestion", around.suggest),
        ("claim", around.claim),
        ("revision", around.revise),
        ("collection", around.collect),
        ("connector", around.connect),
        ("search", around.search),
    ):
        for entry in entries[kind]:
            tell(entry)
    AuditEvent.objects.bulk_create(sorted(around.trail, key=lambda event: event.at))


class _Around:
    """One method for each kind of entry."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world, self.clock = world, clock
        self.rng = Random(SEED)  # noqa: S311 - the same counts for everybody are the point
        self.listings = {service.name: service for service in Service.objects.select_related("organization")}
        self.trail: list[AuditEvent] = []

    def _note(self, verb: str, at: dt.datetime, by: User | None, subject: Model, **facts: object) -> None:
        self.trail.append(deed(verb, at, by, subject, **facts))

    def suggest(self, entry: Entry) -> None:
        service = self.listings[entry["listing"]] if "listing" in entry else None
        at = self.clock.ago(entry["days"], 11, 20)
        suggestion = Suggestion.objects.create(
            service=service,
            text=entry["text"],
            name=entry.get("name", ""),
            email=entry.get("email", ""),
            created_at=at,
        )
        self._note("suggestion.made", at, None, suggestion, listing=service.slug if service else None)

    def claim(self, entry: Entry) -> None:
        """Of an organisation without an e-mail address: the office alone can answer it."""
        service = self.listings[entry["listing"]]
        at = self.clock.ago(entry["days"], 15, 5)
        claim = Claim.objects.create(
            organization=service.organization,
            service=service,
            name=entry["name"],
            email=entry["email"],
            message=entry["message"],
            created_at=at,
        )
        self._note("claim.made", at, None, claim, organization=str(service.organization), email=claim.email)

    def revise(self, entry: Entry) -> None:
        service, by = self.listings[entry["listing"]], self.world.people[entry["by"]]
        at = self.clock.ago(entry["days"], 16, 10)
        document = document_of(service) | {"description": entry["description"]}
        document["schedules"][0]["opens_at"] = entry["opens_at"]
        revision = Revision.objects.create(
            service=service, organization=service.organization, document=document, by=by, created_at=at
        )
        self._note("revision.proposed", at, by, revision, listing=service.slug)

    def collect(self, entry: Entry) -> None:
        by, at = self.world.people[entry["by"]], self.clock.ago(entry["days"], 12, 40)
        favourites = "name" not in entry
        name = FAVOURITES if favourites else entry["name"]
        collection = Collection.objects.create(
            owner=by,
            name=name,
            note=entry.get("note", ""),
            favourites=favourites,
            workplace=self.world.workplaces[entry["workplace"]] if "workplace" in entry else None,
            link_shared=not favourites,
            key=stable_id("collection", name).hex[:KEY],
            created_at=at,
        )
        if not favourites:
            shared = {"shared with": str(collection.workplace or ""), "shared by link": True}
            self._note("collection.made", at, by, collection, name=name, **shared)
        for number, item in enumerate(entry["items"], start=1):
            service = self.listings[item["listing"]]
            added = at + dt.timedelta(minutes=number)
            CollectionItem.objects.create(
                collection=collection, service=service, note=item.get("note", ""), added_at=added
            )
            self._note("collection.listing_added", added, by, collection, listing=service.slug)

    def connect(self, entry: Entry) -> None:
        """A counter, and the conversations counted on it: so many in a week, more or less, and none on a Sunday."""
        workplace, name = self.world.workplaces[entry["workplace"]], entry["name"]
        by, at = self.world.workers[workplace.pk][0], self.clock.ago(7 * WEEKS + 2, 14)
        connector = Connector.objects.create(
            workplace=workplace, name=name, token=stable_id("connector", name).hex[:KEY], created_at=at
        )
        self._note("connector.made", at, by, connector, name=name, workplace=str(workplace))
        taps = []
        for week in range(WEEKS):
            for number in range(max(0, entry["weekly"] + self.rng.randint(-2, 2))):
                day = self.clock.day_before(7 * week + self.rng.randint(1, 6))
                tap_id = stable_id("tap", name, str(week), str(number))
                need = self.rng.choice(entry["needs"])
                taps.append(Tap(id=tap_id, connector=connector, need=need, on=day, received_at=self.clock.at(day, 16)))
        Tap.objects.bulk_create(taps)

    def search(self, entry: Entry) -> None:
        """In each of the last months, somewhat less the longer ago."""
        this_month = self.clock.today.replace(day=1)
        SearchTally.objects.bulk_create(
            SearchTally(
                month=this_month - relativedelta(months=back),
                outward_code=entry["near"],
                words=entry.get("words", ""),
                need=entry.get("need", ""),
                searches=entry["searches"] - back,
                without_result=max(0, entry["without_result"] - back),
            )
            for back in range(MONTHS)
        )
