"""A speaker's own page, opened by the link that they were mailed, and photos of speakers who agreed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import permissions
from events.actions import speakers as actions
from events.forms.speakers import IntroductionForm
from events.models import Event, Speaker
from linkworkers.limits import allows
from members.models import StoredFile

TOO_MANY = "You have changed this often within the hour. What you typed is still here: save it again later."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def speaker(request: HttpRequest, speaker_key: str) -> HttpResponse:
    found = get_object_or_404(Speaker.objects.select_related("event"), key=speaker_key)
    form = IntroductionForm(request.POST or None, request.FILES or None, instance=found)
    status = 200
    if request.method == "POST" and form.is_valid():
        if allows(request, "event_speaker", found.pk):
            said = form.cleaned_data
            actions.introduce(
                found,
                job=said["job"],
                organisation=said["organisation"],
                biography=said["biography"],
                photo=said["new_photo"],
                agrees=said["agrees"],
                by=permissions.known(request.user),
            )
            shown = "Everybody can see it now." if said["agrees"] else "Only your name and your sessions are public."
            messages.success(request, f"Saved. {shown}")
            return redirect("event_speaker", found.key)
        form.add_error(None, TOO_MANY)
        status = 429
    sessions = found.items.select_related("hall").order_by("starts_at", "pk")
    kept = Speaker.objects.only("photo", "consented_at").get(pk=found.pk)  # the form has written into the other
    context = {"speaker": found, "event": found.event, "kept": kept, "form": form, "sessions": sessions}
    return render(request, "events/speaker.html", context, status=status)


@require_POST
@never_cache
def speaker_photo_remove(request: HttpRequest, speaker_key: str) -> HttpResponse:
    found = get_object_or_404(Speaker, key=speaker_key)
    actions.remove_photo(found, by=permissions.known(request.user))
    messages.success(request, "Your photo is deleted.")
    return redirect("event_speaker", found.key)


@require_safe
@never_cache
def speaker_own_photo(request: HttpRequest, speaker_key: str) -> HttpResponse:
    """The photo as its owner sees it, whether it is public or not."""
    found = get_object_or_404(StoredFile.objects.filter(pk__in=Speaker.objects.filter(key=speaker_key).values("photo")))
    return picture(found)


@require_safe
def speaker_photo(request: HttpRequest, event_slug: str, speaker_id: int) -> HttpResponseBase:
    """The photo of a speaker who agreed. Kept by browsers for five minutes at most: consent may be taken back."""
    visible = Event.objects.visible_to(permissions.known(request.user))
    agreed = Speaker.objects.filter(event__in=visible.filter(slug=event_slug), consented_at__isnull=False)
    photo = get_object_or_404(StoredFile.objects.filter(pk__in=agreed.filter(pk=speaker_id).values("photo")))
    etag = f'"{photo.sha256[:32]}"'
    response = picture(photo)
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def picture(photo: StoredFile) -> HttpResponse:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}
    return HttpResponse(bytes(photo.content), content_type=photo.content_type, headers=headers)
