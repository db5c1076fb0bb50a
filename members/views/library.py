"""A community's library of files and reports."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers.actions import Refused
from linkworkers.uploads import as_download
from members import permissions
from members.actions import library as actions
from members.actions import moderation
from members.forms.communities import LibraryForm, ReasonForm
from members.http import Request, members_only
from members.models import Community, LibraryItem, Role
from members.views.communities import words_of

GET_OR_POST = ["GET", "POST"]
ITEMS_A_PAGE = 20
LISTS = {"all": "All", LibraryItem.Kind.FILE: "Files", LibraryItem.Kind.REPORT: "Reports"}


def _item(request: Request, community: str, item_id: int) -> LibraryItem:
    items = LibraryItem.objects.visible_to(request.user).select_related("community", "by")
    return get_object_or_404(items, pk=item_id, community__slug=community)


@require_GET
@members_only
def library(request: Request, community: str) -> HttpResponse:
    """What a community keeps, the newest year first."""
    found = get_object_or_404(Community.objects.shown().with_standing(request.user), slug=community)
    words, chosen = words_of(request), request.GET.get("list", "all")
    items = LibraryItem.objects.visible_to(request.user).filter(community=found)
    if words:
        items = items.filter(Q(title__icontains=words) | Q(about__icontains=words))
    if chosen in LibraryItem.Kind.values:
        items = items.filter(kind=chosen)
    items = items.select_related("by", "file").defer("file__content")
    moderates = request.user.has_role(Role.ADMINISTRATOR) or found.is_moderator  # type: ignore[attr-defined]
    return render(
        request,
        "members/communities/library.html",
        {
            "community": found,
            "page": Paginator(items, ITEMS_A_PAGE).get_page(request.GET.get("page")),
            "lists": LISTS,
            "chosen": chosen if chosen in LISTS else "all",
            "words": words,
            "moderates": moderates,
        },
    )


@require_http_methods(GET_OR_POST)
@members_only
def item_new(request: Request, community: str) -> HttpResponse:
    found = get_object_or_404(Community.objects.shown(), slug=community)
    form = LibraryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_item(community=found, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is in the library.")
            return redirect("library", found.slug)
    return render(request, "members/communities/library_new.html", {"community": found, "form": form})


@require_GET
@members_only
def download(request: Request, community: str, item_id: int) -> HttpResponse:
    file = _item(request, community, item_id).file
    if file is None:
        raise Http404
    return as_download(file.name, file.content_type, bytes(file.content))


@require_http_methods(GET_OR_POST)
@members_only
def remove(request: Request, community: str, item_id: int) -> HttpResponse:
    """Whoever added it takes it out; a moderator says why."""
    item, user = _item(request, community, item_id), request.user
    own = item.by_id == user.pk
    if not own and not permissions.can_moderate(user, item.community):
        raise Http404
    form = None if own else ReasonForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if form is None:
                actions.take_out(item, by=user)
            else:
                moderation.remove_item(item, reason=form.cleaned_data["reason"], by=user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"“{item}” is taken out, and its file is gone.")
        return redirect("library", community)
    return render(request, "members/communities/library_remove.html", {"item": item, "form": form})
