"""Somebody asks for their listings; the organisation's mailbox or the office says yes, once."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.actions.owners import mailbox_of
from directory.factories import OrganizationFactory, ServiceFactory, make_listing
from directory.models import Claim, Organization
from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.models import Invitation, Role, Workplace
from referrals.tests.race import race
from tests.world import logged_in

pytestmark = pytest.mark.django_db

KIM = {"name": "Kim Doe", "email": "kim@example.test", "message": "I run it."}


def ask(service, **facts) -> Claim:
    return actions.claim(service=service, **{**KIM, **facts}, by=None)


def mails(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind))


def link() -> str:
    (mail,) = mails("listing-claimed")
    return re.search(r"/directory/claims/\S+/", mail.text)[0]


def test_the_organisation_s_mailbox_is_asked(client):
    service = make_listing(email="group@example.test")
    answer = client.post(reverse("service_claim", args=[service.slug]), KIM, follow=True)
    assert "answers by e-mail" in answer.content.decode()
    (mail,) = mails("listing-claimed")
    assert mail.to == service.organization.email == Claim.objects.get().mailed_to
    assert "Kim Doe (kim@example.test) asks to look after" in mail.text
    assert mail.secret


def test_yes_makes_a_workplace_and_invites_to_it(client):
    service = make_listing()
    ask(service)
    assert "Kim Doe (kim@example.test)" in client.get(link()).content.decode()
    assert Claim.objects.get().is_waiting
    assert "is invited" in client.post(link(), {"answer": "yes"}).content.decode()
    workplace = Organization.objects.get().workplace
    assert (workplace.kind, workplace.name) == (Workplace.Kind.COMMUNITY, service.organization.name)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.workplace, invitation.role) == (KIM["email"], workplace, Role.PROVIDER)
    assert invitation.invited_by is None
    assert len(mails("invitation")) == 1


def test_whoever_accepts_keeps_the_listings(member):
    service = make_listing()
    claim = ask(service, email=member.email)
    actions.decide_claim(claim, approve=True, by=None)
    (mail,) = mails("invitation")
    client = logged_in(member)
    client.post(re.search(r"/members/invitations/\S+/", mail.text)[0])
    assert service.name in client.get(reverse("listings_kept")).content.decode()


def test_no_tells_whoever_asked(client):
    ask(make_listing())
    client.post(link(), {"answer": "no"})
    assert Claim.objects.get().state == "declined"
    assert [mail.to for mail in mails("listing-claim-declined")] == [KIM["email"]]
    assert not Invitation.objects.exists()


def test_the_link_works_once(client):
    ask(make_listing())
    client.post(link(), {"answer": "no"})
    again = client.post(link(), {"answer": "yes"})
    assert "This has been answered" in again.content.decode()
    assert not Invitation.objects.exists()


def test_the_link_works_for_seven_days(client):
    ask(make_listing())
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        late = client.post(link(), {"answer": "yes"})
    assert late.status_code == 410
    assert "This link has expired" in late.content.decode()
    assert Claim.objects.get().is_waiting


def test_an_altered_link_is_unknown(client):
    ask(make_listing())
    assert client.post(link()[:-3] + "xx/", {"answer": "yes"}).status_code == 404
    assert client.get("/directory/claims/1:1tAAAA:AAAA/").status_code == 404
    assert Claim.objects.get().is_waiting


def test_the_office_may_say_yes_or_no_too(admin):
    claim = ask(make_listing())
    actions.decide_claim(claim, approve=True, by=admin)
    assert Invitation.objects.get().invited_by == admin
    with pytest.raises(Refused, match="Kit Marlow has decided this already"):
        actions.decide_claim(claim, approve=False, by=admin)


def test_nobody_else_decides(link_worker):
    with pytest.raises(PermissionDenied):
        actions.decide_claim(ask(make_listing()), approve=True, by=link_worker)


def test_without_one_mailbox_for_all_only_the_office_is_asked(admin):
    organization = OrganizationFactory(email="")
    service = make_listing(organization=organization, email="one@example.test")
    assert mailbox_of(organization) == "one@example.test"
    ServiceFactory(organization=organization, email="two@example.test")
    claim = ask(service)
    assert (claim.mailed_to, mails("listing-claimed")) == ("", [])
    assert actions.decide_claim(claim, approve=True, by=admin).state == "approved"


def test_asking_again_is_the_same_question():
    service = make_listing()
    first = ask(service)
    assert ask(service, email="KIM@example.test") == first
    assert len(mails("listing-claimed")) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(organization=service.organization, name="Kim", email=first.email)


def test_a_second_person_joins_the_same_workplace(admin):
    service = make_listing()
    for email in ("one@example.test", "two@example.test"):
        actions.decide_claim(ask(service, email=email), approve=True, by=admin)
    assert Workplace.objects.filter(kind=Workplace.Kind.COMMUNITY).count() == 1
    assert Invitation.objects.count() == 2


def test_somebody_who_keeps_them_is_sent_to_them(provider, community):
    service = make_listing(organization=OrganizationFactory(workplace=community))
    page = logged_in(provider).get(reverse("service_claim", args=[service.slug]))
    assert page.url == reverse("listings_kept")
    claim = ask(service, email=provider.email)
    with pytest.raises(Refused, match="holds this post already"):
        actions.decide_claim(claim, approve=True, by=None)
    assert Claim.objects.get().is_waiting


def test_the_sixth_within_an_hour_keeps_what_was_typed(client):
    page = reverse("service_claim", args=[make_listing().slug])
    for number in range(5):
        client.post(page, {**KIM, "email": f"{number}@example.test"})
    refused = client.post(page, KIM)
    assert refused.status_code == 429
    assert "I run it." in refused.content.decode()
    assert Claim.objects.count() == 5


def test_a_form_that_a_program_filled_in_is_forgotten(client):
    client.post(reverse("service_claim", args=[make_listing().slug]), {**KIM, "website": "x"})
    assert not Claim.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_mailbox_and_the_office_at_once_decide_once(admin):
    claim = ask(make_listing())
    first, second = race(
        Claim.objects.all(),
        lambda: actions.decide_claim(claim, approve=True, by=None),
        lambda: actions.decide_claim(claim, approve=False, by=admin),
    )
    assert (first.state, type(second)) == ("approved", Refused)
    assert str(second) == "The organisation has decided this already: approved."
    assert Invitation.objects.count() == 1


# --- The list of one's listings


def test_the_list_shows_how_they_stand(provider, community):
    organization = OrganizationFactory(workplace=community)
    make_listing("Choir", organization=organization, assured_date=None)
    make_listing("Shed", organization=organization, full_since=timezone.localdate())
    make_listing("Over", organization=organization, status="defunct")
    make_listing("Somebody else’s")
    text = logged_in(provider).get(reverse("listings_kept")).content.decode()
    assert text.index("Choir") < text.index("Shed") < text.index("Over")
    assert "Somebody else" not in text
    assert "Not checked yet" in text
    assert "Full since today" in text


def test_without_listings_it_says_what_to_do(provider, link_worker):
    assert "Add a listing" in logged_in(provider).get(reverse("listings_kept")).content.decode()
    assert logged_in(link_worker).get(reverse("listings_kept")).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_no_more_for_more_listings(provider, community, rows, django_assert_max_num_queries):
    organization = OrganizationFactory(workplace=community)
    for number in range(rows):
        ServiceFactory(organization=organization, name=f"Group {number}")
    client = logged_in(provider)
    with django_assert_max_num_queries(9):
        assert client.get(reverse("listings_kept")).status_code == 200
