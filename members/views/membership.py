"""One's own membership."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.http import Request
from members.permissions import membership_of


@require_GET
@login_required
def home(request: Request) -> HttpResponse:
    """What belongs to a member, or how to become one."""
    return render(request, "members/home.html", {"membership": membership_of(request.user)})
