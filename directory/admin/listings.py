"""Listings, who runs them, where they are, and the words they are sorted by, as the office keeps them."""

import re
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import StackedInline
from unfold.decorators import display

from directory import actions, confidential
from directory.models import (
    STALE_AFTER,
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Language,
    Location,
    Need,
    Organization,
    OrganizationIdentifier,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    need_id,
)
from directory.slugs import slugs_for
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.audit.admin import Audited, Refusing
from members.admin._base import ReadOnlyInline, each
from members.http import Request

GIVES_AWAY = "This gives away an address that must not be found. Take it out."


class Part(StackedInline):
    """Rows beneath a listing, a place or an organisation. Stacked: the theme's tables of fields have no labels."""

    extra = 0
    hide_title = True


class Listed(Refusing, Audited):
    """Saved with a trace, and with what the search and the open data need to hear. Nothing is deleted: a listing that
    has ended says so, for the record.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: Any, obj: Any, form: ModelForm, change: bool) -> None:
        """Noted without what was typed: what a listing says may be a place that is hidden tomorrow."""
        obj.save()
        verb = f"{obj._meta.model_name}.{'changed' if change else 'created'}"
        facts = {"fields": form.changed_data}
        record(verb, by=request.user, subject=obj, summary=str(obj), facts=facts, request=request)

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        """Without the names of the parts: the name of a place may be one that must not be found."""
        return super().construct_change_message(request, form, [], add)


class DiscreetForm(forms.ModelForm):
    """Refuses what gives a confidential place of the organisation away."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pattern = self.pattern()
        for name in self.changed_data:
            value = cleaned.get(name)
            if pattern and isinstance(value, str) and pattern.search(value):
                self.add_error(name, GIVES_AWAY)
        return cleaned

    def pattern(self) -> re.Pattern[str] | None:
        whose = self.cleaned_data.get("organization", self.instance)
        is_kept = isinstance(whose, Organization) and not whose._state.adding
        return confidential.traces_of(whose) if is_kept else None

    def refuse_in(self, formsets: Any) -> None:
        """The same for the parts beneath a valid form. Raises Refused."""
        typed = [part.cleaned_data.get(name) for parts in formsets for part in parts for name in part.changed_data]
        if confidential.tells(self.pattern(), [text for text in typed if isinstance(text, str)]):
            raise Refused(GIVES_AWAY)


class IdentifierInline(Part):
    model = OrganizationIdentifier


@admin.register(Organization)
class OrganizationAdmin(Listed):
    form = DiscreetForm
    list_display = ["name", "email", "website", "workplace"]
    list_select_related = ["workplace"]
    list_filter = [("workplace", admin.EmptyFieldListFilter)]
    search_fields = ["name", "email"]
    search_help_text = "A name or an e-mail address."
    autocomplete_fields = ["workplace", "parent_organization"]
    inlines = [IdentifierInline]

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        form.refuse_in(formsets)
        super().save_related(request, form, formsets, change)
        actions.touch_all(form.instance.services.all())


class StaleFilter(admin.SimpleListFilter):
    title = "freshness"
    parameter_name = "freshness"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("fresh", "Checked in the last six months"),
            ("stale", "Not checked for long"),
            ("never", "Never checked"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Service]:
        today = timezone.localdate()
        match self.value():
            case "fresh":
                return queryset.filter(assured_date__gte=today - relativedelta(months=6))
            case "stale":
                return queryset.filter(assured_date__lt=today - STALE_AFTER)
            case "never":
                return queryset.filter(assured_date=None)
        return queryset


class NeedFilter(admin.SimpleListFilter):
    title = "need"
    parameter_name = "need"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(Need.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Service]:
        if self.value() not in Need.values:
            return queryset
        about = Attribute.objects.filter(taxonomy_term=need_id(str(self.value())), service__isnull=False)
        return queryset.filter(pk__in=about.values("service"))


class ScheduleInline(Part):
    model = Schedule
    fields = ["freq", "interval", "byday", "bymonthday", "dtstart", "opens_at", "closes_at", "valid_to", "description"]
    verbose_name_plural = "when"


class CostInline(Part):
    model = CostOption
    fields = ["option", "amount", "amount_description", "valid_to"]


class AreaInline(Part):
    model = ServiceArea
    fields = ["name", "uri"]
    verbose_name_plural = "areas it is for"


class LanguageInline(Part):
    model = Language
    fields = ["name", "code"]


class PhoneInline(Part):
    model = Phone
    fields = ["number", "description"]


class ContactInline(Part):
    model = Contact
    fields = ["name", "title", "email"]


class AttributeInline(Part):
    model = Attribute
    fk_name = "service"
    fields = ["taxonomy_term"]
    autocomplete_fields = ["taxonomy_term"]
    verbose_name = "term"
    verbose_name_plural = "what it is about"


