"""Working on a case. Every page here is for link workers of the case's network."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from linkworkers.actions import Refused
from members.http import Request
from members.models import Role
from referrals import actions
from referrals.access import for_roles, get_case
from referrals.forms import (
    AmendmentForm,
    AnyContactForm,
    AppointmentForm,
    CancelForm,
    CaseForm,
    CloseForm,
    ConsentForm,
    ContactForm,
    FollowUpForm,
    HandOverForm,
    IdentityForm,
    PersonForm,
)
from referrals.models import Episode
from referrals.models.episode import known_case, known_consent
from referrals.models.person import known_details
from referrals.views._form import GET_OR_POST, form_page

for_link_workers = for_roles(Role.LINK_WORKER)


def _case_page(request: Request, episode: Episode, form: Form, act: Any, **page: Any) -> HttpResponse:
    """A form page that comes from the case and goes back to it."""
    case = reverse("referral", args=[episode.reference])
    return form_page(request, form, act, to=case, back=case, episode=episode, **page)


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def contact_new(request: Request, reference: str) -> HttpResponse:
    """Logs a contact. `?appointment=` says which appointment it was, and fills in what that knows."""
    episode = get_case(request, reference)
    appointment = None
    if number := request.GET.get("appointment"):
        appointment = get_object_or_404(episode.appointments, pk=number if number.isdecimal() else 0, cancelled_at=None)
    form = ContactForm(request.POST or None, initial=ContactForm.known_from(appointment))
    return _case_page(
        request,
        episode,
        form,
        lambda data: actions.log_contact(episode=episode, by=request.user, appointment=appointment, **form.facts()),
        title=f"Log a contact with {episode.person.called}",
        button="Save",
        said="Saved.",
        template="referrals/contact_new.html",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def contact_anyone(request: Request) -> HttpResponse:
    """Logs a contact from anywhere: whom with is the first question."""
    form = AnyContactForm(request.POST or None, user=request.user)
    return form_page(
        request,
        form,
        lambda data: actions.log_contact(episode=data["case"], by=request.user, **form.facts()),
        title="Log a contact",
        button="Save",
        said="Saved.",
        to=reverse("today"),
        back=reverse("today"),
        template="referrals/contact_new.html",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def contact_amend(request: Request, reference: str, contact_id: int) -> HttpResponse:
    """Puts a note right, beside the note as it was first written."""
    episode = get_case(request, reference)
    contact = get_object_or_404(episode.contacts.select_related("episode"), pk=contact_id)
    latest = contact.amendments.last()
    return _case_page(
        request,
        episode,
        AmendmentForm(request.POST or None, initial={"note": latest.note if latest else contact.note}),
        lambda data: actions.amend_contact(contact=contact, by=request.user, **data),
        title="Put this note right",
        lead="The first note stays readable below the new one.",
        button="Save the amendment",
        said="Amended. The first note can still be read below it.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def appointment_new(request: Request, reference: str) -> HttpResponse:
    episode = get_case(request, reference)
    form = AppointmentForm(request.POST or None)
    return _case_page(
        request,
        episode,
        form,
        lambda data: actions.book_appointment(episode=episode, by=request.user, **form.facts()),
        title=f"Book an appointment with {episode.person.called}",
        button="Book",
        said="Booked.",
        warn_of_risk=True,
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def appointment_cancel(request: Request, reference: str, appointment_id: int) -> HttpResponse:
    episode = get_case(request, reference)
    appointment = get_object_or_404(episode.appointments.select_related("episode"), pk=appointment_id)
    return _case_page(
        request,
        episode,
        CancelForm(request.POST or None),
        lambda data: actions.cancel_appointment(appointment=appointment, by=request.user, **data),
        title="Cancel this appointment",
        appointment=appointment,
        button="Cancel the appointment",
        cancel_label="Keep it",
        said="Cancelled. Make sure that they know.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def follow_up_new(request: Request, reference: str) -> HttpResponse:
    episode = get_case(request, reference)
    return _case_page(
        request,
        episode,
        FollowUpForm(request.POST or None),
        lambda data: actions.add_follow_up(episode=episode, by=request.user, **data),
        title=f"What is next for {episode.person.called}?",
        button="Put it on the list",
        said="It is on the list.",
    )


@require_POST
@login_required
@for_link_workers
def follow_up_done(request: Request, reference: str, follow_up_id: int) -> HttpResponse:
    """Ticks a follow-up off, from the case or from *today*."""
    episode = get_case(request, reference)
    follow_up = get_object_or_404(episode.followups.select_related("episode"), pk=follow_up_id)
    try:
        actions.complete_follow_up(follow_up=follow_up, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Done: {follow_up.what}")
    return redirect(reverse("today") if request.POST.get("next") == "today" else reverse("referral", args=[reference]))


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def person_edit(request: Request, reference: str) -> HttpResponse:
    episode = get_case(request, reference)
    return _case_page(
        request,
        episode,
        PersonForm(request.POST or None, known=known_details(episode.person)),
        lambda data: actions.update_person(episode=episode, details=data, by=request.user, seen=data.pop("seen")),
        title=f"What we know of {episode.person.called}",
        button="Save",
        said="Saved.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def identity_edit(request: Request, reference: str) -> HttpResponse:
    """Puts a name, a birthday or an NHS number right."""
    episode = get_case(request, reference)
    names = ("given_name", "family_name", "date_of_birth", "nhs_number")
    return _case_page(
        request,
        episode,
        IdentityForm(request.POST or None, initial={name: getattr(episode.person, name) for name in names}),
        lambda data: actions.correct_identity(episode=episode, by=request.user, **data),
        title="Put right who this is",
        lead="Check with the practice first. The change is recorded.",
        button="Save",
        said="Saved.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def case_edit(request: Request, reference: str) -> HttpResponse:
    episode = get_case(request, reference)
    return _case_page(
        request,
        episode,
        CaseForm(request.POST or None, known=known_case(episode)),
        lambda data: actions.update_case(episode=episode, by=request.user, **data),
        title=f"What matters to {episode.person.called}",
        button="Save",
        said="Saved.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def consent_edit(request: Request, reference: str) -> HttpResponse:
    episode = get_case(request, reference)
    return _case_page(
        request,
        episode,
        ConsentForm(request.POST or None, known=known_consent(episode)),
        lambda data: actions.change_consent(episode=episode, by=request.user, **data),
        title="What may the practice be told?",
        button="Save",
        said="Saved. It counts from the next message.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def hand_over(request: Request, reference: str) -> HttpResponse:
    episode = get_case(request, reference)
    return _case_page(
        request,
        episode,
        HandOverForm(request.POST or None, episode=episode),
        lambda data: actions.hand_over(episode=episode, by=request.user, **data),
        title="Hand this case over",
        lead="The follow-ups and the appointments to come go with it. Whoever takes it on gets a mail.",
        button="Hand over",
        said="Handed over, with its follow-ups.",
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_link_workers
def close(request: Request, reference: str) -> HttpResponse:
    episode = get_case(request, reference)
    return _case_page(
        request,
        episode,
        CloseForm(request.POST or None, shares_everything=episode.shares_everything),
        lambda data: actions.close(episode=episode, by=request.user, **({"letter": ""} | data)),
        title=f"Close the case of {episode.person.called}",
        lead=""
        if episode.shares_everything
        else "They agreed to share only the codes, so no letter about how it went goes to the practice.",
        button="Close the case",
        said="The case is closed.",
    )
