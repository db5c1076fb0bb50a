"""Booking people into clinics, and the front desk's view of it: for the practice that referred, and link workers."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.audit.actions import record_look
from linkworkers.http import as_pdf
from members.http import Request
from members.models import Role
from referrals.access import for_roles, get_referral
from referrals.models import Referral
from referrals.views._form import GET_OR_POST, form_page
from volunteers import permissions, waiting
from volunteers.actions import bookings as actions
from volunteers.forms.bookings import NOT_FREE, CancelBookingForm, SlotForm
from volunteers.models import Booking
from volunteers.prints.bookings import desk_pdf, slip_pdf
from volunteers.slots import Slot, free_slots, sessions_for

for_the_desk = for_roles(Role.PRACTICE_STAFF, Role.LINK_WORKER)
PER_PAGE = 40
SESSIONS = 2  # on a page of free times
LOOKS_AHEAD = 100  # sessions
DETAILS = ("referral__episode__person", "referral__practice", "session__clinic__practice", "session__room")
LISTS = {"coming": "To come", "missed": "Missed, not booked again"}


def _booking(request: Request, booking_id: int) -> Booking:
    """A booking of a referral that this person sees, or 404. A page that shows it is a look, and is recorded."""
    booking = get_object_or_404(
        Booking.objects.of_referrals_visible_to(request.user).select_related(
            *DETAILS, "referral__network", "referral__episode__holder", "shift__volunteer", "replaces", "appointment"
        ),
        pk=booking_id,
    )
    if not permissions.can_change_booking(request.user, booking):
        raise Http404
    if request.method == "GET":
        record_look(request, booking, person_id=booking.referral.episode.person_id)
    return booking


@require_http_methods(GET_OR_POST)
@login_required
@for_the_desk
def new(request: Request, reference: str) -> HttpResponse:
    """The next free times; one press books the first."""
    referral = get_referral(request, reference)
    back = reverse("referral", args=[reference])
    if not referral.is_live:
        messages.warning(request, "This referral has ended, so nobody can be booked for it.")
        return redirect(back)
    return _choose_time(request, referral, back=back)


@require_http_methods(GET_OR_POST)
@login_required
@for_the_desk
def move(request: Request, booking_id: int) -> HttpResponse:
    """Another time in place of one that is booked or held."""
    booking = _booking(request, booking_id)
    back = reverse("booking_at_desk", args=[booking_id])
    if not booking.can_change:
        messages.warning(request, "This booking cannot be moved any more. Book a new time instead.")
        return redirect(back)
    return _choose_time(request, booking.referral, back=back, moved=booking)


def _choose_time(request: Request, referral: Referral, *, back: str, moved: Booking | None = None) -> HttpResponse:
    user, person = request.user, referral.episode.person
    pages, number, elsewhere = _free_times(request, referral)
    everything = [slot for times in pages for slot in times]
    shown = pages[number - 1] if pages else []
    several = len({slot.session.clinic.practice_id for slot in everything}) > 1
    form = SlotForm(request.POST or None, slots=everything if request.method == "POST" else shown, several=several)
    if request.method == "POST":
        problem = NOT_FREE
        if form.is_valid():
            slot = form.chosen
            try:
                if moved:
                    made = actions.move(booking=moved, session=slot.session, starts_at=slot.starts_at, by=user)
                else:
                    made = actions.book(referral=referral, session=slot.session, starts_at=slot.starts_at, by=user)
            except Refused as refusal:
                problem = str(refusal)
            else:
                messages.success(request, f"{person.called} is booked.")
                return redirect("booking_at_desk", made.pk)
        # What is free now, the next of it chosen.
        pages, number, elsewhere = _free_times(request, referral)
        shown = pages[number - 1] if pages else []
        form = SlotForm({"slot": shown[0].key if shown else ""}, slots=shown, several=several)
        if form.is_valid():
            form.add_error("slot", problem)
    others = Booking.objects.of_referrals_visible_to(user).standing().filter(starts_at__gt=timezone.now())
    others = others.filter(referral__episode=referral.episode_id)
    if moved:
        others = others.exclude(pk=moved.pk)
    return render(
        request,
        "volunteers/bookings/book.html",
        {
            "others": others.select_related("session__clinic__practice").order_by("starts_at", "pk"),
            "form": form,
            "shown": shown,
            "number": number,
            "count": len(pages),
            "elsewhere": elsewhere,
            "everywhere": request.GET.get("at") == "network",
            "referral": referral,
            "person": person,
            "moved": moved,
            "back": back,
        },
    )


def _free_times(request: Request, referral: Referral) -> tuple[list[list[Slot]], int, bool]:
    """Free times, those of a few sessions on each page; which page is asked for; and whether practices other than the
    referral's have some too, which are left out unless they are asked for or are all there is.
    """
    sessions = list(sessions_for(request.user, referral)[:LOOKS_AHEAD])
    free = [times for times in free_slots(sessions).values() if times]
    own = [times for times in free if times[0].session.clinic.practice_id == referral.practice_id]
    chosen = own if own and request.GET.get("at") != "network" else free
    pages = [
        [slot for times in chosen[start : start + SESSIONS] for slot in times]
        for start in range(0, len(chosen), SESSIONS)
    ]
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and 1 <= int(asked) <= len(pages) else 1
    return pages, number, bool(own) and len(own) < len(free)


@require_GET
@login_required
@for_the_desk
def at_desk(request: Request, booking_id: int) -> HttpResponse:
    """One booking, as those who made it see it: what to tell the person, and what can be changed."""
    booking = _booking(request, booking_id)
    return render(
        request,
        "volunteers/bookings/at_desk.html",
        {"booking": booking, "person": booking.referral.episode.person, "session": booking.session},
    )


@require_GET
@login_required
@for_the_desk
def slip(request: Request, booking_id: int) -> HttpResponse:
    """The appointment on a small paper, in large print."""
    return as_pdf(slip_pdf(_booking(request, booking_id)), "appointment.pdf")


@require_http_methods(GET_OR_POST)
@login_required
@for_the_desk
def cancel(request: Request, booking_id: int) -> HttpResponse:
    booking = _booking(request, booking_id)
    person, back = booking.referral.episode.person, reverse("booking_at_desk", args=[booking_id])
    return form_page(
        request,
        CancelBookingForm(request.POST or None),
        lambda data: actions.cancel(booking=booking, by=request.user, **data),
        title=f"Cancel {person.called}’s booking",
        button="Cancel the booking",
        cancel_label="Keep it",
        said="Cancelled. The link worker still holds the case.",
        to=back,
        back=back,
        template="volunteers/bookings/cancel.html",
        booking=booking,
        person=person,
    )


@require_POST
@login_required
@for_the_desk
def confirm(request: Request, booking_id: int) -> HttpResponse:
    """They agree to the time that was held for them."""
    booking = _booking(request, booking_id)
    try:
        actions.confirm(booking=booking, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{booking.referral.episode.person.called} is booked.")
    return redirect("bookings_to_offer")


@require_GET
@login_required
@for_the_desk
def index(request: Request) -> HttpResponse:
    """Who comes today and on the days after, at the practices; and who did not come and has no new time."""
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in LISTS else "coming"
    desk = Booking.objects.at_the_desk_of(request.user)
    missed = Booking.objects.of_referrals_visible_to(request.user).missed_and_not_booked_again()
    if chosen == "missed":
        rows = missed.order_by("-starts_at", "-pk")
    else:
        rows = (
            desk.standing().filter(starts_at__gte=_midnight(timezone.localdate())).order_by("starts_at", "lane", "pk")
        )
    return render(
        request,
        "volunteers/bookings/bookings.html",
        {
            "page": Paginator(rows.select_related(*DETAILS, "shift__volunteer"), PER_PAGE).get_page(
                request.GET.get("page")
            ),
            "chosen": chosen,
            "lists": LISTS,
            "missed": missed.count(),
            "to_offer": waiting.to_offer(request.user),
            "today": timezone.localdate(),
            "visible_practices": request.user.workplace_ids(Role.PRACTICE_STAFF),
            "visible_networks": request.user.workplace_ids(Role.LINK_WORKER),
        },
    )


@require_GET
@login_required
@for_the_desk
def desk_list(request: Request) -> HttpResponse:
    """Today on paper for the front desk, or the day of `?day=`."""
    try:
        day = dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = timezone.localdate()
    if not 2000 <= day.year <= 2200:
        raise Http404
    bookings = list(
        Booking.objects.at_the_desk_of(request.user)
        .standing()
        .filter(starts_at__gte=_midnight(day), starts_at__lt=_midnight(day + dt.timedelta(days=1)))
        .select_related(*DETAILS, "shift__volunteer")
        .order_by("starts_at", "lane", "pk")
    )
    own, networks = request.user.workplace_ids(Role.PRACTICE_STAFF), request.user.workplace_ids(Role.LINK_WORKER)
    rows = []
    for each in bookings:
        person, session = each.referral.episode.person, each.session
        named = each.referral.practice_id in own or each.referral.network_id in networks
        rest = [str(session.room or session.clinic.name)]
        rest += [f"with {each.shift.volunteer.short_name}"] if each.shift else ["no volunteer yet"]
        if session.clinic.practice_id not in own:
            rest.insert(0, str(session.clinic.practice))
        if each.state == Booking.State.HELD:
            rest.append("offered, not confirmed")
        if named and person.needs_interpreter:
            rest.append(f"interpreter{f': {person.language}' if person.language else ''}")
        if named and person.access_needs:
            rest.append(person.access_needs)
        name = str(person) if named else f"Somebody from {each.referral.practice}"
        rows.append((f"{timezone.localtime(each.starts_at):%H:%M}", name, ", ".join(rest)))
    places = [post.workplace.name for post in request.user.current_posts if post.workplace_id in {*own, *networks}]
    return as_pdf(desk_pdf(day, rows, title=", ".join(places)), f"clinics-{day}.pdf")


@require_GET
@login_required
@for_the_desk
def to_offer(request: Request) -> HttpResponse:
    """People whose session was cancelled: the time that is held for them, or that they have none."""
    own = Booking.objects.of_referrals_visible_to(request.user).select_related(*DETAILS, "replaces")
    held = own.held().order_by("starts_at", "pk")
    return render(
        request,
        "volunteers/bookings/to_offer.html",
        {
            "page": Paginator(held, PER_PAGE).get_page(request.GET.get("page")),
            "without": list(own.without_a_time().order_by("starts_at", "pk")[:PER_PAGE]),
        },
    )


def _midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day in London."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
