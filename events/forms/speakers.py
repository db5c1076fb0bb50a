"""What a speaker says about themselves."""

from typing import Any

from django import forms

from events.models import Speaker
from linkworkers.forms import laid_out
from linkworkers.pictures import clean_upload
from linkworkers.uploads import IMAGES, Upload, UploadField

LONGEST_SIDE = 600  # pixels


class IntroductionForm(forms.ModelForm):
    """Job, organisation, biography and photo, and whether they may be public."""

    new_photo = UploadField(label="Photo", allowed=IMAGES, required=False)
    agrees = forms.BooleanField(
        label="My photo and what I wrote about myself may be shown to everybody on this site",
        required=False,
        help_text="You can take this back here at any time. Your name and your sessions are on the programme anyway.",
    )

    class Meta:
        model = Speaker
        fields = ("job", "organisation", "biography")
        labels = {"job": "What you do", "biography": "About you"}
        help_texts = {"biography": "A few sentences: what you do, and what brought you to it."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["agrees"] = self.instance.consented_at is not None
        self.helper = laid_out("job", "organisation", "biography", "new_photo", "agrees")

    def clean_new_photo(self) -> Upload | None:
        upload: Upload | None = self.cleaned_data["new_photo"]
        return clean_upload(upload, longest=LONGEST_SIDE) if upload else None
