"""The demo as it is built: believable, and as the actions would have left it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from io import StringIO

import nhs_number as nhs
import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.test import override_settings
from django.utils import timezone
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from directory.models import Assurance, Claim, Collection, Connector, Revision, Service, Suggestion, Tap
from linkworkers.audit.models import AuditEvent
from linkworkers.demo import ACCOUNTS, DOMAIN, PASSWORD
from linkworkers.demo.build import build
from linkworkers.outbox.models import Message
from members.factories import UserFactory
from members.models import Post, Role, User, Workplace
from referrals.models import (
    Amendment,
    Appointment,
    CareContact,
    CodedEntry,
    Episode,
    FollowUp,
    InformationRequest,
    MessageBack,
    Person,
    Referral,
    ReferralDraft,
)
from referrals.models.episode import ShareBack
from referrals.models.referral import State

# A Wednesday in the middle of a day, so that what is due today and what is at the weekend are told apart.
NOW = dt.datetime(2026, 11, 25, 12, 15, tzinfo=dt.UTC)
DIRECTORY = (Service, Assurance, Suggestion, Claim, Revision, Collection, Connector, Tap)
TABLES = (Person, Episode, Referral, InformationRequest, CareContact, Amendment, MessageBack, CodedEntry, AuditEvent)


def account(name: str) -> User:
    return User.objects.get(email=name + DOMAIN)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo as of NOW, built once for all the tests that only look at it."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        with time_machine.travel(NOW, tick=False):  # parts of it are done by the actions, which ask the clock
            assert build(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(built: None, db: None) -> None:
    pass


def test_three_networks_a_dozen_practices_and_46_people(demo: None) -> None:
    kinds = Counter(Workplace.objects.values_list("kind", flat=True))
    assert (kinds["network"], kinds["practice"]) == (3, 12)
    assert User.objects.filter(posts__isnull=False).distinct().count() == 46


def test_four_hundred_referrals_over_a_year_in_every_state(demo: None) -> None:
    assert Referral.objects.count() == 400
    assert set(Referral.objects.values_list("state", flat=True)) == set(State)
    assert Referral.objects.filter(submitted_at__lt=NOW - dt.timedelta(days=300)).count() > 10


@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_account_logs_in(demo: None, name: str) -> None:
    user = authenticate(email=name + DOMAIN, password=PASSWORD)
    assert user is not None
    assert user.emailaddress_set.filter(verified=True, primary=True).exists()
    assert Post.objects.current(NOW.date()).filter(user=user).exists()


def test_the_link_worker_has_a_full_day(demo: None) -> None:
    amara, today = account("link-worker"), timezone.localdate(NOW)
    assert Episode.objects.on_caseload().held_by(amara).count() == 40
    assert Episode.objects.held_by(amara).filter(accepted_at__isnull=False).count() >= 160
    diary = Appointment.objects.filter(with_user=amara, contact=None, cancelled_at=None)
    hours = [timezone.localtime(one.starts_at).strftime("%H:%M") for one in diary.order_by("starts_at")]
    assert hours[:5] == ["09:30", "11:00", "13:00", "14:00", "16:00"]
    waiting = FollowUp.objects.waiting_for(amara)
    assert waiting.filter(due_on__lt=today).count() >= 3
    assert waiting.filter(due_on=today).count() >= 2


def test_jim_is_on_the_caseload_with_his_risk(demo: None) -> None:
    jim = Episode.objects.get(person__known_as="Jim", person__family_name="Harcourt")
    assert jim.holder == account("link-worker")
    assert jim.is_active
    assert jim.person.has_visit_risk
    assert "daughter" in jim.what_matters


def test_the_receptionist_has_letters_to_file_a_question_and_drafts(demo: None) -> None:
    receptionist = account("practice")
    post = Post.objects.get(user=receptionist)
    assert MessageBack.objects.filter(practice=post.workplace, filed_at=None).count() == 7
    assert InformationRequest.objects.filter(referral__practice=post.workplace, answered_at=None).exists()
    assert ReferralDraft.objects.filter(owner=receptionist).count() == 2


def test_the_manager_has_something_to_look_into(demo: None) -> None:
    network = Post.objects.get(user=account("manager")).workplace
    unanswered = Referral.objects.unanswered(at=NOW).filter(network=network)
    assert unanswered.count() == 2
    assert not unanswered.filter(flagged_at=None).exists()
    left = Post.objects.get(user__name="Ruth Bell")
    assert left.end_date is not None
    assert left.end_date < NOW.date()
    assert Episode.objects.on_caseload().held_by(left.user).count() == 2


def test_cases_stand_where_their_referrals_do(demo: None) -> None:
    referrals = Referral.objects.all()
    assert not referrals.exclude(network=F("episode__network")).exists()
    assert not referrals.exclude(practice__parent=F("network")).exists()
    assert not referrals.filter(state=State.ACTIVE, episode__first_contact_at=None).exists()
    assert not referrals.filter(state=State.ACCEPTED, episode__first_contact_at__isnull=False).exists()
    assert not referrals.filter(state__in=["accepted", "active"], episode__closed_at__isnull=False).exists()
    assert not referrals.filter(state=State.CLOSED, episode__closed_at=None).exists()
    assert not Episode.objects.filter(closed_at__isnull=False, outcome="").exists()
    assert not Episode.objects.exclude(reference__in=referrals.values("reference")).exists()
    open_questions = InformationRequest.objects.filter(answered_at=None)
    assert not open_questions.exclude(referral__state=State.MORE_ASKED).exists()
    assert open_questions.count() == referrals.filter(state=State.MORE_ASKED).count()


def test_things_happen_in_order(demo: None) -> None:
    assert not Referral.objects.filter(accepted_at__lt=F("submitted_at")).exists()
    assert not Episode.objects.filter(first_contact_at__lt=F("accepted_at")).exists()
    assert not CareContact.objects.filter(happened_at__lt=F("episode__accepted_at")).exists()
    assert not CareContact.objects.filter(happened_at__gt=F("episode__closed_at")).exists()
    assert not CareContact.objects.filter(appointment__created_at__gt=F("happened_at")).exists()
    assert not FollowUp.objects.filter(due_on__lt=F("created_at__date")).exists()
    assert not FollowUp.objects.filter(done_at=None, episode__closed_at__isnull=False).exists()
    assert not MessageBack.objects.filter(filed_at__lt=F("created_at")).exists()


def test_the_first_contact_is_the_first_in_which_the_person_took_part(demo: None) -> None:
    took_part = Q(contacts__result="took_part") & ~Q(contacts__kind="about")
    episodes = Episode.objects.annotate(first=models.Min("contacts__happened_at", filter=took_part))
    assert not episodes.exclude(first=F("first_contact_at")).exclude(first=None, first_contact_at=None).exists()


def test_letters_say_no_more_than_was_agreed(demo: None) -> None:
    codes_only = MessageBack.objects.filter(share_back=ShareBack.CODES)
    assert codes_only.exists()
    assert not codes_only.exclude(text="").exists()
    assert not codes_only.filter(coded_entries=None).exists()
    unchanged = Episode.objects.filter(share_back=ShareBack.CODES, share_back_changed_at=None)
    assert not MessageBack.objects.filter(episode__in=unchanged).exclude(share_back=ShareBack.CODES).exists()


def test_each_active_case_has_its_code_once(demo: None) -> None:
    begun = Episode.objects.filter(first_contact_at__isnull=False)
    counted = begun.annotate(times=Count("coded_entries", filter=Q(coded_entries__code=CodedEntry.Code.REFERRAL)))
    assert set(counted.values_list("times", flat=True)) == {1}


def test_nothing_but_plans_lies_in_the_future(demo: None) -> None:
    for table in (*TABLES, *DIRECTORY, Message, User, Person):
        # The trail's clock is the database's, which nobody sets back.
        latest = timezone.now() if table is AuditEvent else NOW
        for field in table._meta.get_fields():
            if isinstance(field, models.DateTimeField):
                assert not table.objects.filter(**{f"{field.name}__gt": latest}).exists(), f"{table} {field.name}"
    assert not FollowUp.objects.filter(created_at__gt=NOW).exists()
    assert not Appointment.objects.filter(created_at__gt=NOW).exists()


def test_nobody_in_it_could_be_real(demo: None) -> None:
    for person in Person.objects.all():
        assert nhs.is_valid(person.nhs_number)
        assert person.nhs_number.startswith("999")
        assert person.phone.startswith(("07700 900", "01632 960"))
        assert person.email.endswith("@example.com") or not person.email
    assert not User.objects.exclude(email__endswith=DOMAIN).exists()
    assert not Workplace.objects.exclude(Q(email="") | Q(email__endswith=DOMAIN)).exists()


def test_no_two_cases_read_the_same(demo: None) -> None:
    for texts in (
        Referral.objects.values_list("why_now", flat=True),
        Episode.objects.exclude(what_matters="").values_list("what_matters", flat=True),
        FollowUp.objects.filter(done_at=None).values_list("what", flat=True),
        CareContact.objects.filter(result="took_part").exclude(kind="about").values_list("note", flat=True),
    ):
        assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_no_case_repeats_itself(demo: None) -> None:
    beginnings = CareContact.objects.filter(result="took_part").exclude(kind="about").values_list("episode", "note")
    said = Counter((episode, note[:40]) for episode, note in beginnings)
    assert [beginning for beginning, times in said.items() if times > 1] == []


def test_every_gap_in_a_text_is_filled(demo: None) -> None:
    for table in (Referral, Episode, CareContact, Amendment, MessageBack, FollowUp, InformationRequest, Person):
        for field in table._meta.get_fields():
            if isinstance(field, models.TextField | models.CharField):
                assert not table.objects.filter(**{f"{field.name}__regex": r"[{}@]| $|^[a-z]+: "}).exclude(
                    **{f"{field.name}__endswith": "@example.com"}
                ), f"{table} {field.name}"


def test_no_mail_is_left_to_send(demo: None) -> None:
    assert Message.objects.count() > 5
    assert not Message.objects.exclude(state=Message.State.SENT).exists()


def test_the_trail_tells_of_every_move(demo: None) -> None:
    told = Counter(AuditEvent.objects.values_list("verb", flat=True))
    assert told["referral.submitted"] == Referral.objects.count()
    assert told["referral.accepted"] >= Episode.objects.filter(accepted_at__isnull=False).count()
    assert told["contact.logged"] == CareContact.objects.count()
    assert told["message.filed"] == MessageBack.objects.filter(filed_at__isnull=False).count()
    assert told["episode.handed_over"] > 0


def test_the_team_is_as_the_stories_need_it(demo: None) -> None:
    network = Post.objects.get(user=account("link-worker")).workplace
    assert Post.objects.get(user=account("colleague")).workplace == network
    outsider = Post.objects.get(user=account("outsider"))
    assert outsider.role == Role.LINK_WORKER
    assert outsider.workplace != network


def test_a_second_time_changes_nothing(demo: None, settings: Settings) -> None:
    settings.DEMO = True
    before = AuditEvent.objects.count(), Message.objects.count(), Referral.objects.count()
    said = StringIO()
    call_command("demo", stdout=said)
    assert "already" in said.getvalue()
    assert (AuditEvent.objects.count(), Message.objects.count(), Referral.objects.count()) == before


def test_it_refuses_when_somebody_else_has_joined_the_demo(demo: None, settings: Settings) -> None:
    settings.DEMO = True
    UserFactory(email="somebody@example.org")
    with pytest.raises(CommandError, match="not of the demo"):
        call_command("demo")
