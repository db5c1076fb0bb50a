"""Who may do what in the directory: one function for each decision. Reading it needs no permission."""

from directory.models import Collection, Connector, Organization, Service
from members.models import Role, User


def can_assure(user: User, service: Service) -> bool:
    """Say that a listing was checked, is full or is closed: those who send people there, and its owner."""
    senders = (Role.LINK_WORKER, Role.VOLUNTEER, Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR)
    return user.has_role(*senders) or can_keep(user, service.organization)


def can_keep(user: User, organization: Organization) -> bool:
    """Look after an organisation's listings: whoever holds a provider's post at its workplace today."""
    return organization.workplace_id is not None and organization.workplace_id in user.workplace_ids(Role.PROVIDER)


def can_moderate(user: User) -> bool:
    """Decide about suggestions, claims and changes, and take feeds in: the association's office."""
    return user.has_role(Role.ADMINISTRATOR)


def can_collect(user: User) -> bool:
    """Keep favourites and collections: anybody with a post."""
    return bool(user.current_posts)


def can_change_collection(user: User, collection: Collection) -> bool:
    """Its owner, and with a collection that is shared with a workplace whoever holds a post there today."""
    posts = {post.workplace_id for post in user.current_posts}
    return can_collect(user) and (owns_collection(user, collection) or collection.workplace_id in posts)


def owns_collection(user: User, collection: Collection) -> bool:
    """Share or delete a collection: whoever made it."""
    return collection.owner_id == user.pk


def can_run_connectors(user: User) -> bool:
    """Give community connectors their counters, and see what they count."""
    return user.has_role(Role.LINK_WORKER, Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR)


def can_change_connector(user: User, connector: Connector) -> bool:
    if user.has_role(Role.ADMINISTRATOR):
        return True
    return connector.workplace_id in user.workplace_ids(Role.LINK_WORKER, Role.COORDINATOR, Role.MANAGER)


def can_see_gaps(user: User) -> bool:
    return user.has_role(Role.MANAGER, Role.ADMINISTRATOR)
