"""Telling the office that something should change, without an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from directory import actions
from directory.forms.suggestions import MissingForm, SuggestionForm
from directory.models import Service
from linkworkers.limits import allows
from members.models import User

GET_OR_POST = ["GET", "POST"]
THANKS = "Thank you. The office looks into it."


@require_http_methods(GET_OR_POST)
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """About one listing."""
    service = get_object_or_404(Service.objects.listed().select_related("organization"), slug=slug)
    return _suggest(request, SuggestionForm(request.POST or None, initial=_known(request)), service)


@require_http_methods(GET_OR_POST)
def suggest_missing(request: HttpRequest) -> HttpResponse:
    """About a listing that is not there."""
    return _suggest(request, MissingForm(request.POST or None, initial=_known(request)), None)


def _suggest(request: HttpRequest, form: SuggestionForm, service: Service | None) -> HttpResponse:
    too_many = False
    if request.method == "POST" and form.is_valid():
        too_many = not allows(request, "listing_suggest", service.pk if service else "missing")
        if not too_many:
            if not form.is_from_a_program:
                facts = {name: form.cleaned_data[name] for name in ("text", "name", "email")}
                actions.suggest(service=service, by=_user(request), **facts)
            messages.success(request, THANKS)
            return redirect(service or "directory_search")
    context = {"form": form, "service": service, "too_many": too_many}
    return render(request, "directory/suggest.html", context, status=429 if too_many else 200)


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _known(request: HttpRequest) -> dict[str, str]:
    user = _user(request)
    return {"name": user.name, "email": user.email} if user else {}
