"""The health check of a programme, for coordinators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from members.http import Request
from members.models import Role, Workplace
from referrals.access import for_roles
from volunteers import health
from volunteers.actions import health as actions
from volunteers.forms.thanks import HealthForm


@require_GET
@login_required
@for_roles(Role.COORDINATOR)
def programme_health(request: Request) -> HttpResponse:
    """The eleven questions at one of the workplaces that this person coordinates, ?at=… or the first."""
    workplaces = health.workplaces_of(request.user)
    chosen = next((each for each in workplaces if str(each.pk) == request.GET.get("at")), workplaces[0])
    results = health.check(chosen)
    context = {
        "workplaces": workplaces,
        "workplace": chosen,
        "results": results,
        "tally": [(word, sum(each.word == word for each in results)) for word in health.WORDS.values()],
        "today": timezone.localdate(),
    }
    return render(request, "volunteers/thanks/programme_health.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@for_roles(Role.COORDINATOR)
def health_answer(request: Request, practice_id: int, health_question: str) -> HttpResponse:
    """Answering one of the questions at a workplace; where data answer it, adding what they do not say."""
    workplace = _workplace(request, practice_id)
    question = health.BY_KEY.get(health_question)
    if question is None:
        raise Http404
    form = HealthForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer(workplace, question=question.key, **form.cleaned_data, by=request.user)
        messages.success(request, "Your answer is kept.")
        return redirect(f"{reverse('programme_health')}?at={workplace.pk}#{question.key}")
    context = {"form": form, "workplace": workplace, "question": question}
    return render(request, "volunteers/thanks/health_answer.html", context)


def _workplace(request: Request, workplace_id: int) -> Workplace:
    found = next((each for each in health.workplaces_of(request.user) if each.pk == workplace_id), None)
    if found is None:
        raise Http404
    return found
