"""Looking for cover: asked for, answered, looked at by coordinators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers.actions import Refused
from members.http import Request
from members.models import Role, User
from referrals.access import for_roles
from volunteers import permissions
from volunteers.actions import cover as actions
from volunteers.cover_links import read_answer
from volunteers.forms.cover import CoverForm, OwnCoverForm
from volunteers.models import ClinicSession, CoverAsk, CoverRequest, Shift, Swap

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 20
LISTS = {"open": "Open", "over": "Over"}
FACTS = ("session__clinic__practice", "session__room", "shift__volunteer", "asked_by", "covered_by__volunteer")


@require_GET
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def cover_requests(request: Request) -> HttpResponse:
    """What one is asked, what one asked for and, for coordinators, all of theirs with every answer."""
    user = request.user
    chosen = request.GET.get("list", "open")
    chosen = chosen if chosen in LISTS else "open"
    waits = CoverAsk.objects.filter(request=OuterRef("pk"), volunteer__user=user, answer="")
    found = (
        CoverRequest.objects.visible_to(user)
        .select_related(*FACTS)
        .prefetch_related(Prefetch("asks", CoverAsk.objects.select_related("volunteer")))
    )
    if chosen == "open":
        found = found.live().annotate(waits=Exists(waits)).order_by("-waits", "session__starts_at", "pk")
    else:
        found = found.exclude(pk__in=CoverRequest.objects.live().values("pk")).order_by("-session__starts_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    swaps = Swap.objects.visible_to(user).live()
    return render(
        request,
        "volunteers/cover/cover_requests.html",
        {
            "page": page,
            "rows": [_seen_by(user, each) for each in page],
            "lists": LISTS,
            "chosen": chosen,
            "is_coordinator": permissions.is_coordinator(user),
            "swaps": swaps.count(),
        },
    )


def _seen_by(user: User, cover: CoverRequest) -> dict[str, object]:
    """A request as this person sees it: answers by name are for coordinators, and one's own for oneself."""
    asks = list(cover.asks.all())
    return {
        "cover": cover,
        "session": cover.session,
        "asks": asks,
        "own": next((ask for ask in asks if ask.volunteer.user_id == user.pk), None),
        "coordinates": permissions.can_coordinate(user, cover.session.clinic.practice),
        "is_own": cover.asked_by_id == user.pk or (cover.shift is not None and cover.shift.user_id == user.pk),
        "refused": sum(ask.answer == CoverAsk.Answer.NO for ask in asks),
    }


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def cover(request: Request, cover_id: int) -> HttpResponse:
    """One request. `do` says which button was pressed; nothing but a button ever answers it."""
    found = get_object_or_404(
        CoverRequest.objects.visible_to(request.user)
        .select_related(*FACTS)
        .prefetch_related(Prefetch("asks", CoverAsk.objects.select_related("volunteer"))),
        pk=cover_id,
    )
    if request.method == "POST":
        try:
            _answer(request, found, request.POST.get("do", ""))
        except PermissionDenied as denied:
            raise Http404 from denied
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect("cover", found.pk)
    context = {**_seen_by(request.user, found), "can_withdraw": permissions.can_withdraw_cover(request.user, found)}
    return render(request, "volunteers/cover/cover.html", context)


def _answer(request: Request, found: CoverRequest, do: str) -> None:
    user = request.user
    match do:
        case "accept":
            actions.accept(found, by=user)
            messages.success(request, "Thank you. The shift is yours, and a mail with the details is on its way.")
        case "decline":
            actions.decline(found, by=user)
            messages.success(request, "Thank you for saying so. We ask somebody else.")
        case "withdraw":
            actions.withdraw(found, by=user)
            messages.success(request, "Nobody is asked any more.")
        case "give_up" if found.shift:
            actions.ask_for_shift(found.shift, give_up=True, by=user)
            messages.success(request, "You are off this shift. Your colleagues are still being asked.")
        case _:
            messages.warning(request, "Press one of the buttons on this page.")


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def cover_ask(request: Request, shift_id: int) -> HttpResponse:
    """For a shift: by its volunteer, or by a coordinator."""
    shift = get_object_or_404(
        Shift.objects.visible_to(request.user)
        .standing()
        .select_related("session__clinic__practice", "session__clinic__role", "session__room", "volunteer"),
        pk=shift_id,
    )
    own = permissions.can_act_as(request.user, shift.volunteer)
    form = (OwnCoverForm if own else CoverForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        gives_up = isinstance(form, OwnCoverForm) and form.gives_up
        try:
            made = actions.ask_for_shift(shift, reason=form.cleaned_data["reason"], give_up=gives_up, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _what_now(made, gives_up))
            return redirect("cover", made.pk)
    context = {
        "form": form,
        "shift": shift,
        "session": shift.session,
        "own": own,
        "open": None if form.errors else shift.cover_requests.filter(state=CoverRequest.State.OPEN).first(),
        "first": None if own else actions.who_would_be_asked(shift.session, shift.user)[: actions.AT_A_TIME],
    }
    return render(request, "volunteers/cover/cover_ask.html", context)


def _what_now(made: CoverRequest, gives_up: bool) -> str:
    kept = "You are off this shift. " if gives_up else ""
    if made.exhausted_at:
        return f"{kept}Nobody who could come is free then. Your coordinator has been told."
    if made.shift and made.shift.user_id == made.asked_by_id:
        return "We are asking your colleagues. The shift stays yours until one of them says yes."
    return f"{kept}We are asking the first of those who could come."


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def cover_ask_session(request: Request, session_id: int) -> HttpResponse:
    """For a free place of a session: by a coordinator."""
    session = get_object_or_404(
        ClinicSession.objects.coordinated_by(request.user)
        .on()
        .select_related("clinic__practice", "clinic__role", "room"),
        pk=session_id,
    )
    form = CoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_for_session(session, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _what_now(made, False))
            return redirect("cover", made.pk)
    context = {
        "form": form,
        "session": session,
        "open": None,
        "first": actions.who_would_be_asked(session)[: actions.AT_A_TIME],
    }
    return render(request, "volunteers/cover/cover_ask.html", context)


@require_http_methods(GET_OR_POST)
@never_cache
def cover_answer(request: HttpRequest, cover_token: str) -> HttpResponse:
    """What the mail's second link opens, without logging in: to say that one cannot. To say yes one logs in."""
    ask = get_object_or_404(
        CoverAsk.objects.select_related("volunteer", *(f"request__{fact}" for fact in FACTS)),
        pk=read_answer(cover_token) or 0,
    )
    if request.method == "POST":
        try:
            actions.decline_by_link(ask.pk)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect("cover_answer", cover_token)
    context = {"ask": ask, "cover": ask.request, "session": ask.request.session}
    return render(request, "volunteers/cover/cover_answer.html", context)
