"""Who may change a team or an account: one function for each decision. States are the actions' business."""

from members.models import Invitation, Invoice, Membership, Post, Role, User, Workplace

# An administrator is made by an administrator only; members and providers are the association's business.
ROLES_MANAGERS_GIVE = frozenset({Role.PRACTICE_STAFF, Role.LINK_WORKER, Role.VOLUNTEER, Role.COORDINATOR, Role.MANAGER})


def can_see_team(user: User) -> bool:
    return user.has_role(Role.MANAGER, Role.ADMINISTRATOR)


def can_invite(user: User, workplace: Workplace, role: str) -> bool:
    """Administrators to anything; managers into the team of their own workplace and of its practices."""
    if user.has_role(Role.ADMINISTRATOR):
        return True
    own = user.workplace_ids(Role.MANAGER)
    return role in ROLES_MANAGERS_GIVE and (workplace.pk in own or workplace.parent_id in own)


def can_be_invited(user: User, email: str) -> bool:
    """A manager, who is told no names, does not give themselves a post that opens them."""
    return user.has_role(Role.ADMINISTRATOR) or email != user.email


def can_change_invitation(user: User, invitation: Invitation) -> bool:
    return can_invite(user, invitation.workplace, invitation.role)


def can_end_post(user: User, post: Post) -> bool:
    """Whoever may invite into a post may end it; a manager's own is ended by another manager or an administrator."""
    if user.has_role(Role.ADMINISTRATOR):
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
