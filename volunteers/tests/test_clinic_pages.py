"""The pages of clinics and sessions: who sees whose name, what is typed wrongly, and what they cost."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkworkers.audit.models import AuditEvent
from members.factories import PostFactory, WorkplaceFactory
from members.models import Role, User, Workplace
from tests.world import logged_in
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    RoomFactory,
    ShiftFactory,
    VolunteerRoleFactory,
    volunteer_of,
)
from volunteers.models import Booking, Clinic, ClinicSession

pytestmark = pytest.mark.django_db

QUERIES = 9


@pytest.fixture
def session(practice: Workplace) -> ClinicSession:
    clinic = ClinicFactory(practice=practice, name="Tuesday clinic", times=[(1, "09:00", "12:00")])
    session = ClinicSessionFactory(clinic=clinic)
    BookingFactory(session=session, referral__episode__accepted=True, referral__episode__person__practice=practice)
    return session


def named(user: User, session: ClinicSession) -> bool:
    """Whether the session's page names whoever is booked."""
    page = logged_in(user).get(reverse("session", args=[session.pk])).content.decode()
    return session.bookings.first().referral.episode.person.initialled in page


def test_who_is_booked_is_named_to_their_practice_link_workers_and_the_volunteer_who_sees_them(
    session, practice_staff, link_worker, coordinator, manager, volunteer
):
    assert named(practice_staff, session)
    assert named(link_worker, session)
    assert not named(coordinator, session)
    assert not named(manager, session)
    assert not named(volunteer, session)
    helper = volunteer_of(volunteer)
    shift = ShiftFactory(session=session, volunteer=helper)
    Booking.objects.update(shift=shift)
    assert named(volunteer, session)
    looks = AuditEvent.objects.filter(verb="person.viewed")
    assert set(looks.values_list("actor_id", flat=True)) == {practice_staff.pk, link_worker.pk, volunteer.pk}


def test_another_networks_coordinator_finds_nothing_and_odd_numbers_do_no_harm(session, other_network):
    client = logged_in(PostFactory(workplace=other_network, role=Role.COORDINATOR).user)
    clinic, room, practice = session.clinic_id, session.room_id, session.clinic.practice_id
    for name, number in [
        *(("clinic", clinic), ("clinic_edit", clinic), ("clinic_end", clinic), ("session_new", clinic)),
        *(("session", session.pk), ("session_edit", session.pk), ("session_move", session.pk)),
        *(("session_cancel", session.pk), ("room_edit", room), ("rooms", practice), ("room_new", practice)),
        *(("clinic", 0), ("session", 2**62), ("rooms", 2**62)),
    ]:
        path = reverse(name, args=[number])
        assert client.get(path).status_code == 404, path
        assert client.post(path, {"reason": "x"}).status_code in (404, 405), path
    for odd in ("²", "-1", "9" * 30, "x", str(practice)):
        assert client.get(reverse("clinic_new"), {"practice": odd}).status_code == 404
    page = client.get(reverse("clinics"), {"q": "\x00%_", "list": "odd", "page": "x"})
    assert page.status_code == 200
    assert "Tuesday clinic" not in page.content.decode()


def typed(**other: object) -> dict[str, object]:
    role = VolunteerRoleFactory()
    numbers = {"every_weeks": 1, "slot_minutes": 30, "at_once": 1, "places": 2, "at_least": 1}
    return {
        "name": "Morning",
        "role": role.pk,
        "starts_1": "09:00",
        "ends_1": "12:00",
        "starts_on": f"{timezone.localdate():%-d %-m %Y}",
        **numbers,
        **other,
    }


def test_a_clinic_is_set_up_and_has_its_sessions(coordinator, practice):
    client = logged_in(coordinator)
    response = client.post(reverse("clinic_new"), typed())
    clinic = Clinic.objects.get()
    assert response.url == reverse("clinic", args=[clinic.pk])
    assert clinic.sessions.count() >= 11
    assert "Tuesdays 09:00 to 12:00" in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Tuesday clinic"}, "name"),
        ({"role": "0"}, "role"),
        ({"role": "x"}, "role"),
        ({"room": "999999"}, "room"),
        ({"link_worker": "1"}, "link_worker"),
        ({"starts_1": "", "ends_1": ""}, "starts_0"),
        ({"ends_1": ""}, "ends_1"),
        ({"starts_1": ""}, "starts_1"),
        ({"ends_1": "08:00"}, "ends_1"),
        ({"ends_1": "09:10"}, "ends_1"),
        ({"ends_1": "25:00"}, "ends_1"),
        ({"starts_1": "00:30"}, "ends_1"),
        ({"every_weeks": "0"}, "every_weeks"),
        ({"every_weeks": "99999999999"}, "every_weeks"),
        ({"slot_minutes": "5"}, "slot_minutes"),
        ({"at_once": "-1"}, "at_once"),
        ({"places": "21"}, "places"),
        ({"places": "1", "at_least": "2"}, "at_least"),
        ({"starts_on": "31 2 2027"}, "starts_on"),
        ({"ends_on": "1 1 2020"}, "ends_on"),
    ],
)
def test_what_is_wrong_with_a_clinic_is_said_next_to_it(coordinator, session, wrong, field):
    response = logged_in(coordinator).post(reverse("clinic_new"), typed(**wrong))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert Clinic.objects.count() == 1


