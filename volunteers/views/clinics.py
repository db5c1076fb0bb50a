"""Clinics: those one sees, how each stands, and the coordinator's pages that begin, change and end one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers.actions import Refused
from members.http import Request
from members.models import Role, Workplace
from referrals.access import for_roles
from volunteers import clinics as asks
from volunteers.actions import clinics as actions
from volunteers.actions import patterns
from volunteers.actions.patterns import Deed, Group, Kind, Plan
from volunteers.forms.clinics import AnswersForm, ClinicForm, EndForm
from volunteers.models import Clinic
from volunteers.permissions import can_coordinate, is_coordinator
from volunteers.tabs import EVERYBODY

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 20
SESSIONS_SHOWN = 8
LISTS = {"running": "Running", "ended": "Ended"}

for_coordinators = for_roles(Role.COORDINATOR)


@require_GET
@login_required
@for_roles(*EVERYBODY)
def clinics(request: Request) -> HttpResponse:
    """By practice, with what is missing. `?list=` running or ended, `?q=` words of a clinic's or practice's name."""
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in LISTS else "running"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    user = request.user
    seen = Clinic.objects.visible_to(user)
    found = seen.running() if chosen == "running" else seen.filter(ends_on__lt=timezone.localdate())
    if words:
        found = found.filter(Q(name__icontains=words) | Q(practice__name__icontains=words))
    page = Paginator(asks.with_standing(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [
            (clinic, asks.pattern_in_words(clinic), asks.warnings(clinic), can_coordinate(user, clinic.practice))
            for clinic in page
        ],
        "page": page,
        "coordinates": is_coordinator(user),
        "lists": LISTS,
        "chosen": chosen,
        "words": words,
    }
    return render(request, "volunteers/clinics/clinics.html", context)


@require_GET
@login_required
@for_roles(*EVERYBODY)
def clinic(request: Request, clinic_id: int) -> HttpResponse:
    """What the clinic is, its sessions to come in numbers, and what came of the last three months."""
    found = asks.with_standing(Clinic.objects.visible_to(request.user))
    clinic = get_object_or_404(found, pk=clinic_id)
    sessions = Paginator(clinic.sessions.to_come().select_related("room"), SESSIONS_SHOWN)
    context = {
        "clinic": clinic,
        "pattern": asks.pattern_in_words(clinic),
        "warnings": asks.warnings(clinic),
        "coordinates": can_coordinate(request.user, clinic.practice),
        "page": sessions.get_page(request.GET.get("page")),
        "numbers": asks.past_numbers(clinic, request.user),
    }
    return render(request, "volunteers/clinics/clinic.html", context)


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def new(request: Request) -> HttpResponse:
    """`?practice=` says where; a coordinator of several practices chooses first."""
    practices = asks.coordinated_practices(request.user)
    number = request.GET.get("practice", "")
    if number:
        practice = get_object_or_404(practices, pk=number if number.isdecimal() and len(number) < 10 else 0)
    else:
        several = list(practices)
        if len(several) != 1:
            return render(request, "volunteers/clinics/clinic_where.html", {"practices": several})
        practice = several[0]
    form = ClinicForm(request.POST or None, practice=practice)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_clinic(practice, facts=form.facts, week=form.week, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{made.name} is set up, with {made.sessions.count()} sessions ahead.")
            return redirect("clinic", made.pk)
    context = {"form": form, "practice": practice, "title": "New clinic", "button": "Set up the clinic"}
    return render(request, "volunteers/clinics/clinic_edit.html", context)


def _coordinated(request: Request, clinic_id: int) -> Clinic:
    found = Clinic.objects.coordinated_by(request.user).select_related("practice__parent", "role", "room")
    return get_object_or_404(found.prefetch_related("times"), pk=clinic_id)


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def edit(request: Request, clinic_id: int) -> HttpResponse:
    """Changes the clinic. Where that is somebody's session, a second step asks what is to happen with it."""
    clinic = _coordinated(request, clinic_id)
    form = ClinicForm(request.POST or None, instance=clinic, practice=clinic.practice)
    if request.method == "POST" and form.is_valid():
        answer = _change(request, form, clinic, {"facts": form.facts, "week": form.week}, "clinic_edit")
        if answer:
            return answer
    context = {"form": form, "practice": clinic.practice, "clinic": clinic, "title": f"Change {clinic.name}"}
    return render(request, "volunteers/clinics/clinic_edit.html", {**context, "button": "Save"})


