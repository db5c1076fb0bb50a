"""How many cases of which kind the demo tells, and for whom. Together with the scenes: 400 referrals."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from django.utils import timezone

from linkworkers.demo.clock import Clock
from linkworkers.demo.narrator import KIND_OF, Narrator, Plot
from linkworkers.demo.texts import COMMON, THEMES
from members.models import User, Workplace
from referrals.models.referral import UNANSWERED_AFTER, Urgency


@dataclass(frozen=True)
class Caseload:
    """What one link worker has: cases closed; open; accepted with nobody spoken to yet. `joined` of the open ones
    were referred a second time; a worker who `left` did nothing for so many days.
    """

    worker: str
    network: str
    closed: int
    open: int
    new: int
    joined: int
    left: int = 0


@dataclass(frozen=True)
class Answers:
    """What else became of a network's referrals: `waiting` and `asked` hold the days that each has waited."""

    network: str
    by: str
    waiting: tuple[int, ...]
    asked: tuple[int, ...]
    declined: tuple[str, ...]
    withdrawn: int


THE_LINK_WORKER = "link-worker"
CASELOADS = [
    Caseload(THE_LINK_WORKER, "herts", closed=120, open=31, new=5, joined=3),
    Caseload("colleague", "herts", closed=42, open=22, new=2, joined=2),
    Caseload("Siobhán O’Connor", "herts", closed=23, open=10, new=1, joined=1),
    Caseload("Ruth Bell", "herts", closed=6, open=2, new=0, joined=0, left=24),
    Caseload("outsider", "mendip", closed=22, open=16, new=2, joined=1),
    Caseload("Tom Weatherall", "mendip", closed=7, open=5, new=0, joined=1),
    Caseload("Callum Fenwick", "hartlepool", closed=16, open=12, new=2, joined=1),
    Caseload("Aisha Rahman", "hartlepool", closed=3, open=2, new=0, joined=0),
]
ANSWERS = [
    Answers(
        "herts",
        "link-worker",
        waiting=(1, 2, 16, 19),
        asked=(4,),
        declined=("person_declined", "not_reached", "other_service", "out_of_area", "clinical", "person_declined"),
        withdrawn=4,
    ),
    Answers(
        "mendip",
        "outsider",
        waiting=(1, 4, 15),
        asked=(3,),
        declined=("person_declined", "not_reached", "duplicate"),
        withdrawn=2,
    ),
    Answers(
        "hartlepool",
        "Callum Fenwick",
        waiting=(3, 6),
        asked=(5,),
        declined=("out_of_area", "person_declined", "other_service"),
        withdrawn=3,
    ),
]

YEAR, SHORTEST, LONGEST = 360, 35, 150  # days back at most; days that a closed case took
# Days until the next step: some overdue, some due today, the rest to come.
THE_LINK_WORKERS_STEPS = (-6, -2, -1, 0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 7, 7, 8, 9, 10, 11, 12, 14, 14, 15, 17, 18, 21)
STEPS = (-4, 0, 1, 2, 3, 5, 6, 8, 9, 11, 13, 16, 20, 24)


def tell_the_year(narrator: Narrator) -> None:
    """Everything that is not told by hand in `scenes`."""
    for caseload in CASELOADS:
        _tell_caseload(narrator, caseload)
    for answers in ANSWERS:
        _tell_answers(narrator, answers)


def _tell_caseload(narrator: Narrator, caseload: Caseload) -> None:
    worker = narrator.world.people[caseload.worker]
    practices = _practices(narrator, caseload.network)
    year = YEAR - caseload.left
    if caseload.worker == THE_LINK_WORKER:
        # Hers are of this contract year where that is old enough, so that the count on her page is one to look at.
        year = max(_days_of_contract_year(narrator.clock), 200)
    for _ in range(caseload.closed):
        _closed_case(narrator, next(practices), worker, year=year, left=caseload.left)
    plots = [_active_case(narrator, next(practices), worker, left=caseload.left) for _ in range(caseload.open)]
    for plot in plots[: caseload.joined]:
        for at in narrator.clock.spread(plot.begun_at, narrator.clock.today, 1):
            narrator.second_referral(plot, at)
    for _ in range(caseload.new):
        _new_case(narrator, next(practices), worker)
    if not caseload.left:
        _plan_ahead(narrator, plots, hers=caseload.worker == THE_LINK_WORKER)


