"""One person, one record, one open episode in a network: how a referral finds them, and what it may not change."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.factories import PostFactory, WorkplaceFactory
from members.models import Role
from referrals import actions
from referrals.factories import EpisodeFactory, PersonFactory, ReferralFactory
from referrals.forms import ReferralForm
from referrals.models import Episode, Person, Referral, ReferralDraft
from referrals.models.referral import State
from referrals.tests.steps import ANSWERS, NHS_NUMBER, asked, joan, logged_in, mailed, refer, submit, write

pytestmark = pytest.mark.django_db


def test_a_first_referral_opens_an_episode_with_its_own_reference(practice, practice_staff, network):
    referral = submit(practice_staff, practice)
    episode = Episode.objects.get()
    assert (episode.reference, episode.network, episode.person.nhs_number) == (
        referral.reference,
        network,
        NHS_NUMBER,
    )
    assert (referral.state, episode.is_accepted) == (State.SUBMITTED, False)


def test_the_database_refuses_a_second_open_episode(practice):
    episode = EpisodeFactory(person__practice=practice)
    with pytest.raises(IntegrityError, match="episode_one_open"), transaction.atomic():
        EpisodeFactory(person=episode.person)
    closed = EpisodeFactory(person=episode.person, closed_at=timezone.now(), outcome="moved")
    with pytest.raises(IntegrityError, match="episode_one_open"):
        Episode.objects.filter(pk=closed.pk).update(closed_at=None, outcome="")


def test_a_second_referral_joins_while_the_first_waits(practice, practice_staff, link_worker, colleague):
    first = submit(practice_staff, practice)
    second = submit(practice_staff, practice)
    assert second.episode == first.episode
    assert second.reference != first.reference
    assert second.state == State.SUBMITTED
    assert mailed("referral-received") == ["amara@example.test"] * 2 + ["dev@example.test"] * 2


@pytest.mark.parametrize(("active", "state"), [(False, State.ACCEPTED), (True, State.ACTIVE)])
def test_a_referral_that_joins_a_held_case_is_accepted_with_it_and_its_holder_is_told(
    active, state, practice, practice_staff, link_worker, colleague
):
    person = PersonFactory(practice=practice, nhs_number=NHS_NUMBER, date_of_birth=dt.date(1951, 5, 4))
    episode = EpisodeFactory(person=person, holder=colleague, **{"active" if active else "accepted": True})
    referral = submit(practice_staff, practice)
    assert (referral.episode, referral.state, referral.accepted_by) == (episode, state, colleague)
    assert mailed("referral-received") == ["dev@example.test"]
    assert AuditEvent.objects.get(verb="referral.submitted").facts == {"joined": True, "episode": episode.reference}


def test_a_referral_after_the_close_opens_a_new_episode(practice, practice_staff, link_worker):
    person = PersonFactory(practice=practice, nhs_number=NHS_NUMBER, date_of_birth=dt.date(1951, 5, 4))
    closed = EpisodeFactory(person=person, closed=True)
    referral = submit(practice_staff, practice)
    assert referral.episode != closed
    assert (referral.episode.person, referral.state) == (person, State.SUBMITTED)


@pytest.mark.parametrize(
    ("first", "second", "then"),
    [
        ("everything", "codes", "codes"),
        ("codes", "everything", "codes"),
        ("everything", "everything", "everything"),
    ],
)
def test_of_two_answers_about_sharing_the_careful_one_holds(first, second, then, practice, practice_staff):
    submit(practice_staff, practice, share_back=first)
    episode = submit(practice_staff, practice, share_back=second).episode
    episode.refresh_from_db()
    assert episode.share_back == then


def test_what_is_known_is_not_overwritten_and_what_is_not_known_is_added(practice, practice_staff):
    submit(practice_staff, practice, person={"phone": "01727 000111", "safe_contact": "Leave no messages."})
    second = submit(
        practice_staff,
        practice,
        person={"phone": "01727 999999", "contact_ways": ["phone"], "postcode": "AL1 2AB", "given_name": "Joanna"},
    )
    person = Person.objects.get()
    assert (person.given_name, person.phone, person.contact_ways) == ("Joan", "01727 000111", ["letter"])
    assert (person.safe_contact, person.postcode) == ("Leave no messages.", "AL1 2AB")
    second = Referral.objects.get(pk=second.pk)
    assert second.differences == {"given_name": "Joanna", "phone": "01727 999999", "contact_ways": ["phone"]}


def test_the_case_page_shows_what_a_later_referral_says_otherwise(practice, practice_staff, link_worker):
    submit(practice_staff, practice, person={"phone": "01727 000111"})
    submit(practice_staff, practice, person={"phone": "01727 999999"})
    episode = Episode.objects.get()
    actions.accept(referral=episode.referrals.first(), by=link_worker)
    page = logged_in(link_worker).get(reverse("referral", args=[episode.reference])).content.decode()
    assert "wrote something else" in page
    assert "<li>Phone: 01727 999999</li>" in page


@pytest.mark.parametrize("known", ["none", "unknown"])
def test_a_risk_is_never_learnt_too_late(known, practice, practice_staff):
    submit(practice_staff, practice, person={"visit_risk": known})
    submit(practice_staff, practice, person={"visit_risk": "risk", "risk_details": "A loose dog."})
    person = Person.objects.get()
    assert (person.visit_risk, person.risk_details) == ("risk", "A loose dog.")


def test_no_referral_talks_a_known_risk_away(practice, practice_staff):
    submit(practice_staff, practice, person={"visit_risk": "risk", "risk_details": "A loose dog."})
    submit(practice_staff, practice, person={"visit_risk": "none"})
    assert Person.objects.get().risk_details == "A loose dog."


def test_an_nhs_number_of_somebody_with_another_birthday_is_refused(practice, practice_staff):
    submit(practice_staff, practice)
    with pytest.raises(Refused, match="another date of birth"):
        submit(practice_staff, practice, person={"date_of_birth": dt.date(1952, 5, 4)})
    assert (Person.objects.count(), Referral.objects.count()) == (1, 1)


def test_that_refusal_keeps_the_draft_and_says_what_to_change(practice, practice_staff):
    client = logged_in(practice_staff)
    refer(client)
    draft, _ = write(client, date_of_birth="4 5 1952")
    page = client.post(f"{draft}check/").content.decode()
    assert "This was not sent" in page
    assert "another date of birth" in page
    assert ReferralDraft.objects.count() == 1


def test_whoever_refers_last_is_where_the_person_is_registered(
    practice, practice_staff, other_practice, other_network, outsider
):
    submit(practice_staff, practice)
    second = submit(outsider, other_practice)
    person = Person.objects.get()
    assert person.practice == other_practice
    moved = AuditEvent.objects.get(verb="person.practice_changed")
    assert moved.facts == {"from": practice.pk, "to": other_practice.pk}
    assert (moved.actor_id, moved.person_id) == (outsider.pk, person.pk)
    assert second.episode.network == other_network
    assert Episode.objects.open().count() == 2  # one in each network


def test_a_person_without_an_nhs_number_can_be_referred(practice, practice_staff):
    submit(practice_staff, practice, person={"nhs_number": None})
    assert Person.objects.get().nhs_number is None


def test_two_people_without_a_number_are_two_unless_the_referrer_says_otherwise(practice, practice_staff):
    first = submit(practice_staff, practice, person={"nhs_number": None})
    submit(practice_staff, practice, person={"nhs_number": None})
    assert Person.objects.count() == 2
    third = submit(practice_staff, practice, person={"nhs_number": None, "same_person_id": first.episode.person_id})
    assert third.episode == first.episode


def test_a_number_is_learnt_of_somebody_named_as_the_same(practice, practice_staff):
    first = submit(practice_staff, practice, person={"nhs_number": None})
    submit(practice_staff, practice, person={"same_person_id": first.episode.person_id})
    assert Person.objects.get().nhs_number == NHS_NUMBER


def test_a_number_that_belongs_to_somebody_else_is_not_given_to_a_second_person(practice, practice_staff):
    submit(practice_staff, practice)
    nameless = submit(practice_staff, practice, person={"nhs_number": None, "given_name": "Jane"}).episode.person
    with pytest.raises(Refused, match="belongs to another record"):
        submit(practice_staff, practice, person={"same_person_id": nameless.pk})
    nameless.refresh_from_db()
    assert nameless.nhs_number is None


def test_nobody_of_another_practice_can_be_named_as_the_same(practice, practice_staff, other_practice):
    stranger = PersonFactory(practice=other_practice)
    with pytest.raises(Refused, match="no longer on your practice's list"):
        submit(practice_staff, practice, person={"nhs_number": None, "same_person_id": stranger.pk})


@pytest.mark.parametrize(("answer", "people"), [("same", 1), ("new", 2)])
def test_the_check_page_asks_about_somebody_alike_until_it_is_answered(answer, people, practice, practice_staff):
    known = PersonFactory(
        practice=practice, given_name="Joan", family_name="PERRY", date_of_birth=dt.date(1951, 5, 4), postcode="AL1 2AB"
    )
    client = logged_in(practice_staff)
    draft, _ = write(client, nhs_number="")
    assert "Yes, it is Joan PERRY, born 4 May 1951, AL1 2AB" in client.get(f"{draft}check/").content.decode()
    unanswered = client.post(f"{draft}check/", {"same_person": ""})
    assert "nobody has two records" in unanswered.content.decode()
    tampered = client.post(f"{draft}check/", {"same_person": str(known.pk + 1)})
    assert tampered.status_code == 200
    assert not Referral.objects.exists()
    client.post(f"{draft}check/", {"same_person": known.pk if answer == "same" else "new"})
    assert Person.objects.count() == people
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("theirs", "asks"),
    [
        ({}, True),
        ({"given_name": "Jo"}, True),
        ({"given_name": "Anne"}, False),
        ({"family_name": "Parry"}, False),
        ({"date_of_birth": dt.date(1951, 5, 5)}, False),
        ({"nhs_number": NHS_NUMBER}, False),  # the number settles it
        ({"nhs_number": "9990000026"}, False),  # and so does another one
    ],
)
def test_who_is_alike(theirs, asks, practice, network):
    same = {"given_name": "Joan", "family_name": "perry", "date_of_birth": dt.date(1951, 5, 4)}
    person = PersonFactory(practice=practice, **same | theirs)
    form = ReferralForm(ANSWERS, practices=[practice])
    assert form.is_valid()
    assert form.possible_matches() == ([person] if asks else [])


def find(client, number=NHS_NUMBER, **headers):
    return client.post(reverse("referral_find_person"), {"nhs_number": number}, headers=headers)


def test_a_known_number_fills_in_the_form_and_the_look_is_recorded(practice, practice_staff):
    person = PersonFactory(practice=practice, nhs_number=NHS_NUMBER, phone="07700 900999", address="A refuge")
    episode = EpisodeFactory(person=person, network=practice.parent)
    ReferralFactory(episode=episode, practice=practice, as_given={"phone": "01727 000111"})
    page = find(logged_in(practice_staff), number="999 000 0018").content.decode()
    assert 'value="01727 000111"' in page  # what the practice itself wrote
    assert "07700 900999" not in page  # what a link worker has learnt since
    assert "A refuge" not in page
    assert AuditEvent.objects.get(verb="person.viewed").person_id == person.pk


def test_looking_up_a_number_never_reveals_somebody_of_a_practice_one_cannot_refer_from(
    practice_staff, other_practice, outsider
):
    PersonFactory(practice=other_practice, nhs_number=NHS_NUMBER, family_name="Prentice")
    client = logged_in(practice_staff)
    unknown = find(client, number="9990000026").content
    known = find(client).content
    assert b"Prentice" not in known
    assert len(known) == len(unknown)
    assert find(client, hx_request="true").status_code == 204
    assert not AuditEvent.objects.filter(verb="person.viewed").exists()
    assert b"Prentice" in find(logged_in(outsider)).content


def test_the_form_says_that_a_case_will_be_joined_only_where_it_will(
    practice, practice_staff, other_network, link_worker
):
    person = PersonFactory(practice=practice, nhs_number=NHS_NUMBER)
    EpisodeFactory(person=person, network=other_network)
    client = logged_in(practice_staff)
    assert "What you send joins it" not in find(client).content.decode()
    EpisodeFactory(person=person)
    assert "What you send joins it" in find(client).content.decode()


def test_what_was_typed_before_the_number_stays(practice, practice_staff):
    PersonFactory(practice=practice, nhs_number=NHS_NUMBER, given_name="Joan")
    typed = {"nhs_number": NHS_NUMBER, "given_name": "Joanna", "why_now": "Her cat died."}
    page = logged_in(practice_staff).post(reverse("referral_find_person"), typed).content.decode()
    assert 'value="Joanna"' in page
    assert "Her cat died." in page


def test_nobody_refers_from_a_practice_that_is_not_theirs(practice, practice_staff, other_practice, outsider, manager):
    for by, wrong in [(practice_staff, other_practice), (outsider, practice), (manager, practice)]:
        with pytest.raises(PermissionDenied):
            submit(by, wrong)
    assert not Person.objects.exists()


def test_a_practice_without_a_network_has_nobody_to_refer_to(practice, practice_staff):
    practice.parent = None
    practice.save()
    with pytest.raises(PermissionDenied):
        submit(practice_staff, practice)
    assert logged_in(practice_staff).get(reverse("referral_new")).status_code == 200


def test_staff_of_two_practices_say_which_one_it_is(practice, practice_staff, network):
    second = WorkplaceFactory(name="Abbey Surgery", parent=network)
    PostFactory(user=practice_staff, workplace=second, role=Role.PRACTICE_STAFF)
    client = logged_in(practice_staff)
    _, unsaid = write(client)
    assert "Choose the practice that refers." in unsaid.content.decode()
    _, wrong = write(client, practice=WorkplaceFactory().pk)
    assert wrong.status_code == 200
    assert refer(client, practice=second.pk).practice == second


def test_one_submission_key_is_one_referral_and_nobody_else_gets_it(practice, practice_staff, link_worker):
    key = uuid.uuid4()
    first = submit(practice_staff, practice, submission_key=key)
    again = actions.submit(person=joan(), referral=asked(practice, submission_key=key), by=practice_staff)
    assert again == first
    assert Referral.objects.count() == 1


def test_a_second_click_or_the_back_button_leads_to_what_was_sent(practice, practice_staff, outsider):
    client = logged_in(practice_staff)
    draft, _ = write(client)
    sent = client.post(f"{draft}check/").url
    assert client.post(f"{draft}check/").url == sent
    assert client.get(draft).url == sent
    assert client.post(draft, ANSWERS).url == sent
    assert client.post(f"{draft}save/", ANSWERS).status_code == 409
    assert logged_in(outsider).get(draft).status_code == 404
    assert Referral.objects.count() == 1


def test_a_draft_is_kept_as_typed_over_a_log_out_and_nobody_else_sees_it(practice, practice_staff, link_worker):
    client = logged_in(practice_staff)
    draft, _ = write(client, later="", date_of_birth="4 5", nhs_number="wrong", reasons=["money", "housing"])
    page = logged_in(practice_staff).get(draft).content.decode()
    assert 'value="4 5"' in page
    assert 'value="wrong"' in page
    assert page.count(" checked") == 7  # two reasons, and one answer to each of five questions
    other = logged_in(link_worker)
    assert other.get(draft).status_code == 404
    assert other.post(draft, ANSWERS).status_code == 403
    assert other.post(f"{draft}delete/").status_code == 404
    assert ReferralDraft.objects.get().answers["nhs_number"] == ["wrong"]


def test_a_referral_says_what_was_known_on_the_day(practice, practice_staff, link_worker):
    referral = submit(practice_staff, practice, person={"phone": "01727 000111"})
    actions.accept(referral=referral, by=link_worker)
    actions.update_person(episode=referral.episode, details={"phone": "07700 900999"}, by=link_worker)
    page = logged_in(practice_staff).get(reverse("referral", args=[referral.reference])).content.decode()
    assert "01727 000111" in page
    assert "07700 900999" not in page


def test_a_second_reference_of_one_case_leads_the_link_worker_to_the_case(practice, practice_staff, link_worker):
    first, second = submit(practice_staff, practice), submit(practice_staff, practice)
    case = reverse("referral", args=[first.reference])
    assert logged_in(link_worker).get(reverse("referral", args=[second.reference])).url == case
    assert logged_in(practice_staff).get(reverse("referral", args=[second.reference])).status_code == 200
