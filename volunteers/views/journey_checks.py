"""Checks and references as coordinators keep them, and the roles and requirements of their workplace."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members.http import Request
from members.models import Role, Workplace
from referrals.access import for_roles
from volunteers.actions import journey_checks, journey_references, journey_roles
from volunteers.clearance import clearance_of
from volunteers.forms.journey_records import CheckForm, RefereeForm, RequirementForm, RoleForm
from volunteers.models import HERE, CheckKind, Requirement, VolunteerReference, VolunteerRole
from volunteers.views.journey import GET_OR_POST, form_page, get_volunteer


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def check(request: Request, volunteer_key: object, requirement_id: int) -> HttpResponse:
    """An outcome and its date."""
    found = get_volunteer(request, volunteer_key)
    places = [found.workplace_id, found.workplace.parent_id or found.workplace_id]
    there = Requirement.objects.filter(Q(workplace=None) | Q(workplace__in=places))
    requirement = get_object_or_404(there, pk=requirement_id)
    form = CheckForm(request.POST or None, requirement=requirement)
    is_dbs = requirement.kind == CheckKind.DBS
    return form_page(
        request,
        form,
        lambda: journey_checks.record_check(found, requirement, **form.cleaned_data, by=request.user),
        title=f"{requirement}: {found.short_name}",
        lead="Whether it is in order, and the date. Nothing of what the certificate says is kept: not here, not in a "
        "note."
        if is_dbs
        else requirement.about,
        button="Save",
        said=f"{requirement} of {found.name} is written down.",
        back=found.get_absolute_url(),
        back_label=found.name,
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def references(request: Request, volunteer_key: object) -> HttpResponse:
    """What referees said, whoever has not answered yet, and one more to ask."""
    found = get_volunteer(request, volunteer_key)
    shown = list(VolunteerReference.objects.visible_to(request.user).filter(volunteer=found))
    wanted = [each for each in clearance_of(found).standings if each.requirement.kind == CheckKind.REFERENCES]
    good = sum(each.is_good for each in shown)
    form = RefereeForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: journey_references.add_referee(found, **form.cleaned_data, by=request.user),
        title=f"References for {found.short_name}",
        button="Ask them",
        said="The questions are on their way.",
        back=reverse("volunteer_references", args=[found.key]),
        back_label=found.name,
        template="volunteers/journey/references.html",
        volunteer=found,
        references=shown,
        good=good,
        is_done=bool(wanted) and all(each.state == "good" for each in wanted),
        can_accept=good >= journey_references.NEEDED and any(each.state != "good" for each in wanted),
    )


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def reference_ask(request: Request, volunteer_key: object, reference_id: int) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    seen = VolunteerReference.objects.visible_to(request.user).filter(volunteer=found)
    reference = get_object_or_404(seen, pk=reference_id)
    try:
        journey_references.ask(reference, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"The questions are on their way to {reference.name}.")
    return redirect("volunteer_references", found.key)


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def references_good(request: Request, volunteer_key: object) -> HttpResponse:
    found = get_volunteer(request, volunteer_key)
    try:
        journey_references.accept(found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("volunteer_references", found.key)
    messages.success(request, f"The references of {found.name} are in order.")
    return redirect(found)


@require_GET
@login_required
@for_roles(Role.COORDINATOR)
def roles(request: Request) -> HttpResponse:
    """What volunteers can be here, and what each role asks for."""
    own = request.user.workplace_ids(Role.COORDINATOR)
    theirs = Q(workplace=None) | Q(workplace__in=own)
    shown = VolunteerRole.objects.filter(theirs).select_related("workplace").prefetch_related("needs")
    here = Count("volunteers", filter=Q(volunteers__stage__in=HERE, volunteers__workplace__in=own))
    context = {
        "roles": shown.annotate(here=here).order_by("-is_active", "pk"),
        "requirements": Requirement.objects.filter(theirs)
        .select_related("workplace", "course")
        .order_by("-is_active", "pk"),
    }
    return render(request, "volunteers/journey/roles.html", context)


def _place(request: Request) -> Workplace:
    """Where what a coordinator makes belongs: their first post's workplace. `at` chooses among several."""
    places = [post.workplace for post in request.user.current_posts if post.role == Role.COORDINATOR]
    return next((place for place in places if str(place.pk) == request.GET.get("at")), places[0])


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def role_new(request: Request) -> HttpResponse:
    return _role(request, None)


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def role_edit(request: Request, role_id: int) -> HttpResponse:
    own = VolunteerRole.objects.filter(workplace__in=request.user.workplace_ids(Role.COORDINATOR))
    return _role(request, get_object_or_404(own.select_related("workplace"), pk=role_id))


def _role(request: Request, role: VolunteerRole | None) -> HttpResponse:
    place = role.workplace if role and role.workplace else _place(request)
    form = RoleForm(request.POST or None, instance=role, needs=Requirement.objects.usable_by(request.user))
    return form_page(
        request,
        form,
        lambda: journey_roles.save_role(
            role, workplace=place, facts=form.facts, needs=list(form.cleaned_data["needs"]), by=request.user
        ),
        title=str(role) if role else "New role",
        lead=f"For {place}.",
        button="Save",
        said="The role is saved.",
        back=reverse("volunteer_roles"),
        back_label="Roles and requirements",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def requirement_new(request: Request) -> HttpResponse:
    return _requirement(request, None)


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def requirement_edit(request: Request, requirement_id: int) -> HttpResponse:
    own = Requirement.objects.filter(workplace__in=request.user.workplace_ids(Role.COORDINATOR))
    return _requirement(request, get_object_or_404(own.select_related("workplace"), pk=requirement_id))


def _requirement(request: Request, requirement: Requirement | None) -> HttpResponse:
    place = requirement.workplace if requirement and requirement.workplace else _place(request)
    form = RequirementForm(request.POST or None, instance=requirement)
    return form_page(
        request,
        form,
        lambda: journey_roles.save_requirement(requirement, workplace=place, facts=form.facts, by=request.user),
        title=str(requirement) if requirement else "New requirement",
        lead=f"For {place}. Choose it in a role, and it has to be in order before somebody is rostered in it.",
        button="Save",
        said="The requirement is saved.",
        back=reverse("volunteer_roles"),
        back_label="Roles and requirements",
    )


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def role_retire(request: Request, role_id: int) -> HttpResponse:
    return _retire(request, VolunteerRole.objects.filter(pk=role_id).first())


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def requirement_retire(request: Request, requirement_id: int) -> HttpResponse:
    return _retire(request, Requirement.objects.filter(pk=requirement_id).first())


def _retire(request: Request, kept: VolunteerRole | Requirement | None) -> HttpResponse:
    if kept is None or kept.workplace_id not in request.user.workplace_ids(Role.COORDINATOR):
        raise Http404
    try:
        journey_roles.retire(kept, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{kept} is {'out of use' if kept.is_active else 'in use again'}.")
    return redirect("volunteer_roles")
