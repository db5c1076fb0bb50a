"""Once a month, a word to volunteers who were there and asked for nothing back."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from linkworkers.batches import batched
from linkworkers.outbox.actions import Draft, queue_all
from linkworkers.outbox.models import Message
from members.mail_kinds import frequencies
from members.models import Frequency, User
from volunteers.emails import expenses as emails
from volunteers.models import ExpenseClaim, ExpenseLine, Shift, Stage

BATCH = 500


def nudge() -> int:
    """Writes to active volunteers who were on shifts in the last whole month and claimed nothing for a day of it,
    unless they chose not to be asked. Once a month each, whenever it runs. Returns how many mails were written.
    """
    until = timezone.localdate().replace(day=1)
    month = (until - dt.timedelta(days=1)).replace(day=1)
    zone = timezone.get_default_timezone()
    starts, ends = (dt.datetime.combine(day, dt.time(), tzinfo=zone) for day in (month, until))
    worked = Shift.objects.worked().filter(starts_at__gte=starts, starts_at__lt=ends, volunteer__stage=Stage.ACTIVE)
    claimed = ExpenseLine.objects.filter(claim__claimant=OuterRef("pk"), on__gte=month, on__lt=until)
    people = (
        User.objects.filter(~Exists(claimed.exclude(claim__state=ExpenseClaim.State.DECLINED)), is_active=True)
        .annotate(worked=Count("shifts", filter=Q(shifts__in=worked)))
        .filter(worked__gt=0)
        .order_by("pk")
    )

    def drafts() -> Iterator[Draft]:
        for some in batched(people.iterator(chunk_size=BATCH), BATCH):
            keys = {emails.nudge_key(person.pk, month): person for person in some}
            written = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
            wanted = frequencies(emails.NUDGE, [person.pk for person in some])
            for key, person in keys.items():
                if key not in written and wanted[person.pk] != Frequency.OFF:
                    yield emails.nudge(person, month=month, shifts=person.worked)

    return queue_all(drafts())
