"""The list of communities and each one's page: what it is for is for anybody, what is written there for members."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from members import permissions
from members.actions import communities as actions
from members.actions import following
from members.forms.communities import AskForm
from members.http import Request, members_only
from members.models import Community, Flag, Role, Topic, User

GET_OR_POST = ["GET", "POST"]
TOPICS_A_PAGE = 20
LISTS = {"all": "All", **dict(Topic.Kind.choices)}
LISTS |= {Topic.Kind.QUESTION: "Questions", Topic.Kind.DISCUSSION: "Discussions"}


class CountedPaginator(Paginator):
    """Pages of rows that have been counted already: the count is kept beside them."""

    def __init__(self, rows: QuerySet[Any], per_page: int, known: int) -> None:
        super().__init__(rows, per_page)
        self.known = known

    @cached_property
    def count(self) -> int:
        return self.known


def member_of(request: HttpRequest) -> User | None:
    """Whoever looks, when they are a member in force."""
    user = request.user
    return user if isinstance(user, User) and permissions.is_member(user) else None


def words_of(request: HttpRequest) -> str:
    """What is looked for, as far as somebody would type it."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:200]


@require_GET
def communities(request: HttpRequest) -> HttpResponse:
    """All that are open: the reader's own first, the national one before the regions, interest groups after them."""
    member = member_of(request)
    order = Case(
        *(When(kind=kind, then=Value(place)) for place, kind in enumerate(Community.Kind.values)),
        output_field=IntegerField(),
    )
    found = Community.objects.listed().order_by(order, "name")
    if member:
        found = found.with_standing(member)
    everything = list(found)
    own = [community for community in everything if getattr(community, "follows", False)]
    rest = [community for community in everything if community not in own]
    groups = [
        ("Yours", own),
        ("Regions and nations", [each for each in rest if each.kind != Community.Kind.INTEREST]),
        ("Interest groups", [each for each in rest if each.kind == Community.Kind.INTEREST]),
    ]
    is_moderator = any(getattr(community, "is_moderator", False) for community in everything)
    moderates = member and (is_moderator or member.has_role(Role.ADMINISTRATOR))
    # Where a question goes first: to the people nearby.
    nearby = next((community for community in own if community.kind == Community.Kind.REGION), next(iter(own), None))
    context = {"groups": groups, "member": member, "moderates": moderates, "nearby": nearby}
    return render(request, "members/communities/communities.html", context)


@require_http_methods(GET_OR_POST)
@members_only
def ask(request: Request) -> HttpResponse:
    """A member asks the office for an interest group."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "The office has your wish, and answers by mail.")
            return redirect("communities")
    return render(request, "members/communities/ask.html", {"form": form})


@require_GET
def community(request: HttpRequest, community: str) -> HttpResponse:
    """What a community is for and, for members, its topics."""
    member = member_of(request)
    shown = Community.objects.shown()
    found = get_object_or_404(shown.with_standing(member) if member else shown, slug=community)
    context: dict[str, Any] = {"community": found, "member": member}
    if member:
        context |= _topics(request, found, member)
    return render(request, "members/communities/community.html", context)


def _topics(request: HttpRequest, community: Community, member: User) -> dict[str, Any]:
    """A page of its topics, the search's or those of one kind when that is asked for."""
    words, chosen = words_of(request), request.GET.get("list", "all")
    chosen = chosen if chosen in LISTS else "all"
    topics = Topic.objects.filter(community=community).listed().newest_first()
    if words:
        topics = topics.search(words, community)
    if chosen != "all":
        topics = topics.filter(kind=chosen)
    topics = topics.select_related("author").defer("text", "html", "words", "hidden_reason", "closed_reason")
    narrowed = words or chosen != "all"
    paginator = (
        Paginator(topics, TOPICS_A_PAGE) if narrowed else CountedPaginator(topics, TOPICS_A_PAGE, community.topic_count)
    )
    moderates = member.has_role(Role.ADMINISTRATOR) or community.is_moderator  # type: ignore[attr-defined]
    return {
        "page": paginator.get_page(request.GET.get("page")),
        "lists": LISTS,
        "chosen": chosen,
        "words": words,
        "moderates": moderates,
        "waiting": Flag.objects.waiting().filter(community=community).count() if moderates else 0,
    }


@require_POST
@members_only
def follow(request: Request, community: str) -> HttpResponse:
    """Follows it, or stops."""
    found = get_object_or_404(Community.objects.shown(), slug=community)
    follows = request.POST.get("follow") == "yes"
    following.follow_community(found, by=request.user, follows=follows)
    said = "What is new here is in your weekly mail." if follows else "It is in your weekly mail no longer."
    messages.success(request, said)
    return redirect("community", found.slug)
