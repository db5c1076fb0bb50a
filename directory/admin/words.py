"""Lists of terms and words that people use, and what people keep: connectors and collections."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from directory.models import Collection, Connector, Synonym, Taxonomy, TaxonomyTerm
from linkworkers.audit.admin import Audited, ReadOnly, Refusing


@admin.register(Taxonomy)
class TaxonomyAdmin(Refusing, Audited):
    list_display = ["name", "version", "uri"]
    search_fields = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TermForm(forms.ModelForm):
    def clean_parent(self) -> TaxonomyTerm | None:
        """Refuses a circle, however long."""
        parent = above = self.cleaned_data["parent"]
        seen = {self.instance.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError("This term would stand above itself. Choose another parent.")
            seen.add(above.pk)
            above = TaxonomyTerm.objects.filter(pk=above.parent_id).first()
        return parent


@admin.register(TaxonomyTerm)
class TermAdmin(Audited):
    form = TermForm
    list_display = ["name", "taxonomy", "shown_parent"]
    list_filter = ["taxonomy"]
    search_fields = ["name", "term"]
    autocomplete_fields = ["parent", "taxonomy"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxonomyTerm]:
        return super().get_queryset(request).prefetch_related("parent", "taxonomy")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="parent")
    def shown_parent(self, term: TaxonomyTerm) -> str:
        return term.parent.name if term.parent else ""


@admin.register(Synonym)
class SynonymAdmin(Audited):
    list_display = ["words"]
    search_fields = ["words"]


@admin.register(Connector)
class ConnectorAdmin(ReadOnly):
    list_display = ["name", "workplace", "is_active", "created_at"]
    list_filter = ["is_active"]
    list_select_related = ["workplace"]
    search_fields = ["name", "workplace__name"]


@admin.register(Collection)
class CollectionAdmin(ReadOnly):
    """What people keep, by its name: what is in it is theirs."""

    list_display = ["name", "owner", "workplace", "link_shared", "listings"]
    list_select_related = ["owner", "workplace"]
    search_fields = ["name", "owner__name"]
    fields = ["name", "owner", "workplace", "link_shared", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return super().get_queryset(request).annotate(number=Count("items"))

    @display(description="listings", ordering="number")
    def listings(self, collection: Any) -> int:
        return collection.number
