"""The pages of cover and swaps: who sees what, what a link is worth, and how many queries a list takes."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from linkworkers.outbox.models import Message
from members.models import User, Workplace
from tests.cast import make_user
from tests.world import logged_in
from volunteers.actions import cover, swaps
from volunteers.cover_links import answer_path
from volunteers.factories import ClinicFactory, ClinicSessionFactory, ShiftFactory, volunteer_of
from volunteers.factories_cover import CoverAskFactory, CoverRequestFactory, SwapFactory, colleague_at, shift_beside
from volunteers.models import CoverRequest, Shift, Swap, Volunteer
from volunteers.tasks import ask_further_for_cover

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift(practice: Workplace, volunteer: User) -> Shift:
    """The cast's volunteer's, on the one place of a session in three days."""
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=practice, name="Tuesday clinic"))
    helper = volunteer_of(volunteer)
    helper.roles.add(session.clinic.role)
    return ShiftFactory(session=session, volunteer=helper)


@pytest.fixture
def rose(shift: Shift) -> Volunteer:
    return colleague_at(shift.volunteer.workplace, shift.session.clinic.role)


def text(client: Client, name: str, *arguments: object) -> str:
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def do(user: User, name: str, pk: int, what: str) -> str:
    response = logged_in(user).post(reverse(name, args=[pk]), {"do": what}, follow=True)
    return response.content.decode() if response.status_code == HTTPStatus.OK else str(response.status_code)


def test_the_reason_and_who_said_no_are_for_coordinators(
    shift: Shift, rose: Volunteer, coordinator: User, volunteer: User
) -> None:
    request = cover.ask_for_shift(shift, reason="My knee <b>", by=volunteer)
    ann = colleague_at(shift.volunteer.workplace, shift.session.clinic.role, name="Ann Lee")
    CoverAskFactory(request=request, volunteer=ann)
    for_rose = text(logged_in(rose.user), "cover", request.pk)
    assert ("knee" in for_rose, "Ann Lee" in for_rose, "Yes, I can come" in for_rose) == (False, False, True)
    for_tom = text(logged_in(volunteer), "cover", request.pk)
    assert ("My knee &lt;b&gt;" in for_tom, "Ann Lee" in for_tom) == (True, False)
    for_grace = text(logged_in(coordinator), "cover", request.pk)
    assert ("knee" in for_grace, "Ann Lee" in for_grace, "Yes, I can come" in for_grace) == (True, True, False)
    assert "Ann Lee" in text(logged_in(coordinator), "cover_requests")
    assert "Ann Lee" not in text(logged_in(rose.user), "cover_requests")


def test_whoever_was_not_asked_or_is_elsewhere_finds_nothing(
    shift: Shift, rose: Volunteer, other_practice: Workplace, other_network: Workplace
) -> None:
    request = CoverRequestFactory(shift=shift)
    swap = SwapFactory(mine=shift)
    strangers = [
        rose.user,
        make_user("Olive Elsewhere", "volunteer", other_practice),
        make_user("Owen Elsewhere", "coordinator", other_network),
    ]
    pages = [("cover", request.pk), ("swap", swap.pk), ("cover_ask", shift.pk), ("swap_offer", shift.pk)]
    for stranger in strangers:
        client = logged_in(stranger)
        for name, pk in [*pages, ("cover_ask_session", shift.session_id)]:
            for method in (client.get, client.post):
                assert method(reverse(name, args=[pk])).status_code == HTTPStatus.NOT_FOUND, (name, stranger)
        assert "Tuesday clinic" not in text(client, "cover_requests") + text(client, "swaps")


@pytest.mark.parametrize("what", ["accept", "decline"])
def test_nobody_answers_what_another_was_asked(what: str, shift: Shift, rose: Volunteer, coordinator: User) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    swap = swaps.offer(shift, shift_beside(shift, name="Ann Lee"), by=shift.user)
    for user in (shift.user, coordinator):
        assert do(user, "cover", request.pk, what) == "404"
        assert do(user, "swap", swap.pk, what) == "404"
    for pk in (0, 10**18):
        assert do(coordinator, "cover", pk, what) == do(coordinator, "swap", pk, what) == "404"
    assert "Press one of the buttons" in do(shift.user, "cover", request.pk, "<script>")
    assert "Press one of the buttons" in do(shift.user, "swap", swap.pk, "")


def test_the_mail_leads_to_a_page_where_yes_is_a_button_behind_the_log_in(shift: Shift, rose: Volunteer) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    (mail,) = Message.objects.filter(kind="cover-request")
    yes, no = (f"/volunteers/cover/{rest}" for rest in (f"{request.pk}/", "answer/"))
    assert (yes in mail.text, no in mail.text, bool(mail.unsubscribe)) == (True, True, True)
    assert Client().get(yes).url.startswith("/accounts/login/")
    assert Client().post(yes, {"do": "accept"}).url.startswith("/accounts/login/")
    logged_in(rose.user).get(yes)
    assert CoverRequest.objects.live().exists()
    assert "The shift is yours" in do(rose.user, "cover", request.pk, "accept")


def test_the_second_link_says_no_without_logging_in_and_never_by_being_opened(shift: Shift, rose: Volunteer) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    ask = request.asks.get()
    path = answer_path(ask)
    client = Client()
    assert "I cannot come" in client.get(path).content.decode()
    ask.refresh_from_db()
    assert ask.answer == ""
    assert "Thank you for saying so" in client.post(path, follow=True).content.decode()
    ask.refresh_from_db()
    assert ask.answer == "no"
    cover.accept(request, by=rose.user)
    assert "The shift is yours" in client.post(path, follow=True).content.decode()
    shift.session.refresh_from_db()
    assert shift.session.shifts.standing().get().user == rose.user


@pytest.mark.parametrize("change", [lambda path: path[:-2] + "x/", lambda path: path.replace("answer/", "answer/9")])
def test_a_forged_link_leads_nowhere(change, shift: Shift, rose: Volunteer) -> None:
    ask = cover.ask_for_shift(shift, by=shift.user).asks.get()
    path = change(answer_path(ask))
    for method in (Client().get, Client().post):
        assert method(path).status_code == HTTPStatus.NOT_FOUND
    ask.refresh_from_db()
    assert ask.answer == ""


def test_asking_goes_through_the_form(shift: Shift, rose: Volunteer, volunteer: User) -> None:
    client = logged_in(volunteer)
    path = reverse("cover_ask", args=[shift.pk])
    assert "Say whether you stay down" in client.post(path, {"reason": "x"}).content.decode()
    assert "at most 300" in client.post(path, {"until": "keep", "reason": "x" * 301}).content.decode()
    answer = client.post(path, {"until": "keep", "reason": "क" * 300}, follow=True).content.decode()
    assert "The shift stays yours until one of them says yes" in answer
    assert "Colleagues are being asked already" in client.get(path).content.decode()
    assert "being asked already" in client.post(path, {"until": "keep"}).content.decode()
    request = CoverRequest.objects.get()
    assert do(rose.user, "cover", request.pk, "give_up") == "404"
    assert "You are off this shift" in do(volunteer, "cover", request.pk, "give_up")


def test_a_swap_is_chosen_from_what_can_be_swapped(shift: Shift, volunteer: User) -> None:
    client = logged_in(volunteer)
    path = reverse("swap_offer", args=[shift.pk])
    assert "No shift to swap with" in client.get(path).content.decode()
    theirs, stranger = shift_beside(shift), ShiftFactory()
    for wrong in ("", "x", stranger.pk, shift.pk, 10**18):
        assert client.post(path, {"theirs": wrong}).status_code == HTTPStatus.OK
    assert not Swap.objects.exists()
    assert "Rose is asked" in client.post(path, {"theirs": theirs.pk}, follow=True).content.decode()
    assert "on offer already" in client.post(path, {"theirs": theirs.pk}).content.decode()


@pytest.mark.parametrize("name", ["cover_requests", "swaps"])
@pytest.mark.parametrize("chosen", ["open", "over"])
def test_a_list_takes_as_many_queries_with_thirty_rows_as_with_one(
    name: str, chosen: str, shift: Shift, coordinator: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(coordinator)
    path = f"{reverse(name)}?list={chosen}"

    def add(count: int) -> None:
        for _ in range(count):
            session = ClinicSessionFactory(clinic=ClinicFactory(practice=shift.volunteer.workplace, room=None))
            made = ShiftFactory(session=session)
            if name == "swaps":
                SwapFactory(mine=made)
            else:
                CoverAskFactory(request=CoverRequestFactory(shift=made))
            if chosen == "over":
                Shift.objects.filter(pk=made.pk).update(ended_at=made.created_at, end_reason="given_up")

    counts = []
    for count in (1, 29):
        add(count)
        with django_assert_max_num_queries(9) as taken:
            client.get(path)
        counts.append(len(taken))
    assert counts[0] <= counts[1] <= counts[0] + 1  # the second page is counted


@pytest.mark.parametrize("name", ["cover", "swap", "cover_ask", "swap_offer"])
def test_a_page_takes_at_most_nine_queries(
    name: str, shift: Shift, volunteer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        theirs = shift_beside(shift, name=f"Colleague {number}", days=number + 1)
    request = cover.ask_for_shift(shift, by=volunteer)
    swap = swaps.offer(shift, theirs, by=volunteer)
    pk = {"cover": request.pk, "swap": swap.pk}.get(name, shift.pk)
    client = logged_in(volunteer)
    with django_assert_max_num_queries(9):
        assert client.get(reverse(name, args=[pk])).status_code == HTTPStatus.OK


def test_the_task_runs_twice_without_harm(shift: Shift, rose: Volunteer) -> None:
    CoverRequestFactory(shift=shift, next_round_at=shift.created_at)
    assert (ask_further_for_cover(), ask_further_for_cover()) == (1, 0)
