"""What somebody typed, as a question that Postgres can answer: without noise, with synonyms, and spelt right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from django.db import connection

from directory.index import words_of
from directory.models import Synonym

MOST_WORDS = 12  # of a query; whoever writes an essay is heard up to here
SHORTEST_CORRECTED = 4  # letters: below that every word resembles another
ALIKE = 0.82  # of 1: one wrong letter in six; "break" is no "bread"

# What people say around what they are looking for; Postgres's own stop words are among it.
NOISE = frozenset(
    """
    a about above after again against ain all also am an and any anybody anyone anything are as at away be
    because been before being below between both but by can cannot cant come could d day days did do does doing
    don dont down during each even every feel feeling feels few find for from further get gets getting give go
    goes going good got group groups had has have having he help helps her here hers herself him himself his how
    i if ill im in into is it its itself ive just keep know last let like ll local look looking lot m make me
    meet meeting meets more most much my myself near nearby need needs new no nobody nor not nothing now o of
    off old on once one only or other our ours ourselves out over own people person place places please re
    really s same service services she should so some somebody someone something sometimes somewhere still such
    support t than that the their theirs them themselves then there these they thing things think this those
    through to too under until up us ve very want wants was way we week weekly well went were what when where
    which while who whom why will with without would y you your yours yourself yourselves
    """.split()
)


@dataclass(frozen=True)
class Words:
    """`groups` are tsqueries, one for each word that counts, each with its synonyms; `said` are those words alone.
    `corrected` is the query as it was understood when a word had to be mended, else empty.
    """

    groups: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    corrected: str = ""

    @property
    def any(self) -> str:
        return " | ".join(f"({group})" for group in self.groups)

    @property
    def named(self) -> tuple[str, ...]:
        """The groups once more, found in the name of a listing only."""
        return tuple(re.sub(r"[a-z0-9]+", r"\g<0>:A", group) for group in self.groups)

    @property
    def all(self) -> str:
        return " & ".join(f"({group})" for group in self.groups)


def understand(text: str, *, literal: bool = False) -> Words:
    """Two small queries: the vocabulary, for spelling, and the synonyms. Empty when nothing in the text counts."""
    every = list(dict.fromkeys(words_of(text)))[: MOST_WORDS * 4]
    tokens = [word for word in every if word not in NOISE][:MOST_WORDS]
    if not tokens:
        return Words()
    synonyms = _synonyms(tuple(Synonym.objects.values_list("words", flat=True)))
    unknown = [token for token in tokens if token not in synonyms.single]
    mended = {} if literal else _mend(unknown, synonyms.single)
    tokens = list(dict.fromkeys(mended.get(token, token) for token in tokens))
    sentence = " ".join(mended.get(word, word) for word in every)
    groups = tuple(_with_synonyms(token, sentence, synonyms) for token in tokens)
    corrected = _corrected(text, mended) if mended else ""
    return Words(groups, tuple(tokens), corrected)


def _corrected(text: str, mended: dict[str, str]) -> str:
    """The text as typed, with the mended words in their places."""

    def mend(match: re.Match[str]) -> str:
        return mended.get("".join(words_of(match[0])), match[0])

    return re.sub(r"[^\W_]+(?:['’][^\W_]+)?", mend, text)


def _mend(tokens: list[str], synonyms: Iterable[str]) -> dict[str, str]:
    """For each of these that no listing has: the word that it was meant to be, of our listings' or of the synonyms."""
    unsure = [token for token in tokens if len(token) >= SHORTEST_CORRECTED and not token.isdigit()]
    if not unsure:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT typed.word, array(
                SELECT w.word FROM directory_word w WHERE w.word %% typed.word
                ORDER BY similarity(w.word, typed.word) + 0.02 * ln(w.uses) DESC, w.word LIMIT 8
            )
            FROM unnest(%s::text[]) AS typed(word)
            WHERE NOT EXISTS (
                SELECT 1 FROM directory_word known
                WHERE known.stem = coalesce((ts_lexize('english_stem', typed.word))[1], typed.word)
            )
            """,
            [unsure],
        )
        near = dict(cursor.fetchall())
    # Trigrams find what to compare; which is closest is a matter of letters in their order.
    best = {token: get_close_matches(token, [*words, *synonyms], n=1, cutoff=ALIKE) for token, words in near.items()}
    return {token: words[0] for token, words in best.items() if words}


@dataclass(frozen=True)
class _Synonyms:
    """Of each single word, and of each phrase, the alternatives as one tsquery."""

    single: dict[str, str]
    phrases: tuple[tuple[str, frozenset[str], str], ...]


@lru_cache(maxsize=2)
def _synonyms(rows: tuple[str, ...]) -> _Synonyms:
    """Read anew only when the office has changed them: the rows themselves are the key."""
    single: dict[str, list[str]] = {}
    phrases = []
    for row in rows:
        terms = [tuple(words) for part in row.split(",") if (words := words_of(part))]
        alternatives = [" <-> ".join(term) for term in terms]
        for term in terms:
            if len(term) == 1:
                single.setdefault(term[0], []).extend(alternatives)
            else:
                query = " | ".join(f"({each})" for each in alternatives)
                phrases.append((" ".join(term), frozenset(term), query))
    joined = {word: " | ".join(f"({each})" for each in dict.fromkeys(found)) for word, found in single.items()}
    return _Synonyms(joined, tuple(phrases))


def _with_synonyms(token: str, sentence: str, synonyms: _Synonyms) -> str:
    """The token or what means the same; a word of a phrase that was said counts as that phrase."""
    found = [query for phrase, words, query in synonyms.phrases if token in words and f" {phrase} " in f" {sentence} "]
    for word in (token, token.removesuffix("s"), f"{token}s"):
        if word in synonyms.single:
            found.append(synonyms.single[word])
            break
    return " | ".join([token, *found])
