"""What the outbox does not keep for ever."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils import timezone

from linkworkers.outbox.models import Message

KEEP_TEXTS, KEEP_ROWS = dt.timedelta(days=183), dt.timedelta(days=3 * 365)
FORGOTTEN_AT_ONCE = 5_000


def forget_old() -> int:
    """Blanks what mails said half a year after they were sent, and deletes rows after three years; returns how many.

    Key and address of a mail stay until then, so that what was said once is not said again: no occasion is asked about
    for so long. A batch is a transaction of its own, so a run that was ended goes on where it was.
    """
    now = timezone.now()
    read = ~Q(text="", html="", calendar="") & Q(state=Message.State.SENT, sent_at__lt=now - KEEP_TEXTS)
    texts = Message.objects.filter(read)
    forgotten = _in_batches(texts, lambda some: some.update(text="", html="", calendar=""))
    over = Message.objects.filter(created_at__lt=now - KEEP_ROWS).exclude(state=Message.State.WAITING)
    return forgotten + _in_batches(over, lambda some: some.delete()[0])


def _in_batches(rows: QuerySet[Message], act: Callable[[QuerySet[Message]], int]) -> int:
    done = 0
    while some := list(rows.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        done += act(Message.objects.filter(pk__in=some))
    return done
