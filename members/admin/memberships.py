"""Memberships as the office sees them: who belongs, as what, until when; and everything that it does about it."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export.admin import ExportMixin
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from linkworkers.audit.actions import record
from linkworkers.audit.admin import Refusing
from linkworkers.audit.models import AuditEvent
from members.actions import office
from members.admin._base import ReadOnlyInline
from members.admin._filters import FILTERS, PRESETS
from members.admin._inlines import InvoicesInline, SeatsInline, TermsInline, last_day
from members.admin._sheets import Csv, MembershipResource, Xlsx
from members.admin.deciding import Deciding
from members.admin.importing import Importing
from members.http import Request
from members.models import Association, Membership, Seat, Status, User

TRAIL = 50  # what the page of a membership shows of it

COLOURS = {
    Status.APPLIED: "info",
    Status.CURRENT: "success",
    Status.GRACE: "warning",
    Status.LAPSED: "danger",
    Status.CANCELLED: "default",
}


def with_all(queryset: Any) -> QuerySet[Membership]:
    """Memberships with what the list and the sheet say of each, in one query for all."""
    taken = Seat.objects.taken().filter(membership=OuterRef("pk")).order_by().values("membership")
    return (
        queryset.with_status()
        .select_related("user", "contact", "plan", "workplace", "sponsor__plan")
        .annotate(taken=Coalesce(Subquery(taken.annotate(number=Count("pk")).values("number")), 0))
    )


@admin.register(Membership)
class MembershipAdmin(ExportMixin, Deciding, Importing, Refusing):
    """Days, seats and plans change by actions alone; what is typed here is the address, and what they told us."""

    list_display = ["number", "shown_holder", "plan", "shown_status", "shown_region", "until", "shown_seats"]
    list_display_links = ["number"]
    list_filter = FILTERS
    list_filter_submit = True
    list_before_template = "admin/members/membership/presets.html"
    search_fields = ["number__istartswith", "user__name", "user__email", "organization_name", "contact__name"]
    search_fields += ["contact__email"]
    search_help_text = "A number, a name, an e-mail address or an organisation."
    actions_list = ["give", "take_members_in"]
    formfield_overrides = {TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 4})}}
    resource_classes = [MembershipResource]
    export_form_class = ExportForm
    formats = [Csv, Xlsx]
    facts = [
        *("number", "whose", "looked_after_by", "at_workplace", "plan", "standing", "until", "shown_seats"),
        *("on_a_seat_of", "asked", "decided", "cancelled"),
    ]
    readonly_fields = [*facts, "trail"]
    fieldsets = [
        (None, {"fields": facts}),
        ("Region and invoices", {"fields": ["region", "billing_address", "purchase_order", "answer"]}),
        ("What happened", {"fields": ["trail"]}),
    ]

    def get_queryset(self, request: Request) -> QuerySet[Membership]:
        return with_all(super().get_queryset(request))

    def get_inlines(self, request: Request, obj: Membership | None) -> list[type[ReadOnlyInline]]:
        seats = [SeatsInline] if obj and obj.is_employers else []
        return [TermsInline, *seats, InvoicesInline]

    def get_fieldsets(self, request: Request, obj: Membership | None = None) -> Any:
        """Without what a person, or an employer, does not have."""
        others = ["looked_after_by", "at_workplace", "shown_seats"]
        if obj and obj.is_employers:
            others = ["on_a_seat_of"]
        (_, facts), *rest = self.fieldsets
        return [(None, {"fields": [name for name in facts["fields"] if name not in others]}), *rest]

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def changelist_view(self, request: Request, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        asked = set(request.GET.items())
        presets = [{"label": label, "query": query, "here": asked >= set(parse_qsl(query))} for label, query in PRESETS]
        return super().changelist_view(request, {**(extra_context or {}), "presets": presets})

    def save_model(self, request: Request, obj: Membership, form: ModelForm, change: bool) -> None:
        office.correct(obj, **form.cleaned_data, by=request.user)

    def get_data_for_export(self, request: Request, queryset: Any, **kwargs: Any) -> Any:
        """What leaves the house is in the trail: how many, and which filters were set."""
        dataset = super().get_data_for_export(request, queryset, **kwargs)
        facts = {"rows": len(dataset), "filters": request.GET.urlencode()}
        record("memberships.exported", by=request.user, subject=Association.get(), facts=facts, request=request)
        return dataset

    # --- The list

    @display(description="whose", ordering="user__name", header=True)
    def shown_holder(self, membership: Membership) -> list[str]:
        return [membership.holder, membership.mailbox.email]

    @display(description="status", label=COLOURS)
    def shown_status(self, membership: Any) -> tuple[str, str]:
        return Status(membership.status), self.standing(membership)

    @display(description="region", ordering="region")
    def shown_region(self, membership: Membership) -> str:
        return membership.get_region_display() or "–"

    @display(description="until", ordering="ends_on")
    def until(self, membership: Membership) -> str:
        return last_day(membership.ends_on)

    @display(description="seats")
    def shown_seats(self, membership: Any) -> str:
        return f"{membership.taken} of {membership.seats} taken" if membership.is_employers else "–"

    # --- The page of one

    @display(description="whose")
    def whose(self, membership: Membership) -> SafeString | str:
        return _person(membership.user) if membership.user else membership.organization_name

    @display(description="status")
    def standing(self, membership: Any) -> str:
        return "Waits for our yes" if membership.waits_for_approval else Status(membership.status).label

    @display(description="looked after by")
    def looked_after_by(self, membership: Membership) -> SafeString | str:
        return _person(membership.contact) if membership.contact else ""

    @display(description="workplace")
    def at_workplace(self, membership: Membership) -> SafeString | str:
        if membership.workplace is None:
            return "None yet: it is chosen when the office says yes."
        return _link(reverse("admin:members_workplace_change", args=[membership.workplace_id]), membership.workplace)

    @display(description="sits on a seat of")
    def on_a_seat_of(self, membership: Membership) -> SafeString | str:
        if membership.sponsor is None:
            return "Nobody"
        page = reverse("admin:members_membership_change", args=[membership.sponsor_id])
        return _link(page, membership.sponsor.organization_name)

    @display(description="asked to join")
    def asked(self, membership: Membership) -> str:
        return _day(membership.applied_at) or "Never: it was given or taken over"

    @display(description="our yes")
    def decided(self, membership: Membership) -> str:
        if membership.approved_at is None:
            return "Waits for it" if membership.waits_for_approval else "Not needed"
        return f"{_day(membership.approved_at)} by {membership.approved_by}"

    @display(description="cancelled")
    def cancelled(self, membership: Membership) -> str:
        if membership.cancelled_on is None:
            return "No"
        why = f": {membership.cancel_reason}" if membership.cancel_reason else ""
        return f"{last_day(membership.cancelled_on)}{why}"

    @display(description="trail")
    def trail(self, membership: Membership) -> SafeString:
        events = AuditEvent.objects.filter(subject_type="members.membership", subject_id=str(membership.pk))
        return render_to_string("admin/members/trail.html", {"events": events.order_by("-at", "-pk")[:TRAIL]})


def _person(person: User) -> SafeString:
    return format_html("{} · {}", _link(reverse("admin:members_user_change", args=[person.pk]), person), person.email)


def _link(url: str, label: object) -> SafeString:
    return format_html('<a class="underline" href="{}">{}</a>', url, label)


def _day(moment: dt.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j M Y") if moment else ""
