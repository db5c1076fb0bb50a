"""Writing a referral: the form, its drafts, and the page to check one's answers."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.audit.actions import record, record_look, record_looks
from members.http import Request
from members.models import Role, Workplace
from referrals import actions
from referrals.access import for_roles
from referrals.forms import ReferralForm, SamePersonForm
from referrals.forms.referral import known_answers
from referrals.models import Episode, Person, Referral, ReferralDraft
from referrals.permissions import practices_to_refer_from
from referrals.summary import answers_in_words

for_referrers = for_roles(Role.PRACTICE_STAFF, Role.LINK_WORKER)


@require_GET
@login_required
@for_referrers
def new(request: Request) -> HttpResponse:
    """An empty form. Its draft begins with the first thing saved, for looking at a page changes nothing."""
    practices = practices_to_refer_from(request.user)
    if not practices:
        return render(request, "referrals/no_practice.html")
    return _form_page(request, ReferralForm(practices=practices), uuid.uuid4())


@require_http_methods(["GET", "POST"])
@login_required
@for_referrers
def draft(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Resumes a draft (GET), or keeps it and goes on to the check page (POST)."""
    practices = practices_to_refer_from(request.user)
    if request.method == "POST":
        form = ReferralForm(request.POST, practices=practices)
        try:
            draft_saved = actions.save_draft(draft_id=draft_id, by=request.user, answers=_answers(request.POST, form))
        except Refused:
            return _already_sent(request, draft_id)
        if "later" in request.POST:
            messages.success(request, "Saved. You find it under Referrals, and only you can see it.")
            return redirect("referrals")
        if form.is_valid() and (problem := _number_problem(form)):
            form.add_error("nhs_number", problem)
            record("referral.refused", by=request.user, subject=draft_saved, summary=problem, request=request)
        if form.is_valid():
            return redirect("referral_check", draft_id)
        return _form_page(request, form, draft_id)
    saved = ReferralDraft.objects.visible_to(request.user).filter(pk=draft_id).first()
    if saved is None:
        return _already_sent(request, draft_id)
    if "check" in request.GET:
        return _form_page(request, _bound(saved, practices), draft_id)
    return _form_page(request, ReferralForm(practices=practices, initial=_initial(saved)), draft_id)


