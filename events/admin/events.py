"""Events as the office makes and runs them. What matters after a sale is changed by deeds, which tell whoever comes."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet, TextField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.admin import StackedInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from events.actions import office as actions
from events.actions import waitlist
from events.admin._shared import list_of
from events.admin.event_deeds import EventDeeds
from events.models import (
    CheckIn,
    DiscountCode,
    Event,
    EventDuty,
    Hall,
    Order,
    ProgrammeItem,
    Reflection,
    Speaker,
    Ticket,
    TicketType,
    Track,
    WaitlistEntry,
)
from linkworkers.audit.admin import Audited, Refusing
from members.http import Request
from members.models import User

AFTER_SALE = ("slug", "starts_at", "ends_at", "venue", "address", "postcode", "capacity")  # deeds change these


class Inline(StackedInline):
    extra = 0
    hide_title = True
    show_change_link = False


class TypesInline(Inline):
    model = TicketType
    fields = ["name", "audience", "price", "vat_rate", "quota", "least", "sale_from", "sale_until", "about", "order"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not once one of them was booked or waited for."""
        return not (obj and (obj.orders.exists() or obj.waitlist.exists()))


class CodesInline(Inline):
    model = DiscountCode
    fields = ["code", "percent", "amount", "limit", "valid_from", "valid_until", "types", "used"]
    readonly_fields = ["used"]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Of this event's types only."""
        key = request.resolver_match.kwargs.get("object_id", "")
        kwargs["queryset"] = TicketType.objects.filter(event=int(key) if key.isdigit() else 0)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class TracksInline(Inline):
    model = Track
    fields = ["name", "order"]


class HallsInline(Inline):
    model = Hall
    fields = ["name", "seats", "directions", "order"]


class DutiesInline(Inline):
    model = EventDuty
    fields = ["user", "duty"]
    autocomplete_fields = ["user"]
    verbose_name_plural = "who helps: the door, and the panel that reads contributions"


class WhenFilter(admin.SimpleListFilter):
    title = "time"
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("ahead", "To come"),
            ("month", "This month"),
            ("past", "Over"),
            ("draft", "Drafts"),
            ("off", "Cancelled"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        now = timezone.localtime()
        match self.value():
            case "ahead":
                return queryset.to_come()
            case "month":
                return queryset.to_come().filter(starts_at__year=now.year, starts_at__month=now.month)
            case "past":
                return queryset.over()
            case "draft":
                return queryset.filter(published_at=None)
            case "off":
                return queryset.exclude(cancelled_at=None)
        return queryset


@admin.register(Event)
class EventAdmin(EventDeeds, Refusing, Audited):
    list_display = ["title", "shown_state", "starts_at", "kind", "region", "shown_sold", "shown_waiting", "shown_came"]
    list_filter = [WhenFilter, "kind", "region"]
    search_fields = ["title", "slug", "venue", "postcode"]
    search_help_text = "A title, a place, or what its address ends in."
    ordering = ["-starts_at"]
    date_hierarchy = "starts_at"
    prepopulated_fields = {"slug": ["title"]}
    formfield_overrides = {TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 6})}}
    inlines = [TypesInline, CodesInline, TracksInline, HallsInline, DutiesInline]
    fieldsets = [
        (None, {"fields": ["shown_state", "pages", "title", "slug", "kind", "region", "summary", "about"]}),
        ("When and where", {"fields": ["starts_at", "ends_at", "venue", "address", "postcode", "access"]}),
        ("For attendees alone", {"fields": ["online_link", "joining"]}),
        ("Places and money", {"fields": ["capacity", "refund_until", "late_refund_percent", "offer_hours"]}),
        ("What it counts for", {"fields": ["points", "formal_hours"]}),
        ("Questions", {"fields": ["contact"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        waiting = Count("waitlist", filter=Q(waitlist__state=WaitlistEntry.State.WAITING), distinct=True)
        came = Count("tickets", filter=Q(tickets__arrived_at__isnull=False), distinct=True)
        return super().get_queryset(request).annotate(number_waiting=waiting, number_came=came)

    def get_fieldsets(self, request: Request, obj: Event | None = None) -> Any:
        """A new one has no state and no pages yet."""
        (name, first), *rest = self.fieldsets
        return [(name, {"fields": first["fields"][0 if obj else 2 :]}), *rest]

    def get_inlines(self, request: Request, obj: Event | None) -> Any:
        return self.inlines if obj else self.inlines[:1]

    def get_readonly_fields(self, request: Request, obj: Event | None = None) -> list[str]:
        return ["shown_state", "pages", *(AFTER_SALE if obj and obj.is_public else ())]

    def get_prepopulated_fields(self, request: Request, obj: Event | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["title"]}

    def has_delete_permission(self, request: Request, obj: Event | None = None) -> bool:
        """A draft on which nothing hangs."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_public)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    def save_related(self, request: Request, form: Any, formsets: Any, change: bool) -> None:
        """A quota that was raised is offered to whoever waits."""
        super().save_related(request, form, formsets, change)
        waitlist.move_on_at(form.instance.pk)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.delete_draft(obj, by=cast(User, request.user))

    @display(
        description="state",
        label={"Draft": "info", "To come": "success", "On now": "success", "Over": "info", "Cancelled": "danger"},
    )
    def shown_state(self, event: Event) -> str:
        if event.is_cancelled:
            return "Cancelled"
        if not event.is_public:
            return "Draft"
        return "Over" if event.is_over else "On now" if event.has_begun else "To come"

    @display(description="sold", ordering="taken")
    def shown_sold(self, event: Event) -> str:
        return f"{event.taken} of {event.capacity}"

    @display(description="waiting", ordering="number_waiting")
    def shown_waiting(self, event: Any) -> int:
        return int(event.number_waiting)

    @display(description="came", ordering="number_came")
    def shown_came(self, event: Any) -> int:
        return int(event.number_came)

    @display(description="its pages")
    def pages(self, event: Event) -> SafeString:
        own = f"/events/{event.slug}/"
        links = [
            ("As everybody sees it", own),
            ("Sessions", list_of(ProgrammeItem, event__id__exact=event.pk)),
            ("Speakers", list_of(Speaker, event__id__exact=event.pk)),
            ("Bookings", list_of(Order, event__id__exact=event.pk)),
            ("Attendees", list_of(Ticket, event__id__exact=event.pk)),
            ("Waitlist", list_of(WaitlistEntry, event__id__exact=event.pk)),
            ("Check-ins", list_of(CheckIn, ticket__event__id__exact=event.pk)),
            ("Reflections", list_of(Reflection, event__id__exact=event.pk)),
        ]
        if event.is_public and not event.is_cancelled:
            links += [("The door", f"{own}check-in/"), ("Badges", f"{own}badges/"), ("Feedback", f"{own}feedback/")]
        return format_html_join(" · ", '<a class="underline" href="{1}">{0}</a>', links)
