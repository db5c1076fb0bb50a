"""The main job, told once over HTTP: the practice refers, the link worker works, the practice files the letter."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from linkworkers.outbox.tasks import deliver_due
from members.models import User
from referrals.models import CodedEntry, Episode, MessageBack, Referral, ReferralDraft
from referrals.models.referral import State

pytestmark = pytest.mark.django_db

ANSWERS = {
    "nhs_number": "999 000 0018",
    "given_name": "Joan",
    "family_name": "Perry",
    "date_of_birth": "4 5 1951",
    "phone": "07700 900123",
    "contact_ways": ["phone"],
    "visit_risk": "none",
    "reasons": ["loneliness", "bereavement"],
    "urgency": "struggling",
    "why_now": "Her husband died in the spring and she has stopped going out.",
    "hopes": "Somebody to walk with.",
    "consent_method": "face_to_face",
    "share_back": "everything",
    "referrer_name": "Dr P. Shah",
}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def refer(client: Client, **changes: object) -> Referral:
    """Fills in the form, checks the answers, sends; returns what was sent."""
    page = client.get(reverse("referral_new"))
    draft = re.search(r'action="(/referrals/drafts/[^"]+)"', page.content.decode()).group(1)
    assert client.post(draft, ANSWERS | changes).url == f"{draft}check/"
    assert client.get(f"{draft}check/").status_code == 200
    sent = client.post(f"{draft}check/")
    return Referral.objects.get(reference=sent.url.split("/")[-2])


def test_a_referral_goes_from_the_practice_to_the_link_worker_and_back(practice_staff: User, link_worker: User) -> None:
    practice, worker = logged_in(practice_staff), logged_in(link_worker)
    referral = refer(practice)
    case = reverse("referral", args=[referral.reference])
    assert referral.state == State.SUBMITTED
    assert not ReferralDraft.objects.exists()
    assert "Joan Perry" in practice.get(case).content.decode()

    assert "Joan Perry" in worker.get(reverse("inbox")).content.decode()
    worker.post(reverse("referral_ask", args=[referral.reference]), {"question": "Does she hear well on the phone?"})
    assert "Does she hear well on the phone?" in practice.get(case).content.decode()
    practice.post(reverse("referral_answer", args=[referral.reference]), {"answer": "Yes, with her aid in."})
    worker.post(reverse("referral_accept", args=[referral.reference]))
    referral.refresh_from_db()
    assert (referral.state, referral.accepted_by) == (State.ACCEPTED, link_worker)

    worker.post(
        reverse("contact_new", args=[referral.reference]),
        {"kind": "phone", "result": "took_part", "note": "A long talk about Peter.", "follow_up_on": "2099-01-05"},
    )
    referral.refresh_from_db()
    assert referral.state == State.ACTIVE
    page = worker.get(case).content.decode()
    assert "A long talk about Peter." in page
    assert "A long talk about Peter." not in practice.get(case).content.decode()

    worker.post(
        reverse("case_close", args=[referral.reference]),
        {"outcome": "connected", "note": "Goes on Tuesdays.", "letter": "Joan walks with a group every Tuesday."},
    )
    referral.refresh_from_db()
    assert referral.state == State.CLOSED
    letter = MessageBack.objects.get(kind=MessageBack.Kind.ENDED)
    shown = practice.get(reverse("message", args=[referral.reference, letter.pk])).content.decode()
    assert "Joan walks with a group every Tuesday." in shown
    assert "Goes on Tuesdays." not in shown
    pdf = practice.get(reverse("message_letter", args=[referral.reference, letter.pk]))
    assert pdf.content.startswith(b"%PDF")
    practice.post(reverse("message_file", args=[referral.reference, letter.pk]))
    letter.refresh_from_db()
    assert letter.filed_by == practice_staff

    assert [entry.code for entry in CodedEntry.objects.all()] == [CodedEntry.Code.REFERRAL]
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert kinds >= {"referral-received", "referral-more-asked", "referral-answered", "referral-accepted"}
    assert not Message.objects.filter(text__contains="Perry").exists()
    verbs = list(AuditEvent.objects.filter(person_id=referral.episode.person_id).values_list("verb", flat=True))
    assert "referral.accepted" in verbs
    assert "episode.viewed" in verbs


def test_every_page_of_the_case_opens(practice_staff: User, link_worker: User, colleague: User) -> None:
    practice, worker = logged_in(practice_staff), logged_in(link_worker)
    referral = refer(practice)
    worker.post(reverse("referral_accept", args=[referral.reference]))
    worker.post(
        reverse("appointment_new", args=[referral.reference]),
        {"kind": "clinic", "day": "2099-01-05", "time": "10:00", "minutes": "45"},
    )
    episode = Episode.objects.get()
    for name in (
        "contact_new appointment_new follow_up_new person_edit case_edit consent_edit hand_over case_close message_new"
    ).split():
        assert worker.get(reverse(name, args=[episode.reference])).status_code == 200, name
    for name in ("today", "referrals", "contact_anyone", "referral_new"):
        assert worker.get(reverse(name)).status_code == 200, name
    for name in ("today", "referrals"):
        assert practice.get(reverse(name)).status_code == 200, name


def test_a_queue_of_mails_is_delivered(practice_staff: User, link_worker: User, mailoutbox: list) -> None:
    refer(logged_in(practice_staff))
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [[link_worker.email]]
