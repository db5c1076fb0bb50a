"""The calendar address, what a phone reads there, and one shift as a file."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from linkworkers.limits import allows
from members.http import Request
from members.models import Role
from referrals.access import for_roles
from volunteers import calendar
from volunteers.actions import feeds as actions
from volunteers.models import CalendarFeed

CALENDAR = "text/calendar; charset=utf-8"


@require_GET
@login_required
@for_roles(Role.VOLUNTEER)
@never_cache
def calendar_feed(request: Request) -> HttpResponse:
    """The address that a volunteer gives to their phone, with how to do it."""
    feed = CalendarFeed.objects.filter(user=request.user).first()
    address = settings.SITE_URL + reverse("calendar_feed_ics", args=[feed.token]) if feed else ""
    context = {
        "feed": feed,
        "address": address,
        "webcal": f"webcal{address.removeprefix('https').removeprefix('http')}",
    }
    return render(request, "volunteers/calendar_feed.html", context)


@require_POST
@login_required
@for_roles(Role.VOLUNTEER)
def calendar_feed_make(request: Request) -> HttpResponse:
    anew = CalendarFeed.objects.filter(user=request.user).exists()
    actions.make_address(by=request.user)
    done = "You have a new address. The one before no longer works." if anew else "This is your calendar address."
    messages.success(request, done)
    return redirect("calendar_feed")


@require_POST
@login_required
@for_roles(Role.VOLUNTEER)
def calendar_feed_off(request: Request) -> HttpResponse:
    actions.switch_off(by=request.user)
    messages.success(request, "Your calendar address is switched off.")
    return redirect("calendar_feed")


@require_safe
def calendar_feed_ics(request: HttpRequest, feed_token: str) -> HttpResponseBase:
    """Somebody's shifts and trainings, for whoever has the address. Asks for no log-in: programs have none.

    An address that never was, one that was made anew and one of a closed account are the same to whoever asks.
    """
    if not allows(request, "calendar_feed", feed_token):
        too_many = HttpResponse("Too many requests. Ask again in a few minutes.", status=429, content_type="text/plain")
        too_many["Retry-After"] = "300"
        return too_many
    feed = CalendarFeed.objects.filter(token=feed_token, user__is_active=True).select_related("user").first()
    if feed is None:
        raise Http404
    actions.note_read(feed)
    body = calendar.feed_ics(feed.user)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = _file(body, "volunteering.ics", inline=True)
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=300"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_GET
@login_required
@for_roles(Role.VOLUNTEER)
def shift_ics(request: Request, shift_id: int) -> HttpResponse:
    """One's own shift, to open in a calendar; given up, it is taken out of there."""
    shift = get_object_or_404(calendar.own_shifts(request.user), pk=shift_id)
    return _file(calendar.shift_ics(shift, cancelled=shift.ended_at is not None).encode(), "shift.ics")


@require_GET
@login_required
@for_roles(Role.VOLUNTEER)
def training_ics(request: Request, training_id: int) -> HttpResponse:
    """The same of a training in which one has a place."""
    place = get_object_or_404(calendar.own_places(request.user).coming(), training=training_id)
    return _file(calendar.training_ics(place).encode(), "training.ics")


def _file(body: bytes, name: str, *, inline: bool = False) -> HttpResponse:
    how = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{name}"', "Cache-Control": "private"}
    return HttpResponse(body, content_type=CALENDAR, headers=headers)
