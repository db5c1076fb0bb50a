"""Jobs and volunteer roles: for whoever looks for one, and for whoever posted one, neither of whom needs an account."""

import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linkworkers.actions import Refused
from linkworkers.limits import allows
from members.actions import vacancies as actions
from members.forms.vacancies import OfferForm, PostForm, RenewForm, SearchForm
from members.models import Vacancy
from members.vacancy_feed import VacancyFeed, json_ld
from members.vacancy_links import read_link
from members.writing import as_part

PAGE = 20
SIMILAR = 3
GET_OR_POST = ["GET", "POST"]


@require_safe
def vacancies(request: HttpRequest) -> HttpResponse:
    """What is open, narrowed to what is asked for."""
    search = SearchForm(request.GET)
    found = search.found(_open())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "members/vacancies/list.html", {"form": search, "page": page})


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The same for feed readers."""
    return VacancyFeed()(request)


@require_safe
def vacancy(request: HttpRequest, vacancy_slug: str) -> HttpResponse:
    """One of them; when it has closed or was withdrawn, kind words and what is like it."""
    ended = [Vacancy.State.APPROVED, Vacancy.State.WITHDRAWN]
    shown = Vacancy.objects.filter(state__in=ended, published_at__isnull=False).select_related("pay_band")
    found = get_object_or_404(shown, slug=vacancy_slug)
    if not found.is_open:
        context = {"vacancy": found, "similar": _similar(found)}
        return render(request, "members/vacancies/closed.html", context, status=HTTPStatus.GONE)
    context = {"vacancy": found, "about": as_part(found.about, 3), "markup": json_ld(found)}
    return render(request, "members/vacancies/vacancy.html", context)


@require_http_methods(GET_OR_POST)
def vacancy_new(request: HttpRequest) -> HttpResponse:
    """Anybody posts one; a link in a mail confirms that it was they."""
    form = PostForm(request.POST or None, initial={"submission": uuid.uuid4(), **_known(request)})
    too_many, refusal = False, ""
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["contact_email"]
        too_many = not allows(request, "vacancy_new", email.lower())
        if not too_many:
            try:
                if not form.is_from_a_program:
                    who = {name: form.cleaned_data[name] for name in ("contact_name", "contact_email", "submission")}
                    actions.post(offer=form.offer, **who)
            except Refused as refused:
                refusal = str(refused)
            else:
                return redirect("vacancy_sent")
    context = {"form": form, "too_many": too_many, "refusal": refusal}
    return render(request, "members/vacancies/new.html", context, status=429 if too_many else 200)


@require_safe
def vacancy_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "members/vacancies/sent.html")


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Opens the view with what a private link is about. An altered link is 404, and an old one offers a new one."""

    @wraps(view)
    @never_cache
    def opened(request: HttpRequest, vacancy_token: str) -> HttpResponse:
        link = read_link(vacancy_token)
        if link is None:
            raise Http404
        number, expired = link
        found = get_object_or_404(Vacancy.objects.select_related("pay_band", "decided_by"), pk=number)
        if expired:
            return _old_link(request, found)
        return view(request, found)

    return opened


def _old_link(request: HttpRequest, found: Vacancy) -> HttpResponse:
    sent = request.method == "POST"
    if sent:
        actions.send_new_link(found)
    return render(request, "members/vacancies/old_link.html", {"sent": sent}, status=HTTPStatus.GONE)


@require_http_methods(GET_OR_POST)  # a POST to an old link asks for a new one
@by_link
def vacancy_own(request: HttpRequest, found: Vacancy) -> HttpResponse:
    """The poster's page of it: how it stands, and what they can do."""
    return _own(request, found, RenewForm(initial={"closes_on": found.closes_on}))


def _own(request: HttpRequest, found: Vacancy, form: RenewForm) -> HttpResponse:
    wanted = found.proposed()
    context = {"vacancy": found, "wanted": wanted, "about": as_part(wanted.about, 3), "form": form}
    return render(request, "members/vacancies/own.html", {**context, "path": _back(request)})


@require_POST
@by_link
def vacancy_confirm(request: HttpRequest, found: Vacancy) -> HttpResponse:
    return _do(request, found, lambda: actions.confirm(found), "Thank you. The office reads it, usually in two days.")


@require_http_methods(GET_OR_POST)
@by_link
def vacancy_edit(request: HttpRequest, found: Vacancy) -> HttpResponse:
    if found.state == Vacancy.State.WITHDRAWN:
        return redirect(_back(request))
    form = OfferForm(request.POST or None, instance=found.proposed())
    if request.method == "POST" and form.is_valid():
        said = "Saved. The office reads it; until then nothing changes on the site."
        if found.state == Vacancy.State.UNCONFIRMED:
            said = "Saved. Now confirm it, and the office reads it."
        return _do(request, found, lambda: actions.edit(found, offer=form.offer), said)
    return render(request, "members/vacancies/edit.html", {"form": form, "vacancy": found, "path": _back(request)})


@require_POST
@by_link
def vacancy_renew(request: HttpRequest, found: Vacancy) -> HttpResponse:
    form = RenewForm(request.POST)
    if not form.is_valid():
        return _own(request, found, form)
    return _do(
        request,
        found,
        lambda: actions.renew(found, closes_on=form.cleaned_data["closes_on"]),
        "It is open until the end of that day.",
    )


@require_http_methods(GET_OR_POST)
@by_link
def vacancy_withdraw(request: HttpRequest, found: Vacancy) -> HttpResponse:
    if request.method == "POST":
        return _do(request, found, lambda: actions.withdraw(found), "It is withdrawn. Nobody sees it any more.")
    return render(request, "members/vacancies/withdraw.html", {"vacancy": found, "path": _back(request)})


@require_POST
@by_link
def vacancy_outcome(request: HttpRequest, found: Vacancy) -> HttpResponse:
    filled = request.POST.get("filled") == "yes"
    return _do(request, found, lambda: actions.tell_outcome(found, filled=filled), "Thank you for telling us.")


def _back(request: HttpRequest) -> str:
    """The private page by the link that was used: a visit does not make it last longer."""
    return reverse("vacancy_own", kwargs=request.resolver_match.kwargs)  # type: ignore[union-attr]


def _do(request: HttpRequest, found: Vacancy, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(_back(request))


def _open() -> QuerySet[Vacancy]:
    """For lists, which show everything but the text."""
    return Vacancy.objects.open().select_related("pay_band").defer("about", "words")


def _similar(ended: Vacancy) -> list[Vacancy]:
    """Open ones of the same kind: in its region first where there are any, else from anywhere. At most two queries."""
    alike = _open().filter(kind=ended.kind).order_by("-published_at")
    near = list(alike.in_region(ended.region)[:SIMILAR]) if ended.region else []  # type: ignore[attr-defined]
    return near or list(alike[:SIMILAR])


def _known(request: HttpRequest) -> dict[str, str]:
    user = request.user
    return {"contact_name": user.name, "contact_email": user.email} if user.is_authenticated else {}
