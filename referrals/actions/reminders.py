"""What is due by the calendar. Each is safe to run twice, and loses nothing when it was not run for a day."""

import datetime as dt
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from linkworkers.audit.actions import record
from linkworkers.batches import batched
from linkworkers.outbox.actions import settle
from linkworkers.outbox.models import Message
from members.mail_kinds import frequencies
from members.models import Frequency, Post, Role, User
from referrals import emails
from referrals.models import Referral, ReferralDraft
from referrals.models.referral import DRAFT_LIFETIME
from referrals.today import LinkWorkerDay, link_worker_day

DIGEST_FROM = dt.time(7)  # London
BATCH = 200  # people, whose choices are asked in one query


def send_morning_digests() -> int:
    """Queues today's digest for each link worker who has not had it, from 7 o'clock on working days.

    Whoever has nothing to do, or wants no digest, is noted as such and gets no mail. A morning that was missed is made
    up for later in the day; what a missed day would have said is in the next day's. Returns how many were queued.
    """
    now = timezone.localtime()
    if now.weekday() >= 5 or now.time() < DIGEST_FROM:
        return 0
    posts = Post.objects.current().filter(role=Role.LINK_WORKER)
    users = User.objects.filter(pk__in=posts.values("user")).order_by("pk")
    queued = 0
    for some in batched(users.iterator(chunk_size=BATCH), BATCH):
        wanted = frequencies("morning-digest", [user.pk for user in some])
        for user in some:
            queued += _send_morning_digest(user, now.date(), wanted=wanted[user.pk] != Frequency.OFF)
    return queued


@transaction.atomic
def _send_morning_digest(user: User, day: dt.date, *, wanted: bool) -> bool:
    key = f"morning-digest:{user.pk}:{day.isoformat()}"
    if Message.objects.filter(key=key).exists():
        return False
    work = link_worker_day(user) if wanted else None
    if work is None or not _anything_to_say(work):
        settle(key, "morning-digest")
        return False
    emails.morning_digest(user, work, key=key)
    return True


def _anything_to_say(work: LinkWorkerDay) -> bool:
    return bool(work.to_triage or work.due or work.appointments or work.joined)


@transaction.atomic
def flag_unanswered() -> int:
    """Tells each network's managers how many referrals have waited 14 days unanswered; each referral is flagged once
    for each wait. Returns how many were flagged.
    """
    now = timezone.now()
    due = list(
        Referral.objects.unanswered(at=now)
        .filter(flagged_at=None)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("network", "episode")
        .order_by("network", "pk")
    )
    total = 0
    for network, group in groupby(due, key=lambda referral: referral.network):
        flagged = list(group)
        if not emails.unanswered_flag(network, count=len(flagged), on=now.isoformat()):
            continue  # asked again at the next run, until there is somebody to tell
        Referral.objects.filter(pk__in=[referral.pk for referral in flagged]).update(flagged_at=now)
        total += len(flagged)
        for referral in flagged:
            record(
                "referral.flagged_unanswered",
                by=None,
                subject=referral,
                person_id=referral.episode.person_id,
            )
    return total


def delete_expired_drafts() -> int:
    """Forgets drafts that nobody touched for 30 days: what was never sent has no reason to be kept."""
    deleted, _ = ReferralDraft.objects.filter(updated_at__lt=timezone.now() - DRAFT_LIFETIME).delete()
    return deleted
