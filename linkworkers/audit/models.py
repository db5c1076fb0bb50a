"""The audit trail: one row for each thing done to a record and each look at one."""

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """Somebody did or saw something.

    Append-only: the database refuses UPDATE, DELETE and TRUNCATE. No foreign keys: a trail outlives what it is
    about, so actor, subject and person are kept as plain numbers and words. Write through `audit.actions`.
    """

    at = models.DateTimeField(db_default=Now(), db_index=True)
    actor_id = models.BigIntegerField(null=True, blank=True)  # empty when a task did it
    actor = models.TextField()  # as they were known at the time
    verb = models.TextField()  # dotted, past tense: "referral.accepted"
    subject_type = models.TextField()  # a model's label: "referrals.referral"
    subject_id = models.TextField()
    person_id = models.BigIntegerField(null=True, blank=True)  # whose record: subject access is one query
    summary = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "-at"], name="audit_by_actor", condition=Q(actor_id__isnull=False)),
            models.Index(fields=["person_id", "-at"], name="audit_by_person", condition=Q(person_id__isnull=False)),
        ]
        triggers = [
            # For each statement, not each row: TRUNCATE touches no row, and a refusal should not depend on a match.
            pgtrigger.Trigger(
                name="append_only",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                func="RAISE EXCEPTION 'The audit trail is append-only: % is refused.', TG_OP;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.verb} {self.subject_type} {self.subject_id}"
