"""A volunteer's own page, and what they and their coordinator both do: pause, return, days away, leave."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members.http import Request
from volunteers.actions import journey_applications, journey_own
from volunteers.clearance import clearances
from volunteers.forms.journey_records import AbsenceForm, LeaveForm, OwnForm, PauseForm
from volunteers.models import HERE, JOINING, Absence, Stage, Volunteer
from volunteers.next_steps import FOR_APPLICANTS, free_grid
from volunteers.views.journey import GET_OR_POST, form_page


@require_GET
@login_required
def me(request: Request) -> HttpResponse:
    """What is kept about the reader as a volunteer, at each place, and what they can do about it."""
    away = Absence.objects.filter(last_day__gte=timezone.localdate())
    mine = Volunteer.objects.of(request.user).select_related("workplace")
    own = list(mine.prefetch_related(Prefetch("absences", away, to_attr="away")))
    found = clearances(own)
    places = [
        {
            "volunteer": each,
            "free": free_grid(each),
            "clearance": found[each.pk],
            "is_here": each.stage in HERE,
            "is_joining": each.stage in JOINING,
            "words": FOR_APPLICANTS[Stage(each.stage)][1],
        }
        for each in sorted(own, key=lambda each: (each.stage not in HERE, each.workplace.name))
    ]
    return render(request, "volunteers/journey/me.html", {"places": places})


def _mine(request: Request, volunteer_key: object) -> Volunteer:
    return get_object_or_404(Volunteer.objects.of(request.user).select_related("workplace"), key=volunteer_key)


def _theirs(request: Request, volunteer_key: object) -> tuple[Volunteer, str, str]:
    """A volunteer whom the reader is or coordinates, with where to go back to and what that is called."""
    found = get_object_or_404(Volunteer.objects.visible_to(request.user).select_related("workplace"), key=volunteer_key)
    if found.user_id == request.user.pk:
        return found, reverse("volunteer_me"), "About me"
    return found, found.get_absolute_url(), found.name


@require_http_methods(GET_OR_POST)
@login_required
def me_edit(request: Request, volunteer_key: object) -> HttpResponse:
    found = _mine(request, volunteer_key)
    form = OwnForm(request.POST or None, instance=found)
    return form_page(
        request,
        form,
        lambda: journey_own.change_own(found, details=form.cleaned_data, by=request.user),
        title="What we know of you",
        lead=f"At {found.workplace}. Your coordinator sees it.",
        button="Save",
        said="Saved.",
        back=reverse("volunteer_me"),
        back_label="About me",
    )


@require_http_methods(GET_OR_POST)
@login_required
def absence_new(request: Request, volunteer_key: object) -> HttpResponse:
    found, back, label = _theirs(request, volunteer_key)
    form = AbsenceForm(request.POST or None)
    own = found.user_id == request.user.pk
    return form_page(
        request,
        form,
        lambda: journey_own.add_absence(found, **form.cleaned_data, by=request.user),
        title="Days away" if own else f"Days away of {found.short_name}",
        lead="A holiday, an operation, a christening: no reason is asked. Shifts on these days are freed for others.",
        button="Save",
        said="The days away are noted, and shifts on them are freed.",
        back=back,
        back_label=label,
    )


@require_POST
@login_required
def absence_delete(request: Request, absence_id: int) -> HttpResponse:
    seen = Volunteer.objects.visible_to(request.user)
    absence = get_object_or_404(Absence.objects.filter(volunteer__in=seen).select_related("volunteer"), pk=absence_id)
    _, back, _ = _theirs(request, absence.volunteer.key)
    journey_own.delete_absence(absence, by=request.user)
    messages.success(request, "The days away are taken back. Shifts that were freed stay free: take them again.")
    return redirect(back)


@require_http_methods(GET_OR_POST)
@login_required
def pause(request: Request, volunteer_key: object) -> HttpResponse:
    found, back, label = _theirs(request, volunteer_key)
    form = PauseForm(request.POST or None, initial={"seen": found.stage})
    own = found.user_id == request.user.pk
    return form_page(
        request,
        form,
        lambda: journey_own.pause(found, **form.cleaned_data, by=request.user),
        title="Take a break" if own else f"Pause {found.short_name}",
        lead="No shifts from today. Those that were taken for these days are freed for somebody else.",
        button="Pause from today",
        said="Paused. Come back any day." if own else f"{found.name} is paused.",
        back=back,
        back_label=label,
    )


@require_POST
@login_required
def return_(request: Request, volunteer_key: object) -> HttpResponse:
    found, back, _ = _theirs(request, volunteer_key)
    try:
        journey_own.return_(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Welcome back." if found.user_id == request.user.pk else f"{found.name} is back.")
    return redirect(back)


@require_http_methods(GET_OR_POST)
@login_required
def leave(request: Request, volunteer_key: object) -> HttpResponse:
    found, back, label = _theirs(request, volunteer_key)
    form = LeaveForm(request.POST or None, initial={"seen": found.stage})
    own = found.user_id == request.user.pk
    return form_page(
        request,
        form,
        lambda: journey_own.leave(found, answers=form.answers, seen=form.cleaned_data["seen"], by=request.user),
        title=f"Leave {found.workplace}" if own else f"{found.short_name} leaves",
        lead="Thank you for what you gave. Shifts to come are freed, and your access to the clinic ends today. If you "
        "like, tell us a little: it helps whoever comes after you."
        if own
        else f"Shifts to come are freed, and the access of {found.name} ends today. Ask them these, if they like.",
        button="Leave" if own else f"{found.short_name} has left",
        kind="danger",
        said="Thank you. We wish you all the best, and the door stays open." if own else f"{found.name} has left.",
        back=back,
        back_label=label,
    )


@require_POST
@login_required
def come_back(request: Request, volunteer_key: object) -> HttpResponse:
    found = _mine(request, volunteer_key)
    try:
        journey_applications.come_back(found)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "How good. The coordinator hears of it, and writes to you.")
    return redirect("volunteer_me")
