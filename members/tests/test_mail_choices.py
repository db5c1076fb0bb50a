"""Everybody chooses which mails come, and one click ends them."""

import re

import pytest
from django.core import mail as django_mail
from django.test import Client

from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.delivery import email_of
from linkworkers.outbox.models import Message
from members.actions import mail
from members.actions.letters import write
from members.factories import EmployerFactory, MembershipFactory
from members.mail_kinds import frequency, kinds_for, unsubscribe_path
from members.models import MailChoice, User

pytestmark = pytest.mark.django_db
PAGE = "/members/mail/"


def kinds(user: User) -> set[str]:
    return {kind.key for kind in kinds_for(user)}


def test_each_is_asked_about_what_concerns_them(link_worker, practice_staff, member):
    of_all = {"event-reminder", "event-after"}
    assert kinds(link_worker) == {"morning-digest", *of_all}
    assert kinds(practice_staff) == {"volunteer-impact-practice", *of_all}
    assert kinds(member) >= {"member-letter", "members-digest"}
    assert not kinds(member) & {"morning-digest", "employer-summary"}
    assert kinds(EmployerFactory().contact) == {"employer-summary", *of_all}


def test_a_choice_is_kept_where_it_differs_from_the_usual(client, member):
    client.force_login(member)
    usual = {kind.key: kind.usual.value for kind in kinds_for(member)}
    client.post(PAGE, usual | {"members-digest": "monthly", "morning-digest": "off"})
    assert list(MailChoice.objects.values_list("kind", "frequency")) == [("members-digest", "monthly")]
    event = AuditEvent.objects.get(verb="mail_choice.changed")
    assert event.facts == {"members-digest": ["weekly", "monthly"]}
    client.post(PAGE, usual)
    assert not MailChoice.objects.exists()


def test_a_frequency_that_does_not_exist_is_refused(client, member):
    client.force_login(member)
    answer = client.post(PAGE, {"members-digest": "hourly"})
    assert answer.status_code == 200
    assert "members-digest" in answer.context["form"].errors
    with pytest.raises(ValueError, match="hourly"):
        mail.choose_mails({"members-digest": "hourly"}, by=member)


@pytest.fixture
def one_click(member) -> str:
    """The path in the header of a real mail to the member."""
    write(to=member, by=MembershipFactory().user, text="Hello", send_key="0" * 32)
    email = email_of(Message.objects.get(), django_mail.get_connection())
    assert email.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://testserver(/members/unsubscribe/.+/)>", email.extra_headers["List-Unsubscribe"])
    assert found
    return found[1]


def test_the_header_ends_them_at_once_and_as_often_as_it_is_pressed(member, one_click):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(one_click).status_code == 200
    assert frequency(member, "member-letter") == "at_once"
    for _ in range(2):
        assert stranger.post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert frequency(member, "member-letter") == "off"
    assert AuditEvent.objects.filter(verb="mail_choice.changed").count() == 1
    assert "come again" in stranger.post(one_click, {"again": "yes"}).content.decode()
    assert frequency(member, "member-letter") == "at_once"


def test_it_works_for_somebody_who_is_gone(member, one_click):
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert Client().post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    gone = unsubscribe_path(10**9, "member-letter")
    assert Client().post(gone).status_code == 200
    assert not MailChoice.objects.exists()


@pytest.mark.parametrize("token", ["x", "e30:abc", "%00", "WzEsICJub3RoaW5nIl0:x"])
def test_an_altered_link_changes_nothing_and_says_so(member, one_click, token):
    for path in (f"/members/unsubscribe/{token}/", f"{one_click[:-2]}x/"):
        answer = Client().post(path)
        assert answer.status_code == 404
    assert "We cannot read this link" in answer.content.decode()
    assert not MailChoice.objects.exists()
