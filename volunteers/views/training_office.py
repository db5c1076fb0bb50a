"""Training as coordinators see it: what they offer, who comes, and what each volunteer's roles need."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members.http import Request
from members.models import Role, User
from referrals.access import for_roles
from volunteers.actions import attendance as coming
from volunteers.actions import training as actions
from volunteers.clearance import lacks_on
from volunteers.forms.training import AttendanceForm, CancelTrainingForm, PutDownForm, TrainingForm
from volunteers.models import LEARNING, Training, TrainingPlace, Volunteer
from volunteers.training_needs import standings_of

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 20
State = TrainingPlace.State
LISTS = {"coming": "To come", "past": "Past and called off"}
NEEDS = {"all": "Everybody", "missing": "Something is missing"}


@require_GET
@login_required
@for_roles(Role.COORDINATOR)
def offered(request: Request) -> HttpResponse:
    """The trainings that a coordinator offers: how many come, how many wait, and which still want their attendance."""
    chosen = request.GET.get("list") if request.GET.get("list") in LISTS else "coming"
    now = timezone.now()
    found = Training.objects.coordinated_by(request.user).select_related("workplace", "requirement")
    if chosen == "coming":
        found = found.filter(ends_at__gt=now, cancelled_at=None).order_by("starts_at", "pk")
    else:
        found = found.exclude(ends_at__gt=now, cancelled_at=None).order_by("-starts_at", "-pk")
    found = found.annotate(
        waiting=Count("places", filter=Q(places__state=State.WAITING)),
        unmarked=Count("places", filter=Q(places__state=State.SIGNED_UP)),
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lists": LISTS, "chosen": chosen, "is_volunteer": request.user.has_role(Role.VOLUNTEER)}
    return render(request, "volunteers/training/offered.html", context)


@require_GET
@login_required
@for_roles(Role.COORDINATOR)
def needs(request: Request) -> HttpResponse:
    """Each volunteer with what their roles need: in order until when, about to end, or missing."""
    chosen = request.GET.get("list") if request.GET.get("list") in NEEDS else "all"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = Volunteer.objects.coordinated_by(request.user).filter(stage__in=LEARNING).select_related("workplace")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(called__icontains=words))
    if chosen == "missing":
        found = found.filter(lacks_on(timezone.localdate()))
    page = Paginator(found.order_by("name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    standings = standings_of([volunteer.pk for volunteer in page])
    context = {
        "page": page,
        "rows": [(volunteer, standings[volunteer.pk]) for volunteer in page],
        "lists": NEEDS,
        "chosen": chosen,
        "words": words,
    }
    return render(request, "volunteers/training/needs.html", context)


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def new(request: Request) -> HttpResponse:
    form = TrainingForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.offer(facts=form.facts, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is offered. Volunteers see it on their training page.")
            return redirect("training_detail", made.pk)
    return render(request, "volunteers/training/edit.html", {"form": form})


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def edit(request: Request, training_id: int) -> HttpResponse:
    found = _found(request, training_id)
    form = TrainingForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(found, facts=form.facts, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved. Whoever comes is told if the time or the place is another.")
            return redirect("training_detail", training_id)
    return render(request, "volunteers/training/edit.html", {"form": form, "training": found})


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def cancel(request: Request, training_id: int) -> HttpResponse:
    found = _found(request, training_id)
    form = CancelTrainingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(found, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is called off, and everybody on the list is told.")
            return redirect("training_detail", training_id)
    return render(request, "volunteers/training/cancel.html", {"form": form, "training": found})


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def put_down(request: Request, training_id: int) -> HttpResponse:
    """Signs a volunteer up for them."""
    found = _found(request, training_id)
    form = PutDownForm(request.POST, volunteers=_not_on_the_list(found, request.user))
    if not form.is_valid():
        messages.warning(request, str(form.errors["volunteer"][0]))
        return redirect("training_detail", training_id)
    volunteer = form.cleaned_data["volunteer"]
    try:
        place = actions.put_down(found, volunteer, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        where = "on the waiting list" if place.state == State.WAITING else "on the list"
        messages.success(request, f"{volunteer} is {where}.")
    return redirect("training_detail", training_id)


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def attendance(request: Request, training_id: int) -> HttpResponse:
    """The sheet to tick who came; on paper, with room for a signature."""
    found = _found(request, training_id)
    places = list(_taking(found))
    asked = [place.pk for place in places if place.volunteer.user_id != request.user.pk]
    form = AttendanceForm(request.POST or None, places=asked)
    if request.method == "POST" and form.is_valid():
        try:
            coming.mark(found, came=form.cleaned_data["came"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved. What they have by it is in their records.")
            return redirect("training_detail", training_id)
    return render(request, "volunteers/training/attendance.html", {"training": found, "form": form, "places": places})


def of_coordinator(training: Training, user: User) -> dict[str, Any]:
    """What a training's page shows to its coordinator alone."""
    places = training.places.standing().select_related("volunteer").order_by("joined_at", "pk")
    everybody = list(places)
    return {
        "coming": [place for place in everybody if place.state != State.WAITING],
        "waiting": [place for place in everybody if place.state == State.WAITING],
        "form": None if training.cancelled_at else PutDownForm(volunteers=_not_on_the_list(training, user)),
    }


def _found(request: Request, training_id: int) -> Training:
    found = Training.objects.coordinated_by(request.user).select_related("workplace", "requirement", "course")
    return get_object_or_404(found, pk=training_id)


def _taking(training: Training) -> QuerySet[TrainingPlace]:
    taking = training.places.filter(state__in=TrainingPlace.TAKING)
    return taking.select_related("volunteer").order_by("volunteer__name", "pk")


def _not_on_the_list(training: Training, user: User) -> QuerySet[Volunteer]:
    """Whom this coordinator could put down."""
    there = training.places.standing().values("volunteer__user")
    own = Volunteer.objects.coordinated_by(user).values("pk")
    return actions.learners_for(training).filter(pk__in=own).exclude(user__in=there).order_by("name", "pk")
