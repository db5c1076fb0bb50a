"""What is typed about collections, checked."""

from typing import Any

from django import forms
from django.http import QueryDict

from directory.models import Collection, CollectionItem
from linkworkers.forms import laid_out
from members.models import User, Workplace

NEW = "new"


class CollectionForm(forms.ModelForm):
    """A collection's name and note and, for its owner, who sees it."""

    note = forms.CharField(
        label="A note at its top",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It is printed on its leaflet too.",
    )

    class Meta:
        model = Collection
        fields = ["name", "note", "workplace", "link_shared"]
        labels = {"link_shared": "Anybody with the link may read it"}
        help_texts = {"name": "As in: For carers in Harpenden."}
        error_messages = {"name": {"required": "Give it a name."}}

    def __init__(self, data: QueryDict | None, *, instance: Collection | None = None, user: User) -> None:
        super().__init__(data, instance=instance)
        if instance is None or instance.owner_id == user.pk:
            places = {post.workplace_id for post in user.current_posts}
            if instance and instance.workplace_id:
                places.add(instance.workplace_id)
            self.fields["workplace"] = forms.ModelChoiceField(
                Workplace.objects.filter(pk__in=places),
                required=False,
                label="Share with colleagues at",
                empty_label="Nobody: it is mine alone",
                help_text="Everybody with a post there sees it and can change what is in it.",
            )
        else:
            del self.fields["workplace"], self.fields["link_shared"]
        self.helper = laid_out(*self.fields)

    def facts(self) -> dict[str, Any]:
        """The arguments of the actions. What a colleague is not asked stays as it is."""
        kept = {"workplace": self.instance.workplace, "link_shared": self.instance.link_shared}
        return kept | self.cleaned_data


class CollectForm(forms.Form):
    """Which collection a listing goes into, one of the person's or a new one, and why."""

    collection = forms.ChoiceField(
        label="Into which collection?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a collection, or make a new one."},
    )
    name = forms.CharField(
        label="Name of the new collection",
        max_length=120,
        error_messages={"required": "Give the new collection a name."},
    )
    note = forms.CharField(
        label="Why it is there",
        max_length=CollectionItem._meta.get_field("note").max_length,
        required=False,
        help_text="A line for whoever reads the collection. Write nothing about a person.",
    )
    helper = laid_out("collection", "name", "note")
    use_required_attribute = False  # the name is asked for when a new one is chosen, and only then

    def __init__(
        self, data: QueryDict | None, *, collections: list[Collection], chosen: Collection | None = None, note: str = ""
    ) -> None:
        first = chosen or next(iter(collections), None)
        super().__init__(data, initial={"collection": first.key if first else NEW, "note": note})
        self.collections = {collection.key: collection for collection in collections}
        self.fields["collection"].choices = [  # type: ignore[attr-defined]
            *((key, str(collection)) for key, collection in self.collections.items()),
            (NEW, "A new collection"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("collection") != NEW:
            self.errors.pop("name", None)
        return cleaned

    @property
    def chosen(self) -> Collection | None:
        """The collection that was chosen; None when a new one is wanted."""
        return self.collections.get(self.cleaned_data["collection"])
