from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import InternalError, connection, transaction
from django.test import RequestFactory

from linkworkers.audit.actions import record, record_look
from linkworkers.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara() -> Any:
    return get_user_model().objects.create_user("amara@example.org", name="Amara Okafor")


@pytest.fixture
def event(amara: Any) -> AuditEvent:
    return record("referral.accepted", by=amara, subject=amara, person_id=7)


def test_an_event_says_who_did_what_to_what_about_whom_and_from_where(
    amara, rf: RequestFactory, django_assert_num_queries
):
    with django_assert_num_queries(1):
        event = record(
            "referral.accepted",
            by=amara,
            subject=amara,
            person_id=7,
            summary="Accepted",
            facts={"days waited": 3},
            request=rf.post("/", REMOTE_ADDR="192.0.2.4"),
        )
    kept = AuditEvent.objects.get()
    assert kept.at == event.at
    assert (kept.actor_id, kept.actor) == (amara.pk, "Amara Okafor <amara@example.org>")
    assert (kept.verb, kept.summary, kept.facts) == ("referral.accepted", "Accepted", {"days waited": 3})
    assert (kept.subject_type, kept.subject_id, kept.person_id) == ("members.user", str(amara.pk), 7)
    assert kept.address == "192.0.2.4"


def test_what_a_task_does_is_put_down_to_the_system(amara):
    event = record("referral.flagged", by=None, subject=amara)
    assert (event.actor_id, event.actor, event.address) == (None, "the system", None)


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_no_transaction_of_its_own(event):
    assert AuditEvent.objects.get() == event


def test_an_event_goes_when_the_deed_it_tells_of_is_undone(amara):
    with pytest.raises(RuntimeError), transaction.atomic():
        record("referral.accepted", by=amara, subject=amara)
        raise RuntimeError
    assert not AuditEvent.objects.exists()


def test_a_look_is_put_down_to_whoever_is_logged_in(amara, rf: RequestFactory, django_assert_num_queries):
    request = rf.get("/")
    request.user = amara
    with django_assert_num_queries(1):
        event = record_look(request, amara, person_id=7)
    assert (event.verb, event.actor_id, event.person_id, event.address) == ("user.viewed", amara.pk, 7, "127.0.0.1")


def test_a_look_by_nobody_is_refused(amara, rf: RequestFactory):
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        record_look(request, amara)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET actor = 'somebody else'",
        "UPDATE audit_auditevent SET actor = 'somebody else' WHERE FALSE",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
    ],
)
def test_the_database_refuses_to_change_or_lose_an_event(event, statement):
    with (
        pytest.raises(InternalError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEvent.objects.get().actor == "Amara Okafor <amara@example.org>"


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ({"subject_type": "members.user", "subject_id": "1"}, "audit_by_subject"),
        ({"actor_id": 1}, "audit_by_actor"),
        ({"person_id": 1}, "audit_by_person"),
    ],
)
def test_each_question_to_the_trail_has_an_index_in_order_of_time(question, index):
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor="-", verb="-", subject_type="members.user", subject_id=str(number), actor_id=number, person_id=number
        )
        for number in range(300)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_auditevent")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = AuditEvent.objects.filter(**question).order_by("-at").explain()
    assert f"Index Scan using {index}" in plan
    assert "Sort" not in plan
