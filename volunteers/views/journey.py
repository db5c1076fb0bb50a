"""Volunteers as their coordinators see them: who is where on their way, and what is decided."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import BooleanField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, JSONObject
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members.http import Request
from members.models import Invitation, Role, User, Workplace
from referrals.access import for_roles
from volunteers.actions import journey as actions
from volunteers.actions import journey_accounts
from volunteers.clearance import SOON, clearance_of, lacks_on
from volunteers.forms.journey import (
    DeclineForm,
    DetailsForm,
    InterviewForm,
    NotedForm,
    NoteForm,
    SearchForm,
    StageForm,
)
from volunteers.models import (
    GONE,
    HERE,
    JOINING,
    Absence,
    Shift,
    Stage,
    Volunteer,
    VolunteerReference,
    VolunteerRole,
)
from volunteers.next_steps import free_grid, in_words, next_of, steps_of

GET_OR_POST = ["GET", "POST"]
PAGE = 30
SHIFTS_SHOWN = 8


def decided_by(user: User) -> QuerySet[Volunteer]:
    """Those about whom this person decides: whom they coordinate, and never themselves."""
    return Volunteer.objects.coordinated_by(user).exclude(user=user).exclude(user=None, email__iexact=user.email)


def get_volunteer(request: Request, volunteer_key: object) -> Volunteer:
    """The volunteer at this address, or 404."""
    found = decided_by(request.user).select_related("workplace__parent", "user")
    return get_object_or_404(found, key=volunteer_key)


def with_references(volunteers: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """Each with how many referees are named, have answered, and recommend them without concerns."""

    def count(**narrowed: object) -> Coalesce:
        rows = VolunteerReference.objects.filter(volunteer=OuterRef("pk"), **narrowed).order_by()
        return Coalesce(Subquery(rows.values("volunteer").annotate(n=Count("pk")).values("n")), 0)

    return volunteers.annotate(
        references_named=count(),
        references_in=count(answered_at__isnull=False),
        references_good=count(answered_at__isnull=False, would_recommend=True, has_concerns=False),
    )


@require_GET
@login_required
@for_roles(Role.COORDINATOR)
def volunteer_list(request: Request) -> HttpResponse:
    """Who is at which stage, who waits longest, and what is next for each."""
    user = request.user
    own = user.workplace_ids(Role.COORDINATOR)
    places = Workplace.objects.filter(Q(pk__in=own) | Q(parent__in=own))
    form = SearchForm(
        request.GET,
        roles=VolunteerRole.objects.filter(Q(workplace=None) | Q(workplace__in=places)),
        places=places,
    )
    mine = decided_by(user)
    counts = dict(mine.order_by().values_list("stage").annotate(n=Count("pk")))
    found = with_references(_narrowed(mine, form)).select_related("workplace").prefetch_related("roles")
    lacks = Case(
        When(Q(stage__in=HERE) & lacks_on(timezone.localdate() + SOON), then=True),
        default=False,
        output_field=BooleanField(),
    )
    ordered = found.annotate(lacks=lacks).order_by("stage_since", "pk")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(volunteer, in_words(volunteer)) for volunteer in page],
        "tiles": [(stage, counts.get(stage, 0)) for stage in (*JOINING, *HERE)],
        "chosen": form.get("stage") or "",
        "gone": [(stage, counts.get(stage, 0)) for stage in GONE if counts.get(stage)],
        "joining": sum(counts.get(stage, 0) for stage in JOINING),
        "anybody": bool(counts),
    }
    return render(request, "volunteers/journey/list.html", context)


def _narrowed(mine: QuerySet[Volunteer], form: SearchForm) -> QuerySet[Volunteer]:
    """Those whom a search finds: of every stage where words are looked for, else those who are joining."""
    stage, words = form.get("stage"), form.get("q")
    if stage in Stage.values:
        mine = mine.filter(stage=stage)
    elif form.get("ending"):
        mine = mine.filter(stage__in=HERE)
    elif not words:
        mine = mine.filter(stage__in=JOINING)
    for word in (words or "").split():
        mine = mine.filter(Q(name__icontains=word) | Q(called__icontains=word) | Q(email__icontains=word))
    if role := form.get("role"):
        mine = mine.filter(roles=role)
    if place := form.get("place"):
        mine = mine.filter(workplace=place)
    if form.get("ending"):
        mine = mine.filter(lacks_on(timezone.localdate() + SOON))
    return mine


@require_GET
@login_required
@for_roles(Role.COORDINATOR)
def volunteer(request: Request, volunteer_key: object) -> HttpResponse:
    """Everything about one volunteer, with the next step as the one main button."""
    return _page(request, volunteer_key, NoteForm())


def _page(request: Request, volunteer_key: object, form: NoteForm) -> HttpResponse:
    """At most nine queries: what is short comes along with the volunteer."""
    today = timezone.localdate()
    hours = Shift.objects.worked().filter(volunteer=OuterRef("pk")).order_by().values("volunteer")
    away = Absence.objects.filter(volunteer=OuterRef("pk"), last_day__gte=today).order_by("first_day")
    found = with_references(decided_by(request.user)).annotate(
        worked=Subquery(hours.annotate(time=Sum(F("ends_at") - F("starts_at"))).values("time")),
        away=ArraySubquery(away.values(json=JSONObject(first="first_day", last="last_day"))),
    )
    shown = get_object_or_404(found.select_related("workplace__parent", "user"), key=volunteer_key)
    clearance = clearance_of(shown)
    changes = list(shown.stage_changes.select_related("by"))
    shifts = _shifts(shown) if shown.stage in HERE else []
    shown.away = [  # type: ignore[attr-defined]
        {name: dt.date.fromisoformat(day) for name, day in each.items()}
        for each in shown.away  # type: ignore[attr-defined]
    ]
    context = {
        "form": form,
        "volunteer": shown,
        "steps": steps_of(shown, changes),
        "next": next_of(shown, clearance, invited=_invited(shown)),
        "clearance": clearance,
        "changes": changes[::-1],
        "shifts": shifts[:SHIFTS_SHOWN],
        "more_shifts": max(0, len(shifts) - SHIFTS_SHOWN),
        "problems": clearance.problems(shifts),
        "hours": round(worked.total_seconds() / 3600) if (worked := shown.worked) else 0,  # type: ignore[attr-defined]
        "exits": shown.exit_answers.all() if shown.stage not in HERE and shown.left_on else [],
        "free": free_grid(shown),
        "is_joining": shown.stage in JOINING,
        "is_here": shown.stage in HERE,
        "is_gone": shown.stage in GONE,
    }
    return render(request, "volunteers/journey/volunteer.html", context)


def _shifts(shown: Volunteer) -> list[Shift]:
    """To come, the next first, each with its session's clinic."""
    shifts = Shift.objects.to_come().filter(volunteer=shown).select_related("session__clinic__practice")
    return list(shifts.order_by("starts_at"))


