"""What practices have filed and what they are writing, and the mails that have gone out lately."""

import datetime as dt
from random import Random

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from linkworkers.demo.records import Records
from linkworkers.outbox.models import Message
from referrals import emails
from referrals.models import InformationRequest, MessageBack, Referral, ReferralDraft
from referrals.models.referral import State

UNFILED_AT_THE_MALTINGS = 7
RECENT = dt.timedelta(days=5)


def file_letters(records: Records, world: World, clock: Clock, rng: Random) -> None:
    """Practices file letters within days; at the receptionist's own surgery the newest ones wait for her."""
    letters = sorted(records.of(MessageBack), key=lambda letter: letter.created_at, reverse=True)
    maltings = world.workplaces["maltings"]
    waiting = [letter for letter in letters if letter.practice == maltings][:UNFILED_AT_THE_MALTINGS]
    for letter in letters:
        filed_at = clock.after(letter.created_at, 1, 6)
        if filed_at and letter not in waiting:
            letter.filed_at, letter.filed_by = filed_at, rng.choice(world.staff[letter.practice.pk])
            records.note("message.filed", filed_at, letter.filed_by, letter, letter.episode.person)


def write_drafts(world: World, clock: Clock) -> None:
    """Two referrals that the receptionist has begun."""
    owner = world.people["practice"]
    drafts = [
        (
            clock.ago(1, 16, 40),
            {
                "given_name": ["Gwendoline"],
                "family_name": ["Tuckett"],
                "phone": ["01632 960990"],
                "contact_ways": ["phone"],
                "reasons": ["loneliness", "practical"],
                "why_now": ["Rang three times this week about her prescription. I think that she"],
            },
        ),
        (
            clock.ago(4, 9, 10),
            {"referrer_name": ["Dr P. Shah"], "given_name": ["Marlon"], "family_name": ["Edwards"]},
        ),
    ]
    for at, answers in drafts:
        draft = ReferralDraft.objects.create(owner=owner, answers=answers, created_at=at)
        ReferralDraft.objects.filter(pk=draft.pk).update(updated_at=at)  # saving it says now


def send_recent_mails(records: Records, clock: Clock) -> None:
    """The mails of the last days, as sent then. Older ones are not told, and none is left to send."""
    since = clock.now - RECENT
    for referral in records.of(Referral):
        if referral.submitted_at >= since:
            emails.referral_received(referral)
            mark_as_sent(referral.submitted_at)
        if referral.accepted_at and referral.accepted_at >= since:
            emails.referral_accepted(referral)
            mark_as_sent(referral.accepted_at)
        if referral.state == State.DECLINED and referral.declined_at and referral.declined_at >= since:
            emails.referral_declined(referral)
            mark_as_sent(referral.declined_at)
    for request in records.of(InformationRequest):
        if request.asked_at >= since:
            emails.more_asked(request)
            mark_as_sent(request.asked_at)
        if request.answered_at and request.answered_at >= since:
            emails.question_answered(request)
            mark_as_sent(request.answered_at)
    for letter in records.of(MessageBack):
        if letter.created_at >= since:
            emails.message_back_ready(letter)
            mark_as_sent(letter.created_at)


def mark_as_sent(at: dt.datetime) -> None:
    """Marks what has just been queued as sent at a time gone by."""
    Message.objects.filter(state=Message.State.WAITING).update(
        state=Message.State.SENT, created_at=at, due_at=at, next_attempt_at=at, sent_at=at + dt.timedelta(seconds=4)
    )
