"""The network's inbox, and its answer to a referral."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models.functions import Left
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members.http import Request
from members.models import Role
from referrals import actions
from referrals.access import for_roles, get_referral
from referrals.forms import DeclineForm, QuestionForm
from referrals.models import Episode, Referral
from referrals.models.person import row_of
from referrals.views._form import GET_OR_POST, form_page

PER_PAGE = 20
GIST = 160  # characters of why somebody was referred, for a row
for_link_workers = for_roles(Role.LINK_WORKER)


@require_GET
@login_required
@for_link_workers
def inbox(request: Request) -> HttpResponse:
    """What waits for an answer, by urgency and wait; and cases that nobody looks after any more."""
    rows = (
        Referral.objects.for_triage_by(request.user)
        .select_related("episode__person", "practice")
        .only(
            *("reference", "state", "urgency", "reasons", "waiting_since"),
            *("practice__name", "episode__reference"),
            *row_of("episode__person"),
        )
        .annotate(gist=Left("why_now", GIST))
        .by_urgency_and_wait()
    )
    left = Episode.objects.visible_to(request.user).without_a_current_holder()
    left = left.select_related("person", "holder").only("reference", "holder__name", *row_of("person"))
    return render(
        request,
        "referrals/inbox.html",
        {
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "left": list(left.order_by("accepted_at", "pk")[:50]),
        },
    )


@require_POST
@login_required
@for_link_workers
def accept(request: Request, reference: str) -> HttpResponse:
    referral = get_referral(request, reference)
    try:
        actions.accept(referral=referral, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"You hold this case now. {referral.practice} has been told.")
    return redirect("referral", referral.episode.reference)


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def ask(request: Request, reference: str) -> HttpResponse:
    referral = get_referral(request, reference)
    case = reverse("referral", args=[referral.episode.reference])
    return form_page(
        request,
        QuestionForm(request.POST or None),
        lambda data: actions.ask(referral=referral, by=request.user, **data),
        title=f"Ask {referral.practice} for more",
        button="Send the question",
        said=f"{referral.practice} has been asked. The referral waits for their answer.",
        to=case,
        back=case,
        episode=referral.episode,
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def decline(request: Request, reference: str) -> HttpResponse:
    referral = get_referral(request, reference)
    return form_page(
        request,
        DeclineForm(request.POST or None, shares_everything=referral.episode.shares_everything),
        lambda data: actions.decline(referral=referral, by=request.user, **data),
        title="Decline this referral",
        button="Decline",
        said=f"Declined. {referral.practice} has been told.",
        to=reverse("inbox"),
        back=reverse("referral", args=[referral.episode.reference]),
        episode=referral.episode,
    )
