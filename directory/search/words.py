"""What somebody typed, as a question that Postgres can answer: without noise, with synonyms, and spelt right."""

import re
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
    """What was said, as tsqueries of stems. `groups` has one for each word that counts, with its synonyms; `said` are
    those words alone. `corrected` is the query as it was understood when a word had to be mended, else empty.
    """

    groups: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    corrected: str = ""

    @property
    def any(self) -> str:
        return " | ".join(self.groups)

    @property
    def all(self) -> str:
        return " & ".join(f"({group})" for group in self.groups)

    @property
    def named(self) -> tuple[str, ...]:
        """The groups once more, found in the name of a listing only."""
        return tuple(re.sub(r"'[a-z0-9]+'", r"\g<0>:A", group) for group in self.groups)


def understand(text: str, *, literal: bool = False) -> Words:
    """One small query: the vocabulary, for spelling, and the synonyms. Empty when nothing in the text counts."""
    every = list(dict.fromkeys(words_of(text)))[: MOST_WORDS * 4]
    tokens = [word for word in every if word not in NOISE][:MOST_WORDS]
    if not tokens:
        return Words()
    seen = _look_up(tokens)
    senses = _senses(seen.synonyms)
    mended = {} if literal else _mend(seen.resembling, senses)
    stems = seen.stems
    if mended:  # "somthing" was meant to be noise
        stems |= _look_up(list(mended.values())).stems
    tokens = list(dict.fromkeys(mended.get(token, token) for token in tokens))
    tokens = [token for token in tokens if token not in NOISE]
    sentence = " ".join(mended.get(word, word) for word in every)
    groups = tuple(" | ".join([f"'{stems[token]}'", *_meant(token, sentence, senses)]) for token in tokens)
    return Words(groups, tuple(f"'{stems[token]}'" for token in tokens), _corrected(text, mended) if mended else "")


def _corrected(text: str, mended: dict[str, str]) -> str:
    """The text as typed, with the mended words in their places."""

    def mend(match: re.Match[str]) -> str:
        return mended.get("".join(words_of(match[0])), match[0])

    return re.sub(r"[^\W_]+(?:['’][^\W_]+)?", mend, text)


@dataclass(frozen=True)
class _Seen:
    """What Postgres says of some words: their stems, and for each that no listing has, the words that resemble it."""

    synonyms: str
    stems: dict[str, str]
    resembling: dict[str, list[str]]


def _look_up(words: list[str]) -> _Seen:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT typed.word, typed.stem, CASE
                WHEN length(typed.word) < %s OR typed.word ~ '^[0-9]+$'
                    OR EXISTS (SELECT 1 FROM directory_word known WHERE known.stem = typed.stem) THEN NULL
                ELSE array(
                    SELECT w.word FROM directory_word w WHERE w.word %% typed.word
                    ORDER BY similarity(w.word, typed.word) + 0.02 * ln(w.uses) DESC, w.word LIMIT 8
                ) END
            FROM (
                SELECT word, coalesce((ts_lexize('english_stem', word))[1], word) AS stem
                FROM unnest(%s::text[]) AS word
            ) AS typed
            UNION ALL
            SELECT NULL, string_agg(id || ':' || words, E'\\n' ORDER BY id), NULL FROM directory_synonym
            """,
            [SHORTEST_CORRECTED, words],
        )
        rows = cursor.fetchall()
    return _Seen(
        synonyms=next(stem for word, stem, _ in rows if word is None) or "",
        stems={word: stem for word, stem, _ in rows if word},
        resembling={word: near for word, _, near in rows if word and near is not None},
    )


def _mend(resembling: dict[str, list[str]], senses: "_Senses") -> dict[str, str]:
    """For each word that no listing has, and no synonym: the one that it was meant to be, where one is close enough.

    Trigrams found what to compare with; which is closest is a matter of letters in their order. Trigrams do not find a
    short word of which two letters changed places ("greif").
    """
    mended = {}
    for word, near in resembling.items():
        if word in senses.single:
            continue
        swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
        close = get_close_matches(word, [*near, *senses.single], n=1, cutoff=ALIKE)
        if right := next((each for each in swapped if each in senses.single or each in near), None) or next(
            iter(close), None
        ):
            mended[word] = right
    return mended


@dataclass(frozen=True)
class _Senses:
    """The senses of each single word, and of each phrase with the words that it is made of."""

    single: dict[str, tuple[str, ...]]
    phrases: tuple[tuple[str, frozenset[str], str], ...]


@lru_cache(maxsize=2)
def _senses(rows: str) -> _Senses:
    """Read anew only when the office has changed the rows, for they are the key."""
    single: dict[str, tuple[str, ...]] = {}
    phrases = []
    for row in rows.splitlines():
        number, _, terms = row.partition(":")
        sense = f"'{Synonym.sense(int(number))}'"
        for term in terms.split(","):
            words = words_of(term)
            if len(words) == 1:
                single[words[0]] = (*single.get(words[0], ()), sense)
            elif words:
                phrases.append((" ".join(words), frozenset(words), sense))
    return _Senses(single, tuple(phrases))


def _meant(token: str, sentence: str, senses: _Senses) -> list[str]:
    """The senses of a token; a word of a phrase that was said counts as that phrase."""
    found = [sense for phrase, words, sense in senses.phrases if token in words and f" {phrase} " in f" {sentence} "]
    forms = (token, token.removesuffix("s"), f"{token}s")
    found += next((senses.single[form] for form in forms if form in senses.single), ())
    return list(dict.fromkeys(found))
