"""The photo board: who is on it, until which day, and that nothing is left afterwards."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.models import Role, StoredFile, User, Workplace
from tests.cast import make_user
from tests.world import logged_in
from volunteers.actions import board as actions
from volunteers.board import faces
from volunteers.factories import ClinicFactory, ClinicSessionFactory, ShiftFactory, VolunteerFactory, volunteer_of
from volunteers.factories_thanks import picture, show_on_board
from volunteers.models import Stage, Volunteer
from volunteers.prints.board import poster_pdf

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def tom(volunteer: User) -> Volunteer:
    return volunteer_of(volunteer)


def photo_path(volunteer: Volunteer, practice: Workplace | None = None) -> str:
    return reverse("board_photo", args=[(practice or volunteer.workplace).pk, volunteer.key])


def answers(**others: object) -> dict[str, object]:
    until = timezone.localdate() + 100 * DAY
    return {"until": f"{until:%d %m %Y}", "line": "Ask me about buses.", "agreed": "on", **others}


def upload(content: bytes, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_the_day_after_consent_ends_the_face_is_gone_from_page_poster_and_address(
    tom: Volunteer, practice_staff: User
) -> None:
    show_on_board(tom, days=3)
    board = reverse("board", args=[tom.workplace_id])
    with time_machine.travel(timezone.now() + 3 * DAY):
        client = logged_in(practice_staff)
        assert "Ask me about allotments" in client.get(board).content.decode()
        photo = client.get(photo_path(tom))
        assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
        assert len(faces(tom.workplace)) == 1
    with time_machine.travel(timezone.now() + 4 * DAY):
        client = logged_in(practice_staff)
        assert "Ask me about allotments" not in client.get(board).content.decode()
        assert client.get(photo_path(tom)).status_code == 404
        assert client.get(reverse("board_poster", args=[tom.workplace_id])).status_code == 200
        assert faces(tom.workplace, with_photos=True) == []


def test_a_photo_is_served_so_that_it_can_do_nothing_and_is_kept_nowhere(tom: Volunteer) -> None:
    show_on_board(tom)
    response = logged_in(tom.user).get(photo_path(tom))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.LEFT])
def test_whoever_pauses_or_leaves_vanishes(tom: Volunteer, stage: Stage) -> None:
    show_on_board(tom)
    Volunteer.objects.filter(pk=tom.pk).update(stage=stage, left_on=timezone.localdate())
    assert faces(tom.workplace) == []
    assert logged_in(tom.user).get(photo_path(tom)).status_code == 404


def test_whose_post_has_ended_vanishes(tom: Volunteer, practice_staff: User) -> None:
    show_on_board(tom)
    tom.user.posts.update(end_date=timezone.localdate())
    with time_machine.travel(timezone.now() + DAY):
        assert faces(tom.workplace) == []


def test_other_networks_see_neither_board_nor_poster_nor_faces(
    tom: Volunteer, outsider: User, other_network: Workplace, other_practice: Workplace
) -> None:
    show_on_board(tom)
    for user in (outsider, make_user("Petra Quill", Role.COORDINATOR, other_network)):
        client = logged_in(user)
        for name in ("board", "board_poster"):
            assert client.get(reverse(name, args=[tom.workplace_id])).status_code == 404
        assert client.get(photo_path(tom)).status_code == 404
        assert client.get(photo_path(tom, other_practice)).status_code == 404  # another one's key on one's own board


def test_a_network_volunteer_is_on_the_boards_of_its_practices(practice: Workplace, network: Workplace) -> None:
    show_on_board(VolunteerFactory(workplace=network))
    assert len(faces(practice)) == 1


def test_a_volunteer_agrees_with_a_photo_that_is_drawn_anew(tom: Volunteer) -> None:
    path = reverse("board_consent", args=[tom.key])
    sent = picture(side=1600) + b"<script>hidden</script>"
    assert logged_in(tom.user).post(path, answers(photo=upload(sent))).status_code == 302
    tom.refresh_from_db()
    assert tom.photo is not None
    assert b"hidden" not in bytes(tom.photo.content)
    assert tom.photo_until == timezone.localdate() + 100 * DAY
    assert tom.board_line == "Ask me about buses."


def test_another_photo_deletes_the_one_before(tom: Volunteer) -> None:
    for _ in range(2):
        until = timezone.localdate()
        actions.agree(tom, photo=picture(), until=until, line="", by=tom.user)
    assert StoredFile.objects.count() == 1
    actions.agree(tom, photo=None, until=until, line="Hello", by=tom.user)
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"MZ\x90\x00" + b"\0" * 200, "me.jpg", "not JPG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "me.png", "not PNG"),
        (picture()[:300], "me.jpg", "cut off or damaged"),
        (picture(), "me.svg", "We cannot take .svg"),
        (b"", "me.jpg", "This file is empty"),
    ],
)
def test_what_is_no_picture_is_refused(tom: Volunteer, content: bytes, name: str, says: str) -> None:
    page = logged_in(tom.user).post(reverse("board_consent", args=[tom.key]), answers(photo=upload(content, name)))
    assert says in page.content.decode()
    assert not StoredFile.objects.exists()


def test_a_picture_that_unpacks_to_billions_of_dots_is_refused(tom: Volunteer) -> None:
    head = bytearray(picture(kind="PNG"))
    head[16:24] = (60_000).to_bytes(4, "big") * 2  # what its head says it measures
    page = logged_in(tom.user).post(
        reverse("board_consent", args=[tom.key]), answers(photo=upload(bytes(head), "me.png"))
    )
    assert page.status_code == 200
    assert not StoredFile.objects.exists()


def test_the_last_day_is_within_two_years_and_consent_is_ticked(tom: Volunteer) -> None:
    client, path = logged_in(tom.user), reverse("board_consent", args=[tom.key])
    today = timezone.localdate()
    for day, says in ((today - DAY, "has gone by"), (today + 740 * DAY, "within two years")):
        assert says in client.post(path, answers(until=f"{day:%d %m %Y}")).content.decode()
    unticked = {key: value for key, value in answers().items() if key != "agreed"}
    assert "Tick this" in client.post(path, unticked).content.decode()
    with pytest.raises(Refused):
        actions.agree(tom, photo=None, until=today + 740 * DAY, line="", by=tom.user)
    tom.refresh_from_db()
    assert tom.photo_until is None


def test_nobody_agrees_for_somebody_else(tom: Volunteer, coordinator: User) -> None:
    neighbour = VolunteerFactory(workplace=tom.workplace)
    for user in (tom.user, coordinator):
        path = reverse("board_consent", args=[neighbour.key])
        assert logged_in(user).post(path, answers()).status_code == 404
        with pytest.raises(PermissionDenied):
            actions.agree(neighbour, photo=None, until=timezone.localdate(), line="", by=user)
    assert logged_in(tom.user).post(reverse("board_withdraw", args=[neighbour.key])).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.withdraw(neighbour, by=tom.user)


def test_withdrawing_deletes_the_bytes_at_once_and_again_does_nothing(tom: Volunteer) -> None:
    show_on_board(tom)
    client, path = logged_in(tom.user), reverse("board_withdraw", args=[tom.key])
    assert client.get(path).status_code == 405
    for _ in range(2):
        assert client.post(path).status_code == 302
    assert not StoredFile.objects.exists()
    tom.refresh_from_db()
    assert (tom.photo_id, tom.photo_until, tom.board_line) == (None, None, "")
    assert client.get(photo_path(tom)).status_code == 404


def test_ended_consents_and_those_who_left_are_cleared_by_night(tom: Volunteer) -> None:
    show_on_board(tom, days=-1)
    stays = show_on_board(VolunteerFactory(workplace=tom.workplace), days=0)
    show_on_board(VolunteerFactory(workplace=tom.workplace, stage=Stage.LEFT, left_on=timezone.localdate()))
    assert actions.forget_photos() == 2
    assert actions.forget_photos() == 0
    assert list(StoredFile.objects.all()) == [stays.photo]


def test_a_month_before_the_end_one_is_asked_once(tom: Volunteer) -> None:
    show_on_board(tom, days=31)
    assert actions.ask_to_renew() == 0
    with time_machine.travel(timezone.now() + 2 * DAY):
        assert actions.ask_to_renew() == 1
        assert actions.ask_to_renew() == 0
        tom.photo_until = timezone.localdate() + 10 * DAY  # another consent, another question
        tom.save()
        assert actions.ask_to_renew() == 1
    assert {mail.to for mail in Message.objects.filter(kind="board-renew")} == {tom.user.email}


def test_usual_days_are_those_with_two_shifts_on_them(tom: Volunteer) -> None:
    show_on_board(tom)
    clinic = ClinicFactory(practice=tom.workplace)
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday() + 14)
    for day in (1, 8, 3):
        starts = dt.datetime.combine(monday + day * DAY, dt.time(0, 30), tzinfo=timezone.get_default_timezone())
        session = ClinicSessionFactory(clinic=clinic, starts_at=starts)
        ShiftFactory(session=session, volunteer=tom)
    assert [face.days for face in faces(tom.workplace)] == ["Tuesdays"]


def test_the_poster_holds_any_number_and_any_script(practice: Workplace) -> None:
    for number in range(25):
        name = "Đặng قاسم" if number % 2 else "王"
        volunteer = VolunteerFactory(workplace=practice, name=name)
        show_on_board(volunteer, with_photo=number % 3 == 0)
        Volunteer.objects.filter(pk=volunteer.pk).update(board_line="long " * 28)
    people = faces(practice, with_photos=True)
    for count in (0, 1, 2, 5, 9, 12, 25):
        for size in ("a4", "a3"):
            assert poster_pdf(practice, people[:count], size=size).startswith(b"%PDF")


def test_the_board_asks_as_often_with_thirty_as_with_one(
    tom: Volunteer, practice_staff: User, django_assert_max_num_queries: object
) -> None:
    show_on_board(tom)
    client, path = logged_in(practice_staff), reverse("board", args=[tom.workplace_id])
    client.get(path)  # the first look also notes who has shown a second factor
    for _ in range(2):
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            assert client.get(path).status_code == 200
        for _ in range(30):
            show_on_board(VolunteerFactory(workplace=tom.workplace))
