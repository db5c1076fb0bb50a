"""A volunteer's own expenses: what is claimed, a claim with its lines and receipts, sending it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.forms import typed_date
from linkworkers.uploads import as_download
from members.actions.mail import choose_mails
from members.http import Request
from members.mail_kinds import frequency
from members.models import Frequency, Role, User
from volunteers import permissions
from volunteers.actions import expenses as actions
from volunteers.emails.expenses import NUDGE
from volunteers.expense_rules import flagged, missing_receipt
from volunteers.forms.expenses import ASKED, LineForm, MilesForm
from volunteers.mileage import tax_year, tax_year_label
from volunteers.models import ExpenseClaim, ExpenseLine, MilesElsewhere, Receipt, Shift, Volunteer

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 20
MOST_DAYS = 12  # how many shifts are offered to be claimed for
View = Callable[..., HttpResponse]


def for_claims(view: View) -> View:
    """Lets in whoever volunteers or did, whoever looks after volunteers, and the office. For others it is not there."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        settles = request.user.has_role(Role.VOLUNTEER, Role.COORDINATOR, Role.ADMINISTRATOR)
        if not settles and not Volunteer.objects.of(request.user).exists():
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)


@require_GET
@for_claims
def overview(request: Request) -> HttpResponse:
    """What somebody claimed, what waits and was paid, and the shifts they claimed nothing for. Whoever only looks after
    others goes on to their claims.
    """
    own = list(Volunteer.objects.of(request.user).select_related("workplace").order_by("pk"))
    settles = request.user.has_role(Role.COORDINATOR, Role.ADMINISTRATOR)
    if not own and settles:
        return redirect("expenses_to_approve")
    claims = ExpenseClaim.objects.filter(claimant=request.user).select_related("volunteer__workplace")
    unclaimed = list(_unclaimed(request.user)[:MOST_DAYS])
    places = []
    for volunteer in own:
        days = [shift for shift in unclaimed if shift.volunteer_id == volunteer.pk]
        if days or volunteer.is_active:
            places.append({"volunteer": volunteer, "days": days})
    context = {
        "page": Paginator(claims, PER_PAGE).get_page(request.GET.get("page")),
        "places": places,
        "unclaimed": len(unclaimed),
        "settles": settles,
        "asks": frequency(request.user, NUDGE) != Frequency.OFF,
        "year": tax_year_label(tax_year(timezone.localdate())),
    }
    return render(request, "volunteers/expenses/overview.html", context)


def _unclaimed(user: User) -> Any:
    """Shifts of the last three months for whose day nothing was claimed, the latest first."""
    since = timezone.now() - relativedelta(months=3)
    claimed = ExpenseLine.objects.filter(shift=OuterRef("pk")).exclude(claim__state=ExpenseClaim.State.DECLINED)
    found = Shift.objects.worked().filter(~Exists(claimed), user=user, starts_at__gte=since)
    return found.select_related("session__clinic").order_by("-starts_at")


@require_POST
@for_claims
def start(request: Request, volunteer_key: str) -> HttpResponse:
    volunteer = get_object_or_404(Volunteer.objects.of(request.user), key=volunteer_key)
    return redirect("expense_claim", actions.start(volunteer, by=request.user).pk)


def get_claim(request: Request, expense_id: int) -> ExpenseClaim:
    visible = ExpenseClaim.objects.visible_to(request.user).select_related(
        "volunteer__workplace__parent", "claimant", "decided_by", "payment_list"
    )
    return get_object_or_404(visible, pk=expense_id)


def own_claim(request: Request, expense_id: int) -> ExpenseClaim:
    own = ExpenseClaim.objects.filter(claimant=request.user).select_related("volunteer__workplace")
    return get_object_or_404(own, pk=expense_id)


@require_GET
@for_claims
def claim(request: Request, expense_id: int) -> HttpResponse:
    """A claim: for its volunteer to fill in and follow, for whoever approves it with what is unusual about it."""
    found = get_claim(request, expense_id)
    is_own = found.claimant_id == request.user.pk
    lines = list(found.lines.select_related("shift__session__clinic").prefetch_related("receipts"))
    can_change = is_own and found.is_open
    days = (
        [shift for shift in _unclaimed(request.user) if shift.volunteer_id == found.volunteer_id] if can_change else []
    )
    context = {
        "claim": found,
        "is_own": is_own,
        "can_change": can_change,
        "can_settle": found.state == ExpenseClaim.State.SENT and permissions.can_settle(request.user, found),
        "rows": [
            {"line": each.line, "flags": [] if is_own else each.flags, "no_receipt": _lacks(each.line)}
            for each in flagged(found, lines)
        ],
        "kinds": ExpenseLine.Kind.choices,
        "days": days,
    }
    return render(request, "volunteers/expenses/claim.html", context)


def _lacks(line: ExpenseLine) -> bool:
    return missing_receipt(line, len(line.receipts.all()))


@require_http_methods(GET_OR_POST)
@for_claims
def line_new(request: Request, expense_id: int) -> HttpResponse:
    """Begins with what the address says of kind and day, and with the last journey of that kind."""
    found = own_claim(request, expense_id)
    asked = request.GET.get("kind", "")
    kind = asked if asked in ASKED else str(ExpenseLine.Kind.MILEAGE)
    day = typed_date(request.GET.get("on", "")[:20]) or timezone.localdate()
    form = LineForm(
        request.POST or None,
        request.FILES or None,
        claim=found,
        kind=kind,
        initial={"on": day, **_last_journey(found, kind)},
    )
    return _line_page(request, found, form, None)