def test_a_link_worker_or_a_room_of_others_cannot_be_chosen(coordinator, practice, outsider, other_practice):
    room = RoomFactory(practice=other_practice)
    form = (
        logged_in(coordinator).post(reverse("clinic_new"), typed(room=room.pk, link_worker=outsider.pk)).context["form"]
    )
    assert {"room", "link_worker"} <= set(form.errors)


def test_whoever_would_cancel_is_shown_the_way_to_cover_while_a_place_is_free(coordinator, session):
    client, cover = logged_in(coordinator), reverse("cover_ask_session", args=[session.pk])
    cancel = reverse("session_cancel", args=[session.pk])
    assert cover in client.get(cancel).content.decode()
    ClinicSession.objects.filter(pk=session.pk).update(places=1, at_least=1)
    ShiftFactory(session=session)
    assert cover not in client.get(cancel).content.decode()


def test_a_change_that_concerns_somebody_takes_two_steps(coordinator, practice):
    client = logged_in(coordinator)
    client.post(reverse("clinic_new"), typed())
    clinic = Clinic.objects.get()
    session = clinic.sessions.to_come()[3]
    BookingFactory(session=session)
    data = typed(role=clinic.role_id, starts_1="10:00", ends_1="13:00")
    asked = client.post(reverse("clinic_edit", args=[clinic.pk]), data)
    assert "1 session: another time" in asked.content.decode()
    stamp = asked.context["form"]["stamp"].value()
    unanswered = client.post(asked.request["PATH_INFO"], {**data, "stamp": stamp})
    assert "moved" in unanswered.context["form"].errors
    stale = client.post(asked.request["PATH_INFO"], {**data, "stamp": "x" * 32, "moved": "move"})
    assert "Something changed meanwhile" in stale.content.decode()
    done = client.post(asked.request["PATH_INFO"], {**data, "stamp": stamp, "moved": "move"})
    assert done.status_code == 302
    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).hour == 10
    assert session.bookings.get().starts_at == session.starts_at


def test_small_numbers_are_not_told_to_managers(session, manager, coordinator):
    ClinicSession.objects.update(
        starts_at=timezone.now() - dt.timedelta(days=2), ends_at=timezone.now() - dt.timedelta(days=2, hours=-3)
    )
    Booking.objects.update(state=Booking.State.ATTENDED)
    path = reverse("clinic", args=[session.clinic_id])
    assert logged_in(manager).get(path).context["numbers"].came is None
    assert logged_in(coordinator).get(path).context["numbers"].came == 1


def queries(client: Client, path: str, count) -> int:
    client.get(path)
    with count() as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_pages_need_as_many_queries_for_thirty_rows_as_for_one(
    session, practice, network, coordinator, practice_staff, django_assert_max_num_queries
):
    def count():
        return django_assert_max_num_queries(QUERIES)

    session.clinic.link_worker = None
    paths = [
        (coordinator, reverse("clinics")),
        (coordinator, reverse("clinic", args=[session.clinic_id])),
        (coordinator, reverse("rooms", args=[practice.pk])),
        (practice_staff, reverse("session", args=[session.pk])),
        (coordinator, reverse("session", args=[session.pk])),
    ]
    before = [queries(logged_in(user), path, count) for user, path in paths]
    for number in range(30):
        at = WorkplaceFactory(parent=network) if number % 2 else practice
        clinic = ClinicFactory(practice=at, times=[(1, "09:00", "12:00")])
        ClinicSessionFactory.create_batch(2, clinic=clinic, room=None)
        week = dt.timedelta(weeks=number + 1)
        ClinicSessionFactory(clinic=session.clinic, starts_at=session.starts_at + week)
    ClinicSession.objects.filter(pk=session.pk).update(at_once=6, places=9)
    for lane in range(2, 7):
        BookingFactory(session=session, lane=lane, shift=ShiftFactory(session=session))
    assert [queries(logged_in(user), path, count) for user, path in paths] == before
