"""What a link worker does on a case, and what is refused or done once."""

import datetime as dt
import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.models import User, Workplace
from referrals import actions
from referrals.factories import (
    AppointmentFactory,
    CareContactFactory,
    EpisodeFactory,
    FollowUpFactory,
    PersonFactory,
    ReferralFactory,
)
from referrals.models import Appointment, CareContact, Episode, FollowUp
from referrals.tests.steps import logged_in, mailed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(practice: Workplace, link_worker: User) -> Episode:
    episode = EpisodeFactory(person=PersonFactory(practice=practice), active=True, holder=link_worker)
    ReferralFactory(episode=episode)
    return episode


@pytest.fixture
def client(link_worker: User) -> Client:
    return logged_in(link_worker)


def contact(episode: Episode, by: User, **facts: object) -> CareContact:
    usual = {"kind": "phone", "result": "took_part", "note": "A note.", "happened_at": timezone.now()}
    return actions.log_contact(episode=episode, by=by, **usual | facts)


TODAY = timezone.localdate
CHANGES = [
    lambda case, by: contact(case, by),
    lambda case, by: actions.book_appointment(
        episode=case, by=by, kind="clinic", starts_at=timezone.now() + dt.timedelta(days=2), minutes=45
    ),
    lambda case, by: actions.cancel_appointment(appointment=case.appointments.get(), note="", by=by),
    lambda case, by: actions.add_follow_up(episode=case, what="Ring", due_on=TODAY(), by=by),
    lambda case, by: actions.complete_follow_up(follow_up=case.followups.get(), by=by),
    lambda case, by: actions.update_person(episode=case, details={"phone": "1"}, by=by),
    lambda case, by: actions.update_case(episode=case, what_matters="Her garden", complexity="light", by=by),
    lambda case, by: actions.change_consent(episode=case, share_back="codes", by=by),
    lambda case, by: actions.hand_over(episode=case, to=by, by=by),
    lambda case, by: actions.send_message(episode=case, text="News.", by=by),
    lambda case, by: actions.close(episode=case, outcome="moved", note="", letter="", by=by),
]
NAMES = "contact book cancel follow_up tick_off person case consent hand_over message close".split()


@pytest.mark.parametrize("change", CHANGES, ids=NAMES)
def test_only_the_networks_link_workers_change_a_case(change, case, practice_staff, outsider, manager):
    AppointmentFactory(episode=case)
    FollowUpFactory(episode=case)
    for somebody in (practice_staff, outsider, manager):
        with pytest.raises(PermissionDenied):
            change(case, somebody)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("change", CHANGES, ids=NAMES)
@pytest.mark.parametrize(("stands", "told"), [("closed", "This case is closed"), ("waiting", "Nobody has accepted")])
def test_nothing_is_changed_in_a_case_that_is_closed_or_not_accepted(change, stands, told, case, link_worker):
    AppointmentFactory(episode=case)
    FollowUpFactory(episode=case)
    facts = (
        {"closed_at": timezone.now(), "outcome": "moved"}
        if stands == "closed"
        else {"accepted_at": None, "first_contact_at": None}
    )
    Episode.objects.update(**facts)
    with pytest.raises(Refused, match=told):
        change(case, link_worker)
    assert not AuditEvent.objects.exists()


def test_a_note_of_a_closed_case_can_still_be_put_right(case, link_worker, outsider):
    logged = CareContactFactory(episode=case)
    Episode.objects.update(closed_at=timezone.now(), outcome="moved")
    amendment = actions.amend_contact(contact=logged, note="Better.", reason="Wrong day.", by=link_worker)
    assert logged.amendments.get() == amendment
    with pytest.raises(PermissionDenied):
        actions.amend_contact(contact=logged, note="Worse.", reason="Malice.", by=outsider)


def test_a_contact_sets_the_next_follow_up_in_the_same_step(case, client):
    tomorrow = TODAY() + dt.timedelta(days=1)
    answers = {"kind": "phone", "result": "no_answer", "follow_up_on": tomorrow.isoformat()}
    client.post(reverse("contact_new", args=[case.reference]), answers)
    assert FollowUp.objects.values_list("what", "due_on").get() == ("Get in touch again", tomorrow)


def submission_key(page: str) -> str:
    return re.search(r'name="submission_key" value="([^"]+)"', page)[1]


