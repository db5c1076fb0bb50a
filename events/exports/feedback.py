"""What feedback adds up to, as rows for a spreadsheet."""

from collections.abc import Sequence
from typing import Any

from events.feedback_results import Results
from linkworkers.spreadsheets import harmless


def rows(results: Results) -> list[Sequence[Any]]:
    """A row for each mark of each question, then what was said in words. What somebody typed is no formula."""
    made: list[Sequence[Any]] = [["Question", "Mark or words", "How many", "Average"]]
    for result in [*results.marks, *results.sessions]:
        average = "" if result.average is None else round(result.average, 2)
        made += [[harmless(result.question), bar.label, bar.count, average] for bar in result.bars]
    for words in results.words:
        made += [[harmless(words.question), harmless(text), 1, ""] for text in words.texts]
    return made
