"""No mail says anything about anybody: the whole journey, with every word of it looked for in the outbox."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from linkworkers.outbox.models import Message
from referrals import actions, tasks
from referrals.models import Referral
from referrals.tests.steps import submit

pytestmark = pytest.mark.django_db

# Each is a word that occurs nowhere else, so that finding it can only mean that it leaked.
SECRETS = {
    "given_name": "Xanthippe",
    "family_name": "Quillfeather",
    "known_as": "Zanthy",
    "phone": "07700900987",
    "email": "zanthy@private.test",
    "address": "Gloamingside",
    "postcode": "ZZ9 9ZZ",
    "safe_contact": "sonreadsletters",
    "language": "Esperanto",
    "access_needs": "wheelchairramp",
    "risk_details": "rottweiler",
}
OTHERS = ["9990000018", "999 000 0018", "1951", "Bereavement", "bereavement", "crisis", "Crisis"]


@time_machine.travel(dt.datetime(2099, 1, 5, 9, tzinfo=dt.UTC))  # a Monday
def test_no_mail_of_the_whole_journey_names_anybody_or_anything_about_them(
    practice, practice_staff, link_worker, colleague, manager
):
    person = {"visit_risk": "risk", "needs_interpreter": True, "contact_ways": ["phone", "email"]} | SECRETS
    asked = {"why_now": "whyword", "hopes": "hopeword", "reasons": ["bereavement"], "urgency": "crisis"}

    def refer() -> Referral:
        return submit(practice_staff, practice, person=person, **asked)

    declined = refer()
    actions.decline(referral=declined, reason="person_declined", note="declineword", by=link_worker)
    actions.withdraw(referral=refer(), note="withdrawword", by=practice_staff)
    referral = refer()
    Referral.objects.filter(pk=referral.pk).update(waiting_since=timezone.now() - dt.timedelta(days=20))
    tasks.flag_unanswered_referrals()
    request = actions.ask(referral=referral, question="questionword", by=link_worker)
    actions.answer(request=request, text="answerword", by=practice_staff)
    actions.accept(referral=referral, by=link_worker)
    refer()  # joins the case
    episode = referral.episode
    now = timezone.now()
    contact = actions.log_contact(
        episode=episode,
        by=link_worker,
        kind="phone",
        result="took_part",
        note="noteword",
        happened_at=now,
        follow_up_on=timezone.localdate(),
        follow_up="followword",
    )
    actions.amend_contact(contact=contact, note="amendword", reason="reasonword", by=link_worker)
    starts_at = timezone.localtime().replace(hour=12)
    actions.book_appointment(
        episode=episode,
        by=link_worker,
        kind="clinic",
        starts_at=starts_at,
        minutes=30,
        place="placeword",
        note="purposeword",
    )
    actions.update_case(episode=episode, what_matters="matterword", complexity="complex", by=link_worker)
    actions.send_message(episode=episode, text="letterword", by=link_worker)
    tasks.send_morning_digests()
    actions.hand_over(episode=episode, to=colleague, by=link_worker)
    for appointment in episode.appointments.all():
        actions.cancel_appointment(appointment=appointment, note="cancelword", by=colleague)
    actions.close(episode=episode, outcome="connected", note="closeword", letter="endword", by=colleague)

    mails = list(Message.objects.exclude(state=Message.State.NOTHING))
    assert {mail.kind for mail in mails} == {
        "referral-received",
        "referral-declined",
        "referral-withdrawn",
        "referral-more-asked",
        "referral-answered",
        "referral-accepted",
        "referrals-unanswered",
        "message-back-ready",
        "case-handed-over",
        "morning-digest",
    }
    words = [*SECRETS.values(), *OTHERS, "word"]  # every note of the journey holds "word"
    parts = [(mail.kind, f"{mail.subject} {mail.text} {mail.html} {mail.key}") for mail in mails]
    assert [(kind, word) for kind, text in parts for word in words if word in text] == []
    assert all("http://testserver/" in mail.text for mail in mails)
