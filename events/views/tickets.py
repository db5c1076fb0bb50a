"""One's ticket: opened by the link that whoever has it was mailed."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import permissions
from events.actions import giving_back, sessions, transfers
from events.calendar import ticket_ics
from events.forms.tickets import GiveBackForm, HandOnForm, NeedsForm, SessionsForm
from events.models import ProgrammeItem, Ticket, TicketNeeds
from events.next_steps import after_links
from events.prints.tickets import ticket_pdf
from events.ticket_code import scan_address
from linkworkers import qr
from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from linkworkers.limits import allows
from linkworkers.markdown import render as markdown
from members.http import Request

CALENDAR = "text/calendar; charset=utf-8"
TOO_OFTEN = "This was asked for too often. Wait a few minutes, then try again."


def _found(ticket_key: str) -> Ticket:
    rows = Ticket.objects.select_related("event", "type", "order", "user")
    return get_object_or_404(rows, key=ticket_key)


def _back(found: Ticket) -> dict[str, str]:
    return {"back_url": found.get_absolute_url(), "back_label": "Your ticket"}


@require_GET
@never_cache
def ticket(request: HttpRequest, ticket_key: str) -> HttpResponse:
    found = _found(ticket_key)
    context: dict[str, Any] = {"ticket": found, "event": found.event, "site": settings.SITE_URL}
    if not found.is_valid:
        return render(request, "events/ticket_none.html", context)
    user = permissions.known(request.user)
    event = found.event
    to_come = not event.is_over and not event.is_cancelled
    context |= {
        "to_come": to_come,
        "code": qr.svg(scan_address(found.code), label="The code of this ticket, for the door") if to_come else "",
        "joining": markdown(event.joining) if event.joining and to_come else "",
        "needs": TicketNeeds.objects.filter(ticket=found).first(),
        "chosen": [place.item for place in found.places.select_related("item__hall")],
        "can_choose": to_come and event.items.filter(books=True).exists(),
        "why_not_back": giving_back.why_not_back(found),
        "why_not_on": transfers.why_not_on(found),
        "can_be_mine": user is not None and found.user_id is None,
        "why_not_mine": transfers.why_not_mine(found, user) if user is not None and found.user_id is None else "",
        "may_list": user is None or found.user_id in (None, user.pk),
        "next_steps": after_links(found) if event.is_over and not event.is_cancelled else [],
    }
    return render(request, "events/ticket.html", context)


@require_GET
@never_cache
def pdf(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """The ticket on paper; a ticket that is not valid has none."""
    found = get_object_or_404(Ticket.objects.valid().select_related("event", "type"), key=ticket_key)
    if not allows(request, "event_ticket_pdf", found.pk):
        return HttpResponse(TOO_OFTEN, status=429, content_type="text/plain; charset=utf-8")
    chosen = [place.item for place in found.places.select_related("item__hall")]
    return as_pdf(ticket_pdf(found, chosen), f"ticket-{found.event.slug}.pdf")


@require_GET
@never_cache
def ics(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """The event for a calendar; given back or called off, it is taken out of there."""
    found = _found(ticket_key)
    gone = not found.is_valid or found.event.is_cancelled
    headers = {"Content-Disposition": f'attachment; filename="{found.event.slug}.ics"'}
    return HttpResponse(ticket_ics(found, cancelled=gone), content_type=CALENDAR, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def needs(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """What the holder needs: theirs to see and to change, whoever booked."""
    found = _found(ticket_key)
    if not found.is_valid:
        return redirect("event_ticket", ticket_key)
    said = TicketNeeds.objects.filter(ticket=found).values(*NeedsForm.base_fields).first()
    form = NeedsForm(request.POST or None, initial=said)
    if request.method == "POST":
        form = NeedsForm(request.POST)
        if form.is_valid():
            try:
                transfers.set_needs(found, **form.facts, by=permissions.known(request.user))
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, "Saved. Only you and the office see what you need.")
            return redirect("event_ticket", ticket_key)
    return render(request, "events/ticket_needs.html", {"ticket": found, "event": found.event, "form": form})


@require_POST
@never_cache
def listed(request: HttpRequest, ticket_key: str) -> HttpResponse:
    found = _found(ticket_key)
    wish = request.POST.get("listed") == "yes"
    try:
        transfers.set_listed(found, listed=wish, by=permissions.known(request.user))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        said = "You are on the list of who comes." if wish else "You are not on the list of who comes."
        messages.success(request, said)
    return redirect("event_ticket", ticket_key)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """The sessions that are chosen beforehand, by time."""
    found = _found(ticket_key)
    if not found.is_valid or found.event.is_cancelled or found.event.is_over:
        return redirect("event_ticket", ticket_key)
    items = list(found.event.items.filter(books=True).select_related("hall", "track"))
    had = set(found.places.values_list("item", flat=True))
    form, chosen = None, had
    if request.method == "POST":
        now = timezone.now()
        form = SessionsForm(request.POST, offered=[each.pk for each in items])
        if form.is_valid():
            chosen = form.cleaned_data["items"] | {
                each.pk for each in items if each.pk in had and each.starts_at <= now
            }
            wanted = [each for each in items if each.pk in chosen]
            try:
                sessions.choose(found, wanted, by=permissions.known(request.user))
            except Refused as refusal:
                form.add_error(None, str(refusal))
                items = list(found.event.items.filter(books=True).select_related("hall", "track"))
            else:
                messages.success(request, "Saved. You can change your sessions until each begins.")
                return redirect("event_ticket", ticket_key)
    context = {"ticket": found, "event": found.event, "form": form, "slots": _slots(items, had, chosen)}
    return render(request, "events/ticket_sessions.html", context)


def _slots(items: list[ProgrammeItem], had: set[int], chosen: set[int]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The sessions by when they begin, each with whether it is ticked and why it cannot be."""
    now = timezone.now()
    slots: dict[Any, list[dict[str, Any]]] = {}
    for each in sorted(items, key=lambda item: (item.starts_at, item.pk)):
        begun, mine = each.starts_at <= now, each.pk in had
        row = {
            "item": each,
            "ticked": mine if begun else each.pk in chosen,
            "closed": begun or (not mine and each.pk not in chosen and not each.free),
            "begun": begun,
            "mine": mine,
        }
        slots.setdefault(each.starts_at, []).append(row)
    return list(slots.items())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give_back(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """Says what comes back, then gives the ticket back."""
    found = _found(ticket_key)
    if giving_back.why_not_back(found):
        return redirect("event_ticket", ticket_key)
    form = GiveBackForm(request.POST or None)
    if request.method == "POST":
        form = GiveBackForm(request.POST)
        if form.is_valid():
            try:
                giving_back.give_back(found, by=permissions.known(request.user), reason=form.cleaned_data["reason"])
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, "The ticket is given back. Thank you: somebody else can come.")
            return redirect("event_ticket", ticket_key)
    context = {"ticket": found, "event": found.event, "form": form, "back": giving_back.return_of(found)}
    return render(request, "events/ticket_give_back.html", context | _back(found))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_on(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """Makes the ticket somebody else's; this link is dead then, so the way on leads to the event."""
    found = _found(ticket_key)
    if transfers.why_not_on(found):
        return redirect("event_ticket", ticket_key)
    form = HandOnForm(request.POST or None)
    if request.method == "POST":
        form = HandOnForm(request.POST)
        if form.is_valid():
            if not allows(request, "event_hand_on", found.pk):
                form.add_error(None, TOO_OFTEN)
            else:
                try:
                    handed = transfers.hand_on(found, **form.facts, by=permissions.known(request.user))
                except Refused as refusal:
                    form.add_error(None, str(refusal))
                else:
                    said = f"The ticket is {handed.name}’s now: it is on its way to {handed.email}."
                    messages.success(request, said)
                    return redirect(found.event)
    context = {"ticket": found, "event": found.event, "form": form}
    return render(request, "events/ticket_hand_on.html", context | _back(found))


@require_POST
@login_required
def add_to_account(request: Request, ticket_key: str) -> HttpResponse:
    found = _found(ticket_key)
    try:
        transfers.add_to_account(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "The ticket is in your account.")
    return redirect("event_ticket", ticket_key)
