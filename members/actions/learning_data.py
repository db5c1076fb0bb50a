"""Forgetting what of learning, supervision and courses belongs to a person."""

from django.db import transaction

from members.models import (
    CourseCertificate,
    CourseProgress,
    LearningEntry,
    LearningEvidence,
    StoredFile,
    Supervision,
    User,
)


@transaction.atomic
def erase(user: User) -> None:
    """Deletes all of it, for good: certificates too, whose public pages then say that there is none."""
    evidence = LearningEvidence.objects.filter(entry__user=user)
    StoredFile.objects.filter(pk__in=evidence.values("file")).delete()
    for model in (LearningEntry, Supervision, CourseProgress, CourseCertificate):
        model.objects.filter(user=user).delete()
