"""What the office writes as guide and news, checked."""

from typing import Any

from django import forms

from members.models import Article


class ArticleForm(forms.ModelForm):
    """An article with what is said of this save. `base` is the version that was on the page when writing began."""

    note = forms.CharField(
        label="What you changed", required=False, max_length=200, help_text="For colleagues, in the list of versions."
    )
    is_public = forms.BooleanField(
        label="Public", required=False, help_text="Until it is ticked, only the office sees the page."
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = ["kind", "slug", "title", "summary", "text", "section", "position", "author"]
        error_messages = {
            "title": {"required": "Write the title."},
            "summary": {"required": "Write a summary of one or two sentences."},
            "text": {"required": "Write the text."},
            "slug": {"required": "Write the end of its address, for example pay-bands."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "base" in self.fields:
            self.fields["base"].initial = self.instance.version
            self.fields["is_public"].initial = self.instance.is_public

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug == "feed":
            raise forms.ValidationError("The address “feed” belongs to the news feed. Choose another one.")
        return slug

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody saved a version since the page was opened."""
        return bool(self.instance.pk) and self.cleaned_data.get("base") != self.instance.version

    def go_on_from_the_newest(self) -> None:
        """Keeps what was typed; sent once more, it is written over the newest version, knowingly."""
        typed = dict(self.data.items())
        self.data = {**typed, self.add_prefix("base"): self.instance.version}
