"""The cases told by hand: those whom the link worker sees today, and what has just come in."""

import datetime as dt
from typing import Any

from linkworkers.demo.case import Case
from linkworkers.demo.narrator import Narrator
from linkworkers.demo.people import Character
from members.models import User
from referrals.models import CareContact
from referrals.models.episode import Complexity, ShareBack
from referrals.models.person import ContactWay, VisitRisk
from referrals.models.referral import ConsentMethod, Reason, Urgency

Kind, Result = CareContact.Kind, CareContact.Result


def tell(narrator: Narrator) -> None:
    """Before everything else, so that their references are the same on any day."""
    _jim(narrator)
    _samira(narrator)
    _joan(narrator)
    _peter(narrator)
    _just_in(narrator)
    _asked(narrator)
    _answered(narrator)


def _open(
    narrator: Narrator,
    practice: str,
    born: dt.date,
    name: str,
    *,
    at: dt.datetime,
    sex: str,
    details: dict[str, Any],
    by: str,
    **asked: Any,
) -> Case:
    given, family = name.split()
    workplace = narrator.world.workplaces[practice]
    person = narrator.crowd.named(workplace, given, family, born, **details)
    case = Case(narrator.records, Character(person, narrator.world.area(workplace), sex))
    usual = {
        "share_back": ShareBack.EVERYTHING,
        "consent_method": ConsentMethod.FACE_TO_FACE,
        "referrer_name": narrator.world.people[by].name,
    }
    submitter = narrator.world.people[by]
    facts = usual | asked
    case.refer(reference=narrator.reference(), at=at, by=submitter, **facts)
    return case


def _amara(narrator: Narrator) -> User:
    return narrator.world.people["link-worker"]


def _jim(narrator: Narrator) -> None:
    """Complex, at risk, and getting better; at the clinic this morning."""
    clock, amara = narrator.clock, _amara(narrator)
    case = _open(
        narrator,
        "maltings",
        dt.date(1971, 5, 4),
        "James Harcourt",
        at=clock.ago(42, 10, 20),
        sex="men",
        details={
            "known_as": "Jim",
            "safe_contact": "Phone after 17:00. No messages at work.",
            "visit_risk": VisitRisk.RISK,
            "risk_details": "Do not visit alone: his brother-in-law has turned up drunk and threatened callers.",
        },
        by="Dr Priya Shah",
        referrer_name="Dr P. Shah",
        reasons=[Reason.ALCOHOL_DRUGS, Reason.HOUSING, Reason.LONELINESS],
        urgency=Urgency.STRUGGLING,
        why_now="Alcohol, housing, lives alone since the summer. Has cut down by himself and hopes to keep his job.",
        hopes="To get back to work, and to see his daughter.",
    )
    case.accept(at=clock.ago(41, 9, 15), by=amara)
    booked = clock.ago(40, 17, 10)
    case.contact(
        at=booked, by=amara, kind=Kind.PHONE, result=Result.NO_ANSWER, note="No answer. Left my name only, as agreed."
    )
    missed = case.book(
        at=booked, by=amara, kind=Kind.CLINIC, starts_at=clock.ago(35, 9, 30), place="The Maltings, room 4"
    )
    case.contact(
        at=clock.ago(35, 9, 30),
        by=amara,
        kind=Kind.CLINIC,
        result=Result.DID_NOT_ATTEND,
        note="Rang twice, left a message. No harm done; I shall try again after five.",
        appointment=missed,
    )
    case.contact(
        at=clock.ago(32, 17, 20),
        by=amara,
        kind=Kind.PHONE,
        result=Result.TOOK_PART,
        minutes=25,
        note=(
            "He had not dared to come. We talked for a long while. Drinks less than he did, mostly at the weekend; "
            "sleeps badly. Would like to meet at the surgery, never at home, and nobody at work is to know."
        ),
    )
    case.understand(
        at=clock.ago(32, 17, 50),
        by=amara,
        what_matters="Getting back to work without everyone knowing, and seeing my daughter on Sundays.",
        complexity=Complexity.COMPLEX,
    )
    case.contact(
        at=clock.ago(27, 11, 40),
        by=amara,
        kind=Kind.ABOUT,
        result=Result.TOOK_PART,
        minutes=20,
        note=(
            "With his agreement I told adult care services about the threats at his door. They rang him the same "
            "afternoon; reference recorded. He was relieved that it is no longer only his."
        ),
    )
    at = clock.ago(14, 17, 5)
    case.contact(
        at=at,
        by=amara,
        kind=Kind.PHONE,
        result=Result.TOOK_PART,
        minutes=15,
        note="Told him about one-to-one support at Mind. He would rather ring them himself, and will think about it.",
    )
    case.follow_up(at=at, by=amara, what="Word the fit note with Dr Shah", due_on=clock.day_before(7))
    met = case.book(
        at=at, by=amara, kind=Kind.CLINIC, starts_at=clock.ago(7, 9, 30), minutes=45, place="The Maltings, room 4"
    )
    at = clock.ago(7, 9, 30)
    case.tick_off(at=at, by=amara)
    case.contact(
        at=at,
        by=amara,
        kind=Kind.CLINIC,
        result=Result.TOOK_PART,
        minutes=45,
        note=(
            "He is sleeping better. Talked about telling his employer. He will ring Mind himself before we next meet. "
            "Saw his daughter on Sunday: they fed the ducks, and he told it well."
        ),
        appointment=met,
    )
    text = "Jim is drinking less and sleeping better. A fit note that does not name the reason would help."
    case.send(at=at, by=amara, text=text)
    case.follow_up(at=at, by=amara, what="Housing options form, together", due_on=clock.in_days(4))
    case.book(
        at=at,
        by=amara,
        kind=Kind.CLINIC,
        starts_at=clock.at(clock.today, 9, 30),
        minutes=45,
        place="The Maltings, room 4",
        note="Second meeting. He agreed to ring Mind; ask how it went.",
    )


