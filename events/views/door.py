"""The door: letting people in by camera and by name, with a network or without, and what the desk should look at."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import permissions
from events.actions import door as actions
from events.forms.door import AT_DESK, UndoForm, WalkInForm
from events.models import CheckIn, Event, Scan, Ticket, hash_of
from events.models.order import ORDER_PREFIX, TicketQuerySet
from linkworkers.actions import Refused
from members.http import Request
from members.models import User

PER_PAGE = 20
SHOWN = ("pk", "name", "organisation", "state", "type__name", "order__reference")
MOST_SCANS = 200  # in one batch
MOST_BYTES = 100_000
LISTS = {"expected": "Not here yet", "in": "Here"}
MOST_OF_A_NUMBER = 2**31


def event_of_door(user: User, slug: str) -> Event:
    """The event whose door this person has; raises Http404 for everybody else. One query."""
    return get_object_or_404(permissions.doors(user).defer("about", "access", "joining"), slug=slug)


@require_GET
@never_cache
def scan(request: HttpRequest, scan_code: str) -> HttpResponse:
    """Where a badge's code leads: nowhere, for anybody but those at the door, who find the person."""
    user = permissions.known(request.user)
    if user is not None:
        ticket = Ticket.objects.select_related("event").filter(code=actions.code_of(scan_code)).first()
        if ticket is not None and permissions.can_check_in(user, ticket.event):
            return redirect(f"{reverse('event_check_in', args=[ticket.event.slug])}?{urlencode({'ticket': ticket.pk})}")
    return render(request, "events/door/scan.html")


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def check_in(request: Request, event_slug: str) -> HttpResponse:
    """The camera, and the list by name; a POST lets one person in."""
    event = event_of_door(request.user, event_slug)
    items = list(event.items.values_list("pk", "starts_at", "title"))  # many, and no more of them is shown
    chosen = number_of(request.GET.get("item"))
    item = event.items.filter(pk=chosen).first() if chosen else None
    if request.method == "POST":
        ticket = get_object_or_404(event.tickets.select_related("event"), pk=number_of(request.POST.get("ticket")))
        outcome = actions.let_in(ticket, item=item.pk if item else None, by=request.user)
        say = messages.success if outcome.is_in else messages.error
        say(request, f"{outcome.title}. {outcome.text}".strip())
        return redirect(request.get_full_path())
    words = request.GET.get("q", "").strip()[:100]
    one = number_of(request.GET.get("ticket"))
    listed = request.GET.get("list", "")
    listed = listed if listed in LISTS else "expected"
    rows = _found(event, words, one)
    searched = bool(words or one)
    if not searched:
        here = CheckIn.objects.filter(ticket=OuterRef("pk"), item=item)
        rows = rows.filter(Exists(here) if listed == "in" else ~Exists(here))
    arrived = actions.counts(event)
    let_in_here = arrived.get(item.pk if item else None, 0)
    paginator = Paginator(rows.by_name().values(*SHOWN), PER_PAGE)
    if not searched:  # the counts say it, for only valid tickets are let in; asked, Postgres would look at every ticket
        paginator.count = let_in_here if listed == "in" else event.tickets.valid().count() - let_in_here
    page = paginator.get_page(request.GET.get("page"))
    tickets = list(page.object_list)
    all_expected = listed == "expected" and not searched
    marks = [] if all_expected else CheckIn.objects.filter(ticket__in=[each["pk"] for each in tickets], item=item)
    let_in = {each.ticket_id: each for each in marks}
    context = {
        "event": event,
        "options": _options(items, chosen, arrived),
        "item": item,
        "arrived": let_in_here,
        "expected": item.taken if item and item.books else event.taken,
        "rows": [(each, let_in.get(each["pk"])) for each in tickets],
        "page": page,
        "words": words,
        "one": one,
        "lists": LISTS,
        "listed": listed,
    }
    return _with_camera(render(request, "events/door/check_in.html", context))


def _options(
    items: Sequence[tuple[int, dt.datetime, str]], chosen: int, arrived: Mapping[int | None, int]
) -> SafeString:
    """The sessions in a list to choose from; in Python, for some events have fifty and the door waits for this page."""
    options = []
    for key, starts_at, title in items:
        selected = " selected" if key == chosen else ""
        number = f" ({arrived[key]})" if key in arrived else ""
        words = f"{timezone.localtime(starts_at):%H:%M} {escape(title)}{number}"
        options.append(f'<option value="{key}"{selected}>{words}</option>')
    return mark_safe("".join(options))  # noqa: S308 - a title is the only text, and escaped


def _found(event: Event, words: str, one: int) -> TicketQuerySet:
    """Valid tickets; whoever is asked for is found too when theirs was given back, so that the door can say so."""
    rows = Ticket.objects.filter(event=event)
    if one:
        return rows.filter(pk=one)
    if not words:
        return rows.filter(state=Ticket.State.VALID)
    rows = rows.filter(state__in=[Ticket.State.VALID, Ticket.State.CANCELLED])
    for word in words.split()[:6]:
        if word.upper().startswith(ORDER_PREFIX):  # asked for by itself: bookings beside 5,000 tickets take their time
            rows = rows.filter(order__reference__iexact=word)
        else:
            rows = rows.filter(Q(name__icontains=word) | Q(email__istartswith=word) | Q(organisation__icontains=word))
    return rows


