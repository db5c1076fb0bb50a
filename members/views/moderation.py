"""Reporting something to a moderator, and the moderators' own pages."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linkworkers.actions import Refused
from members import permissions, reporting
from members.actions import moderation as actions
from members.forms.communities import DecisionForm, FlagForm, ModerateTopicForm, ReasonForm
from members.http import Request, members_only
from members.models import Community, Flag, ModerationEntry
from members.views.topics import reply_of, topic_of

GET_OR_POST = ["GET", "POST"]
ROWS_A_PAGE = 30
LISTS = {"waiting": "Waiting", "decided": "Decided", "log": "What moderators did"}


@require_http_methods(GET_OR_POST)
@members_only
def report(request: Request, kind: str, thing: str) -> HttpResponse:
    """Asks a moderator to look at something that this person sees."""
    reported = reporting.find(kind, thing, request.user)
    if reported is None or reported.author == request.user:
        raise Http404
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.report(reported, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you. A moderator looks at it, and you hear what was decided.")
            return redirect(reported.path)
    return render(request, "members/communities/report.html", {"reported": reported, "form": form})


@require_GET
@members_only
def moderation(request: Request, community: str | None = None) -> HttpResponse:
    """What waits for a moderator, what was decided, and their log: of one community, or of all that they look after."""
    looked_after = list(Community.objects.moderated_by(request.user))
    found = next((each for each in looked_after if each.slug == community), None)
    if not looked_after or (community and found is None):
        raise Http404
    chosen = request.GET.get("list", "waiting")
    chosen = chosen if chosen in LISTS else "waiting"
    rows: QuerySet[Flag] | QuerySet[ModerationEntry]
    if chosen == "log":
        rows = ModerationEntry.objects.visible_to(request.user).select_related("by", "community")
    else:
        flags = Flag.objects.visible_to(request.user).select_related("by", "community", "author", "decided_by")
        rows = flags.waiting() if chosen == "waiting" else flags.exclude(decision="").order_by("-decided_at", "-pk")
    if found:
        rows = rows.filter(community=found)
    return render(
        request,
        "members/communities/moderation.html",
        {
            "community": found,
            "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
            "lists": LISTS,
            "chosen": chosen,
        },
    )


@require_http_methods(GET_OR_POST)
@members_only
def decide(request: Request, flag_id: int) -> HttpResponse:
    """What was reported, as it stood, and what becomes of it."""
    flags = Flag.objects.visible_to(request.user).select_related("by", "community", "author", "decided_by")
    flag = get_object_or_404(flags, pk=flag_id)
    form = DecisionForm(request.POST or None, flag=flag)
    if request.method == "POST" and form.is_valid():
        try:
            decided = actions.decide(flag, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            flag = flags.get(pk=flag.pk)  # as whoever was quicker has left it
        else:
            messages.success(request, f"{decided.get_decision_display()}. Whoever reported it is told.")
            return redirect("community_moderation", flag.community.slug) if flag.community else redirect("moderation")
    others = Flag.objects.waiting().filter(kind=flag.kind, key=flag.key).exclude(pk=flag.pk).select_related("by")
    context = {"flag": flag, "form": form, "others": others if flag.is_waiting else []}
    return render(request, "members/communities/decide.html", context)


@require_http_methods(GET_OR_POST)
@members_only
def topic_moderate(request: Request, community: str, topic_id: int) -> HttpResponse:
    topic = topic_of(request, community, topic_id)
    if not permissions.can_moderate(request.user, topic.community):
        raise Http404
    form = ModerateTopicForm(request.POST or None, topic=topic)
    if request.method == "POST" and form.is_valid():
        try:
            topic = actions.moderate_topic(topic, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Done, and written into the log.")
            return redirect("topic_link", topic.pk)
    return render(request, "members/communities/topic_moderate.html", {"topic": topic, "form": form})


@require_http_methods(GET_OR_POST)
@members_only
def reply_moderate(request: Request, community: str, topic_id: int, reply_id: int) -> HttpResponse:
    topic = topic_of(request, community, topic_id)
    reply = reply_of(request, topic, reply_id)
    if not permissions.can_moderate(request.user, topic.community):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = ModerationEntry.Act.SHOWN if reply.is_hidden else ModerationEntry.Act.HIDDEN
        try:
            actions.moderate_reply(reply, act=act, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Done, and written into the log.")
            return redirect("reply_link", reply.pk)
    return render(request, "members/communities/reply_moderate.html", {"reply": reply, "topic": topic, "form": form})
