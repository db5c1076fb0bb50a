"""Expenses of the volunteers whom somebody looks after: to approve, to pay, to mark as paid."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.spreadsheets import as_csv, as_xlsx, harmless
from linkworkers.uploads import TEXTS, as_download
from members.http import Request
from members.models import Role, Workplace
from referrals.access import for_roles
from volunteers import permissions
from volunteers.actions import settling as actions
from volunteers.forms.expenses import AnswerForm
from volunteers.models import ExpenseClaim, PaymentList
from volunteers.views.expenses import get_claim

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 20
State = ExpenseClaim.State
LISTS = {
    "waiting": ("To approve", [State.SENT]),
    "returned": ("Sent back", [State.RETURNED]),
    "approved": ("To be paid", [State.APPROVED]),
    "done": ("Paid or declined", [State.PAID, State.DECLINED]),
}
COLUMNS = ["List", "Claim", "Volunteer", "E-mail address", "Workplace", "Sent", "Approved", "Approved by", "Amount"]
PLACES = ("volunteer__workplace", "volunteer__workplace__parent")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def to_approve(request: Request) -> HttpResponse:
    """Claims of others by what they wait for, the longest waiting first."""
    asked = request.GET.get("list", "")
    chosen = asked if asked in LISTS else "waiting"
    claims = ExpenseClaim.objects.settled_by(request.user).filter(state__in=LISTS[chosen][1])
    order = "-sent_at" if chosen == "done" else "sent_at"
    rows = claims.select_related("volunteer__workplace").annotate(count=Count("lines")).order_by(order, "pk")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "lists": {key: label for key, (label, _) in LISTS.items()},
        "chosen": chosen,
    }
    return render(request, "volunteers/expenses/to_approve.html", context)


def _claim(request: Request, expense_id: int) -> ExpenseClaim:
    """A claim that this person settles, with their own among them: the action says why not those."""
    return get_object_or_404(ExpenseClaim.objects.settled_by(request.user), pk=get_claim(request, expense_id).pk)


@require_POST
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def approve(request: Request, expense_id: int) -> HttpResponse:
    """Of the total that whoever approves has seen."""
    found = _claim(request, expense_id)
    try:
        total = Decimal(request.POST.get("total", ""))
    except InvalidOperation:
        total = Decimal(-1)  # no claim has it: they are asked to look again
    try:
        actions.approve(found, total=total, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("expense_claim", found.pk)
    messages.success(request, "Approved. It is on the next list of payments.")
    return redirect("expenses_to_approve")


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def send_back(request: Request, expense_id: int) -> HttpResponse:
    words = {"title": "Send back with a question", "label": "Send it back", "kind": "", "done": "It is back with them."}
    return _answer(request, expense_id, actions.send_back, words)


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def decline(request: Request, expense_id: int) -> HttpResponse:
    words = {"title": "Decline this claim", "label": "Decline it", "kind": "danger", "done": "The claim is declined."}
    return _answer(request, expense_id, actions.decline, words)


def _answer(request: Request, expense_id: int, action: Any, words: dict[str, str]) -> HttpResponse:
    found = _claim(request, expense_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            action(found, answer=form.cleaned_data["answer"], by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("expense_claim", found.pk)
        messages.success(request, words["done"])
        return redirect("expenses_to_approve")
    return render(request, "volunteers/expenses/answer.html", {"form": form, "claim": found, "words": words})


@require_GET
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def payments(request: Request) -> HttpResponse:
    """What is approved and on no list yet, by workplace, and the lists there are."""
    unpaid = ExpenseClaim.objects.settled_by(request.user).unpaid().exclude(claimant=request.user)
    lists = (
        PaymentList.objects.visible_to(request.user)
        .select_related("workplace")
        .annotate(count=Count("claims"), total=Sum("claims__total"))
        .order_by("-made_at", "-pk")
    )
    context = {
        "waiting": _by_workplace(request, unpaid),
        "page": Paginator(lists, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "volunteers/expenses/payments.html", context)


def _by_workplace(request: Request, unpaid: Any) -> list[dict[str, Any]]:
    """How much waits at each workplace for which this person can make a list. A network has its practices' with it."""
    sums = list(unpaid.values(*PLACES).order_by().annotate(count=Count("pk"), total=Sum("total")))
    own = request.user.workplace_ids(Role.COORDINATOR)
    if request.user.has_role(Role.ADMINISTRATOR):
        own = [*own, *(each["volunteer__workplace__parent"] or each["volunteer__workplace"] for each in sums)]
    found = []
    for workplace in Workplace.objects.filter(pk__in=own):
        mine = [
            each
            for each in sums
            if workplace.pk in (each["volunteer__workplace"], each["volunteer__workplace__parent"])
        ]
        if mine:
            count, total = sum(each["count"] for each in mine), sum(each["total"] for each in mine)
            found.append({"workplace": workplace, "count": count, "total": total})
    return found