def test_a_second_click_saves_a_contact_once(case, client):
    page = reverse("contact_new", args=[case.reference])
    answers = {"kind": "phone", "result": "took_part", "note": "Talked."}
    answers["submission_key"] = submission_key(client.get(page).content.decode())
    assert client.post(page, answers).status_code == client.post(page, answers).status_code == 302
    assert CareContact.objects.count() == 1


def test_what_was_changed_after_going_back_is_not_silently_lost(case, client):
    page = reverse("contact_new", args=[case.reference])
    answers = {"kind": "phone", "result": "took_part", "note": "Talked."}
    answers["submission_key"] = submission_key(client.get(page).content.decode())
    client.post(page, answers)
    again = client.post(page, answers | {"note": "Talked about her son."})
    assert again.status_code == 200
    assert "saved already" in again.content.decode()
    assert "Talked about her son." in again.content.decode()
    assert CareContact.objects.get().note == "Talked."


def test_going_back_and_choosing_somebody_else_does_not_pass_for_the_first_contact(case, client, link_worker):
    other = EpisodeFactory(person__practice=case.person.practice, active=True, holder=link_worker)
    page = reverse("contact_anyone")
    answers = {"kind": "phone", "result": "took_part", "note": "Talked.", "case": case.pk}
    answers["submission_key"] = submission_key(client.get(page).content.decode())
    client.post(page, answers)
    again = client.post(page, answers | {"case": other.pk})
    assert again.status_code == 200
    assert "saved already" in again.content.decode()
    assert CareContact.objects.get().episode == case


def test_a_tampered_key_is_refused_with_the_form_kept(case, client):
    page = reverse("contact_new", args=[case.reference])
    again = client.post(page, {"kind": "phone", "result": "took_part", "note": "Talked.", "submission_key": "no uuid"})
    assert again.status_code == 200
    assert "There is a problem" in again.content.decode()


def test_an_appointment_becomes_a_contact_once(case, client, link_worker):
    appointment = AppointmentFactory(episode=case, kind="home_visit", starts_at=timezone.now() - dt.timedelta(hours=1))
    page = f"{reverse('contact_new', args=[case.reference])}?appointment={appointment.pk}"
    assert '<option value="home_visit" selected>' in client.get(page).content.decode()
    answers = {"kind": "home_visit", "result": "did_not_attend"}
    client.post(page, answers)
    assert appointment.contact.result == "did_not_attend"
    assert "written down already" in client.post(page, answers).content.decode()
    with pytest.raises(Refused, match="cannot be cancelled"):
        actions.cancel_appointment(appointment=appointment, note="", by=link_worker)


@pytest.mark.parametrize("number", ["0", "x", "²", "-1", "9" * 30, "%00"])
def test_an_appointment_that_is_not_there_is_not_found(number, case, client):
    path = f"{reverse('contact_new', args=[case.reference])}?appointment={number}"
    assert client.get(path).status_code == 404


def test_an_appointment_of_another_case_is_not_found_nor_taken(case, client, link_worker):
    other = AppointmentFactory(episode__person__practice=case.person.practice)
    path = f"{reverse('contact_new', args=[case.reference])}?appointment={other.pk}"
    assert client.get(path).status_code == 404
    with pytest.raises(PermissionDenied):
        contact(case, link_worker, appointment=other)


def test_a_cancelled_appointment_takes_no_contact(case, link_worker):
    appointment = AppointmentFactory(episode=case)
    actions.cancel_appointment(appointment=appointment, note="Ill.", by=link_worker)
    with pytest.raises(Refused, match="cancelled"):
        contact(case, link_worker, appointment=appointment)
    with pytest.raises(Refused, match="cancelled already"):
        actions.cancel_appointment(appointment=appointment, note="", by=link_worker)


def test_one_person_has_one_appointment_at_a_time_until_it_is_cancelled(case, link_worker):
    starts_at = timezone.now() + dt.timedelta(days=2)
    facts = {"episode": case, "by": link_worker, "kind": "clinic", "starts_at": starts_at, "minutes": 45}
    first = actions.book_appointment(**facts)
    with pytest.raises(Refused, match="at that time already"):
        actions.book_appointment(**facts)
    actions.cancel_appointment(appointment=first, note="", by=link_worker)
    assert actions.book_appointment(**facts) != first


def test_a_follow_up_is_on_the_list_once_and_ticked_off_once(case, link_worker, colleague):
    first = actions.add_follow_up(episode=case, what="Ring", due_on=TODAY(), by=link_worker)
    assert actions.add_follow_up(episode=case, what="Ring", due_on=TODAY(), by=colleague) == first
    actions.complete_follow_up(follow_up=first, by=colleague)
    assert actions.complete_follow_up(follow_up=first, by=link_worker).done_by == colleague
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["follow_up.added", "follow_up.done"]


