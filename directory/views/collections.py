"""Favourites and collections: what people with a post keep at hand, and what they let others read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory import actions, permissions
from directory.forms.collections import CollectForm, CollectionForm
from directory.models import Collection, Service
from linkworkers.actions import Refused
from members.http import Request
from members.models import User

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 30


def get_own(request: Request, key: str) -> Collection:
    """A collection that this person may change, or 404."""
    return get_object_or_404(Collection.objects.visible_to(request.user).select_related("owner", "workplace"), key=key)


def get_readable(request: HttpRequest, key: str) -> Collection:
    """A collection that whoever asks may read: their own, their workplaces', or one shared by its link. Or 404."""
    found = get_object_or_404(Collection.objects.select_related("owner", "workplace"), key=key)
    user = request.user
    mine = isinstance(user, User) and permissions.can_change_collection(user, found)
    if not (found.link_shared or mine):
        raise Http404
    return found


@require_POST
@login_required
def favourite(request: Request, slug: str) -> HttpResponse:
    """Keeps a listing among one's favourites (`keep` is "yes") or takes it out. htmx gets the buttons alone."""
    service = get_object_or_404(Service.objects.listed(), slug=slug)
    _let_in_collectors(request)
    kept = request.POST.get("keep") == "yes"
    try:
        actions.set_favourite(service=service, by=request.user, kept=kept)
    except Refused as refusal:
        kept, said = False, str(refusal)
    else:
        said = "It is among your favourites." if kept else "It is no longer among your favourites."
    if request.htmx:
        context = {"service": service, "is_favourite": kept, "said": said}
        return render(request, "directory/_keep_buttons.html", context)
    messages.info(request, said)
    return redirect(service)


@require_http_methods(GET_OR_POST)
@login_required
def collect(request: Request, slug: str) -> HttpResponse:
    """Puts a listing into a collection of one's own or of one's workplaces, or into a new one.

    `collection`, a key, is the one that is chosen at first, with the line that the listing has there already.
    """
    service = get_object_or_404(Service.objects.listed(), slug=slug)
    _let_in_collectors(request)
    collections = list(Collection.objects.visible_to(request.user))
    asked = next((each for each in collections if each.key == request.GET.get("collection")), None)
    known = asked and asked.items.filter(service=service).first()
    form = CollectForm(request.POST or None, collections=collections, chosen=asked, note=known.note if known else "")
    if request.method == "POST" and form.is_valid():
        note, by = form.cleaned_data["note"], request.user
        collection = form.chosen or actions.make_collection(name=form.cleaned_data["name"], by=by)
        try:
            actions.add_to_collection(collection=collection, service=service, note=note, by=by)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{service}” is in this collection.")
            return redirect(collection)
    return render(request, "directory/service_collect.html", {"form": form, "service": service})


@require_GET
@login_required
def collections(request: Request) -> HttpResponse:
    """One's own collections and those that colleagues share, favourites first."""
    _let_in_collectors(request)
    found = (
        Collection.objects.visible_to(request.user)
        .select_related("owner", "workplace")
        .annotate(listings=Count("items"))
        .order_by("-favourites", "name", "pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/collections.html", {"page": page})


@require_GET
def collection(request: HttpRequest, collection_key: str) -> HttpResponse:
    """What is in a collection. Whoever has the link of one that is shared by link reads it without an account."""
    found = get_readable(request, collection_key)
    user = request.user
    return render(
        request,
        "directory/collection.html",
        {
            "collection": found,
            "items": found.items.select_related("service__organization"),
            "can_change": isinstance(user, User) and permissions.can_change_collection(user, found),
            "is_owner": isinstance(user, User) and permissions.owns_collection(user, found),
            "link": request.build_absolute_uri(found.get_absolute_url()),
        },
    )


@require_http_methods(GET_OR_POST)
@login_required
def new(request: Request) -> HttpResponse:
    """Makes a collection with nothing in it yet."""
    _let_in_collectors(request)
    form = CollectionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.make_collection(**form.facts(), by=request.user))
    context = {"form": form, "label": "Make it", "cancel_url": reverse("collections")}
    return render(request, "directory/collection_edit.html", context)


@require_http_methods(GET_OR_POST)
@login_required
def edit(request: Request, collection_key: str) -> HttpResponse:
    found = get_own(request, collection_key)
    if found.favourites:
        raise Http404
    name = found.name
    form = CollectionForm(request.POST or None, instance=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_collection(collection=found, **form.facts(), by=request.user)
        messages.success(request, "Saved.")
        return redirect(found)
    context = {"form": form, "collection": found, "name": name, "label": "Save", "cancel_url": found.get_absolute_url()}
    return render(request, "directory/collection_edit.html", context)


@require_http_methods(GET_OR_POST)
@login_required
def delete(request: Request, collection_key: str) -> HttpResponse:
    """Asks first. Favourites stay, as an empty list at least."""
    found = get_own(request, collection_key)
    if found.favourites or not permissions.owns_collection(request.user, found):
        raise Http404
    if request.method == "POST":
        actions.delete_collection(collection=found, by=request.user)
        messages.success(request, f"“{found}” is deleted. The listings that were in it are still in the directory.")
        return redirect("collections")
    return render(request, "directory/collection_delete.html", {"collection": found})


@require_POST
@login_required
def remove(request: Request, collection_key: str, slug: str) -> HttpResponse:
    """Takes one listing out, ended ones too."""
    found = get_own(request, collection_key)
    service = get_object_or_404(Service, slug=slug, collections=found)
    actions.remove_from_collection(collection=found, service=service, by=request.user)
    messages.success(request, f"“{service}” is no longer in this collection.")
    return redirect(reverse("collection", args=[collection_key]))


def _let_in_collectors(request: Request) -> None:
    if not permissions.can_collect(request.user):
        raise Http404
