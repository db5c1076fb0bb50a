"""A listing as its owner edits it: one form, with rows for the times and places that it has and a few to spare."""

import re
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Layout, LayoutObject
from django import forms
from django.http import QueryDict

from directory.editing import ACCESS, FORTNIGHTLY, RHYTHMS, new_id
from directory.models import Need, Service
from directory.outline import Json
from directory.schedules import DAYS, NAMES
from directory.standard.write import number
from linkworkers.forms import WHOLE_ADDRESS, TypedDateField, laid_out, side_by_side
from linkworkers.geo import normalise_postcode

MOST_ROWS, SPARE_ROWS = 5, 2
LONGEST_TEXT = 20_000  # characters
DIGITS = 10  # at least, of a British number with its area code
SHORT_NUMBERS = re.compile(r"1\d\d|11[68]\d{3}|08001111|0845464\d")  # 111, 116 123 and the like
STATUS = Service.Status
STATES = [(each.value, each.label) for each in (STATUS.ACTIVE, STATUS.TEMPORARILY_CLOSED, STATUS.DEFUNCT)]


def _text(label: str, help_text: str = "", *, required: bool = False, rows: int = 0, **facts: Any) -> forms.CharField:
    facts.setdefault("max_length", LONGEST_TEXT if rows else 300)
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, help_text=help_text, required=required, widget=widget, **facts)


