"""An employer's membership: its seats, who sits on them, and who may."""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members.actions import memberships
from members.actions import seats as actions
from members.forms.accounts import JoinForm
from members.forms.membership import MoreSeatsForm, SeatForm
from members.http import Request
from members.models import Membership, Seat, User
from members.views.membership import found

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 50


def _employers(request: Request, number: str) -> Membership:
    membership = found(request, number)
    if not membership.is_employers:
        raise Http404
    return membership


@require_GET
@login_required
def employer(request: Request, membership_number: str) -> HttpResponse:
    """How the membership stands, how many seats are left, and who has them."""
    membership = _employers(request, membership_number)
    taken = membership.lent.taken().select_related("member__user")
    seats = memberships.seats_now(membership)
    page = Paginator(taken.order_by(F("accepted_at").asc(nulls_last=True), "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "members/employer.html",
        {
            "membership": membership,
            "status": membership.status_today,
            "can_renew": memberships.can_renew(membership) or (membership.cancelled_on and membership.ends_on),
            "seats": seats,
            "taken": page.paginator.count,
            "free": max(0, seats - page.paginator.count),
            "page": page,
            "unpaid": membership.invoices.unpaid().first(),
        },
    )


@require_http_methods(GET_OR_POST)
@login_required
def offer(request: Request, membership_number: str) -> HttpResponse:
    membership = _employers(request, membership_number)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            seat = actions.offer(membership, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The offer is on its way to {seat.email}.")
            return redirect("employer", membership_number)
    return render(request, "members/seat_offer.html", {"form": form, "membership": membership})


@require_http_methods(GET_OR_POST)
@login_required
def more(request: Request, membership_number: str) -> HttpResponse:
    membership = _employers(request, membership_number)
    seats = memberships.seats_now(membership)
    form = MoreSeatsForm(request.POST or None, initial={"seats": seats + 1})
    if request.method == "POST" and form.is_valid():
        try:
            invoice = memberships.buy_seats(membership, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The seats are yours when this invoice is paid.")
            return redirect("invoice", invoice.number)
    context = {
        "form": form,
        "membership": membership,
        "seats": seats,
        "free": max(0, seats - membership.lent.taken().count()),
        "each": memberships.price_of_seats(membership, seats + 1),
    }
    return render(request, "members/seats_more.html", context)


def _seat(request: Request, seat_id: int) -> Seat:
    return get_object_or_404(
        Seat.objects.visible_to(request.user).select_related("membership", "member__user"), pk=seat_id, ended_at=None
    )


@require_POST
@login_required
def offer_again(request: Request, seat_id: int) -> HttpResponse:
    seat = _seat(request, seat_id)
    try:
        actions.offer_again(seat, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"A new link is on its way to {seat.email}. The one before no longer works.")
    return redirect("employer", seat.membership.number)


@require_http_methods(GET_OR_POST)
@login_required
def move(request: Request, seat_id: int) -> HttpResponse:
    """The seat of somebody who leaves goes to whoever comes after them."""
    seat = _seat(request, seat_id)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.move(seat, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The seat is offered to {new.email}.")
            return redirect("employer", seat.membership.number)
    return render(request, "members/seat_move.html", {"form": form, "seat": seat, "membership": seat.membership})


@require_http_methods(GET_OR_POST)
@login_required
def end(request: Request, seat_id: int) -> HttpResponse:
    seat = _seat(request, seat_id)
    if request.method == "POST":
        try:
            actions.end(seat, by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"The seat of {seat.name or seat.email} is free.")
        return redirect("employer", seat.membership.number)
    return render(request, "members/seat_end.html", {"seat": seat, "membership": seat.membership})


@require_http_methods(GET_OR_POST)
@never_cache
def accept(request: HttpRequest, seat_token: str) -> HttpResponse:
    """What an offer's link opens: an account and the seat, or the seat alone for somebody with an account."""
    seat = Seat.objects.filter(token_hash=actions.hash_token(seat_token)).select_related("membership").first()
    if seat is None or seat.state != "Offered":
        return render(request, "members/seat_closed.html", {"seat": seat}, status=410 if seat else 404)
    visitor = request.user if isinstance(request.user, User) else None
    holder = User.objects.filter(email=seat.email).first()
    if visitor != holder:
        context = {"seat": seat, "step": "log_out" if visitor else "log_in", "path": request.path}
        return render(request, "members/seat_accept.html", context)
    initial = {"email": seat.email, "name": seat.name}
    form = None if visitor else JoinForm(request.POST or None, initial=initial)
    if request.method == "POST" and (form is None or form.is_valid()):
        typed = {name: form.cleaned_data[name] for name in ("name", "password")} if form else {}
        try:
            user = actions.accept(seat, by=visitor, **typed)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("members" if visitor else request.path)
        if form:
            perform_login(request, user, email=user.email)
            # The password was chosen just now.
            reauthenticate_by_password(request)
        messages.success(request, f"Welcome. You sit on a seat of {seat.membership.organization_name}.")
        return redirect("members")
    return render(request, "members/seat_accept.html", {"seat": seat, "form": form, "step": "accept"})