def _invited(shown: Volunteer) -> bool:
    """Whether an invitation to an account there waits for an answer."""
    if shown.user_id or shown.stage != Stage.INDUCTION:
        return False
    sent = Invitation.objects.unanswered().filter(email=shown.email, workplace=shown.workplace, role=Role.VOLUNTEER)
    return sent.filter(expires_at__gt=timezone.now()).exists()


def form_page(
    request: Request,
    form: Any,
    act: Callable[[], object],
    *,
    title: str,
    button: str,
    said: str,
    back: str,
    back_label: str,
    template: str = "volunteers/journey/form.html",
    lead: str = "",
    kind: str = "",
    **context: object,
) -> HttpResponse:
    """A page with one form: what was typed stays there until the action takes it."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(back)
    context |= {"form": form, "title": title, "button": button, "back": back, "back_label": back_label}
    return render(request, template, {**context, "lead": lead, "kind": kind})


def _decision(request: Request, found: Volunteer, form: Any, act: Callable[[], object], **words: str) -> HttpResponse:
    return form_page(request, form, act, back=_path(found), back_label=found.name, **words)


def _path(found: Volunteer) -> str:
    return found.get_absolute_url()


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def interview(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    initial: dict[str, object] = {"seen": found.stage, "place": found.interview_place}
    if found.interview_at:
        at = timezone.localtime(found.interview_at)
        initial |= {"day": at.date(), "time": at.time()}
    form = InterviewForm(request.POST or None, initial=initial)
    return _decision(
        request,
        found,
        form,
        lambda: actions.invite_to_interview(
            found, **{name: form.cleaned_data[name] for name in ("at", "place", "note", "seen")}, by=request.user
        ),
        title=f"Invite {found.short_name} to talk",
        button="Send the invitation",
        said=f"The invitation is on its way to {found.name}, with the time for their calendar.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def stage(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    form = StageForm(
        request.POST or None, volunteer=found, initial={"seen": found.stage, "to": request.GET.get("to", "")}
    )
    return _decision(
        request,
        found,
        form,
        lambda: actions.move_on(found, **form.cleaned_data, by=request.user),
        title=f"Move {found.short_name} on",
        lead=f"Now: {found.get_stage_display()}. At “References”, whoever they named is asked by mail.",
        button="Move",
        said="Moved. It is on their page, with your note.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def decline(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    form = DeclineForm(request.POST or None, initial={"seen": found.stage})
    return _decision(
        request,
        found,
        form,
        lambda: actions.decline(found, **form.cleaned_data, by=request.user),
        title=f"Do not take {found.short_name} on",
        lead="They get a letter that thanks them, says that it does not work out now, and where else help is wanted.",
        button="Send the letter",
        kind="danger",
        said=f"{found.name} is not taken on, and gets a letter.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def induction(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    form = NotedForm(request.POST or None, initial={"seen": found.stage})
    return _decision(
        request,
        found,
        form,
        lambda: journey_accounts.offer_induction(found, **form.cleaned_data, by=request.user),
        title=f"Induction for {found.short_name}",
        lead=f"{found.name} gets an invitation to open an account at {found.workplace}. With it they see nobody’s "
        "record until they are active and on a shift.",
        button="Send the invitation",
        said=f"{found.name} is at induction. The invitation goes to {found.email}.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def activate(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    form = NotedForm(request.POST or None, initial={"seen": found.stage})
    return _decision(
        request,
        found,
        form,
        lambda: actions.activate(found, **form.cleaned_data, by=request.user),
        title=f"Make {found.short_name} active",
        lead="From today they can take shifts. They get a welcome by mail.",
        button="Make active",
        said=f"{found.name} is active. Welcome!",
    )


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def reconsider(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    try:
        actions.reconsider(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{found.name} is on their way again.")
    return redirect(_path(found))


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def details(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    form = DetailsForm(request.POST or None, instance=found)
    return _decision(
        request,
        found,
        form,
        lambda: actions.change_details(
            found, details=form.details, roles=list(form.cleaned_data["roles"]), by=request.user
        ),
        title=f"Details of {found.short_name}",
        button="Save",
        said="Saved.",
    )


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def note(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, volunteer_key, form)
    actions.note(found, text=form.cleaned_data["text"], by=request.user)
    messages.success(request, "The note is there.")
    return redirect(_path(found))
