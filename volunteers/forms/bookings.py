"""What is chosen and typed about a booking."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from linkworkers.forms import laid_out
from volunteers.models import ClinicSession
from volunteers.slots import Slot

NOT_FREE = "That time is no longer free. Choose another."


class SlotForm(forms.Form):
    """A choice among free times, in a group for each session; the first is chosen already."""

    slot = forms.ChoiceField(
        label="Which time?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a time.", "invalid_choice": NOT_FREE},
    )
    helper = laid_out("slot")

    def __init__(self, *args: Any, slots: Sequence[Slot], several: bool = False, **kwargs: Any) -> None:
        """`several` says that the sessions are at several practices, which are named then."""
        self.slots = {slot.key: slot for slot in slots}
        kwargs["initial"] = {"slot": next(iter(self.slots), "")}
        super().__init__(*args, **kwargs)
        groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
        for slot in slots:
            _, times = groups.setdefault(slot.session.pk, (said_of(slot.session, several=several), []))
            times.append((slot.key, time_of(slot)))
        self.fields["slot"].choices = list(groups.values())  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Slot:
        """Of a valid form."""
        return self.slots[self.cleaned_data["slot"]]


def said_of(session: ClinicSession, *, several: bool) -> str:
    """Where a session is and who is on it: "The Maltings Surgery, Room 2, with Rose". Needs `on_it`, its shifts."""
    where = [str(session.clinic.practice)] if several else []
    where += [str(session.room)] if session.room else []
    names = [shift.volunteer.short_name for shift in session.on_it]  # type: ignore[attr-defined]
    who = f"with {' and '.join(names)}" if names else "no volunteer is down for it yet"
    return ", ".join([*(where or [session.clinic.name]), who])


def time_of(slot: Slot) -> str:
    local = timezone.localtime(slot.starts_at)
    return f"{local:%a} {local.day} {local:%B}, {local:%H:%M}"


class CancelBookingForm(forms.Form):
    reason = forms.CharField(
        label="Why?",
        max_length=300,
        required=False,
        help_text="The link worker sees it. For example: she rang, her daughter is visiting.",
    )
    helper = laid_out("reason")
