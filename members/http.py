"""What views of members share: the request of somebody who is logged in, and the door of what members have."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from members.models import User
from members.permissions import is_member


class Request(HttpRequest):
    """What a view behind `login_required` gets: its user is one of ours, never anonymous."""

    user: User
    htmx: HtmxDetails


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Asks a stranger to log in, and sends whoever has no membership in force to the page that says how to get one."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if is_member(request.user):
            return view(request, *args, **kwargs)
        messages.info(request, "That page is for members. This is how to become one, or to come back.")
        return redirect("members")

    return login_required(guarded)
