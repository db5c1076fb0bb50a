"""What everybody may see of events, and what stays with attendees."""

import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from events import selling
from events.factories import (
    EventFactory,
    PaidTypeFactory,
    ProgrammeItemFactory,
    SpeakerFactory,
    TicketFactory,
    TicketTypeFactory,
)
from events.models import Event, TicketType
from members.factories import UserFactory
from members.models import User
from tests.world import logged_in

pytestmark = pytest.mark.django_db
SECRETS = {"online_link": "https://meet.example.org/secret-room", "joining": "The door code is 4711."}


@pytest.fixture(autouse=True)
def no_limits_of_others() -> Iterator[None]:
    cache.clear()
    return


def text_of(name: str, *args: object, client: Client | None = None, **query: str) -> str:
    response = (client or Client()).get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def queries_of(name: str, *args: object, client: Client | None = None) -> int:
    """How many queries a page asks; what the limits write down of an address is none of the page's."""
    with CaptureQueriesContext(connection) as seen:
        text_of(name, *args, client=client)
    return sum('"cache"' not in each["sql"] and "SAVEPOINT" not in each["sql"] for each in seen)


def step(event: Event, client: Client | None = None) -> str:
    found = re.search(r'btn btn-primary" href="[^"]*">([^<]*)', text_of("event", event.slug, client=client))
    return found[1] if found else ""


def test_a_draft_exists_for_the_office_alone(admin: User, member: User) -> None:
    draft = EventFactory(draft=True)
    ProgrammeItemFactory(event=draft)
    names = ["event", "event_calendar", "event_programme", "event_programme_pdf"]
    for client in [Client(), logged_in(member)]:
        assert {client.get(reverse(name, args=[draft.slug])).status_code for name in names} == {404}
    assert draft.title not in text_of("events")
    assert draft.slug not in text_of("events_feed")
    assert "Only the office sees this page" in text_of("event", draft.slug, client=logged_in(admin))


def test_link_and_joining_instructions_are_on_no_public_page(member: User) -> None:
    event = EventFactory(**SECRETS)
    item = ProgrammeItemFactory(event=event)
    TicketFactory(type__event=event, user=member)
    for client in [Client(), logged_in(member)]:
        pages = [text_of(name, event.slug, client=client) for name in ["event", "event_calendar", "event_programme"]]
        pages += [text_of("event_programme_item", event.slug, item.pk, client=client)]
        pages += [text_of("events", client=client), text_of("events_feed", client=client)]
        assert not any("secret-room" in page or "4711" in page for page in pages)
    assert "And online" in pages[0]


def test_list_is_narrowed_by_what_is_asked() -> None:
    leeds = EventFactory(title="Leeds day", region="yorkshire", kind="regional")
    online = EventFactory(
        title="From home", venue="", postcode="", online_link="https://x.example/a", kind="online", days=90
    )
    TicketTypeFactory(event=online)
    PaidTypeFactory(event=leeds)
    EventFactory(title="Long ago", past=True)
    called_off = EventFactory(title="Called off", cancelled=True, region="wales")

    def shown(**query: str) -> set[str]:
        page = text_of("events", **query)
        return {title for title in ["Leeds day", "From home", "Long ago", "Called off"] if f">{title}<" in page}

    assert shown() == {"Leeds day", "From home", "Called off"}
    assert shown(region="online") == {"From home"}
    assert shown(region="yorkshire") == {"Leeds day", "From home"}, "what is for everywhere is for Yorkshire too"
    assert shown(kind="regional") == {"Leeds day", called_off.title}
    assert shown(price="free") == {"From home"}
    assert shown(q="leeds DAY") == {"Leeds day"}
    assert shown(q="nothing such") == set()
    assert shown(month=f"{online.starts_at:%Y-%m}") >= {"From home"}
    assert shown(month="2026-99", kind="none", region="'", page="x") == {"Leeds day", "From home", "Called off"}
    assert ">Long ago<" in text_of("events_past")
    assert ">Leeds day<" not in text_of("events_past")
    assert text_of("events", q="\x00")
    assert "Nothing matches" in text_of("events", q="nothing such")


def test_list_says_what_is_left_and_who_comes(member: User) -> None:
    event = EventFactory(capacity=3)
    assert "3 places left" in text_of("events")
    ticket = TicketFactory(type__event=event, user=member)
    assert reverse("event_ticket", args=[ticket.key]) in text_of("events", client=logged_in(member))
    assert "You are coming" not in text_of("events", client=logged_in(UserFactory()))
    TicketFactory.create_batch(2, type=ticket.type)
    assert "Full: join the waitlist" in text_of("events")


