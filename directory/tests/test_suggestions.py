"""Anybody says what should change; the office reads it, once, and answers."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from directory import actions
from directory.factories import make_listing
from directory.models import Suggestion
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from referrals.tests.race import race
from tests.world import logged_in

pytestmark = pytest.mark.django_db

WRONG = {"text": "It is on Tuesdays now.", "name": "Jo", "email": "jo@example.test"}


def page(service) -> str:
    return reverse("service_suggest", args=[service.slug])


def mails() -> list[Message]:
    return list(Message.objects.filter(kind="listing-suggestion-decided"))


def test_anybody_suggests_a_change_and_nothing_public_changes(client):
    service = make_listing()
    answer = client.post(page(service), WRONG, follow=True)
    assert "The office looks into it" in answer.content.decode()
    suggestion = Suggestion.objects.get()
    assert (suggestion.service, suggestion.text, suggestion.by) == (service, WRONG["text"], None)
    assert "Tuesdays" not in client.get(service.get_absolute_url()).content.decode()
    assert "Tuesdays" not in str(AuditEvent.objects.values_list("facts", "summary"))


def test_a_missing_listing_is_told_of(client):
    answer = client.post(reverse("listing_suggest"), {"text": "The chess club in Sandridge"})
    assert answer.url == reverse("directory_search")
    assert Suggestion.objects.get().service is None


def test_whoever_is_logged_in_is_known(link_worker):
    service = make_listing()
    client = logged_in(link_worker)
    assert link_worker.email in client.get(page(service)).content.decode()
    client.post(page(service), WRONG)
    assert Suggestion.objects.get().by == link_worker


def test_a_form_that_a_program_filled_in_is_thanked_and_forgotten(client):
    answer = client.post(page(make_listing()), {**WRONG, "website": "http://spam.example"}, follow=True)
    assert "The office looks into it" in answer.content.decode()
    assert not Suggestion.objects.exists()


def test_an_empty_suggestion_is_told_what_is_missing(client):
    answer = client.post(page(make_listing()), {"text": " ", "email": "nobody"})
    assert "Write what should change." in answer.content.decode()
    assert not Suggestion.objects.exists()


def test_the_sixth_within_an_hour_keeps_what_was_typed_and_other_listings_are_free(client):
    service, other = make_listing(), make_listing("Choir")
    for _ in range(5):
        assert client.post(page(service), WRONG).status_code == 302
    refused = client.post(page(service), WRONG)
    assert refused.status_code == 429
    assert "It is on Tuesdays now." in refused.content.decode()
    assert "Please try again in an hour." in refused.content.decode()
    assert client.post(page(other), WRONG).status_code == 302
    assert Suggestion.objects.count() == 6


def test_a_listing_that_is_not_public_has_no_such_page(client):
    assert client.get(page(make_listing(status="defunct"))).status_code == 404
    assert client.get(reverse("service_suggest", args=["nothing"])).status_code == 404


def test_the_office_decides_and_answers_whoever_left_an_address(admin):
    service = make_listing()
    told = actions.suggest(service=service, **WRONG, by=None)
    actions.suggest(service=None, text="Chess", by=None)
    actions.decide_suggestion(told, approve=True, answer="Changed, thank you.", by=admin)
    told.refresh_from_db()
    assert (told.state, told.decided_by) == ("approved", admin)
    (mail,) = mails()
    assert mail.to == "jo@example.test"
    assert "Changed, thank you." in mail.text
    with pytest.raises(Refused, match="Kit Marlow has decided this already: approved"):
        actions.decide_suggestion(told, approve=False, by=admin)


def test_nobody_else_decides(link_worker, provider):
    suggestion = actions.suggest(service=None, text="Chess", by=None)
    for stranger in (link_worker, provider):
        with pytest.raises(PermissionDenied):
            actions.decide_suggestion(suggestion, approve=True, by=stranger)


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_decide_once(admin):
    suggestion = actions.suggest(service=make_listing(), **WRONG, by=None)
    first, second = race(
        Suggestion.objects.all(),
        lambda: actions.decide_suggestion(suggestion, approve=True, by=admin),
        lambda: actions.decide_suggestion(suggestion, approve=False, answer="No.", by=admin),
    )
    assert (first.state, type(second)) == ("approved", Refused)
    assert len(mails()) == 1