def _samira(narrator: Narrator) -> None:
    """A home visit with an interpreter today."""
    clock, amara = narrator.clock, _amara(narrator)
    case = _open(
        narrator,
        "grange",
        dt.date(1984, 9, 17),
        "Samira Al-Tamimi",
        at=clock.ago(24, 14, 5),
        sex="women",
        details={
            "known_as": "سميرة",
            "language": "Arabic",
            "needs_interpreter": True,
            "contact_ways": [ContactWay.TEXT, ContactWay.LETTER],
            "safe_contact": "Text first; she rings back with a friend who interprets.",
        },
        by="Dr Owen Hughes",
        reasons=[Reason.LONELINESS, Reason.PRACTICAL],
        urgency=Urgency.EARLY,
        why_now="Here since the spring with two children. Knows nobody, and is afraid to answer the door.",
        hopes="To learn English with other mothers, and to have somebody to ask.",
    )
    case.accept(at=clock.ago(23, 9, 40), by=amara)
    at = clock.ago(16, 11)
    booked = case.book(at=clock.ago(21, 10), by=amara, kind=Kind.HOME_VISIT, starts_at=at, minutes=60)
    case.contact(
        at=at,
        by=amara,
        kind=Kind.HOME_VISIT,
        result=Result.TOOK_PART,
        minutes=70,
        note=(
            "With an interpreter. She was a pharmacist in Homs and would like to work again. Mint tea and a plate of "
            "dates; the children taught me to count to ten. She would like to meet other mothers before anything else."
        ),
        appointment=booked,
    )
    case.understand(
        at=at,
        by=amara,
        what_matters="I want to help my children with their homework, and one day to stand behind a counter again.",
        complexity=Complexity.MODERATE,
    )
    what = "Ask Verulam Hall about the English class with a crèche"
    case.follow_up(at=at, by=amara, what=what, due_on=clock.in_days(2))
    case.book(
        at=at,
        by=amara,
        kind=Kind.HOME_VISIT,
        starts_at=clock.at(clock.today, 11),
        minutes=60,
        note="Interpreter booked (Arabic). Bring the dates of the English class.",
    )


def _joan(narrator: Narrator) -> None:
    """Somebody who ought to have been rung three days ago."""
    clock, amara = narrator.clock, _amara(narrator)
    case = _open(
        narrator,
        "verulam",
        dt.date(1946, 2, 11),
        "Joan Prentice",
        at=clock.ago(38, 15, 30),
        sex="women",
        details={"contact_ways": [ContactWay.PHONE, ContactWay.LETTER], "access_needs": "Hard of hearing; speak up."},
        by="Jenny Cole",
        referrer_name="Dr Fatima Malik",
        reasons=[Reason.BEREAVEMENT, Reason.LONELINESS],
        urgency=Urgency.STRUGGLING,
        why_now="Her husband Arthur died in August after a long illness. She sets the table for two and then cries.",
        hopes="To talk to others who know what it is like.",
    )
    case.accept(at=clock.ago(36, 9, 5), by=amara)
    at = clock.ago(30, 14)
    case.contact(
        at=at,
        by=amara,
        kind=Kind.PHONE,
        result=Result.TOOK_PART,
        minutes=30,
        note="She told me about Arthur and his pigeons. Would come to a group, if it is not in the evening.",
    )
    case.understand(at=at, by=amara, what_matters="To hear Arthur's name said aloud.", complexity=Complexity.LIGHT)
    at = clock.ago(12, 14, 15)
    case.contact(
        at=at,
        by=amara,
        kind=Kind.PHONE,
        result=Result.TOOK_PART,
        minutes=15,
        note="The afternoon group meets on Thursdays. She has put it in the calendar, in pencil.",
    )
    case.follow_up(at=at, by=amara, what="Ring Joan about the bereavement group", due_on=clock.in_days(-3))


