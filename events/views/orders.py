"""A booking's page, opened by its link: what is held is finished here, and what is booked is looked after."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import permissions
from events.actions import booking, finishing, giving_back, transfers
from events.forms.orders import PayForm
from events.forms.tickets import GiveBackForm, HandOnForm, NeedsForm
from events.models import Order, Ticket
from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from linkworkers.limits import allows
from members import cards
from members.actions.invoices import balance_of
from members.models import Association, Invoice, Membership, User
from members.models.money import ZERO
from members.money_pdf import credit_note_pdf, invoice_pdf, receipt_pdf
from members.views.checkout import to_card_page

TOO_OFTEN = "This was asked for too often. Wait a few minutes, then try again."


def _found(order_key: str) -> Order:
    return get_object_or_404(Order.objects.select_related("event", "invoice", "buyer"), key=order_key)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order(request: HttpRequest, order_key: str) -> HttpResponse:
    """What is held is booked by this form, which asks for needs and for how it is paid."""
    found = _found(order_key)
    tickets = list(found.tickets.select_related("type", "discount"))
    if not found.is_held:
        if request.method == "POST":
            return redirect(found)
        return render(request, "events/order.html", _settled(request, found, tickets))
    total = sum((ticket.total for ticket in tickets), ZERO)
    user = permissions.known(request.user)
    typed = request.POST if request.method == "POST" else None
    pay = PayForm(typed, by_card=cards.door() is not None, initial=_payer(found, user)) if total else None
    needs = [(ticket, NeedsForm(typed, prefix=f"needs-{ticket.pk}")) for ticket in tickets]
    refused = ""
    if typed is not None and all(form.is_valid() for form in [*filter(None, [pay]), *(form for _, form in needs)]):
        said = {ticket.pk: form.facts for ticket, form in needs if form.has_changed()}
        try:
            finished = finishing.finish(found, needs=said, by=user, **(pay.facts if pay else {}))
        except Refused as refusal:
            refused = str(refusal)
            if not _found(order_key).is_held:
                messages.warning(request, refused)
                return redirect(found)
        else:
            if finished.is_held and finished.invoice is not None:
                return _to_card_page(request, finished, finished.invoice)
            messages.success(request, "It is booked. A mail is on its way, to everybody who comes as well.")
            return redirect(found)
    context = {
        "order": found,
        "event": found.event,
        "tickets": tickets,
        "needs": needs,
        "pay": pay,
        "refused": refused,
        "net": sum((ticket.price for ticket in tickets), ZERO),
        "off": sum((ticket.off for ticket in tickets), ZERO),
        "vat": sum((ticket.vat for ticket in tickets), ZERO),
        "total": total,
    }
    return render(request, "events/order_held.html", context)


def _payer(found: Order, user: User | None) -> dict[str, str]:
    """To whom an invoice goes by the look of it: the employer whose membership somebody looks after, or they."""
    if found.bill_to:
        return {"bill_to": found.bill_to, "address": found.address, "purchase_order": found.purchase_order}
    employer = Membership.objects.kept_by(user).in_force().first() if user is not None else None
    if employer is None:
        return {"bill_to": found.name}
    return {
        "bill_to": employer.organization_name,
        "address": employer.billing_address,
        "purchase_order": employer.purchase_order,
    }


def _settled(request: HttpRequest, found: Order, tickets: list[Ticket]) -> dict[str, Any]:
    user = permissions.known(request.user)
    for ticket in tickets:
        ticket.event = found.event
    rows = [
        {
            "ticket": ticket,
            "own": ticket.is_valid and _is_own(ticket, found, user),
            "can_give_back": not giving_back.why_not_back(ticket),
            "can_hand_on": not transfers.why_not_on(ticket),
        }
        for ticket in tickets
    ]
    context: dict[str, Any] = {"order": found, "event": found.event, "rows": rows}
    if (invoice := found.invoice) is not None:
        balance = balance_of(invoice)
        context |= {
            "invoice": invoice,
            "balance": balance,
            "over": -balance,
            "payments": list(invoice.payments.order_by("received_on", "pk")),
            "notes": list(invoice.credit_notes.order_by("issued_on", "pk")),
            "association": Association.get() if balance > 0 else None,
            "by_card": balance > 0 and cards.door() is not None,
        }
    return context


def _is_own(ticket: Ticket, found: Order, user: User | None) -> bool:
    """Whether whoever looks has this ticket too: it went to the address that the booking's link went to, or is in
    their account. The keys of others are not for the buyer.
    """
    return ticket.email == found.email or (user is not None and ticket.user_id == user.pk)


@require_POST
@never_cache
def give_up(request: HttpRequest, order_key: str) -> HttpResponse:
    """Frees what is held, for others."""
    found = _found(order_key)
    try:
        booking.abandon(found, by=permissions.known(request.user))
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(found)
    messages.success(request, "The places are free for others. Nothing was booked.")
    return redirect(found.event)


@require_POST
@never_cache
def pay_by_card(request: HttpRequest, order_key: str) -> HttpResponse:
    """What is still to be paid of the booking's invoice; of a held one, what its card page was left without."""
    found = _found(order_key)
    if found.invoice is None or found.state not in (Order.State.HELD, Order.State.CONFIRMED):
        raise Http404
    return _to_card_page(request, found, found.invoice)


