"""A job or a role under a few headings, in plain words: how the office reads it, and compares two versions of it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import date_format

from members.models import Vacancy


@dataclass(frozen=True)
class Change:
    """One heading of two versions; only `after` counts where there is one."""

    label: str
    before: list[str]
    after: list[str]

    @property
    def is_change(self) -> bool:
        return self.before != self.after


HEADINGS: dict[str, Callable[[Vacancy], str]] = {
    "Kind": lambda vacancy: vacancy.get_kind_display(),
    "Title": lambda vacancy: vacancy.title,
    "Organisation": lambda vacancy: vacancy.organization,
    "What it is about": lambda vacancy: vacancy.about,
    "Where": lambda vacancy: ", ".join(filter(None, [vacancy.place, vacancy.postcode])),
    "Pay": lambda vacancy: vacancy.pay if vacancy.is_job else "",
    "Expenses": lambda vacancy: vacancy.expenses,
    "Hours": lambda vacancy: vacancy.hours_told,
    "Contract": lambda vacancy: vacancy.get_contract_display(),
    "Fixed term until": lambda vacancy: date_format(vacancy.contract_until) if vacancy.contract_until else "",
    "Start": lambda vacancy: vacancy.starts,
    "Apply at": lambda vacancy: vacancy.apply_url,
    "Apply by e-mail": lambda vacancy: vacancy.apply_email,
    "How to apply": lambda vacancy: vacancy.apply_text,
    "Closes": lambda vacancy: date_format(vacancy.closes_on),
}


def compare(public: Vacancy, wanted: Vacancy) -> list[Change]:
    """Both side by side, without headings that are empty in both."""
    pairs = [
        Change(label, *([text] if (text := read(each)) else [] for each in (public, wanted)))
        for label, read in HEADINGS.items()
    ]
    return [change for change in pairs if change.before or change.after]
