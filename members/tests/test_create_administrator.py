import pytest
from django.core.management import CommandError, call_command

from linkworkers.outbox.models import Message
from members.factories import PASSWORD
from members.models import Role, User, Workplace

pytestmark = pytest.mark.django_db


def test_the_first_administrator_gets_a_link_that_opens_the_office(client, capsys):
    call_command("create_administrator", "Kit@Example.test", "Kit Marlow")
    link = capsys.readouterr().out.split()[-1]
    assert link in Message.objects.get(to="kit@example.test").text
    client.post(link.removeprefix("http://testserver"), {"name": "Kit Marlow", "password": PASSWORD})
    post = User.objects.get().posts.get()
    assert (post.role, post.workplace.kind) == (Role.ADMINISTRATOR, Workplace.Kind.ASSOCIATION)


def test_the_second_one_joins_the_same_office(association):
    call_command("create_administrator", "kit@example.test", "Kit Marlow", verbosity=0)
    assert Workplace.objects.get() == association


@pytest.mark.parametrize(
    ("email", "name", "said"), [("kit", "Kit", "valid email"), ("kit@example.test", "", "cannot be blank")]
)
def test_what_cannot_be_is_refused_and_nothing_is_left_behind(email, name, said):
    with pytest.raises(CommandError, match=said):
        call_command("create_administrator", email, name)
    assert not Workplace.objects.exists()


def test_twice_is_refused(association):
    call_command("create_administrator", "kit@example.test", "Kit Marlow")
    with pytest.raises(CommandError, match="invited to this post already"):
        call_command("create_administrator", "kit@example.test", "Kit Marlow")
