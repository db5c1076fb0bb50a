"""What people do with referrals and cases. Each action locks, checks who and in what state, changes, records, tells.

An action raises `PermissionDenied` when this person may not, and `Refused` when it cannot be done as things stand.
"""

from referrals.actions._common import lock_episode
from referrals.actions.case import (
    add_follow_up,
    amend_contact,
    book_appointment,
    cancel_appointment,
    change_consent,
    close,
    complete_follow_up,
    correct_identity,
    hand_over,
    log_contact,
    update_case,
    update_person,
)
from referrals.actions.clinic import book_clinic, cancel_clinic_appointment
from referrals.actions.messages import file_message, send_message
from referrals.actions.reminders import delete_expired_drafts, flag_unanswered, send_morning_digests
from referrals.actions.submission import (
    answer,
    delete_draft,
    number_problem,
    save_draft,
    submit,
    withdraw,
)
from referrals.actions.triage import accept, ask, decline

__all__ = [
    "accept",
    "add_follow_up",
    "amend_contact",
    "answer",
    "ask",
    "book_appointment",
    "book_clinic",
    "cancel_appointment",
    "cancel_clinic_appointment",
    "change_consent",
    "close",
    "complete_follow_up",
    "correct_identity",
    "decline",
    "delete_draft",
    "delete_expired_drafts",
    "file_message",
    "flag_unanswered",
    "hand_over",
    "lock_episode",
    "log_contact",
    "number_problem",
    "save_draft",
    "send_message",
    "send_morning_digests",
    "submit",
    "update_case",
    "update_person",
    "withdraw",
]
