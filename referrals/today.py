"""What *today* shows of referrals, for each post that somebody can hold."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from members.models import Role, User
from referrals.models import Appointment, CareContact, Episode, FollowUp, MessageBack, Referral, ReferralDraft
from referrals.models.person import row_of
from referrals.models.referral import HELD, State, Urgency

# "About 250 people a year for one whole-time link worker": NHS England's guidance for primary care networks.
PEOPLE_A_YEAR = 250
SMALLEST_SHOWN = 5  # a manager is never told a smaller count of people
SHOWN = 5  # rows of a list before "and more"
UNWRITTEN_FOR = dt.timedelta(days=14)  # how far back to ask what came of an appointment


@dataclass(frozen=True)
class LinkWorkerDay:
    """A link worker's day. `people` were accepted since `year_began`; `target` is what the post's WTE stands for."""

    wte: Decimal | None
    workplaces: list[str]
    overdue: int
    due_today: int
    due: list[FollowUp]
    to_triage: int
    new: list[Referral]
    joined: list[Referral]
    appointments: list[Appointment]
    unwritten: list[Appointment]
    people: int
    target: int
    year_began: dt.date

    @property
    def crises(self) -> int:
        """How many of the new referrals are a crisis; they come first in the list."""
        return sum(referral.urgency == Urgency.CRISIS for referral in self.new)

    @property
    def more_due(self) -> int:
        """How many due follow-ups the list leaves out."""
        return self.overdue + self.due_today - len(self.due)

    @property
    def nothing_needs_you(self) -> bool:
        return not (self.due or self.new or self.joined or self.unwritten)


@dataclass(frozen=True)
class PracticeDay:
    """What waits for a practice: questions to answer, letters to file, referrals half written."""

    workplaces: list[str]
    questions: Sequence[Referral]
    letters: Sequence[MessageBack]
    drafts: Sequence[ReferralDraft]
    recent: Sequence[Referral]


@dataclass(frozen=True)
class NetworkDay:
    """What a manager is told: no names, and no count of people under five."""

    workplaces: list[str]
    unanswered: Sequence[Referral]
    waiting: str
    open_cases: str
    without_holder: str


@dataclass(frozen=True)
class Panel:
    link_worker: LinkWorkerDay | None
    practice: PracticeDay | None
    manager: NetworkDay | None


def panel(user: User) -> Panel:
    """Each part is None for somebody without the post for it."""
    return Panel(
        link_worker=link_worker_day(user) if user.has_role(Role.LINK_WORKER) else None,
        practice=practice_day(user) if user.has_role(Role.PRACTICE_STAFF) else None,
        manager=network_day(user) if user.has_role(Role.MANAGER) else None,
    )


def link_worker_day(user: User) -> LinkWorkerDay:
    """Six queries, however long the day, of which the page's navigation shares one."""
    today = timezone.localdate()
    start, end = day_bounds(today)
    year_began = year_of(today)
    due = list(
        FollowUp.objects.waiting_for(user)
        .filter(due_on__lte=today)
        .select_related("episode__person")
        .only("what", "due_on", "episode__reference", *row_of("episode__person"))
    )
    diary = list(
        Appointment.objects.filter(
            with_user=user, cancelled_at=None, starts_at__gte=start - UNWRITTEN_FOR, starts_at__lt=end
        )
        .filter(episode__network__in=user.workplace_ids(Role.LINK_WORKER), episode__closed_at=None, contact=None)
        .select_related("episode__person")
        .only("kind", "starts_at", "place", "note", "episode__reference", *row_of("episode__person"))
        .order_by("starts_at")
    )
    new = (
        Referral.objects.for_triage_by(user)
        .filter(state=State.SUBMITTED)
        .select_related("practice")
        .only("reference", "urgency", "reasons", "waiting_since", "practice__name")
        .by_urgency_and_wait()
    )
    posts = [post for post in user.current_posts if post.role == Role.LINK_WORKER]
    wte = sum((post.wte for post in posts if post.wte), Decimal(0)) or None
    return LinkWorkerDay(
        wte=wte,
        workplaces=[post.workplace.name for post in posts],
        overdue=sum(follow_up.due_on < today for follow_up in due),
        due_today=sum(follow_up.due_on == today for follow_up in due),
        due=due[:SHOWN],
        to_triage=inbox_count(user),
        new=list(new[:SHOWN]),
        joined=list(joined_without_a_word(user)[:SHOWN]),
        appointments=[appointment for appointment in diary if appointment.starts_at >= start],
        unwritten=[appointment for appointment in diary if appointment.starts_at < start][:SHOWN],
        people=Episode.objects.held_by(user).filter(accepted_at__gte=day_bounds(year_began)[0]).count(),
        target=int((wte or Decimal(1)) * PEOPLE_A_YEAR),
        year_began=year_began,
    )


