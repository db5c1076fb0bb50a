"""The postman: hands one due message to the mail server."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from linkworkers.outbox.models import Message

logger = logging.getLogger(__name__)


def email_of(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The mail as it leaves. Its Message-ID is the row's, so that a repeat can be recognised as one.

    What somebody may be without says how to end it, for the button of their mail program (RFC 2369, RFC 8058).
    """
    headers = {
        "Message-ID": f"<{message.pk}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if message.unsubscribe:
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{message.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.to],
        connection=connection,
        headers=headers,
    )
    email.attach_alternative(message.html, "text/html")
    if message.calendar:
        email.attach("calendar.ics", message.calendar, "text/calendar")
    return email


def deliver_next(connection: BaseEmailBackend) -> bool:
    """Send the message that has been due the longest and is in no other worker's hands; False when there is none.

    A transaction of its own: the row stays locked until what became of it is saved, so no other worker can send
    it too. A worker killed between sending and saving sends it again, with the same Message-ID. What is wrong
    with one message is noted on it and never raised, so it cannot hold up the rest. Raises OSError when the mail
    server cannot be reached at all, which is no message's fault: nothing is counted, all wait.
    """
    with transaction.atomic():
        message = Message.objects.due().select_for_update(skip_locked=True).first()
        if message is None:
            return False
        connection.open()
        try:
            email_of(message, connection).send()
        except Exception as error:
            # Any kind: a refused address, a dropped connection, an address no header can hold.
            logger.warning("Message %s was not sent: %s", message.pk, type(error).__name__)
            message.note_failure(f"{type(error).__name__}: {error}")
        else:
            message.note_sent()
        message.save()
    if message.state != Message.State.SENT:
        connection.close()  # it may be half way through a conversation; the next message opens it afresh
    return True
