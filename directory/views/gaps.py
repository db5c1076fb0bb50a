"""The gap finder: what people near a network's practices look for, and what is there."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from directory import permissions
from directory.gaps import FEW, MILES, find_gaps, networks_of
from members.http import Request


@require_GET
@login_required
def gaps(request: Request) -> HttpResponse:
    """For one network: `network` is its id, where somebody has several to choose from."""
    if not permissions.can_see_gaps(request.user):
        raise Http404
    networks = networks_of(request.user)
    asked = request.GET.get("network", "")
    chosen = next((network for network in networks if str(network.pk) == asked), None)
    if asked and chosen is None:
        raise Http404
    if chosen is None and len(networks) == 1:
        [chosen] = networks
    found = find_gaps(chosen) if chosen else None
    return render(
        request,
        "directory/gaps.html",
        {"networks": networks, "network": chosen, "gaps": found, "few": FEW, "miles": MILES},
    )
