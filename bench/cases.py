"""What became of each referral: the episode, what was done in it, and what went back to the practice."""

import datetime as dt
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Model

from bench.made_up import DAY, MadeUp
from bench.tables import Table, array
from bench.words import FAMILY_NAMES, FOLLOW_UPS, GIVEN_NAMES, TOWNS
from referrals.models import (
    Amendment,
    Appointment,
    CareContact,
    CodedEntry,
    Episode,
    FollowUp,
    InformationRequest,
    MessageBack,
    Person,
    Referral,
)
from referrals.models.episode import CLOSING_OUTCOMES, Complexity, Outcome, ShareBack
from referrals.models.person import ContactWay, VisitRisk
from referrals.models.referral import ConsentMethod, DeclineReason, Reason, State, Urgency

LONDON = ZoneInfo("Europe/London")
RETURNING = 0.05  # chance that a new episode is of somebody known
MANY_CONTACTS = 30  # in the first of every twenty active cases of a link worker
# Read once: each look at `.values` makes a new list.
REASONS, URGENCIES = Reason.values, Urgency.values
KINDS, RESULTS, COMPLEXITIES = CareContact.Kind.values, CareContact.Result.values, Complexity.values
MODELS: list[type[Model]] = [  # each after those it points to
    Person,
    Episode,
    Referral,
    InformationRequest,
    Appointment,
    CareContact,
    Amendment,
    FollowUp,
    MessageBack,
    CodedEntry,
]


@dataclass
class Network:
    """Who refers to a network, and who works there."""

    staff: dict[int, int] = field(default_factory=dict)  # user, by practice
    link_workers: list[int] = field(default_factory=list)


class Plan(NamedTuple):
    """One episode to be: when it opened, where, how it stands, and whether a second referral joined it."""

    opened_at: dt.datetime
    network: int
    state: State
    joined: bool


