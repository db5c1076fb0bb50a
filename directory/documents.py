"""A listing as the document of the open standard that its owner edits and the office compares."""

import uuid

from directory.models import Organization, Service
from directory.outline import Json
from directory.standard.shapes import ORGANIZATION, SERVICE
from directory.standard.write import nested, prefetched

# Ours to set when something is checked or saved, never the owner's to write.
KEPT_BY_US = ("assured_date", "assurer_email", "last_modified")


def document_of(service: Service) -> Json:
    """The listing as it is public now, without what is ours to say. Nothing of a confidential place is in it."""
    return without_ours(nested(prefetched(Service.objects.filter(pk=service.pk), SERVICE).get(), SERVICE))


def new_document(organization: Organization) -> Json:
    """A listing of which nothing is known but whose it is."""
    return {"id": str(uuid.uuid4()), "name": "", "status": "active", "organization": whole(organization)}


def whole(organization: Organization) -> Json:
    """The organisation with its numbers, as it stands in each of its listings."""
    return nested(prefetched(Organization.objects.filter(pk=organization.pk), ORGANIZATION).get(), ORGANIZATION)


def without_ours(document: Json) -> Json:
    return {name: value for name, value in document.items() if name not in KEPT_BY_US}
