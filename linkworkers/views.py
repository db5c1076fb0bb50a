"""Pages that compose several apps, and the ones that belong to none."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from directory.today import panel as directory_panel
from events.today import panel as events_panel
from linkworkers import health
from members.http import Request
from members.latest import latest
from members.models import Role
from members.today import panel as members_panel
from referrals.today import inbox_count
from referrals.today import panel as referrals_panel
from volunteers.tabs import tabs
from volunteers.today import panel as volunteers_panel

WITH_VOLUNTEERS = (Role.VOLUNTEER, Role.COORDINATOR, Role.LINK_WORKER, Role.PRACTICE_STAFF, Role.MANAGER)
# A link worker's button for it is on *today*: the masthead has no room for eight places beside a name.
NEW_REFERRAL = ("referral_new", "referral_draft", "referral_check")
PLACES_OF_MEMBERS = ("/members/", "/communities/", "/courses/", "/listings/", "/guide/", "/news/")


@dataclass(frozen=True)
class Link:
    """One entry of the main navigation. `count` is what waits there."""

    label: str
    url: str
    current: bool
    count: int = 0


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: where this person can go, made only when a page draws it."""
    return {"navigation": SimpleLazyObject(lambda: _links(request)), "demo": settings.DEMO}


def _links(request: HttpRequest) -> list[Link]:
    user = getattr(request, "user", None)
    if user is None:
        return []
    directory = Link("Directory", search := reverse("directory_search"), request.path.startswith(search))
    events = Link("Events", reverse("events"), request.path.startswith("/events/"))
    members = Link("Members", reverse("members"), request.path.startswith(PLACES_OF_MEMBERS))
    if not user.is_authenticated:
        return [directory, events, members]
    at = getattr(request.resolver_match, "view_name", "") or ""

    def link(label: str, name: str, *names: str, count: int = 0) -> Link:
        return Link(label, reverse(name), at in {name, *names}, count)

    links = [link("Today", "today")]
    if user.has_role(Role.LINK_WORKER):
        links += [
            link("Caseload", "referrals", "referral", "contact_new", *NEW_REFERRAL),
            link("Inbox", "inbox", count=inbox_count(user)),
        ]
    elif user.has_role(Role.PRACTICE_STAFF):
        links += [link("Referrals", "referrals", "referral"), link("New referral", *NEW_REFERRAL)]
    links.append(directory)
    if user.has_role(Role.PROVIDER):
        mine = link("My listings", "listings_kept", "service_new", "service_edit")
        links[-1] = replace(directory, current=directory.current and not mine.current)
        links.append(mine)
    own = {"team", "invitation_new", "post_end", "account", "invitation"}
    if user.has_role(*WITH_VOLUNTEERS):
        first = tabs(user)[0].url
        links.append(Link("Volunteers", first, request.path.startswith("/volunteers/")))
    links.append(events)
    links.append(replace(members, current=members.current and at not in own))
    if user.has_role(Role.MANAGER, Role.ADMINISTRATOR):
        links += [link("Team", "team", "invitation_new")]
    if user.is_staff:
        links += [link("Office", "admin:index")]
    return links


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("today")
    return render(request, "home.html", {"latest": latest()})


@require_GET
@login_required
def today(request: Request) -> HttpResponse:
    """The day's work of whoever looks: each app's panel for the posts they hold."""
    now = timezone.localtime()
    return render(
        request,
        "today.html",
        {
            "greeting": greeting(now.hour),
            "now": now,
            "workplaces": dict.fromkeys(post.workplace.name for post in request.user.current_posts),
            "referrals": referrals_panel(request.user),
            "volunteering": volunteers_panel(request.user),
            "events": events_panel(request.user),
            "members": members_panel(request.user),
            "listings": directory_panel(request.user),
        },
    )


def greeting(hour: int) -> str:
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    report, status = health.report()
    return JsonResponse(report, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
