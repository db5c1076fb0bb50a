"""The page of a listing: what it tells, whom it offers what, and what it keeps to itself."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.factories import CollectionFactory, CollectionItemFactory, make_listing
from directory.models import (
    Accessibility,
    Contact,
    CostOption,
    Location,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from directory.tests.queries import MOST, queries
from directory.tests.reading import page_of, read, text
from directory.whole import ROWS, fetch_whole
from members.models import User, Workplace

pytestmark = pytest.mark.django_db


def whole_listing() -> Service:
    """A listing with several of everything."""
    service = make_listing(
        "Advice for all",
        slug="advice-for-all",
        needs=("money", "benefits"),
        covers=("Hertfordshire",),
        byday="MO,TU",
        hours=(9, 17),
        amount=3.1,
        step_free=True,
        online=True,
        languages=("Polish", "Bengali"),
        phone="01632 960123",
        email="advice@example.org",
        url="https://www.example.org/advice/",
        minimum_age=18,
        application_process="Ring first.",
        eligibility_description="Whoever owes money.",
    )
    CostOption.objects.create(service=service, option="First visit", amount=0)
    contact = Contact.objects.create(service=service, name="Marian Hale", title="Adviser", email="marian@example.org")
    Phone.objects.create(contact=contact, number="07700 900321", description="Mornings")
    for name in ("Harpenden Library", "Hatfield Old Hall"):
        location = Location.objects.create(name=name, latitude=51.8, longitude=-0.3)
        Accessibility.objects.create(location=location, description="Hearing loop")
        place = ServiceAtLocation.objects.create(service=service, location=location)
        Schedule.objects.create(service_at_location=place, freq="WEEKLY", byday="WE", notes="Not in August.")
    return service


def test_a_listing_tells_what_one_needs_to_know(client: Client) -> None:
    service = whole_listing()
    page = read(client, page_of(service))
    for fact in (
        "Advice for all",
        service.organization.name,
        "Mondays and Tuesdays 09:00 to 17:00",
        "Wednesdays at Harpenden Library Not in August.",
        "12 Priory Mead St Albans Hertfordshire AL1 3JQ Step-free entrance Directions",
        "Online too",
        "For people in Hertfordshire",
        "£3.10 a session",
        "Free",
        "Whoever owes money. Ages 18 and over",
        "Bengali, Polish",
        "How to come Ring first.",
        "01632 960123",
        "advice@example.org",
        "example.org/advice",
        "Marian Hale, Adviser 07700 900321 Mornings marian@example.org",
        "Checked 10 days ago: a link worker rang",
        "Debt or money Benefits",
    ):
        assert fact in page
    assert "Next:" in page


def test_the_next_three_dates_are_told(client: Client) -> None:
    service = make_listing(byday="MO", hours=(14, 16))
    page = client.get(page_of(service)).content.decode()
    dates = [dt.datetime.fromisoformat(found) for found in re.findall(r'<time datetime="([^"]+)"', page)]
    assert len(dates) == 3
    assert {date.weekday() for date in dates} == {0}
    assert {date.hour for date in dates} == {14}
    assert [date.date() for date in dates] == [dates[0].date() + dt.timedelta(weeks=week) for week in range(3)]


def test_the_main_button_is_the_way_to_come(client: Client) -> None:
    def button(service: Service) -> tuple[str, str]:
        page = client.get(page_of(service)).content.decode()
        [found] = re.findall(r'<a class="btn btn-primary" href="([^"]+)">([^<]+)</a>', page)
        return found

    rung = make_listing(phone="(01632) 960 123", email="a@example.org")
    written = make_listing(email="a@example.org", url="https://example.org/")
    assert button(rung) == ("tel:01632960123", "Ring (01632) 960 123")
    assert button(written) == ("mailto:a@example.org", "Write to them")
    read_about = make_listing(url="https://example.org/")
    read_about.organization.email = ""
    read_about.organization.save()
    assert button(read_about) == ("https://example.org/", "Go to their web site")


def test_an_address_that_is_no_web_address_is_no_link(client: Client) -> None:
    service = make_listing(url="javascript:alert(1)", name="<b>Bold</b>", description="<script>alert(1)</script>")
    page = client.get(page_of(service)).content.decode()
    assert "javascript:" not in re.sub(r"(?s)<script type=\"application/ld.json\">.*?</script>", "", page)
    assert "<b>Bold" not in page
    assert "<script>alert" not in page


def test_a_listing_asks_at_most_nine_times_whatever_it_has(client: Client, link_worker: User) -> None:
    service = whole_listing()
    path = page_of(service)
    assert len(queries(client, path)) == 2
    client.force_login(link_worker)
    CollectionItemFactory(collection=CollectionFactory(owner=link_worker, favourites=True), service=service)
    asked = queries(client, path)
    assert len(asked) <= MOST, "\n".join(asked)
    assert "Take out of my favourites" in read(client, path)


def test_a_private_place_is_not_on_its_page(client: Client) -> None:
    service = make_listing(confidential=True, phone="01632 960999", covers=("Hertfordshire",))
    place = service.service_at_locations.get()
    Schedule.objects.create(service_at_location=place, freq="WEEKLY", byday="FR", notes="Back door.")
    Accessibility.objects.create(location=place.location, description="Ramp behind the garage")
    response = client.get(page_of(service))
    page = response.content.decode()
    assert "The address is kept private. Ring 01632 960999 , and they will tell you where to come." in text(
        response.content
    )
    for secret in (place.location.name, "Priory Mead", "AL1 3JQ", "51.752", "-0.339", "Back door", "Ramp", "Friday"):
        assert secret not in page
    assert "data-map-side" not in page


def test_what_is_full_closed_or_not_checked_is_said_at_the_top(client: Client) -> None:
    today = timezone.localdate()
    full = read(client, page_of(make_listing(full_since=today)))
    assert "Full just now." in full
    assert "waiting list" in full
    closed = read(client, page_of(make_listing(status="temporarily closed", byday="MO", alert="Back in May.")))
    assert "Closed for now." in closed
    assert "Back in May." in closed
    assert "Next:" not in closed
    stale = read(client, page_of(make_listing(assured_date=today - dt.timedelta(days=300), phone="01632 960123")))
    assert "Nobody has checked this for 9 months. It may have changed. Ring before you go." in stale


@pytest.mark.parametrize(
    ("how", "days", "words"),
    [
        ("rang", 0, "Checked today: a link worker rang"),
        ("visited", 1, "Checked 1 day ago: a link worker visited"),
        ("owner", 21, "Checked 3 weeks ago: the people who run it said so"),
        ("feed", 21, "Checked 3 weeks ago: from their own open data"),
        ("", 21, "Checked 3 weeks ago"),
    ],
)
def test_who_checked_is_told_by_what_they_are(
    client: Client, link_worker: User, how: str, days: int, words: str
) -> None:
    on = timezone.localdate() - dt.timedelta(days=days)
    service = make_listing(assured_date=on, assured_how=how, assured_by=link_worker, assurer_email="amara@example.test")
    page = client.get(page_of(service))
    assert words in text(page.content)
    assert b"Amara" not in page.content
    assert b"amara@" not in page.content


def test_what_has_ended_says_so_and_leads_on(client: Client) -> None:
    service = make_listing("Old darts", status="defunct", needs=("loneliness",))
    page = read(client, page_of(service), status=410)
    assert "Old darts has ended" in page
    assert "Find something like it nearby" in page
    assert "Priory Mead" not in page


def test_what_is_not_published_does_not_exist(client: Client) -> None:
    service = make_listing(status="inactive")
    assert client.get(page_of(service)).status_code == 404
    assert client.get(f"/s/{service.code}").status_code == 404


def test_the_short_address_is_read_in_any_letters(client: Client) -> None:
    service = make_listing()
    for code in (service.code, service.code.upper()):
        response = client.get(f"/s/{code}")
        assert (response.status_code, response["Location"]) == (302, page_of(service))
    assert client.get("/s/nobody").status_code == 404


def test_only_a_stranger_s_page_may_be_kept(client: Client, link_worker: User) -> None:
    path = page_of(make_listing())
    response = client.get(path)
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in response["Vary"]
    client.force_login(link_worker)
    kept = client.get(path)["Cache-Control"]
    assert "no-store" in kept
    assert "public" not in kept


def test_each_is_offered_what_they_may_do(
    client: Client, link_worker: User, practice_staff: User, provider: User, community: Workplace
) -> None:
    service = make_listing()
    service.organization.workplace = community
    service.organization.save()
    path = page_of(service)
    stranger = read(client, path)
    assert "I checked today" not in stranger
    assert "favourite" not in stranger
    assert "Is this yours?" in stranger
    assert "suggest a change" in stranger
    client.force_login(link_worker)
    assert "I checked today" in read(client, path)
    assert "Keep as a favourite" in read(client, path)
    client.force_login(practice_staff)
    assert "I checked today" not in read(client, path)
    client.force_login(provider)
    owner = read(client, path)
    assert "Edit this listing" in owner
    assert "Is this yours?" not in owner


def test_search_engines_are_told(client: Client) -> None:
    service = make_listing("Verulam Talking Café", description="A weekly table.\n\nAll are welcome.")
    page = client.get(page_of(service)).content.decode()
    assert '<meta name="description" content="A weekly table. All are welcome.">' in page
    assert re.search(rf'<link rel="canonical" href="https?://[^/]+{page_of(service)}">', page)
    markup = json.loads(re.search(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert markup["name"] == "Verulam Talking Café"


def test_the_whole_of_a_listing_is_what_the_database_has() -> None:
    service = whole_listing()
    whole = fetch_whole(Service.objects.filter(pk=service.pk))
    assert whole is not None
    with CaptureQueriesContext(connection) as asked:
        [marian] = whole.contacts.all()
        [phone] = marian.phones.all()
        places = {
            place.location.name: [each.notes for each in place.schedules.all()]
            for place in whole.service_at_locations.all()
        }
        opens = [(schedule.byday, schedule.opens_at) for schedule in whole.schedules.all()]
        costs = {cost.amount for cost in whole.cost_options.all()}
        terms = {str(attribute.taxonomy_term) for attribute in whole.attributes.all()}
    assert not asked.captured_queries
    assert phone.number == "07700 900321"
    assert [each.number for each in whole.phones.all()] == ["01632 960123"]
    assert places["Harpenden Library"] == ["Not in August."]
    assert len(places) == 4
    assert opens == [("MO,TU", dt.time(9))]
    assert costs == {Decimal(0), Decimal("3.1")}
    assert terms == {"Debt or money", "Benefits"}
    assert not vars(whole)["has_private_place"]


def test_every_part_of_a_listing_is_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows would be read through otherwise
        cursor.execute(f"EXPLAIN {ROWS}", {"service": whole_listing().pk})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index" in plan
    assert "Seq Scan" not in plan


def test_there_is_no_whole_of_nothing() -> None:
    assert fetch_whole(Service.objects.none()) is None


@pytest.mark.parametrize(
    ("before", "back"),
    [
        ("http://testserver/directory/?q=debt&near=AL1&page=2", "/directory/?q=debt&amp;near=AL1&amp;page=2"),
        ("http://testserver/directory/?q=%22%3E%3Cscript%3E", "/directory/?q=%22%3E%3Cscript%3E"),
        ("http://testserver/directory/", ""),
        ("http://testserver/directory/collections/?q=debt", ""),
        ("https://elsewhere.example/directory/?q=debt", ""),
        ("//elsewhere.example/directory/?q=debt", ""),
        ("http://[/directory/?q=debt", ""),
    ],
)
def test_the_results_that_one_came_from_are_a_press_away(client: Client, before: str, back: str) -> None:
    answer = client.get(page_of(make_listing()), headers={"Referer": before})
    found = re.findall(r'href="([^"]*)">Back to your results', answer.content.decode())
    assert found == ([back] if back else [])
    assert ("public" in answer.headers.get("Cache-Control", "")) == (not back)
