"""What happens when a place must not be found."""

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from directory import dumps
from directory.actions.listings import touch_all
from directory.confidential import scrubbed, texts, traces
from directory.documents import document_of
from directory.models import ImportRun, Location, Revision, Service
from directory.outline import Json
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User


@transaction.atomic
def place_changed(location: Location, *, by: User, fields: list[str], was_confidential: bool) -> None:
    """What follows when the office has saved a place: its listings are marked as changed, and the search hears of it.

    A confidential place is taken out of everything that is kept and handed out: the search, owners' proposals whether
    decided or not, the reports of imports, and the files of open data. The audit trail says which fields were
    changed, never what they held. Raises Refused when one of its listings tells the address in its own words.
    """
    services = Service.objects.filter(service_at_locations__location=location)
    if location.confidential:
        _refuse_what_is_told(location, services)
        _purge(location, services)
        transaction.on_commit(dumps.forget)
    verb = "location.hidden" if location.confidential and not was_confidential else "location.changed"
    record(verb, by=by, subject=location, facts={"fields": fields, "confidential": location.confidential})
    touch_all(services)


def _refuse_what_is_told(location: Location, services: QuerySet[Service]) -> None:
    pattern = traces(location.addresses.all())
    for service in services:
        if pattern and any(map(pattern.search, texts(document_of(service)))):
            raise Refused(
                f"“{service}” tells this address in its own words. Take it out there first, then hide the place."
            )


def _purge(location: Location, services: QuerySet[Service]) -> None:
    pattern = traces(location.addresses.all())
    at = [{"location": {"id": str(location.pk)}}]
    held = Q(organization__in=services.values("organization")) | Q(document__service_at_locations__contains=at)
    for revision in Revision.objects.select_for_update(of=("self",)).filter(held):
        document = without_place(revision.document, str(location.pk))
        revision.document = scrubbed(document, pattern) if pattern else document
        revision.save(update_fields=["document"])
    if pattern:
        said = Q()
        for address in location.addresses.exclude(postal_code=""):
            said |= Q(text__icontains=address.postal_code)
        runs = ImportRun.objects.annotate(text=Cast("report", TextField())).filter(said)
        for run in runs.select_for_update() if said else ():
            run.report = scrubbed(run.report, pattern)
            run.save(update_fields=["report"])


def without_place(document: Json, location_id: str) -> Json:
    places = document.get("service_at_locations", [])
    kept = [place for place in places if place.get("location", {}).get("id") != location_id]
    return {**document, "service_at_locations": kept} if len(kept) < len(places) else document
