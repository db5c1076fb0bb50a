"""Reflections by the link of a ticket, the stories that some of them become, and whoever wants to do the same."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import permissions
from events.actions import introductions
from events.actions import reflections as actions
from events.forms.reflections import IntroductionForm, ReflectionForm
from events.models import Event, Introduction, Reflection, Ticket
from events.views.speakers import picture
from linkworkers.actions import Refused
from linkworkers.limits import allows
from members.http import Request
from members.models import Region, StoredFile

PER_PAGE = 12
TOO_OFTEN = "You have changed this often within the hour. What you typed is still here: save it again later."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reflection(request: HttpRequest, ticket_key: str) -> HttpResponse:
    rows = Ticket.objects.select_related("event", "user")
    ticket = get_object_or_404(rows, key=ticket_key)
    context: dict[str, Any] = {"ticket": ticket, "event": ticket.event}
    if why := actions.why_no_reflection(ticket):
        return render(request, "events/after/reflection_none.html", context | {"why_not": why})
    kept = Reflection.objects.filter(ticket=ticket).first()
    region = actions.region_of(ticket)
    form = ReflectionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        instance=Reflection.objects.filter(ticket=ticket).first() or Reflection(ticket=ticket, event=ticket.event),
        region=str(Region(region).label) if region else "",
    )
    if form.is_valid():
        if not allows(request, "event_reflection", ticket.pk):
            form.add_error(None, TOO_OFTEN)
        else:
            try:
                written = actions.write(ticket, **form.facts, by=permissions.known(request.user))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                waits = written.state == Reflection.State.WAITING
                said = "The office reads it first, and writes to you." if waits else "Nobody but you reads it."
                messages.success(request, f"Saved. {said}")
                return redirect("event_reflection", ticket_key)
    return render(request, "events/after/reflection.html", context | {"form": form, "kept": kept})


@require_POST
@never_cache
def reflection_withdraw(request: HttpRequest, ticket_key: str) -> HttpResponse:
    found = get_object_or_404(Reflection, ticket__key=ticket_key)
    actions.withdraw(found, by=permissions.known(request.user))
    messages.success(request, "Taken back: nobody but you can read it any more.")
    return redirect("event_reflection", ticket_key)


@require_POST
@never_cache
def reflection_photo_remove(request: HttpRequest, ticket_key: str) -> HttpResponse:
    found = get_object_or_404(Reflection, ticket__key=ticket_key)
    actions.remove_photo(found, by=permissions.known(request.user))
    messages.success(request, "The photo is deleted.")
    return redirect("event_reflection", ticket_key)


@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """Those that one may read, the newest first, of all events or of one."""
    user = permissions.known(request.user)
    found = permissions.stories_for(user).select_related("event")
    with_stories = Event.objects.public().filter(reflections__in=found).distinct().order_by("-starts_at")[:50]
    slug = request.GET.get("event", "")[:60]
    chosen = next((each for each in with_stories if each.slug == slug), None)
    if chosen:
        found = found.filter(event=chosen)
    page = Paginator(found.order_by("-published_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "events/after/stories.html", {"page": page, "of": with_stories, "chosen": chosen})


@require_safe
def story(request: HttpRequest, story_id: int) -> HttpResponse:
    user = permissions.known(request.user)
    found = get_object_or_404(permissions.stories_for(user).select_related("event", "ticket", "user"), pk=story_id)
    asked = Introduction.objects.filter(story=found, by=user).first() if user else None
    context = {
        "story": found,
        "event": found.event,
        "asked": asked,
        "too": found.introductions.count(),
        "why_not": permissions.why_not_introduced(user, found) if user and not asked else "",
    }
    return render(request, "events/after/story.html", context)


@require_safe
def story_photo(request: HttpRequest, story_id: int) -> HttpResponse:
    """Kept by nobody on the way: a story can be taken back."""
    readable = permissions.stories_for(permissions.known(request.user)).filter(pk=story_id)
    response = picture(get_object_or_404(StoredFile.objects.filter(pk__in=readable.values("photo"))))
    response["Cache-Control"] = "private, max-age=300"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def too(request: Request, story_id: int) -> HttpResponse:
    """“I want to do this too”."""
    rows = permissions.stories_for(request.user).select_related("event", "ticket", "user")
    found = get_object_or_404(rows, pk=story_id)
    if why := permissions.why_not_introduced(request.user, found):
        messages.info(request, why)
        return redirect(found)
    form = IntroductionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            introductions.ask(found, text=form.cleaned_data["text"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your words are on their way. If the writer says yes, you both get a mail.")
            return redirect(found)
    return render(request, "events/after/too.html", {"story": found, "event": found.event, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def introduction(request: HttpRequest, introduction_key: str) -> HttpResponse:
    """The writer's answer, by the link in their mail."""
    rows = Introduction.objects.select_related("story__event", "by")
    found = get_object_or_404(rows, key=introduction_key)
    if request.method == "POST":
        said = request.POST.get("answer")
        try:
            if said in ("yes", "no"):
                introductions.answer(found, says_yes=said == "yes", by=permissions.known(request.user))
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect("event_introduction", introduction_key)
    return render(request, "events/after/introduction.html", {"introduction": found, "story": found.story})