def test_closing_ticks_off_what_waits_and_waits_for_appointments_to_come(case, link_worker):
    FollowUpFactory(episode=case)
    appointment = AppointmentFactory(episode=case)
    with pytest.raises(Refused, match="still to come"):
        actions.close(episode=case, outcome="moved", note="", letter="", by=link_worker)
    actions.cancel_appointment(appointment=appointment, note="", by=link_worker)
    actions.close(episode=case, outcome="moved", note="", letter="", by=link_worker)
    assert FollowUp.objects.get().done_by == link_worker


def test_an_appointment_nobody_wrote_down_does_not_haunt_today_once_the_case_is_closed(case, client, link_worker):
    AppointmentFactory(episode=case, starts_at=timezone.now() - dt.timedelta(days=2))
    assert "What came of it?" in client.get(reverse("today")).content.decode()
    actions.close(episode=case, outcome="moved", note="", letter="", by=link_worker)
    assert "What came of it?" not in client.get(reverse("today")).content.decode()


def test_a_case_is_handed_over_with_a_mail_and_its_follow_ups(case, link_worker, colleague):
    follow_up = FollowUpFactory(episode=case)
    actions.hand_over(episode=case, to=colleague, by=link_worker)
    assert mailed("case-handed-over") == ["dev@example.test"]
    assert list(FollowUp.objects.waiting_for(colleague)) == [follow_up]
    assert not FollowUp.objects.waiting_for(link_worker).exists()


def test_whoever_takes_a_case_on_needs_no_mail_and_a_third_hand_over_is_mailed_again(case, link_worker, colleague):
    actions.hand_over(episode=case, to=colleague, by=colleague)
    assert mailed("case-handed-over") == []
    actions.hand_over(episode=case, to=link_worker, by=colleague)
    actions.hand_over(episode=case, to=colleague, by=link_worker)
    actions.hand_over(episode=case, to=link_worker, by=colleague)
    assert mailed("case-handed-over") == ["amara@example.test", "amara@example.test", "dev@example.test"]


def test_a_case_goes_only_to_a_link_worker_of_its_network_who_does_not_hold_it(
    case, link_worker, outsider, manager, client
):
    for somebody, told in [(outsider, "not a link worker"), (manager, "not a link worker"), (link_worker, "already")]:
        with pytest.raises(Refused, match=told):
            actions.hand_over(episode=case, to=somebody, by=link_worker)
    page = client.post(reverse("hand_over", args=[case.reference]), {"to": outsider.pk})
    assert page.status_code == 200


def test_what_is_known_of_the_person_is_brought_up_to_date_and_recorded_by_field(case, link_worker):
    details = {"phone": "07700 900999", "language": "Polish", "nhs_number": "9990000018", "given_name": "Anna"}
    actions.update_person(episode=case, details=details, by=link_worker)
    case.person.refresh_from_db()
    assert (case.person.phone, case.person.nhs_number, case.person.given_name) == ("07700 900999", None, "Joan")
    assert AuditEvent.objects.get().facts == {"fields": ["phone", "language"]}
    actions.update_person(episode=case, details=details, by=link_worker)
    assert AuditEvent.objects.count() == 1


def test_a_follow_up_can_be_ticked_off_from_today_and_back(case, client):
    follow_up = FollowUpFactory(episode=case)
    done = reverse("follow_up_done", args=[case.reference, follow_up.pk])
    assert client.post(done, {"next": "today"}).url == reverse("today")
    assert client.post(done, {"next": "https://elsewhere.example/"}).url == reverse("referral", args=[case.reference])


def test_times_are_london_times_on_both_sides_of_a_change_of_clocks(case, client):
    for day in ("2099-03-28", "2099-03-29"):  # the clocks go forward on the 29th
        answers = {"kind": "clinic", "day": day, "time": "10:00", "minutes": "45"}
        client.post(reverse("appointment_new", args=[case.reference]), answers)
    hours = [appointment.starts_at.astimezone(dt.UTC).hour for appointment in Appointment.objects.order_by("starts_at")]
    assert hours == [10, 9]


def test_a_submission_key_of_ones_own_is_made_where_there_is_none(case, link_worker):
    assert contact(case, link_worker).submission_key != contact(case, link_worker).submission_key
    assert contact(case, link_worker, submission_key=(key := uuid.uuid4())).submission_key == key
