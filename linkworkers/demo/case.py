"""One case, written move by move as the actions of `referrals` would have left it, had each been taken at the time
given. The actions themselves always act now, and a year of them one after the other would take minutes.
"""

import datetime as dt
from typing import Any

from linkworkers.demo.people import Character
from linkworkers.demo.records import Records
from members.models import User
from referrals.models import (
    Amendment,
    Appointment,
    CareContact,
    CodedEntry,
    Episode,
    FollowUp,
    InformationRequest,
    MessageBack,
    Referral,
)
from referrals.models.episode import Outcome, ShareBack
from referrals.models.person import DETAIL_FIELDS
from referrals.models.referral import LIVE, WAITING, DeclineReason, State

Kind = MessageBack.Kind


class Case:
    """A person's episode and all that belongs to it."""

    def __init__(self, records: Records, character: Character) -> None:
        self.records, self.character = records, character
        self.person = character.person
        self.episode: Episode
        self.referrals: list[Referral] = []
        self.followups: list[FollowUp] = []
        self.codes: set[str] = set()

    def refer(self, *, reference: str, at: dt.datetime, by: User, **asked: Any) -> Referral:
        """The practice's referral: it opens the episode, or joins it and is accepted with it."""
        network = self.person.practice.parent
        if network is None:
            raise ValueError(f"{self.person.practice} has no network to refer to.")
        joined = bool(self.referrals)
        if not joined:
            self.person.created_at = at
            self.records.add(self.person)
            self.episode = self.records.add(
                Episode(
                    reference=reference,
                    person=self.person,
                    network=network,
                    opened_at=at,
                    share_back=asked["share_back"],
                )
            )
        referral = Referral(
            reference=reference,
            episode=self.episode,
            practice=self.person.practice,
            network=network,
            submitted_by=by,
            submitted_at=at,
            waiting_since=at,
            as_given=self._as_given(),
            **asked,
        )
        if self.episode.is_accepted:
            referral.state = State.ACTIVE if self.episode.first_contact_at else State.ACCEPTED
            referral.accepted_at, referral.accepted_by = at, self.episode.holder
        self.referrals.append(self.records.add(referral))
        self._note("referral.submitted", at, by, referral, joined=joined, episode=self.episode.reference)
        return referral

    def _as_given(self) -> dict[str, Any]:
        names = ("given_name", "family_name", "nhs_number", *DETAIL_FIELDS)
        given = {name: value for name in names if (value := getattr(self.person, name))}
        return given | {"date_of_birth": self.person.date_of_birth.isoformat()}

    def ask(self, *, at: dt.datetime, by: User, question: str) -> InformationRequest:
        referral = self.referrals[-1]
        referral.state = State.MORE_ASKED
        self._note("referral.more_asked", at, by, referral)
        return self.records.add(InformationRequest(referral=referral, question=question, asked_by=by, asked_at=at))

    def answer(self, request: InformationRequest, *, at: dt.datetime, by: User, text: str) -> None:
        request.answer, request.answered_by, request.answered_at = text, by, at
        request.referral.state, request.referral.waiting_since = State.SUBMITTED, at
        self._note("referral.answered", at, by, request.referral)

    def accept(self, *, at: dt.datetime, by: User) -> None:
        self.episode.holder, self.episode.accepted_at = by, at
        for referral in self.referrals:
            if referral.state in WAITING:
                referral.state, referral.accepted_at, referral.accepted_by = State.ACCEPTED, at, by
                self._note("referral.accepted", at, by, referral)
        text = f"Thank you for your referral. {by} has accepted it and will get in touch."
        self._write(Kind.ACCEPTED, at=at, by=by, text=text)

    def decline(self, *, at: dt.datetime, by: User, reason: str, note: str) -> None:
        referral = self.referrals[-1]
        referral.state, referral.declined_at, referral.declined_by = State.DECLINED, at, by
        referral.decline_reason, referral.decline_note = reason, note
        self._note("referral.declined", at, by, referral, reason=str(reason))
        by_person = reason == DeclineReason.PERSON_DECLINED
        if by_person:
            self._write(Kind.DECLINED, at=at, by=by, text=note, code=CodedEntry.Code.DECLINED)
        self._end_if_nothing_is_left(at, by, Outcome.PERSON_DECLINED if by_person else Outcome.NOT_ACCEPTED)

    def withdraw(self, *, at: dt.datetime, by: User, note: str) -> None:
        referral = self.referrals[-1]
        referral.state, referral.withdrawn_at, referral.withdrawn_by = State.WITHDRAWN, at, by
        referral.withdraw_note = note
        self._note("referral.withdrawn", at, by, referral)
        self._end_if_nothing_is_left(at, by, Outcome.WITHDRAWN)

    def book(self, *, at: dt.datetime, by: User, kind: str, starts_at: dt.datetime, **details: Any) -> Appointment:
        appointment = Appointment(
            episode=self.episode,
            kind=kind,
            starts_at=starts_at,
            with_user=by,
            created_by=by,
            created_at=at,
            **details,
        )
        self._note("appointment.booked", at, by, appointment)
        return self.records.add(appointment)

    def cancel(self, appointment: Appointment, *, at: dt.datetime, by: User, note: str) -> None:
        appointment.cancelled_at, appointment.cancelled_by, appointment.cancel_note = at, by, note
        self._note("appointment.cancelled", at, by, appointment)

    def contact(self, *, at: dt.datetime, by: User, kind: str, result: str, note: str, **details: Any) -> CareContact:
        """A contact; the first in which the person takes part makes the case active and tells the practice."""
        contact = CareContact(
            episode=self.episode, kind=kind, result=result, note=note, happened_at=at, created_at=at, by=by, **details
        )
        self.records.add(contact)
        self._note("contact.logged", at, by, contact, result=str(result))
        if contact.is_interaction and self.episode.first_contact_at is None:
            self.episode.first_contact_at = at
            for referral in self.referrals:
                if referral.state == State.ACCEPTED:
                    referral.state = State.ACTIVE
            self._note("episode.active", at, by, self.episode)
            text = f"{by} has had a first conversation with {self.person.called}."
            self._write(Kind.STARTED, at=at, by=by, text=text, code=CodedEntry.Code.REFERRAL)
        return contact

    def amend(self, contact: CareContact, *, at: dt.datetime, by: User, note: str, reason: str) -> None:
        self.records.add(Amendment(contact=contact, note=note, reason=reason, by=by, at=at))
        self._note("contact.amended", at, by, contact)

    def follow_up(self, *, at: dt.datetime, by: User, what: str, due_on: dt.date) -> FollowUp:
        followup = FollowUp(episode=self.episode, what=what, due_on=due_on, created_by=by, created_at=at)
        self.followups.append(self.records.add(followup))
        self._note("follow_up.added", at, by, followup)
        return followup

    def tick_off(self, *, at: dt.datetime, by: User) -> None:
        """Completes every follow-up that is waiting."""
        for followup in self.followups:
            if followup.done_at is None:
                followup.done_at, followup.done_by = at, by
                self._note("follow_up.done", at, by, followup)

    def understand(self, *, at: dt.datetime, by: User, what_matters: str, complexity: str) -> None:
        self.episode.what_matters, self.episode.complexity = what_matters, complexity
        self._note("episode.updated", at, by, self.episode)

    def keep_to_codes(self, *, at: dt.datetime, by: User) -> None:
        """The person changed their mind: from now on only the codes go back."""
        self.episode.share_back, self.episode.share_back_changed_at = ShareBack.CODES, at
        self._note("episode.consent_changed", at, by, self.episode, **{"from": "everything", "to": "codes"})

    def hand_over(self, *, at: dt.datetime, to: User, by: User) -> None:
        before, self.episode.holder = self.episode.holder, to
        self._note("episode.handed_over", at, by, self.episode, **{"from": before.pk if before else None, "to": to.pk})

    def send(self, *, at: dt.datetime, by: User, text: str) -> None:
        """News for the practice, where the person agreed to that."""
        message = self._write(Kind.UPDATE, at=at, by=by, text=text)
        if message:
            self._note("message.sent", at, by, message)

    def close(self, *, at: dt.datetime, by: User, outcome: str, note: str, letter: str) -> None:
        self.tick_off(at=at, by=by)
        self._end(at, by, outcome, note)
        code = CodedEntry.Code.DECLINED if outcome == Outcome.PERSON_DECLINED else None
        self._write(Kind.ENDED, at=at, by=by, text=letter, code=code)
        self._note("episode.closed", at, by, self.episode, outcome=str(outcome))

    def _end(self, at: dt.datetime, by: User, outcome: str, note: str = "") -> None:
        self.episode.closed_at, self.episode.closed_by = at, by
        self.episode.outcome, self.episode.closing_note = outcome, note
        for referral in self.referrals:
            if referral.state in (State.ACCEPTED, State.ACTIVE):
                referral.state, referral.closed_at = State.CLOSED, at

    def _end_if_nothing_is_left(self, at: dt.datetime, by: User, outcome: str) -> None:
        if all(referral.state not in LIVE for referral in self.referrals):
            self._end(at, by, outcome)

    def _write(self, kind: str, *, at: dt.datetime, by: User, text: str, code: str | None = None) -> MessageBack | None:
        """A message back, limited by consent; a code is told once, and without it codes-only has nothing to say."""
        everything = self.episode.share_back == ShareBack.EVERYTHING
        new_code = code if code not in self.codes else None
        if not everything and not new_code:
            return None
        message = self.records.add(
            MessageBack(
                episode=self.episode,
                practice=self.person.practice,
                kind=kind,
                share_back=self.episode.share_back,
                text=text if everything else "",
                by=by,
                created_at=at,
            )
        )
        if new_code:
            self.codes.add(new_code)
            self.records.add(CodedEntry(episode=self.episode, code=new_code, recorded_at=at, by=by, message=message))
        return message

    def _note(self, verb: str, at: dt.datetime, by: User, subject: Any, **facts: Any) -> None:
        self.records.note(verb, at, by, subject, self.person, **facts)
