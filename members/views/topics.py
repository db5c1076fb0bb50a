"""Topics and the replies to them."""

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members import permissions
from members.actions import following
from members.actions import topics as actions
from members.forms.communities import EditReplyForm, EditTopicForm, ReplyForm, TopicForm, WishForm
from members.http import Request, members_only
from members.models import Community, Reply, Role, Topic, TopicWish, User
from members.views.communities import CountedPaginator

GET_OR_POST = ["GET", "POST"]
REPLIES_A_PAGE = 25
WISHES_A_PAGE = 50


def topic_of(request: Request, community: str, topic_id: int) -> Topic:
    """The topic as this person sees it, under its own community's address and no other."""
    topics = Topic.objects.visible_to(request.user).with_standing(request.user).select_related("community", "author")
    return get_object_or_404(topics.defer("words"), pk=topic_id, community__slug=community)


def reply_of(request: Request, topic: Topic, reply_id: int) -> Reply:
    reply = get_object_or_404(topic.replies.select_related("author").defer("words"), pk=reply_id)
    reply.topic = topic
    return reply


@require_http_methods(GET_OR_POST)
@members_only
def topic_new(request: Request, community: str) -> HttpResponse:
    """Starts a topic; a closed community says so instead."""
    found = get_object_or_404(Community.objects.shown(), slug=community)
    form = TopicForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        try:
            topic = actions.start_topic(community=found, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is there for others to read. You follow it, and hear of replies.")
            return redirect(topic)
    return render(request, "members/communities/topic_new.html", {"community": found, "form": form})


@require_http_methods(GET_OR_POST)
@members_only
def topic(request: Request, community: str, topic_id: int) -> HttpResponse:
    """A topic, a page of its replies with the oldest first, and the reply that is being written."""
    found = topic_of(request, community, topic_id)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reply = actions.reply(topic=found, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your reply is there.")
            return redirect(_place(reply, found))
    user = request.user
    page = _replies(found, "last" if request.method == "POST" else request.GET.get("page"))
    return render(
        request,
        "members/communities/topic.html",
        {
            "topic": found,
            "community": found.community,
            "page": page,
            "form": form,
            "moderates": user.has_role(Role.ADMINISTRATOR) or found.is_moderator,  # type: ignore[attr-defined]
            "wishes": found.wishes.select_related("user")[:3] if found.wish_count and found.author == user else [],
        },
    )


def _replies(topic: Topic, number: str | None) -> Page:
    replies = topic.replies.select_related("author").defer("text", "words")
    paginator = CountedPaginator(replies, REPLIES_A_PAGE, topic.reply_count)
    return paginator.get_page(paginator.num_pages if number == "last" else number)


def _place(reply: Reply, topic: Topic) -> str:
    """The address of a reply: its page, and its place on it."""
    earlier = Q(written_at__lt=reply.written_at) | Q(written_at=reply.written_at, pk__lt=reply.pk)
    page = Reply.objects.filter(earlier, topic=topic).count() // REPLIES_A_PAGE + 1
    return f"{topic.get_absolute_url()}{f'?page={page}' if page > 1 else ''}#reply-{reply.pk}"


@require_GET
@members_only
def topic_link(request: Request, topic_id: int) -> HttpResponse:
    """Where a topic is now, wherever it has been moved."""
    return redirect(get_object_or_404(Topic.objects.visible_to(request.user).select_related("community"), pk=topic_id))


@require_GET
@members_only
def reply_link(request: Request, reply_id: int) -> HttpResponse:
    """Where a reply is now."""
    replies = Reply.objects.filter(topic__in=Topic.objects.visible_to(request.user))
    reply = get_object_or_404(replies.select_related("topic__community"), pk=reply_id)
    return redirect(_place(reply, reply.topic))


@require_http_methods(GET_OR_POST)
@members_only
def topic_edit(request: Request, community: str, topic_id: int) -> HttpResponse:
    topic = topic_of(request, community, topic_id)
    _check_own(topic, request.user)
    form = EditTopicForm(request.POST or None, initial={"title": topic.title, "text": topic.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_topic(topic, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your text is changed.")
            return redirect(topic)
    return render(request, "members/communities/edit.html", {"topic": topic, "form": form})


@require_http_methods(GET_OR_POST)
@members_only
def reply_edit(request: Request, community: str, topic_id: int, reply_id: int) -> HttpResponse:
    topic = topic_of(request, community, topic_id)
    reply = reply_of(request, topic, reply_id)
    _check_own(reply, request.user)
    form = EditReplyForm(request.POST or None, initial={"text": reply.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_reply(reply, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your reply is changed.")
            return redirect(_place(reply, topic))
    return render(request, "members/communities/edit.html", {"topic": topic, "reply": reply, "form": form})


@require_http_methods(GET_OR_POST)
@members_only
def topic_take_back(request: Request, community: str, topic_id: int) -> HttpResponse:
    """Asks once more, then takes the text away."""
    topic = topic_of(request, community, topic_id)
    return _take_back(request, topic, topic, topic.get_absolute_url())


@require_http_methods(GET_OR_POST)
@members_only
def reply_take_back(request: Request, community: str, topic_id: int, reply_id: int) -> HttpResponse:
    topic = topic_of(request, community, topic_id)
    reply = reply_of(request, topic, reply_id)
    return _take_back(request, reply, topic, _place(reply, topic))


def _take_back(request: Request, written: Topic | Reply, topic: Topic, place: str) -> HttpResponse:
    if not permissions.can_take_back(request.user, written):
        raise Http404
    if written.is_taken_back:
        return redirect(place)
    if request.method == "POST":
        if isinstance(written, Topic):
            actions.take_back_topic(written, by=request.user)
        else:
            actions.take_back_reply(written, by=request.user)
        messages.success(request, "What you wrote is taken back.")
        return redirect(place)
    context = {"topic": topic, "written": written, "place": place}
    return render(request, "members/communities/take_back.html", context)


@require_POST
@members_only
def topic_follow(request: Request, community: str, topic_id: int) -> HttpResponse:
    """Follows a topic, or stops."""
    topic = topic_of(request, community, topic_id)
    follows = request.POST.get("follow") == "yes"
    following.follow_topic(topic, by=request.user, follows=follows)
    messages.success(request, "You hear of replies." if follows else "You hear of no replies any more.")
    return redirect(topic)


@require_http_methods(GET_OR_POST)
@members_only
def topic_too(request: Request, community: str, topic_id: int) -> HttpResponse:
    """Somebody wants to do this too; its author sees who does."""
    topic = topic_of(request, community, topic_id)
    if topic.kind != Topic.Kind.LEARNED:
        raise Http404
    if topic.author_id == request.user.pk:
        wishes = CountedPaginator(topic.wishes.select_related("user__profile"), WISHES_A_PAGE, topic.wish_count)
        context = {"topic": topic, "page": wishes.get_page(request.GET.get("page"))}
        return render(request, "members/communities/wishes.html", context)
    own = TopicWish.objects.filter(topic=topic, user=request.user).first()
    form = WishForm(request.POST or None, initial={"note": own.note if own else ""})
    if request.method == "POST" and form.is_valid():
        try:
            actions.want_too(topic, note=form.cleaned_data["note"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{topic.author} sees that you want to do this too, with your name.")
            return redirect(topic)
    return render(request, "members/communities/too.html", {"topic": topic, "form": form, "own": own})


@require_POST
@members_only
def topic_too_withdraw(request: Request, community: str, topic_id: int) -> HttpResponse:
    topic = topic_of(request, community, topic_id)
    actions.want_no_more(topic, by=request.user)
    messages.success(request, "You have taken it back.")
    return redirect(topic)


def _check_own(written: Topic | Reply, user: User) -> None:
    """What somebody may not change has no page to change it on."""
    if not permissions.can_change_text(user, written) or written.is_taken_back:
        raise Http404