@require_POST
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def list_new(request: Request, workplace_id: int) -> HttpResponse:
    workplace = get_object_or_404(Workplace.objects.select_related("parent"), pk=workplace_id)
    if not permissions.can_pay_at(request.user, workplace):
        raise Http404
    try:
        made = actions.make_list(workplace, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("expenses_payments")
    messages.success(request, f"{made} is made. Take it home, pay it, then mark it as paid.")
    return redirect("payment_list", made.pk)


def _list(request: Request, payment_list_id: int) -> PaymentList:
    visible = PaymentList.objects.visible_to(request.user).select_related("workplace", "made_by", "paid_by")
    return get_object_or_404(visible, pk=payment_list_id)


@require_GET
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def payment_list(request: Request, payment_list_id: int) -> HttpResponse:
    found = _list(request, payment_list_id)
    claims = found.claims.select_related("volunteer__workplace", "decided_by").order_by("volunteer__name", "pk")
    context = {
        "list": found,
        "page": Paginator(claims, PER_PAGE).get_page(request.GET.get("page")),
        "total": claims.aggregate(sum=Sum("total"))["sum"],
        "has_own": found.claims.filter(claimant=request.user).exists(),
    }
    return render(request, "volunteers/expenses/payment_list.html", context)


@require_GET
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def export(request: Request, payment_list_id: int, sheet: str) -> HttpResponse:
    """The claims of a list for whoever pays: a CSV or a workbook. Taking it home is in the trail."""
    found = _list(request, payment_list_id)
    if sheet not in ("csv", "xlsx"):
        raise Http404
    claims = found.claims.select_related("volunteer__workplace", "decided_by").order_by("volunteer__name", "pk")
    rows = [COLUMNS, *(_row(found, claim) for claim in claims)]
    record("payment_list.taken_home", by=request.user, subject=found, facts={"sheet": sheet}, request=request)
    if sheet == "csv":
        return as_download(f"{found}.csv", f"{TEXTS['.csv']}; charset=utf-8", as_csv(rows))
    return as_download(f"{found}.xlsx", XLSX, as_xlsx(rows))


def _row(found: PaymentList, claim: ExpenseClaim) -> list[Any]:
    days = [timezone.localdate(at).isoformat() if at else "" for at in (claim.sent_at, claim.decided_at)]
    volunteer = claim.volunteer
    typed = [volunteer.name, volunteer.email, str(volunteer.workplace)]
    return [str(found), str(claim.pk), *map(harmless, typed), *days, harmless(str(claim.decided_by)), claim.total]


@require_POST
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def list_paid(request: Request, payment_list_id: int) -> HttpResponse:
    found = _list(request, payment_list_id)
    try:
        actions.mark_paid(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{found} is paid. The volunteers get a mail.")
    return redirect("payment_list", found.pk)


@require_POST
@login_required
@for_roles(Role.COORDINATOR, Role.ADMINISTRATOR)
def list_undo(request: Request, payment_list_id: int) -> HttpResponse:
    found = _list(request, payment_list_id)
    name = str(found)
    try:
        actions.undo_list(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("payment_list", found.pk)
    messages.success(request, f"{name} is taken apart. Its claims wait for the next list.")
    return redirect("expenses_payments")
