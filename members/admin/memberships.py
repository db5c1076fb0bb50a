"""Memberships as the office sees them: who belongs, as what, until when; and everything that it does about it."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export import resources
from import_export.admin import ExportMixin
from import_export.fields import Field
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from linkworkers.audit.actions import record
from linkworkers.audit.admin import Refusing
from linkworkers.audit.models import AuditEvent
from linkworkers.spreadsheets import harmless
from members.actions import applications, memberships, office, renewals
from members.admin._base import ReadOnlyInline, each
from members.admin._filters import FILTERS, PRESETS
from members.admin._sheets import Csv, Xlsx
from members.admin._steps import SearchField, StepForm, data_of, step
from members.admin.importing import Importing
from members.http import Request
from members.models import Association, Invoice, Membership, Plan, Region, Seat, Status, Term, User, Workplace

MOST_AT_ONCE = 500
TRAIL = 50  # what the page of a membership shows of it

COLOURS = {
    Status.APPLIED: "info",
    Status.CURRENT: "success",
    Status.GRACE: "warning",
    Status.LAPSED: "danger",
    Status.CANCELLED: "default",
}


def last_day(day: dt.date | None) -> str:
    if day is None:
        return "–"
    return "For life" if day == dt.date.max else date_format(day, "j M Y")


def with_all(queryset: Any) -> QuerySet[Membership]:
    """Memberships with what the list and the sheet say of each, in one query for all."""
    taken = Seat.objects.taken().filter(membership=OuterRef("pk")).order_by().values("membership")
    return (
        queryset.with_status()
        .select_related("user", "contact", "plan", "workplace", "sponsor__plan")
        .annotate(taken=Coalesce(Subquery(taken.annotate(number=Count("pk")).values("number")), 0))
    )


class MembershipResource(resources.ModelResource):
    """The sheet of memberships. What people typed is made harmless, should a program take it for a formula."""

    name = Field("holder", "name")
    email = Field("mailbox__email", "email")
    contact = Field("contact__name", "contact")
    plan = Field("plan__name", "plan")
    status = Field(None, "status")
    region = Field("get_region_display", "region")
    joined = Field(None, "joined")
    until = Field(None, "until")
    taken = Field("taken", "seats taken")
    sponsor = Field("sponsor__organization_name", "on a seat of")

    class Meta:
        model = Membership
        fields = [
            *("number", "name", "email", "contact", "plan", "status", "region", "joined", "until"),
            *("seats", "taken", "sponsor", "billing_address", "purchase_order"),
        ]
        export_order = fields

    def filter_export(self, queryset: Any, **kwargs: Any) -> QuerySet[Membership]:
        first = Term.objects.filter(membership=OuterRef("pk")).order_by("start_date").values("start_date")[:1]
        return queryset.annotate(joined=Subquery(first))

    def dehydrate_status(self, membership: Any) -> str:
        return Status(membership.status).label

    def dehydrate_joined(self, membership: Any) -> str:
        return membership.joined.isoformat() if membership.joined else ""

    def dehydrate_until(self, membership: Membership) -> str:
        if membership.for_life:
            return "for life"
        return membership.ends_on.isoformat() if membership.ends_on else ""

    def export_field(self, field: Field, instance: Membership, **kwargs: Any) -> Any:
        return harmless(super().export_field(field, instance, **kwargs))


class TermsInline(ReadOnlyInline):
    model = Term
    fields = ["plan", "start_date", "until", "seats", "shown_reason", "invoice"]
    readonly_fields = ["until", "shown_reason"]
    ordering = ["-start_date"]
    verbose_name_plural = "terms"

    def get_queryset(self, request: Request) -> QuerySet[Term]:
        return super().get_queryset(request).select_related("plan", "invoice")

    @display(description="last day")
    def until(self, term: Term) -> str:
        return last_day(term.end_date)

    @display(description="how it came")
    def shown_reason(self, term: Term) -> str:
        return term.get_reason_display()


class SeatsInline(ReadOnlyInline):
    """Those that an employer lends; its own page gives and ends them."""

    model = Seat
    fk_name = "membership"
    fields = ["name", "email", "shown_state", "offered_at", "accepted_at", "ended_at"]
    readonly_fields = ["shown_state", "offered_at", "accepted_at", "ended_at"]
    ordering = ["-offered_at"]
    verbose_name_plural = "seats"
    per_page = 50

    def get_queryset(self, request: Request) -> QuerySet[Seat]:
        return super().get_queryset(request).select_related("membership")

    @display(description="state")
    def shown_state(self, seat: Seat) -> str:
        return seat.state


class InvoicesInline(ReadOnlyInline):
    model = Invoice
    fields = ["number", "issued_on", "due_on", "total", "balance"]
    readonly_fields = ["balance"]
    verbose_name_plural = "invoices"
    show_change_link = True

    def get_queryset(self, request: Request) -> QuerySet[Invoice]:
        return super().get_queryset(request).with_balance()

    @display(description="still to pay")
    def balance(self, invoice: Any) -> str:
        return f"£{invoice.balance:,.2f}"


class ApproveForm(forms.Form):
    workplace = SearchField(
        Workplace.objects.all(),
        Membership,
        "workplace",
        required=False,
        help_text="Where its managers can look after it. Empty makes a new employer of that name.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why not",
        max_length=1000,
        widget=UnfoldAdminTextareaWidget,
        help_text="They get it by mail, word for word.",
        error_messages={"required": "Say why not. Whoever asked gets it by mail."},
    )


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Reason", max_length=1000, required=False, widget=UnfoldAdminTextareaWidget, help_text="For the office."
    )


class PlanField(forms.ModelChoiceField):
    def __init__(self, queryset: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(
            queryset, widget=UnfoldAdminSelectWidget, error_messages={"required": "Choose a plan."}, **kwargs
        )


class RenewForm(forms.Form):
    plan = PlanField(Plan.objects.none(), empty_label=None)
    seats = forms.IntegerField(min_value=1, widget=UnfoldAdminIntegerFieldWidget)

    def __init__(self, membership: Membership, data: Any) -> None:
        super().__init__(data, initial={"plan": membership.plan_id, "seats": membership.seats})
        self.fields["plan"].queryset = Plan.objects.filter(  # type: ignore[attr-defined]
            audience=membership.plan.audience
        )
        if not membership.is_employers:
            del self.fields["seats"]


class GiveForm(forms.Form):
    user = SearchField(
        User.objects.filter(is_active=True),
        Membership,
        "user",
        label="Person",
        error_messages={"required": "Choose a person."},
    )
    plan = PlanField(Plan.objects.filter(audience=Plan.Audience.INDIVIDUAL), empty_label="Choose")
    region = forms.ChoiceField(
        choices=[("", "As it is"), *Region.choices], required=False, widget=UnfoldAdminSelectWidget
    )


@admin.register(Membership)
class MembershipAdmin(ExportMixin, Importing, Refusing):
    """Days, seats and plans change by actions alone; what is typed here is the address, and what they told us."""

    list_display = ["number", "shown_holder", "plan", "shown_status", "shown_region", "until", "shown_seats"]
    list_display_links = ["number"]
    list_filter = FILTERS
    list_filter_submit = True
    list_before_template = "admin/members/membership/presets.html"
    search_fields = ["number__istartswith", "user__name", "user__email", "organization_name", "contact__name"]
    search_fields += ["contact__email"]
    search_help_text = "A number, a name, an e-mail address or an organisation."
    actions = ["approve_all", "remind_all", "renew_all"]
    actions_list = ["give", "take_members_in"]
    actions_detail = ["approve", "decline", "remind", "renew", "give_more", "cancel", "resume"]
    resource_classes = [MembershipResource]
    export_form_class = ExportForm
    formats = [Csv, Xlsx]
    facts = [
        *("number", "whose", "looked_after_by", "at_workplace", "plan", "shown_status", "until", "shown_seats"),
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
        asked = request.GET.urlencode()
        presets = [{"label": label, "query": query, "here": query == asked} for label, query in PRESETS]
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
        status = Status(membership.status)
        return status, "Waits for our yes" if membership.waits_for_approval else status.label

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

    # --- What is done with one

    def get_actions_detail(self, request: Request, object_id: Any) -> list[Any]:
        """Those that make sense as things stand."""
        # Not by `get_object`, which locks what is about to be saved.
        membership = self.get_queryset(request).filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if membership is None:
            return []
        offered = _offered(membership)
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        every = super().get_actions_detail(request, object_id)
        return [each for each in every if each.action_name.removeprefix(prefix) in offered]

    def _found(self, request: Request, object_id: str) -> Membership | HttpResponse:
        found = self.get_object(request, object_id)
        return found or self._get_obj_does_not_exist_redirect(request, self.opts, object_id)

    def _step(self, request: Request, membership: Membership, **what: Any) -> HttpResponse:
        back = reverse("admin:members_membership_change", args=[membership.pk])
        return step(self, request, back=back, **what)

    @action(description="Say yes", url_path="approve", permissions=["change"])
    def approve(self, request: Request, object_id: str) -> HttpResponse:
        membership = self._found(request, object_id)
        if isinstance(membership, HttpResponse):
            return membership
        form: forms.Form = StepForm(data_of(request))
        if membership.is_employers:
            form = ApproveForm(data_of(request), initial={"workplace": _namesake(membership)})

        def act(said: Any) -> str:
            applications.approve(membership, workplace=said.get("workplace"), by=request.user)
            return f"Yes to {membership}. They have been told by mail."

        paid = membership.plan.price_for(membership.seats) > 0
        after = "They get the invoice, and belong once it is paid." if paid else "They belong from today."
        told = f" They told us: “{membership.answer}”" if membership.answer else ""
        about = f"{membership.holder} asks for {membership.plan}.{told} {after}"
        return self._step(request, membership, title="Say yes", form=form, act=act, button="Say yes", about=about)

    @action(description="Say no", url_path="decline", permissions=["change"])
    def decline(self, request: Request, object_id: str) -> HttpResponse:
        membership = self._found(request, object_id)
        if isinstance(membership, HttpResponse):
            return membership

        def act(said: Any) -> str:
            applications.decline(membership, reason=said["reason"], by=request.user)
            return f"{membership.mailbox} was told no, and why."

        return self._step(
            request,
            membership,
            title="Say no",
            form=ReasonForm(data_of(request)),
            act=act,
            button="Say no",
            about=f"{membership.holder} asks for {membership.plan}. They may ask again.",
        )

    @action(description="Remind now", url_path="remind", permissions=["change"])
    def remind(self, request: Request, object_id: str) -> HttpResponse:
        membership = self._found(request, object_id)
        if isinstance(membership, HttpResponse):
            return membership

        def act(said: Any) -> str:
            renewals.remind(membership, by=request.user)
            return f"A reminder to {membership.mailbox} is on its way."

        about = f"{membership.mailbox} gets a mail that says when {membership.number} ends, and how to renew it."
        form = StepForm(data_of(request))
        return self._step(request, membership, title="Remind now", form=form, act=act, button="Send it", about=about)

    @action(description="Renew", url_path="renew", permissions=["change"])
    def renew(self, request: Request, object_id: str) -> HttpResponse:
        membership = self._found(request, object_id)
        if isinstance(membership, HttpResponse):
            return membership

        def act(said: Any) -> str:
            return _renewed(memberships.renew(membership, **said, by=request.user))

        return self._step(
            request,
            membership,
            title="Renew",
            form=RenewForm(membership, data_of(request)),
            act=act,
            button="Renew",
            about=f"{membership.holder}, until {last_day(membership.ends_on)}. What costs something begins once its "
            "invoice is paid; days follow on from the last ones where they can.",
        )

    @action(description="Give a term", url_path="give", permissions=["change"])
    def give_more(self, request: Request, object_id: str) -> HttpResponse:
        membership = self._found(request, object_id)
        if isinstance(membership, HttpResponse):
            return membership
        return redirect(f"{reverse('admin:members_membership_give')}?user={membership.user_id or ''}")

    @action(description="Cancel", url_path="cancel", permissions=["change"])
    def cancel(self, request: Request, object_id: str) -> HttpResponse:
        membership = self._found(request, object_id)
        if isinstance(membership, HttpResponse):
            return membership

        def act(said: Any) -> str:
            memberships.cancel(membership, reason=said["reason"], by=request.user)
            return f"{membership} is cancelled. They have been told by mail."

        return self._step(
            request,
            membership,
            title="Cancel this membership",
            form=CancelForm(data_of(request)),
            act=act,
            button="Cancel it",
            danger=True,
            about=f"What was paid for stays until the last day ({last_day(membership.ends_on)}); nothing follows then.",
        )

    @action(description="Take the cancellation back", url_path="resume", permissions=["change"])
    def resume(self, request: Request, object_id: str) -> HttpResponse:
        membership = self._found(request, object_id)
        if isinstance(membership, HttpResponse):
            return membership

        def act(said: Any) -> str:
            memberships.resume(membership, by=request.user)
            return f"{membership} goes on."

        about = f"{membership.holder} goes on until {last_day(membership.ends_on)}, and can renew then."
        form = StepForm(data_of(request))
        return self._step(request, membership, title="Take it back", form=form, act=act, button="Go on", about=about)

    # --- What is done with the list

    @action(description="Give a membership", url_path="give", permissions=["change"])
    def give(self, request: Request) -> HttpResponse:
        def act(said: Any) -> str:
            given = memberships.give(**said, by=request.user)
            return f"{given} has {given.plan} until {last_day(given.ends_on).lower()}. They have been told by mail."

        return step(
            self,
            request,
            title="Give a membership",
            form=GiveForm(data_of(request), initial={"user": request.GET.get("user", "")}),
            act=act,
            back=reverse("admin:members_membership_changelist"),
            button="Give it",
            about="A term at no cost: honorary, complimentary, or to put something right. It follows on from what "
            "they have.",
        )

    @admin.action(description="Say yes to all that are ticked", permissions=["change"])
    def approve_all(self, request: Request, queryset: QuerySet[Membership]) -> None:
        self._each(request, queryset, lambda row: applications.approve(row, by=request.user), "yes. They were told.")

    @admin.action(description="Remind now", permissions=["change"])
    def remind_all(self, request: Request, queryset: QuerySet[Membership]) -> None:
        self._each(request, queryset, lambda row: renewals.remind(row, by=request.user), "a reminder is on its way.")

    @admin.action(description="Renew under the same plan", permissions=["change"])
    def renew_all(self, request: Request, queryset: QuerySet[Membership]) -> None:
        self._each(
            request,
            queryset,
            lambda row: memberships.renew(row, by=request.user),
            "renewed, or sent its invoice.",
        )

    def _each(self, request: Request, queryset: Any, act: Any, done: str) -> None:
        if queryset.count() > MOST_AT_ONCE:
            messages.warning(request, f"Nothing was done: tick {MOST_AT_ONCE} at most. The filters help to find them.")
            return
        each(request, queryset, act, done)


def _offered(membership: Membership) -> set[str]:
    """What makes sense to do with it today."""
    if membership.waits_for_approval:
        return {"approve", "decline", "cancel"}
    offered = set() if membership.is_employers else {"give_more"}
    today = timezone.localdate()
    if membership.cancelled_on is None:
        offered |= {"cancel"}
        if not membership.for_life:
            offered |= {"renew", "remind"} if membership.ends_on else {"renew"}
    elif membership.ends_on and membership.ends_on >= today:
        offered |= {"resume"}
    else:
        offered |= {"renew"}
    return offered


def _renewed(what: Term | Invoice) -> str:
    if isinstance(what, Invoice):
        return f"Invoice {what} went to {what.email}. The term begins when it is paid."
    return f"Renewed from {last_day(what.start_date)} until {last_day(what.end_date)}. They have been told by mail."


def _namesake(membership: Membership) -> Workplace | None:
    """The one workplace that is called as the employer is, and has no membership."""
    found = Workplace.objects.filter(name__iexact=membership.organization_name, membership=None)[:2]
    return found[0] if len(found) == 1 else None


def _person(person: User) -> SafeString:
    return format_html("{} · {}", _link(reverse("admin:members_user_change", args=[person.pk]), person), person.email)


def _link(url: str, label: object) -> SafeString:
    return format_html('<a class="underline" href="{}">{}</a>', url, label)


def _day(moment: dt.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j M Y") if moment else ""