class Cases:
    """Turns plans into rows. Plans come in the order in which they opened, as rows do in a real database."""

    def __init__(self, networks: dict[int, Network], made_up: MadeUp) -> None:
        self.networks = networks
        self.made_up = made_up
        self.choose = made_up.random.choice
        self.now = made_up.now
        self.today = self.now.astimezone(LONDON).date()
        self.tables = {model: Table(model) for model in MODELS}
        self.ended: dict[int, list[tuple[dt.datetime, int]]] = defaultdict(list)  # (closed, person), by practice
        self.held: Counter[int] = Counter()  # open cases, by link worker
        self.active: Counter[int] = Counter()

    def write(self, plan: Plan) -> None:
        """Add the rows of one episode."""
        network = self.networks[plan.network]
        practice, staff = self.choose(list(network.staff.items()))
        person, details = self._person(practice, plan)
        number = self.tables[Episode].next_id
        share = ShareBack.CODES if self.made_up.happens(0.1) else ShareBack.EVERYTHING
        answered_at = self.made_up.between(plan.opened_at, min(self.now, plan.opened_at + 9 * DAY))
        worker = self.choose(network.link_workers)
        episode: dict[str, Any] = {}
        answer: dict[str, Any] = {}
        match plan.state:
            case State.ACCEPTED | State.ACTIVE | State.CLOSED:
                if plan.state != State.CLOSED:
                    worker = min(network.link_workers, key=self.held.__getitem__)
                    self.held[worker] += 1
                episode = self._support(number, plan.state, worker, practice, staff, answered_at, share)
                answer = {"accepted_at": answered_at, "accepted_by_id": worker, "closed_at": episode.get("closed_at")}
            case State.DECLINED:
                wish = self.made_up.happens(0.5)
                outcome = Outcome.PERSON_DECLINED if wish else Outcome.NOT_ACCEPTED
                reason = DeclineReason.PERSON_DECLINED if wish else DeclineReason.NOT_REACHED
                episode = {"closed_at": answered_at, "closed_by_id": worker, "outcome": outcome}
                answer = {"declined_at": answered_at, "declined_by_id": worker, "decline_reason": reason}
                if wish:
                    code = CodedEntry.Code.DECLINED
                    self._message(number, "declined", worker, practice, staff, answered_at, share, code)
            case State.WITHDRAWN:
                episode = {"closed_at": answered_at, "closed_by_id": staff, "outcome": Outcome.WITHDRAWN}
                answer = {"withdrawn_at": answered_at, "withdrawn_by_id": staff}
            case State.MORE_ASKED:
                asked = {"referral_id": self.tables[Referral].next_id, "question": self.made_up.text(1)}
                self.tables[InformationRequest].add(**asked, asked_by_id=worker, asked_at=answered_at)
        reference = self.made_up.reference()
        placed = {"network_id": plan.network, "share_back": share}
        self.tables[Episode].add(reference=reference, person_id=person, opened_at=plan.opened_at, **placed, **episode)
        sent = {"episode_id": number, "practice_id": practice, "submitted_by_id": staff, "state": plan.state}
        self._referral(reference, plan.opened_at, as_given=details, **sent, **placed, **answer)
        if plan.joined:
            joined_at = self.made_up.between(answered_at, episode.get("closed_at") or self.now)
            answer["accepted_at"] = joined_at
            self._referral(self.made_up.reference(), joined_at, as_given=details, **sent, **placed, **answer)
        if closed_at := episode.get("closed_at"):
            self.ended[practice].append((closed_at, person))

    def _person(self, practice: int, plan: Plan) -> tuple[int, str]:
        """The id of somebody new, or now and then of somebody whose last episode ended, and what was told of them."""
        ended = self.ended[practice]
        if ended and ended[0][0] < plan.opened_at and self.made_up.happens(RETURNING):
            return ended.pop(0)[1], "{}"
        risk = self.made_up.happens(0.05)
        details = {
            "given_name": self.choose(GIVEN_NAMES),
            "family_name": self.choose(FAMILY_NAMES),
            "phone": f"07700 9{self.made_up.random.randrange(100_000):05}",
            "address": f"{self.made_up.random.randrange(1, 200)} {self.choose(TOWNS)} Road",
            "postcode": f"ZZ{self.made_up.random.randrange(1, 99)} {self.made_up.random.randrange(1, 9)}ZZ",
            "safe_contact": self.choose(["", "", "", "Please ring in the morning."]),
            "visit_risk": VisitRisk.RISK if risk else VisitRisk.NONE_KNOWN,
            "risk_details": "There is a large dog in the house." if risk else "",
        }
        ways: list[str] = [ContactWay.PHONE, self.choose([ContactWay.TEXT, ContactWay.LETTER])]
        person = self.tables[Person].add(
            **details,
            nhs_number=self.made_up.nhs_number() if self.made_up.happens(0.9) else None,
            date_of_birth=self.today - self.made_up.random.randrange(18 * 365, 95 * 365) * DAY,
            practice_id=practice,
            contact_ways=array(ways),
            created_at=plan.opened_at,
        )
        return person, json.dumps({**details, "contact_ways": ways})

    def _referral(self, reference: str, sent_at: dt.datetime, **more: Any) -> None:
        self.tables[Referral].add(
            reference=reference,
            submission_key=self.made_up.key(),
            referrer_name="Dr P. Shah",
            submitted_at=sent_at,
            waiting_since=sent_at,
            reasons=array(self.made_up.random.sample(REASONS, self.made_up.random.randrange(1, 4))),
            urgency=self.made_up.random.choices(URGENCIES, [50, 42, 8])[0],
            why_now=self.made_up.text(2),
            hopes=self.made_up.text(1),
            consent_method=ConsentMethod.FACE_TO_FACE,
            **more,
        )

    def _support(
        self,
        episode: int,
        state: State,
        holder: int,
        practice: int,
        staff: int,
        accepted_at: dt.datetime,
        share: str,
    ) -> dict[str, Any]:
        """Add what a link worker did in an accepted case; return the facts that the episode itself keeps."""
        facts: dict[str, Any] = {"holder_id": holder, "accepted_at": accepted_at}
        letter = (holder, practice, staff)
        if share == ShareBack.EVERYTHING:
            self._message(episode, "accepted", *letter, accepted_at, share)
        if state == State.ACCEPTED:
            self._contact(episode, holder, self.made_up.between(accepted_at, self.now), CareContact.Result.NO_ANSWER)
            self._follow_up(episode, holder, accepted_at)
            return facts
        if state == State.CLOSED:
            until = self.made_up.between(accepted_at + 5 * DAY, min(self.now, accepted_at + 240 * DAY))
            outcome = self.choose(CLOSING_OUTCOMES)
            facts |= {"closed_at": until, "closed_by_id": holder, "outcome": outcome}
            contacts = self.made_up.random.randrange(3, 10)
        else:
            until = self.now
            contacts = MANY_CONTACTS if self.active[holder] % 20 == 0 else self.made_up.random.randrange(2, 9)
            self._what_comes(episode, holder, accepted_at)
            self.active[holder] += 1
        moments = sorted(self.made_up.between(accepted_at, until) for _ in range(contacts))
        facts["first_contact_at"] = moments[0]
        facts["what_matters"] = self.made_up.text(2)
        facts["complexity"] = self.choose(COMPLEXITIES)
        self._contact(episode, holder, moments[0], CareContact.Result.TOOK_PART)
        self._message(episode, "started", *letter, moments[0], share, CodedEntry.Code.REFERRAL)
        for moment in moments[1:]:
            self._contact(episode, holder, moment, self.made_up.random.choices(RESULTS, [70, 14, 10, 6])[0])
        self._follow_up(episode, holder, moments[0], done_at=moments[-1])
        if state == State.CLOSED and share == ShareBack.EVERYTHING:
            self._message(episode, "ended", *letter, until, share)
        return facts

    def _what_comes(self, episode: int, holder: int, since: dt.datetime) -> None:
        """The next follow-up of an active case, and for some an appointment: three a link worker are today."""
        self._follow_up(episode, holder, since)
        turn = self.active[holder]
        if turn % 13 == 0:
            starts_at = dt.datetime.combine(self.today, dt.time(9 + turn // 13 * 3), LONDON)
        elif turn % 3 == 0:
            day = self.today + self.made_up.random.randrange(1, 15) * DAY
            starts_at = dt.datetime.combine(day, dt.time(self.made_up.random.randrange(9, 17)), LONDON)
        else:
            return
        self._appointment(episode, holder, Appointment.Kind.CLINIC, starts_at, since)

    def _contact(self, episode: int, by: int, moment: dt.datetime, result: str) -> None:
        kind = self.made_up.random.choices(KINDS, [45, 25, 8, 4, 10, 6, 2])[0]
        met = kind in (CareContact.Kind.CLINIC, CareContact.Kind.HOME_VISIT)
        contact = self.tables[CareContact].add(
            submission_key=self.made_up.key(),
            episode_id=episode,
            kind=kind,
            result=result,
            happened_at=moment,
            minutes=self.made_up.random.randrange(5, 60),
            note=self.made_up.text(self.made_up.random.randrange(1, 6)),
            by_id=by,
            appointment_id=self._appointment(episode, by, kind, moment, moment - 5 * DAY) if met else None,
            created_at=moment,
        )
        if self.made_up.happens(0.01):
            reason = "This was the week before."
            self.tables[Amendment].add(
                contact_id=contact,
                note=self.made_up.text(2),
                reason=reason,
                by_id=by,
                at=moment + dt.timedelta(hours=1),
            )

    def _appointment(self, episode: int, holder: int, kind: str, starts_at: dt.datetime, agreed_at: dt.datetime) -> int:
        return self.tables[Appointment].add(
            episode_id=episode,
            kind=kind,
            starts_at=starts_at,
            place="Room 4",
            with_user_id=holder,
            created_by_id=holder,
            created_at=agreed_at,
        )

    def _follow_up(self, episode: int, by: int, since: dt.datetime, done_at: dt.datetime | None = None) -> None:
        due_on = done_at.date() if done_at else self.today + self.made_up.random.randrange(-6, 21) * DAY
        self.tables[FollowUp].add(
            episode_id=episode,
            what=self.choose(FOLLOW_UPS),
            due_on=due_on,
            created_by_id=by,
            created_at=since,
            done_at=done_at,
            done_by_id=by if done_at else None,
        )

    def _message(
        self,
        episode: int,
        kind: str,
        by: int,
        practice: int,
        staff: int,
        at: dt.datetime,
        share: str,
        code: str | None = None,
    ) -> None:
        """A message back, with the code it reports; the practice files each within four days."""
        filed_at = at + DAY if self.now - at > 4 * DAY else None
        message = self.tables[MessageBack].add(
            submission_key=self.made_up.key(),
            episode_id=episode,
            practice_id=practice,
            kind=kind,
            share_back=share,
            text=self.made_up.text(3) if share == ShareBack.EVERYTHING else "",
            by_id=by,
            created_at=at,
            filed_at=filed_at,
            filed_by_id=staff if filed_at else None,
        )
        if code:
            self.tables[CodedEntry].add(episode_id=episode, code=code, recorded_at=at, by_id=by, message_id=message)
