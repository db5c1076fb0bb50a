"""Every move a referral can make: from which states, by whom, and what is recorded and mailed of it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.models import User, Workplace
from referrals import actions
from referrals.factories import (
    AppointmentFactory,
    EpisodeFactory,
    InformationRequestFactory,
    PersonFactory,
    ReferralFactory,
)
from referrals.models import Referral
from referrals.models.referral import MOVES, State
from referrals.tests.steps import all_mail, mailed

pytestmark = pytest.mark.django_db

SUBMITTED, MORE_ASKED, ACCEPTED, ACTIVE, CLOSED, DECLINED, WITHDRAWN = State
NO = None


def accept(referral: Referral, by: User) -> None:
    actions.accept(referral=referral, by=by)


def ask(referral: Referral, by: User) -> None:
    actions.ask(referral=referral, question="Does she hear well?", by=by)


def answer(referral: Referral, by: User) -> None:
    actions.answer(request=referral.information_requests.get(), text="Yes.", by=by)


def decline(referral: Referral, by: User) -> None:
    actions.decline(referral=referral, reason="out_of_area", note="", by=by)


def withdraw(referral: Referral, by: User) -> None:
    actions.withdraw(referral=referral, note="", by=by)


def reach(referral: Referral, by: User) -> None:
    _contact(referral, by, "took_part")


def miss(referral: Referral, by: User) -> None:
    _contact(referral, by, "did_not_attend")


def _contact(referral: Referral, by: User, result: str) -> None:
    facts = {"kind": "phone", "result": result, "note": "A note.", "happened_at": timezone.now()}
    actions.log_contact(episode=referral.episode, by=by, **facts)


def close(referral: Referral, by: User) -> None:
    actions.close(episode=referral.episode, outcome="connected", note="", letter="", by=by)


def named(value: object) -> str:
    return getattr(value, "__name__", "")


# What each action makes of a referral in each state; NO: refused, and nothing is changed, recorded or mailed.
# fmt: off
TABLE = [
    # action   submitted   more asked  accepted   active     closed  declined  withdrawn
    (accept,   ACCEPTED,   ACCEPTED,   NO,        NO,        NO,     NO,       NO),
    (ask,      MORE_ASKED, NO,         NO,        NO,        NO,     NO,       NO),
    (answer,   NO,         SUBMITTED,  NO,        NO,        NO,     NO,       NO),
    (decline,  DECLINED,   DECLINED,   NO,        NO,        NO,     NO,       NO),
    (withdraw, WITHDRAWN,  WITHDRAWN,  WITHDRAWN, NO,        NO,     NO,       NO),
    (reach,    NO,         NO,         ACTIVE,    ACTIVE,    NO,     NO,       NO),
    (miss,     NO,         NO,         ACCEPTED,  ACTIVE,    NO,     NO,       NO),
    (close,    NO,         NO,         CLOSED,    CLOSED,    NO,     NO,       NO),
]
# fmt: on
CELLS = [
    pytest.param(act, start, end, id=f"{act.__name__} in {start}")
    for act, *row in TABLE
    for start, end in zip(State, row, strict=True)
]


def referral_in(state: State, practice: Workplace) -> Referral:
    """A referral in this state, with a question to the practice: answered where it was just sent, else not."""
    person = PersonFactory(practice=practice)
    now = timezone.now()
    ended = {"closed_at": now, "outcome": "not_accepted"}
    match state:
        case State.SUBMITTED | State.MORE_ASKED:
            referral = ReferralFactory(episode=EpisodeFactory(person=person), state=state)
        case State.ACCEPTED:
            referral = ReferralFactory(episode=EpisodeFactory(person=person, accepted=True))
        case State.ACTIVE:
            referral = ReferralFactory(episode=EpisodeFactory(person=person, active=True))
        case State.CLOSED:
            referral = ReferralFactory(episode=EpisodeFactory(person=person, closed=True))
        case State.DECLINED | State.WITHDRAWN:
            referral = ReferralFactory(episode=EpisodeFactory(person=person))
            facts = {f"{state}_at": now, f"{state}_by": referral.submitted_by}
            reason = {"decline_reason": "duplicate"} if state == State.DECLINED else {}
            Referral.objects.filter(pk=referral.pk).update(state=state, **facts, **reason)
            type(referral.episode).objects.filter(pk=referral.episode_id).update(**ended)
    answered = {"answer": "Yes.", "answered_at": now} if state == State.SUBMITTED else {}
    InformationRequestFactory(referral=referral, **answered)
    return Referral.objects.get(pk=referral.pk)


def in_its_place(act: Callable, request: pytest.FixtureRequest) -> User:
    """Whose move it is."""
    return request.getfixturevalue("practice_staff" if act in (answer, withdraw) else "link_worker")


@pytest.mark.parametrize(("act", "start", "end"), CELLS)
def test_a_move_is_made_or_refused(act, start, end, practice, link_worker, practice_staff, request):
    referral = referral_in(start, practice)
    by = in_its_place(act, request)
    if end is NO:
        with pytest.raises(Refused, match=r"\w"):
            act(referral, by)
        assert not AuditEvent.objects.exists()
        assert all_mail() == []
    else:
        act(referral, by)
    referral.refresh_from_db()
    assert referral.state == (end or start)


def test_the_moves_of_the_actions_are_those_of_the_model():
    made = {(start, end) for _, *row in TABLE for start, end in zip(State, row, strict=True) if end not in (NO, start)}
    assert made == {(start, end) for start, ends in MOVES.items() for end in ends}


FIRST_STATE = {accept: SUBMITTED, ask: SUBMITTED, answer: MORE_ASKED, decline: SUBMITTED, withdraw: SUBMITTED}
FIRST_STATE |= dict.fromkeys([reach, miss, close], ACCEPTED)
EVERYBODY = "link_worker colleague outsider practice_staff volunteer coordinator manager member provider admin".split()


@pytest.mark.parametrize("act", FIRST_STATE, ids=named)
def test_nobody_else_can_make_the_move(act, practice, request):
    cast = {name: request.getfixturevalue(name) for name in EVERYBODY}
    referral = referral_in(FIRST_STATE[act], practice)
    allowed = {"practice_staff"} if act in (answer, withdraw) else {"link_worker", "colleague"}
    for name in set(EVERYBODY) - allowed:
        with pytest.raises(PermissionDenied):
            act(referral, cast[name])
            pytest.fail(f"{name} could {act.__name__}")
    referral.refresh_from_db()
    assert referral.state == FIRST_STATE[act]
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("act", [accept, ask, decline, reach, close], ids=named)
def test_a_colleague_can_cover(act, practice, link_worker, colleague):
    referral = referral_in(FIRST_STATE[act], practice)
    act(referral, colleague)
    assert AuditEvent.objects.latest("pk").actor_id == colleague.pk


RECORDED = [
    (accept, ["referral.accepted"]),
    (ask, ["referral.more_asked"]),
    (answer, ["referral.answered"]),
    (decline, ["episode.closed", "referral.declined"]),
    (withdraw, ["episode.closed", "referral.withdrawn"]),
    (reach, ["contact.logged", "episode.active"]),
    (miss, ["contact.logged"]),
    (close, ["episode.closed"]),
]


@pytest.mark.parametrize(("act", "verbs"), RECORDED, ids=named)
def test_a_move_is_recorded_with_who_made_it_and_whose_record_it_is(
    act, verbs, practice, link_worker, practice_staff, request
):
    referral = referral_in(FIRST_STATE[act], practice)
    by = in_its_place(act, request)
    act(referral, by)
    found = AuditEvent.objects.order_by("pk").values_list("verb", "actor_id", "person_id")
    assert list(found) == [(verb, by.pk, referral.episode.person_id) for verb in verbs]


PRACTICE, HOLDER = "janet@example.test", "amara@example.test"
MAILED = [
    (accept, [("message-back-ready", PRACTICE), ("referral-accepted", PRACTICE)]),
    (ask, [("referral-more-asked", PRACTICE)]),
    (answer, [("referral-answered", HOLDER)]),
    (decline, [("referral-declined", PRACTICE)]),
    (withdraw, [("referral-withdrawn", HOLDER)]),
    (reach, [("message-back-ready", PRACTICE)]),
    (miss, []),
    (close, [("message-back-ready", PRACTICE)]),
]


@pytest.mark.parametrize(("act", "mails"), MAILED, ids=named)
def test_whoever_has_to_know_of_a_move_gets_a_mail_and_nobody_else(
    act, mails, practice, link_worker, practice_staff, manager, outsider, request
):
    act(referral_in(FIRST_STATE[act], practice), in_its_place(act, request))
    assert all_mail() == mails


def test_a_shared_mailbox_is_told_instead_of_everybody_and_beside_whoever_referred(
    practice, practice_staff, network, link_worker, colleague
):
    practice.email, network.email = "surgery@example.test", "team@example.test"
    practice.save()
    network.save()
    referral = referral_in(SUBMITTED, practice)
    decline(referral, link_worker)
    assert mailed("referral-declined") == [PRACTICE, "surgery@example.test"]
    withdraw(referral_in(SUBMITTED, practice), practice_staff)
    assert mailed("referral-withdrawn") == ["team@example.test"]


def test_without_a_mailbox_all_link_workers_are_told_of_a_withdrawal(practice, practice_staff, link_worker, colleague):
    withdraw(referral_in(SUBMITTED, practice), practice_staff)
    assert mailed("referral-withdrawn") == [HOLDER, "dev@example.test"]


def test_accepting_takes_every_waiting_referral_of_the_episode(practice, link_worker, practice_staff):
    first = referral_in(SUBMITTED, practice)
    second = ReferralFactory(episode=first.episode, state=MORE_ASKED)
    accept(second, link_worker)
    assert set(first.episode.referrals.values_list("state", "accepted_by")) == {(ACCEPTED, link_worker.pk)}
    assert mailed("referral-accepted") == [PRACTICE, PRACTICE]


def test_the_last_referral_declined_or_withdrawn_ends_the_episode(practice, link_worker, practice_staff):
    first = referral_in(SUBMITTED, practice)
    second = ReferralFactory(episode=first.episode)
    decline(first, link_worker)
    first.episode.refresh_from_db()
    assert first.episode.is_open
    withdraw(second, practice_staff)
    first.episode.refresh_from_db()
    assert (first.episode.is_open, first.episode.outcome) == (False, "withdrawn")


def test_whoever_is_too_late_is_told_who_was_quicker(practice, link_worker, colleague):
    referral = referral_in(SUBMITTED, practice)
    accept(referral, colleague)
    with pytest.raises(Refused, match="Dev Patel has accepted this already"):
        accept(referral, link_worker)
    with pytest.raises(Refused, match="You have accepted this already"):
        accept(referral, colleague)
    with pytest.raises(Refused, match="Dev Patel has accepted this already"):
        decline(referral, link_worker)


def test_a_withdrawal_leaves_no_appointment_behind_that_nobody_keeps(practice, link_worker, practice_staff):
    referral = referral_in(ACCEPTED, practice)
    AppointmentFactory(episode=referral.episode)
    with pytest.raises(Refused, match="Ring the link worker, so"):
        withdraw(referral, practice_staff)
    referral.refresh_from_db()
    assert referral.state == ACCEPTED
