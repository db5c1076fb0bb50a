"""The practice's referral form."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field
from django import forms

from linkworkers.forms import PastDateField, laid_out, side_by_side
from members.models import Workplace
from referrals.details import PersonDetails, ReferralDetails
from referrals.forms.person import LONG, DetailsFields, NHSNumberField, text_area
from referrals.models import Person
from referrals.models.episode import ShareBack
from referrals.models.person import DETAIL_FIELDS
from referrals.models.referral import ConsentMethod, Reason, Urgency

PERSON_FIELDS = ("nhs_number", "given_name", "family_name", "date_of_birth", *DETAIL_FIELDS)


class ReferralForm(DetailsFields):
    """Everything a referral carries, in the order in which it is talked about. Ten required answers; eleven for
    somebody who can refer from more than one practice.
    """

    practice = forms.ModelChoiceField(
        Workplace.objects.none(),
        label="Which practice is it from?",
        empty_label="Choose a practice",
        error_messages={"required": "Choose the practice that refers."},
    )
    referrer_name = forms.CharField(
        label="Referred by",
        max_length=150,
        required=False,
        help_text="Whoever spoke with them, for example Dr P. Shah. Left empty, it is you.",
    )
    nhs_number = NHSNumberField(
        label="NHS number",
        required=False,
        help_text="Finds the person if we know them. Leave it empty if you do not have it.",
    )
    given_name = forms.CharField(
        label="First name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type their first name."},
    )
    family_name = forms.CharField(
        label="Last name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type their last name."},
    )
    date_of_birth = PastDateField(label="Date of birth", error_messages={"required": "Type their date of birth."})
    reasons = forms.MultipleChoiceField(
        label="What is it about?",
        help_text="Tick all that fit.",
        choices=Reason.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one reason."},
    )
    urgency = forms.ChoiceField(
        label="How are things now?",
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how things are now."},
    )
    why_now = forms.CharField(
        label="Why now?",
        max_length=LONG,
        widget=text_area(3),
        help_text="What has happened, in a sentence or two.",
        error_messages={"required": "Say in a sentence why now."},
    )
    hopes = forms.CharField(label="What do they hope for?", max_length=LONG, required=False, widget=text_area(2))
    consent_method = forms.ChoiceField(
        label="Do they agree to be referred?",
        choices=ConsentMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how they agreed. Without their agreement, please do not refer."},
    )
    share_back = forms.ChoiceField(
        label="What may we tell the practice?",
        choices=ShareBack.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Ask them what may come back to the practice."},
    )

    field_order = ["practice", "referrer_name", "nhs_number", "given_name", "family_name", "date_of_birth"]

    def __init__(self, *args: Any, practices: list[Workplace], **kwargs: Any) -> None:
        """`practices` are those this person may refer from, never empty."""
        super().__init__(*args, **kwargs)
        self.practices = practices
        if len(practices) == 1:
            del self.fields["practice"]
        else:
            field = self.fields["practice"]
            field.queryset = Workplace.objects.filter(pk__in=[practice.pk for practice in practices])  # type: ignore[attr-defined]
            field.choices = [("", "Choose a practice"), *((p.pk, p.name) for p in practices)]  # type: ignore[attr-defined]

    @property
    def number_helper(self) -> FormHelper:
        return laid_out("nhs_number")

    @property
    def person_helper(self) -> FormHelper:
        """The part that a known NHS number fills in."""
        return laid_out(
            side_by_side("given_name", "family_name", "date_of_birth"),
            side_by_side("phone", "email"),
            "contact_ways",
            "safe_contact",
            "visit_risk",
            Field("risk_details", wrapper_class="only-at-risk"),
        )

    @property
    def more_helper(self) -> FormHelper:
        """What most referrals leave out."""
        return laid_out(
            side_by_side("known_as", "language", "needs_interpreter"),
            side_by_side("address", "postcode"),
            "access_needs",
        )

    @property
    def has_more(self) -> bool:
        """Whether anything that most referrals leave out has been filled in, or is wrong."""
        names = ("known_as", "language", "needs_interpreter", "address", "postcode", "access_needs")
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def asking_helper(self) -> FormHelper:
        return laid_out("reasons", "urgency", "why_now", "hopes")

    @property
    def agreeing_helper(self) -> FormHelper:
        practice = ["practice"] if "practice" in self.fields else []
        return laid_out("consent_method", "share_back", *practice, "referrer_name")

    @property
    def chosen_practice(self) -> Workplace:
        """The practice it is from. Only of a valid form."""
        return self.cleaned_data.get("practice") or self.practices[0]

    def possible_matches(self) -> list[Person]:
        """People of the same practice who may be this person, when no NHS number settles it. Only of a valid form."""
        data = self.cleaned_data
        known = Person.objects.of_practices([self.chosen_practice.pk])
        if data["nhs_number"]:
            if Person.objects.filter(nhs_number=data["nhs_number"]).exists():
                return []
            known = known.filter(nhs_number=None)
        return list(
            known.like(
                given_name=data["given_name"], family_name=data["family_name"], date_of_birth=data["date_of_birth"]
            )[:5]
        )

    def person_details(self, same_person_id: int | None = None) -> PersonDetails:
        data = self.cleaned_data
        return PersonDetails(same_person_id=same_person_id, **{name: data[name] for name in PERSON_FIELDS})

    def referral_details(self, *, submission_key: uuid.UUID, default_referrer: str) -> ReferralDetails:
        data = self.cleaned_data
        asked = ("reasons", "urgency", "why_now", "hopes", "consent_method", "share_back")
        return ReferralDetails(
            practice=self.chosen_practice,
            referrer_name=data["referrer_name"] or default_referrer,
            submission_key=submission_key,
            **{name: data[name] for name in asked},
        )


def known_answers(person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """What the form can be filled in with for somebody known: who they are, and what the practice itself wrote of them
    last (`Referral.as_given`). What a link worker has learnt since was not told to the practice.
    """
    identity = ("nhs_number", "given_name", "family_name", "date_of_birth")
    return given | {name: getattr(person, name) for name in identity}


class SamePersonForm(forms.Form):
    """The question that keeps one person from having two records."""

    same_person = forms.ChoiceField(
        label="Is it somebody we know?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether this is the same person, so that nobody has two records."},
    )

    def __init__(self, *args: Any, matches: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            (str(person.pk), f"Yes, it is {person}, born {person.date_of_birth:%-d %B %Y}, {where(person)}")
            for person in matches
        ]
        self.fields["same_person"].choices = [*known, ("new", "No, it is somebody else")]  # type: ignore[attr-defined]
        self.helper = laid_out("same_person")

    def clean_same_person(self) -> int | None:
        chosen = self.cleaned_data["same_person"]
        return None if chosen == "new" else int(chosen)


def where(person: Person) -> str:
    return person.postcode or (f"phone {person.phone}" if person.phone else "no address on record")
