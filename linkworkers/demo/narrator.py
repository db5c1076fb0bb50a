"""How an ordinary case goes, from the referral to its end, with chance deciding the rest."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from linkworkers.demo.case import Case
from linkworkers.demo.clock import Clock
from linkworkers.demo.people import Crowd
from linkworkers.demo.places import World
from linkworkers.demo.records import Records
from linkworkers.demo.texts import COMMON, THEMES, Storyteller, Theme, of_strand, strand_of
from members.models import User, Workplace
from referrals.models import CareContact, InformationRequest, Referral
from referrals.models.episode import Complexity, Outcome, ShareBack
from referrals.models.referral import ConsentMethod, Urgency

Kind, Result = CareContact.Kind, CareContact.Result
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # as in a real reference

KIND_OF = {"home": Kind.HOME_VISIT, "out": Kind.ELSEWHERE, "phone": Kind.PHONE, "clinic": Kind.CLINIC}
MINUTES = {
    Kind.PHONE: (10, 15, 20, 25),
    Kind.CLINIC: (30, 40, 45, 50),
    Kind.HOME_VISIT: (50, 60, 75),
    Kind.ELSEWHERE: (60, 75, 90),
    Kind.ABOUT: (5, 10, 15),
}
MET = (Kind.CLINIC, Kind.HOME_VISIT, Kind.ELSEWHERE)  # by appointment
# What becomes of a meeting that is neither the first nor the last, and the note that goes with it.
TURNS = {
    "along": 66,
    "missed": 12,
    "no_answer": 9,
    "cancelled": 5,
    "about": 8,
}
RESULTS = {
    "missed": Result.DID_NOT_ATTEND,
    "no_answer": Result.NO_ANSWER,
    "cancelled": Result.CANCELLED,
    "about": Result.TOOK_PART,
}
OTHER_OUTCOMES = ("stopped",) * 4 + ("person_declined",) * 4 + ("moved",) * 3 + ("died",)
# The last turns of a case that ends otherwise than with a last conversation.
FADES = {
    Outcome.STOPPED: ("no_answer", "missed"),
    Outcome.PERSON_DECLINED: ("along",),
    Outcome.MOVED: ("along",),
    Outcome.DIED: ("about",),
}


@dataclass
class Plot:
    """A case under way, with the theme, the strand of it and the words its texts are told in."""

    case: Case
    theme: Theme
    strand: str
    moments: list[dt.datetime] = field(default_factory=list)  # of the contacts
    told: set[str] = field(default_factory=set)  # the lines of its notes: a case does not repeat itself

    @property
    def words(self) -> dict[str, str]:
        return self.case.character.words

    @property
    def holder(self) -> User:
        holder = self.case.episode.holder
        if holder is None:
            raise ValueError("Nobody holds this case yet.")
        return holder

    @property
    def begun_at(self) -> dt.datetime:
        """The first conversation."""
        begun_at = self.case.episode.first_contact_at
        if begun_at is None:
            raise ValueError("Nobody has spoken with this person yet.")
        return begun_at

    @property
    def last_at(self) -> dt.datetime:
        """The latest contact or attempt."""
        return self.moments[-1]

    def lines(self, pool: str) -> tuple[str, ...]:
        lines: tuple[str, ...] = of_strand(getattr(self.theme, pool), self.strand)
        return lines


class Narrator:
    """Tells cases into `records`."""

    def __init__(self, world: World, clock: Clock, rng: Random, records: Records) -> None:
        self.world, self.clock, self.rng, self.records = world, clock, rng, records
        self.teller = Storyteller(rng)
        self.crowd = Crowd(world, clock, self.teller, rng)
        self.common_themes = tuple(theme for theme in THEMES.values() for _ in range(theme.weight))

    def workers(self, network: Workplace) -> list[User]:
        """The link workers of a network."""
        return self.world.workers[network.pk]

    def reference(self) -> str:
        letters = "".join(self.rng.choices(LETTERS, k=8))
        return f"LW-{letters[:4]}-{letters[4:]}"

    def referral(self, practice: Workplace, at: dt.datetime, *, theme: Theme | None = None, **asked: str) -> Plot:
        """Somebody new is referred. `asked` overrules chance."""
        theme = theme or self.teller.draw(self.common_themes)
        line = self.teller.draw(theme.why_now)
        careful = theme.name == "abuse"
        character = self.crowd.somebody(practice, ages=theme.ages, careful=careful)
        plot = Plot(Case(self.records, character), theme, strand_of(line))
        self._refer(plot, at, why_now=of_strand((line,), plot.strand), **asked)
        return plot

    def second_referral(self, plot: Plot, at: dt.datetime) -> Referral:
        """The same person again: somebody else at the practice has noticed something new."""
        person, phone = plot.case.person, plot.case.person.phone
        self.crowd.count += 1
        person.phone = f"07700 900{self.crowd.count:03}"  # what this referral says, and the record does not
        try:
            return self._refer(plot, at, why_now=COMMON["second"], urgency=Urgency.STRUGGLING)
        finally:
            person.phone = phone

    def _refer(self, plot: Plot, at: dt.datetime, *, why_now: tuple[str, ...], **asked: str) -> Referral:
        practice = plot.case.person.practice
        by = self.rng.choice(self.world.staff[practice.pk])
        also = self.rng.sample(plot.theme.also, self.rng.choice([0, 1, 1, 2]))
        facts = {
            "urgency": self.rng.choices(list(Urgency), [45, 55 - plot.theme.crisis, plot.theme.crisis])[0],
            "share_back": self.rng.choices(list(ShareBack), [88, 12])[0],
            "consent_method": self.rng.choices(
                [ConsentMethod.FACE_TO_FACE, ConsentMethod.PHONE, ConsentMethod.WRITTEN], [60, 32, 8]
            )[0],
            "hopes": self.teller.deal(plot.lines("hopes"), plot.words) if self.rng.random() < 0.8 else "",
            "referrer_name": self._referrer(by, practice),
        }
        return plot.case.refer(
            reference=self.reference(),
            at=at,
            by=by,
            reasons=[*plot.theme.reasons, *also],
            why_now=self.teller.tell(why_now, plot.words, beside=COMMON["remarks"]),
            **facts | asked,
        )

    def _referrer(self, by: User, practice: Workplace) -> str:
        """Who spoke with the person: whoever typed it, or the doctor they typed it for."""
        doctors = [one.name for one in self.world.staff[practice.pk] if one.name.startswith("Dr ")]
        return by.name if by.name in doctors or self.rng.random() < 0.4 else self.rng.choice(doctors or [by.name])

    def question(self, plot: Plot, at: dt.datetime, by: User) -> InformationRequest:
        return plot.case.ask(at=at, by=by, question=self.teller.deal(COMMON["open_questions"], plot.words))

    def question_and_answer(self, plot: Plot, asked_at: dt.datetime, answered_at: dt.datetime, by: User) -> None:
        question, reply = (self.teller.fill(line, plot.words) for line in self.teller.draw(COMMON["questions"]))
        request = plot.case.ask(at=asked_at, by=by, question=question)
        staff = self.rng.choice(self.world.staff[plot.case.person.practice_id])
        plot.case.answer(request, at=answered_at, by=staff, text=reply)

    def meetings(self, plot: Plot, moments: list[dt.datetime], *, outcome: Outcome | None = None) -> None:
        """Contacts at these moments: a first conversation, what came after it, and how it ended if it did."""
        begun = plot.case.episode.accepted_at
        first = 1 if len(moments) > 3 and self.rng.random() < 0.3 else 0
        ending = FADES.get(outcome, ("last",)) if outcome else ()
        told_news = False
        for number, at in enumerate(moments):
            if number < first:
                turn = self.rng.choice(["no_answer", "missed"])
            elif number == first:
                turn = "first"
            elif number >= len(moments) - len(ending):
                turn = ending[number - len(moments)]
            else:
                turn = self.rng.choices(list(TURNS), list(TURNS.values()))[0]
            self.meeting(plot, at, turn, booked_at=moments[number - 1] if number else begun)
            if number < len(moments) - 1 and self.rng.random() < 0.55:
                self.next_step(plot, at, due_on=moments[number + 1].date())
            if turn != "along":
                continue
            if not told_news and self.rng.random() < 0.3:
                told_news = True
                plot.case.send(at=at, by=plot.holder, text=self.teller.deal(plot.lines("news"), plot.words))
            elif plot.case.episode.share_back == ShareBack.EVERYTHING and self.rng.random() < 0.015:
                plot.case.keep_to_codes(at=at, by=plot.holder)

    def meeting(self, plot: Plot, at: dt.datetime, turn: str, *, booked_at: dt.datetime | None) -> CareContact:
        """One contact or attempt; the follow-ups that waited for it are ticked off."""
        case, by = plot.case, plot.holder
        plot.moments.append(at)
        case.tick_off(at=at, by=by)
        if turn not in RESULTS and plot.told.issuperset(plot.lines(turn)):
            turn = "about"
        if turn in RESULTS:
            note, result = self.teller.deal(COMMON[turn], plot.words), RESULTS[turn]
            kind = {"missed": Kind.CLINIC, "cancelled": Kind.CLINIC, "about": Kind.ABOUT}.get(turn, Kind.PHONE)
        else:
            beside = "farewells" if turn == "last" else "asides"
            note, fits = self.teller.tell_note(plot.lines(turn), plot.words, beside=COMMON[beside], but=plot.told)
            result, kind = Result.TOOK_PART, KIND_OF.get(fits) or self._usual_kind(turn)
        appointment = None
        if kind in MET and booked_at:
            appointment = case.book(
                at=booked_at, by=by, kind=kind, starts_at=at, minutes=45, place=self.place(plot, kind)
            )
        minutes = self.rng.choice(MINUTES[kind]) if result == Result.TOOK_PART else None
        contact = case.contact(
            at=at, by=by, kind=kind, result=result, note=note, minutes=minutes, appointment=appointment
        )
        if turn == "first":
            self._understand(plot, at)
        if turn == "along" and self.rng.random() < 0.03:
            self._amend(plot, contact)
        return contact

    def _amend(self, plot: Plot, contact: CareContact) -> None:
        at = self.clock.after(contact.happened_at, 1, 3)
        if at:
            words = plot.words | {"note": contact.note}
            reason, note = (self.teller.fill(line, words) for line in self.teller.draw(COMMON["amended"]))
            plot.case.amend(contact, at=at, by=contact.by, note=note, reason=reason)

    def _usual_kind(self, turn: str) -> CareContact.Kind:
        return self.rng.choices([Kind.CLINIC, Kind.PHONE], [9, 1] if turn == "first" else [5, 5])[0]

    def place(self, plot: Plot, kind: str) -> str:
        if kind == Kind.CLINIC:
            return f"{plot.case.person.practice}, room {self.rng.randint(1, 6)}"
        return plot.case.character.area.hall if kind == Kind.ELSEWHERE else ""

    def _understand(self, plot: Plot, at: dt.datetime) -> None:
        plot.case.understand(
            at=at,
            by=plot.holder,
            what_matters=self.teller.tell(plot.lines("matters"), plot.words, beside=COMMON["small_things"]),
            complexity=self.rng.choices(list(Complexity), [32, 46, 22])[0],
        )

    def next_step(self, plot: Plot, at: dt.datetime, *, due_on: dt.date, waits: bool = False) -> None:
        """Something to do by a day. What still `waits` is unlike anything else that waits."""
        choose = self.teller.tell if waits else self.teller.deal
        what = choose((*plot.lines("steps"), *COMMON["steps"]), plot.words)
        plot.case.follow_up(at=at, by=plot.holder, what=what, due_on=due_on)

    def outcome(self, plot: Plot) -> Outcome:
        """How the case will end: as its story would have it, or in one of the other ways in which cases end."""
        usual = self.rng.random() < 0.93
        return Outcome(self.rng.choice(plot.theme.outcomes if usual else OTHER_OUTCOMES))

    def end(self, plot: Plot, at: dt.datetime, outcome: Outcome) -> None:
        """Closes the case."""
        if outcome in COMMON["closing"]:
            note, letter = (self.teller.fill(line, plot.words) for line in self.teller.draw(COMMON["closing"][outcome]))
        else:
            note = self.teller.deal(plot.lines("ending"), plot.words)
            letter = self.teller.deal(plot.lines("letter"), plot.words)
        plot.case.close(at=at, by=plot.holder, outcome=outcome, note=note, letter=letter)
