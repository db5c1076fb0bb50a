"""What the directory keeps about a person, for whoever asks for everything about themselves."""

from collections.abc import Iterator

from django.urls import reverse

from directory.models import Collection
from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import User


def collections(user: User) -> Section:
    return Section(
        key="collections",
        title="Your favourites and collections of services",
        why="To have them at hand. Kept while you want them; what you share with a workplace stays with it.",
        rows=Lazy(_collections, user),
        covers=frozenset({"directory.collection.owner"}),
        change=("See your collections", reverse("collections")),
    )


def _collections(user: User) -> Iterator[Row]:
    for each in Collection.objects.filter(owner=user).select_related("workplace").prefetch_related("items__service"):
        yield {
            "collection": each.name,
            "note": each.note,
            "shared with": str(each.workplace or ""),
            "made": each.created_at,
            "services": [f"{item.service}: {item.note}" if item.note else str(item) for item in each.items.all()],
        }
