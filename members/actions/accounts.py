"""What is done with invitations, posts and accounts. Each is one transaction, checks its permission and is audited."""

import datetime as dt
from decimal import Decimal

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions, signals
from members.emails import accounts as emails
from members.models import Invitation, Post, Profile, Role, User, UserManager, Workplace


@transaction.atomic
def invite(
    *, email: str, name: str, workplace: Workplace, role: str, wte: Decimal | None = None, by: User | None
) -> Invitation:
    """Offers a post to an address and mails the link, which is in the `path` of what is returned and nowhere else.

    `by` is None when the installation itself invites its first administrator. An expired invitation to the same post
    is withdrawn. Raises PermissionDenied, and Refused when the role is not one of the workplace's, or the person holds
    the post or has been invited to it.
    """
    if by is not None and not permissions.can_invite(by, workplace, role):
        raise PermissionDenied
    # Whoever invites into the same workplace waits here, so that the second sees the first one's invitation.
    Workplace.objects.select_for_update(no_key=True).get(pk=workplace.pk)
    email = UserManager.normalize_email(email)
    if by is not None and not permissions.can_be_invited(by, email):
        raise Refused("You cannot invite yourself. Ask the association's office, or another manager.")
    Invitation.objects.unanswered().filter(
        email=email, workplace=workplace, role=role, expires_at__lte=timezone.now()
    ).update(withdrawn_at=timezone.now())
    invitation = Invitation(email=email, name=name, workplace=workplace, role=role, wte=wte, invited_by=by)
    invitation.renew_link()
    _check(invitation)
    invitation.save()
    record("invitation.sent", by=by, subject=invitation, facts=_facts(invitation) | {"email": email})
    emails.invitation(invitation)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Mails a new link, good for another two weeks; the one before it stops working.

    Raises PermissionDenied, and Refused when the invitation was accepted or withdrawn.
    """
    locked = _lock_unanswered(invitation, by)
    locked.renew_link()
    locked.save(update_fields=["token_hash", "expires_at"])
    record("invitation.sent_again", by=by, subject=locked, facts=_facts(locked))
    emails.invitation(locked)
    return locked


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Takes an offer back: its link stops working. Raises PermissionDenied, and Refused when it was answered."""
    locked = _lock_unanswered(invitation, by)
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    record("invitation.withdrawn", by=by, subject=locked, facts=_facts(locked))
    return locked


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User | None = None, name: str = "", password: str = "") -> User:
    """Opens the post from today, and returns who holds it.

    Without an account for the address one is made, with `name` and `password` (checked by the form), and with its
    address verified: the link was read there. Whoever has an account must be logged in with it (`by`). Raises
    Refused, having changed nothing, when the link no longer works or somebody else is logged in.
    """
    # All that wait for this address, in one order: two links opened at once make one account.
    addressed = Invitation.objects.unanswered().filter(email=invitation.email)
    list(addressed.select_for_update(of=("self",)).order_by("pk"))
    locked = Invitation.objects.select_related("workplace", "invited_by").get(pk=invitation.pk)
    if not locked.is_open:
        raise Refused(f"This invitation has been used or has ended: {locked.state.lower()}.")
    inviter = locked.invited_by
    if inviter is not None and not permissions.can_invite(inviter, locked.workplace, locked.role):
        raise Refused("Whoever invited you no longer can. Ask the workplace for a new invitation.")
    person = User.objects.filter(email=locked.email).first()
    if by != person:
        raise Refused(f"This invitation is for {locked.email}. Log in with that address to accept it.")
    if person is None:
        person = User.objects.create_user(locked.email, password, name=name)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        record("account.opened", by=person, subject=person)
    post = Post(user=person, workplace=locked.workplace, role=locked.role, wte=locked.wte)
    _check(post)
    post.save()
    locked.post, locked.accepted_at = post, timezone.now()
    locked.save(update_fields=["post", "accepted_at"])
    record("invitation.accepted", by=person, subject=locked, facts=_facts(locked))
    record("post.opened", by=person, subject=post, facts=_facts(post) | {"user": person.pk})
    vars(person).pop("current_posts", None)  # counted before this one
    signals.invitation_accepted.send(sender=Invitation, invitation=locked, user=person)
    return person


