"""Writing the audit trail. Each function costs one INSERT and works inside or outside a transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest

from linkworkers.audit.models import AuditEvent
from linkworkers.http import client_address


class Actor(Protocol):
    """What the trail needs of a user; the user model itself lives in an app above this one."""

    pk: Any
    email: str

    def get_full_name(self) -> str: ...


def record(
    verb: str,
    *,
    by: Actor | None,
    subject: Model,
    person_id: int | None = None,
    summary: str = "",
    facts: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> AuditEvent:
    """Add to the trail that `by` did `verb` to `subject`.

    `verb` is dotted and past tense ("referral.accepted"). `by` is None when a task did it. `person_id` names the
    person whose record is concerned, if any. `summary` and `facts` say what changed in words the office may read:
    never clinical content. `request`, when there is one, lends the address it came from.
    """
    return AuditEvent.objects.create(
        actor_id=by.pk if by else None,
        actor=f"{by.get_full_name()} <{by.email}>" if by else "the system",
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        person_id=person_id,
        summary=summary,
        facts=dict(facts or {}),
        address=client_address(request) if request else None,
    )


def record_all(verb: str, *, by: Actor, subjects: Iterable[tuple[Model, Mapping[str, Any]]]) -> None:
    """Add to the trail that `by` did `verb` to each subject, with facts of its own: an INSERT for a thousand."""
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                actor_id=by.pk,
                actor=f"{by.get_full_name()} <{by.email}>",
                verb=verb,
                subject_type=subject._meta.label_lower,
                subject_id=str(subject.pk),
                facts=dict(facts),
            )
            for subject, facts in subjects
        ),
        batch_size=1_000,
    )


def record_looks(request: HttpRequest, subjects: Sequence[Model]) -> None:
    """Add to the trail that the logged-in user was shown each of these people, in one INSERT."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor_id=request.user.pk,
            actor=f"{request.user.get_full_name()} <{request.user.email}>",
            verb=f"{subject._meta.model_name}.viewed",
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            person_id=subject.pk,
            address=client_address(request),
        )
        for subject in subjects
    )


def record_look(request: HttpRequest, subject: Model, *, person_id: int | None = None) -> AuditEvent:
    """Add to the trail that the logged-in user was shown `subject`: for every page that shows a person's record.

    Raises PermissionDenied for an anonymous request: a look that cannot be put down to anybody is not allowed.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    verb = f"{subject._meta.model_name}.viewed"
    return record(verb, by=request.user, subject=subject, person_id=person_id, request=request)
