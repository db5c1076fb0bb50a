"""Training as volunteers see it: what their roles need, what is offered, what they did."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from linkworkers.actions import Refused
from members.http import Request
from members.models import Role
from referrals.access import for_roles
from volunteers import permissions
from volunteers.actions import training as actions
from volunteers.models import Training, TrainingPlace, learners
from volunteers.training_needs import standings_of
from volunteers.views.training_office import of_coordinator

PER_PAGE = 20
MOST_PLACES = 100  # of one volunteer, the latest first
State = TrainingPlace.State


@require_GET
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def training(request: Request) -> HttpResponse:
    """A volunteer's training; a coordinator who is none goes on to what they offer."""
    if not request.user.has_role(Role.VOLUNTEER):
        return redirect("training_offered")
    own = list(learners().filter(user=request.user).select_related("workplace").order_by("pk"))
    needs = standings_of([volunteer.pk for volunteer in own])
    standing = TrainingPlace.objects.filter(volunteer__in=own).standing().select_related("training__workplace")
    places = list(standing.order_by("-training__starts_at", "-pk")[:MOST_PLACES])
    coming = Training.objects.visible_to(request.user).to_come().select_related("workplace", "requirement")
    page = Paginator(coming.order_by("starts_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    held = {place.training_id: place for place in places}
    context = {
        "is_coordinator": permissions.is_coordinator(request.user),
        "needs": [(volunteer, needs[volunteer.pk]) for volunteer in own if needs[volunteer.pk]],
        "page": page,
        "rows": [(each, held.get(each.pk)) for each in page],
        "past": [place for place in places if place.state in (State.ATTENDED, State.MISSED)],
    }
    return render(request, "volunteers/training/training.html", context)


@require_GET
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def detail(request: Request, training_id: int) -> HttpResponse:
    """What a training is, with one's own place; for its coordinator also who else comes."""
    visible = Training.objects.visible_to(request.user).select_related("workplace", "requirement", "course")
    found = get_object_or_404(visible, pk=training_id)
    place = found.places.standing().filter(volunteer__user=request.user).first()
    ahead = 0
    if place and place.state == State.WAITING:
        before = Q(joined_at__lt=place.joined_at) | Q(joined_at=place.joined_at, pk__lt=place.pk)
        ahead = found.places.waiting().filter(before).count()
    open_now = not found.cancelled_at and not found.has_begun
    context = {
        "training": found,
        "place": place,
        "ahead": ahead,
        "can_join": open_now and not place and actions.learners_for(found).filter(user=request.user).exists(),
        "open_now": open_now,
    }
    if permissions.can_coordinate(request.user, found.workplace):
        return render(request, "volunteers/training/detail_office.html", context | of_coordinator(found, request.user))
    return render(request, "volunteers/training/detail.html", context)


@require_POST
@login_required
@for_roles(Role.VOLUNTEER)
def join(request: Request, training_id: int) -> HttpResponse:
    found = get_object_or_404(Training.objects.visible_to(request.user), pk=training_id)
    try:
        place = actions.join(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        if place.state == State.WAITING:
            messages.success(request, "You are on the waiting list. When a place is free it is yours, and we mail you.")
        else:
            messages.success(request, "You have a place. A mail with the date for your calendar is on its way.")
    return redirect("training_detail", training_id)


@require_POST
@login_required
@for_roles(Role.VOLUNTEER)
def give_back(request: Request, training_id: int) -> HttpResponse:
    found = get_object_or_404(Training.objects.visible_to(request.user), pk=training_id)
    try:
        actions.give_back(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "You are off the list. Thank you for saying so: somebody else can come.")
    return redirect("training_detail", training_id)
