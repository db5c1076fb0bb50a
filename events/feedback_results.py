"""What feedback adds up to, as bars with their numbers; nothing while so few answered that one could be guessed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.models import Event, Feedback, FeedbackReply, SessionMark
from events.models.feedback import BEST, FEWEST, LIKELIEST

PROMOTERS, DETRACTORS = range(9, 11), range(7)  # of the net promoter score


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    percent: int  # of the longest


@dataclass(frozen=True)
class Result:
    """One question: how many gave each mark, how many answered and what they gave on average."""

    question: str
    bars: Sequence[Bar]
    answers: int
    average: float | None


@dataclass(frozen=True)
class Words:
    question: str
    texts: Sequence[str]


@dataclass(frozen=True)
class Results:
    """`count` people have answered; with fewer than five the rest is empty. `recommend` is the net promoter score, from
    -100 to 100: the share of nines and tens less that of nought to six.
    """

    count: int
    marks: Sequence[Result] = ()
    sessions: Sequence[Result] = ()
    words: Sequence[Words] = ()
    recommend: int | None = None

    @property
    def missing(self) -> int:
        return max(0, FEWEST - self.count)


def results(event: Event) -> Results:
    """Three queries, however many have answered."""
    given = list(Feedback.objects.filter(event=event))
    if len(given) < FEWEST:
        return Results(len(given))
    scale = range(1, BEST + 1)
    marks = [
        _result("All in all", (each.overall for each in given), scale),
        _result("What was talked about", (each.content for each in given), scale),
        _result("The place, or the connection", (each.place for each in given), scale),
        _result("Would recommend it", (each.recommend for each in given), range(LIKELIEST + 1)),
    ]
    words = [
        Words("Most useful", sorted(each.best for each in given if each.best)),
        Words("To be different", sorted(each.change for each in given if each.change)),
    ]
    by_question: dict[str, list[FeedbackReply]] = {}
    for reply in FeedbackReply.objects.filter(question__event=event).select_related("question"):
        by_question.setdefault(reply.question.text, []).append(reply)
    for question, replies in by_question.items():
        if replies[0].question.kind == replies[0].question.Kind.SCALE:
            marks.append(_result(question, (each.mark for each in replies), scale))
        else:
            words.append(Words(question, sorted(each.text for each in replies if each.text)))
    by_session: dict[str, list[int]] = {}
    for title, mark in (
        SessionMark.objects.filter(item__event=event)
        .order_by("item__starts_at", "item")
        .values_list("item__title", "mark")
    ):
        by_session.setdefault(title, []).append(mark)
    sessions = [_result(title, some, scale) for title, some in by_session.items() if len(some) >= FEWEST]
    said = [each.recommend for each in given if each.recommend is not None]
    score = sum(mark in PROMOTERS for mark in said) - sum(mark in DETRACTORS for mark in said)
    return Results(
        len(given),
        marks,
        sessions,
        [each for each in words if each.texts],
        round(100 * score / len(said)) if said else None,
    )


def _result(question: str, marks: Iterable[int | None], scale: range) -> Result:
    said = [mark for mark in marks if mark is not None]
    counts = Counter(said)
    longest = max(counts.values(), default=1)
    bars = [Bar(str(mark), counts[mark], round(100 * counts[mark] / longest)) for mark in scale]
    return Result(question, bars, len(said), sum(said) / len(said) if said else None)
