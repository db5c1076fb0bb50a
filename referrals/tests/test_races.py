"""Two people at the same moment, over connections of their own: one outcome, and the other is told."""

import time
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from linkworkers.outbox.tasks import deliver_due
from members.models import User, Workplace
from referrals import actions
from referrals.factories import EpisodeFactory, MessageBackFactory, PersonFactory, ReferralFactory
from referrals.models import CareContact, CodedEntry, Episode, MessageBack, Person, Referral, ReferralDraft
from referrals.models.referral import State
from referrals.tests.race import elsewhere, race
from referrals.tests.steps import NHS_NUMBER, joan, logged_in, mailed, refer, submit, write
from tests.outages import broker_away

pytestmark = pytest.mark.django_db(transaction=True)


def contact(episode: Episode, by: User, **facts: object) -> CareContact:
    usual = {"kind": "phone", "result": "took_part", "note": "We talked.", "happened_at": timezone.now()}
    return actions.log_contact(episode=episode, by=by, **usual | facts)


def none_failed(results: list) -> None:
    assert [result for result in results if isinstance(result, Exception)] == []


def test_two_link_workers_accept_at_once_and_the_second_is_told_who_was_first(practice, link_worker, colleague):
    referral = ReferralFactory(episode__person__practice=practice)
    accepted, refusal = race(
        Episode.objects.all(),
        lambda: actions.accept(referral=referral, by=link_worker),
        lambda: actions.accept(referral=referral, by=colleague),
    )
    assert isinstance(accepted, Referral)
    assert repr(refusal) == repr(Refused("Amara Okafor has accepted this already."))
    assert Episode.objects.get().holder == link_worker
    assert len(mailed("referral-accepted")) == 1
    assert AuditEvent.objects.filter(verb="referral.accepted").count() == 1


def test_over_http_the_second_lands_on_the_case_and_reads_who_holds_it(practice, link_worker, colleague):
    referral = ReferralFactory(episode__person__practice=practice)
    path = f"/referrals/{referral.reference}/"
    first, second = race(
        Episode.objects.all(),
        *(lambda user=user: logged_in(user).post(f"{path}accept/", follow=True) for user in (link_worker, colleague)),
    )
    assert "You hold this case now." in first.content.decode()
    assert "Amara Okafor has accepted this already." in second.content.decode()


def test_a_double_click_on_send_is_one_referral(practice, practice_staff, link_worker):
    client = logged_in(practice_staff)
    draft, _ = write(client)
    results = race(ReferralDraft.objects.all(), *[lambda: logged_in(practice_staff).post(f"{draft}check/")] * 2)
    none_failed(results)
    sent = f"/referrals/{Referral.objects.get().reference}/"
    assert [response.url for response in results] == [sent, sent]
    assert mailed("referral-received") == ["amara@example.test"]
    assert not ReferralDraft.objects.exists()


def test_a_draft_saved_while_it_is_sent_is_not_there_again_afterwards(practice, practice_staff):
    write(logged_in(practice_staff))
    draft_id = ReferralDraft.objects.get().pk
    sent, saved = race(
        ReferralDraft.objects.all(),
        lambda: submit(practice_staff, practice, submission_key=draft_id),
        lambda: actions.save_draft(draft_id=draft_id, by=practice_staff, answers={"given_name": ["Jo"]}),
    )
    assert isinstance(sent, Referral)
    assert repr(saved) == repr(Refused("This referral has been sent."))
    assert not ReferralDraft.objects.exists()


def test_two_practices_refer_one_new_person_at_once(practice, practice_staff, network, other_practice, outsider):
    Workplace.objects.filter(pk=other_practice.pk).update(parent=network)
    other_practice.refresh_from_db()
    outsider.posts.update(workplace=other_practice, role="practice_staff")
    results = race(
        Workplace.objects.filter(parent=network),
        lambda: submit(practice_staff, practice),
        lambda: submit(User.objects.get(pk=outsider.pk), other_practice),
    )
    none_failed(results)
    assert (Person.objects.count(), Episode.objects.count(), Referral.objects.count()) == (1, 1, 2)


def test_two_referrals_of_one_known_person_at_once_share_an_episode(practice, practice_staff):
    PersonFactory(practice=practice, nhs_number=NHS_NUMBER, date_of_birth=joan().date_of_birth)
    none_failed(race(Person.objects.all(), *[lambda: submit(practice_staff, practice)] * 2))
    assert (Episode.objects.count(), Referral.objects.count()) == (1, 2)


@pytest.fixture
def case(practice: Workplace, link_worker: User) -> Episode:
    """Joan's case, accepted by `link_worker`, not met yet."""
    person = PersonFactory(practice=practice, nhs_number=NHS_NUMBER, date_of_birth=joan().date_of_birth)
    episode = EpisodeFactory(person=person, accepted=True, holder=link_worker)
    ReferralFactory(episode=episode)
    return episode