def _practices(narrator: Narrator, network: str) -> Iterator[Workplace]:
    """The network's practices in turn, the larger ones more often."""
    practices = narrator.world.practices(network)
    turns = [practice for practice in practices for _ in range((practice.list_size or 0) // 3000)]
    return cycle(narrator.rng.sample(turns, len(turns)))


def _days_of_contract_year(clock: Clock) -> int:
    """Days since 1 April, when the contract year of primary care networks begins."""
    began = clock.today.year if clock.today.month >= 4 else clock.today.year - 1
    return (clock.today - dt.date(began, 4, 1)).days


def _closed_case(narrator: Narrator, practice: Workplace, worker: User, *, year: int, left: int) -> None:
    clock, rng = narrator.clock, narrator.rng
    days = rng.randint(SHORTEST + 15, year)
    began = clock.ago(days + left)
    plot = narrator.referral(practice, began)
    accepted_at = _accept(narrator, plot, began, worker)
    length = rng.randint(SHORTEST, min(LONGEST, days - 5))
    outcome = narrator.outcome(plot)
    end = began.date() + dt.timedelta(days=length)
    narrator.meetings(plot, _meetings(clock, accepted_at, end, 2 + length // 20), outcome=outcome)
    narrator.end(plot, plot.last_at + dt.timedelta(minutes=rng.randint(20, 90)), outcome)


def _active_case(narrator: Narrator, practice: Workplace, worker: User, *, left: int) -> Plot:
    clock = narrator.clock
    days = int(narrator.rng.triangular(16, LONGEST, 30))
    began = clock.ago(days + left)
    plot = narrator.referral(practice, began)
    accepted_at = _accept(narrator, plot, began, worker)
    last_day = clock.today - dt.timedelta(days=left)
    narrator.meetings(plot, _meetings(clock, accepted_at, last_day, min(2 + days // 20, 7)))
    return plot


def _meetings(clock: Clock, accepted_at: dt.datetime, end: dt.date, count: int) -> list[dt.datetime]:
    """The first within days of the acceptance, the others spread until the end."""
    soon = clock.spread(accepted_at, timezone.localdate(accepted_at) + dt.timedelta(days=9), 1)
    return soon + clock.spread(soon[0], end, count - 1)


def _new_case(narrator: Narrator, practice: Workplace, worker: User) -> None:
    """Accepted some days ago; half of them have been rung, without an answer."""
    clock = narrator.clock
    began = clock.ago(narrator.rng.randint(8, 12))
    plot = narrator.referral(practice, began)
    at = clock.after(began, 1, 3) or began
    plot.case.accept(at=at, by=worker)
    if narrator.rng.random() < 0.5:
        for moment in clock.spread(at, clock.today, 1):
            narrator.meeting(plot, moment, "no_answer", booked_at=None)


def _accept(narrator: Narrator, plot: Plot, began: dt.datetime, worker: User) -> dt.datetime:
    """The network's yes: at times after a question to the practice, at times by a colleague who hands the case on."""
    clock, rng = narrator.clock, narrator.rng
    asked_at = clock.after(began, 1, 1) if rng.random() < 0.06 else None
    answered_at = clock.after(asked_at, 1, 2) if asked_at else None
    if asked_at and answered_at:
        narrator.question_and_answer(plot, asked_at, answered_at, worker)
    at = clock.after(answered_at or began, 1, 5) or began
    colleagues = [one for one in narrator.workers(plot.case.episode.network) if one != worker]
    if colleagues and rng.random() < 0.04:
        plot.case.accept(at=at, by=rng.choice(colleagues))
        plot.case.hand_over(at=at + dt.timedelta(hours=1), to=worker, by=plot.holder)
    else:
        plot.case.accept(at=at, by=worker)
    return at


def _plan_ahead(narrator: Narrator, plots: list[Plot], *, hers: bool) -> None:
    """Follow-ups and appointments to come, for cases that are open."""
    clock = narrator.clock
    steps = THE_LINK_WORKERS_STEPS if hers else STEPS
    plots = sorted(plots, key=lambda plot: plot.last_at)  # whoever was not heard of for longest is due first
    for plot, days in zip(plots, steps, strict=False):
        due_on = max(clock.in_days(days), timezone.localdate(plot.last_at))
        narrator.next_step(plot, plot.last_at, due_on=due_on, waits=True)
    times = [clock.at(day, hour, minute) for day in clock.next_working_days(5) for hour, minute in ((10, 0), (14, 30))]
    if hers:
        times = [clock.at(clock.today, 13), clock.at(clock.today, 16), *times]
    for plot, starts_at, kind in zip(reversed(plots), times, cycle(("phone", "clinic", "clinic", "out")), strict=False):
        plot.case.book(
            at=plot.last_at,
            by=plot.holder,
            kind=KIND_OF[kind],
            starts_at=starts_at,
            minutes=20 if kind == "phone" else 45,
            place=narrator.place(plot, KIND_OF[kind]),
            note=narrator.teller.deal(COMMON["appointment_notes"], plot.words),
        )


def _tell_answers(narrator: Narrator, answers: Answers) -> None:
    clock, rng = narrator.clock, narrator.rng
    by = narrator.world.people[answers.by]
    practices = _practices(narrator, answers.network)
    for number, days in enumerate(answers.waiting):
        crisis = number == 0
        theme, asked = (THEMES["money"], {"urgency": Urgency.CRISIS}) if crisis else (None, {})
        plot = narrator.referral(next(practices), clock.ago(days), theme=theme, **asked)
        flag_if_unanswered(narrator, plot)
    for days in answers.asked:
        asked_at = clock.ago(days)
        plot = narrator.referral(next(practices), clock.ago(days + 4))
        narrator.question(plot, asked_at, by)
    for reason in answers.declined:
        began = clock.ago(rng.randint(25, YEAR))
        plot = narrator.referral(next(practices), began)
        note = narrator.teller.deal(COMMON["declined"][reason], plot.words)
        plot.case.decline(at=clock.after(began, 3, 12) or began, by=by, reason=reason, note=note)
    for number in range(answers.withdrawn):
        began = clock.ago(rng.randint(25, YEAR))
        plot = narrator.referral(next(practices), began)
        at = _accept(narrator, plot, began, by) if number % 2 else began
        note = narrator.teller.deal(COMMON["withdrawn"], plot.words)
        plot.case.withdraw(at=clock.after(at, 1, 5) or at, by=plot.case.referrals[0].submitted_by, note=note)


def flag_if_unanswered(narrator: Narrator, plot: Plot) -> None:
    """What the hourly task has done about a referral that waits for longer than 14 days."""
    referral = plot.case.referrals[0]
    flagged_at = (referral.waiting_since + UNANSWERED_AFTER).replace(minute=15) + dt.timedelta(hours=1)
    if flagged_at < narrator.clock.now:
        referral.flagged_at = flagged_at
        narrator.records.note("referral.flagged_unanswered", flagged_at, None, referral, plot.case.person)
