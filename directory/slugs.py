"""What listings are called in addresses: their slug, and the short code on paper."""

from collections.abc import Iterable, Sequence

from django.utils.text import slugify

from directory.models import Service
from directory.models.service import new_code
from linkworkers.batches import batched

# The words that directory/urls.py keeps for pages of its own.
RESERVED = frozenset(
    "suggest mine collections leaflet connectors counter gaps data still-right claims new checked search".split()
)

LONGEST_NAME = 100  # characters, of the 120 that the column has
NUMBERED = 9  # as in talking-cafe-9; a tenth of the same name gets a code instead
BATCH = 1000


def slugs_for(names: Sequence[str]) -> list[str]:
    """A slug for each name, in order: unlike each other, those of other listings and the words of our own pages.

    One query for each thousand names. A name without a Latin letter or digit becomes "listing-" and a code.
    """
    slugs: list[str] = []
    used: set[str] = set(RESERVED)
    for some in batched(names, BATCH):
        choices = [_choices(name) for name in some]
        used |= _taken("slug", (choice for each in choices for choice in each))
        for each in choices:
            slug = next((choice for choice in each if choice not in used), f"{each[0]}-{new_code()}")
            used.add(slug)
            slugs.append(slug)
    return slugs


def codes_for(count: int) -> list[str]:
    """So many codes for short addresses, unlike each other and those in use: chance alone repeats one in 30,000."""
    codes = _fresh(count, set())
    while taken := _taken("code", codes):
        codes = _fresh(count, codes - taken)
    return list(codes)


def _choices(name: str) -> list[str]:
    base = slugify(name)[:LONGEST_NAME].strip("-") or f"listing-{new_code()}"
    return [base, *(f"{base}-{number}" for number in range(2, NUMBERED + 1))]


def _fresh(count: int, codes: set[str]) -> set[str]:
    while len(codes) < count:
        codes.add(new_code())
    return codes


def _taken(column: str, values: Iterable[str]) -> set[str]:
    return set(Service.objects.filter(**{f"{column}__in": list(values)}).values_list(column, flat=True))
