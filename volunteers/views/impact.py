"""What the clinics achieved, a month at a time."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from members.http import Request
from members.models import Role, Workplace
from referrals.access import for_roles
from volunteers import impact
from volunteers.models import Clinic, ClinicMonth
from volunteers.tabs import EVERYBODY

PER_PAGE = 6  # clinics


@require_GET
@login_required
@for_roles(*EVERYBODY)
def volunteer_impact(request: Request) -> HttpResponse:
    """Each clinic that this person sees, with its months; of one practice with ?practice=…"""
    counted = ClinicMonth.objects.filter(clinic=OuterRef("pk"))
    clinics = (
        Clinic.objects.visible_to(request.user)
        .filter(Exists(counted))
        .select_related("practice")
        .order_by("practice__name", "name", "pk")
    )
    practices = list(Workplace.objects.filter(clinics__in=clinics).distinct().only("name").order_by("name", "pk"))
    chosen = next((each for each in practices if str(each.pk) == request.GET.get("practice")), None)
    if chosen:
        clinics = clinics.filter(practice=chosen)
    page = Paginator(clinics, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "stories": impact.stories(list(page)),
        "practices": practices,
        "chosen": chosen,
        "counted_from": impact.COUNTED_FROM,
        "few": impact.FEW,
        "back": reverse("thanks") if request.user.has_role(Role.VOLUNTEER, Role.COORDINATOR) else "",
    }
    return render(request, "volunteers/thanks/volunteer_impact.html", context)
