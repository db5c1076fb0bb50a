"""Answering the health check."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linkworkers.audit.actions import record
from members.models import User, Workplace
from volunteers import permissions
from volunteers.models import HealthAnswer


@transaction.atomic
def answer(workplace: Workplace, *, question: str, answer: str, note: str, by: User) -> HealthAnswer:
    """Adds an answer, which counts from now on; those before it stay. Raises PermissionDenied unless `by` coordinates
    the workplace.
    """
    if not permissions.can_coordinate(by, workplace):
        raise PermissionDenied
    given = HealthAnswer.objects.create(workplace=workplace, question=question, answer=answer, note=note, by=by)
    record("health.answered", by=by, subject=given, facts={"question": question, "answer": answer})
    return given
