"""Applying, one's application, and a reference: for people without an account."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linkworkers.actions import Refused
from linkworkers.geo import outward_of
from linkworkers.limits import allows
from members.models import Workplace
from volunteers.actions import journey_applications, journey_references
from volunteers.forms.journey import ApplicationForm, CorrectForm, PlaceForm
from volunteers.forms.journey_records import ReferenceForm
from volunteers.journey_links import read_application, read_reference
from volunteers.models import GONE, JOINING, Stage, Volunteer, VolunteerReference, VolunteerRole, open_places
from volunteers.next_steps import FOR_APPLICANTS, steps_of

GET_OR_POST = ["GET", "POST"]
PAGE = 20


@require_safe
def apply(request: HttpRequest) -> HttpResponse:
    """Where one can volunteer, each place with what there is to do."""
    form = PlaceForm(request.GET)
    page = Paginator(_places(form).select_related("parent"), PAGE).get_page(request.GET.get("page"))
    ids = {pk for place in page for pk in (place.pk, place.parent_id)}
    roles = VolunteerRole.objects.filter(Q(workplace=None) | Q(workplace__in=ids), is_active=True)
    by_place: dict[int | None, list[VolunteerRole]] = {}
    for role in roles:
        by_place.setdefault(role.workplace_id, []).append(role)
    usual = by_place.pop(None, [])
    places = [(place, [*by_place.get(place.parent_id or 0, []), *by_place.get(place.pk, [])]) for place in page]
    context = {"form": form, "page": page, "places": places, "usual": usual}
    return render(request, "volunteers/journey/apply.html", context)


def _places(form: PlaceForm) -> QuerySet[Workplace]:
    """Places by words of their name, or of their network's; by a postcode, those of its area with the nearest first."""
    found = open_places()
    if region := form.cleaned_data.get("region"):
        found = found.filter(Q(region=region) | Q(region="", parent__region=region))
    if outward := outward_of(form.words) if any(letter.isdigit() for letter in form.words) else None:
        near = Case(When(postcode__startswith=f"{outward} ", then=0), default=Value(1), output_field=IntegerField())
        return found.filter(postcode__regex=rf"^{_area(outward)}[0-9]").order_by(near, "name", "pk")
    for word in form.words.split():
        found = found.filter(Q(name__icontains=word) | Q(parent__name__icontains=word) | Q(postcode__istartswith=word))
    return found.order_by("name", "pk")


def _area(outward: str) -> str:
    """The letters a postcode begins with: AL of AL1."""
    return outward[: next(number for number, letter in enumerate(outward) if letter.isdigit())]


@require_http_methods(GET_OR_POST)
def apply_at(request: HttpRequest, workplace_id: int) -> HttpResponse:
    """The application to one place. Whoever is known there already reads the same thanks, and hears by mail."""
    place = get_object_or_404(open_places().select_related("parent"), pk=workplace_id)
    form = ApplicationForm(request.POST or None, workplace=place, initial=_known(request))
    too_many, refusal = False, ""
    if request.method == "POST" and form.is_valid():
        too_many = not allows(request, "volunteer_apply", form.answers["email"].lower())
        if not too_many:
            try:
                if not form.is_from_a_program:
                    journey_applications.apply(
                        workplace=place,
                        answers=form.answers,
                        roles=form.cleaned_data["roles"],
                        referees=form.referees,
                    )
            except Refused as refused:
                refusal = str(refused)
            else:
                return redirect("volunteer_applied")
    context = {"form": form, "place": place, "too_many": too_many, "refusal": refusal}
    return render(request, "volunteers/journey/apply_at.html", context, status=429 if too_many else 200)


def _known(request: HttpRequest) -> dict[str, str]:
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


