"""Who may do what with volunteers, clinics and bookings: one function for each decision."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from members.models import Post, Role, User, Workplace
from referrals.models import Referral
from volunteers.models import Clinic, ClinicSession, Requirement, Stage, Volunteer, VolunteerRole


def can_coordinate(user: User, workplace: Workplace) -> bool:
    """Look after the volunteers and clinics of a workplace: its coordinators, and those of its network."""
    own = user.workplace_ids(Role.COORDINATOR)
    return workplace.pk in own or (workplace.parent_id is not None and workplace.parent_id in own)


def is_coordinator(user: User) -> bool:
    return user.has_role(Role.COORDINATOR)


def can_act_as(user: User, volunteer: Volunteer) -> bool:
    """Take shifts, give them up and answer for a volunteer: themselves, and nobody else."""
    return volunteer.user_id is not None and volunteer.user_id == user.pk


def can_book(user: User, referral: Referral, clinic: Clinic) -> bool:
    """Put somebody into a slot: the staff of the practice that referred, in its own clinics; link workers of the
    network, in all of its clinics.
    """
    at_practice = referral.practice_id == clinic.practice_id and clinic.practice_id in user.workplace_ids(
        Role.PRACTICE_STAFF
    )
    in_network = referral.network_id == clinic.practice.parent_id and referral.network_id in user.workplace_ids(
        Role.LINK_WORKER
    )
    return at_practice or in_network


def missing_for(volunteer: Volunteer, role: VolunteerRole, *, on: dt.date) -> list[Requirement]:
    """What a role needs and this volunteer has not in order on a day. One query."""
    in_order = volunteer.checks.in_order(on).values("requirement")
    return list(Requirement.objects.filter(roles=role, is_active=True).exclude(pk__in=in_order))


def why_not_cleared(volunteer: Volunteer, role: VolunteerRole, practice: Workplace, *, on: dt.date) -> str:
    """Why this volunteer cannot be `role` at a practice on a day, as a sentence; empty when they can.

    The same as `VolunteerQuerySet.cleared_for`, asked of one.
    """
    if volunteer.stage != Stage.ACTIVE:
        return f"{volunteer} is not an active volunteer: {volunteer.get_stage_display().lower()}."
    if volunteer.workplace_id not in (practice.pk, practice.parent_id):
        return f"{volunteer} does not volunteer at {practice}."
    if not volunteer.roles.filter(pk=role.pk).exists():
        return f"{volunteer} is not down as {role.name.lower()}."
    held = Post.objects.current(on).filter(
        user=volunteer.user_id, workplace=volunteer.workplace_id, role=Role.VOLUNTEER
    )
    if not held.exists():
        return f"{volunteer} has no volunteer’s post at {volunteer.workplace} on that day."
    missing = missing_for(volunteer, role, on=on)
    if missing:
        names = ", ".join(requirement.name for requirement in missing)
        return f"{volunteer} cannot be on this shift, for on that day this is not in order: {names}."
    if volunteer.absences.filter(first_day__lte=on, last_day__gte=on).exists():
        return f"{volunteer} is away on that day."
    return ""


def why_not_on(volunteer: Volunteer, session: ClinicSession) -> str:
    """Why this volunteer cannot be put on a session, as a sentence; empty when they can. Needs `session.clinic` with
    its practice and role. Whether there is a place left, and whether they are elsewhere then, the database says.
    """
    if session.is_cancelled:
        return "This session was cancelled."
    if session.starts_at <= timezone.now():
        return "This session has begun."
    return why_not_cleared(volunteer, session.clinic.role, session.clinic.practice, on=session.on)


def can_decide(user: User, volunteer: Volunteer) -> bool:
    """Move somebody along their way, record their checks and read their references: their coordinators, and nobody of
    themselves.
    """
    return volunteer.user_id != user.pk and can_coordinate(user, volunteer.workplace)


def can_change_volunteering(user: User, volunteer: Volunteer) -> bool:
    """Pause it, return, leave, say when they are away: they themselves, and their coordinators."""
    return can_act_as(user, volunteer) or can_decide(user, volunteer)


def can_keep_role(user: User, kept: VolunteerRole | Requirement) -> bool:
    """Change or retire a role or a requirement: the coordinators of the workplace that made it."""
    return kept.workplace_id is not None and kept.workplace_id in user.workplace_ids(Role.COORDINATOR)


def why_not_activated(volunteer: Volunteer) -> str:
    """Why somebody cannot become active today, as a sentence; empty when they can."""
    if volunteer.stage != Stage.INDUCTION:
        return f"{volunteer} is not in induction: {volunteer.get_stage_display().lower()}."
    if volunteer.user_id is None:
        return f"{volunteer} has no account yet. Send the invitation; they open it themselves."
    today = timezone.localdate()
    posts = Post.objects.current(today).filter(user=volunteer.user_id, workplace=volunteer.workplace_id)
    if not posts.filter(Q(end_date=None) | Q(end_date__gt=today), role=Role.VOLUNTEER).exists():
        return f"{volunteer} holds no volunteer’s post at {volunteer.workplace}. Send the invitation again."
    if not volunteer.roles.exists():
        return f"{volunteer} has no role yet. Choose at least one."
    in_order = volunteer.checks.in_order(today).values("requirement")
    missing = (
        Requirement.objects.filter(roles__volunteers=volunteer, is_active=True).exclude(pk__in=in_order).distinct()
    )
    if names := ", ".join(requirement.name for requirement in missing):
        return f"{volunteer} cannot be active yet, for this is not in order: {names}."
    return ""
