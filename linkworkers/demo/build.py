"""Builds the demo."""

import datetime as dt
from random import Random

from django.conf import settings
from django.db import transaction

from directory.models import Organization
from linkworkers.demo import DOMAIN, correspondence, scenes
from linkworkers.demo.clock import Clock
from linkworkers.demo.directory import around, listings
from linkworkers.demo.events import after, contributions
from linkworkers.demo.events import core as events_core
from linkworkers.demo.members import articles, communities, learning, memberships, owing, people, vacancies
from linkworkers.demo.narrator import Narrator
from linkworkers.demo.places import is_demo, settle
from linkworkers.demo.plan import tell_the_year
from linkworkers.demo.records import Records
from linkworkers.demo.volunteers import core, cover, expenses, journey, thanks, training
from members.models import User, Workplace

SEED = 20_261_122


class NotHere(Exception):
    """The demo may not be built in this database. The message says why."""


@transaction.atomic
def build(*, now: dt.datetime) -> bool:
    """Builds the demo as of `now`, all of it or nothing. False when it is here already, and then nothing is changed.

    Raises NotHere unless this installation is a demo and its database holds nothing else.
    """
    if not settings.DEMO:
        raise NotHere("The demo is only for an installation that says DEMO=1: it opens accounts with a known password.")
    strangers = _strangers()
    if strangers:
        raise NotHere(f"This database holds something that is not of the demo: {strangers}. Use an empty database.")
    if User.objects.exists() or Workplace.objects.exists():
        return False
    if Organization.objects.exists():
        raise NotHere("This database holds a directory that is not of the demo. Use an empty database.")
    rng = Random(SEED)  # noqa: S311 - the same world for everybody is the point
    clock = Clock(now, rng)
    world = settle(clock)
    records = Records()
    narrator = Narrator(world, clock, rng, records)
    scenes.tell(narrator)
    tell_the_year(narrator)
    correspondence.file_letters(records, world, clock, rng)
    records.save()
    correspondence.write_drafts(world, clock)
    correspondence.send_recent_mails(records, clock)
    listings.build(world, clock)
    around.build(world, clock)
    volunteering = (core, journey, cover, training, expenses, thanks)
    happenings = (events_core, contributions, after)
    for part in (memberships, owing, people, communities, learning, vacancies, articles, *volunteering, *happenings):
        part.build(world, clock)
    correspondence.mark_as_sent(clock.ago(1))  # what the parts that act by themselves have queued
    return True


def _strangers() -> str:
    """Whoever and whatever the demo did not make, in a few words; empty when there is nothing.

    People referred need no look of their own: each belongs to a practice.
    """
    users = User.objects.exclude(email__endswith=DOMAIN)
    workplaces = [row for row in Workplace.objects.values_list("name", "ods_code") if not is_demo(row)]
    found = [f"{users.count()} accounts"] if users else []
    return " and ".join(found + ([f"{len(workplaces)} workplaces"] if workplaces else []))