def test_a_referral_sent_while_the_first_is_accepted_is_accepted_with_it(practice, practice_staff, link_worker):
    first = submit(practice_staff, practice)
    accepted, second = race(
        Episode.objects.all(),
        lambda: actions.accept(referral=first, by=link_worker),
        lambda: submit(practice_staff, practice),
    )
    none_failed([accepted, second])
    assert set(Referral.objects.values_list("state", "accepted_by")) == {(State.ACCEPTED, link_worker.pk)}


def test_a_referral_sent_while_the_case_closes_is_not_lost_in_it(case, practice, practice_staff, link_worker):
    closed, second = race(
        Episode.objects.all(),
        lambda: actions.close(episode=case, outcome="connected", note="", letter="", by=link_worker),
        lambda: submit(practice_staff, practice),
    )
    none_failed([closed, second])
    assert (second.state, second.episode.is_open) == (State.SUBMITTED, True)
    assert second.episode != case


def test_a_case_that_closes_while_a_referral_joins_takes_it_along(case, practice, practice_staff, link_worker):
    second, closed = race(
        Episode.objects.all(),
        lambda: submit(practice_staff, practice),
        lambda: actions.close(episode=case, outcome="connected", note="", letter="", by=link_worker),
    )
    none_failed([closed, second])
    second.refresh_from_db()
    assert (second.state, second.episode) == (State.CLOSED, case)


def test_two_first_contacts_at_once_record_one_code(case, link_worker, colleague):
    none_failed(race(Episode.objects.all(), lambda: contact(case, link_worker), lambda: contact(case, colleague)))
    assert CareContact.objects.count() == 2
    assert CodedEntry.objects.get().code == CodedEntry.Code.REFERRAL
    assert MessageBack.objects.get().kind == MessageBack.Kind.STARTED


def test_one_contact_saved_twice_at_once_is_one_contact(case, link_worker):
    key = uuid.uuid4()
    first, second = race(Episode.objects.all(), *[lambda: contact(case, link_worker, submission_key=key)] * 2)
    assert first == second == CareContact.objects.get()


def test_whoever_logs_a_contact_while_the_case_closes_is_told(case, link_worker, colleague):
    closed, refusal = race(
        Episode.objects.all(),
        lambda: actions.close(episode=case, outcome="connected", note="", letter="", by=link_worker),
        lambda: contact(case, colleague),
    )
    assert isinstance(closed, Episode)
    assert isinstance(refusal, Refused)
    assert "This case is closed" in str(refusal)
    assert not CareContact.objects.exists()


def test_a_case_closes_after_the_contact_that_was_being_logged(case, link_worker, colleague):
    results = race(
        Episode.objects.all(),
        lambda: contact(case, colleague),
        lambda: actions.close(episode=case, outcome="connected", note="", letter="", by=link_worker),
    )
    none_failed(results)
    assert list(MessageBack.objects.order_by("pk").values_list("kind", flat=True)) == ["started", "ended"]


def test_a_referral_withdrawn_a_moment_before_cannot_be_accepted(practice, practice_staff, link_worker):
    referral = ReferralFactory(episode__person__practice=practice)
    withdrawn, refusal = race(
        Episode.objects.all(),
        lambda: actions.withdraw(referral=referral, note="", by=practice_staff),
        lambda: actions.accept(referral=referral, by=link_worker),
    )
    assert isinstance(withdrawn, Referral)
    assert repr(refusal) == repr(Refused("The practice has withdrawn this referral."))
    assert not Episode.objects.get().is_open


def test_a_referral_and_a_correction_of_the_person_at_once_do_not_wait_for_each_other(
    case, practice, practice_staff, link_worker
):
    none_failed(
        race(
            Person.objects.all(),
            lambda: submit(practice_staff, practice, person={"postcode": "AL1 2AB"}),
            lambda: actions.update_person(episode=case, details={"phone": "07700 900999"}, by=link_worker),
        )
    )
    person = Person.objects.get()
    assert (person.postcode, person.phone) == ("AL1 2AB", "07700 900999")


def test_a_letter_filed_twice_at_once_is_filed_once(practice, practice_staff):
    letter = MessageBackFactory(episode__person__practice=practice)
    none_failed(race(MessageBack.objects.all(), *[lambda: actions.file_message(message=letter, by=practice_staff)] * 2))
    assert AuditEvent.objects.filter(verb="message.filed").count() == 1


def test_a_flag_is_raised_once_by_two_runs_at_once(practice, manager):
    ReferralFactory(episode__person__practice=practice, waiting_since=timezone.now() - timezone.timedelta(days=15))
    with transaction.atomic():
        assert actions.flag_unanswered() == 1
        assert elsewhere(actions.flag_unanswered) == 0
    assert mailed("referrals-unanswered") == ["helen@example.test"]


def test_a_referral_sent_while_the_broker_is_away_is_saved_at_once_and_mailed_once_when_it_is_back(
    practice, practice_staff, link_worker, mailoutbox
):
    client = logged_in(practice_staff)
    with broker_away():
        began = time.monotonic()
        referral = refer(client)
        assert time.monotonic() - began < 5
    assert referral.state == State.SUBMITTED
    assert Message.objects.get().state == Message.State.WAITING
    assert mailoutbox == []
    deliver_due()
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [["amara@example.test"]]