def test_one_next_step_that_fits(member: User) -> None:
    now = timezone.now()
    assert step(EventFactory()) == "", "nothing is on sale"
    event = EventFactory(capacity=1)
    kind = PaidTypeFactory(event=event, sale_from=now + dt.timedelta(days=2))
    assert step(event) == ""
    assert "Sale opens on" in text_of("event", event.slug)
    TicketType.objects.update(sale_from=None)
    assert step(event) == "Book"
    TicketFactory(type=kind, user=member)
    assert step(event) == "Join the waitlist"
    assert step(event, logged_in(member)) == "See your ticket"
    TicketType.objects.update(sale_from=None, sale_until=now - dt.timedelta(days=1))
    Event.objects.update(capacity=5)
    assert "The sale of tickets has ended." in text_of("event", event.slug)
    called_off = EventFactory(cancelled=True)
    PaidTypeFactory(event=called_off)
    assert step(called_off) == ""
    assert "burst pipe" in text_of("event", called_off.slug)
    assert step(EventFactory(past=True)) == ""


def test_prices_are_with_vat_and_speakers_tickets_are_theirs() -> None:
    event = EventFactory()
    PaidTypeFactory(event=event, name="Everybody")
    PaidTypeFactory(event=event, name="Belonging", audience="member", price=40)
    TicketTypeFactory(event=event, name="On the stage", audience="speaker")
    page = text_of("event", event.slug)
    assert "£60.00" in page
    assert "£48.00" in page
    assert "On the stage" not in page
    assert "From £60.00, members £48.00" in text_of("events")


@pytest.mark.parametrize(
    ("kinds", "line"),
    [
        ({"non_member": 50, "member": 40, "volunteer": 20}, "From £60.00, members £48.00, volunteers £24.00"),
        ({"non_member": 50, "volunteer": 0}, "From £60.00, volunteers free"),
        ({"non_member": 50, "member": 0, "volunteer": 0}, "From £60.00, members and volunteers free"),
        ({"non_member": 50, "member": 50}, "From £60.00"),
        ({"free": 0, "member": 0}, "Free"),
        ({"member": 40, "volunteer": 0}, "Members £48.00, volunteers free"),
        ({"member": 0}, "Members free"),
        ({"speaker": 0}, ""),
    ],
)
def test_the_list_tells_members_and_volunteers_each_what_theirs_costs(kinds: dict[str, int], line: str) -> None:
    event = EventFactory()
    assert selling.price([PaidTypeFactory(event=event, audience=each, price=kinds[each]) for each in kinds]) == line


def markup_of(event: Event) -> dict[str, object]:
    found = re.search(r'ld\+json">(.*?)</script>', text_of("event", event.slug), re.S)
    assert found
    made: dict[str, object] = json.loads(found[1])
    return made


def test_markup_for_search_engines() -> None:
    event = EventFactory(title="</script><b>Tea", online_link=SECRETS["online_link"])
    PaidTypeFactory(event=event)
    made = markup_of(event)
    assert made["name"] == event.title
    assert made["@type"] == "Event"
    assert str(made["eventAttendanceMode"]).endswith("MixedEventAttendanceMode")
    [offer] = made["offers"]  # type: ignore[misc]
    assert offer["price"] == "60.00"
    assert offer["availability"].endswith("InStock")
    assert str(markup_of(EventFactory(cancelled=True))["eventStatus"]).endswith("EventCancelled")


def test_nobody_with_an_account_waits_for_the_markup(member: User) -> None:
    event = EventFactory()
    assert b"ld+json" not in logged_in(member).get(reverse("event", args=[event.slug])).content


def test_calendar_feed_is_sent_again_only_when_it_changed() -> None:
    event = EventFactory(region="wales")
    called_off = EventFactory(region="london", cancelled=True)
    first = Client().get(reverse("events_feed"))
    entries = {str(each["summary"]): str(each["status"]) for each in Calendar.from_ical(first.content).walk("VEVENT")}
    assert entries == {event.title: "CONFIRMED", called_off.title: "CANCELLED"}
    again = Client().get(reverse("events_feed"), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    Event.objects.filter(pk=event.pk).update(title="Another name")
    assert Client().get(reverse("events_feed"), headers={"if-none-match": first["ETag"]}).status_code == 200
    assert called_off.title not in text_of("events_feed", region="wales")


def test_pages_ask_as_much_for_many_rows_as_for_one(member: User) -> None:
    event = EventFactory()
    client = logged_in(member)
    grow = [(1, 3), (29, 90)]
    counts = []
    for number, _ in grow:
        for kind in PaidTypeFactory.create_batch(number, event=event):
            TicketFactory(type=kind)
        for made in EventFactory.create_batch(number):
            PaidTypeFactory(event=made)
        for speaker in SpeakerFactory.create_batch(number, event=event):
            ProgrammeItemFactory(event=event, speakers=[speaker])
        looks = [
            ("events",),
            ("events_past",),
            ("events_feed",),
            ("event", event.slug),
            ("event_programme", event.slug),
        ]
        counts.append([queries_of(*look) for look in looks] + [queries_of(*look, client=client) for look in looks])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 9, counts
    assert counts[1][3] <= 6, counts


def test_sitemap_names_announced_events_alone() -> None:
    event, draft = EventFactory(), EventFactory(draft=True)
    page = text_of("sitemap_section", "events")
    assert event.get_absolute_url() in page
    assert draft.get_absolute_url() not in page
