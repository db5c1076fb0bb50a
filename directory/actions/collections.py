"""What is done with favourites and collections."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from directory import permissions
from directory.models import Collection, CollectionItem, Service
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User, Workplace

FAVOURITES = "Favourites"
MOST_LISTINGS = 100  # in one collection: what a page and a leaflet can show


@transaction.atomic
def set_favourite(*, service: Service, by: User, kept: bool) -> None:
    """Puts a listing among the person's favourites, which are made with the first, or takes it out.

    Doing it again changes nothing. Raises PermissionDenied for somebody without a post, and Refused when there are
    too many already.
    """
    if not permissions.can_collect(by):
        raise PermissionDenied
    if kept:
        made, _ = Collection.objects.get_or_create(owner=by, favourites=True, defaults={"name": FAVOURITES})
        _put(made, service, by=by)
    elif known := Collection.objects.filter(owner=by, favourites=True).first():
        _take_out(known, service, by=by)


@transaction.atomic
def make_collection(
    *, name: str, note: str = "", workplace: Workplace | None = None, link_shared: bool = False, by: User
) -> Collection:
    """A new collection of the person's own. Raises PermissionDenied, for a workplace where they hold no post too."""
    if not permissions.can_collect(by) or not _works_at(by, workplace):
        raise PermissionDenied
    collection = Collection.objects.create(owner=by, name=name, note=note, workplace=workplace, link_shared=link_shared)
    record("collection.made", by=by, subject=collection, facts=_facts(collection))
    return collection


@transaction.atomic
def change_collection(
    *, collection: Collection, name: str, note: str, workplace: Workplace | None, link_shared: bool, by: User
) -> Collection:
    """Renames a collection and says who sees it.

    Raises PermissionDenied: for favourites, which stay as they are, and when somebody other than the owner changes
    whom it is shared with.
    """
    locked = _lock(collection, by)
    changes_sharing = (workplace, link_shared) != (locked.workplace, locked.link_shared)
    may_share = permissions.owns_collection(by, locked) and (workplace == locked.workplace or _works_at(by, workplace))
    if locked.favourites or (changes_sharing and not may_share):
        raise PermissionDenied
    locked.name, locked.note, locked.workplace, locked.link_shared = name, note, workplace, link_shared
    locked.save()
    record("collection.changed", by=by, subject=locked, facts=_facts(locked))
    return locked


@transaction.atomic
def delete_collection(*, collection: Collection, by: User) -> None:
    """Deletes a collection; the listings in it stay. Its owner alone may, and raises PermissionDenied for others."""
    locked = _lock(collection, by)
    if not permissions.owns_collection(by, locked):
        raise PermissionDenied
    record("collection.deleted", by=by, subject=locked, facts=_facts(locked))
    locked.delete()


@transaction.atomic
def add_to_collection(*, collection: Collection, service: Service, note: str = "", by: User) -> None:
    """Puts a listing into a collection. When it is there already its note is replaced.

    Raises PermissionDenied, and Refused when the collection is full.
    """
    _put(_lock(collection, by), service, by=by, note=note)


@transaction.atomic
def remove_from_collection(*, collection: Collection, service: Service, by: User) -> None:
    """Takes a listing out; one that is not there changes nothing. Raises PermissionDenied."""
    _take_out(_lock(collection, by), service, by=by)


def _lock(collection: Collection, by: User) -> Collection:
    locked = Collection.objects.select_for_update(of=("self",)).select_related("workplace").get(pk=collection.pk)
    if not permissions.can_change_collection(by, locked):
        raise PermissionDenied
    return locked


def _works_at(by: User, workplace: Workplace | None) -> bool:
    return workplace is None or any(post.workplace_id == workplace.pk for post in by.current_posts)


def _put(collection: Collection, service: Service, *, by: User, note: str | None = None) -> None:
    defaults = {} if note is None else {"note": note}
    _, made = CollectionItem.objects.update_or_create(collection=collection, service=service, defaults=defaults)
    if made:
        if collection.items.count() > MOST_LISTINGS:
            raise Refused(f"“{collection}” holds {MOST_LISTINGS} listings, and no more fit. Take one out first.")
        record("collection.listing_added", by=by, subject=collection, facts={"listing": service.slug})


def _take_out(collection: Collection, service: Service, *, by: User) -> None:
    gone, _ = collection.items.filter(service=service).delete()
    if gone:
        record("collection.listing_removed", by=by, subject=collection, facts={"listing": service.slug})


def _facts(collection: Collection) -> dict[str, object]:
    return {
        "name": collection.name,
        "shared with": str(collection.workplace or ""),
        "shared by link": collection.link_shared,
    }


def erase(user: User) -> None:
    """Forgets the favourites and collections of somebody who leaves; what a workplace shares stays with it."""
    Collection.objects.filter(owner=user, workplace=None).delete()
