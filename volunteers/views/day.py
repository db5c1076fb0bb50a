"""The volunteer's day: the people booked with them, and nobody else."""

import datetime as dt
from collections import defaultdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.audit.actions import record_look, record_looks
from linkworkers.http import as_pdf
from members.http import Request
from members.models import Role
from referrals.access import for_roles
from referrals.models import CareContact
from referrals.views._form import GET_OR_POST, form_page
from volunteers.actions import day as actions
from volunteers.forms.day import WriteUpForm
from volunteers.models import Booking, Shift
from volunteers.prints.bookings import sheet_pdf

for_volunteers = for_roles(Role.VOLUNTEER)
UNWRITTEN = 10  # of other days, on one page
DETAILS = ("referral__episode__person", "session__clinic__practice", "session__room", "appointment__contact")


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not 2000 <= day.year <= 2200:
        raise Http404
    return day


def _shifts_on(request: Request, day: dt.date) -> list[Shift]:
    start = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    return list(
        Shift.objects.standing()
        .filter(user=request.user, starts_at__gte=start, starts_at__lt=end)
        .select_related("session__clinic__practice", "session__room", "volunteer")
        .order_by("starts_at", "pk")
    )


def _people_of(request: Request, shifts: list[Shift]) -> dict[int, list[Booking]]:
    """Those booked with this volunteer on these shifts, in order, by session. Each is a look, and is recorded."""
    bookings = list(
        Booking.objects.booked_with(request.user)
        .filter(shift__in=shifts)
        .select_related(*DETAILS)
        .order_by("starts_at", "lane", "pk")
    )
    record_looks(request, [booking.referral.episode.person for booking in bookings])
    by_session: dict[int, list[Booking]] = defaultdict(list)
    for booking in bookings:
        by_session[booking.session_id].append(booking)
    return by_session


@require_GET
@login_required
@for_volunteers
def today(request: Request) -> HttpResponse:
    return _page(request, timezone.localdate())


@require_GET
@login_required
@for_volunteers
def on(request: Request, day: str) -> HttpResponse:
    return _page(request, _day(day))


def _page(request: Request, day: dt.date) -> HttpResponse:
    """A day's sessions with the people in them, and what is still to be written up of other days."""
    shifts = _shifts_on(request, day)
    people = _people_of(request, shifts)
    bookings = [booking for shift in shifts for booking in people.get(shift.session_id, [])]
    now = timezone.now() + actions.EARLY
    unwritten_here = (each for each in bookings if each.contact is None and each.starts_at <= now)
    unwritten = Booking.objects.booked_with(request.user).unwritten().exclude(pk__in=[each.pk for each in bookings])
    waiting = list(unwritten.select_related("referral__episode__person").order_by("starts_at", "pk")[:UNWRITTEN])
    record_looks(request, [booking.referral.episode.person for booking in waiting])
    after = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    coming = Shift.objects.standing().filter(user=request.user, starts_at__gte=after).order_by("starts_at").first()
    return render(
        request,
        "volunteers/bookings/day.html",
        {
            "day": day,
            "is_today": day == timezone.localdate(),
            "shifts": [(shift, shift.session, people.get(shift.session_id, [])) for shift in shifts],
            "unwritten": waiting,
            "coming": coming,
            "now": now,
            "first": next(unwritten_here, None),  # whose button is the page's main one
        },
    )


@require_GET
@login_required
@for_volunteers
def sheet(request: Request, day: str) -> HttpResponse:
    """The day on paper, for whoever is on a session of it."""
    when = _day(day)
    shifts = _shifts_on(request, when)
    if not shifts:
        raise Http404
    people = _people_of(request, shifts)
    names: dict[int, list[str]] = defaultdict(list)
    others = Shift.objects.standing().filter(session__in=[shift.session_id for shift in shifts])
    for each in others.select_related("volunteer").order_by("created_at", "pk"):
        names[each.session_id].append(each.volunteer.short_name)
    rows = [(shift.session, names[shift.session_id], people.get(shift.session_id, [])) for shift in shifts]
    return as_pdf(sheet_pdf(when, rows, volunteer=shifts[0].volunteer.short_name), f"sheet-{when}.pdf")


def _booking(request: Request, booking_id: int) -> Booking:
    """Somebody booked with this volunteer, or 404. A page that shows them is a look, and is recorded."""
    booking = get_object_or_404(
        Booking.objects.booked_with(request.user).select_related(*DETAILS, "shift__volunteer"), pk=booking_id
    )
    if request.method == "GET":
        record_look(request, booking, person_id=booking.referral.episode.person_id)
    return booking


def _day_of(booking: Booking) -> str:
    return reverse("volunteer_day_on", args=[booking.session.on.isoformat()])


@require_GET
@login_required
@for_volunteers
def booking(request: Request, booking_id: int) -> HttpResponse:
    """Everything that the volunteer may see of one person: the referral, and what they themselves wrote before."""
    found = _booking(request, booking_id)
    contacts = CareContact.objects.filter(episode=found.referral.episode_id, by=request.user)
    return render(
        request,
        "volunteers/bookings/booking.html",
        {
            "booking": found,
            "referral": found.referral,
            "episode": found.referral.episode,
            "person": found.referral.episode.person,
            "contacts": list(contacts.prefetch_related("amendments").order_by("-happened_at", "-pk")[:20]),
            "day_url": _day_of(found),
            "has_come": found.starts_at <= timezone.now() + actions.EARLY,
        },
    )


@require_POST
@login_required
@for_volunteers
def mark(request: Request, booking_id: int) -> HttpResponse:
    """One tap: they came, or they did not."""
    found = _booking(request, booking_id)
    came = request.POST.get("came")
    if came not in ("yes", "no"):
        return redirect(_day_of(found))
    person = found.referral.episode.person
    try:
        actions.mark(booking=found, came=came == "yes", by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        said = "came. Write it up when you have a moment." if came == "yes" else "did not come. The practice sees it."
        messages.success(request, f"{person.called} {said}")
    return redirect(f"{_day_of(found)}#booking-{found.pk}")


@require_http_methods(GET_OR_POST)
@login_required
@for_volunteers
def write_up(request: Request, booking_id: int) -> HttpResponse:
    found = _booking(request, booking_id)
    person = found.referral.episode.person
    initial: dict[str, object] = {"minutes": found.session.slot_minutes}
    if found.state != Booking.State.BOOKED:
        initial["came"] = "no" if found.state == Booking.State.MISSED else "yes"
    form = WriteUpForm(request.POST or None, initial=initial)
    return form_page(
        request,
        form,
        lambda data: actions.write_up(booking=found, by=request.user, **form.facts()),
        title=f"Write up {person.called}",
        button="Save",
        said="Saved. The link worker sees it on the case.",
        to=_day_of(found),
        back=_day_of(found),
        template="volunteers/bookings/write_up.html",
        booking=found,
        person=person,
    )
