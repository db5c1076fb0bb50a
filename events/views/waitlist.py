"""One's place on the waitlist: opened by the link that whoever asked was mailed."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from events import permissions
from events.actions import waitlist
from events.models import WaitlistEntry
from linkworkers.actions import Refused


@require_GET
@never_cache
def wait(request: HttpRequest, wait_key: str) -> HttpResponse:
    found = get_object_or_404(WaitlistEntry.objects.select_related("event", "type", "order"), key=wait_key)
    context: dict[str, Any] = {"entry": found, "event": found.event}
    if found.state == WaitlistEntry.State.WAITING:
        waiting = WaitlistEntry.objects.filter(event=found.event_id, state=WaitlistEntry.State.WAITING)
        before = Q(pk__lt=found.pk)
        counts = waiting.aggregate(
            all=Count("pk"),
            ahead=Count("pk", filter=before),
            ahead_of_type=Count("pk", filter=before & Q(type=found.type_id)),
        )
        context |= counts | {"place": counts["ahead"] + 1}
    return render(request, "events/wait.html", context)


@require_POST
@never_cache
def leave(request: HttpRequest, wait_key: str) -> HttpResponse:
    found = get_object_or_404(WaitlistEntry, key=wait_key)
    try:
        waitlist.leave(found, by=permissions.known(request.user))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "You are off the list. Thank you for saying so.")
    return redirect("event_wait", wait_key)