@require_safe
def applied(request: HttpRequest) -> HttpResponse:
    """Thank you, and what happens next."""
    return render(request, "volunteers/journey/applied.html")


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Opens the view with the application that a link is about. An altered one is not found, an old one offers one."""

    @wraps(view)
    @never_cache
    def opened(request: HttpRequest, application_token: str) -> HttpResponse:
        link = read_application(application_token)
        found = link and Volunteer.objects.select_related("workplace").filter(pk=link[0]).first()
        if not link or not found:
            return render(request, "volunteers/journey/no_link.html", status=HTTPStatus.NOT_FOUND)
        if link[1]:
            sent = request.method == "POST"
            if sent:
                journey_applications.send_new_link(found)
            return render(request, "volunteers/journey/old_link.html", {"sent": sent}, status=HTTPStatus.GONE)
        return view(request, found)

    return opened


@require_http_methods(GET_OR_POST)
@by_link
def application(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """Where an applicant stands, and what they can still change."""
    path = request.path
    form = CorrectForm(request.POST or None, initial={"phone": volunteer.phone, "availability": volunteer.availability})
    if request.method == "POST" and form.is_valid():
        try:
            journey_applications.correct(volunteer, **form.cleaned_data)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "Saved. The coordinator sees it.")
        return redirect(path)
    title, words = FOR_APPLICANTS[Stage(volunteer.stage)]
    context = {
        "volunteer": volunteer,
        "form": form,
        "path": path,
        "title": title,
        "words": words,
        "steps": steps_of(volunteer, list(volunteer.stage_changes.all())),
        "is_joining": volunteer.stage in JOINING,
        "can_come_back": volunteer.stage in (Stage.LEFT, Stage.WITHDRAWN),
        "is_gone": volunteer.stage in GONE,
    }
    return render(request, "volunteers/journey/application.html", context)


@require_http_methods(GET_OR_POST)
@by_link
def application_withdraw(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    back = reverse("volunteer_application", kwargs=request.resolver_match.kwargs)  # type: ignore[union-attr]
    if request.method == "POST":
        try:
            journey_applications.withdraw(volunteer)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "You have withdrawn. Thank you for your interest.")
        return redirect(back)
    return render(request, "volunteers/journey/application_withdraw.html", {"volunteer": volunteer, "path": back})


@require_POST
@by_link
def application_come_back(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    try:
        journey_applications.come_back(volunteer)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "How good. The coordinator hears of it, and writes to you.")
    return redirect("volunteer_application", **request.resolver_match.kwargs)  # type: ignore[union-attr]


@require_http_methods(GET_OR_POST)
@never_cache
def reference(request: HttpRequest, reference_token: str) -> HttpResponse:
    """What a referee's link opens: six questions, answered once."""
    link = read_reference(reference_token)
    asked = VolunteerReference.objects.select_related("volunteer__workplace")
    found = asked.filter(pk=link[0], email=link[1]).first() if link else None
    why = _why_closed(found, expired=link is not None and link[2])
    if found is None or why:
        status = HTTPStatus.GONE if found else HTTPStatus.NOT_FOUND
        return render(request, "volunteers/journey/reference_closed.html", {"why": why}, status=status)
    form = ReferenceForm(request.POST or None)
    too_many = False
    if request.method == "POST" and form.is_valid():
        too_many = not allows(request, "volunteer_reference", found.pk)
        if not too_many:
            try:
                journey_references.answer(found, answers=form.cleaned_data)
            except Refused as refusal:
                messages.warning(request, str(refusal))
                return redirect(request.path)
            return render(request, "volunteers/journey/reference_thanks.html", {"reference": found})
    context = {"form": form, "reference": found, "too_many": too_many}
    return render(request, "volunteers/journey/reference.html", context, status=429 if too_many else 200)


def _why_closed(found: VolunteerReference | None, *, expired: bool) -> str:
    """unknown, answered, over or expired; empty where it can be answered."""
    if found is None:
        return "unknown"
    if found.answered_at:
        return "answered"
    if found.volunteer.stage in GONE:
        return "over"
    return "expired" if expired else ""
