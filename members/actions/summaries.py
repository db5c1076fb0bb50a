"""Telling employers once a month how their membership stands."""

import datetime as dt
from collections import defaultdict

from dateutil.relativedelta import relativedelta
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from linkworkers.outbox.actions import queue_all, settle_all
from linkworkers.outbox.models import Message
from members.emails import summaries as emails
from members.emails.summaries import Summary, employer_summary, summary_key
from members.mail_kinds import frequencies
from members.models import Association, Frequency, Invoice, Membership, Seat, Term
from members.models.membership import MembershipQuerySet
from members.periods import DAY, REMINDED_BEFORE_END

AT_ONCE = 200  # employers looked at together
LOOKS_BACK = 12  # months, for the last summary


def send_employer_summaries() -> int:
    """Writes this month's summaries that are not written yet, to contacts who want them.

    Where nobody came or went, nothing is to be paid and nothing ends soon that is noted, and nothing sent. Returns how
    many were written.
    """
    month, association = timezone.localdate().replace(day=1), Association.get()
    written = after = 0
    while some := list(_employers().filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        written += _tell(some, month, association)
        after = some[-1].pk
    return written


def _tell(memberships: list[Membership], month: dt.date, association: Association) -> int:
    asked_at = timezone.now()
    last = _last_asked(memberships, month)
    wanted = frequencies(emails.KIND, {membership.mailbox.pk for membership in memberships})
    due = [
        membership
        for membership in memberships
        if wanted[membership.mailbox.pk] != Frequency.OFF and summary_key(membership, month) not in last
    ]
    since = {
        membership.pk: max((last[key] for key in _keys(membership, month) if key in last), default=_start_of(month))
        for membership in due
    }
    drafts, settled = [], []
    for membership, summary in _summaries(due, since).items():
        if summary.says_something:
            drafts.append(
                employer_summary(membership, summary, month=month, asked_at=asked_at, association=association)
            )
        else:
            settled.append(summary_key(membership, month))
    settle_all(settled, emails.KIND, due_at=asked_at)
    return queue_all(drafts, batch=AT_ONCE)


def _employers() -> MembershipQuerySet:
    """Employers that belong, with `lent_seats`, `taken` and `offered`."""
    term = Term.objects.filter(membership=OuterRef("pk"), start_date__lte=timezone.localdate()).order_by("-start_date")
    return (
        Membership.objects.in_force()
        .filter(contact__is_active=True)
        .select_related("user", "contact", "plan")
        .annotate(
            lent_seats=Subquery(term.values("seats")[:1]),
            taken=Count("lent", filter=Q(lent__ended_at=None, lent__accepted_at__isnull=False)),
            offered=Count("lent", filter=Q(lent__ended_at=None, lent__accepted_at=None)),
        )
    )


def _keys(membership: Membership, month: dt.date) -> list[str]:
    return [summary_key(membership, month - relativedelta(months=ago)) for ago in range(LOOKS_BACK)]


def _last_asked(memberships: list[Membership], month: dt.date) -> dict[str, dt.datetime]:
    """When each of their summaries of the last months was asked for, this month's with them."""
    keys = [key for membership in memberships for key in _keys(membership, month)]
    return dict(Message.objects.filter(key__in=keys).values_list("key", "due_at"))


def _start_of(month: dt.date) -> dt.datetime:
    """The begin of the month before, since when a first summary tells."""
    return timezone.make_aware(dt.datetime.combine(month - relativedelta(months=1), dt.time.min))


def _summaries(memberships: list[Membership], since: dict[int, dt.datetime]) -> dict[Membership, Summary]:
    if not memberships:
        return {}
    soon = timezone.localdate() + max(REMINDED_BEFORE_END) * DAY
    invoices = defaultdict(list)
    for invoice in Invoice.objects.unpaid().filter(membership__in=memberships).order_by("due_on"):
        invoices[invoice.membership_id].append(invoice)
    found = {
        membership.pk: Summary(
            seats=membership.lent_seats or 0,  # type: ignore[attr-defined]
            taken=membership.taken,  # type: ignore[attr-defined]
            offered=membership.offered,  # type: ignore[attr-defined]
            ends=membership.ends_on if membership.ends_on and membership.ends_on <= soon else None,
            invoices=invoices[membership.pk],
        )
        for membership in memberships
    }
    earliest = min(since.values())
    moved = Seat.objects.filter(Q(accepted_at__gte=earliest) | Q(ended_at__gte=earliest), member__isnull=False)
    for seat in moved.filter(membership__in=memberships).order_by("name", "pk"):
        summary, begins = found[seat.membership_id], since[seat.membership_id]
        came = seat.accepted_at is not None and seat.accepted_at >= begins
        went = seat.ended_at is not None and seat.ended_at >= begins
        if came and not went:
            summary.joined.append(seat.name or seat.email)
        elif went and not came:
            summary.left.append(seat.name or seat.email)
    return {membership: found[membership.pk] for membership in memberships}