@transaction.atomic
def end_post(post: Post, *, last_day: dt.date, by: User) -> Post:
    """Sets the last day with access; a day in the past ends it now. A post that has not ended may be moved again.

    Raises PermissionDenied, and Refused when the post has ended, when the day is before its first, and when nobody
    would be left to administer.
    """
    if post.role == Role.ADMINISTRATOR:
        lock_administrators()
    locked = Post.objects.select_for_update(of=("self",)).select_related("workplace", "user").get(pk=post.pk)
    if not permissions.can_end_post(by, locked):
        raise PermissionDenied
    if locked.end_date and locked.end_date < timezone.localdate():
        raise Refused("This post has ended already.")
    if locked.role == Role.ADMINISTRATOR:
        refuse_without_administrator(besides=locked.user)
    before, locked.end_date = locked.end_date, last_day
    _check(locked)
    locked.save(update_fields=["end_date"])
    record(
        "post.ended",
        by=by,
        subject=locked,
        facts=_facts(locked) | {"user": locked.user_id, "before": before, "last_day": last_day},
    )
    return locked


@transaction.atomic
def change_name(person: User, *, name: str, by: User) -> User:
    """Sets the name that colleagues see. What was written under the old one keeps the old one in the audit trail."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    if not permissions.can_change_name(by, locked):
        raise PermissionDenied
    before, locked.name = locked.name, name
    locked.save(update_fields=["name"])
    for profile in Profile.objects.filter(user=locked):
        profile.save(update_fields=["words"])  # by which they are found
    if before != name:
        record("account.renamed", by=by, subject=locked, facts={"before": before, "after": name})
    return locked


@transaction.atomic
def close_account(person: User, *, by: User) -> User:
    """Ends every session and refuses every log-in; posts stay as they are, and open nothing meanwhile.

    Raises PermissionDenied, and Refused when nobody would be left to administer.
    """
    lock_administrators()
    locked = _lock_account(person, by)
    refuse_without_administrator(besides=locked)
    return _set_active(locked, False, "account.closed", by)


@transaction.atomic
def open_account(person: User, *, by: User) -> User:
    """Lets somebody log in again, with the posts they hold by date.

    Raises PermissionDenied, and Refused when they have left and nothing is there to open.
    """
    locked = _lock_account(person, by)
    if locked.left_at:
        raise Refused(f"{locked} has left, and the account is erased. They can be invited anew.")
    return _set_active(locked, True, "account.reopened", by)


@transaction.atomic
def remove_second_factor(person: User, *, by: User) -> User:
    """For somebody who has lost phone and recovery codes: the next log-in asks for the password and a new factor.

    Mails the person. Raises PermissionDenied, and Refused when there is none.
    """
    locked = _lock_account(person, by)
    removed, _ = Authenticator.objects.filter(user=locked).delete()
    if not removed:
        raise Refused(f"{locked} has no second factor.")
    event = record("account.second_factor_removed", by=by, subject=locked)
    emails.second_factor_removed(locked, event.pk)
    return locked


def _check(instance: Invitation | Post) -> None:
    """Asks the model's own rules, which the forms ask too, once more under the lock."""
    try:
        instance.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _facts(subject: Invitation | Post) -> dict[str, object]:
    return {"workplace": str(subject.workplace), "role": subject.role}


def _lock_unanswered(invitation: Invitation, by: User) -> Invitation:
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("workplace").get(pk=invitation.pk)
    if not permissions.can_change_invitation(by, locked):
        raise PermissionDenied
    if locked.accepted_at:
        raise Refused(f"{locked.name} has accepted this invitation already.")
    if locked.withdrawn_at:
        raise Refused("This invitation has been withdrawn. Invite the person again instead.")
    return locked


def _lock_account(person: User, by: User) -> User:
    locked = User.objects.select_for_update().get(pk=person.pk)
    if not permissions.can_change_account(by, locked):
        raise PermissionDenied
    return locked


def lock_administrators() -> None:
    """Two administrators who end each other's posts at once take turns."""
    list(Post.objects.filter(role=Role.ADMINISTRATOR).select_for_update(of=("self",)).order_by("pk"))


def refuse_without_administrator(*, besides: User) -> None:
    others = Post.objects.current().filter(role=Role.ADMINISTRATOR, end_date=None).exclude(user=besides)
    if besides.has_role(Role.ADMINISTRATOR) and not others.exists():
        raise Refused("Nobody else is an administrator without an end date. Invite another one first.")


def _set_active(person: User, active: bool, verb: str, by: User) -> User:
    if person.is_active != active:
        person.is_active = active
        person.save(update_fields=["is_active"])
        record(verb, by=by, subject=person)
    return person