class PlacesInline(ReadOnlyInline):
    """Where it is; changed on the pages of the places."""

    model = ServiceAtLocation
    fields = ["place"]
    readonly_fields = ["place"]
    verbose_name_plural = "places"

    def get_queryset(self, request: Request) -> QuerySet[ServiceAtLocation]:
        return super().get_queryset(request).select_related("location", "service")

    @display(description="place")
    def place(self, at: ServiceAtLocation) -> SafeString:
        name = "A confidential place" if at.location.confidential else str(at.location)
        url = reverse("admin:directory_location_change", args=[at.location_id])
        return format_html('<a class="underline" href="{}">{}</a>', url, name)


@admin.register(Service)
class ServiceAdmin(Listed):
    form = DiscreetForm
    list_display = ["name", "organization", "status", "assured_date", "assured_how", "full_since", "source"]
    list_select_related = ["organization"]
    list_filter = ["status", StaleFilter, NeedFilter, "source"]
    search_fields = ["name", "organization__name", "slug", "=code"]
    search_help_text = "A listing, an organisation, or a short code."
    autocomplete_fields = ["organization"]
    readonly_fields = [
        "assured_date",
        "assured_how",
        "assured_by",
        "letters_sent",
        "last_letter_on",
        "source",
        "last_modified",
    ]
    fieldsets = [
        (None, {"fields": ["organization", "name", "description", "status", "alert", "full_since"]}),
        (
            "Who comes, and how",
            {"fields": ["eligibility_description", "minimum_age", "maximum_age", "application_process"]},
        ),
        ("Cost and ways to reach it", {"fields": ["fees", "url", "email", "accreditations"]}),
        ("How sure we are", {"fields": [*readonly_fields]}),
    ]
    inlines = [
        ScheduleInline,
        PlacesInline,
        AreaInline,
        CostInline,
        PhoneInline,
        ContactInline,
        LanguageInline,
        AttributeInline,
    ]
    actions = ["checked_today"]

    def save_model(self, request: Any, obj: Any, form: ModelForm, change: bool) -> None:
        if not change:
            obj.slug = slugs_for([obj.name])[0]
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        form.refuse_in(formsets)
        super().save_related(request, form, formsets, change)
        actions.touch_all(Service.objects.filter(pk=form.instance.pk))

    @admin.action(description="Checked today: I rang them, and it is right", permissions=["change"])
    def checked_today(self, request: Request, queryset: QuerySet[Service]) -> None:
        def check(service: Service) -> Service:
            return actions.assure(service=service, by=request.user, how=Service.How.RANG, outcome="right")

        each(request, queryset, check, "checked today.")


class AddressInline(Part):
    model = Address
    fields = ["address_1", "city", "state_province", "postal_code", "country", "address_type"]


class AccessibilityInline(Part):
    model = Accessibility
    fields = ["description", "details"]


class ServicesInline(Part):
    model = ServiceAtLocation
    fields = ["service"]
    autocomplete_fields = ["service"]
    verbose_name = "listing"
    verbose_name_plural = "listings here"


class LocationForm(forms.ModelForm):
    """A form that was opened before a colleague hid the place does not show it again."""

    class Meta:
        model = Location
        fields = "__all__"  # noqa: DJ007 - the admin's page has them all

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confidential"].show_hidden_initial = True  # the form takes what it was opened with along

    def clean_confidential(self) -> bool:
        untouched = "confidential" not in self.changed_data
        return self.initial.get("confidential", False) if untouched else self.cleaned_data["confidential"]


@admin.register(Location)
class LocationAdmin(Listed):
    """The only page on which a confidential place is seen. No trail repeats what it is called or where it is."""

    form = LocationForm
    list_display = ["name", "shown_address", "location_type", "confidential"]
    list_filter = ["confidential", "location_type"]
    search_fields = ["name", "addresses__postal_code", "addresses__address_1"]
    search_help_text = "A name, a street or a postcode."
    inlines = [AddressInline, AccessibilityInline, ServicesInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Location]:
        return super().get_queryset(request).prefetch_related("addresses")

    @display(description="address")
    def shown_address(self, location: Location) -> str:
        return next((str(address) for address in location.addresses.all()), "")

    def save_model(self, request: Any, obj: Any, form: ModelForm, change: bool) -> None:
        obj.save()

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        before = Service.objects.filter(service_at_locations__location=form.instance)
        left, addresses = [service.pk for service in before], list(form.instance.addresses.all())
        super().save_related(request, form, formsets, change)
        actions.touch_all(Service.objects.filter(pk__in=left))
        fields = [*form.changed_data, *(part.prefix for part in formsets if part.has_changed())]
        was = bool(form.initial.get("confidential"))
        actions.place_changed(
            form.instance, by=request.user, fields=fields, was_confidential=was, addresses_before=addresses
        )

    def log_addition(self, request: Any, obj: Any, message: Any) -> None:
        """Not kept: Django's own log would repeat the name. The audit trail has what was done, and who did it."""

    log_change = log_addition
