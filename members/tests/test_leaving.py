"""Whoever leaves is forgotten, but for what has to be kept."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.factories import CollectionFactory
from directory.models import Collection
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.actions import queue
from linkworkers.outbox.models import Message
from members import actions
from members.actions.leaving import leave
from members.actions.mail import choose_mails
from members.factories import PASSWORD, EmployerFactory, MembershipFactory, PlanFactory, PostFactory, UserFactory
from members.factories_communities import FlagFactory, ReplyFactory, TopicFactory
from members.factories_people import ProfileFactory, make_letter
from members.models import (
    Invitation,
    MemberLetter,
    Membership,
    Post,
    Role,
    Seat,
    Status,
    TopicWish,
    User,
)
from referrals.tests.race import race
from tests.world import logged_in

pytestmark = pytest.mark.django_db
TOKEN = "zqxtoken"
NO_POSTS_TYPED = {"posts-TOTAL_FORMS": 0, "posts-INITIAL_FORMS": 0}


@pytest.fixture
def leaver(employer) -> User:
    """A member with something of everything, all of it holding TOKEN."""
    user = UserFactory(name=f"Ada {TOKEN}", email=f"{TOKEN}@example.test")
    membership = MembershipFactory(user=user, answer=TOKEN, billing_address=TOKEN, purchase_order=TOKEN)
    PostFactory(user=user, workplace=employer, role=Role.MEMBER)
    ProfileFactory(user=user, headline=TOKEN, about=TOKEN)
    make_letter(user, MembershipFactory().user, TOKEN)
    TopicWish.objects.create(topic=TopicFactory(wish_count=1), user=user, note=TOKEN)
    choose_mails({"member-letter": "off"}, by=user)
    Seat.objects.create(
        membership=EmployerFactory(),
        email=user.email,
        name=user.name,
        member=membership,
        token_hash="x",
        expires_at=timezone.now(),
        accepted_at=timezone.now(),
    )
    Invitation.objects.create(
        email=user.email,
        name=user.name,
        workplace=employer,
        role=Role.MANAGER,
        token_hash="y",
        expires_at=timezone.now(),
    )
    return user


def columns_with(token: str) -> set[str]:
    """Every column of the tables of members and of log-in in which the token stands, whatever its type."""
    tables = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("members_", "account_", "mfa_", "django_session"))
    ]
    assert len(tables) > 20
    found = set()
    with connection.cursor() as cursor:
        for table in tables:
            for column in connection.introspection.get_table_description(cursor, table):
                cursor.execute(
                    f'SELECT 1 FROM "{table}" WHERE "{column.name}"::text ILIKE %s LIMIT 1',
                    [f"%{token}%"],
                )
                if cursor.fetchone():
                    found.add(f"{table}.{column.name}")
    return found


def test_their_texts_stay_or_go_as_they_wish(leaver):
    topic = TopicFactory(author=leaver, title=TOKEN, text=TOKEN)
    reply = ReplyFactory(topic=topic, author=leaver, text=TOKEN)
    FlagFactory(by=leaver, text=TOKEN)
    other = MembershipFactory().user
    theirs = ReplyFactory(topic=topic, author=other, text="Somebody else's")
    leave(leaver, take_texts=True, by=leaver)
    assert columns_with(TOKEN) == set()
    reply.refresh_from_db()
    assert reply.is_taken_back
    theirs.refresh_from_db()
    assert theirs.text == "Somebody else's"


def test_texts_stay_under_no_name_unless_they_are_taken(leaver):
    topic = TopicFactory(author=leaver, text="How we found a minibus")
    leave(leaver, take_texts=False, by=leaver)
    topic.refresh_from_db()
    assert (topic.text, topic.author.name_among_members) == ("How we found a minibus", "A former member")


def test_nothing_of_them_is_found_in_any_table(leaver):
    client = Client()
    client.force_login(leaver)
    queue(key="card:1", kind="card", to=leaver.email, template="account", context={"subject": TOKEN, "body": TOKEN})
    before = columns_with(TOKEN)
    assert before >= {"members_user.name", "account_emailaddress.email", "members_memberletter.text"}
    leave(leaver, take_texts=False, by=leaver)
    assert columns_with(TOKEN) == set()
    assert not Session.objects.exists()
    assert not client.login(email=leaver.email, password=PASSWORD)
    assert [message.kind for message in Message.objects.filter(to=leaver.email)] == ["account-left"]
    left = User.objects.get(pk=leaver.pk)
    assert (left.name, left.email, left.has_usable_password()) == (
        "A former member",
        f"{left.pk}@left.invalid",
        False,
    )


def test_membership_seats_and_posts_are_over(leaver):
    leave(leaver, take_texts=False, by=leaver)
    membership = Membership.objects.select_related("plan", "sponsor__plan").get(user=leaver)
    assert membership.status_today == Status.CANCELLED
    assert not Seat.objects.taken().exists()
    assert Post.objects.get(user=leaver).end_date == timezone.localdate()
    assert not Invitation.objects.unanswered().exists()
    assert MemberLetter.objects.get().text == ""


def test_a_paid_membership_is_noted_as_cancelled(db):
    paid = MembershipFactory(plan=PlanFactory(price=20))
    ends_on = paid.ends_on
    leave(paid.user, take_texts=False, by=paid.user)
    paid.refresh_from_db()
    assert (paid.cancelled_on, paid.ends_on) == (timezone.localdate(), ends_on)


def test_a_name_stays_on_records_and_nowhere_else(leaver, network):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    PostFactory(user=leaver, workplace=network, role=Role.LINK_WORKER, start_date=yesterday, end_date=yesterday)
    left = leave(leaver, take_texts=False, by=leaver)
    assert left.name == f"Ada {TOKEN}"
    assert left.name_among_members == "A former member"
    assert columns_with(TOKEN) == {"members_user.name", "members_seat.name", "members_invitation.name"}


def test_favourites_go_and_what_a_workplace_shares_stays(leaver, employer):
    CollectionFactory(owner=leaver)
    shared = CollectionFactory(owner=leaver, workplace=employer)
    leave(leaver, take_texts=False, by=leaver)
    assert Collection.objects.get() == shared


def refusal(user: User) -> str:
    with pytest.raises(Refused) as refused:
        leave(user, take_texts=True, by=user)
    assert User.objects.get(pk=user.pk).is_active
    return str(refused.value)


@pytest.mark.parametrize("somebody", ["link_worker", "practice_staff", "volunteer", "manager"])
def test_a_post_that_opens_records_comes_to_its_end_first(request, somebody):
    assert "opens people’s records" in refusal(request.getfixturevalue(somebody))


def test_the_contact_of_an_employer_is_replaced_first(db):
    employer = EmployerFactory(organization_name="Chiltern Links")
    assert "membership of Chiltern Links" in refusal(employer.contact)
    Membership.objects.filter(pk=employer.pk).update(ends_on="2020-01-01")
    assert leave(employer.contact, take_texts=True, by=employer.contact).left_at


def test_the_last_administrator_stays(admin, association):
    assert "Invite another one first" in refusal(admin)
    PostFactory(workplace=association, role=Role.ADMINISTRATOR)
    assert leave(User.objects.get(pk=admin.pk), take_texts=True, by=admin).left_at


def test_nobody_makes_somebody_else_leave_but_the_office(leaver, member, admin):
    with pytest.raises(PermissionDenied):
        leave(leaver, take_texts=True, by=member)
    leave(leaver, take_texts=True, by=admin, reason="By letter")
    assert AuditEvent.objects.get(verb="account.left").summary == "By letter"
    assert "asked" in Message.objects.get(kind="account-left").text
    with pytest.raises(Refused, match="has left"):
        actions.open_account(leaver, by=admin)


def test_no_mail_goes_to_whoever_left(leaver):
    left = leave(leaver, take_texts=True, by=leaver)
    message = queue(key="x:1", kind="x", to=left.email, template="account", context={"subject": "S", "body": "B"})
    assert message is not None
    assert (message.state, message.to) == (Message.State.NOTHING, "")


@pytest.mark.django_db(transaction=True)
def test_leaving_twice_at_once_is_leaving_once(leaver):
    results = race(User.objects.filter(pk=leaver.pk), *[lambda: leave(leaver, take_texts=True, by=leaver)] * 2)
    assert all(isinstance(result, User) for result in results), results
    assert AuditEvent.objects.filter(verb="account.left").count() == 1
    assert Message.objects.filter(kind="account-left").count() == 1


# The pages


def test_the_page_asks_for_a_tick_and_for_the_password(leaver):
    client = Client()
    client.force_login(leaver)
    assert "What is erased" in client.get("/members/leave/").content.decode()
    asked = client.post("/members/leave/", {"sure": "on"})
    assert asked.url.startswith("/accounts/")
    assert User.objects.get(pk=leaver.pk).is_active
    typed = {"password": PASSWORD}
    left = client.post(reverse("account_reauthenticate") + "?next=/members/leave/", typed | {"next": "/members/leave/"})
    assert left.url == "/"
    assert User.objects.get(pk=leaver.pk).left_at
    assert "Thank you for what you did here" in client.get("/").content.decode()


def test_without_the_tick_nothing_happens(leaver):
    answer = logged_in(leaver).post("/members/leave/", {"take_texts": "on"})
    assert "Nothing has happened yet" in str(answer.context["form"].errors)
    assert User.objects.get(pk=leaver.pk).is_active


def test_who_cannot_leave_yet_is_told_and_gets_no_button(link_worker):
    client = logged_in(link_worker)
    html = client.get("/members/leave/").content.decode()
    assert "Mid Herts Primary Care Network" in html
    assert "Leave, and erase" not in html
    assert "opens people" in client.post("/members/leave/", {"sure": "on"}).content.decode()


def test_the_office_erases_somebody_with_a_reason(leaver, admin):
    client = logged_in(admin)
    page = reverse("admin:members_user_change", args=[leaver.pk])
    refused = client.post(page, NO_POSTS_TYPED | {"name": leaver.name, "erase": "on"})
    assert "Write how and when they asked." in refused.content.decode()
    asked = {"name": leaver.name, "erase": "on", "take_texts": "on", "reason": "By letter of 3 March"}
    client.post(page, NO_POSTS_TYPED | asked)
    assert User.objects.get(pk=leaver.pk).left_at
    assert client.post(page, NO_POSTS_TYPED | {"name": "Back again"}).status_code == 403


def test_the_office_is_told_why_somebody_cannot_be_erased_yet(link_worker, admin):
    client = logged_in(admin)
    page = reverse("admin:members_user_change", args=[link_worker.pk])
    answer = client.post(page, NO_POSTS_TYPED | {"name": "x", "erase": "on", "reason": "By letter"}, follow=True)
    assert "opens people" in answer.content.decode()
    assert User.objects.get(pk=link_worker.pk).name == "Amara Okafor"


def test_every_model_that_points_at_a_person_was_thought_of(leaver):
    """A foreign key that a deleted person would take along is erased by hand, for the row of the person stays."""
    cascades = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_app_config("members").get_models()
        for field in model._meta.get_fields()
        if getattr(field, "many_to_one", False) or getattr(field, "one_to_one", False)
        if field.related_model is User and field.concrete and field.remote_field.on_delete.__name__ == "CASCADE"
    }
    assert cascades == {
        "members.profile.user",
        "members.mailchoice.user",
        "members.block.by",
        "members.block.whom",
        "members.following.user",
        "members.topicwish.user",
        "members.learningentry.user",
        "members.supervision.user",
        "members.courseprogress.user",
        "members.coursecertificate.user",
    }
    leave(leaver, take_texts=True, by=leaver)
    for path in cascades:
        label, _, field = path.rpartition(".")
        assert not apps.get_model(label).objects.filter(**{field: leaver}).exists()
