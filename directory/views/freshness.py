"""Saying how a listing is: from inside, and from the link in an owner's letter."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory import actions, permissions
from directory.documents import document_of
from directory.forms.freshness import ENDED, AssureForm, LetterForm
from directory.links import StillRight, read_still_right
from directory.models import Assurance, Service
from directory.outline import told
from linkworkers.actions import Refused
from linkworkers.limits import allows
from members.http import Request

GET_OR_POST = ["GET", "POST"]
THANKS = {
    Assurance.Outcome.RIGHT: "Thank you. The listing says that it was checked today.",
    Assurance.Outcome.OPEN: "Thank you. The listing says that it has room again.",
    Assurance.Outcome.FULL: "Thank you. The listing says that it is full.",
    Assurance.Outcome.CLOSED: "Thank you. The listing says that it is closed for now.",
}


@require_http_methods(GET_OR_POST)
@login_required
def assure(request: Request, slug: str) -> HttpResponse:
    """What a link worker found when they rang, or what its owner says."""
    service = get_object_or_404(Service.objects.listed().select_related("organization"), slug=slug)
    user = request.user
    if not permissions.can_assure(user, service):
        raise Http404
    owner = permissions.can_keep(user, service.organization)
    chosen = {"found": request.GET.get("found")}
    form = AssureForm(request.POST or None, initial=chosen, owner=owner, full=service.is_full)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        try:
            after = actions.assure(service=service, by=user, **facts)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _thanks(after, facts))
            return redirect("listings_kept") if owner else redirect(service)
    return render(request, "directory/assure.html", {"form": form, "service": service, "owner": owner})


def _thanks(after: Service, facts: dict[str, Any]) -> str:
    if not after.is_listed:
        return "Thank you. The listing is taken out of the directory."
    if facts["for_good"]:
        return "Thank you. The listing says that it is closed for now, and the office looks into whether it has ended."
    if facts["outcome"] == Assurance.Outcome.RIGHT and after.is_full:
        return "Thank you. The listing says that it was checked today, and still that it is full."
    return THANKS[facts["outcome"]]


@require_http_methods(GET_OR_POST)
@never_cache
def confirm(request: HttpRequest, letter_token: str) -> HttpResponse:
    """Where the link in an owner's letter leads. Opening it changes nothing: mailboxes open links on their own."""
    link = read_still_right(letter_token)
    known = Service.objects.select_related("organization")
    service = known.filter(pk=link.service_id).first() if link else None
    if link is None or service is None:
        return render(request, "directory/confirm_unknown.html", status=404)
    if request.method == "POST":
        return _answer(request, link, service)
    return _confirm_page(request, link, service)


def _answer(request: HttpRequest, link: StillRight, service: Service) -> HttpResponse:
    try:
        if "again" in request.POST:
            if not allows(request, "listing_link", link.service_id):
                return _confirm_page(request, link, service, too_many=True)
            actions.send_new_link(link)
            return _confirm_page(request, link, service, sent=True)
        form = LetterForm(request.POST)
        if form.is_valid():
            ended = form.cleaned_data["answer"] == ENDED
            outcome = Assurance.Outcome.CLOSED if ended else form.cleaned_data["answer"]
            service, _ = actions.answer_letter(link, outcome=outcome, for_good=ended)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return _confirm_page(request, link, service)


def _confirm_page(request: HttpRequest, link: StillRight, service: Service, **context: Any) -> HttpResponse:
    if service.clock_starts != link.clock or not service.is_listed:
        step, status = "answered", 200
    elif link.expired:
        step, status = "expired", 429 if context.get("too_many") else 410
    else:
        step, status = "ask", 200
    if step == "ask":
        context["facts"] = told(document_of(service))
    keeps = request.user.is_authenticated and permissions.can_keep(request.user, service.organization)
    context |= {"can_keep": keeps}
    return render(request, "directory/confirm.html", {"service": service, "step": step, **context}, status=status)
