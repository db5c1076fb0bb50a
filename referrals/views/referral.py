"""The list of referrals or cases, and the page of one: the practice's view of it, or the link worker's case."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from linkworkers.audit.actions import record_look
from members.http import Request
from members.models import Role
from referrals import permissions
from referrals.access import for_roles, get_referral_and_others
from referrals.forms import AnswerForm
from referrals.models import Episode, MessageBack, Referral, ReferralDraft
from referrals.models.person import row_of
from referrals.models.referral import LIVE, State
from referrals.summary import differences_in_words, referral_in_words, steps
from referrals.timeline import timeline

PER_PAGE = 20

CASE_LISTS = {"mine": "Mine", "network": "The whole network", "closed": "Closed"}
REFERRAL_LISTS = {"open": "Open", "ended": "Ended"}


@require_GET
@login_required
@for_roles(Role.PRACTICE_STAFF, Role.LINK_WORKER)
def index(request: Request) -> HttpResponse:
    """A link worker's caseload; for practice staff, what their practice has referred."""
    if request.user.has_role(Role.LINK_WORKER):
        return _caseload(request)
    return _practice_referrals(request)


def _caseload(request: Request) -> HttpResponse:
    """Cases, those that need somebody first. Names in full: the caseload is the link worker's own."""
    chosen, words = _chosen(request, CASE_LISTS), _words(request)
    cases = (
        Episode.objects.visible_to(request.user)
        .select_related("person__practice", "holder")
        .only("reference", "closed_at", "outcome", "holder__name", "person__practice__name", *row_of("person"))
    )
    match chosen if not words else "":
        case "":  # a search looks everywhere
            cases = cases.order_by(F("closed_at").desc(nulls_first=True), "-pk")
        case "closed":
            cases = cases.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
        case "network":
            cases = cases.on_caseload()
        case _:
            cases = cases.on_caseload().held_by(request.user)
    if words:
        cases = cases.filter(_about(words, "person__"))
    cases = cases.with_next_steps()
    if not words and chosen != "closed":
        cases = cases.by_next_step()
    page = Paginator(cases, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "referrals/caseload.html",
        {
            "page": page,
            "chosen": "" if words else chosen,
            "lists": CASE_LISTS,
            "words": words,
            "today": timezone.localdate(),
        },
    )


def _practice_referrals(request: Request) -> HttpResponse:
    """What the practice referred, newest first; what waits for the practice is marked."""
    chosen, words = _chosen(request, REFERRAL_LISTS), _words(request)
    rows = (
        Referral.objects.visible_to(request.user)
        .select_related("episode__person", "episode__holder")
        .only(
            "reference", "state", "submitted_at", "referrer_name", "episode__holder__name", *row_of("episode__person")
        )
    )
    if not words:
        rows = rows.filter(state__in=LIVE) if chosen == "open" else rows.exclude(state__in=LIVE)
    else:  # a search looks everywhere
        rows = rows.filter(_about(words, "episode__person__") | Q(reference__icontains=words))
    unfiled = MessageBack.objects.to_file_by(request.user).filter(episode=OuterRef("episode"))
    rows = rows.annotate(has_unfiled=Exists(unfiled)).order_by("-submitted_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "referrals/practice_referrals.html",
        {
            "page": page,
            "chosen": "" if words else chosen,
            "lists": REFERRAL_LISTS,
            "words": words,
            "drafts": [] if words else list(ReferralDraft.objects.visible_to(request.user)[:10]),
        },
    )


def _chosen(request: Request, lists: dict[str, str]) -> str:
    chosen = request.GET.get("list", "")
    return chosen if chosen in lists else next(iter(lists))


def _words(request: Request) -> str:
    """What is searched for, without NUL, which Postgres cannot compare with."""
    return request.GET.get("q", "").replace("\0", "").strip()


def _about(words: str, person: str) -> Q:
    """People whose name holds every word, or whose NHS number it is."""
    found = Q()
    for word in words.split()[:5]:
        found &= (
            Q(**{f"{person}given_name__icontains": word})
            | Q(**{f"{person}family_name__icontains": word})
            | Q(**{f"{person}known_as__icontains": word})
        )
    digits = "".join(filter(str.isdigit, words))
    return found | Q(**{f"{person}nhs_number": digits}) if len(digits) == 10 else found


@require_GET
@login_required
@for_roles(Role.PRACTICE_STAFF, Role.LINK_WORKER)
def detail(request: Request, reference: str) -> HttpResponse:
    """One referral. Whoever looks is recorded."""
    referral, together = get_referral_and_others(request, reference)
    if permissions.can_work_on(request.user, referral.episode):
        return _case(request, referral, together)
    return _practice_referral(request, referral)


def _case(request: Request, referral: Referral, referrals: list[Referral]) -> HttpResponse:
    episode = referral.episode
    if referral.reference != episode.reference:
        return redirect("referral", episode.reference)
    record_look(request, episode, person_id=episode.person_id)
    return render(
        request,
        "referrals/case.html",
        {
            "episode": episode,
            "person": episode.person,
            "referrals": referrals,
            "latest": referrals[-1],
            "waiting": [each for each in referrals if each.is_waiting],
            "to_book": next((each for each in reversed(referrals) if each.is_live), None),
            "differences": [(each, found) for each in referrals if (found := differences_in_words(each))],
            "story": timeline(episode, referrals),
            "today": timezone.localdate(),
        },
    )


def _practice_referral(request: Request, referral: Referral) -> HttpResponse:
    """Where the referral stands, what the practice is asked, and what came back. No case notes."""
    record_look(request, referral, person_id=referral.episode.person_id)
    letters = list(
        MessageBack.objects.visible_to(request.user)
        .filter(episode=referral.episode, practice=referral.practice)
        .select_related("filed_by")
        .order_by("-created_at")
    )
    questions = list(referral.information_requests.select_related("asked_by", "answered_by").order_by("asked_at"))
    return render(
        request,
        "referrals/practice_referral.html",
        {
            "referral": referral,
            "episode": referral.episode,
            "person": referral.episode.person,
            "questions": questions,
            "answer_form": AnswerForm() if referral.state == State.MORE_ASKED else None,
            "can_withdraw": referral.can_move_to(State.WITHDRAWN),
            "letters": letters,
            "has_unfiled": any(letter.filed_at is None for letter in letters),
            "steps": steps(referral),
            "sections": referral_in_words(referral),
        },
    )