@require_POST
@login_required
@for_referrers
def autosave(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Keeps what has been typed so far; the page calls it as one types."""
    form = ReferralForm(request.POST, practices=practices_to_refer_from(request.user))
    try:
        actions.save_draft(draft_id=draft_id, by=request.user, answers=_answers(request.POST, form))
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"saved": f"{timezone.localtime():%H:%M}"})


@require_POST
@login_required
@for_referrers
def find_person(request: Request) -> HttpResponse:
    """Fills in the form for an NHS number that we know, of the practices one may refer from and no others.

    What has been typed already stays. Without JavaScript it is a button of the form, and gives the whole page.
    """
    practices = practices_to_refer_from(request.user)
    typed = _initial_of(_answers(request.POST, ReferralForm(practices=practices)))
    if before := _known(request.POST.get("filled_from", ""), practices):
        # What another number had filled in, and nobody has changed since, goes with that number.
        filled = _filled_in(before, practices)
        typed = {name: value for name, value in typed.items() if name == "nhs_number" or value != filled.get(name)}
    person = _known(request.POST.get("nhs_number", ""), practices)
    if person is None:
        if request.htmx and before is None:
            return HttpResponse(status=204)
        if not request.htmx:
            messages.info(request, "We do not know this NHS number yet. Type their details; nothing else is needed.")
        return _found_page(request, ReferralForm(practices=practices, initial=typed))
    contradicts = any(
        typed.get(name) and typed[name].strip().casefold() != getattr(person, name).casefold()
        for name in ("given_name", "family_name")
    )
    if contradicts:
        return _found_page(request, ReferralForm(practices=practices, initial=typed), contradicts=True)
    record_look(request, person, person_id=person.pk)
    answers = _filled_in(person, practices) | {name: value for name, value in typed.items() if value}
    return _found_page(
        request,
        ReferralForm(practices=practices, initial=answers),
        person=person,
        open_episode=Episode.objects.open()
        .filter(person=person, network=person.practice.parent_id)
        .select_related("holder")
        .first(),
    )


@require_http_methods(["GET", "POST"])
@login_required
@for_referrers
def check(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Everything as it will be sent, each answer with a way to change it; then sends it."""
    saved = ReferralDraft.objects.visible_to(request.user).filter(pk=draft_id).first()
    if saved is None:
        return _already_sent(request, draft_id)
    form = _bound(saved, practices_to_refer_from(request.user))
    if not form.is_valid():
        return redirect(f"{reverse('referral_draft', args=[draft_id])}?check")
    matches = form.possible_matches()
    same = SamePersonForm(request.POST or None, matches=matches) if matches else None
    if request.method == "GET" and matches:
        record_looks(request, matches)
    refusal = ""
    if request.method == "POST" and (same is None or same.is_valid()):
        chosen = same.cleaned_data["same_person"] if same else None
        try:
            sent = actions.submit(
                person=form.person_details(chosen),
                referral=form.referral_details(submission_key=draft_id, default_referrer=str(request.user)),
                by=request.user,
            )
        except Refused as refused:
            refusal = str(refused)
            # Outside what was rolled back: whoever tries numbers and birthdays leaves a trace.
            record("referral.refused", by=request.user, subject=saved, summary=refusal, request=request)
        else:
            messages.success(request, f"Sent. The reference is {sent.reference}.")
            return redirect("referral", sent.reference)
    return render(
        request,
        "referrals/check.html",
        {
            "draft": saved,
            "sections": answers_in_words(form, request.user),
            "same": same,
            "refusal": refusal,
            "can_change_practice": "practice" in form.fields,
        },
    )


@require_http_methods(["GET", "POST"])
@login_required
@for_referrers
def delete(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    saved = get_object_or_404(ReferralDraft.objects.visible_to(request.user), pk=draft_id)
    if request.method == "POST":
        actions.delete_draft(draft=saved, by=request.user)
        messages.success(request, "The draft is gone.")
        return redirect("referrals")
    return render(request, "referrals/draft_delete.html", {"draft": saved})


def _form_page(request: Request, form: ReferralForm, draft_id: uuid.UUID, part: str = "", **known: Any) -> HttpResponse:
    return render(request, f"referrals/referral_form.html{part}", {"form": form, "draft_id": draft_id, **known})


def _found_page(request: Request, form: ReferralForm, **known: Any) -> HttpResponse:
    """The form with what was found: the person's part for htmx, else the whole page."""
    return _form_page(request, form, _draft_id(request), part="#person" if request.htmx else "", **known)


def _known(number: str, practices: list[Workplace]) -> Person | None:
    """Somebody with this NHS number, of these practices and no others."""
    digits = "".join(letter for letter in number if letter.isascii() and letter.isdigit())
    if len(digits) != 10:
        return None
    return (
        Person.objects.of_practices([p.pk for p in practices])
        .select_related("practice")
        .filter(nhs_number=digits)
        .first()
    )


def _filled_in(person: Person, practices: list[Workplace]) -> dict[str, Any]:
    """What a known number fills in, as the form would post it back."""
    own = Referral.objects.filter(episode__person=person, practice__in=practices).order_by("-submitted_at", "-pk")
    answers = known_answers(person, own.values_list("as_given", flat=True).first() or {})
    return answers | {"date_of_birth": f"{person.date_of_birth:%-d %-m %Y}"}


def _number_problem(form: ReferralForm) -> str:
    """Of a valid form: whether its NHS number may be somebody else's."""
    number = form.cleaned_data["nhs_number"]
    known = Person.objects.filter(nhs_number=number).first() if number else None
    return actions.number_problem(known, form.person_details(), form.chosen_practice) if known else ""


def _answers(typed: QueryDict, form: ReferralForm) -> dict[str, list[str]]:
    """What was typed into the form's own fields, as it was typed but for NUL, which Postgres cannot keep."""
    return {name: [value.replace("\0", "") for value in typed.getlist(name)] for name in form.fields if name in typed}


def _bound(saved: ReferralDraft, practices: list[Workplace]) -> ReferralForm:
    """The form as if what the draft holds had just been posted."""
    data = QueryDict(mutable=True)
    for name, values in saved.answers.items():
        data.setlist(name, values)
    return ReferralForm(data, practices=practices)


def _initial(saved: ReferralDraft) -> dict[str, Any]:
    return _initial_of(saved.answers)


def _initial_of(answers: dict[str, list[str]]) -> dict[str, Any]:
    """Stored answers as a form's initial values: lists where a question takes several."""
    several = {"reasons", "contact_ways"}
    return {name: values if name in several else values[-1] for name, values in answers.items() if values}


def _draft_id(request: Request) -> uuid.UUID:
    """The draft that the posted form belongs to; a new one when that was tampered with."""
    try:
        return uuid.UUID(request.POST.get("draft_id", ""))
    except ValueError:
        return uuid.uuid4()


def _already_sent(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Where a second click, or the Back button, leads: to what the first one sent."""
    sent = Referral.objects.visible_to(request.user).filter(submission_key=draft_id).first()
    if sent is None:
        raise Http404
    return redirect("referral", sent.reference)
