import re

import pytest
from django.urls import reverse

from linkworkers.outbox.models import Message
from members import actions
from members.factories import PASSWORD
from members.models import Role


def test_an_invitation_reads_well_and_carries_the_link_in_both_its_forms(manager, network):
    sent = actions.invite(
        email="nia@example.test", name="Nia <O’Hara>", workplace=network, role=Role.LINK_WORKER, by=manager
    )
    mail = Message.objects.get()
    assert mail.text.startswith("Hello Nia <O’Hara>,\n\nHelen Whitmore invites you to join Mid Herts")
    assert "Nia &lt;O’Hara&gt;" in mail.html
    assert f'href="http://testserver{sent.path}"' in mail.html


@pytest.mark.parametrize("part", ["text", "html"])
def test_a_password_mail_is_ours_from_head_to_foot(client, link_worker, part):
    client.post(reverse("account_reset_password"), {"email": link_worker.email})
    mail = Message.objects.get()
    assert mail.subject == "Set a new password"
    assert re.search(r"http://testserver/accounts/password/reset/key/\S+", getattr(mail, part))
    assert "Hello from" not in getattr(mail, part)
    assert "Thank you for using" not in getattr(mail, part)


def test_a_change_nobody_asked_for_is_noticed(client, link_worker):
    client.force_login(link_worker)
    new = {"oldpassword": PASSWORD, "password1": "four other herons fly", "password2": "four other herons fly"}
    client.post(reverse("account_change_password"), new)
    mail = Message.objects.get()
    assert (mail.to, mail.kind) == (link_worker.email, "password-changed")
    assert "Your password has been changed." in mail.text
    assert "from the address 127.0.0.1" in mail.text
