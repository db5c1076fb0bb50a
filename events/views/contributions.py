"""Offering something to an event, and one's own page about it, which whoever has its link can open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import permissions
from events.actions import contribution_decisions as decisions
from events.actions import contributions as actions
from events.anonymous import gives_away
from events.forms.contributions import ContributionForm
from events.models import CallForContributions, Contribution, Event
from linkworkers.actions import Refused
from linkworkers.limits import allows
from linkworkers.markdown import render as markdown
from members.models import User

GET_OR_POST = ["GET", "POST"]
WARNING = (
    "Your name or where you work stands in the title or the text. The panel reads without names, so it is left out "
    "there. Better write it without."
)


@never_cache
@require_http_methods(GET_OR_POST)
def contribute(request: HttpRequest, event_slug: str) -> HttpResponse:
    """What an event looks for, and the form; before and after the call, when that is."""
    user = permissions.known(request.user)
    visible = Event.objects.visible_to(user)
    calls = CallForContributions.objects.filter(event__in=visible).select_related("event")
    call = get_object_or_404(calls, event__slug=event_slug)
    form = _form(request, call, initial=_about(user))
    too_many = False
    if request.method == "POST" and call.is_open and form.is_valid():
        too_many = not allows(request, "contribution", form.cleaned_data["email"].lower())
        if not too_many and form.is_from_a_program:
            return redirect(call.event)
        if not too_many:
            try:
                made = actions.offer(call, facts=form.facts, send=form.send, by=user)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                _say(request, made, sent=form.send)
                return redirect(made)
    own = call.contributions.of(user).order_by("number") if user else ()
    context = {
        "call": call,
        "event": call.event,
        "guidance": markdown(call.guidance),
        "form": form,
        "own": own,
        "too_many": too_many,
    }
    return render(request, "events/contributions/contribute.html", context, status=429 if too_many else 200)


@never_cache
@require_GET
def contribution(request: HttpRequest, contribution_key: str) -> HttpResponse:
    """What was offered, how it stands, and what can be done with it."""
    found = _by_key(contribution_key)
    open_now = found.call.is_open and found.state in (Contribution.State.DRAFT, Contribution.State.SENT)
    context = {
        "contribution": found,
        "call": found.call,
        "event": found.call.event,
        "open_now": open_now,
        "warning": WARNING if open_now and gives_away(found) else "",
        "can_withdraw": found.state in (Contribution.State.DRAFT, Contribution.State.SENT, Contribution.State.RESERVE),
        "comments": _comments(found),
        "can_answer": found.state == Contribution.State.ACCEPTED and not found.call.event.has_begun,
    }
    return render(request, "events/contributions/contribution.html", context)


@never_cache
@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, contribution_key: str) -> HttpResponse:
    """Finishing a draft, or changing what was sent in, until the call closes."""
    found = _by_key(contribution_key)
    if not found.call.is_open or found.state not in (Contribution.State.DRAFT, Contribution.State.SENT):
        messages.warning(request, "This can no longer be changed.")
        return redirect(found)
    form = _form(request, found.call, contribution=found)
    too_many = False
    if request.method == "POST" and form.is_valid():
        too_many = not allows(request, "contribution_change", found.pk)
        if not too_many:
            try:
                user = permissions.known(request.user)
                found = actions.change(found, facts=form.facts, send=form.send, by=user)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                _say(request, found, sent=not found.is_draft)
                return redirect(found)
    context = {"contribution": found, "event": found.call.event, "call": found.call, "form": form, "too_many": too_many}
    return render(request, "events/contributions/change.html", context, status=429 if too_many else 200)


@never_cache
@require_POST
def withdraw(request: HttpRequest, contribution_key: str) -> HttpResponse:
    found = _by_key(contribution_key)
    try:
        actions.withdraw(found, by=permissions.known(request.user))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "It is taken back. Thank you for saying so.")
    return redirect(found)


@never_cache
@require_POST
def answer(request: HttpRequest, contribution_key: str) -> HttpResponse:
    """Whoever was accepted says whether they come."""
    found = _by_key(contribution_key)
    comes = request.POST.get("answer") == Contribution.Answer.COMES
    if not comes and request.POST.get("answer") != Contribution.Answer.CANNOT:
        messages.warning(request, "Choose one of the two buttons.")
        return redirect(found)
    try:
        decisions.answer(found, comes=comes, by=permissions.known(request.user))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        said = "Thank you. It goes onto the programme." if comes else "Thank you for telling us."
        messages.success(request, said)
    return redirect(found)


def _by_key(key: str) -> Contribution:
    return get_object_or_404(Contribution.objects.select_related("call__event", "item"), key=key)


def _form(
    request: HttpRequest,
    call: CallForContributions,
    contribution: Contribution | None = None,
    initial: dict[str, str] | None = None,
) -> ContributionForm:
    """What was sent in has to stay whole; otherwise the button that was pressed says what is meant."""
    sent = contribution is not None and not contribution.is_draft
    send = sent or "draft" not in request.POST
    return ContributionForm(
        request.POST if request.method == "POST" else None,
        call=call,
        send=send,
        contribution=contribution,
        initial=initial,
    )


def _about(user: User | None) -> dict[str, str]:
    return {"name": user.name, "email": user.email} if user else {}


def _say(request: HttpRequest, made: Contribution, *, sent: bool) -> None:
    if sent:
        messages.success(request, "It is sent in. Thank you! The link to this page is in a mail to you.")
    else:
        messages.success(request, "Your draft is kept. The link to this page is in a mail to you.")


def _comments(found: Contribution) -> list[str]:
    """What readers wrote for whoever offers it, once that was told."""
    if not found.is_decided:
        return []
    said = found.reviews.filter(steps_aside=False).exclude(for_author="").order_by("at")
    return list(said.values_list("for_author", flat=True))
