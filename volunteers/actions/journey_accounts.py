"""Induction: the account with which somebody volunteers. They open it themselves, by an invitation."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.actions import accounts
from members.models import Invitation, Post, Role, User
from members.signals import invitation_accepted
from volunteers.actions._journey import locked_for_decision, move
from volunteers.models import GONE, Stage, Volunteer


@transaction.atomic
def offer_induction(volunteer: Volunteer, *, note: str = "", seen: str = "", by: User) -> Volunteer:
    """Takes an applicant to induction and invites them to open an account as volunteer there; asked again, it sends the
    invitation again. Who holds that post already needs no invitation.

    Raises PermissionDenied, and Refused when induction is no next step.
    """
    found = locked_for_decision(volunteer, by, seen)
    if found.stage != Stage.INDUCTION:
        move(found, Stage.INDUCTION, by=by, note=note)
    address = found.user.email if found.user else found.email
    posts = Post.objects.current().filter(user__email=address, workplace=found.workplace, role=Role.VOLUNTEER)
    held = posts.select_related("user").first()
    if held and held.end_date == timezone.localdate():
        raise Refused(f"The post that {found} held ends today. Send the invitation tomorrow.")
    if held:
        give_account(found, held.user)
        return found
    open_one = Invitation.objects.unanswered().filter(email=address, workplace=found.workplace, role=Role.VOLUNTEER)
    if sent := open_one.first():
        accounts.resend_invitation(sent, by=by)
    else:
        accounts.invite(email=address, name=found.name, workplace=found.workplace, role=Role.VOLUNTEER, by=by)
    return found


def give_account(volunteer: Volunteer, user: User) -> None:
    """The locked volunteer has this account from now on, unless it is that of another volunteering there."""
    there = Volunteer.objects.filter(user=user, workplace=volunteer.workplace_id).exclude(pk=volunteer.pk)
    if volunteer.user_id or there.exists():
        return
    volunteer.user = user
    volunteer.save(update_fields=["user"])
    record("volunteer.account_opened", by=user, subject=volunteer)


@receiver(invitation_accepted, dispatch_uid="volunteers.account")
def account_opened(*, invitation: Invitation, user: User, **rest: Any) -> None:
    """Whoever takes up the post of a volunteer is the applicant of that address there, if there is one."""
    if invitation.role != Role.VOLUNTEER:
        return
    applicants = Volunteer.objects.select_for_update(of=("self",)).filter(
        Q(email__iexact=user.email), workplace=invitation.workplace_id, user=None
    )
    if applicant := applicants.exclude(stage__in=GONE).first():
        give_account(applicant, user)