class Names(forms.CharField):
    """Names, each on a line of its own: some have commas in them."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        parts = (" ".join(part.split()) for part in super().clean(value).splitlines())
        return list(dict.fromkeys(filter(None, parts)))


class ListingForm(forms.Form):
    """Everything that the owner says of a listing. `answers()` is what `directory.editing.edited` takes.

    `pattern` finds a confidential address of the organisation in what is typed anew.
    """

    name = _text("Name", required=True, max_length=500, error_messages={"required": "Give it a name."})
    description = _text(
        "What it is",
        "What happens there, in plain words, as you would tell a neighbour.",
        required=True,
        rows=5,
        error_messages={"required": "Say what happens there."},
    )
    eligibility_description = _text("Who it is for", rows=2)
    minimum_age = forms.FloatField(label="From the age of", min_value=0, max_value=120, required=False)
    maximum_age = forms.FloatField(label="Up to the age of", min_value=0, max_value=120, required=False)
    application_process = _text("How to come", "As in: just turn up; ring first; a link worker refers you.", rows=2)
    needs = forms.MultipleChoiceField(
        label="What it helps with", choices=Need.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    status = forms.ChoiceField(label="Does it run?", choices=STATES, widget=forms.RadioSelect)
    alert = _text("What is different just now", "Shown at the top. As in: no meeting on 26 December.", rows=2)
    amount = forms.DecimalField(
        label="Pounds a time",
        help_text="0 when it is free.",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input-short", "step": "0.01"}),
    )
    fees = _text("What it costs, in words", "As in: donations welcome; first visit free.", rows=2)
    online = forms.BooleanField(label="People can take part online or by telephone", required=False)
    areas = Names(
        label="Areas it is for",
        help_text="When it comes to people, or is only for people of some places: a town, a county or the first half "
        "of a postcode on each line.",
        max_length=5000,
        required=False,
    )
    phone = _text("Telephone", max_length=100)
    email = forms.EmailField(
        label="E-mail address",
        help_text="Public. We also write to it to ask if all this is still right.",
        required=False,
        error_messages={"invalid": WHOLE_ADDRESS},
    )
    url = forms.URLField(label="Web page", max_length=2000, required=False, assume_scheme="https")
    contact_name = _text("Who to ask for", max_length=300)
    contact_title = _text("What they do", max_length=300)
    languages = Names(
        label="Languages spoken", help_text="Besides English, one on each line.", max_length=2000, required=False
    )

    def __init__(
        self, data: QueryDict | None, *, initial: Json, with_places: bool, pattern: re.Pattern[str] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.pattern = pattern
        self.with_places = with_places
        times, places = initial["times"], initial["places"] if with_places else []
        self.time_rows = self._rows("time", times, max(len(times) + SPARE_ROWS, 1), MOST_ROWS)
        self.place_rows = self._rows("place", places, max(len(places), 1), MOST_ROWS) if with_places else []
        for key, time in self.time_rows:
            self._add_time(key, time)
        for key, place in self.place_rows:
            self._add_place(key, place)
        self.helper = laid_out(*self._sections())

    def _rows(self, kind: str, rows: list[Json], wanted: int, most: int) -> list[tuple[str, Json]]:
        count = max(len(rows), min(wanted, most))
        spare: list[Json] = [{}] * (count - len(rows))
        return [(f"{kind}_{index}", row) for index, row in enumerate([*rows, *spare])]

    def _add_time(self, key: str, time: Json) -> None:
        def clock(label: str, at: str) -> forms.TimeField:
            widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-short"})
            said = {"invalid": "Write the time as 14:00."}
            return forms.TimeField(
                label=label, required=False, initial=time.get(at, "")[:5], widget=widget, error_messages=said
            )

        self.fields[f"{key}_days"] = forms.MultipleChoiceField(
            label="Days",
            choices=list(zip(DAYS, NAMES, strict=True)),
            required=False,
            initial=time.get("days", []),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"{key}_rhythm"] = forms.ChoiceField(
            label="How often", choices=RHYTHMS, required=False, initial=time.get("rhythm", "weekly")
        )
        self.fields[f"{key}_opens"] = clock("From", "opens")
        self.fields[f"{key}_closes"] = clock("To", "closes")
        self.fields[f"{key}_starts"] = TypedDateField(
            label="One of its dates",
            help_text="For every other week: so that we know which. For example 4 5 2026",
            required=False,
            initial=time.get("starts", ""),
        )

    def _add_place(self, key: str, place: Json) -> None:
        fields = {
            "venue": _text("Name of the place", "As in: Verulam Hall.", max_length=500),
            "address_1": _text("House and street", max_length=500),
            "city": _text("Town or city", max_length=200),
            "county": _text("County", max_length=200),
            "postcode": _text("Postcode", max_length=20),
        }
        for name, field in fields.items():
            field.initial = place.get(name, "")
            self.fields[f"{key}_{name}"] = field
        self.fields[f"{key}_postcode"].widget.attrs["class"] = "input-short"
        self.fields[f"{key}_access"] = forms.MultipleChoiceField(
            label="Getting in",
            choices=[(name, words) for name, (words, _) in ACCESS.items()],
            required=False,
            initial=place.get("access", []),
            widget=forms.CheckboxSelectMultiple,
        )

    def _sections(self) -> list[LayoutObject]:
        times = [self._time(number, key, row) for number, (key, row) in enumerate(self.time_rows, start=1)]
        places = [Fieldset(*self._place(number, key)) for number, (key, _) in enumerate(self.place_rows, start=1)]
        elsewhere = HTML(
            '<p class="hint">Where it takes place is not shown here, so that nobody finds it. The association’s office '
            "changes it: write to them.</p>"
        )
        return [
            Fieldset(
                "What it is",
                "name",
                "description",
                "eligibility_description",
                side_by_side("minimum_age", "maximum_age"),
                "application_process",
                "needs",
            ),
            Fieldset("Now", "status", "alert"),
            *times,
            *(places or [Fieldset("Where", elsewhere)]),
            Fieldset("For whom it comes", "online", "areas"),
            Fieldset("Cost", "amount", "fees"),
            Fieldset(
                "Reaching it",
                side_by_side("phone", "email"),
                "url",
                side_by_side("contact_name", "contact_title"),
                "languages",
            ),
        ]

    def _time(self, count: int, key: str, row: Json) -> LayoutObject:
        """One time; folded away when it is one to spare in which nothing was written."""
        legend = "When" if count == 1 else f"When: time {count}"
        clock = side_by_side(f"{key}_opens", f"{key}_closes")
        fieldset = Fieldset(legend, f"{key}_days", f"{key}_rhythm", clock, f"{key}_starts")
        written = row or any(self.data.get(f"{key}_{name}") for name in ("days", "opens", "closes", "starts"))
        if count == 1 or written:
            return fieldset
        return Layout(HTML('<details class="mb-4"><summary>Add another time</summary>'), fieldset, HTML("</details>"))

    def _place(self, count: int, key: str) -> tuple[Any, ...]:
        legend = "Where" if count == 1 else f"Where: place {count}"
        hint = HTML('<p class="hint">Leave it empty when there is no place to go to.</p>')
        town = side_by_side(f"{key}_city", f"{key}_county")
        return legend, hint, f"{key}_venue", f"{key}_address_1", town, f"{key}_postcode", f"{key}_access"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        youngest, oldest = cleaned.get("minimum_age"), cleaned.get("maximum_age")
        if youngest is not None and oldest is not None and oldest < youngest:
            self.add_error("maximum_age", "The oldest age is below the youngest.")
        digits = re.sub(r"\D", "", cleaned.get("phone", ""))
        whole = len(digits) >= DIGITS or SHORT_NUMBERS.fullmatch(digits)
        if cleaned.get("phone") and "phone" in self.changed_data and not whole:
            self.add_error("phone", "Write the whole number, with its area code. As in: 01727 123456.")
        for key, _ in self.time_rows:
            self._clean_time(key, cleaned)
        for key, _ in self.place_rows:
            self._clean_place(key, cleaned)
        if self.pattern:
            for name in self.changed_data:
                value = cleaned.get(name)
                said = " ".join(value) if isinstance(value, list) else value
                if isinstance(said, str) and self.pattern.search(said):
                    self.add_error(name, "This gives away an address that must not be found. Take it out.")
        return cleaned

    def _clean_time(self, key: str, cleaned: dict[str, Any]) -> None:
        opens, closes = cleaned.get(f"{key}_opens"), cleaned.get(f"{key}_closes")
        days = cleaned.get(f"{key}_days")
        if not days and (opens or closes) and f"{key}_days" not in self.errors:
            self.add_error(f"{key}_days", "Choose the days, or take the times out.")
        if closes and not opens and f"{key}_opens" not in self.errors:
            self.add_error(f"{key}_opens", "Say when it begins too.")
        # What a feed brought may run past midnight, and stays until somebody changes it.
        changed = not {f"{key}_opens", f"{key}_closes"}.isdisjoint(self.changed_data)
        if opens and closes and closes <= opens and changed:
            self.add_error(f"{key}_closes", f"This is not after {opens:%H:%M}, when it begins.")
        fortnightly = days and cleaned.get(f"{key}_rhythm") == FORTNIGHTLY
        if fortnightly and not cleaned.get(f"{key}_starts") and f"{key}_starts" not in self.errors:
            self.add_error(f"{key}_starts", "Give one date on which it takes place, so that we know which weeks.")

    def _clean_place(self, key: str, cleaned: dict[str, Any]) -> None:
        asked = {
            "address_1": "Give the house and the street.",
            "city": "Give the town.",
            "postcode": "Give the postcode.",
        }
        given = [name for name in (*asked, "venue", "county") if cleaned.get(f"{key}_{name}")]
        for name, said in asked.items():
            if given and name not in given and f"{key}_{name}" not in self.errors:
                self.add_error(f"{key}_{name}", said)
        if postcode := cleaned.get(f"{key}_postcode"):
            cleaned[f"{key}_postcode"] = normalise_postcode(postcode)
            if cleaned[f"{key}_postcode"] is None:
                self.add_error(f"{key}_postcode", "This is not a full postcode. As in: AL3 4QX.")

    def answers(self) -> Json:
        """The answers of a valid form. Without its section of places they are left out, and stay as they are."""
        cleaned = self.cleaned_data
        found = {name: cleaned[name] for name in self.base_fields}
        found["amount"] = None if cleaned["amount"] is None else number(cleaned["amount"])
        for name in ("minimum_age", "maximum_age"):
            found[name] = None if cleaned[name] is None else number(cleaned[name])
        found["times"] = [self._time_answer(key, row) for key, row in self.time_rows if cleaned[f"{key}_days"]]
        if self.with_places:
            found["places"] = [
                self._place_answer(key, row) for key, row in self.place_rows if cleaned[f"{key}_address_1"]
            ]
        return found

    def _time_answer(self, key: str, row: Json) -> Json:
        opens, closes, starts = (self.cleaned_data[f"{key}_{name}"] for name in ("opens", "closes", "starts"))
        days = self.cleaned_data[f"{key}_days"]
        return {
            "id": row.get("id") or new_id(),
            "days": row["days"] if set(days) == set(row.get("days", ())) else days,
            "rhythm": self.cleaned_data[f"{key}_rhythm"] or "weekly",
            "opens": f"{opens:%H:%M:%S}" if opens else "",
            "closes": f"{closes:%H:%M:%S}" if closes else "",
            "starts": starts.isoformat() if starts else "",
        }

    def _place_answer(self, key: str, row: Json) -> Json:
        names = ("venue", "address_1", "city", "county", "postcode", "access")
        return {"id": row.get("id") or new_id(), **{name: self.cleaned_data[f"{key}_{name}"] for name in names}}
