"""Leaving for good. What is kept about somebody, and its download, are in `linkworkers.your_data`."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from linkworkers.actions import Refused
from members.actions import leaving as actions
from members.forms.people import LeaveForm
from members.http import Request
from members.models import ROLES_OPENING_RECORDS
from members.permissions import membership_of


@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required(allow_get=True)
def leave(request: Request) -> HttpResponse:
    """What goes and what stays, before anything happens; then the last tick, after the password."""
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave(request.user, **form.facts(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, "You have left, and your account is erased. Thank you for what you did here.")
            return redirect("home")
    context = {
        "form": form,
        "obstacles": actions.obstacles(request.user),
        "keeps_name": request.user.posts.filter(role__in=ROLES_OPENING_RECORDS).exists(),
        "membership": membership_of(request.user),
    }
    return render(request, "members/leave.html", context)