def _peter(narrator: Narrator) -> None:
    """Meeting at the Talking Café this afternoon; agreed to share only the codes."""
    clock, amara = narrator.clock, _amara(narrator)
    case = _open(
        narrator,
        "fleetville",
        dt.date(1958, 12, 3),
        "Peter Lovell",
        at=clock.ago(29, 11, 45),
        sex="men",
        details={"contact_ways": [ContactWay.PHONE]},
        by="Dr Samuel Adjei",
        reasons=[Reason.MONEY, Reason.HOUSING],
        urgency=Urgency.CRISIS,
        why_now="Debt and an eviction notice. Sat in the waiting room for two hours before he said why he had come.",
        hopes="To keep the flat.",
        share_back=ShareBack.CODES,
    )
    case.accept(at=clock.ago(29, 15, 10), by=amara)
    at = clock.ago(27, 10)
    booked = case.book(at=clock.ago(28, 9, 50), by=amara, kind=Kind.CLINIC, starts_at=at, place="Fleetville Green")
    case.contact(
        at=at,
        by=amara,
        kind=Kind.CLINIC,
        result=Result.TOOK_PART,
        minutes=50,
        note=(
            "He had every letter in order, by date. The hearing is in two months, and the housing adviser will go with "
            "him. He asked that the practice be told as little as possible; I explained what the codes are."
        ),
        appointment=booked,
    )
    case.understand(at=at, by=amara, what_matters="To stay where my wife's roses are.", complexity=Complexity.COMPLEX)
    case.follow_up(at=at, by=amara, what="Ask the housing adviser about Peter's hearing", due_on=clock.today)
    case.book(
        at=at,
        by=amara,
        kind=Kind.ELSEWHERE,
        starts_at=clock.at(clock.today, 14),
        minutes=60,
        place="Talking Café, Verulam Hall",
        note="His first time. Meet him at the door.",
    )


def _just_in(narrator: Narrator) -> None:
    """Sent twenty minutes ago."""
    _open(
        narrator,
        "grange",
        dt.date(1953, 7, 29),
        "Dorothy Amos",
        at=narrator.clock.now - dt.timedelta(minutes=20),
        sex="women",
        details={"known_as": "Dot", "contact_ways": [ContactWay.PHONE, ContactWay.LETTER]},
        by="Sandra Oyelaran",
        referrer_name="Dr Owen Hughes",
        reasons=[Reason.LONELINESS, Reason.HOUSING],
        urgency=Urgency.STRUGGLING,
        why_now="The lift has been out for five weeks, and she lives on the fourth floor. Nobody has been up.",
        hopes="Some company, and somebody to chase the landlord.",
    )


def _asked(narrator: Narrator) -> None:
    """A question that waits for the receptionist."""
    clock = narrator.clock
    case = _open(
        narrator,
        "maltings",
        dt.date(1990, 10, 8),
        "Kwabena Darko",
        at=clock.ago(6, 16, 10),
        sex="men",
        details={"contact_ways": [ContactWay.LETTER], "visit_risk": VisitRisk.UNKNOWN},
        by="practice",
        referrer_name="Dr Priya Shah",
        reasons=[Reason.LOW_MOOD, Reason.WORK],
        urgency=Urgency.STRUGGLING,
        why_now="Signed off since the accident at work. Lives with his mother and does not want to worry her.",
    )
    question = "Only post is ticked as a safe way, and he lives with his mother. Would he mind a letter from us there?"
    case.ask(at=clock.ago(1, 10, 30), by=_amara(narrator), question=question)


def _answered(narrator: Narrator) -> None:
    """A question that the practice has answered: the network's turn again."""
    clock = narrator.clock
    case = _open(
        narrator,
        "harpenden",
        dt.date(1967, 3, 22),
        "Rajni Thakkar",
        at=clock.ago(9, 12, 25),
        sex="women",
        details={"language": "Gujarati", "contact_ways": [ContactWay.PHONE]},
        by="Dr Claire Whitmore",
        reasons=[Reason.CARER, Reason.LONG_TERM_CONDITION],
        urgency=Urgency.EARLY,
        why_now="Cares for her husband and her mother-in-law. Her own sugar is creeping up and she laughs about it.",
        hopes="An afternoon a week.",
    )
    request = case.ask(
        at=clock.ago(7, 9, 20),
        by=narrator.world.people["colleague"],
        question="Would she like an interpreter when we ring?",
    )
    text = "No need on the telephone, she says; for forms she would be glad of one."
    case.answer(request, at=clock.ago(3, 13, 15), by=narrator.world.people["Mohammed Aziz"], text=text)
