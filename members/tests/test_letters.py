"""Letters between members: they arrive once, show no address, and nobody gets one they do not want."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members import reporting
from members.actions import letters
from members.actions.mail import choose_mails
from members.factories import MembershipFactory, UserFactory
from members.factories_people import ProfileFactory, make_letter
from members.models import (
    Block,
    Correspondence,
    MemberLetter,
    Membership,
    Profile,
    User,
    blocked_pairs,
)
from referrals.tests.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db) -> User:
    return ProfileFactory(user=MembershipFactory(user__name="Ada Lord", user__email="ada@example.test").user).user


@pytest.fixture
def ben(db) -> User:
    return ProfileFactory(user=MembershipFactory(user__name="Ben Moss", user__email="ben@example.test").user).user


def write(by: User, to: User, text: str = "Hello", **facts) -> MemberLetter:
    return letters.write(to=to, by=User.objects.get(pk=by.pk), text=text, **({"send_key": uuid.uuid4()} | facts))


def refusal(by: User, to: User) -> str:
    with pytest.raises(Refused) as refused:
        write(by, to)
    return str(refused.value)


def test_a_letter_is_mailed_without_its_text_or_an_address(ada, ben):
    letter = write(ada, ben, "The secret of the walking group")
    mail = Message.objects.get(kind="member-letter")
    assert mail.to == "ben@example.test"
    for body in (mail.subject, mail.text, mail.html):
        assert "ada@example.test" not in body
        assert "secret" not in body
    assert mail.subject == "Ada Lord has written to you"
    assert f"/members/letters/{letter.correspondence.key}/" in mail.text
    assert mail.unsubscribe in mail.text


def test_whoever_wants_no_mail_gets_the_letter_alone(ada, ben):
    choose_mails({"member-letter": "off"}, by=ben)
    write(ada, ben)
    assert MemberLetter.objects.unread_by(ben).count() == 1
    assert not Message.objects.exists()


def test_a_button_pressed_twice_sends_one_letter(ada, ben):
    key = uuid.uuid4()
    assert write(ada, ben, send_key=key) == write(ada, ben, send_key=key)
    assert write(ben, ada, send_key=key).text == "Hello"  # somebody else's key is not theirs
    assert MemberLetter.objects.count() == 2


def test_an_answer_reads_what_it_answers(ada, ben):
    write(ada, ben)
    write(ben, ada)
    assert (MemberLetter.objects.unread_by(ada).count(), MemberLetter.objects.unread_by(ben).count()) == (1, 0)
    assert Correspondence.objects.get().begun_by == ada


def test_a_block_ends_letters_and_is_not_told(ada, ben):
    write(ada, ben)
    made = letters.block(ada, by=ben)
    letters.block(ada, by=ben)
    assert refusal(ada, ben) == "Ben Moss cannot take letters just now."
    assert "You have blocked Ada Lord" in refusal(ben, ada)
    assert blocked_pairs([ada.pk, ben.pk]) == {(ben.pk, ada.pk)}
    with pytest.raises(PermissionDenied):
        letters.unblock(made, by=ada)
    letters.unblock(made, by=ben)
    letters.unblock(made, by=ben)
    assert write(ada, ben)


def test_who_wants_no_letters_hears_only_from_those_they_wrote_to(ada, ben):
    Profile.objects.filter(user=ben).update(takes_letters=False)
    assert refusal(ada, ben) == "Ben Moss cannot take letters just now."
    write(ben, ada)
    assert write(ada, ben)


def test_somebody_who_is_gone_is_not_written_to(ada, ben):
    Membership.objects.filter(user=ben).update(ends_on="2020-01-01")
    assert "not a member any more" in refusal(ada, ben)
    with pytest.raises(PermissionDenied):
        write(ben, ada)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert "no letter can reach them" in refusal(ada, ben)


def test_a_new_member_begins_five_a_day_and_goes_on_with_those(ada):
    others = [MembershipFactory().user for _ in range(6)]
    for other in others[:5]:
        write(ada, other)
    assert "5 correspondences a day" in refusal(ada, others[5])
    write(ada, others[0])
    Membership.objects.filter(user=ada).update(created_at=timezone.now() - dt.timedelta(days=8))
    write(ada, others[5])


def test_the_database_keeps_a_letter_as_it_was_sent(ada, ben):
    letter = make_letter(ada, ben)
    for wrong in ({"text": ""}, {"to": ada}, {"taken_back_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MemberLetter.objects.filter(pk=letter.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_who_write_to_each_other_at_once_open_one_correspondence(ada, ben):
    results = race(User.objects.all(), lambda: write(ada, ben), lambda: write(ben, ada))
    assert all(isinstance(result, MemberLetter) for result in results), results
    assert Correspondence.objects.count() == 1
    assert MemberLetter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_letter_pressed_twice_at_once_is_one(ada, ben):
    key = uuid.uuid4()
    one, two = race(User.objects.all(), *[lambda: write(ada, ben, send_key=key)] * 2)
    assert one == two


# The pages


def page_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_inbox_shows_what_is_unread_first_and_costs_the_same(ada, ben):
    client = page_of(ada)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/members/letters/").status_code == 200
        return len(queries)

    make_letter(ben, ada)
    one = cost()
    for number in range(30):
        make_letter(ada, MembershipFactory(user__name=f"Zed {number}").user)
    assert cost() == one <= 9
    rows = client.get("/members/letters/").context["rows"]
    assert rows[0][1] == ben
    newer = MembershipFactory().user
    for _ in range(3):
        Correspondence.objects.filter(pk=make_letter(newer, ada).correspondence_id).update(last_at=timezone.now())
    assert [other for _, other in client.get("/members/letters/").context["rows"]][:2] == [newer, ben]
    assert len(rows) == 20


def test_a_correspondence_costs_the_same_however_long(ada, ben):
    client = page_of(ada)
    url = f"/members/letters/{make_letter(ben, ada).correspondence.key}/"

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    one = cost()
    for _ in range(30):
        make_letter(ben, ada)
    assert cost() == one <= 9


def test_reading_is_noted_by_a_post_and_up_to_what_was_shown(ada, ben):
    first, second = make_letter(ben, ada), make_letter(ben, ada)
    url = f"/members/letters/{first.correspondence.key}/"
    client = page_of(ada)
    assert client.get(url).context["unread_until"] == second.pk
    assert MemberLetter.objects.unread_by(ada).count() == 2
    for hostile in ("", "-1", "9" * 40, "٣", "x"):
        client.post(f"{url}read/", {"until": hostile})
    assert MemberLetter.objects.unread_by(ada).count() == 2
    client.post(f"{url}read/", {"until": first.pk})
    assert MemberLetter.objects.unread_by(ada).count() == 1


def test_somebody_elses_letters_do_not_exist(ada, ben, member, admin):
    url = f"/members/letters/{make_letter(ada, ben).correspondence.key}/"
    for other in (member, admin):
        client = page_of(other)
        assert client.get(url).status_code == 404
        for verb in ("", "read/", "block/"):
            assert client.post(f"{url}{verb}", {"text": "Hi", "send_key": uuid.uuid4()}).status_code == 404
    block = Block.objects.create(by=ada, whom=ben)
    assert page_of(member).post(f"/members/letters/blocked/{block.pk}/end/").status_code == 404
    assert MemberLetter.objects.count() == 1


def test_a_first_letter_is_written_from_a_profile(ada, ben):
    client = page_of(ada)
    url = f"/members/letters/to/{ben.profile.key}/"
    form = client.get(f"{url}?about=Your+walking+group").context["form"]
    assert form["about"].value() == "Your walking group"
    typed = {"about": "Walks", "text": "Hi", "send_key": form["send_key"].value()}
    for _ in range(2):
        answer = client.post(url, typed)
        assert answer.url == f"/members/letters/{Correspondence.objects.get().key}/"
    assert MemberLetter.objects.get().about == "Walks"
    assert client.get(f"/members/letters/to/{ada.profile.key}/").status_code == 404


@pytest.mark.parametrize(
    "typed", [{}, {"text": " "}, {"text": "x" * 5001}, {"text": "a\x00b"}, {"text": "Hi", "send_key": "nonsense"}]
)
def test_what_cannot_be_sent_is_kept(ada, ben, typed):
    url = f"/members/letters/{make_letter(ben, ada).correspondence.key}/"
    answer = page_of(ada).post(url, {"send_key": uuid.uuid4()} | typed)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert answer.context["form"]["text"].value() == typed.get("text")
    assert MemberLetter.objects.count() == 1


def test_more_than_twenty_in_an_hour_wait_and_are_kept(ada, ben):
    client, url = page_of(ada), f"/members/letters/{make_letter(ben, ada).correspondence.key}/"
    codes = [client.post(url, {"text": f"No. {n}", "send_key": uuid.uuid4()}).status_code for n in range(21)]
    assert codes == [302] * 20 + [429]
    assert MemberLetter.objects.filter(by=ada).count() == 20


def test_a_stranger_cannot_block(client):
    client.force_login(UserFactory())
    assert client.post("/members/people/nobody/block/").status_code == 302
    assert not Block.objects.exists()


def test_a_letter_and_a_profile_are_reported_by_whoever_sees_them(ada, ben, member):
    letter = make_letter(ada, ben, "Rude " * 200)
    found = reporting.find("letter", str(letter.pk), ben)
    assert (found.author, found.community) == (ada, None)
    assert found.excerpt.startswith("Rude Rude")
    assert reporting.find("letter", str(letter.pk), member) is None
    assert reporting.find("profile", ada.profile.key, ben).author == ada
    for kind, key in [("letter", "x"), ("letter", "9" * 40), ("letter", "²"), ("profile", "x"), ("user", "1")]:
        assert reporting.find(kind, key, ben) is None
