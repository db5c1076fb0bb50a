"""What the database refuses, whoever asks: a state without its facts, a second code, a changed note."""

import pytest
from django.db import Error, IntegrityError, InternalError, transaction
from django.utils import timezone

from members.models import User
from referrals.factories import (
    AppointmentFactory,
    CareContactFactory,
    EpisodeFactory,
    FollowUpFactory,
    InformationRequestFactory,
    MessageBackFactory,
    PersonFactory,
    ReferralFactory,
)
from referrals.models import Amendment, CodedEntry, MessageBack

pytestmark = pytest.mark.django_db

NOW = timezone.now()

# A constraint, a factory whose product keeps it, and changes that would break it.
BROKEN = [
    ("referral_accepted_has_facts", ReferralFactory, {"state": "accepted"}),
    ("referral_accepted_has_facts", ReferralFactory, {"state": "active", "accepted_at": NOW}),
    ("referral_accepted_has_facts", ReferralFactory, {"state": "closed", "closed_at": NOW}),
    ("referral_closed_has_facts", ReferralFactory, {"closed_at": NOW}),
    ("referral_declined_has_facts", ReferralFactory, {"state": "declined"}),
    ("referral_declined_has_facts", ReferralFactory, {"state": "declined", "declined_at": NOW, "decline_reason": "x"}),
    ("referral_declined_has_facts", ReferralFactory, {"declined_at": NOW}),
    ("referral_withdrawn_has_facts", ReferralFactory, {"state": "withdrawn", "withdrawn_at": NOW}),
    ("referral_withdrawn_has_facts", ReferralFactory, {"withdrawn_at": NOW}),
    ("referral_has_reasons", ReferralFactory, {"reasons": []}),
    ("episode_closed_has_outcome", EpisodeFactory, {"closed_at": NOW}),
    ("episode_closed_has_outcome", EpisodeFactory, {"outcome": "moved"}),
    ("episode_accepted_has_holder", EpisodeFactory, {"accepted_at": NOW}),
    ("episode_contact_after_accepted", EpisodeFactory, {"first_contact_at": NOW}),
    ("person_nhs_number_ten_digits", PersonFactory, {"nhs_number": "999000001"}),
    ("person_nhs_number_ten_digits", PersonFactory, {"nhs_number": "٩٩٩٠٠٠٠٠١٨"}),
    ("person_risk_is_described", PersonFactory, {"visit_risk": "risk"}),
    ("appointment_cancelled_has_facts", AppointmentFactory, {"cancelled_at": NOW}),
    ("follow_up_done_has_facts", FollowUpFactory, {"done_at": NOW}),
    ("message_filed_has_facts", MessageBackFactory, {"filed_at": NOW}),
    ("message_codes_only_has_no_text", MessageBackFactory, {"share_back": "codes"}),
    ("information_request_answered_has_answer", InformationRequestFactory, {"answered_at": NOW}),
    ("information_request_answered_has_answer", InformationRequestFactory, {"answer": "Yes."}),
]


@pytest.mark.parametrize(("name", "factory", "changes"), BROKEN)
def test_no_way_round_the_actions_leaves_a_fact_out(name, factory, changes):
    row = factory()
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        type(row).objects.filter(pk=row.pk).update(**changes)


def test_a_code_is_recorded_once_an_episode_and_in_the_next_again():
    message = MessageBackFactory()
    entry = {"code": CodedEntry.Code.REFERRAL, "by": message.by, "message": message}
    CodedEntry.objects.create(episode=message.episode, **entry)
    with pytest.raises(IntegrityError, match="coded_entry_once_an_episode"), transaction.atomic():
        CodedEntry.objects.create(episode=message.episode, **entry)
    CodedEntry.objects.create(episode=EpisodeFactory(), **entry)


def amendment() -> Amendment:
    contact = CareContactFactory()
    return Amendment.objects.create(contact=contact, note="Better.", reason="Wrong day.", by=contact.by)


def coded_entry() -> CodedEntry:
    message = MessageBackFactory()
    return CodedEntry.objects.create(
        episode=message.episode, code=CodedEntry.Code.REFERRAL, by=message.by, message=message
    )


@pytest.mark.parametrize("make", [CareContactFactory, amendment, coded_entry])
def test_what_is_written_once_is_neither_changed_nor_deleted(make):
    row = make()
    other = User.objects.create_user("other@example.test", name="Other")
    for change in (lambda rows: rows.update(by=other), lambda rows: rows.delete()):
        with pytest.raises((InternalError, Error), match="pgtrigger"), transaction.atomic():
            change(type(row).objects.filter(pk=row.pk))
    row.refresh_from_db()
    assert row.by != other


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("person_nhs_number_unique", lambda: [PersonFactory(nhs_number="9990000018") for _ in range(2)]),
        ("information_request_one_open", lambda: _twice(InformationRequestFactory, "referral")),
        ("appointment_once_at_a_time", lambda: _twice(AppointmentFactory, "episode", "starts_at")),
        ("follow_up_not_twice", lambda: _twice(FollowUpFactory, "episode", "what", "due_on")),
        ("submission_key", lambda: _twice(CareContactFactory, "submission_key")),
        ("submission_key", lambda: _twice(MessageBackFactory, "submission_key")),
        ("submission_key", lambda: _twice(ReferralFactory, "submission_key")),
    ],
)
def test_what_there_can_be_one_of_is_one(name, twin):
    with pytest.raises(IntegrityError, match=name):
        twin()


def _twice(factory: type, *same: str) -> None:
    first = factory()
    factory(**{name: getattr(first, name) for name in same})


def test_changes_of_clinical_rows_are_kept_with_what_was_there_before(link_worker):
    message = MessageBackFactory()
    MessageBack.objects.filter(pk=message.pk).update(filed_at=NOW, filed_by=link_worker)
    PersonFactory(pk=message.episode.person_id + 1)
    assert list(message.events.order_by("pgh_id").values_list("pgh_label", "filed_by")) == [
        ("insert", None),
        ("update", link_worker.pk),
    ]
