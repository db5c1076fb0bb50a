"""The photo board, its poster and pictures, and a volunteer's consent to be on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from members.http import Request
from members.models import Role, Workplace
from referrals.access import for_roles
from volunteers import board as boards
from volunteers import permissions
from volunteers.actions import board as actions
from volunteers.forms.thanks import BoardForm
from volunteers.models import HERE, Volunteer
from volunteers.prints.board import SIZES, poster_pdf
from volunteers.tabs import EVERYBODY


@require_http_methods(["GET", "POST"])
@login_required
@for_roles(Role.VOLUNTEER)
def board_consent(request: Request, volunteer_key: str) -> HttpResponse:
    """A volunteer's photo, line and consent, of their own volunteering only."""
    volunteer = get_object_or_404(
        Volunteer.objects.of(request.user).filter(stage__in=HERE).select_related("workplace"), key=volunteer_key
    )
    form = BoardForm(request.POST or None, request.FILES or None, volunteer=volunteer)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            actions.agree(
                volunteer, photo=answers["photo"], until=answers["until"], line=answers["line"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "You are on the board. Thank you for showing your face.")
            return redirect("board", volunteer.workplace_id)
    context = {"form": form, "volunteer": volunteer, "is_shown": is_shown(volunteer), "today": timezone.localdate()}
    return render(request, "volunteers/thanks/board_consent.html", context)


def is_shown(volunteer: Volunteer) -> bool:
    return Volunteer.objects.on_board().filter(pk=volunteer.pk).exists()


@require_POST
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def board_withdraw(request: Request, volunteer_key: str) -> HttpResponse:
    """One click, and the photo is gone: by themselves, or by their coordinator."""
    volunteer = get_object_or_404(
        Volunteer.objects.visible_to(request.user).select_related("workplace"), key=volunteer_key
    )
    actions.withdraw(volunteer, by=request.user)
    own = volunteer.user_id == request.user.pk
    messages.success(request, "You are off the board, and your photo is deleted." if own else "Off the board.")
    return redirect("thanks") if own else redirect("board", volunteer.workplace_id)


def _board_of(request: Request, practice_id: int) -> Workplace:
    return get_object_or_404(permissions.boards_of(request.user), pk=practice_id)


@require_GET
@login_required
@for_roles(*EVERYBODY)
def board(request: Request, practice_id: int) -> HttpResponse:
    practice = _board_of(request, practice_id)
    own = None
    if request.user.has_role(Role.VOLUNTEER):
        own = Volunteer.objects.of(request.user).filter(stage__in=HERE).for_clinics_at(practice).first()
    context = {
        "practice": practice,
        "faces": boards.faces(practice),
        "own": own,
        "can_take_off": permissions.can_coordinate(request.user, practice),
        "back": reverse("thanks") if request.user.has_role(Role.VOLUNTEER, Role.COORDINATOR) else "",
    }
    return render(request, "volunteers/thanks/board.html", context)


@require_GET
@login_required
@for_roles(*EVERYBODY)
def board_poster(request: Request, practice_id: int) -> HttpResponse:
    """The board on paper, A4, or A3 with ?size=a3."""
    practice = _board_of(request, practice_id)
    size = request.GET.get("size", "a4")
    people = boards.faces(practice, with_photos=True)
    return as_pdf(poster_pdf(practice, people, size=size if size in SIZES else "a4"), "our-volunteers.pdf")


@require_GET
@login_required
@for_roles(*EVERYBODY)
def board_photo(request: Request, practice_id: int, volunteer_key: str) -> HttpResponse:
    """A face of this board, while their consent lasts. Kept by no browser: what is withdrawn is gone."""
    practice = _board_of(request, practice_id)
    people = Volunteer.objects.on_board().for_clinics_at(practice).select_related("photo")
    volunteer = get_object_or_404(people, key=volunteer_key)
    if volunteer.photo is None:
        raise Http404
    response = HttpResponse(bytes(volunteer.photo.content), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
