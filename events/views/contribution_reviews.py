"""The panel's pages, without names; and the office's, where it is decided."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import permissions
from events.actions import contribution_decisions as decisions
from events.actions import contribution_reviews as actions
from events.anonymous import mask, names_of
from events.forms.contributions import DecisionForm, ReviewForm
from events.models import CallForContributions, Contribution, Review, panel_of
from linkworkers.actions import Refused
from members.http import Request
from members.models import User

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 40
State = Contribution.State


@dataclass(frozen=True)
class Unnamed:
    """What a reader is shown of a contribution: nothing of who offers it is in here."""

    number: int
    kind: str
    title: str
    abstract: str
    takeaways: str
    audience: str
    needs: str


@never_cache
@require_GET
@login_required
def review_list(request: Request, event_slug: str) -> HttpResponse:
    """What needs this reader first: not read by them, with few readers; in an order of their own."""
    call = _call(request.user, event_slug)
    rows = Contribution.objects.readable_by(request.user, call.event).for_reader(request.user)
    readable = list(rows.order_by("mine", "readings", "turn"))
    waiting = [row for row in readable if _waits(row, call)]
    rest = [row for row in readable if not _waits(row, call)]
    page = Paginator([*waiting, *rest], PER_PAGE).get_page(request.GET.get("page"))
    mine = {each.contribution_id: each for each in Review.objects.filter(reviewer=request.user, contribution__in=page)}
    enough = sum(_readings(row) >= call.reviews_wanted for row in readable)
    context = {
        "call": call,
        "event": call.event,
        "page": page,
        "rows": [(row, unnamed(row), mine.get(row.pk), _waits(row, call)) for row in page],
        "waiting": len(waiting),
        "read": sum(getattr(row, "mine", False) for row in readable),
        "count": len(readable),
        "enough": enough,
        "can_decide": permissions.can_run_events(request.user),
    }
    return render(request, "events/contributions/review_list.html", context)


@never_cache
@require_http_methods(GET_OR_POST)
@login_required
def review(request: Request, event_slug: str, contribution_number: int) -> HttpResponse:
    """One contribution without names, and what this reader thinks of it."""
    call = _call(request.user, event_slug)
    readable = Contribution.objects.readable_by(request.user, call.event)
    found = get_object_or_404(readable, number=contribution_number)
    own = found.reviews.filter(reviewer=request.user).first()
    form = ReviewForm(request.POST if request.method == "POST" else None, review=own)
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.review(found, facts=form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = "You stepped aside. Thank you for saying so." if given.steps_aside else "Your reading is saved."
            messages.success(request, said)
            return redirect("event_review_one", event_slug, contribution_number)
    has_scored = own is not None and not own.steps_aside
    others = found.reviews.filter(steps_aside=False).exclude(reviewer=request.user) if has_scored else ()
    names = names_of(found)
    context = {
        "call": call,
        "event": call.event,
        "shown": unnamed(found),
        "own": own,
        "changed": own is not None and own.at < found.changed_at,
        "form": form,
        "open_now": found.state == State.SENT,
        "others": [(each, mask(each.for_panel, names)) for each in others],
        "has_scored": has_scored,
        "next": _next(request.user, call, besides=found),
    }
    return render(request, "events/contributions/review.html", context)


@never_cache
@require_http_methods(GET_OR_POST)
@login_required
def decide(request: Request, event_slug: str) -> HttpResponse:
    """The ranking, and what the office means to decide. Nobody is told before the decisions are sent."""
    call = _call(request.user, event_slug)
    if not permissions.can_run_events(request.user):
        raise Http404
    rows = list(call.contributions.read_by_panel().with_marks().order_by("-mark", "-readings", "number"))
    others = set(call.contributions.not_of(request.user).values_list("pk", flat=True))
    forms = {
        row.number: DecisionForm(
            request.POST if request.method == "POST" else None,
            prefix=str(row.number),
            initial={"decision": row.decision, "line": row.decision_line},
        )
        for row in rows
        if row.state in decisions.OPEN and row.pk in others
    }
    wrong = False
    if request.method == "POST":
        # A number that was not on the page that was sent (it came meanwhile) is left as it is.
        sent = {number: form for number, form in forms.items() if f"{number}-decision" in request.POST}
        wrong = any(not form.is_valid() for form in sent.values())
        if not wrong:
            typed = {each: (form.cleaned_data["decision"], form.cleaned_data["line"]) for each, form in sent.items()}
            try:
                count = decisions.mean(call, decisions=typed, by=request.user)
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, f"Saved: {count} changed. Nobody is told yet.")
            return redirect("event_decide", event_slug)
    context = {
        "call": call,
        "event": call.event,
        "rows": [(row, unnamed(row), forms.get(row.number), row.pk in others) for row in rows],
        "has_forms": bool(forms),
        "wrong": wrong,
        "ready": sum(
            bool(row.decision) and decisions.BECOMES[Contribution.Decision(row.decision)] != row.state
            for row in rows
            if row.number in forms
        ),
        "open": sum(row.state == State.SENT and not row.decision for row in rows),
        "readers": panel_of(call.event).count(),
    }
    return render(request, "events/contributions/decide.html", context)


@require_POST
@login_required
def send_decisions(request: Request, event_slug: str) -> HttpResponse:
    call = _call(request.user, event_slug)
    if not permissions.can_run_events(request.user):
        raise Http404
    if request.POST.get("sure") != "yes":
        messages.warning(request, "Tick that you have looked through them. A mail cannot be taken back.")
        return redirect("event_decide", event_slug)
    try:
        count = decisions.send(call, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{count} decision{' is' if count == 1 else 's are'} on the way.")
    return redirect("event_decide", event_slug)


def unnamed(row: Contribution) -> Unnamed:
    names = names_of(row)
    texts = (row.title, row.abstract, row.takeaways, row.audience, row.needs)
    return Unnamed(row.number, row.get_kind_display(), *(mask(text, names) for text in texts))


def _call(user: User, slug: str) -> CallForContributions:
    """The call of an event that somebody reads for. Two queries; for everybody else it does not exist."""
    call = get_object_or_404(CallForContributions.objects.select_related("event"), event__slug=slug)
    if not permissions.can_review(user, call.event):
        raise Http404
    return call


def _waits(row: Contribution, call: CallForContributions) -> bool:
    return row.state == State.SENT and not getattr(row, "mine", False) and _readings(row) < call.reviews_wanted


def _readings(row: Contribution) -> int:
    return int(getattr(row, "readings", 0))


def _next(user: User, call: CallForContributions, *, besides: Contribution) -> int | None:
    rows = Contribution.objects.readable_by(user, call.event).filter(state=State.SENT).exclude(pk=besides.pk)
    ahead = rows.for_reader(user).filter(mine=False, readings__lt=call.reviews_wanted)
    first = ahead.order_by("readings", "turn").first()
    return first.number if first else None