def number_of(text: str | None) -> int:
    """A key out of an address; 0 when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and int(text) < MOST_OF_A_NUMBER else 0


def _with_camera(response: HttpResponse) -> HttpResponse:
    response["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return response


@require_POST
@login_required
def scans(request: Request, event_slug: str) -> JsonResponse:
    """Takes `[{"key", "code", "item", "at"}, …]`, at most 200, and answers `{"results": […]}`, one for each that has a
    key. The telephone forgets a scan when it reads its key here, not before.
    """
    event = event_of_door(request.user, event_slug)
    if len(request.body) > MOST_BYTES:
        return JsonResponse({"detail": "Send fewer at once."}, status=413)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, list) or len(sent) > MOST_SCANS:
        return JsonResponse({"detail": f"Send a list of at most {MOST_SCANS} scans as JSON."}, status=400)
    read = [_read(each) for each in sent]
    outcomes = actions.check_in(event, [each for each in read if each], by=request.user)
    results = [
        {"key": str(each.key), "result": each.result, "tone": each.tone, "title": each.title, "text": each.text}
        for each in outcomes
    ]
    lost = [
        {
            "key": str(each.get("key", ""))[:60] if isinstance(each, dict) else "",
            "result": Scan.Result.UNREADABLE,
            "tone": actions.BAD,
            "title": "That could not be read",
            "text": "Scan again, or find them by name.",
        }
        for each, understood in zip(sent, read, strict=True)
        if understood is None
    ]
    return JsonResponse({"results": results + lost})


def _read(sent: Any) -> actions.Sent | None:
    """One scan as it was sent; None when it cannot be read."""
    if not isinstance(sent, dict) or not isinstance(sent.get("code"), str) or not isinstance(sent.get("key"), str):
        return None
    item = sent.get("item")
    if "\0" in sent["code"] or not (item is None or (type(item) is int and 0 < item < MOST_OF_A_NUMBER)):
        return None
    try:
        return actions.Sent(uuid.UUID(sent["key"]), sent["code"], item, _moment(sent.get("at")))
    except ValueError:
        return None


def _moment(text: Any) -> dt.datetime | None:
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
        return moment.astimezone(dt.UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


@require_GET
@login_required
@never_cache
def codes(request: Request, event_slug: str) -> JsonResponse:
    """Hashes of the codes that open this door, for judging without a network; no names. With what a POST needs."""
    event = event_of_door(request.user, event_slug)
    valid = event.tickets.valid().values_list("code", flat=True)
    return JsonResponse({"codes": [hash_of(code) for code in valid], "csrf": get_token(request)})


@require_GET
def shell(request: HttpRequest, event_slug: str) -> HttpResponse:
    """The page without a network: a camera, and nobody's name. It knows neither who asks nor who comes."""
    event = get_object_or_404(Event.objects.public(), slug=event_slug, cancelled_at=None)
    context = {"event": event, "items": [(each, None) for each in event.items.all()]}
    return _with_camera(HttpResponse(render_to_string("events/door/shell.html", context)))


@require_GET
def worker(request: HttpRequest, event_slug: str) -> HttpResponse:
    """The service worker. Its address gives it this door and nothing else of the site."""
    return render(
        request,
        "events/door/worker.js",
        {"shell": reverse("event_check_in_shell", args=[event_slug])},
        content_type="text/javascript; charset=utf-8",
    )


@require_http_methods(["GET", "POST"])
@login_required
def undo(request: Request, event_slug: str, check_in_id: int) -> HttpResponse:
    event = event_of_door(request.user, event_slug)
    rows = CheckIn.objects.filter(ticket__event=event).select_related("ticket__type", "item", "by")
    made = get_object_or_404(rows, pk=check_in_id)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.undo(made, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, f"Taken back: {made.ticket} is not in any more.")
        return redirect("event_check_in", event.slug)
    return render(request, "events/door/undo.html", {"event": event, "made": made, "form": form})


@require_GET
@login_required
def problems(request: Request, event_slug: str) -> HttpResponse:
    """What the desk should look at, the latest first."""
    event = event_of_door(request.user, event_slug)
    rows = event.scans.select_related("ticket__order", "item", "by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "events/door/problems.html", {"event": event, "page": page})


@require_http_methods(["GET", "POST"])
@login_required
def walk_in(request: Request, event_slug: str) -> HttpResponse:
    event = event_of_door(request.user, event_slug)
    form = WalkInForm(event, request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        wish = actions.WalkIn(
            key=typed["key"],
            type=typed["type"],
            name=typed["name"],
            email=typed["email"],
            organisation=typed["organisation"],
            bill_to=typed["bill_to"],
            at_desk=typed["pays"] == AT_DESK,
        )
        try:
            ticket = actions.walk_in(event, wish, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Welcome, {ticket}. They are booked and in; their ticket is mailed to them.")
            return redirect("event_check_in", event.slug)
    return render(request, "events/door/walk_in.html", {"event": event, "form": form})
