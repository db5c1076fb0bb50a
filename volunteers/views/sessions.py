"""One session: what everybody may know of it, and the coordinator's pages that change, move, add and cancel one."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers.actions import Refused
from linkworkers.audit.actions import record_looks
from members.http import Request
from members.models import Role
from referrals.access import for_roles
from referrals.models import Referral
from volunteers.actions import sessions as actions
from volunteers.emails.clinics import in_words
from volunteers.forms.sessions import CancelSessionForm, ExtraForm, SessionForm, WhenForm
from volunteers.models import Booking, Clinic, ClinicSession
from volunteers.openings import open_to
from volunteers.permissions import can_coordinate
from volunteers.tabs import EVERYBODY
from volunteers.views.clinics import GET_OR_POST, for_coordinators


@dataclass
class Row:
    """A slot of a session, as somebody may see it: how many of its places are taken, and the bookings they may see."""

    starts_at: dt.datetime
    places: int
    taken: int = 0
    bookings: list[Booking] = field(default_factory=list)

    @property
    def free(self) -> int:
        return max(0, self.places - self.taken)


@require_GET
@login_required
@for_roles(*EVERYBODY)
def session(request: Request, session_id: int) -> HttpResponse:
    """When and where, who helps, and its slots. Who is booked is shown to their practice, their network's link workers
    and the volunteer who sees them; others see numbers. What shows somebody's name is recorded as a look.
    """
    found = ClinicSession.objects.visible_to(request.user)
    session = get_object_or_404(
        found.select_related("clinic__practice__parent", "clinic__role", "clinic__link_worker", "room"), pk=session_id
    )
    shifts = list(session.shifts.standing().select_related("volunteer"))
    own = next((shift for shift in shifts if shift.user_id == request.user.pk), None)
    is_volunteer = request.user.has_role(Role.VOLUNTEER)
    context = {
        "session": session,
        "clinic": session.clinic,
        "own": own,
        "is_volunteer": is_volunteer,
        "can_sign_up": is_volunteer and not own and open_to(request.user).filter(pk=session.pk).exists(),
        "books": request.user.has_role(Role.PRACTICE_STAFF, Role.LINK_WORKER),
        "title": in_words(session),
        "shifts": shifts,
        "slots": _slots(request, session) if session.clinic.role.meets_people else [],
        "coordinates": can_coordinate(request.user, session.clinic.practice),
        "can_change": not session.is_cancelled and not session.has_begun,
    }
    return render(request, "volunteers/clinics/session.html", context)


def _slots(request: Request, session: ClinicSession) -> list[Row]:
    rows = {starts_at: Row(starts_at, session.at_once) for starts_at in session.slots}
    seen = Booking.objects.of_referrals_visible_to(request.user) | Booking.objects.booked_with(request.user)
    visible = seen.filter(session=session).standing().select_related("referral__episode__person", "shift__volunteer")
    may_open = Exists(Referral.objects.visible_to(request.user).filter(pk=OuterRef("referral")))
    by_id = {booking.pk: booking for booking in visible.annotate(may_open=may_open).distinct()}
    for pk, starts_at in session.bookings.standing().values_list("pk", "starts_at"):
        row = rows.setdefault(starts_at, Row(starts_at, session.at_once))
        row.taken += 1
        if pk in by_id:
            row.bookings.append(by_id[pk])
    if by_id:
        record_looks(request, list({each.referral.episode.person for each in by_id.values()}))
    return sorted(rows.values(), key=lambda row: row.starts_at)


def _coordinated(request: Request, session_id: int) -> ClinicSession:
    found = ClinicSession.objects.coordinated_by(request.user)
    return get_object_or_404(
        found.select_related("clinic__practice__parent", "clinic__role", "room"), pk=session_id, cancelled_at=None
    )


def _page(request: Request, template: str, form: Form, session: ClinicSession, **context: object) -> HttpResponse:
    shown = {"form": form, "session": session, "clinic": session.clinic, "when": in_words(session)}
    return render(request, f"volunteers/clinics/{template}.html", {**shown, **context})


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def edit(request: Request, session_id: int) -> HttpResponse:
    session = _coordinated(request, session_id)
    known = {"places": session.places, "at_least": session.at_least, "note": session.note}
    form = SessionForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_session(session, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("session", session.pk)
    return _page(request, "session_edit", form, session)


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def move(request: Request, session_id: int) -> HttpResponse:
    session = _coordinated(request, session_id)
    form = WhenForm(request.POST or None, clinic=session.clinic, session=session)
    if request.method == "POST" and form.is_valid():
        try:
            news = actions.move_session(session, **form.facts, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            told = " Volunteers are told." if news.volunteers else ""
            asked = " The practice is asked to tell the people booked." if news.moved else ""
            messages.success(request, f"The session is moved.{told}{asked}")
            return redirect("session", session.pk)
    return _page(request, "session_move", form, session)


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def new(request: Request, clinic_id: int) -> HttpResponse:
    """A session outside the pattern."""
    found = Clinic.objects.coordinated_by(request.user).select_related("practice__parent", "role", "room")
    clinic = get_object_or_404(found, pk=clinic_id)
    form = ExtraForm(request.POST or None, clinic=clinic, initial={"places": clinic.places, "room": clinic.room_id})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_session(clinic, **form.facts, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"A session is added: {in_words(made)}.")
            return redirect("session", made.pk)
    return render(request, "volunteers/clinics/session_new.html", {"form": form, "clinic": clinic})


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def cancel(request: Request, session_id: int) -> HttpResponse:
    """Says who is concerned and offers to look for cover first; then cancels."""
    session = _coordinated(request, session_id)
    form = CancelSessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            news = actions.cancel_session(session, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            said = "The session is cancelled."
            if news.released:
                said += f" Of {len(news.released)} booked, another slot is kept for {len(news.offered)}."
            messages.success(request, said)
        return redirect("session", session.pk)
    cover = reverse("cover_ask_session", args=[session.pk]) if session.free else ""
    return _page(request, "session_cancel", form, session, cover=cover)
