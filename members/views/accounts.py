"""The team, the way in by invitation, and one's own account."""

from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members import actions, permissions
from members.forms.accounts import EndPostForm, InvitationForm, JoinForm, NameForm
from members.http import Request
from members.models import Invitation, Post, User

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 50
INVITATIONS_SHOWN = 20  # those that expire first; the office's own list has them all


@require_GET
@login_required
def team(request: Request) -> HttpResponse:
    """Who works in the reader's workplaces, and who has been invited there and has not answered."""
    user = request.user
    if not permissions.can_see_team(user):
        raise Http404
    query = request.GET.get("q", "").replace("\x00", "").strip()
    posts = (
        Post.objects.visible_to(user)
        .not_ended()
        .filter(_contains(query, "user__name", "user__email", "workplace__name"))
        .select_related("user", "workplace")
        # The network itself before its practices.
        .order_by(F("workplace__parent").asc(nulls_first=True), "workplace__name", "workplace", "user__name", "pk")
    )
    invitations = (
        Invitation.objects.visible_to(user)
        .unanswered()
        .filter(_contains(query, "name", "email", "workplace__name"))
        .select_related("workplace")
        .order_by("expires_at")
    )
    page = Paginator(posts, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "members/team.html",
        {
            "query": query,
            "page": page,
            "rows": [(post, permissions.can_end_post(user, post)) for post in page],
            "invitations": [
                (invitation, permissions.can_change_invitation(user, invitation))
                for invitation in invitations[:INVITATIONS_SHOWN]
            ],
        },
    )


def _contains(query: str, *fields: str) -> Q:
    """What was typed, anywhere in one of the fields; everything when nothing was."""
    found = Q()
    for field in fields if query else ():
        found |= Q((f"{field}__icontains", query))
    return found


@require_http_methods(GET_OR_POST)
@login_required
def invitation_new(request: Request) -> HttpResponse:
    if not permissions.can_see_team(request.user):
        raise Http404
    if request.user.is_staff:  # who chooses among thousands of workplaces, which the office's form searches
        return redirect("admin:members_invitation_add")
    form = InvitationForm(request.POST or None, manager=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The invitation is on its way to {invitation.email}.")
            return redirect("team")
    return render(request, "members/invitation_new.html", {"form": form})


@require_POST
@login_required
def invitation_resend(request: Request, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=invitation_id)
    try:
        actions.resend_invitation(invitation, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"A new link is on its way to {invitation.email}. The one before no longer works.")
    return redirect("team")


@require_POST
@login_required
def invitation_withdraw(request: Request, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=invitation_id)
    try:
        actions.withdraw_invitation(invitation, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"The invitation to {invitation.name} is withdrawn. Its link no longer works.")
    return redirect("team")


@require_http_methods(GET_OR_POST)
@login_required
def post_end(request: Request, post_id: int) -> HttpResponse:
    posts = Post.objects.visible_to(request.user).not_ended().select_related("user", "workplace")
    post = get_object_or_404(posts, pk=post_id)
    if not permissions.can_end_post(request.user, post):
        raise Http404
    form = EndPostForm(request.POST or None, post=post)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_post(post, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The last day of {post.user}’s post is set.")
            return redirect("team")
    return render(request, "members/post_end.html", {"form": form, "post": post})


@require_http_methods(GET_OR_POST)
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation's link opens: an account and the post, or the post alone for somebody with an account."""
    found = (
        Invitation.objects.filter(token_hash=Invitation.hash_token(token))
        .select_related("workplace", "invited_by")
        .first()
    )
    if found is None:
        return render(request, "members/invitation_closed.html", status=404)
    if not found.is_open:
        return render(request, "members/invitation_closed.html", {"invitation": found}, status=410)
    visitor = request.user if request.user.is_authenticated else None
    holder = User.objects.filter(email=found.email).first()
    if visitor != holder:
        step = "log_out" if visitor else "log_in"
        return _invitation_page(request, found, step, path=request.path)
    return _accept(request, found, visitor) if visitor else _join(request, found)


def _accept(request: HttpRequest, invitation: Invitation, visitor: User) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.accept_invitation(invitation, by=visitor)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"Welcome to {invitation.workplace}.")
        return redirect("today")
    return _invitation_page(request, invitation, "accept")


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"email": invitation.email, "name": invitation.name})
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        try:
            user = actions.accept_invitation(invitation, name=name, password=password)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect(request.path)
        response = perform_login(request, user, email=user.email)
        # The password was chosen just now, so setting up the second factor need not ask for it.
        reauthenticate_by_password(request)
        return response
    return _invitation_page(request, invitation, "join", form=form)


def _invitation_page(request: HttpRequest, invitation: Invitation, step: str, **context: Any) -> HttpResponse:
    return render(request, "members/invitation.html", {"invitation": invitation, "step": step, **context})


@require_http_methods(GET_OR_POST)
@login_required
def account(request: Request) -> HttpResponse:
    user = request.user
    form = NameForm(request.POST or None, instance=User(pk=user.pk, email=user.email, name=user.name))
    if request.method == "POST" and form.is_valid():
        actions.change_name(user, name=form.cleaned_data["name"], by=user)
        messages.success(request, "Your name is saved.")
        return redirect("account")
    return render(
        request,
        "members/account.html",
        {"form": form, "posts": user.current_posts, "second_factor": is_mfa_enabled(user)},
    )
