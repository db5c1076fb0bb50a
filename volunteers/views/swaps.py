"""Swaps: offered, answered, approved."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers.actions import Refused
from members.http import Request
from members.models import Role, User
from referrals.access import for_roles
from volunteers import permissions
from volunteers.actions import swaps as actions
from volunteers.forms.cover import RefuseForm, SwapForm
from volunteers.models import Shift, Swap
from volunteers.swapping import exchangeable_for
from volunteers.views.cover import GET_OR_POST, LISTS, PER_PAGE

FACTS = tuple(
    f"{side}__{rest}"
    for side in ("mine", "theirs")
    for rest in ("volunteer", "session__clinic__practice", "session__room")
)


@require_GET
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def swaps(request: Request) -> HttpResponse:
    """One's own swaps and, for coordinators, all of theirs; first what waits for the reader."""
    user = request.user
    chosen = request.GET.get("list", "open")
    chosen = chosen if chosen in LISTS else "open"
    found = Swap.objects.visible_to(user).select_related(*FACTS)
    if chosen == "open":
        waits = Q(state=Swap.State.OFFERED, theirs__user=user) | Q(pk__in=Swap.objects.to_decide(user).values("pk"))
        first = Case(When(waits, then=Value(0)), default=Value(1), output_field=IntegerField())
        found = found.live().order_by(first, "mine__starts_at", "pk")
    else:
        found = found.exclude(pk__in=Swap.objects.live().values("pk")).order_by("-offered_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_seen_by(user, each) for each in page],
        "lists": LISTS,
        "chosen": chosen,
        "is_coordinator": permissions.is_coordinator(user),
    }
    return render(request, "volunteers/cover/swaps.html", context)


def _seen_by(user: User, swap: Swap) -> dict[str, object]:
    """A swap, and what this person can do with it."""
    live = swap.is_live
    offers, is_asked = swap.mine.user_id == user.pk, swap.theirs.user_id == user.pk
    agreed = swap.state == Swap.State.AGREED
    return {
        "swap": swap,
        "offers": offers,
        "is_asked": is_asked,
        "can_answer": live and is_asked and not agreed,
        "can_decide": live and agreed and permissions.can_decide_swap(user, swap),
        "can_withdraw": live and (offers or (is_asked and agreed)),
    }


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def swap(request: Request, swap_id: int) -> HttpResponse:
    """One swap. `do` says which button was pressed."""
    found = get_object_or_404(Swap.objects.visible_to(request.user).select_related(*FACTS), pk=swap_id)
    form = RefuseForm(request.POST if request.POST.get("do") == "refuse" else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        reason = form.cleaned_data["reason"] if form.is_bound else ""
        try:
            _answer(request, found, request.POST.get("do", ""), reason)
        except PermissionDenied as denied:
            raise Http404 from denied
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect("swap", found.pk)
    return render(request, "volunteers/cover/swap.html", {**_seen_by(request.user, found), "form": form})


def _answer(request: Request, found: Swap, do: str, reason: str) -> None:
    user = request.user
    match do:
        case "accept":
            done = actions.accept(found, by=user)
            waits = done.state == Swap.State.AGREED
            messages.success(
                request,
                "Thank you. The coordinator looks at it now; until then both shifts stay as they are."
                if waits
                else "Done: you have exchanged your shifts. Both of you get a mail.",
            )
        case "approve":
            actions.approve(found, by=user)
            messages.success(request, "Done: they have exchanged their shifts. Both get a mail.")
        case "refuse":
            actions.refuse(found, reason=reason, by=user)
            messages.success(request, "Both are told, and keep their shifts.")
        case "decline":
            actions.decline(found, by=user)
            messages.success(request, f"{found.mine.volunteer.short_name} is told. Your shift stays as it is.")
        case "withdraw":
            actions.withdraw(found, by=user)
            messages.success(request, "Taken back. Your shift stays as it is.")
        case _:
            messages.warning(request, "Press one of the buttons on this page.")


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.VOLUNTEER)
def swap_offer(request: Request, shift_id: int) -> HttpResponse:
    mine = get_object_or_404(
        Shift.objects.to_come()
        .filter(user=request.user)
        .select_related(
            "session__clinic__practice", "session__clinic__role", "session__room", "volunteer__workplace", "user"
        ),
        pk=shift_id,
    )
    shifts = list(exchangeable_for(mine))
    form = SwapForm(request.POST or None, shifts=shifts)
    if request.method == "POST" and form.is_valid():
        theirs = form.cleaned_data["theirs"]
        try:
            made = actions.offer(mine, theirs, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{theirs.volunteer.short_name} is asked. Your shift stays yours meanwhile.")
            return redirect("swap", made.pk)
    context = {"form": form, "shift": mine, "session": mine.session, "any": bool(shifts)}
    return render(request, "volunteers/cover/swap_offer.html", context)
