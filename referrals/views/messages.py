"""Messages back to the practice: written by the link worker, filed by the practice."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.audit.actions import record_look
from members.http import Request
from members.models import Role
from referrals import actions, permissions
from referrals.access import for_roles, get_case
from referrals.forms import MessageForm
from referrals.letter import as_pdf, compose
from referrals.models import MessageBack
from referrals.views._form import GET_OR_POST, form_page

for_both_sides = for_roles(Role.PRACTICE_STAFF, Role.LINK_WORKER)


def get_message(request: Request, reference: str, message_id: int) -> MessageBack:
    return get_object_or_404(
        MessageBack.objects.visible_to(request.user)
        .select_related("episode__person", "episode__network", "practice", "by", "filed_by")
        .prefetch_related("coded_entries"),
        pk=message_id,
        episode__reference=reference,
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.LINK_WORKER)
def new(request: Request, reference: str) -> HttpResponse:
    episode = get_case(request, reference)
    case = reverse("referral", args=[reference])
    if not episode.shares_everything:
        messages.warning(request, "They agreed to share only the codes, so nothing can be written to the practice.")
        return redirect(case)
    return form_page(
        request,
        MessageForm(request.POST or None),
        lambda data: actions.send_message(episode=episode, by=request.user, **data),
        title=f"Write to {episode.person.practice}",
        lead=f"{episode.person.called} agreed that the practice may be told how it is going.",
        button="Send to the practice",
        said=f"{episode.person.practice} has been told that there is a message.",
        to=case,
        back=case,
        episode=episode,
    )


@require_GET
@login_required
@for_both_sides
def detail(request: Request, reference: str, message_id: int) -> HttpResponse:
    """The letter, the text to paste, and for the practice the button that says it is filed."""
    message = get_message(request, reference, message_id)
    record_look(request, message, person_id=message.episode.person_id)
    return render(
        request,
        "referrals/message.html",
        {
            "message": message,
            "letter": compose(message),
            "can_file": permissions.can_file(request.user, message),
            "back": _referral_path(request, message),
        },
    )


@require_GET
@login_required
@for_both_sides
def letter(request: Request, reference: str, message_id: int) -> HttpResponse:
    """The letter as PDF, named without the person's name."""
    message = get_message(request, reference, message_id)
    record_look(request, message, person_id=message.episode.person_id)
    name = f"{reference}-{message.created_at:%Y-%m-%d}-{message.kind}.pdf"
    return HttpResponse(
        as_pdf(message),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@require_POST
@login_required
@for_both_sides
def file(request: Request, reference: str, message_id: int) -> HttpResponse:
    message = get_message(request, reference, message_id)
    if not permissions.can_file(request.user, message):
        raise Http404
    actions.file_message(message=message, by=request.user)
    messages.success(request, "Marked as filed.")
    return redirect("today" if request.POST.get("next") == "today" else _referral_path(request, message))


def _referral_path(request: Request, message: MessageBack) -> str:
    """The page that this person has of the case: the case, or their own practice's latest referral in it."""
    if permissions.can_work_on(request.user, message.episode):
        return reverse("referral", args=[message.episode.reference])
    own = message.episode.referrals.visible_to(request.user).order_by("-submitted_at").first()
    return reverse("referral", args=[own.reference]) if own else reverse("referrals")
