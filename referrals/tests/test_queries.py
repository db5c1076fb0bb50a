"""No page asks the database more with thirty rows than with one, and none more than nine times."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import User, Workplace
from referrals.factories import (
    AppointmentFactory,
    CareContactFactory,
    EpisodeFactory,
    FollowUpFactory,
    InformationRequestFactory,
    MessageBackFactory,
    PersonFactory,
    ReferralDraftFactory,
    ReferralFactory,
    ago,
)
from referrals.models import Amendment, CodedEntry, Episode
from referrals.models.referral import State
from referrals.tests.steps import ANSWERS, logged_in, write

pytestmark = pytest.mark.django_db

MOST = 9
MANY = 30


def queries(client: Client, page: str, *, method: str = "get", data: dict | None = None) -> list[str]:
    """What the page asks, its session warmed: the first page after a log-in notes the second factor."""
    client.get(reverse("today"))
    with CaptureQueriesContext(connection) as captured:
        assert getattr(client, method)(page, data or {}).status_code == 200
    return [query["sql"] for query in captured]


def same_for_many(client: Client, page: Callable[[], str], more: Callable[[], object], most: int = MOST) -> None:
    """The page asks the same with one more row and with thirty more."""
    more()
    one = queries(client, page())
    for _ in range(MANY - 1):
        more()
    many = queries(client, page())
    assert len(many) == len(one), "\n".join(many)
    assert len(many) <= most, "\n".join(many)


@pytest.fixture
def nurse(practice_staff: User) -> Client:
    return logged_in(practice_staff)


@pytest.fixture
def worker(link_worker: User) -> Client:
    return logged_in(link_worker)


@pytest.fixture
def somebody(practice: Workplace) -> Callable[[], object]:
    return lambda: PersonFactory(practice=practice)


@pytest.fixture
def held(somebody: Callable, link_worker: User) -> Callable[..., Episode]:
    """Makes a case that `link_worker` holds."""

    def make(**facts: object) -> Episode:
        episode = EpisodeFactory(person=somebody(), holder=link_worker, **facts or {"active": True})
        ReferralFactory(episode=episode)
        return episode

    return make


def test_today_of_a_link_worker(worker, held, somebody):
    def more() -> None:
        episode = held()
        FollowUpFactory(episode=episode)
        AppointmentFactory(episode=episode, starts_at=timezone.now())
        AppointmentFactory(episode=episode, starts_at=ago(days=2))
        ReferralFactory(episode=EpisodeFactory(person=somebody()))

    same_for_many(worker, lambda: reverse("today"), more, MOST + 1)  # the one asks whether events have something


def test_today_of_a_practice(nurse, held, practice_staff, link_worker):
    def more() -> None:
        episode = held()
        MessageBackFactory(episode=episode)
        InformationRequestFactory(referral=ReferralFactory(episode=held(accepted=True), state=State.MORE_ASKED))
        ReferralDraftFactory(owner=practice_staff)

    same_for_many(nurse, lambda: reverse("today"), more)


def test_today_of_a_manager(manager, somebody):
    def more() -> None:
        ReferralFactory(episode=EpisodeFactory(person=somebody()), waiting_since=ago(days=20))

    same_for_many(logged_in(manager), lambda: reverse("today"), more)


def test_the_inbox(worker, somebody, held):
    def more() -> None:
        ReferralFactory(episode=EpisodeFactory(person=somebody()))
        Episode.objects.filter(pk=held().pk).update(holder=AppointmentFactory().with_user)  # somebody from elsewhere

    same_for_many(worker, lambda: reverse("inbox"), more)


@pytest.mark.parametrize("chosen", ["mine", "network", "closed"])
@pytest.mark.parametrize("words", ["", "&q=joan"])
def test_the_caseload(chosen, words, worker, held):
    def more() -> None:
        episode = held(closed=True) if chosen == "closed" else held()
        FollowUpFactory(episode=episode)
        AppointmentFactory(episode=episode)
        CareContactFactory(episode=episode)

    same_for_many(worker, lambda: f"{reverse('referrals')}?list={chosen}{words}", more)


@pytest.mark.parametrize("chosen", ["open", "ended"])
def test_the_list_of_a_practice(chosen, nurse, held, practice_staff):
    def more() -> None:
        MessageBackFactory(episode=held(closed=True) if chosen == "ended" else held())
        ReferralDraftFactory(owner=practice_staff)

    same_for_many(nurse, lambda: f"{reverse('referrals')}?list={chosen}", more)


@pytest.mark.parametrize("stands", ["waiting", "open", "closed"])
def test_a_case(stands, worker, held, link_worker):
    facts: dict[str, object] = {"closed": True} if stands == "closed" else {"active": True}
    episode = held(**facts)
    first = episode.referrals.get()
    hours = iter(range(1, 10_000))

    def more() -> None:
        # As if another colleague had done each thing, so that no name comes along by chance.
        by = AppointmentFactory().with_user
        contact = CareContactFactory(episode=episode, by=by)
        Amendment.objects.create(contact=contact, note="Better.", reason="Wrong day.", by=by)
        AppointmentFactory(episode=episode, with_user=by, starts_at=ago(hours=-next(hours)))
        AppointmentFactory(episode=episode, with_user=by, starts_at=ago(hours=next(hours)))
        AppointmentFactory(
            episode=episode, starts_at=ago(hours=next(hours)), cancelled_at=timezone.now(), cancelled_by=by
        )
        FollowUpFactory(episode=episode)
        FollowUpFactory(episode=episode, done_at=timezone.now(), done_by=by)
        MessageBackFactory(episode=episode, by=by)
        referral = ReferralFactory(episode=episode, as_given={"phone": "1"}, accepted_by=by)
        InformationRequestFactory(referral=referral, asked_by=by)
        InformationRequestFactory(
            referral=referral, asked_by=by, answer="Yes.", answered_at=timezone.now(), answered_by=by
        )

    if stands == "waiting":
        Episode.objects.update(accepted_at=None, first_contact_at=None, holder=None)
        episode.referrals.update(state=State.SUBMITTED, accepted_at=None, accepted_by=None)
        episode = Episode.objects.get(pk=episode.pk)

        def more() -> None:
            referral = ReferralFactory(episode=episode)
            InformationRequestFactory(referral=referral)

    same_for_many(worker, lambda: reverse("referral", args=[first.reference]), more)


@pytest.mark.parametrize("facts", [{}, {"accepted": True}, {"active": True}, {"closed": True}], ids=str)
def test_a_referral_as_its_practice_sees_it(facts, nurse, somebody, link_worker):
    referral = ReferralFactory(episode=EpisodeFactory(person=somebody(), **facts))

    def more() -> None:
        by = AppointmentFactory().with_user
        MessageBackFactory(episode=referral.episode, by=by, filed_at=timezone.now(), filed_by=by)
        answered = {"answer": "Yes.", "answered_at": timezone.now(), "answered_by": by}
        InformationRequestFactory(referral=referral, asked_by=by, **answered)
        ReferralFactory(episode=referral.episode)

    same_for_many(nurse, lambda: reverse("referral", args=[referral.reference]), more)


@pytest.mark.parametrize("who", ["nurse", "worker"])
def test_a_letter(who, request, held, practice_staff, link_worker):
    episode = held()
    letter = MessageBackFactory(episode=episode, filed_at=timezone.now(), filed_by=practice_staff)
    for code in CodedEntry.Code:
        CodedEntry.objects.create(episode=episode, code=code, by=link_worker, message=letter)
    client = request.getfixturevalue(who)
    for page in ("message", "message_letter"):
        asked = queries(client, reverse(page, args=[episode.reference, letter.pk]))
        assert len(asked) <= MOST, "\n".join(asked)


def test_the_referral_form_and_its_check_page(nurse, somebody, practice):
    draft, _ = write(nurse, nhs_number="")
    for _ in range(MANY):
        PersonFactory(practice=practice, family_name="Perry", date_of_birth=dt.date(1951, 5, 4))
    for page in (
        reverse("referral_new"),
        draft,
        f"{draft}check/",
        f"{draft}delete/",
    ):
        asked = queries(nurse, page)
        assert len(asked) <= MOST, "\n".join([page, *asked])
    known = PersonFactory(practice=practice, nhs_number="9990000018")
    EpisodeFactory(person=known)
    asked = queries(nurse, reverse("referral_find_person"), method="post", data=ANSWERS)
    assert len(asked) <= MOST, "\n".join(asked)


CASE_FORMS = [
    *("contact_new", "appointment_new", "follow_up_new", "person_edit", "case_edit", "consent_edit"),
    *("hand_over", "case_close", "message_new"),
]


def test_the_forms_of_a_case(worker, held):
    episode = held()
    for _ in range(MANY):
        held()
    pages = [reverse("contact_anyone"), *(reverse(name, args=[episode.reference]) for name in CASE_FORMS)]
    contact, appointment = CareContactFactory(episode=episode), AppointmentFactory(episode=episode)
    pages += [
        reverse("contact_amend", args=[episode.reference, contact.pk]),
        reverse("appointment_cancel", args=[episode.reference, appointment.pk]),
        f"{reverse('contact_new', args=[episode.reference])}?appointment={appointment.pk}",
    ]
    for page in pages:
        asked = queries(worker, page)
        assert len(asked) <= MOST, "\n".join([page, *asked])
