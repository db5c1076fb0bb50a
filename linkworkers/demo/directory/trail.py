"""What the audit trail says of what was done in the directory before today."""

import datetime as dt

from django.db.models import Model

from linkworkers.audit.models import AuditEvent
from members.models import User


def deed(verb: str, at: dt.datetime, by: User | None, subject: Model, **facts: object) -> AuditEvent:
    """A row of the trail, not saved yet, as the action that did this would have written it then."""
    return AuditEvent(
        at=at,
        actor_id=by.pk if by else None,
        actor=f"{by.get_full_name()} <{by.email}>" if by else "the system",
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        facts=facts,
    )
