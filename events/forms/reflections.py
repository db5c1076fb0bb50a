"""What somebody writes about an event, who may read it, and what they answer to whoever wants to do the same."""

from typing import Any

from django import forms

from events.models import Reflection
from linkworkers.forms import laid_out
from linkworkers.pictures import clean_upload
from linkworkers.uploads import IMAGES, Upload, UploadField

LONGEST_SIDE = 1200  # pixels


class ReflectionForm(forms.ModelForm):
    """`region` is the name of the writer's; without one, nobody's region is offered."""

    new_photo = UploadField(label="A photo", allowed=IMAGES, required=False)
    agrees = forms.BooleanField(
        label="I agree that others read it, as I chose above", required=False, help_text="Not needed for “Only me”."
    )

    class Meta:
        model = Reflection
        fields = ("takes", "does", "title", "visibility", "credit", "contactable")
        labels = {
            "takes": "What I take with me",
            "does": "What I will do",
            "title": "A title, for others",
            "visibility": "Who may read it?",
            "credit": "Named as",
            "contactable": "Members who want to do this too may ask me to be introduced",
        }
        help_texts = {
            "takes": "A thought, a sentence that stayed, something that worked for others.",
            "does": "One thing, by when.",
            "contactable": "You say yes or no each time. Nobody gets your address unless you say yes.",
        }
        widgets = {
            "takes": forms.Textarea(attrs={"rows": 6}),
            "does": forms.Textarea(attrs={"rows": 3}),
            "visibility": forms.RadioSelect,
            "credit": forms.RadioSelect,
        }
        error_messages = {"takes": {"required": "Write what you take with you. A sentence is enough."}}

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [each for each in Reflection.Visibility.choices if region or each[0] != Reflection.Visibility.REGION]
        named = {Reflection.Visibility.REGION: f"Members in {region}"}
        for name, allowed in (("visibility", choices), ("credit", Reflection.Credit.choices)):
            self.fields[name].choices = [(key, named.get(key, label)) for key, label in allowed]  # type: ignore[attr-defined,call-overload]
        if not self.is_bound:
            self.initial["agrees"] = bool(self.instance.permission)
        self.helper = laid_out("takes", "does", "new_photo", "visibility", "title", "credit", "contactable", "agrees")

    def clean_new_photo(self) -> Upload | None:
        upload: Upload | None = self.cleaned_data["new_photo"]
        return clean_upload(upload, longest=LONGEST_SIDE) if upload else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("visibility") not in (None, Reflection.Visibility.PRIVATE) and not cleaned.get("agrees"):
            self.add_error("agrees", "Tick this, or choose “Only me”.")
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What `reflections.write` is given."""
        said = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**said, "agrees": self.cleaned_data["agrees"], "photo": self.cleaned_data["new_photo"]}


class IntroductionForm(forms.Form):
    text = forms.CharField(
        label="A line to the writer",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who you are, and what you want to do. They get this with your name; your address if they say yes.",
        error_messages={"required": "Write a line: who you are, and what you want to do."},
    )
    helper = laid_out("text")
