"""Joining: choose a plan, show that the address is yours, say what the plan asks."""

import datetime as dt
from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers.actions import Refused
from linkworkers.limits import allows
from members.actions import applications
from members.forms.membership import BeginForm, DetailsForm, NewcomerForm
from members.models import Membership, Plan, User
from members.models.money import ZERO
from members.permissions import membership_of

GET_OR_POST = ["GET", "POST"]
LINK_LASTS = dt.timedelta(days=3)

_signer = signing.TimestampSigner(salt="members.join")


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """What one can belong as, and for how much."""
    offered = Plan.objects.filter(is_open=True)
    return render(
        request,
        "members/join.html",
        {
            "people": [plan for plan in offered if not plan.is_for_employers],
            "employers": [plan for plan in offered if plan.is_for_employers],
            "membership": membership_of(request.user) if isinstance(request.user, User) else None,
        },
    )


@require_http_methods(GET_OR_POST)
def join(request: HttpRequest, plan_key: str) -> HttpResponse:
    """Under one plan: a stranger gets a link by mail, somebody with an account says what the plan asks."""
    plan = get_object_or_404(Plan, key=plan_key, is_open=True)
    if isinstance(request.user, User):
        return _details(request, plan, request.user)
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, email = form.cleaned_data["name"], User.objects.normalize_email(form.cleaned_data["email"])
        if not allows(request, "join", email):
            form.add_error(None, "There were too many tries from where you are. Please try again in an hour.")
            return render(request, "members/join_begin.html", {"form": form, "plan": plan}, status=429)
        if not form.is_from_a_program:
            token = _signer.sign_object({"plan": plan.key, "name": name, "email": email})
            applications.send_link(plan=plan, name=name, email=email, path=reverse("join_confirm", args=[token]))
        return render(request, "members/join_sent.html", {"plan": plan, "email": email})
    return render(request, "members/join_begin.html", {"form": form, "plan": plan})


@require_http_methods(GET_OR_POST)
@never_cache
def confirm(request: HttpRequest, join_token: str) -> HttpResponse:
    """What the mailed link opens: the new account, and what the plan asks."""
    try:
        asked = _signer.unsign_object(join_token, max_age=LINK_LASTS)
    except signing.BadSignature:
        return render(request, "members/join_closed.html", status=404)
    plan = Plan.objects.filter(key=asked["plan"], is_open=True).first()
    if plan is None:
        return render(request, "members/join_closed.html", status=404)
    if User.objects.filter(email=asked["email"]).exists():
        return redirect("join_plan", plan.key)  # used before: they go on from their own account
    if request.user.is_authenticated:
        return render(request, "members/join_other.html", {"email": asked["email"], "path": request.path})
    initial = {"name": asked["name"], "email": asked["email"]}
    form = NewcomerForm(request.POST or None, plan=plan, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        del facts["email"]
        try:
            membership = applications.join_newcomer(plan=plan, email=asked["email"], **facts)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            user = membership.mailbox
            perform_login(request, user, email=user.email)
            reauthenticate_by_password(request)
            return _done(request, membership)
    return render(request, "members/join_details.html", {"form": form, "plan": plan})


def _details(request: HttpRequest, plan: Plan, user: User) -> HttpResponse:
    form = DetailsForm(request.POST or None, plan=plan, initial=_known(user))
    if request.method == "POST" and form.is_valid():
        act: Any = applications.join_as_employer if plan.is_for_employers else applications.join
        who = {"contact" if plan.is_for_employers else "user": user}
        try:
            membership = act(plan=plan, **who, **form.cleaned_data, by=user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, membership)
    return render(request, "members/join_details.html", {"form": form, "plan": plan})


def _known(user: User) -> dict[str, str]:
    """What need not be asked again: the region of their membership, or of where they work."""
    membership = membership_of(user)
    region = membership.region if membership else ""
    return {"region": region or next((post.workplace.region for post in user.current_posts), "")}


def _done(request: HttpRequest, membership: Membership) -> HttpResponse:
    """On to what comes next: the invoice where there is one, else the membership's page."""
    invoice = membership.invoices.with_balance().first()
    if invoice and getattr(invoice, "balance", ZERO) > 0:
        messages.success(request, "Almost there: your membership begins when this invoice is paid.")
        return redirect("invoice", invoice.number)
    if membership.waits_for_approval:
        messages.success(request, "Thank you. The office looks at it, and writes to you.")
    else:
        welcome = "Welcome back." if membership.terms.count() > 1 else "Welcome. You belong now."
        first = "Offer the first seat." if membership.is_employers else "Ask others what you have been wondering about."
        messages.success(request, f"{welcome} {first}")
    return redirect("employer", membership.number) if membership.is_employers else redirect("members")