def _to_card_page(request: HttpRequest, found: Order, invoice: Invoice) -> HttpResponse:
    page = found.get_absolute_url()
    return to_card_page(request, invoice, back=page, thanks=reverse("event_order_paid", args=[found.key]))


@require_GET
@never_cache
def paid(request: HttpRequest, order_key: str) -> HttpResponse:
    """Where the card company sends people back to, mostly before it has told us of the payment."""
    return render(request, "events/order_paid.html", {"order": (found := _found(order_key)), "event": found.event})


@require_GET
@never_cache
def paper(request: HttpRequest, order_key: str, paper_number: str) -> HttpResponse:
    """The invoice, a receipt or a credit note of a booking, by its number."""
    found = _found(order_key)
    if found.invoice is None:
        raise Http404
    if not allows(request, "event_ticket_pdf", found.pk):
        return HttpResponse(TOO_OFTEN, status=429, content_type="text/plain; charset=utf-8")
    if paper_number == found.invoice.number:
        return as_pdf(invoice_pdf(found.invoice), f"{paper_number}.pdf")
    if payment := found.invoice.payments.select_related("invoice").filter(number=paper_number).first():
        return as_pdf(receipt_pdf(payment), f"{paper_number}.pdf")
    note = get_object_or_404(found.invoice.credit_notes.select_related("invoice"), number=paper_number)
    return as_pdf(credit_note_pdf(note), f"{paper_number}.pdf")


def _ticket(order_key: str, ticket_id: int) -> Ticket:
    rows = Ticket.objects.select_related("event", "type", "order", "user").filter(order__state=Order.State.CONFIRMED)
    return get_object_or_404(rows, order__key=order_key, pk=ticket_id)


def _back(found: Ticket) -> dict[str, str]:
    return {"back_url": found.order.get_absolute_url(), "back_label": "The booking"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give_back(request: HttpRequest, order_key: str, ticket_id: int) -> HttpResponse:
    """Whoever booked gives back one of the tickets."""
    found = _ticket(order_key, ticket_id)
    if giving_back.why_not_back(found):
        return redirect(found.order)
    form = GiveBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            giving_back.give_back(found, by=permissions.known(request.user), reason=form.cleaned_data["reason"])
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"{found.name}’s ticket is given back. Thank you: somebody else can come.")
        return redirect(found.order)
    context = {"ticket": found, "event": found.event, "form": form, "back": giving_back.return_of(found)}
    return render(request, "events/ticket_give_back.html", context | _back(found))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_on(request: HttpRequest, order_key: str, ticket_id: int) -> HttpResponse:
    """Whoever booked gives one of the tickets to somebody else."""
    found = _ticket(order_key, ticket_id)
    if transfers.why_not_on(found):
        return redirect(found.order)
    form = HandOnForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not allows(request, "event_hand_on", found.pk):
            form.add_error(None, TOO_OFTEN)
        else:
            try:
                handed = transfers.hand_on(found, **form.facts, by=permissions.known(request.user))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"The ticket is {handed.name}’s now: it is on its way to {handed.email}.")
                return redirect(found.order)
    context = {"ticket": found, "event": found.event, "form": form}
    return render(request, "events/ticket_hand_on.html", context | _back(found))
