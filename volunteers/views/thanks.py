"""Hours, milestones, letters and certificates: a volunteer's own, and those of whom a coordinator looks after."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from linkworkers.templatetags import plain_number
from members.http import Request
from members.models import Post, Role, User, Workplace
from referrals.access import for_roles
from volunteers import permissions
from volunteers.actions import thanks as actions
from volunteers.charts import Bar, Value, bars
from volunteers.forms.thanks import HoursForm, LetterForm
from volunteers.hours import Hours, hours_of
from volunteers.models import HERE, ExtraHours, Milestone, Stage, ThankYouLetter, Volunteer
from volunteers.prints.thanks import certificate_pdf, thank_you_pdf
from volunteers.thank_you import draft

GET_OR_POST = ["GET", "POST"]
SERVED = (*HERE, Stage.LEFT)
PER_PAGE = 25
WAITING = 20  # shown at once


@dataclass(frozen=True)
class Given:
    """A volunteer with their hours, and what they reached."""

    volunteer: Volunteer
    hours: Hours

    @property
    def months(self) -> list[Bar]:
        """Nothing is written above a month without hours."""
        return bars(
            [
                Value(month, number, plain_number(round(number, 1)) if number else "")
                for month, number in self.hours.last_months
            ]
        )

    @property
    def next_hours(self) -> int | None:
        """The next number of hours that is a milestone."""
        return next((each for each in Milestone.NUMBERS[Milestone.Kind.HOURS] if each > self.hours.total), None)

    @property
    def to_go(self) -> str:
        return plain_number(self.next_hours - self.hours.total) if self.next_hours else ""

    @property
    def reached(self) -> list[Milestone]:
        return list(self.volunteer.milestones.all())

    @property
    def waits(self) -> list[Milestone]:
        """What nobody has thanked them for."""
        return [milestone for milestone in self.reached if milestone.letter_id is None]


@require_GET
@login_required
@for_roles(Role.VOLUNTEER, Role.COORDINATOR)
def thanks(request: Request) -> HttpResponse:
    """A coordinator's team; one's own hours for volunteers, and with ?mine for a coordinator who is one too."""
    is_coordinator = permissions.is_coordinator(request.user)
    if is_coordinator and "mine" not in request.GET:
        return _team(request)
    return _mine(request, is_coordinator=is_coordinator)


def _mine(request: Request, *, is_coordinator: bool) -> HttpResponse:
    volunteering = list(
        Volunteer.objects.of(request.user)
        .exclude(started_on=None)
        .select_related("workplace")
        .prefetch_related("milestones", "thank_you_letters", "extra_hours")
    )
    hours = hours_of([each.pk for each in volunteering])
    context = {
        "given": [Given(each, hours[each.pk]) for each in volunteering],
        "is_coordinator": is_coordinator,
        "today": timezone.localdate(),
        "here": HERE,
    }
    return render(request, "volunteers/thanks/mine.html", context)


def _team(request: Request) -> HttpResponse:
    """Hours of everybody, or of those who wait to be thanked; what was noted and waits; and the ways to the rest."""
    waits = Milestone.objects.coordinated_by(request.user).not_thanked().values("volunteer")
    team = Volunteer.objects.coordinated_by(request.user).filter(
        stage__in=[*HERE, Stage.LEFT], started_on__isnull=False
    )
    listed = {"all": team, "waiting": team.filter(pk__in=waits), "left": team.filter(stage=Stage.LEFT)}
    chosen = request.GET.get("list", "all")
    chosen = chosen if chosen in listed else "all"
    people = listed[chosen].select_related("workplace").prefetch_related("milestones").order_by("name", "pk")
    if words := request.GET.get("q", "").strip().replace("\0", ""):
        people = people.filter(name__icontains=words)
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    hours = hours_of([each.pk for each in page])
    noted = ExtraHours.objects.coordinated_by(request.user).waiting().select_related("volunteer__workplace")
    context = {
        "page": page,
        "given": [Given(each, hours[each.pk]) for each in page],
        "lists": {"all": "Everybody", "waiting": "To be thanked", "left": "Left"},
        "chosen": chosen,
        "words": words,
        "noted": noted.exclude(volunteer__user=request.user).order_by("on", "pk")[:WAITING],
        "boards": _boards(request.user, page),
        "is_volunteer": request.user.has_role(Role.VOLUNTEER),
        "left": Stage.LEFT,
    }
    return render(request, "volunteers/thanks/team.html", context)


def _boards(user: User, volunteers: Iterable[Volunteer]) -> list[Workplace]:
    """Where a coordinator is, and where the volunteers of this page are. No query of its own."""
    own = [post.workplace for post in user.current_posts if post.role == Role.COORDINATOR]
    return sorted({*own, *(each.workplace for each in volunteers)}, key=lambda workplace: workplace.name)


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.VOLUNTEER)
def extra_hours(request: Request) -> HttpResponse:
    """Noting time beside the shifts, at ?at=… of those who volunteer at several workplaces."""
    own = Volunteer.objects.of(request.user).filter(stage__in=HERE).select_related("workplace").order_by("pk")
    volunteer = next((each for each in own if str(each.key) == request.GET.get("at")), None) or own.first()
    form = HoursForm(request.POST or None)
    if request.method == "POST" and volunteer and form.is_valid():
        try:
            actions.note_hours(volunteer, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Noted. It counts as soon as your coordinator has confirmed it.")
            return redirect("thanks")
    return render(request, "volunteers/thanks/extra_hours.html", {"form": form, "volunteer": volunteer})


@require_POST
@login_required
@for_roles(Role.COORDINATOR)
def extra_hours_answer(request: Request, extra_hours_id: int) -> HttpResponse:
    noted = get_object_or_404(ExtraHours.objects.coordinated_by(request.user), pk=extra_hours_id)
    confirm = request.POST.get("answer") == "confirm"
    if not confirm and request.POST.get("answer") != "decline":
        messages.error(request, "Choose whether these hours count.")
        return redirect("thanks")
    try:
        actions.answer_hours(noted, confirm=confirm, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        name = noted.volunteer.short_name
        messages.success(request, f"Counted for {name}." if confirm else f"Not counted. {name} sees that.")
    return redirect("thanks")


@require_POST
@login_required
@for_roles(Role.VOLUNTEER)
def extra_hours_take_back(request: Request, extra_hours_id: int) -> HttpResponse:
    noted = get_object_or_404(ExtraHours, pk=extra_hours_id, volunteer__user=request.user)
    try:
        actions.take_back_hours(noted, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Taken back.")
    return redirect("thanks")


@require_http_methods(GET_OR_POST)
@login_required
@for_roles(Role.COORDINATOR)
def thank_you(request: Request, volunteer_key: str) -> HttpResponse:
    """A letter of thanks, begun for the coordinator; looked at as PDF first, if they like."""
    volunteer = _coordinated(request, volunteer_key)
    given = Given(volunteer, hours_of([volunteer.pk])[volunteer.pk])
    letters = list(volunteer.thank_you_letters.all()[:10])
    initial = {"text": draft(volunteer, given.waits), "seen": letters[0].pk if letters else None}
    form = LetterForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            return as_pdf(_unsent(volunteer, form.cleaned_data["text"], given.waits, request.user), "letter.pdf")
        try:
            letter = actions.thank(volunteer, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{volunteer.short_name} has a mail that your letter is there.")
            return redirect("thank_you", letter.volunteer.key)
    context = {"form": form, "volunteer": volunteer, "given": given, "letters": letters}
    return render(request, "volunteers/thanks/thank_you.html", context)


def _unsent(volunteer: Volunteer, text: str, milestones: list[Milestone], by: User) -> bytes:
    return thank_you_pdf(
        volunteer,
        text=text,
        signed_by=str(by),
        signed_as=actions.signed_as(by, volunteer),
        on=timezone.localdate(),
        milestones=milestones,
    )


@require_GET
@login_required
def thank_you_letter(request: Request, thank_you_id: int) -> HttpResponse:
    """A letter as PDF, for whoever got it, also after they left, and for their coordinators."""
    letter = get_object_or_404(
        ThankYouLetter.objects.filter(volunteer__in=Volunteer.objects.visible_to(request.user))
        .select_related("volunteer__workplace")
        .prefetch_related(Prefetch("milestones", Milestone.objects.order_by("kind", "number"))),
        pk=thank_you_id,
    )
    made = thank_you_pdf(
        letter.volunteer,
        text=letter.text,
        signed_by=letter.signed_by,
        signed_as=letter.signed_as,
        on=timezone.localdate(letter.written_at),
        milestones=list(letter.milestones.all()),
    )
    return as_pdf(made, "thank-you.pdf")


@require_GET
@login_required
def thanks_certificate(request: Request, volunteer_key: str) -> HttpResponse:
    """What somebody gave as PDF, also after they left: for themselves and for their coordinators."""
    volunteer = get_object_or_404(
        Volunteer.objects.visible_to(request.user)
        .filter(stage__in=SERVED, started_on__isnull=False)
        .select_related("workplace"),
        key=volunteer_key,
    )
    signer = request.user if permissions.can_thank(request.user, volunteer) else _coordinator_of(volunteer)
    made = certificate_pdf(
        volunteer,
        hours=hours_of([volunteer.pk])[volunteer.pk].total,
        roles=list(volunteer.roles.values_list("name", flat=True)),
        signed_by=str(signer or ""),
        signed_as=actions.signed_as(signer, volunteer) if signer else str(Role.COORDINATOR.label),
    )
    return as_pdf(made, "certificate-of-volunteering.pdf")


def _coordinator_of(volunteer: Volunteer) -> User | None:
    """Whoever coordinates at the workplace itself, else in its network."""
    workplace = volunteer.workplace
    near = [workplace.pk, workplace.parent_id or workplace.pk]
    posts = list(
        Post.objects.current()
        .filter(workplace__in=near, role=Role.COORDINATOR)
        .exclude(user=volunteer.user_id)
        .select_related("user")
        .order_by("pk")
    )
    return min(posts, key=lambda post: near.index(post.workplace_id)).user if posts else None


def _coordinated(request: Request, volunteer_key: str) -> Volunteer:
    volunteers = Volunteer.objects.coordinated_by(request.user).exclude(started_on=None)
    volunteer = get_object_or_404(
        volunteers.select_related("workplace", "user").prefetch_related("milestones"), key=volunteer_key
    )
    if not permissions.can_thank(request.user, volunteer):
        raise Http404
    return volunteer
