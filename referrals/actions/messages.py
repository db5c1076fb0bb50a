"""Messages back to the practice."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from referrals import permissions
from referrals.actions._common import lock_open_case, write_message
from referrals.models import Episode, MessageBack


@transaction.atomic
def send_message(*, episode: Episode, text: str, by: User, submission_key: uuid.UUID | None = None) -> MessageBack:
    """Tells the practice something that matters, once for each `submission_key`.

    Raises Refused where the person agreed to codes only, and for a key that came with another text before.
    """
    locked = lock_open_case(episode, by)
    key = submission_key or uuid.uuid4()
    sent = MessageBack.objects.filter(submission_key=key).first()
    if sent and (sent.episode_id, sent.text) == (locked.pk, text.strip()):
        return sent
    if sent:
        raise Refused("This message was sent already, as it stood then. Open a new one to write more.")
    if not locked.shares_everything:
        raise Refused("They agreed to share only the codes, so nothing can be written to the practice.")
    message = write_message(
        locked,
        kind=MessageBack.Kind.UPDATE,
        by=by,
        text=text,
        submission_key=key,
    )
    if message is None:
        raise Refused("There is nothing to send.")
    record("message.sent", by=by, subject=message, person_id=locked.person_id)
    return message


@transaction.atomic
def file_message(*, message: MessageBack, by: User) -> MessageBack:
    """The practice says that the letter is in its own record. A second time changes nothing."""
    locked = MessageBack.objects.select_for_update(of=("self",)).select_related("episode").get(pk=message.pk)
    if not permissions.can_file(by, locked):
        raise PermissionDenied
    if locked.filed_at is None:
        locked.filed_at, locked.filed_by = timezone.now(), by
        locked.save(update_fields=["filed_at", "filed_by"])
        record("message.filed", by=by, subject=locked, person_id=locked.episode.person_id)
    return locked
