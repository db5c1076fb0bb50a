"""The rooms of a practice, kept by its coordinators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers.actions import Refused
from members.http import Request
from volunteers.actions import clinics as actions
from volunteers.clinics import coordinated_practices
from volunteers.forms.clinics import RoomForm
from volunteers.models import Room
from volunteers.views.clinics import GET_OR_POST, for_coordinators, practice_of


@require_GET
@login_required
@for_coordinators
def rooms(request: Request, practice_id: int) -> HttpResponse:
    practice = practice_of(request, practice_id)
    to_come = Count("sessions", filter=Q(sessions__cancelled_at=None, sessions__starts_at__gt=timezone.now()))
    found = practice.rooms.annotate(to_come=to_come).order_by("-is_active", "name")
    return render(request, "volunteers/clinics/rooms.html", {"practice": practice, "rooms": found})


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def new(request: Request, practice_id: int) -> HttpResponse:
    practice = practice_of(request, practice_id)
    form = RoomForm(request.POST or None, practice=practice)
    if request.method == "POST" and form.is_valid():
        try:
            room = actions.save_room(practice, facts=form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"{room} is there.")
            return redirect("rooms", practice.pk)
    return render(request, "volunteers/clinics/room_edit.html", {"form": form, "practice": practice})


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def edit(request: Request, room_id: int) -> HttpResponse:
    found = Room.objects.filter(practice__in=coordinated_practices(request.user)).select_related("practice")
    room = get_object_or_404(found, pk=room_id)
    practice, name = room.practice, room.name
    form = RoomForm(request.POST or None, instance=room, practice=practice)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_room(practice, facts=form.cleaned_data, room=room, by=request.user)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("rooms", practice.pk)
    return render(request, "volunteers/clinics/room_edit.html", {"form": form, "practice": practice, "name": name})