def _last_journey(claim: ExpenseClaim, kind: str) -> dict[str, Any]:
    """Most people make the same journey every time."""
    last = ExpenseLine.objects.filter(claim__volunteer=claim.volunteer_id, claim__claimant=claim.claimant_id, kind=kind)
    names = [name for name in ("from_place", "to_place", "miles", "vehicle") if name in ASKED[kind]]
    return dict(last.order_by("-pk").values(*names).first() or {}) if names else {}


@require_http_methods(GET_OR_POST)
@for_claims
def line_edit(request: Request, line_id: int) -> HttpResponse:
    line = _own_line(request, line_id)
    form = LineForm(request.POST or None, request.FILES or None, claim=line.claim, kind=line.kind, line=line)
    return _line_page(request, line.claim, form, line)


def _line_page(request: Request, claim: ExpenseClaim, form: LineForm, line: ExpenseLine | None) -> HttpResponse:
    if not claim.is_open:
        messages.warning(request, "This claim was sent. Take it back to change it.")
        return redirect("expense_claim", claim.pk)
    if request.method == "POST" and form.is_valid():
        files = form.cleaned_data.get("receipts", [])
        try:
            saved = actions.save_line(claim, line, facts=form.facts(), files=files, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            about = f" {saved.working}." if saved.working else ""
            messages.success(request, f"Saved.{about}")
            return redirect("expense_claim", claim.pk)
    receipts = line.receipts.select_related("file").defer("file__content") if line else []
    label = dict(ExpenseLine.Kind.choices)[ExpenseLine.Kind(form.kind)]
    context = {"form": form, "claim": claim, "line": line, "receipts": receipts, "label": label}
    return render(request, "volunteers/expenses/line.html", context)


def _own_line(request: Request, line_id: int) -> ExpenseLine:
    own = ExpenseLine.objects.filter(claim__claimant=request.user).select_related("claim__volunteer__workplace")
    return get_object_or_404(own, pk=line_id)


@require_POST
@for_claims
def line_remove(request: Request, line_id: int) -> HttpResponse:
    line = _own_line(request, line_id)
    try:
        actions.remove_line(line, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "The line is taken out.")
    return redirect("expense_claim", line.claim_id)


@require_GET
@for_claims
def receipt(request: Request, receipt_id: int) -> HttpResponse:
    """A receipt, to be saved: for its volunteer, and for whoever settles the claim."""
    visible = Receipt.objects.filter(line__claim__in=ExpenseClaim.objects.visible_to(request.user))
    file = get_object_or_404(visible.select_related("file"), pk=receipt_id).file
    return as_download(file.name, file.content_type, bytes(file.content))


@require_POST
@for_claims
def receipt_remove(request: Request, receipt_id: int) -> HttpResponse:
    own = Receipt.objects.filter(line__claim__claimant=request.user).select_related("line__claim")
    found = get_object_or_404(own, pk=receipt_id)
    try:
        actions.remove_receipt(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("expense_claim", found.line.claim_id)
    messages.success(request, "The receipt is deleted.")
    return redirect("expense_line", found.line_id)


@require_POST
@for_claims
def send(request: Request, expense_id: int) -> HttpResponse:
    found = own_claim(request, expense_id)
    try:
        actions.send(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Your claim is sent. You get a mail when it is paid, or if there is a question.")
    return redirect("expense_claim", found.pk)


@require_POST
@for_claims
def take_back(request: Request, expense_id: int) -> HttpResponse:
    found = own_claim(request, expense_id)
    try:
        actions.take_back(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Your claim is yours again. Change it, and send it when it is right.")
    return redirect("expense_claim", found.pk)


@require_http_methods(GET_OR_POST)
@for_claims
def discard(request: Request, expense_id: int) -> HttpResponse:
    """Asks first."""
    found = own_claim(request, expense_id)
    if request.method == "POST":
        try:
            actions.discard(found, by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("expense_claim", found.pk)
        messages.success(request, "The claim is thrown away.")
        return redirect("expenses")
    return render(request, "volunteers/expenses/discard.html", {"claim": found})


@require_http_methods(GET_OR_POST)
@for_claims
def miles(request: Request) -> HttpResponse:
    """How far somebody drove for others in a tax year: it counts towards the same 10,000 miles."""
    form = MilesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.declare_miles(**form.cleaned_data, by=request.user)
        messages.success(request, "Saved. What was not approved yet is worked out with it.")
        return redirect("expenses")
    declared = [(tax_year_label(each.year), each.miles) for each in MilesElsewhere.objects.filter(user=request.user)]
    return render(request, "volunteers/expenses/miles.html", {"form": form, "declared": declared})


@require_POST
@for_claims
def nudges(request: Request) -> HttpResponse:
    """“I do not claim” ends the monthly question, and can be taken back."""
    asks = "ask" in request.POST
    choose_mails({NUDGE: Frequency.MONTHLY if asks else Frequency.OFF}, by=request.user)
    messages.success(
        request,
        "We ask you again when you have claimed nothing." if asks else "We do not ask you about expenses again.",
    )
    return redirect("expenses")
