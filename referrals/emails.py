"""The mails of the referral journey. They say that something happened and link to it; none says about whom."""

from linkworkers.outbox.actions import queue
from members.mail_kinds import unsubscribe_path
from members.models import Role, User, Workplace
from referrals.mailing import addresses_at, network_addresses, page, people_at, practice_addresses, send
from referrals.models import Episode, InformationRequest, MessageBack, Referral
from referrals.today import LinkWorkerDay


def referral_received(referral: Referral) -> None:
    """To the network; to the case's holder instead when it joined a case that somebody holds."""
    holder = referral.episode.holder
    send(
        "referral-received",
        referral.pk,
        network_addresses(referral.network, holder),
        referral=referral,
        practice=referral.practice,
        joined=holder is not None,
        path=page("referral", referral.reference),
    )


def referral_accepted(referral: Referral) -> None:
    send(
        "referral-accepted",
        referral.pk,
        practice_addresses(referral),
        referral=referral,
        holder=referral.episode.holder,
        path=page("referral", referral.reference),
    )


def referral_declined(referral: Referral) -> None:
    send(
        "referral-declined",
        referral.pk,
        practice_addresses(referral),
        referral=referral,
        path=page("referral", referral.reference),
    )


def more_asked(request: InformationRequest) -> None:
    send(
        "referral-more-asked",
        request.pk,
        practice_addresses(request.referral),
        referral=request.referral,
        asker=request.asked_by,
        path=page("referral", request.referral.reference),
    )


def question_answered(request: InformationRequest) -> None:
    send(
        "referral-answered",
        request.pk,
        network_addresses(request.referral.network, request.asked_by),
        referral=request.referral,
        path=page("referral", request.referral.reference),
    )


def referral_withdrawn(referral: Referral) -> None:
    send(
        "referral-withdrawn",
        referral.pk,
        network_addresses(referral.network, referral.episode.holder),
        referral=referral,
        path=page("referral", referral.reference),
    )


def case_handed_over(episode: Episode, *, by: User, at: str) -> None:
    """To the new holder, unless they took it themselves."""
    if episode.holder and episode.holder != by:
        send(
            "case-handed-over",
            f"{episode.pk}:{at}",
            {episode.holder.email},
            by=by,
            path=page("referral", episode.reference),
        )


def accepted_by_clinic(episode: Episode, holder: User, *, practice: Workplace) -> None:
    """To the link worker who stands behind a clinic, when somebody booked into it became theirs."""
    send("clinic-case", episode.pk, {holder.email}, practice=practice, path=page("referral", episode.reference))


def message_back_ready(message: MessageBack) -> None:
    send(
        "message-back-ready",
        message.pk,
        addresses_at(message.practice, Role.PRACTICE_STAFF),
        network=message.episode.network,
        path=page("message", message.episode.reference, message.pk),
    )


def unanswered_flag(network: Workplace, *, count: int, on: str) -> bool:
    """To the network's managers; to its shared mailbox and link workers where it has no manager. False where there is
    nobody to tell.
    """
    managers = set(people_at(network, Role.MANAGER).values_list("email", flat=True))
    to = managers or addresses_at(network, Role.LINK_WORKER)
    send(
        "referrals-unanswered",
        f"{network.pk}:{on}",
        to,
        network=network,
        count=count,
        path=page("today"),
    )
    return bool(to)


def morning_digest(user: User, work: LinkWorkerDay, *, key: str) -> None:
    """What the day holds, in numbers and times. Names are on the page behind the link."""
    queue(
        key=key,
        kind="morning-digest",
        to=user.email,
        template="morning-digest",
        context={"user": user, "work": work, "path": page("today"), "inbox": page("inbox")},
        unsubscribe=unsubscribe_path(user.pk, "morning-digest"),
    )
