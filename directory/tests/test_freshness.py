"""Listings age, owners are asked three times, and one answer makes a listing fresh again."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.factories import OrganizationFactory, ServiceFactory, make_listing
from directory.links import StillRight, read_still_right, still_right_path
from directory.models import Assurance, SearchEntry, Service, Suggestion
from directory.tasks import ask_owners
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from referrals.tests.race import elsewhere, race
from tests.world import logged_in

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)
OWNER = "hall@verulam.example"
RIGHT, FULL, OPEN, CLOSED = Assurance.Outcome


def at_noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def listing(days: int | None = 10, **facts) -> Service:
    """A listing checked so many days before TODAY, or never."""
    checked = None if days is None else TODAY - dt.timedelta(days=days)
    facts.setdefault("email", OWNER)
    return make_listing(assured_date=checked, created_at=at_noon(TODAY) - dt.timedelta(days=400), **facts)


def letters(kind: str = "listing-freshness") -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("created_at"))


def links(message: Message) -> list[str]:
    return re.findall(r"/directory/still-right/\S+/", message.text)


@pytest.fixture
def today():
    with time_machine.travel(at_noon(TODAY), tick=False):
        yield


# --- Saying how a listing is


@pytest.mark.parametrize(
    ("outcome", "status", "is_full"),
    [(RIGHT, "active", True), (FULL, "active", True), (OPEN, "active", False), (CLOSED, "temporarily closed", True)],
)
def test_what_a_link_worker_found_is_shown_at_once(today, link_worker, outcome, status, is_full):
    service = listing(days=300, full_since=TODAY - dt.timedelta(days=30), letters_sent=2, last_letter_on=TODAY)
    actions.assure(service=service, by=link_worker, how="rang", outcome=outcome, note="Ada answered.")
    service.refresh_from_db()
    assert (service.status, service.is_full) == (status, is_full)
    assert (service.assured_date, service.assured_how, service.assured_by) == (TODAY, "rang", link_worker)
    assert (service.letters_sent, service.last_letter_on) == (0, None)
    assert service.last_modified == timezone.now()
    entry = SearchEntry.objects.get(service=service)
    assert (entry.fresh_on, entry.available) == (TODAY, status == "active" and not is_full)
    assert Assurance.objects.get().note == "Ada answered."
    assert AuditEvent.objects.get(verb="service.assured").facts["outcome"] == outcome


def test_a_worker_s_own_address_does_not_go_out_as_open_data(today, link_worker):
    rung = actions.assure(service=listing(), by=link_worker, how="rang", outcome=RIGHT)
    assert rung.assurer_email == "no-reply@linkworkers.test"
    said = actions.assure(service=listing(name="Choir"), by=None, how="owner", outcome=RIGHT)
    assert (said.assurer_email, said.assured_by) == (OWNER, None)


def test_the_next_check_undoes_the_last(today, link_worker):
    service = listing()
    actions.assure(service=service, by=link_worker, how="rang", outcome=CLOSED)
    actions.assure(service=service, by=link_worker, how="rang", outcome=RIGHT)
    service.refresh_from_db()
    assert service.status == "active"
    assert [each.outcome for each in service.assurances.all()] == [RIGHT, CLOSED]


def test_a_link_worker_who_says_it_has_ended_closes_it_for_now_and_tells_the_office(today, link_worker):
    after = actions.assure(service=listing(), by=link_worker, how="visited", outcome=CLOSED, note="Let.", for_good=True)
    assert after.status == "temporarily closed"
    suggestion = Suggestion.objects.get()
    assert (suggestion.text, suggestion.by) == ("It has closed for good. Let.", link_worker)


def test_the_office_and_the_owner_end_it(today, admin, provider, community):
    owned = listing(organization=OrganizationFactory(workplace=community))
    assert actions.assure(service=owned, by=provider, how="owner", outcome=CLOSED, for_good=True).status == "defunct"
    assert actions.assure(service=listing(), by=admin, how="rang", outcome=CLOSED, for_good=True).status == "defunct"
    assert not SearchEntry.objects.exists()
    assert not Suggestion.objects.exists()


def test_who_may_not_say_how_it_is(today, practice_staff, member, provider, link_worker):
    service = listing()
    for stranger in (practice_staff, member, provider):
        with pytest.raises(PermissionDenied):
            actions.assure(service=service, by=stranger, how="rang", outcome=RIGHT)
    with pytest.raises(PermissionDenied):
        actions.assure(service=service, by=link_worker, how="owner", outcome=RIGHT)
    with pytest.raises(Refused):
        actions.assure(service=listing(name="Gone", status="defunct"), by=link_worker, how="rang", outcome=RIGHT)
    assert not Assurance.objects.exists()


def test_the_page_asks_a_link_worker_how_and_an_owner_not(today, link_worker, provider, community):
    service = listing(organization=OrganizationFactory(workplace=community))
    page = reverse("service_assure", args=[service.slug])
    client = logged_in(link_worker)
    assert "How do you know?" in client.get(page).content.decode()
    assert "Choose how you know." in client.post(page, {"found": "right"}).content.decode()
    answer = client.post(page, {"found": "full", "how": "rang", "note": ""}, follow=True)
    assert "says that it is full" in answer.content.decode()
    owner = logged_in(provider)
    assert "How do you know?" not in owner.get(page).content.decode()
    assert owner.post(page, {"found": "open"}).url == reverse("listings_kept")
    service.refresh_from_db()
    assert (service.assured_how, service.is_full) == ("owner", False)


def test_still_right_leaves_a_full_listing_full_and_says_so(today, provider, community):
    since = TODAY - dt.timedelta(days=30)
    service = listing(organization=OrganizationFactory(workplace=community), full_since=since)
    client = logged_in(provider)
    kept = client.get(reverse("listings_kept")).content.decode()
    assert "Still full" in kept
    assert "Still right" not in kept
    page = reverse("service_assure", args=[service.slug])
    text = client.get(page).content.decode()
    assert "It runs, and is still full" in text
    assert "It is full" not in text
    answer = client.post(page, {"found": "right"}, follow=True).content.decode()
    assert "checked today, and still that it is full" in answer
    service.refresh_from_db()
    assert (service.assured_date, service.full_since) == (TODAY, since)
    assert "Has room again" in client.get(reverse("listings_kept")).content.decode()
    client.post(page, {"found": "open"})
    service.refresh_from_db()
    assert not service.is_full


def test_what_was_found_comes_first_and_a_link_may_have_chosen_it(today, link_worker):
    service = listing()
    client = logged_in(link_worker)
    link = f"{reverse('service_assure', args=[service.slug])}?found=full"
    assert link in client.get(service.get_absolute_url()).content.decode()
    page = client.get(link)
    assert page.context["form"]["found"].value() == "full"
    text = page.content.decode()
    assert text.index("What did you find?") < text.index("How do you know?")


# --- The three letters


def run_until(last: dt.date, service: Service, *, asleep: tuple[dt.date, dt.date] | None = None) -> list[dt.date]:
    """Days on which a letter went out, the task running every morning but for the time it was asleep."""
    days, day = [], dt.date(2027, 5, 10)
    while day <= last:
        with time_machine.travel(at_noon(day), tick=False):
            if not (asleep and asleep[0] <= day < asleep[1]) and ask_owners():
                days.append(day)
        day += dt.timedelta(days=1)
    return days


def test_an_owner_is_asked_at_six_months_and_twice_more_and_then_the_listing_sinks():
    service = listing(days=0)
    asked = run_until(dt.date(2027, 10, 31), service)
    first = dt.date(2027, 5, 23)
    assert asked == [first, first + dt.timedelta(weeks=3), first + dt.timedelta(weeks=6)]
    service.refresh_from_db()
    for day, stale in ((asked[2], False), (asked[2] + dt.timedelta(days=1), True)):
        with time_machine.travel(at_noon(day)):
            assert service.is_stale is stale


def test_a_worker_that_was_down_for_two_months_makes_up_for_it_with_one_letter():
    service = listing(days=0)
    down = (dt.date(2027, 5, 20), dt.date(2027, 7, 20))
    asked = run_until(dt.date(2027, 10, 31), service, asleep=down)
    assert asked == [down[1], down[1] + dt.timedelta(weeks=3), down[1] + dt.timedelta(weeks=6)]


def test_the_clock_begins_anew_with_a_check_even_one_that_a_feed_brought():
    service = listing(days=0)
    run_until(dt.date(2027, 6, 20), service)
    Service.objects.filter(pk=service.pk).update(assured_date=dt.date(2027, 7, 1))  # an import writes no letters back
    with time_machine.travel(at_noon(dt.date(2027, 12, 31))):
        assert ask_owners() == 0
    with time_machine.travel(at_noon(dt.date(2028, 1, 1))):
        assert ask_owners() == 1
    service.refresh_from_db()
    assert service.letters_sent == 1


def test_run_twice_it_writes_once(today):
    listing(days=200)
    assert (ask_owners(), ask_owners()) == (1, 0)
    assert len(letters()) == 1


def test_a_listing_that_was_never_checked_ages_from_the_day_it_came(today):
    old = listing(days=None)
    young = make_listing("New", email="new@verulam.example")
    Service.objects.filter(pk=young.pk).update(assured_date=None)
    ask_owners()
    assert [message.to for message in letters()] == [OWNER]
    assert str(old.pk) in letters()[0].key


def test_without_an_address_or_not_running_nobody_is_asked(today):
    listing(days=300, email="", organization=OrganizationFactory(email=""))
    listing(days=300, name="Closed", status="temporarily closed")
    listing(days=300, name="Ended", status="defunct")
    assert ask_owners() == 0
    assert not Service.objects.exclude(letters_sent=0).exists()


def test_an_owner_of_forty_gets_one_letter_with_forty_links(today):
    organization = OrganizationFactory(email="Council@herts.example")
    for number in range(38):
        ServiceFactory(organization=organization, assured_date=TODAY - dt.timedelta(days=200), name=f"Group {number}")
    for name in ("Choir", "Shed"):  # the same mailbox, written otherwise
        listing(days=200, name=name, email="council@HERTS.example")
    assert (ask_owners(), ask_owners()) == (1, 0)
    (letter,) = letters()
    assert letter.to == "council@herts.example"
    assert letter.subject == "Are your 40 listings still right?"
    assert len({read_still_right(link.split("/")[-2]).service_id for link in links(letter)}) == 40


def test_the_last_letter_says_what_becomes_of_the_listing(today):
    listing(days=250, letters_sent=2, last_letter_on=TODAY - dt.timedelta(days=21))
    ask_owners()
    assert "shown further down" in letters()[0].text
    assert "shown further down" in letters()[0].html
    assert letters()[0].secret


def test_asking_costs_the_same_for_an_owner_of_one_and_of_thirty(today, django_assert_max_num_queries):
    for number in range(30):
        listing(days=200, name=f"Group {number}")
    with django_assert_max_num_queries(12):
        ask_owners()


# --- The link in the letter


def letter_link(service: Service) -> str:
    return still_right_path(service)


def test_opening_the_link_changes_nothing_and_one_click_makes_the_listing_fresh(today, client):
    service = listing(days=200)
    ask_owners()
    (link,) = links(letters()[0])
    page = client.get(link)
    assert (page.status_code, "no-cache" in page["Cache-Control"]) == (200, True)
    assert "Yes, still right" in page.content.decode()
    assert not Assurance.objects.exists()
    answer = client.post(link, {"answer": "right"})
    assert "was last checked today" in answer.content.decode()
    service.refresh_from_db()
    assert (service.assured_date, service.assured_how, service.letters_sent) == (TODAY, "owner", 0)
    assert SearchEntry.objects.get(service=service).fresh_on == TODAY


@pytest.mark.parametrize(("answer", "is_full"), [("right", True), ("open", False)])
def test_the_link_of_a_full_listing_asks_whether_it_still_is(today, client, answer, is_full):
    service = listing(days=200, full_since=TODAY - dt.timedelta(days=200))
    text = client.get(letter_link(service)).content.decode()
    assert "Still right, and still full" in text
    assert "Right, but has room again" in text
    client.post(letter_link(service), {"answer": answer})
    service.refresh_from_db()
    assert (service.assured_date, service.is_full) == (TODAY, is_full)


def test_a_link_used_twice_says_thank_you_and_changes_nothing(today, client):
    link = letter_link(listing(days=200))
    client.post(link, {"answer": "right"})
    again = client.post(link, {"answer": "ended"})
    assert "was last checked today" in again.content.decode()
    assert Service.objects.get().status == "active"
    assert Assurance.objects.count() == 1


def test_it_has_ended_takes_the_listing_out(today, client):
    link = letter_link(listing(days=200))
    answer = client.post(link, {"answer": "ended"})
    assert "no longer in the directory" in answer.content.decode()
    assert Service.objects.get().status == "defunct"
    assert not SearchEntry.objects.exists()


def test_an_expired_link_offers_a_new_one_to_the_listing_s_own_address_once_a_day(client):
    service = listing(days=200)
    with time_machine.travel(at_noon(TODAY), tick=False):
        link = letter_link(service)
    with time_machine.travel(at_noon(TODAY) + dt.timedelta(days=61), tick=False):
        page = client.get(link)
        assert page.status_code == 410
        assert "Mail a new link" in page.content.decode()
        late = client.post(link, {"answer": "right"})
        assert "This link has expired" in late.content.decode()
        assert not Assurance.objects.exists()
        for _ in range(5):
            assert "on its way" in client.post(link, {"again": "yes"}).content.decode()
        (mail,) = letters("listing-link")
        assert mail.to == OWNER
        refused = client.post(link, {"again": "yes"})
        assert refused.status_code == 429
        assert client.post(links(mail)[0], {"answer": "right"}).status_code == 200
    assert Assurance.objects.count() == 1


def test_an_expired_link_of_a_listing_that_was_checked_since_has_nothing_to_ask(today, client, link_worker):
    service = listing(days=200)
    link = letter_link(service)
    actions.assure(service=service, by=link_worker, how="rang", outcome=RIGHT)
    with time_machine.travel(at_noon(TODAY) + dt.timedelta(days=61)):
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", "WyJ4IiwieSJd:1tAAAA:AAAA", "%00"])
def test_an_altered_link_leads_on(client, token):
    page = client.get(f"/directory/still-right/{token}/")
    assert page.status_code == 404
    assert reverse("directory_search") in page.content.decode()


def test_a_link_of_another_listing_is_not_made_by_hand(today, client):
    service, other = listing(days=200), listing(days=200, name="Other")
    body, rest = letter_link(service).split("/")[-2].split(":", 1)
    forged = letter_link(other).split("/")[-2].split(":", 1)[0]
    assert body != forged
    assert client.post(f"/directory/still-right/{forged}:{rest}/", {"answer": "ended"}).status_code == 404
    assert not Assurance.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_link_pressed_twice_at_once_is_one_answer():
    service = listing(days=200)
    link = StillRight(service.pk, service.clock_starts, expired=False)
    results = race(
        Service.objects.all(),
        lambda: actions.answer_letter(link, outcome=RIGHT),
        lambda: actions.answer_letter(link, outcome=CLOSED, for_good=True),
    )
    assert [first for _, first in results] == [True, False]
    assert Service.objects.get().status == "active"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_letter():
    service = listing(days=300)
    with transaction.atomic():
        list(Service.objects.select_for_update().filter(pk=service.pk))
        assert (
            elsewhere(ask_owners) == 0
        )  # the row is in other hands: passed over, and neither waited for nor written to
    assert ask_owners() == 1
    assert len(letters()) == 1
