"""My shifts, the rota, signing up and assigning."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from members.http import Request
from members.models import Role, User
from referrals.access import for_roles
from volunteers import mine, permissions, rota_table
from volunteers.actions import rota as actions
from volunteers.forms.rota import AssignForm, GiveUpForm, RotaFilter, month_of, period_of
from volunteers.models import ClinicSession, Shift, Volunteer
from volunteers.openings import open_to, short_for
from volunteers.prints.rota import poster_pdf
from volunteers.rota import Known, clinics_of, read
from volunteers.suggest import Suggestion, ranked
from volunteers.waiting import waiting_for

EVERYBODY = (Role.VOLUNTEER, Role.COORDINATOR, Role.LINK_WORKER, Role.PRACTICE_STAFF, Role.MANAGER)
GET_OR_POST = ["GET", "POST"]
OPENINGS_SHOWN = 10
OPENING = (
    *("starts_at", "ends_at", "taken", "places", "at_least"),
    *("clinic__name", "clinic__practice__name", "clinic__role__name"),
)
SUGGESTED = 20  # volunteers on a page
SOON = dt.timedelta(hours=48)


@require_GET
@login_required
def my_shifts(request: Request) -> HttpResponse:
    """For volunteers theirs, for coordinators what they have to find somebody for, for others what volunteering is."""
    user = request.user
    volunteering = mine.volunteering_of(user)
    shifts = mine.shifts_of(user) if volunteering else []
    active = [each for each in volunteering if each.is_active]
    openings: Page[ClinicSession] | None = None
    if active:
        cells = {cell for each in active for cell in each.availability}
        found = open_to(user, free_on=cells).select_related("clinic__practice", "clinic__role").only(*OPENING)
        openings = _page(found, request.GET.get("page", ""))
    return render(
        request,
        "volunteers/my_shifts.html",
        {
            "volunteering": volunteering,
            "problems": mine.not_in_order(user, volunteering),
            "next": shifts[0] if shifts else None,
            "weeks": mine.by_week(shifts[1:]),
            "openings": openings,
            "is_volunteer": user.has_role(Role.VOLUNTEER),
            "coordinates": user.has_role(Role.COORDINATOR),
            "short": list(short_for(user)) if user.has_role(Role.COORDINATOR) else [],
            "waiting": waiting_for(user) if user.has_role(Role.COORDINATOR) else [],
            "sees_rota": user.has_role(*EVERYBODY),
        },
    )


def _page(found: QuerySet[ClinicSession], asked: str) -> Page[ClinicSession]:
    """A page of a list that the same query counts, for it takes as long to count as to read. Past the end is page 1."""
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 1
    start = (max(1, number) - 1) * OPENINGS_SHOWN
    rows = list(found.annotate(of_all=Window(Count("*")))[start : start + OPENINGS_SHOWN])
    if not rows and start:
        return _page(found, "1")
    count = rows[0].of_all if rows else 0
    return Page(rows, max(1, number), Paginator(cast(Any, range(count)), OPENINGS_SHOWN))


@require_GET
@login_required
@for_roles(*EVERYBODY)
def rota(request: Request) -> HttpResponse:
    """A week or a month of the clinics that somebody sees. Three queries of its own."""
    user = request.user
    period = period_of(request.GET.get("view", ""), request.GET.get("on", ""))
    narrowed = RotaFilter(request.GET, clinics=clinics_of(user))
    names = permissions.names_for(user)
    can_see_people = bool(names.practices or names.networks)
    by = "person" if can_see_people and request.GET.get("by") == "person" else "clinic"
    found = read(user, period, narrowed.chosen)
    write = rota_table.by_person if by == "person" else rota_table.by_day
    return render(
        request,
        "volunteers/rota.html",
        {
            "period": period,
            "by": by,
            "can_see_people": can_see_people,
            "narrowed": narrowed,
            "today": timezone.localdate(),
            "is_empty": not found.days,
            "table": write(found, session=_link("session"), assign=_link("session_assign")),
            "poster_of": _poster_of(user, narrowed),
        },
    )


def _poster_of(user: User, narrowed: RotaFilter) -> Known | None:
    """A clinic of the one practice that is shown, where this person is told who its volunteers are."""
    shown = {each.practice_id: each for each in narrowed.chosen.values()}
    if len(shown) != 1:
        return None
    (clinic,) = shown.values()
    return clinic if permissions.names_for(user).seen_at(clinic.practice_id, clinic.network_id) else None


def _link(name: str) -> Callable[[int], str]:
    """Makes the addresses of a page about a session without asking for each anew."""
    before, after = reverse(name, args=[0]).split("0")
    return lambda session_id: f"{before}{session_id}{after}"


@require_GET
@login_required
@for_roles(*EVERYBODY)
def rota_poster(request: Request) -> HttpResponse:
    """A month of one practice for its wall, for whoever is told the names of its volunteers."""
    narrowed = RotaFilter(request.GET, clinics=clinics_of(request.user))
    clinic = _poster_of(request.user, narrowed) if narrowed.practice_id else None
    if clinic is None:
        raise Http404
    found = read(request.user, month_of(request.GET.get("month", "")), narrowed.chosen, short_names=True)
    return as_pdf(poster_pdf(clinic.practice, found), f"rota-{found.period.first:%Y-%m}.pdf")


@require_POST
@login_required
@for_roles(Role.VOLUNTEER)
def take(request: Request, session_id: int) -> HttpResponse:
    session = get_object_or_404(
        ClinicSession.objects.visible_to(request.user).select_related("clinic__practice"), pk=session_id
    )
    try:
        shift = actions.take(session, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"You are on: {_when(shift)}. A confirmation is on its way to you by mail.")
    return redirect("my_shifts")


@require_http_methods(GET_OR_POST)
@login_required
def give_up(request: Request, shift_id: int) -> HttpResponse:
    shift = get_object_or_404(_shifts().filter(user=request.user), pk=shift_id)
    form = GiveUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_up(shift, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"You are no longer on: {_when(shift)}. Thank you for saying so.")
        return redirect("my_shifts")
    context = {
        "form": form,
        "shift": shift,
        "session": shift.session,
        "people": shift.bookings.filter(state="booked").count(),
        "is_soon": shift.starts_at - timezone.now() < SOON,
    }
    return render(request, "volunteers/rota/give_up.html", context)


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def assign(request: Request, session_id: int) -> HttpResponse:
    """Whom to put on a session, best first, and who is on it."""
    session = get_object_or_404(
        ClinicSession.objects.coordinated_by(request.user).select_related("clinic__practice", "clinic__role", "room"),
        pk=session_id,
    )
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = Volunteer.objects.for_clinics_at(session.clinic.practice).filter(key=form.cleaned_data["volunteer"])
        volunteer = get_object_or_404(chosen)
        try:
            actions.assign(session, volunteer, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{volunteer} is on it, and is told by mail.")
            return redirect("session_assign", session.pk)
    can_add = not session.is_cancelled and not session.has_begun and session.free > 0
    suggestions: Page[Suggestion] | None = None
    if can_add:
        suggestions = Paginator(ranked(session), SUGGESTED).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "session": session,
        "shifts": list(session.shifts.select_related("volunteer").order_by("created_at", "pk")),
        "suggestions": suggestions,
    }
    return render(request, "volunteers/rota/assign.html", context)


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def end(request: Request, shift_id: int) -> HttpResponse:
    shift = _coordinated(request, shift_id)
    if request.method == "POST":
        try:
            actions.take_off(shift, by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"{shift.volunteer} is off it, and is told by mail.")
        return redirect("session_assign", shift.session_id)
    return render(request, "volunteers/rota/end.html", {"shift": shift, "session": shift.session})


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def attended(request: Request, shift_id: int) -> HttpResponse:
    """`came` is "yes" or "no"; anything else changes nothing."""
    shift = _coordinated(request, shift_id)
    came = {"yes": True, "no": False}.get(request.POST.get("came", ""))
    try:
        if came is None:
            raise Refused(f"Say whether {shift.volunteer} came.")
        actions.mark_attended(shift, attended=came, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Noted: {shift.volunteer} {'came' if came else 'did not come'}.")
    return redirect("session_assign", shift.session_id)


def _shifts() -> QuerySet[Shift]:
    return Shift.objects.select_related("volunteer", "session__clinic__practice", "session__room")


def _coordinated(request: Request, shift_id: int) -> Shift:
    sessions = ClinicSession.objects.coordinated_by(request.user)
    return get_object_or_404(_shifts().filter(session__in=sessions), pk=shift_id)


def _when(shift: Shift) -> str:
    starts_at = timezone.localtime(shift.starts_at)
    return f"{starts_at:%A %-d %B, %H:%M}, {shift.session.clinic.practice}"
