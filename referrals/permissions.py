"""Who may do what with a referral or a case: one function for each decision. States are the actions' business."""

from django.db.models import Q

from members.models import Role, User, Workplace
from referrals.models import Appointment, Episode, MessageBack, Referral


def practices_to_refer_from(user: User) -> list[Workplace]:
    """Practices this person may refer from: where they are staff, and those of the networks they are a link worker of.

    A practice without a network has nobody to send a referral to, and is left out.
    """
    own = Q(pk__in=user.workplace_ids(Role.PRACTICE_STAFF)) | Q(parent__in=user.workplace_ids(Role.LINK_WORKER))
    practices = Workplace.objects.filter(own, kind=Workplace.Kind.PRACTICE, parent__isnull=False)
    return list(practices.select_related("parent").order_by("name", "pk"))


def can_refer(user: User) -> bool:
    return user.has_role(Role.PRACTICE_STAFF, Role.LINK_WORKER)


def can_refer_from(user: User, practice: Workplace) -> bool:
    return practice.pk in user.workplace_ids(Role.PRACTICE_STAFF) or (
        practice.parent_id is not None and practice.parent_id in user.workplace_ids(Role.LINK_WORKER)
    )


def is_of_practice(user: User, referral: Referral) -> bool:
    return referral.practice_id in user.workplace_ids(Role.PRACTICE_STAFF)


def can_triage(user: User, referral: Referral) -> bool:
    """Accept, decline, ask: any link worker of the network."""
    return referral.network_id in user.workplace_ids(Role.LINK_WORKER)


def can_withdraw(user: User, referral: Referral) -> bool:
    return is_of_practice(user, referral)


def can_answer(user: User, referral: Referral) -> bool:
    return is_of_practice(user, referral)


def can_work_on(user: User, episode: Episode) -> bool:
    """Any link worker of the network: colleagues cover for each other. Who did what is recorded."""
    return episode.network_id in user.workplace_ids(Role.LINK_WORKER)


def can_write_up(user: User, episode: Episode, appointment: Appointment | None) -> bool:
    """Log a contact: whoever may work on the case, and the volunteer with whom an appointment of it is, while they
    volunteer for the network or one of its practices. Nothing else of the case opens to them.
    """
    if can_work_on(user, episode):
        return True
    if appointment is None or appointment.episode_id != episode.pk or appointment.with_user_id != user.pk:
        return False
    return any(
        post.role == Role.VOLUNTEER and episode.network_id in (post.workplace_id, post.workplace.parent_id)
        for post in user.current_posts
    )


def can_book_clinic(user: User, referral: Referral) -> bool:
    """Book the person into a clinic of volunteers: the practice that referred, and link workers of the network."""
    return is_of_practice(user, referral) or can_triage(user, referral)


def can_cancel_clinic(user: User, episode: Episode) -> bool:
    """Take the person out of a clinic: the practices that referred in this case, and link workers of the network."""
    own = user.workplace_ids(Role.PRACTICE_STAFF)
    return can_work_on(user, episode) or episode.referrals.filter(practice__in=own).exists()


def can_hold(user: User | None, episode: Episode) -> bool:
    """Whether a case of this network can be in this person's hands."""
    return user is not None and user.is_active and episode.network_id in user.workplace_ids(Role.LINK_WORKER)


def can_file(user: User, message: MessageBack) -> bool:
    return message.practice_id in user.workplace_ids(Role.PRACTICE_STAFF)
