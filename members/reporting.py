"""What a member can report to a moderator, as whoever reports it sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from members.models import Community, LibraryItem, MemberLetter, Profile, Reply, Target, Topic, User, Vacancy

LONGEST_EXCERPT = 600  # characters


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A thing that can be reported. `community` says whose moderators look at it; without one the office does."""

    kind: Target
    key: str
    title: str
    author: User | None
    path: str
    text: str
    community: Community | None = None

    @property
    def excerpt(self) -> str:
        """What stands there now, kept with the report: its author may take it back meanwhile."""
        if len(self.text) <= LONGEST_EXCERPT:
            return self.text
        return self.text[:LONGEST_EXCERPT].rstrip() + " …"


def topic(found: Topic) -> Reported:
    return Reported(
        kind=Target.TOPIC,
        key=str(found.pk),
        title=str(found),
        author=found.author,
        path=found.link,
        text=f"{found.title}\n\n{found.text}",
        community=found.community,
    )


def reply(found: Reply) -> Reported:
    return Reported(
        kind=Target.REPLY,
        key=str(found.pk),
        title=f"A reply in {found.topic}",
        author=found.author,
        path=found.link,
        text=found.text,
        community=found.topic.community,
    )


def library_item(found: LibraryItem) -> Reported:
    return Reported(
        kind=Target.LIBRARY_ITEM,
        key=str(found.pk),
        title=found.title,
        author=found.by,
        path=reverse("library", args=[found.community.slug]) + f"#item-{found.pk}",
        text=f"{found.title}\n\n{found.about}",
        community=found.community,
    )


def _topic(key: str, user: User) -> Reported | None:
    found = Topic.objects.visible_to(user).select_related("community", "author").filter(pk=key).first()
    return topic(found) if found else None


def _reply(key: str, user: User) -> Reported | None:
    replies = Reply.objects.filter(topic__in=Topic.objects.visible_to(user), hidden_at=None)
    found = replies.select_related("topic__community", "author").filter(pk=key).first()
    return reply(found) if found else None


def _library_item(key: str, user: User) -> Reported | None:
    items = LibraryItem.objects.visible_to(user).select_related("community", "by")
    found = items.filter(pk=key).first()
    return library_item(found) if found else None


def _letter(key: str, user: User) -> Reported | None:
    found = MemberLetter.objects.visible_to(user).select_related("by", "correspondence").filter(pk=key).first()
    if found is None:
        return None
    return Reported(
        kind=Target.LETTER,
        key=key,
        title=f"A letter from {found.by.name_among_members}",
        author=found.by,
        path=reverse("correspondence", args=[found.correspondence.key]),
        text=found.text,
    )


def _profile(key: str, user: User) -> Reported | None:
    found = Profile.objects.visible_to(user).select_related("user").filter(key=key).first()
    if found is None:
        return None
    return Reported(
        kind=Target.PROFILE,
        key=key,
        title=f"The profile of {found.user.name_among_members}",
        author=found.user,
        path=reverse("member_profile", args=[key]),
        text=f"{found.headline}\n\n{found.about}".strip(),
    )


def _vacancy(key: str, user: User) -> Reported | None:
    """Whoever posted one has no account, so nobody is told but whoever reported it, and the office."""
    found = Vacancy.objects.public().filter(slug=key).first()
    if found is None:
        return None
    return Reported(
        kind=Target.VACANCY,
        key=key,
        title=str(found),
        author=None,
        path=reverse("vacancy", args=[key]),
        text=f"{found.title}\n\n{found.about}",
    )


NUMBERED = frozenset({Target.TOPIC, Target.REPLY, Target.LIBRARY_ITEM, Target.LETTER})
# What `report/<kind>/<key>/` can be about: whoever has another kind of thing adds how a reader finds it.
FIND: dict[str, Callable[[str, User], Reported | None]] = {
    Target.TOPIC: _topic,
    Target.REPLY: _reply,
    Target.LIBRARY_ITEM: _library_item,
    Target.LETTER: _letter,
    Target.PROFILE: _profile,
    Target.VACANCY: _vacancy,
}


def find(kind: str, key: str, user: User) -> Reported | None:
    """The thing as this person sees it; None when they see none."""
    if kind not in FIND or (kind in NUMBERED and not (key.isascii() and key.isdecimal() and len(key) < 19)):
        return None
    return FIND[kind](key, user)
