"""A listing as its owner wants it: proposed, and public only once the office has said yes."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Upper
from django.utils import timezone

from directory import confidential, emails, permissions
from directory.actions._common import touch
from directory.actions.freshness import assure
from directory.actions.importing import apply_documents
from directory.actions.suggestions import decide
from directory.documents import KEPT_BY_US, document_of, whole, without_ours
from directory.importing.matching import fold, postcode
from directory.models import Assurance, Location, Organization, Revision, Service, ServiceAtLocation
from directory.outline import Json, locations
from directory.standard.shapes import SERVICE
from directory.standard.write import flat
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

GIVES_AWAY = "These words give away an address that must not be found. Take its postcode and its street out."


@transaction.atomic
def revise(*, service: Service | None, organization: Organization, document: Json, by: User) -> Revision:
    """Puts the owner's listing before the office; what is public stays. Without a `service` it is a new one.

    A revision that waits for the same listing is replaced. Raises PermissionDenied, and Refused when nothing has
    changed or the words give a confidential address away.
    """
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if not permissions.can_keep(by, locked) or (service and service.organization_id != locked.pk):
        raise PermissionDenied
    document = without_ours(document) | {"organization": whole(locked)}
    waiting = Revision.objects.filter(state="waiting", service=service)
    if service is None:
        waiting = waiting.filter(organization=locked, document__id=document["id"])
        if Service.objects.filter(pk=document["id"]).exists():
            raise PermissionDenied
    _refuse_what_gives_away(service, locked, document)
    if service and document == document_of(service) and not waiting:
        raise Refused("Nothing has changed.")
    revision = waiting.first() or Revision(service=service)
    revision.organization, revision.document = locked, document
    revision.by, revision.created_at = by, timezone.now()
    revision.save()
    record("revision.proposed", by=by, subject=revision, facts={"listing": service.slug if service else None})
    return revision


@transaction.atomic
def withdraw(revision: Revision, *, by: User) -> None:
    """Takes back a new listing that waits, or lets go of one that was declined, with what was sent of it before.

    Raises PermissionDenied, and Refused when the office has said yes meanwhile.
    """
    organization = Organization.objects.select_for_update().get(pk=revision.organization_id)
    if not permissions.can_keep(by, organization):
        raise PermissionDenied
    sent = Revision.objects.select_for_update().filter(organization=organization, document__id=revision.document["id"])
    if any(each.service_id for each in sent):
        raise Refused("It is in the directory by now. Say there that it has ended.")
    record("revision.withdrawn", by=by, subject=revision)
    for each in sent:
        each.delete()


@transaction.atomic
def decide_revision(revision: Revision, *, approve: bool, answer: str = "", by: User) -> Revision:
    """Makes a proposal public, checked by its owner today, or does not; mails the answer to whoever proposed it.

    What the office keeps of a listing (who checked it when, confidential places) stays as it is. Raises
    PermissionDenied, and Refused when somebody was quicker, the listing has gone to another organisation, or the words
    give a confidential address away.
    """
    locked = (
        Revision.objects.select_for_update(of=("self",))
        .select_related("service", "organization", "by", "decided_by")
        .get(pk=revision.pk)
    )
    decide(locked, approve=approve, answer=answer, by=by)
    if approve:
        if locked.service and locked.service.organization_id != locked.organization_id:
            raise Refused(f"“{locked.service}” is another organisation’s by now. Say no, and why, in your answer.")
        _refuse_what_gives_away(locked.service, locked.organization, locked.document)
        locked.service = _apply(locked, by=by)
        locked.save(update_fields=["service"])
    emails.revision_decided(locked)
    return locked


def _apply(revision: Revision, *, by: User) -> Service:
    if revision.service is None:
        _refuse_twin(revision.document)
    # With rows of their own, for the import takes a place that it does not know for ours at the same postcode.
    new = [Location(pk=each["id"]) for each in locations(revision.document)]
    Location.objects.bulk_create(new, ignore_conflicts=True)
    (service,) = apply_documents([_with_ours(revision)], by=by)
    if service.is_listed:
        closed = service.status == Service.Status.TEMPORARILY_CLOSED
        outcome = Assurance.Outcome.CLOSED if closed else Assurance.Outcome.RIGHT
        return assure(service=service, by=by, how=Service.How.OWNER, outcome=outcome)
    touch(service)
    return service


def _with_ours(revision: Revision) -> Json:
    """The document with what is ours as it is now, and with the organisation as it is now."""
    document: dict[str, Any] = revision.document | {"organization": whole(revision.organization)}
    if revision.service is None:
        return document
    now = flat(revision.service, SERVICE)
    return document | {name: now[name] for name in KEPT_BY_US if name in now}


def _refuse_twin(document: Json) -> None:
    """What was proposed as new would be taken for a listing of the same name at the same postcode."""
    given = [postcode(address["postal_code"]) for each in locations(document) for address in each.get("addresses", [])]
    codes = {spelling for code in given for spelling in (code, code.replace(" ", ""))}
    at = ServiceAtLocation.objects.alias(code=Upper("location__addresses__postal_code")).filter(code__in=codes)
    names = set(map(fold, at.values_list("service__name", flat=True)))
    if fold(document["name"]) in names or Service.objects.filter(pk=document["id"]).exists():
        raise Refused("A listing of this name is at this postcode already. Say no, and why, in your answer.")


def _refuse_what_gives_away(service: Service | None, organization: Organization, document: Json) -> None:
    pattern = confidential.traces_of(organization)
    if confidential.tells(pattern, document, but=document_of(service) if pattern and service else {}):
        raise Refused(GIVES_AWAY)
