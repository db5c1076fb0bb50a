"""The programme as a table, and on paper."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from events.factories import EventFactory, HallFactory, ProgrammeItemFactory, SpeakerFactory, TrackFactory
from events.models import Event, ProgrammeItem
from events.programme import NO_ROOM, days_of, items_of

pytestmark = pytest.mark.django_db


def at(event: Event, hour: float, hours: float = 1, **more: object) -> ProgrammeItem:
    starts = event.starts_at + dt.timedelta(hours=hour)
    return ProgrammeItemFactory(event=event, starts_at=starts, ends_at=starts + dt.timedelta(hours=hours), **more)


def test_a_column_for_each_room_and_breaks_over_all() -> None:
    event = EventFactory()
    big, small = HallFactory(event=event, name="Big", order=1), HallFactory(event=event, name="Small", order=2)
    opening = at(event, 0, hall=big)
    long = at(event, 1, 2, hall=small)
    first, second = at(event, 1, hall=big), at(event, 2, hall=big)
    lunch = at(event, 3, kind="break")
    loose = at(event, 1.5, 0.5)
    [day] = days_of(items_of(event))
    assert list(day.rooms) == ["Big", "Small", NO_ROOM]
    table = [[(list(cell.items), cell.columns, cell.rows) for cell in row.cells] for row in day.rows]
    assert table == [
        [([opening], 3, 1)],
        [([first], 1, 2), ([long], 1, 3), ([], 1, 1)],
        [([loose], 1, 1)],
        [([second], 1, 1), ([], 1, 1)],
        [([lunch], 3, 1)],
    ]


def test_sessions_without_a_room_share_a_cell_and_days_are_londons() -> None:
    event = EventFactory()
    one, two = at(event, 0, 2), at(event, 1, 2)
    night = at(event, 24)
    days = days_of(items_of(event))
    assert [day.on for day in days] == [event.on, event.on + dt.timedelta(days=1)]
    assert [list(cell.items) for row in days[0].rows for cell in row.cells] == [[one, two]]
    assert list(days[1].items) == [night]
    assert days_of([]) == []


def test_a_track_keeps_what_is_for_everybody() -> None:
    event = EventFactory()
    mine, other = TrackFactory(event=event), TrackFactory(event=event)
    at(event, 0, title="Welcome"), at(event, 1, title="Mine", track=mine), at(event, 1, title="Theirs", track=other)
    address = reverse("event_programme", args=[event.slug])
    page = Client().get(address, {"track": str(mine.pk)}).content.decode()
    assert ">Welcome<" in page
    assert ">Mine<" in page
    assert ">Theirs<" not in page
    assert ">Theirs<" in Client().get(address, {"track": "x"}).content.decode()


def test_places_left_and_sessions_of_other_events() -> None:
    event = EventFactory()
    item = ProgrammeItemFactory(event=event, workshop=True)
    page = Client().get(reverse("event_programme", args=[event.slug])).content.decode()
    assert "2 places left" in page
    other = EventFactory()
    assert Client().get(reverse("event_programme_item", args=[other.slug, item.pk])).status_code == 404


def test_paper_takes_any_script_and_any_number() -> None:
    event = EventFactory(title="یومِ رابطہ 🎉")
    paper = reverse("event_programme_pdf", args=[event.slug])
    assert Client().get(paper).status_code == 404, "nothing to print"
    speaker = SpeakerFactory(event=event, name="ফোলাকে" * 15)
    for hour in range(60):
        at(event, hour / 10, 0.1, title="W" * 150, speakers=[speaker])
    response = Client().get(paper)
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")
    assert response.content.count(b"/Type /Page\n") > 3
