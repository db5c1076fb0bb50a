"""Access ends with the post, and what somebody leaves behind does not get lost."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.factories import NetworkFactory, PostFactory, WorkplaceFactory
from members.models import Post, Role, User, Workplace
from referrals import actions
from referrals.factories import (
    AppointmentFactory,
    CareContactFactory,
    EpisodeFactory,
    FollowUpFactory,
    MessageBackFactory,
    PersonFactory,
    ReferralDraftFactory,
    ReferralFactory,
)
from referrals.models import Episode
from referrals.models.referral import State
from referrals.tests.steps import NHS_NUMBER, logged_in, mailed, submit

pytestmark = pytest.mark.django_db


def end_post(user: User) -> User:
    """Their posts ended yesterday; returns them as the next request would find them."""
    day = timezone.localdate() - dt.timedelta(days=1)
    Post.objects.filter(user=user).update(start_date=day, end_date=day)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def case(practice: Workplace, link_worker: User) -> Episode:
    person = PersonFactory(practice=practice, nhs_number=NHS_NUMBER, date_of_birth=dt.date(1951, 5, 4))
    episode = EpisodeFactory(person=person, active=True, holder=link_worker)
    ReferralFactory(episode=episode)
    return episode


def every_page(episode: Episode, owner: User) -> list[str]:
    """Each address beneath /referrals/, about this case where it is about one."""
    case = [episode.reference]
    letter = [episode.reference, MessageBackFactory(episode=episode).pk]
    draft = [ReferralDraftFactory(owner=owner).pk]
    names = {
        "referrals inbox referral_new referral_find_person contact_anyone": [],
        "referral_draft referral_autosave referral_check referral_draft_delete": draft,
        "referral referral_accept referral_ask referral_decline referral_answer referral_withdraw": case,
        "contact_new appointment_new follow_up_new person_edit case_edit consent_edit hand_over": case,
        "case_close message_new": case,
        "contact_amend": [*case, CareContactFactory(episode=episode).pk],
        "appointment_cancel": [*case, AppointmentFactory(episode=episode).pk],
        "follow_up_done": [*case, FollowUpFactory(episode=episode).pk],
        "message message_letter message_file": letter,
    }
    return [reverse(name, args=args) for several, args in names.items() for name in several.split()]


@pytest.mark.parametrize("who", ["link_worker", "practice_staff"])
def test_somebody_whose_post_ended_yesterday_finds_nothing(who, case, practice_staff, request):
    user = request.getfixturevalue(who)
    pages = every_page(case, owner=user)
    client = logged_in(end_post(user))
    found = {page: (client.get(page).status_code, client.post(page, {}).status_code) for page in pages}
    assert {page: statuses for page, statuses in found.items() if not set(statuses) <= {404, 405}} == {}
    assert all(404 in statuses for statuses in found.values())


def test_a_post_that_begins_tomorrow_opens_nothing_yet(case, link_worker):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    Post.objects.filter(user=link_worker).update(start_date=tomorrow)
    client = logged_in(User.objects.get(pk=link_worker.pk))
    assert client.get(reverse("referral", args=[case.reference])).status_code == 404


def test_the_last_day_is_a_day_with_access(case, link_worker):
    Post.objects.filter(user=link_worker).update(end_date=timezone.localdate())
    client = logged_in(User.objects.get(pk=link_worker.pk))
    assert client.get(reverse("referral", args=[case.reference])).status_code == 200


def left(user: User) -> list[Episode]:
    return list(Episode.objects.visible_to(user).without_a_current_holder())


def test_the_case_of_somebody_who_left_is_in_the_inbox_and_can_be_taken_on(case, link_worker, colleague):
    client = logged_in(colleague)
    assert "Nobody looks after" not in client.get(reverse("inbox")).content.decode()
    end_post(link_worker)
    page = client.get(reverse("inbox")).content.decode()
    assert "Nobody looks after this case" in page
    assert "held by Amara Okafor until they left" in page
    client.post(reverse("hand_over", args=[case.reference]), {"to": colleague.pk})
    case.refresh_from_db()
    assert case.holder == colleague
    assert left(colleague) == []


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LINK_WORKER, Role.PRACTICE_STAFF])
def test_a_post_of_another_kind_or_elsewhere_does_not_look_after_a_case(role, case, link_worker, colleague, network):
    end_post(link_worker)
    here = {Role.MANAGER: network, Role.LINK_WORKER: NetworkFactory(), Role.PRACTICE_STAFF: case.person.practice}
    PostFactory(user=link_worker, workplace=here[role], role=role)
    assert left(colleague) == [case]


def test_somebody_who_came_back_looks_after_their_cases_again(case, link_worker, colleague, network):
    end_post(link_worker)
    PostFactory(user=link_worker, workplace=network, role=Role.LINK_WORKER)
    assert left(colleague) == []


def test_somebody_who_cannot_log_in_any_more_looks_after_nothing(case, link_worker, colleague):
    User.objects.filter(pk=link_worker.pk).update(is_active=False)
    assert left(colleague) == [case]


def test_a_referral_that_joins_a_case_nobody_looks_after_is_mailed_to_the_network(
    case, practice, practice_staff, link_worker, colleague
):
    end_post(link_worker)
    referral = submit(practice_staff, practice)
    assert referral.state == State.SUBMITTED
    assert mailed("referral-received") == ["dev@example.test"]
    actions.accept(referral=referral, by=colleague)
    case.refresh_from_db()
    referral.refresh_from_db()
    assert (case.holder, referral.state) == (colleague, State.ACTIVE)


def test_a_withdrawal_from_a_case_nobody_looks_after_is_mailed_to_the_network(
    practice, practice_staff, link_worker, colleague
):
    episode = EpisodeFactory(person__practice=practice, accepted=True, holder=link_worker)
    referral = ReferralFactory(episode=episode, submitted_by=practice_staff)
    end_post(link_worker)
    actions.withdraw(referral=referral, note="", by=practice_staff)
    assert mailed("referral-withdrawn") == ["dev@example.test"]


def test_an_answer_to_somebody_who_left_is_mailed_to_the_network(practice, practice_staff, link_worker, colleague):
    request = actions.ask(referral=submit(practice_staff, practice), question="Does she hear well?", by=link_worker)
    end_post(link_worker)
    actions.answer(request=request, text="Yes.", by=practice_staff)
    assert mailed("referral-answered") == ["dev@example.test"]


def test_a_referrer_who_left_the_practice_is_not_mailed_any_more(practice, practice_staff, link_worker):
    successor = PostFactory(workplace=practice, role=Role.PRACTICE_STAFF).user
    referral = submit(practice_staff, practice)
    end_post(practice_staff)
    actions.accept(referral=referral, by=link_worker)
    assert mailed("referral-accepted") == [successor.email]


def test_a_link_worker_who_refers_for_a_practice_leaves_the_news_to_the_practice(
    practice, practice_staff, link_worker, colleague
):
    referral = submit(link_worker, practice)
    actions.accept(referral=referral, by=colleague)
    assert mailed("referral-accepted") == ["janet@example.test"]


def test_whoever_moves_to_another_practice_sees_only_its_referrals(case, practice, practice_staff, network):
    end_post(practice_staff)
    PostFactory(user=practice_staff, workplace=WorkplaceFactory(parent=network), role=Role.PRACTICE_STAFF)
    client = logged_in(User.objects.get(pk=practice_staff.pk))
    assert client.get(reverse("referral", args=[case.reference])).status_code == 404
    assert "Prentice" not in client.get(reverse("referrals")).content.decode()


def test_a_draft_left_without_a_practice_opens_and_cannot_be_sent(practice, practice_staff, network):
    practice.parent = None
    practice.save()
    draft = ReferralDraftFactory(owner=practice_staff)
    client = logged_in(practice_staff)
    page = reverse("referral_draft", args=[draft.pk])
    assert client.get(page).status_code == 200
    assert client.get(f"{page}check/").url == f"{page}?check"
    assert client.get(f"{page}?check").status_code == 200
    assert client.post(page, {"given_name": "Joan"}).status_code == 200
