"""What of learning, supervision and courses belongs to a person: for taking along, and for leaving."""

from typing import Any

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


def export(user: User) -> dict[str, Any]:
    """Everything, in values that JSON holds. Files are named here by their ids and are in `files`. Six queries."""
    evidence: dict[int, list[dict[str, str]]] = {}
    for kept in LearningEvidence.objects.filter(entry__user=user).select_related("file").defer("file__content"):
        evidence.setdefault(kept.entry_id, []).append({"file": str(kept.file_id), "name": kept.file.name})
    return {
        "learning": [
            {
                "title": entry.title,
                "kind": entry.get_kind_display(),
                "day": entry.on.isoformat(),
                "days": entry.days,
                "provider": entry.provider,
                "points": str(entry.points),
                "formal_hours": str(entry.formal_hours),
                "learned": entry.learned,
                "next_step": entry.next_step,
                "link": entry.link,
                "came_from": entry.source,
                "evidence": evidence.get(entry.pk, []),
            }
            for entry in LearningEntry.objects.filter(user=user)
        ],
        "supervision": [
            {
                "day": session.on.isoformat(),
                "minutes": session.minutes,
                "kind": session.get_kind_display(),
                "with_whom": session.with_whom,
                "themes": session.theme_labels,
                "note": session.note,
            }
            for session in Supervision.objects.filter(user=user)
        ],
        "courses": [
            {
                "title": progress.course.title,
                "parts_read": len(progress.read),
                "attempts": progress.attempts,
                "score": progress.score,
                "answers": progress.answers,
                "passed_at": progress.passed_at.isoformat() if progress.passed_at else None,
            }
            for progress in CourseProgress.objects.filter(user=user).select_related("course")
        ],
        "certificates": [
            {
                "title": certificate.title,
                "name": certificate.name,
                "day": certificate.on.isoformat(),
                "points": str(certificate.points),
                "formal_hours": str(certificate.formal_hours),
                "code": certificate.spelled_code,
            }
            for certificate in CourseCertificate.objects.filter(user=user)
        ],
    }


def files(user: User) -> list[StoredFile]:
    """The files of the person's evidence, with what is in them."""
    return list(StoredFile.objects.filter(pk__in=_evidence(user)))


@transaction.atomic
def erase(user: User) -> None:
    """Deletes all of it, for good: certificates too, whose public pages then say that there is none."""
    StoredFile.objects.filter(pk__in=_evidence(user)).delete()
    for model in (LearningEntry, Supervision, CourseProgress, CourseCertificate):
        model.objects.filter(user=user).delete()


def _evidence(user: User) -> Any:
    return LearningEvidence.objects.filter(entry__user=user).values("file")
