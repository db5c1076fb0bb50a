"""What anybody thinks should change, and what the office makes of it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from directory import emails, permissions
from directory.models import Decision, Moderated, Service, Suggestion
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User


@transaction.atomic
def suggest(*, service: Service | None, text: str, name: str = "", email: str = "", by: User | None) -> Suggestion:
    """Puts a suggestion before the office: about a listing, or about one that is missing. Nothing public changes.

    The audit trail says that there was one, not what it said: it was typed by anybody.
    """
    suggestion = Suggestion.objects.create(service=service, text=text, name=name, email=email, by=by)
    record("suggestion.made", by=by, subject=suggestion, facts={"listing": service.slug if service else None})
    return suggestion


@transaction.atomic
def decide_suggestion(suggestion: Suggestion, *, approve: bool, answer: str = "", by: User) -> Suggestion:
    """Notes that a suggestion was acted on, or was not, and mails the answer to whoever left an address.

    Raises PermissionDenied, and Refused when somebody was quicker.
    """
    locked = Suggestion.objects.select_for_update(of=("self",)).select_related("service").get(pk=suggestion.pk)
    decide(locked, approve=approve, answer=answer, by=by)
    if locked.email:
        emails.suggestion_decided(locked)
    return locked


def decide(locked: Moderated, *, approve: bool, answer: str, by: User | None) -> None:
    """Sets the state of a locked row that waits, saves it and records it; its consequences are the caller's.

    `by` is None when the organisation's mailbox decided. Raises PermissionDenied, and Refused when it waits no more.
    """
    if by is not None and not permissions.can_moderate(by):
        raise PermissionDenied
    if not locked.is_waiting:
        who = locked.decided_by or "The organisation"
        raise Refused(f"{who} has decided this already: {locked.get_state_display().lower()}.")
    locked.state = Decision.APPROVED if approve else Decision.DECLINED
    locked.decided_at, locked.decided_by, locked.answer = timezone.now(), by, answer
    locked.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    record(f"{locked._meta.model_name}.{locked.state}", by=by, subject=locked)
