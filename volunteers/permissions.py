"""Who may do what with volunteers, clinics and bookings: one function for each decision."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import Post, Role, User, Workplace
from referrals import permissions as of_referrals
from referrals.models import Referral
from volunteers.models import (
    Booking,
    Clinic,
    ClinicSession,
    CoverRequest,
    ExpenseClaim,
    Requirement,
    Shift,
    Stage,
    Swap,
    Volunteer,
    VolunteerRole,
)


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


def can_settle(user: User, claim: ExpenseClaim) -> bool:
    """Approve, return, decline or pay a claim: whoever looks after that volunteer, and the office. Never one's own."""
    return claim.claimant_id != user.pk and can_pay_at(user, claim.volunteer.workplace)


def can_pay_at(user: User, workplace: Workplace) -> bool:
    """Make and settle the lists by which a workplace's volunteers are paid back."""
    return user.has_role(Role.ADMINISTRATOR) or can_coordinate(user, workplace)


def can_thank(user: User, volunteer: Volunteer) -> bool:
    """Write to a volunteer, sign what they gave, and answer for the hours they noted: who coordinates their workplace,
    and nobody for themselves.
    """
    return volunteer.user_id != user.pk and can_coordinate(user, volunteer.workplace)


def can_take_off_board(user: User, volunteer: Volunteer) -> bool:
    """Themselves at any time, and their coordinator."""
    return can_act_as(user, volunteer) or can_coordinate(user, volunteer.workplace)


def boards_of(user: User) -> QuerySet[Workplace]:
    """The workplaces whose photo board this person sees: those whose clinics they see."""
    here = user.workplace_ids(Role.COORDINATOR, Role.VOLUNTEER, Role.PRACTICE_STAFF)
    above = user.workplace_ids(Role.COORDINATOR, Role.VOLUNTEER, Role.LINK_WORKER, Role.MANAGER)
    return Workplace.objects.filter(Q(pk__in=here) | Q(parent__in=above))


def can_ask_cover(user: User, shift: Shift) -> bool:
    """Look for somebody to take a shift, or say that nobody is needed after all: its volunteer, and coordinators."""
    return can_act_as(user, shift.volunteer) or can_coordinate(user, shift.session.clinic.practice)


def can_withdraw_cover(user: User, request: CoverRequest) -> bool:
    """Whoever asked, while they volunteer there or coordinate it; the shift's volunteer; and coordinators."""
    if can_coordinate(user, request.session.clinic.practice):
        return True
    if request.shift:
        return can_act_as(user, request.shift.volunteer)
    practice = request.session.clinic.practice
    held = user.workplace_ids(Role.VOLUNTEER)
    return user.pk == request.asked_by_id and (practice.pk in held or practice.parent_id in held)


def can_decide_swap(user: User, swap: Swap) -> bool:
    """Approve a swap, or not: coordinators of a clinic of it whose swaps are approved."""
    clinics = [shift.session.clinic for shift in (swap.mine, swap.theirs)]
    return any(clinic.swaps_need_approval and can_coordinate(user, clinic.practice) for clinic in clinics)


def can_change_booking(user: User, booking: Booking) -> bool:
    """Move, confirm or cancel it: the practice that referred, and link workers of the network."""
    return of_referrals.can_book_clinic(user, booking.referral)


def is_booked_with(user: User, booking: Booking) -> bool:
    """Whether this is the volunteer who sees them, and may still look: see `BookingQuerySet.booked_with`."""
    return Booking.objects.booked_with(user).filter(pk=booking.pk).exists()


@dataclass(frozen=True)
class Names:
    """Where somebody is told which volunteers are on: at these practices, and at all practices of these networks.

    In `whole` they are told their full names, elsewhere what people call them.
    """

    practices: frozenset[int]
    networks: frozenset[int]
    whole: frozenset[int]

    def seen_at(self, practice_id: int, network_id: int | None) -> bool:
        return practice_id in self.practices or network_id in self.networks

    def whole_at(self, practice_id: int, network_id: int | None) -> bool:
        return practice_id in self.whole or network_id in self.whole


def names_for(user: User) -> Names:
    """Coordinators, link workers and a practice's staff are told the names of volunteers; volunteers what those they
    help with are called. Managers have no need of names.
    """
    volunteering = user.workplace_ids(Role.VOLUNTEER)
    network = user.workplace_ids(Role.COORDINATOR, Role.LINK_WORKER)
    staff = user.workplace_ids(Role.PRACTICE_STAFF)
    return Names(
        practices=frozenset([*volunteering, *user.workplace_ids(Role.COORDINATOR), *staff]),
        networks=frozenset([*volunteering, *network]),
        whole=frozenset([*network, *staff]),
    )


def can_decide(user: User, volunteer: Volunteer) -> bool:
    """Move somebody along their way, record their checks and read their references: their coordinators, and nobody of
    themselves, also before their application has an account.
    """
    is_self = volunteer.user_id == user.pk or (
        volunteer.user_id is None and volunteer.email.lower() == user.email.lower()
    )
    return not is_self and can_coordinate(user, volunteer.workplace)


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
