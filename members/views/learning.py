"""The learning record and the supervision log: each page shows a member what is theirs."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkworkers.actions import Refused
from linkworkers.http import as_pdf
from linkworkers.uploads import as_download
from members.actions import learning as actions
from members.forms.learning import EntryForm, SupervisionForm
from members.http import Request, members_only
from members.learning_pdf import statement_pdf
from members.learning_year import LearningYear, own_gap, standing
from members.models import Association, LearningEntry, LearningEvidence, Supervision
from members.permissions import membership_of

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 30


class _Record:
    """Somebody's record, and the learning year that the address asks for: this one, or one with entries."""

    def __init__(self, request: Request) -> None:
        self.association = Association.get()
        self.entries = list(
            LearningEntry.objects.visible_to(request.user)
            .annotate(files=Count("evidence"))
            .order_by("-on", "-pk")
            .defer("learned", "next_step")
        )
        self.now = LearningYear.holding(None, self.association)
        days = {entry.on for entry in self.entries}
        years = {self.now, *(LearningYear.holding(day, self.association) for day in days)}
        self.years = sorted(years, reverse=True)
        asked = request.GET.get("year", "")
        self.year = next((year for year in self.years if year.key == asked), self.now)
        self.standing = standing(self.entries, self.year, self.association)

    @property
    def of_the_year(self) -> list[LearningEntry]:
        return [entry for entry in self.entries if entry.on in self.year]


@require_GET
@members_only
def record(request: Request) -> HttpResponse:
    """The learning year: what counts, what is missing, and past years."""
    found = _Record(request)
    last = _last_supervision(request)
    return render(
        request,
        "members/learning/record.html",
        {
            "record": found,
            "standing": found.standing,
            "page": Paginator(found.of_the_year, PER_PAGE).get_page(request.GET.get("page")),
            "last_supervision": last,
            "gap_since": own_gap(request.user, last, found.association),
        },
    )


@require_GET
@members_only
def statement(request: Request) -> HttpResponse:
    """The learning year on paper, for an employer or a supervisor."""
    found = _Record(request)
    membership = membership_of(request.user)
    content = statement_pdf(
        name=str(request.user),
        number=membership.number if membership else "",
        association=found.association.name,
        standing=found.standing,
        entries=list(reversed(found.of_the_year)),
        made_on=timezone.localdate(),
    )
    return as_pdf(content, f"learning-{found.year.key}.pdf")


@require_http_methods(GET_OR_POST)
@members_only
def new(request: Request) -> HttpResponse:
    form = EntryForm(request.POST or None, request.FILES or None, initial={"days": 1})
    if request.method == "POST" and form.is_valid():
        entry = actions.add_entry(facts=form.facts(), files=form.cleaned_data["evidence"], by=request.user)
        messages.success(request, f"“{entry}” is in your record.")
        return redirect("learning")
    return render(request, "members/learning/edit.html", {"form": form})


@require_GET
@members_only
def entry(request: Request, entry_id: int) -> HttpResponse:
    found = _own_entry(request, entry_id)
    evidence = found.evidence.select_related("file").defer("file__content")
    return render(request, "members/learning/entry.html", {"entry": found, "evidence": evidence})


@require_http_methods(GET_OR_POST)
@members_only
def edit(request: Request, entry_id: int) -> HttpResponse:
    found = _own_entry(request, entry_id)
    form = EntryForm(request.POST or None, request.FILES or None, entry=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_entry(found, facts=form.facts(), files=form.cleaned_data["evidence"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("learning_entry", found.pk)
    return render(request, "members/learning/edit.html", {"form": form, "entry": found})


@require_http_methods(GET_OR_POST)
@members_only
def delete(request: Request, entry_id: int) -> HttpResponse:
    """Asks first."""
    found = _own_entry(request, entry_id)
    if request.method == "POST":
        try:
            actions.delete_entry(found, by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("learning_entry", found.pk)
        messages.success(request, f"“{found}” is deleted.")
        return redirect("learning")
    return render(request, "members/learning/delete.html", {"entry": found})


@require_GET
@members_only
def evidence(request: Request, entry_id: int, file_id: uuid.UUID) -> HttpResponse:
    """One file of an entry, to be saved."""
    own = LearningEvidence.objects.filter(entry__in=LearningEntry.objects.visible_to(request.user))
    file = get_object_or_404(own.select_related("file"), entry=entry_id, file=file_id).file
    return as_download(file.name, file.content_type, bytes(file.content))


@require_POST
@members_only
def evidence_remove(request: Request, entry_id: int, file_id: uuid.UUID) -> HttpResponse:
    found = _own_entry(request, entry_id)
    get_object_or_404(found.evidence, file=file_id)
    actions.remove_evidence(found, file_id=file_id, by=request.user)
    messages.success(request, "The file is deleted.")
    return redirect("learning_entry", found.pk)


def _last_supervision(request: Request) -> dt.date | None:
    return Supervision.objects.visible_to(request.user).values_list("on", flat=True).first()


def _own_entry(request: Request, entry_id: int) -> LearningEntry:
    return get_object_or_404(LearningEntry.objects.visible_to(request.user), pk=entry_id)


@require_GET
@members_only
def supervision(request: Request) -> HttpResponse:
    """The log, the latest session first."""
    sessions = Supervision.objects.visible_to(request.user)
    association = Association.get()
    last = _last_supervision(request)
    return render(
        request,
        "members/learning/supervision.html",
        {
            "page": Paginator(sessions, PER_PAGE).get_page(request.GET.get("page")),
            "weeks": association.supervision_weeks,
            "last_supervision": last,
            "gap_since": own_gap(request.user, last, association),
        },
    )


@require_http_methods(GET_OR_POST)
@members_only
def supervision_new(request: Request) -> HttpResponse:
    form = SupervisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_supervision(facts=form.cleaned_data, by=request.user)
        messages.success(request, "The session is in your log.")
        return redirect("supervision")
    return render(request, "members/learning/supervision_edit.html", {"form": form})


@require_http_methods(GET_OR_POST)
@members_only
def supervision_edit(request: Request, supervision_id: int) -> HttpResponse:
    session = get_object_or_404(Supervision.objects.visible_to(request.user), pk=supervision_id)
    form = SupervisionForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        actions.change_supervision(session, facts=form.cleaned_data, by=request.user)
        messages.success(request, "Saved.")
        return redirect("supervision")
    return render(request, "members/learning/supervision_edit.html", {"form": form, "session": session})


@require_http_methods(GET_OR_POST)
@members_only
def supervision_delete(request: Request, supervision_id: int) -> HttpResponse:
    """Asks first."""
    session = get_object_or_404(Supervision.objects.visible_to(request.user), pk=supervision_id)
    if request.method == "POST":
        actions.delete_supervision(session, by=request.user)
        messages.success(request, "The session is no longer in your log.")
        return redirect("supervision")
    return render(request, "members/learning/supervision_delete.html", {"session": session})
