"""What is kept of somebody's expenses, for whoever asks for everything about themselves."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial

from django.urls import reverse

from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import StoredFile, User
from volunteers.models import ExpenseLine, MilesElsewhere, Receipt


def expenses(user: User) -> Section:
    return Section(
        key="expenses",
        title="Your expenses as a volunteer",
        why="So that you get back what you spent, and the books can be checked. Kept for six years; no bank details.",
        rows=Lazy(_expenses, user),
        covers=frozenset(
            {
                "volunteers.expenseclaim.claimant",
                "volunteers.expenseclaim.volunteer",
                "volunteers.mileselsewhere.user",
            }
        ),
        change=("See your expenses", reverse("expenses")),
        files=_Receipts(user),
    )


def _expenses(user: User) -> Iterator[Row]:
    lines = ExpenseLine.objects.filter(claim__claimant=user).select_related("claim__volunteer__workplace")
    for line in lines.iterator(chunk_size=500):
        yield {
            "claim": line.claim_id,
            "at": str(line.claim.volunteer.workplace),
            "how it stands": line.claim.get_state_display(),
            "what was written back": line.claim.answer,
            "day": line.on,
            "kind": line.get_kind_display(),
            "journey": line.journey,
            "miles": line.miles,
            "how it was worked out": line.working,
            "why without a shift": line.reason,
            "why without the bus pass": line.get_pass_reason_display(),
            "note": line.note,
            "amount": line.amount,
        }
    for declared in MilesElsewhere.objects.filter(user=user):
        yield {"tax year from 6 April": declared.year, "miles driven elsewhere": declared.miles}


class _Receipts:
    """Each read when it is written. The number before a name tells two apart."""

    def __init__(self, user: User) -> None:
        self.user = user

    def __iter__(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        kept = Receipt.objects.filter(line__claim__claimant=self.user).values_list("pk", "file", "file__name")
        for number, file, name in kept:
            yield f"{number} {name}", partial(_content, file)


def _content(file: uuid.UUID) -> bytes:
    return bytes(StoredFile.objects.values_list("content", flat=True).get(pk=file))
