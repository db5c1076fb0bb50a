"""“I want to do this too”: people are introduced when the writer of a story says yes, and not before."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from events import permissions
from events.emails import after as emails
from events.models import Introduction, Reflection
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

MOST_A_DAY = 5
State = Introduction.State


@transaction.atomic
def ask(story: Reflection, *, text: str, by: User) -> Introduction:
    """Asks the writer of a story, who gets a mail with the words and a link. Raises Refused for whoever has asked
    already, asks too many on one day, or cannot be introduced.
    """
    readable = permissions.stories_for(by).select_related("ticket", "user", "event")
    found = readable.select_for_update(of=("self",)).filter(pk=story.pk).first()
    if found is None:
        raise Refused("This story is not here any more.")
    if why := permissions.why_not_introduced(by, found):
        raise Refused(why)
    since = timezone.now() - dt.timedelta(days=1)
    if Introduction.objects.filter(by=by, asked_at__gt=since).count() >= MOST_A_DAY:
        raise Refused(f"You have asked {MOST_A_DAY} people since yesterday. Wait for their answers first.")
    try:
        with transaction.atomic():
            asked = Introduction.objects.create(story=found, by=by, text=text)
    except IntegrityError as error:
        raise Refused("You have asked already. The writer has your words.") from error
    record("introduction.asked", by=by, subject=asked, facts={"story": found.pk})
    emails.asked(asked)
    return asked


@transaction.atomic
def answer(introduction: Introduction, *, says_yes: bool, by: User | None) -> Introduction:
    """The writer's answer. A yes mails each the other's name and address; a no is told nobody. It is given once.

    Whoever calls has its link. Raises Refused when whoever asked has left.
    """
    rows = Introduction.objects.select_related("story__ticket", "story__event", "by")
    locked = rows.select_for_update(of=("self",)).get(pk=introduction.pk)
    if locked.state != State.ASKED:
        return locked
    if says_yes and not locked.by.is_active:
        raise Refused("Whoever asked has left since.")
    locked.state = State.INTRODUCED if says_yes else State.DECLINED
    locked.answered_at = timezone.now()
    locked.save(update_fields=["state", "answered_at"])
    record(f"introduction.{locked.state}", by=by, subject=locked, facts={"story": locked.story_id})
    if says_yes:
        emails.introduced(locked)
    return locked
