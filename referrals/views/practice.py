"""What the practice does with a referral once it is sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from members.http import Request
from members.models import Role
from referrals import actions, permissions
from referrals.access import for_roles, get_referral
from referrals.forms import AnswerForm, WithdrawForm
from referrals.views._form import GET_OR_POST, form_page

for_practice = for_roles(Role.PRACTICE_STAFF)


@require_http_methods(GET_OR_POST)
@login_required
@for_practice
def answer(request: Request, reference: str) -> HttpResponse:
    """Answers the link worker's open question."""
    referral = get_referral(request, reference)
    if not permissions.can_answer(request.user, referral):
        raise Http404
    back = reverse("referral", args=[reference])
    question = referral.information_requests.select_related("asked_by").filter(answered_at=None).first()
    if question is None:
        messages.info(request, "There is no question waiting for an answer.")
        return redirect(back)
    return form_page(
        request,
        AnswerForm(request.POST or None),
        lambda data: actions.answer(request=question, text=data["answer"], by=request.user),
        title=f"{question.asked_by} asks",
        quote=question.question,
        button="Send the answer",
        said=f"Thank you. {question.asked_by} has your answer.",
        to=back,
        back=back,
        referral=referral,
    )


@require_http_methods(GET_OR_POST)
@login_required
@for_practice
def withdraw(request: Request, reference: str) -> HttpResponse:
    referral = get_referral(request, reference)
    if not permissions.can_withdraw(request.user, referral):
        raise Http404
    back = reverse("referral", args=[reference])
    return form_page(
        request,
        WithdrawForm(request.POST or None),
        lambda data: actions.withdraw(referral=referral, by=request.user, **data),
        title="Withdraw this referral",
        lead="The network is told, and nobody will get in touch because of it.",
        button="Withdraw",
        said="The referral is withdrawn.",
        to=back,
        back=back,
        referral=referral,
    )