@require_http_methods(GET_OR_POST)
@login_required
@for_coordinators
def end(request: Request, clinic_id: int) -> HttpResponse:
    clinic = _coordinated(request, clinic_id)
    form = EndForm(request.POST or None, clinic=clinic, initial={"ends_on": clinic.ends_on})
    if request.method == "POST" and form.is_valid():
        week = {time.weekday: (time.starts, time.ends) for time in clinic.times.all()}
        answer = _change(request, form, clinic, {"facts": form.cleaned_data, "week": week}, "clinic_end")
        if answer:
            return answer
    return render(request, "volunteers/clinics/clinic_end.html", {"form": form, "clinic": clinic})


def _change(
    request: Request, form: ClinicForm | EndForm, clinic: Clinic, change: dict[str, Any], name: str
) -> HttpResponse | None:
    """Makes a change whose form is valid, or asks what it is to mean for sessions; None when it was refused."""
    try:
        plan = patterns.plan_change(clinic, **change, by=request.user)
        answers = _answers(request, plan)
        if plan.needs_answer and not (answers.is_bound and answers.is_valid()):
            return _ask(request, form, answers, plan, name)
        deeds = answers.deeds if answers.is_bound and answers.is_valid() else {}
        stamp = answers.cleaned_data["stamp"] if deeds or plan.needs_answer else ""
        news = patterns.change_clinic(clinic, **change, deeds=deeds, stamp=stamp, by=request.user)
    except Refused as refusal:
        if str(refusal) == patterns.STALE:
            messages.warning(request, str(refusal))
            fresh = patterns.plan_change(_coordinated(request, clinic.pk), **change, by=request.user)
            return _ask(request, form, _answers(request, fresh, bound=False), fresh, name)
        form.add_error(None, str(refusal))
        return None
    said = f"{clinic.name} is changed."
    if news.released:
        kept = len(news.offered)
        said += f" {len(news.released)} booked people need a new time; one is kept for {kept} of them."
    messages.success(request, said)
    return redirect("clinic", clinic.pk)


def _ask(request: Request, form: Any, answers: AnswersForm, plan: Plan, name: str) -> HttpResponse:
    typed = [(key, value) for key, value in request.POST.items() if key in form.fields]
    back = reverse(name, args=[plan.clinic.pk])
    context = {"clinic": plan.clinic, "plan": plan, "form": answers, "typed": typed, "back": back}
    return render(request, "volunteers/clinics/clinic_change.html", context)


def _answers(request: Request, plan: Plan, *, bound: bool = True) -> AnswersForm:
    asked = [(group.kind.value, _label(group), _hint(group), _choices(group)) for group in plan.groups]
    data = request.POST if bound and "stamp" in request.POST else None
    return AnswersForm(data, asked=asked, initial={"stamp": plan.stamp})


def _label(group: Group) -> str:
    return f"{_count(len(group.sessions), 'session')}: {group.kind.label}"


def _hint(group: Group) -> str:
    days = [f"{timezone.localtime(each.session.starts_at):%a %-d %b}" for each in group.sessions]
    shown = ", ".join(days[:6]) + (f" and {len(days) - 6} more" if len(days) > 6 else "")
    people = (
        f"{_count(group.volunteers, 'place')} taken by volunteers, {_count(group.booked, 'person', 'people')} booked."
    )
    return f"{shown}. {people}"


def _choices(group: Group) -> list[tuple[str, str]]:
    move = "Move them to the new time" if group.kind == Kind.MOVED else "Change them too"
    if group.unfit:
        move += f". {_count(group.unfit, 'person', 'people')} booked will have no slot and be offered a new time"
    if group.off:
        move += f". {' '.join(group.off)} They come off and are told"
    cancel = "Cancel them"
    if group.booked:
        cancel += ". Whoever is booked is offered a new time"
    choices = [(Deed.KEEP.value, Deed.KEEP.label), (Deed.MOVE.value, move), (Deed.CANCEL.value, cancel)]
    return [choice for choice in choices if choice[0] != Deed.MOVE or group.kind != Kind.DROPPED]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def practice_of(request: Request, practice_id: int) -> Workplace:
    """A practice whose volunteers this person coordinates, or 404."""
    return get_object_or_404(asks.coordinated_practices(request.user), pk=practice_id)
