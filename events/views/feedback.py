"""Feedback by the link of a ticket, its results for the office, and the certificate of having been there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from events import permissions
from events.actions import feedback as actions
from events.certificates import ticket_of
from events.exports.feedback import rows
from events.feedback_results import results
from events.forms.feedback import FeedbackForm
from events.models import Event, FeedbackGiven, ProgrammeItem, Ticket
from events.prints.certificate import attendance_pdf
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.http import as_pdf
from linkworkers.limits import allows
from linkworkers.spreadsheets import as_xlsx
from linkworkers.uploads import as_download
from members.http import Request
from members.models import Association

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def feedback(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """Asked once for each ticket; what is answered cannot be seen or changed, for nobody knows whose it is."""
    ticket = get_object_or_404(Ticket.objects.select_related("event"), key=ticket_key)
    context = {"ticket": ticket, "event": ticket.event, "why_not": actions.why_no_feedback(ticket)}
    if context["why_not"] or FeedbackGiven.objects.filter(ticket=ticket).exists():
        return render(request, "events/after/feedback_done.html", context)
    items = ticket.event.items.exclude(kind__in=[ProgrammeItem.Kind.BREAK, ProgrammeItem.Kind.SOCIAL])
    form = FeedbackForm(
        request.POST if request.method == "POST" else None,
        questions=list(ticket.event.questions.all()),
        items=list(items),
    )
    if form.is_valid():
        try:
            actions.give(ticket, answers=form.answers, replies=form.replies, marks=form.marks)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "Thank you. It helps to make the next one better.")
        return redirect(ticket)
    return render(request, "events/after/feedback.html", context | {"form": form})


def _for_office(request: Request, event_slug: str) -> Event:
    if not permissions.can_run_events(request.user):
        raise Http404
    return get_object_or_404(Event, slug=event_slug)


@require_GET
@login_required
def feedback_results(request: Request, event_slug: str) -> HttpResponse:
    """For the office: how it was, as pictures with their numbers."""
    event = _for_office(request, event_slug)
    came = event.tickets.arrived().count()
    context = {"event": event, "results": results(event), "came": came}
    return render(request, "events/after/feedback_results.html", context)


@require_GET
@login_required
def feedback_sheet(request: Request, event_slug: str) -> HttpResponse:
    """The same as a workbook; nothing while so few have answered that one could be guessed."""
    event = _for_office(request, event_slug)
    found = results(event)
    if found.missing:
        raise Http404
    record("feedback.exported", by=request.user, subject=event, request=request)
    return as_download(f"feedback-{event.slug}.xlsx", XLSX, as_xlsx(rows(found)))


@require_GET
@never_cache
def certificate(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """On paper, for whoever was let in, once the event is over."""
    ticket = get_object_or_404(Ticket.objects.arrived().select_related("event"), key=ticket_key)
    if not ticket.event.is_over or ticket.event.is_cancelled:
        raise Http404
    if not allows(request, "event_ticket_pdf", ticket.pk):
        return HttpResponse("Wait a few minutes, then try again.", status=429, content_type="text/plain; charset=utf-8")
    return as_pdf(attendance_pdf(ticket, association=Association.get().name), f"attendance-{ticket.event.slug}.pdf")


@require_GET
def attendance(request: HttpRequest, attendance_code: str) -> HttpResponse:
    """Whether a certificate is true, for whoever holds the paper: which event, when, and the holder's initials.

    Counted, so that nobody goes through codes.
    """
    if not allows(request, "certificate_check", "certificate"):
        return render(request, "events/after/attendance.html", {"too_many": True}, status=429)
    found = ticket_of(attendance_code)
    initials = " ".join(f"{word[0]}." for word in found.name.split()) if found else ""
    context = {"ticket": found, "initials": initials, "code": attendance_code.upper()}
    return render(request, "events/after/attendance.html", context, status=200 if found else 404)