def joined_without_a_word(user: User) -> QuerySet[Referral]:
    """Referrals that joined a case this person holds, since when nobody has logged a contact with the person."""
    since = CareContact.objects.filter(episode=OuterRef("episode"), happened_at__gte=OuterRef("submitted_at"))
    return (
        Referral.objects.filter(
            state__in=HELD, episode__holder=user, episode__closed_at=None, submitted_at__gt=F("episode__accepted_at")
        )
        .filter(~Exists(since))
        .select_related("practice", "episode__person")
        .only("urgency", "submitted_at", "practice__name", "episode__reference", *row_of("episode__person"))
        .order_by("submitted_at", "pk")
    )


def inbox_count(user: User) -> int:
    """How many referrals wait in this person's inbox: one query for each request, however often it is asked."""
    if not hasattr(user, "_inbox_count"):
        user._inbox_count = Referral.objects.for_triage_by(user).count()  # type: ignore[attr-defined]
    return user._inbox_count  # type: ignore[attr-defined]


def practice_day(user: User) -> PracticeDay:
    """Four queries."""
    own = (
        Referral.objects.filter(practice__in=user.workplace_ids(Role.PRACTICE_STAFF))
        .select_related("episode__person", "episode__holder")
        .only("reference", "state", "submitted_at", "episode__holder__name", *row_of("episode__person"))
        .order_by("-submitted_at", "-pk")
    )
    letters = (
        MessageBack.objects.to_file_by(user)
        .select_related("episode__person")
        .only("kind", "created_at", "episode__reference", *row_of("episode__person"))
        .order_by("created_at", "pk")
    )
    return PracticeDay(
        workplaces=[post.workplace.name for post in user.current_posts if post.role == Role.PRACTICE_STAFF],
        questions=list(own.filter(state=State.MORE_ASKED)[:SHOWN]),
        letters=list(letters[:SHOWN]),
        drafts=list(ReferralDraft.objects.visible_to(user)[:SHOWN]),
        recent=list(own[:SHOWN]),
    )


def network_day(user: User) -> NetworkDay:
    """Four queries."""
    networks = user.workplace_ids(Role.MANAGER)
    referrals = Referral.objects.filter(network__in=networks)
    return NetworkDay(
        workplaces=[post.workplace.name for post in user.current_posts if post.role == Role.MANAGER],
        unanswered=list(
            referrals.unanswered().select_related("practice", "network").order_by("waiting_since", "pk")[:20]
        ),
        waiting=at_least_five(referrals.filter(state=State.SUBMITTED).count()),
        without_holder=at_least_five(Episode.objects.without_a_current_holder().filter(network__in=networks).count()),
        open_cases=at_least_five(Episode.objects.on_caseload().filter(network__in=networks).count()),
    )


def at_least_five(count: int) -> str:
    """A count of people in words: under five it is not told, for a small number can name somebody."""
    if count == 0:
        return "none"
    return str(count) if count >= SMALLEST_SHOWN else f"fewer than {SMALLEST_SHOWN}"


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a London day, and of the next: 23, 24 or 25 hours apart."""
    start = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    return start, timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def year_of(day: dt.date) -> dt.date:
    """The first day of the contract year of primary care networks, which runs from April to March."""
    return dt.date(day.year if day.month >= 4 else day.year - 1, 4, 1)
