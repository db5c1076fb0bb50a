"""What somebody was asked to pay, and what they paid."""

import logging
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from members import cards
from members.actions import cards as card_actions
from members.actions import invoices as actions
from members.actions import memberships
from members.forms.money import PurchaseOrderForm
from members.http import Request
from members.models import Association, CreditNote, Invoice, Payment
from members.money_pdf import credit_note_pdf, invoice_pdf, receipt_pdf
from members.views.checkout import to_card_page

PER_PAGE = 20

logger = logging.getLogger(__name__)


@require_GET
@login_required
def invoices(request: Request) -> HttpResponse:
    """Those one may see, the newest first; the office has a list of its own to work from."""
    found = Invoice.objects.visible_to(request.user).with_balance()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "members/money/invoices.html", {"page": page})


@require_GET
@login_required
def invoice(request: Request, number: str) -> HttpResponse:
    shown = _invoice(request, number)
    return render(
        request,
        "members/money/invoice.html",
        {
            "invoice": shown,
            "lines": shown.lines.all(),
            "payments": shown.payments.order_by("received_on", "pk"),
            "notes": shown.credit_notes.order_by("issued_on", "pk"),
            "over": -shown.balance,
            "association": Association.get(),
            "by_card": cards.door() is not None,
        },
    )


@require_GET
@login_required
def invoice_as_pdf(request: Request, number: str) -> HttpResponse:
    shown = _invoice(request, number)
    return as_pdf(invoice_pdf(shown), f"{shown.number}.pdf")


@require_GET
@login_required
def receipt(request: Request, number: str) -> HttpResponse:
    payments = Payment.objects.visible_to(request.user).select_related("invoice")
    payment = get_object_or_404(payments, number=number)
    return as_pdf(receipt_pdf(payment), f"{payment.number}.pdf")


@require_GET
@login_required
def credit_note(request: Request, number: str) -> HttpResponse:
    notes = CreditNote.objects.visible_to(request.user).select_related("invoice")
    note = get_object_or_404(notes, number=number)
    return as_pdf(credit_note_pdf(note), f"{note.number}.pdf")


@require_http_methods(["GET", "POST"])
@login_required
def purchase_order(request: Request, number: str) -> HttpResponse:
    shown = _invoice(request, number)
    form = PurchaseOrderForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        actions.set_purchase_order(shown, purchase_order=form.cleaned_data["purchase_order"], by=request.user)
        messages.success(request, "Saved. The PDF has it from now on.")
        return redirect("invoice", shown.number)
    return render(request, "members/money/purchase_order.html", {"form": form, "invoice": shown})


@require_POST
@login_required
def take_back(request: Request, number: str) -> HttpResponse:
    """Whoever it is for no longer wants what it asks for. An application that it belongs to is taken back with it."""
    shown = _invoice(request, number)
    if not shown.can_be_taken_back:
        raise Http404
    try:
        memberships.take_back(shown, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Invoice {shown} is taken back: you need not pay it.")
    return redirect("invoice", shown.number)


@require_POST
@login_required
def pay_by_card(request: Request, number: str) -> HttpResponse:
    """Sends on to the card company's page, for what is still to be paid."""
    shown = _invoice(request, number)
    page = reverse("invoice", args=[shown.number])
    return to_card_page(request, shown, back=page, thanks=reverse("invoice_thanks", args=[shown.number]))


@require_GET
@login_required
def thanks(request: Request, number: str) -> HttpResponse:
    """Where the card company sends people back to, mostly before it has told us of the payment."""
    return render(request, "members/money/thanks.html", {"invoice": _invoice(request, number)})


@csrf_exempt
@require_POST
def card_events(request: HttpRequest) -> HttpResponse:
    """Where the card company tells us what happened: it proves itself by a signature. Answered with 200, it stops
    telling; so everything that it could tell for ever gets that.
    """
    door = cards.door()
    if door is None:
        raise Http404
    try:
        event = door.read(request.body, request.headers.get("Stripe-Signature", ""))
    except cards.BadSignature:
        return HttpResponse("The signature is wrong.", status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    if event:
        try:
            card_actions.take(event)
        except Refused:
            logger.exception("the card event %s could not be taken in", event.id)
    return HttpResponse("Thank you.", content_type="text/plain")


def _invoice(request: Request, number: str) -> Invoice:
    found = Invoice.objects.visible_to(request.user).with_balance().select_related("membership")
    return get_object_or_404(found, number=number)
