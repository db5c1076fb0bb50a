"""What the office does about memberships: its yes and no, reminding, renewing, giving, cancelling."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from linkworkers.audit.admin import Office
from members.actions import applications, memberships, renewals
from members.admin._base import each
from members.admin._inlines import last_day
from members.admin._steps import SearchField, StepForm, data_of, step
from members.http import Request
from members.models import Invoice, Membership, Plan, Region, Term, User, Workplace

MOST_AT_ONCE = 500


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


class Deciding(Office):
    """Adds to the office's pages of memberships a page for each of these, and what is done with many at once."""

    actions = ["approve_all", "remind_all", "renew_all"]
    actions_detail = ["approve", "decline", "remind", "renew", "give_more", "cancel", "resume"]

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

    @action(description="Cancel the membership", url_path="cancel", permissions=["change"])
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
