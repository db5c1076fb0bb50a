"""Codes and letters: what the practice counts, once, and what it may be told, by what the person agreed to."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from members.models import User, Workplace
from referrals import actions
from referrals.factories import EpisodeFactory, MessageBackFactory, PersonFactory, ReferralFactory
from referrals.letter import compose
from referrals.models import CodedEntry, Episode, MessageBack
from referrals.tests.steps import logged_in, mailed, submit

pytestmark = pytest.mark.django_db

REFERRAL, DECLINED = CodedEntry.Code.REFERRAL, CodedEntry.Code.DECLINED


@pytest.fixture
def case(practice: Workplace, link_worker: User) -> Episode:
    """Accepted, not met yet; everything may be shared."""
    episode = EpisodeFactory(
        person=PersonFactory(practice=practice, known_as="Joanie"), accepted=True, holder=link_worker
    )
    ReferralFactory(episode=episode)
    return episode


def contact(episode: Episode, by: User, **facts: object) -> None:
    usual = {"kind": "phone", "result": "took_part", "note": "A note.", "happened_at": timezone.now()}
    actions.log_contact(episode=episode, by=by, **usual | facts)


def close(episode: Episode, by: User, outcome: str = "connected", letter: str = "") -> None:
    actions.close(episode=episode, outcome=outcome, note="For us.", letter=letter, by=by)


def share_only_codes(episode: Episode, by: User) -> None:
    actions.change_consent(episode=episode, share_back="codes", by=by)


def codes() -> list[str]:
    return list(CodedEntry.objects.order_by("pk").values_list("code", flat=True))


def letters() -> list[tuple[str, str]]:
    return list(MessageBack.objects.order_by("pk").values_list("kind", "text"))


def test_the_codes_are_those_of_the_national_guidance():
    assert (REFERRAL, DECLINED) == ("871731000000106", "871711000000103")


@pytest.mark.parametrize(
    "facts",
    [
        {"result": "did_not_attend"},
        {"result": "no_answer"},
        {"result": "cancelled"},
        {"kind": "about"},
    ],
)
def test_only_a_contact_in_which_they_took_part_is_a_first_interaction(facts, case, link_worker):
    contact(case, link_worker, **facts)
    case.refresh_from_db()
    assert (codes(), letters(), case.is_active) == ([], [], False)


@pytest.mark.parametrize("kind", ["phone", "clinic", "home_visit", "video", "written", "elsewhere"])
def test_the_referral_code_is_recorded_at_the_first_interaction_and_never_again(kind, case, link_worker):
    contact(case, link_worker, kind=kind)
    contact(case, link_worker, kind=kind)
    assert codes() == [REFERRAL]
    ((sent, text),) = letters()
    assert (sent, text) == (
        "started",
        "Amara Okafor has had a first conversation with Joanie.",
    )


def test_the_declined_code_is_recorded_where_the_person_does_not_want_it(practice, practice_staff, link_worker):
    for _ in range(2):
        submit(practice_staff, practice)
    for referral in Episode.objects.get().referrals.all():
        actions.decline(referral=referral, reason="person_declined", note="", by=link_worker)
    assert codes() == [DECLINED]
    assert Episode.objects.get().outcome == "person_declined"


@pytest.mark.parametrize("reason", ["not_reached", "out_of_area", "clinical", "other_service", "duplicate"])
def test_no_code_is_recorded_where_somebody_else_says_no(reason, practice, practice_staff, link_worker):
    referral = submit(practice_staff, practice)
    actions.decline(referral=referral, reason=reason, note="Try the hospice.", by=link_worker)
    assert (codes(), letters()) == ([], [])
    assert Episode.objects.get().outcome == "not_accepted"


def test_a_decline_is_limited_by_the_more_careful_of_two_answers(practice, practice_staff, link_worker):
    first = submit(practice_staff, practice, share_back="everything")
    submit(practice_staff, practice, share_back="codes")
    actions.decline(referral=first, reason="person_declined", note="She has had enough of us.", by=link_worker)
    assert letters() == [("declined", "")]
    assert codes() == [DECLINED]


def test_a_close_because_they_did_not_want_it_records_the_declined_code(case, link_worker):
    contact(case, link_worker)
    close(case, link_worker, outcome="person_declined")
    assert codes() == [REFERRAL, DECLINED]


def test_where_everything_is_shared_each_step_sends_its_letter(practice, practice_staff, link_worker):
    referral = submit(practice_staff, practice)
    actions.accept(referral=referral, by=link_worker)
    contact(referral.episode, link_worker)
    actions.send_message(episode=referral.episode, text="She sleeps better.", by=link_worker)
    close(referral.episode, link_worker, letter="She walks on Tuesdays.")
    assert [kind for kind, _ in letters()] == ["accepted", "started", "update", "ended"]
    assert mailed("message-back-ready") == ["janet@example.test"] * 4


def test_where_only_codes_are_shared_nothing_but_codes_goes_back(practice, practice_staff, link_worker):
    referral = submit(practice_staff, practice, share_back="codes")
    actions.accept(referral=referral, by=link_worker)
    assert letters() == []
    contact(referral.episode, link_worker)
    assert letters() == [("started", "")]
    with pytest.raises(Refused, match="only the codes"):
        actions.send_message(episode=referral.episode, text="She sleeps better.", by=link_worker)
    close(referral.episode, link_worker, letter="She walks on Tuesdays.")
    assert letters() == [("started", "")]
    assert codes() == [REFERRAL]


def test_a_codes_only_close_that_has_a_code_to_tell_sends_just_that(case, link_worker):
    share_only_codes(case, link_worker)
    close(case, link_worker, outcome="person_declined", letter="She was rude.")
    assert letters() == [("ended", "")]
    assert codes() == [DECLINED]


def test_a_change_of_consent_counts_from_then_and_letters_sent_stay_sent(case, link_worker):
    actions.send_message(episode=case, text="She sleeps better.", by=link_worker)
    share_only_codes(case, link_worker)
    contact(case, link_worker)
    assert letters() == [("update", "She sleeps better."), ("started", "")]
    actions.change_consent(episode=case, share_back="everything", by=link_worker)
    close(case, link_worker, letter="All is well.")
    assert letters()[-1] == ("ended", "All is well.")
    sent = MessageBack.objects.order_by("pk").values_list("share_back", flat=True)
    assert list(sent) == ["everything", "codes", "everything"]


def test_the_practice_reads_nothing_of_a_codes_only_case_but_the_codes(case, practice_staff, link_worker):
    share_only_codes(case, link_worker)
    contact(case, link_worker, note="She drinks.")
    client = logged_in(practice_staff)
    letter = MessageBack.objects.get()
    page = client.get(reverse("message", args=[case.reference, letter.pk])).content.decode()
    pasteable = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1].strip().splitlines()
    assert len(pasteable) == 2
    assert "(SNOMED CT 871731000000106)" in pasteable[1]
    assert "share the codes only" in page
    close(case, link_worker, outcome="stopped")
    referral = client.get(reverse("referral", args=[case.referrals.get().reference])).content.decode()
    for secret in ("She drinks", "Stopped coming", "first conversation with", "For us."):
        assert secret not in page + referral


def test_the_page_to_write_to_the_practice_is_closed_where_only_codes_are_shared(case, link_worker):
    share_only_codes(case, link_worker)
    client = logged_in(link_worker)
    page = reverse("message_new", args=[case.reference])
    assert client.get(page).url == reverse("referral", args=[case.reference])
    assert client.post(page, {"text": "She drinks."}).url == reverse("referral", args=[case.reference])
    assert letters() == []


@pytest.mark.parametrize(("share", "asks"), [("everything", True), ("codes", False)])
def test_closing_asks_for_a_letter_only_where_one_will_be_sent(share, asks, case, link_worker):
    Episode.objects.update(share_back=share)
    client = logged_in(link_worker)
    page = reverse("case_close", args=[case.reference])
    assert ("What the practice should know" in client.get(page).content.decode()) == asks
    client.post(page, {"outcome": "connected", "note": "", "letter": "She drinks."})
    assert MessageBack.objects.filter(text="She drinks.").exists() == asks


def test_the_letter_of_codes_has_no_paragraph_whatever_its_text_says(case):
    message = MessageBackFactory.build(
        episode=case, practice=case.person.practice, by=case.holder, share_back="codes", text="She drinks."
    )
    MessageBack.objects.bulk_create(
        [
            message_without_text := MessageBackFactory.build(
                episode=case, practice=case.person.practice, by=case.holder, share_back="codes", text=""
            )
        ]
    )
    message.pk = message_without_text.pk
    assert compose(message).paragraphs == []


def test_a_letter_is_filed_by_the_practice_it_went_to_and_by_nobody_else(
    case, practice_staff, link_worker, outsider, manager
):
    letter = MessageBackFactory(episode=case)
    for somebody in (link_worker, outsider, manager):
        with pytest.raises(PermissionDenied):
            actions.file_message(message=letter, by=somebody)
    first = actions.file_message(message=letter, by=practice_staff).filed_at
    assert actions.file_message(message=letter, by=practice_staff).filed_at == first


def test_one_message_sent_twice_is_sent_once(case, link_worker):
    client = logged_in(link_worker)
    page = reverse("message_new", args=[case.reference])
    key = re.search(r'name="submission_key" value="([^"]+)"', client.get(page).content.decode())[1]
    for _ in range(2):
        client.post(page, {"submission_key": key, "text": "She sleeps better."})
    assert letters() == [("update", "She sleeps better.")]


def test_what_was_changed_after_sending_is_not_silently_lost(case, link_worker):
    client = logged_in(link_worker)
    page = reverse("message_new", args=[case.reference])
    key = re.search(r'name="submission_key" value="([^"]+)"', client.get(page).content.decode())[1]
    client.post(page, {"submission_key": key, "text": "She sleeps better."})
    again = client.post(page, {"submission_key": key, "text": "She sleeps worse."})
    assert again.status_code == 200
    assert "sent already" in again.content.decode()
    assert "She sleeps worse." in again.content.decode()
