"""The health check of a programme: eleven questions on keeping volunteers, answered by data where there are any."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from members.models import Role, User, Workplace
from volunteers import health_data
from volunteers.health_data import Answer, Finding, Programme
from volunteers.models import Clinic, HealthAnswer, Volunteer

WORDS = {Answer.YES: "Going well", Answer.PARTLY: "Needs a look", Answer.NO: "Needs you now", None: "Not answered yet"}


@dataclass(frozen=True)
class Question:
    """`asks` is the question and `why` it matters; `next_step` is what to do when it is not a yes. Without `look`, or
    while there are no data, a coordinator answers.
    """

    key: str
    asks: str
    why: str
    next_step: str
    look: Callable[[Programme], Finding | None] | None = None


@dataclass(frozen=True)
class Result:
    """How a question stands at a workplace: what the data say, or else the last answer; `history` has all of them."""

    number: int
    question: Question
    finding: Finding | None
    history: list[HealthAnswer]

    @property
    def last(self) -> HealthAnswer | None:
        return self.history[0] if self.history else None

    @property
    def answer(self) -> str | None:
        if self.finding:
            return self.finding.answer
        return self.last.answer if self.last else None

    @property
    def word(self) -> str:
        return WORDS[Answer(self.answer) if self.answer else None]

    @property
    def lacks_data(self) -> bool:
        """Data could answer this, and there are none."""
        return self.question.look is not None and self.finding is None

    @property
    def is_well(self) -> bool:
        return self.answer == Answer.YES


QUESTIONS: tuple[Question, ...] = (
    Question(
        "turn-to",
        "Does everybody have a person to turn to?",
        "What people tell a volunteer can be heavy. Somebody paid has to stand behind each clinic, by name.",
        "Ask the network’s link workers who takes which clinic, and write the name on the clinic’s page.",
        health_data.person_to_turn_to,
    ),
    Question(
        "checks",
        "Are everybody’s checks in order?",
        "A check that runs out takes a volunteer off the rota, mostly without anybody having meant it.",
        "Ring those who are named here, and renew what has ended before the next shift.",
        health_data.checks_in_order,
    ),
    Question(
        "first-shift",
        "Is the way from applying to the first shift short?",
        "Who waits for months has found something else. Six weeks are good.",
        "See on whom it waits: references, the DBS check or us. Offer the induction while the check is under way.",
        health_data.time_to_first_shift,
    ),
    Question(
        "filled",
        "Are shifts filled without begging?",
        "Last-minute calls wear out the kindest people first.",
        "Open the rota further ahead, and look for a second volunteer for the half-day that is hardest to fill.",
        health_data.shifts_filled,
    ),
    Question(
        "fair",
        "Is the load shared fairly?",
        "When a few carry the clinic, it ends with the first holiday.",
        "Offer free shifts first to those who have had few, and tell the busiest that a week off is all right.",
        health_data.fair_load,
    ),
    Question(
        "silent",
        "Do people come back, and is nobody silent?",
        "Whoever has not been there for eight weeks is mostly on their way out, and waits for somebody to ask.",
        "Ring each of them: how are you, and which day would suit you better?",
        health_data.nobody_silent,
    ),
    Question(
        "expenses",
        "Are expenses paid within thirty days?",
        "Nobody should pay to volunteer, and many will not ask twice.",
        "Look through what waits for approval, and agree one day a month on which it is paid.",
        health_data.expenses_paid,
    ),
    Question(
        "training",
        "Is training offered, and done?",
        "Learning is a reason to stay. It shows that somebody wants you to be good at this.",
        "Offer one session in the next two months, at a time when your volunteers can come.",
        health_data.training_done,
    ),
    Question(
        "thanked",
        "Are people thanked within a month?",
        "A milestone is a reason to write. Later than a month, it reads like a duty.",
        "Open the letters that wait and write the first one today. It takes five minutes.",
        health_data.thanked_in_time,
    ),
    Question(
        "leaving",
        "Do we ask why people leave, and do something about it?",
        "Those who go tell you what those who stay put up with.",
        "Ring the last three who left. Ask for one thing that would have kept them, and change one thing.",
        health_data.reasons_for_leaving,
    ),
    Question(
        "meeting",
        "Do volunteers meet each other, and talk about what they hear?",
        "They see each other rarely. An hour together, with a link worker, keeps them well and keeps them here.",
        "Set a date this month: an hour, tea, a link worker, and what was hard lately.",
    ),
)
BY_KEY = {question.key: question for question in QUESTIONS}


def check(workplace: Workplace) -> list[Result]:
    """How the eleven questions stand at a workplace. Six queries, however many volunteers there are."""
    history: dict[str, list[HealthAnswer]] = {}
    for answer in HealthAnswer.objects.filter(workplace=workplace).select_related("by"):
        history.setdefault(answer.question, []).append(answer)
    programme = Programme(workplace)
    return [
        Result(number, question, question.look(programme) if question.look else None, history.get(question.key, []))
        for number, question in enumerate(QUESTIONS, start=1)
    ]


def workplaces_of(user: User) -> list[Workplace]:
    """Where this person coordinates: their own workplaces, then practices beneath that have volunteers or clinics."""
    own = user.workplace_ids(Role.COORDINATOR)
    used = Q(Exists(Volunteer.objects.filter(workplace=OuterRef("pk")))) | Q(
        Exists(Clinic.objects.filter(practice=OuterRef("pk")))
    )
    places = list(Workplace.objects.filter(Q(pk__in=own) | (Q(parent__in=own) & used)).order_by("name", "pk"))
    return sorted(places, key=lambda place: place.pk not in own)
