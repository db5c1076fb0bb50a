"""Who may do what: one function for each decision. States are the actions' business."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from members.models import (
    Block,
    Community,
    Flag,
    Invitation,
    Invoice,
    MemberLetter,
    Membership,
    Moderator,
    Post,
    Reply,
    Role,
    Topic,
    User,
    Workplace,
    blocked_pairs,
)

# An administrator is made by an administrator only; members and providers are the association's business.
ROLES_MANAGERS_GIVE = frozenset({Role.PRACTICE_STAFF, Role.LINK_WORKER, Role.VOLUNTEER, Role.COORDINATOR, Role.MANAGER})


def can_see_team(user: User) -> bool:
    return user.has_role(Role.MANAGER, Role.ADMINISTRATOR)


def can_invite(user: User, workplace: Workplace, role: str) -> bool:
    """Administrators to anything; managers into the team of their own workplace and of its practices; coordinators
    there as volunteers, and as nothing else.
    """
    if user.has_role(Role.ADMINISTRATOR):
        return True
    own = user.workplace_ids(Role.MANAGER) if role in ROLES_MANAGERS_GIVE else []
    if role == Role.VOLUNTEER:
        own = [*own, *user.workplace_ids(Role.COORDINATOR)]
    return workplace.pk in own or workplace.parent_id in own


def can_be_invited(user: User, email: str) -> bool:
    """A manager, who is told no names, does not give themselves a post that opens them."""
    return user.has_role(Role.ADMINISTRATOR) or email != user.email


def can_change_invitation(user: User, invitation: Invitation) -> bool:
    return can_invite(user, invitation.workplace, invitation.role)


def can_end_post(user: User, post: Post) -> bool:
    """Whoever may invite into a post may end it; a manager's own is ended by another manager or an administrator. A
    volunteer leaves when they like.
    """
    if user.has_role(Role.ADMINISTRATOR):
        return True
    if post.user_id == user.pk and post.role == Role.VOLUNTEER:
        return True
    own_manager_post = post.user_id == user.pk and post.role == Role.MANAGER
    return not own_manager_post and can_invite(user, post.workplace, post.role)


def can_change_account(user: User, person: User) -> bool:
    """Open, close and unlock somebody's account: administrators, and never their own."""
    return user.has_role(Role.ADMINISTRATOR) and user != person


def can_change_name(user: User, person: User) -> bool:
    return user == person or user.has_role(Role.ADMINISTRATOR)


def membership_of(user: User) -> Membership | None:
    """The person's own membership, with its plan and whoever lends them a seat: one query, however often asked."""
    if "own_membership" not in vars(user):
        found = Membership.objects.select_related("user", "plan", "sponsor__plan").filter(user=user).first()
        vars(user)["own_membership"] = found
    return vars(user)["own_membership"]


def is_member(user: User) -> bool:
    """Whether what members have is open: a membership in force, one's own or by a seat; and the office."""
    membership = membership_of(user)
    return (membership is not None and membership.is_in_force) or user.has_role(Role.ADMINISTRATOR)


def can_run_memberships(user: User) -> bool:
    """Approve, give, import and merge memberships, and record what was paid: the office."""
    return user.has_role(Role.ADMINISTRATOR)


def can_change_membership(user: User, membership: Membership) -> bool:
    """Renew, change or cancel it: its holder; an employer's contact, and managers there; the office."""
    if membership.user_id == user.pk or membership.contact_id == user.pk or user.has_role(Role.ADMINISTRATOR):
        return True
    return membership.is_employers and membership.workplace_id in user.workplace_ids(Role.MANAGER)


def can_see_invoice(user: User, invoice: Invoice) -> bool:
    """Whoever it is for may see it, and put their purchase order's number on it; so may the office."""
    return Invoice.objects.visible_to(user).filter(pk=invoice.pk).exists()


def can_keep_books(user: User) -> bool:
    """Record and place payments, pay back, take invoices back: the office."""
    return user.has_role(Role.ADMINISTRATOR)


def why_no_letter(user: User, to: User) -> str:
    """Why this member cannot write to somebody just now, in a sentence for them; empty when they can.

    Who is blocked hears no more than who writes to somebody that takes no letters. Who was written to may answer. At
    most two queries beside `to.membership` and `to.profile`.
    """
    if user == to:
        return "This is you."
    membership = getattr(to, "membership", None)
    is_here = to.is_active and ((membership is not None and membership.is_in_force) or to.is_staff)
    if not is_here:
        return f"{to.name_among_members} is not a member any more, so no letter can reach them."
    blocks = {block.by_id for block in Block.objects.between(user, to)}
    if user.pk in blocks:
        return f"You have blocked {to}. Take the block back to write to them."
    profile = getattr(to, "profile", None)
    wants_none = profile is not None and not profile.takes_letters
    if to.pk in blocks or (wants_none and not MemberLetter.objects.filter(by=to, to=user).exists()):
        return f"{to} cannot take letters just now."
    return ""


def people_in_force() -> QuerySet[User]:
    """Everybody to whom what members have is open today: `is_member`, asked of all at once."""
    members = Membership.objects.in_force().filter(user__isnull=False).values("user")
    office = Post.objects.current().filter(role=Role.ADMINISTRATOR).values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=office), is_active=True)


def shut_out(*, readers: Iterable[int], writers: Iterable[int]) -> set[tuple[int, int]]:
    """Reader and writer, for each pair of which one has blocked the other: no mail tells one of the other's words.

    Every mail of the communities asks it, once for all its readers.
    """
    writers = set(writers)
    pairs = blocked_pairs({*readers, *writers})
    return {pair for by, whom in pairs for pair in ((by, whom), (whom, by)) if pair[1] in writers}


def can_moderate(user: User, community: Community | None) -> bool:
    """The office everywhere; otherwise the moderators of today whose membership is in force."""
    if user.has_role(Role.ADMINISTRATOR):
        return True
    if community is None or not is_member(user):
        return False
    return Moderator.objects.current().filter(community=community, user=user).exists()


def can_run_communities(user: User) -> bool:
    """Open and close communities and name their moderators: the office."""
    return user.has_role(Role.ADMINISTRATOR)


def can_change_text(user: User, written: Topic | Reply) -> bool:
    """Their own, as long as they are a member and no moderator has hidden it."""
    return written.author_id == user.pk and not written.is_hidden and is_member(user)


def can_take_back(user: User, written: Topic | Reply) -> bool:
    return written.author_id == user.pk and is_member(user)


def can_decide(user: User, flag: Flag) -> bool:
    """Whoever moderates there, but for what they wrote themselves."""
    return flag.author_id != user.pk and can_moderate(user, flag.community)


def can_moderate_vacancies(user: User) -> bool:
    """Say what is public among jobs and volunteer roles."""
    return user.has_role(Role.ADMINISTRATOR)


def can_write_articles(user: User) -> bool:
    """Write the role guide and the news, and make them public."""
    return user.has_role(Role.ADMINISTRATOR)
