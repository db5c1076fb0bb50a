"""The mails about listings: to whoever looks after one, asks for one, or said something about one."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from directory.links import claim_path, still_right_path
from directory.models import Claim, Decision, Moderated, Revision, Service, Suggestion
from linkworkers.outbox.actions import queue


def still_right(services: Sequence[Service], *, to: str) -> None:
    """Asks the owner about all listings that are due, each with its link. `letters_sent` counts this letter."""
    first = services[0]
    queue(
        key=f"listing-freshness:{first.pk}:{first.clock_starts}:{first.letters_sent}",
        kind="listing-freshness",
        to=to,
        template="listing-still-right",
        context={"listings": [(service, still_right_path(service)) for service in services]},
        secret=True,
    )


def listing_link(service: Service, *, to: str) -> None:
    """A new link for one that has expired: one a day."""
    queue(
        key=f"listing-link:{service.pk}:{timezone.localdate()}",
        kind="listing-link",
        to=to,
        template="listing-link",
        context={"service": service, "path": still_right_path(service)},
        secret=True,
    )


def listing_claimed(claim: Claim) -> None:
    """Asks the organisation's mailbox whether somebody may look after its listings."""
    queue(
        key=f"listing-claimed:{claim.pk}",
        kind="listing-claimed",
        to=claim.mailed_to,
        template="listing-claimed",
        context={"claim": claim, "path": claim_path(claim)},
        secret=True,
    )


def claim_declined(claim: Claim) -> None:
    _decided("listing-claim-declined", claim, to=claim.email, claim=claim)


def suggestion_decided(suggestion: Suggestion) -> None:
    """To the address that was left with it."""
    service = suggestion.service
    path = service.get_absolute_url() if service and service.is_listed else reverse("directory_search")
    _decided("listing-suggestion-decided", suggestion, to=suggestion.email, suggestion=suggestion, path=path)


def revision_decided(revision: Revision) -> None:
    """To whoever proposed it."""
    path = reverse("listings_kept")
    _decided("listing-revision-decided", revision, to=revision.by.email, revision=revision, path=path)


def _decided(kind: str, moderated: Moderated, *, to: str, **context: Any) -> None:
    approved = moderated.state == Decision.APPROVED
    queue(key=f"{kind}:{moderated.pk}", kind=kind, to=to, template=kind, context={"approved": approved, **context})
