"""One's own membership: how it stands, and what can be done with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from members.actions import memberships, seats
from members.emails.memberships import page_of
from members.forms.membership import CancelForm, PlanForm, RenewForm
from members.http import Request
from members.learning_year import learning_panel
from members.membership_pdf import card_pdf, certificate_pdf
from members.models import Invoice, Membership
from members.permissions import is_member, membership_of

GET_OR_POST = ["GET", "POST"]


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What belongs to a member and what comes next; a stranger sees how to become one."""
    if not request.user.is_authenticated:
        return redirect("join")
    user = request.user
    membership = membership_of(user)
    unpaid = membership.invoices.unpaid().first() if membership else None
    kept = Membership.objects.kept_by(user).select_related("plan").with_status().order_by("organization_name")
    return render(
        request,
        "members/home.html",
        {
            "membership": membership,
            "status": membership.status_today if membership else None,
            "can_renew": membership and memberships.can_renew(membership),
            "upgrades": memberships.upgrades(membership) if membership and not unpaid else [],
            "unpaid": unpaid,
            "learning": learning_panel(user) if is_member(user) and membership else None,
            "kept": kept,
        },
    )


def found(request: Request, number: str) -> Membership:
    """A membership that the reader may change, by its number; 404 for any other."""
    rows = Membership.objects.visible_to(request.user).select_related("user", "contact", "plan", "sponsor__plan")
    return get_object_or_404(rows, number=number)


@require_http_methods(GET_OR_POST)
@login_required
def renew(request: Request, membership_number: str) -> HttpResponse:
    membership = found(request, membership_number)
    form = RenewForm(
        request.POST or None,
        plans=memberships.renewable(membership),
        for_employer=membership.is_employers,
        initial={"plan": membership.plan, "seats": membership.seats},
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = memberships.renew(membership, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if isinstance(given, Invoice):
                messages.success(request, "The next year begins when this invoice is paid. No day is lost.")
                return redirect("invoice", given.number)
            messages.success(request, f"Thank you. It runs until {date_format(given.end_date)} now.")
            return redirect(page_of(membership))
    context = {"form": form, "membership": membership, "back": page_of(membership)}
    return render(request, "members/membership_renew.html", context)


@require_http_methods(GET_OR_POST)
@login_required
def upgrade(request: Request, membership_number: str) -> HttpResponse:
    membership = found(request, membership_number)
    offered = memberships.upgrades(membership)
    if not offered:
        raise Http404
    form = PlanForm(request.POST or None, plans=offered, initial={"plan": offered[0]})
    if request.method == "POST" and form.is_valid():
        try:
            invoice = memberships.upgrade(membership, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your new plan begins when this invoice is paid.")
            return redirect("invoice", invoice.number)
    context = {"form": form, "membership": membership, "back": page_of(membership)}
    return render(request, "members/membership_upgrade.html", context)


@require_http_methods(GET_OR_POST)
@login_required
def cancel(request: Request, membership_number: str) -> HttpResponse:
    membership = found(request, membership_number)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            memberships.cancel(membership, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is cancelled. What was paid for stays until its last day.")
            return redirect(page_of(membership))
    context = {"form": form, "membership": membership, "back": page_of(membership)}
    return render(request, "members/membership_cancel.html", context)


@require_POST
@login_required
def resume(request: Request, membership_number: str) -> HttpResponse:
    membership = found(request, membership_number)
    try:
        memberships.resume(membership, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "It is no longer cancelled. You can renew it when it ends.")
    return redirect(page_of(membership))


@require_POST
@login_required
def leave_seat(request: Request) -> HttpResponse:
    """Gives back the seat that the reader sits on."""
    membership = membership_of(request.user)
    seat = membership and membership.held.taken().select_related("membership").first()
    if not seat:
        raise Http404
    seats.end(seat, by=request.user)
    messages.success(request, f"You no longer sit on a seat of {seat.membership.organization_name}.")
    return redirect("members")


@require_GET
@login_required
def card(request: Request) -> HttpResponse:
    membership = _in_force(request)
    return as_pdf(card_pdf(membership), f"membership-card-{membership.number}.pdf")


@require_GET
@login_required
def certificate(request: Request) -> HttpResponse:
    membership = _in_force(request)
    return as_pdf(certificate_pdf(membership), f"membership-certificate-{membership.number}.pdf")


def _in_force(request: Request) -> Membership:
    """The reader's own membership; who has none in force has no card."""
    membership = membership_of(request.user)
    if membership is None or not membership.is_in_force:
        raise Http404
    return membership
