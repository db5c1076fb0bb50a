"""Looking after one's listings: asking for them, seeing how they stand, changing them."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from directory import actions, confidential, permissions
from directory.documents import document_of, new_document
from directory.editing import answers, edited
from directory.forms.listing import ListingForm
from directory.forms.owners import ClaimAnswerForm, ClaimForm
from directory.links import read_claim
from directory.listing import checked_in_words
from directory.models import Claim, Need, Organization, Revision, Service, ServiceAtLocation, TaxonomyTerm, need_id
from directory.outline import Json, locations
from directory.standard.shapes import TAXONOMY_TERM
from directory.standard.write import flat
from linkworkers.actions import Refused
from linkworkers.limits import allows
from members.http import Request
from members.models import Role, User

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 50
ASKED = "Thank you. The organisation or our office answers by e-mail, with a link to start if the answer is yes."


@require_http_methods(GET_OR_POST)
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody says that the listings of this one's organisation are theirs to keep."""
    service = get_object_or_404(Service.objects.listed().select_related("organization"), slug=slug)
    user = request.user if isinstance(request.user, User) else None
    if user and permissions.can_keep(user, service.organization):
        return redirect("listings_kept")
    form = ClaimForm(request.POST or None, initial={"name": user.name, "email": user.email} if user else {})
    too_many = False
    if request.method == "POST" and form.is_valid():
        too_many = not allows(request, "listing_claim", service.organization_id)
        if not too_many:
            if not form.is_from_a_program:
                facts = {name: form.cleaned_data[name] for name in ("name", "email", "message")}
                actions.claim(service=service, by=user, **facts)
            messages.success(request, ASKED)
            return redirect(service)
    context = {"form": form, "service": service, "too_many": too_many}
    return render(request, "directory/claim.html", context, status=429 if too_many else 200)


@require_http_methods(GET_OR_POST)
@never_cache
def claim_confirm(request: HttpRequest, claim_token: str) -> HttpResponse:
    """Where the organisation's mailbox says yes or no. Opening it changes nothing."""
    number, expired = read_claim(claim_token) or (0, False)
    found = Claim.objects.select_related("organization", "decided_by").filter(pk=number).first()
    if found is None:
        return render(request, "directory/confirm_unknown.html", status=404)
    form = ClaimAnswerForm(request.POST or None)
    if request.method == "POST" and found.is_waiting and not expired and form.is_valid():
        try:
            found = actions.decide_claim(found, approve=form.cleaned_data["answer"] == "yes", by=None)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            found.refresh_from_db()
    step = "ask" if found.is_waiting and not expired else "expired" if found.is_waiting else "answered"
    status = 410 if step == "expired" else 200
    return render(request, "directory/claim_confirm.html", {"claim": found, "step": step}, status=status)


@require_GET
@login_required
def kept(request: Request) -> HttpResponse:
    """The listings that the reader looks after: those longest unchecked first, those that have ended last."""
    user = request.user
    if not user.has_role(Role.PROVIDER):
        raise Http404
    waiting = Revision.objects.filter(state="waiting")
    services = (
        Service.objects.kept_by(user)
        .select_related("organization")
        .prefetch_related(Prefetch("revisions", waiting, to_attr="waiting"))
        .order_by(
            ExpressionWrapper(Q(status__in=Service.LISTED), BooleanField()).desc(),
            F("assured_date").asc(nulls_first=True),
            "name",
            "pk",
        )
    )
    page = Paginator(services, PER_PAGE).get_page(request.GET.get("page"))
    new = _not_yet_listed(user)
    rows = [(service, checked_in_words(service)) for service in page]
    return render(request, "directory/kept.html", {"page": page, "rows": rows, "new": new})


@require_http_methods(GET_OR_POST)
@login_required
def edit(request: Request, slug: str) -> HttpResponse:
    """The listing as its owner wants it: what waits for the office, or else what is public."""
    service = get_object_or_404(Service.objects.kept_by(request.user).select_related("organization"), slug=slug)
    waiting = service.revisions.filter(state="waiting", organization=service.organization).first()
    document = waiting.document if waiting else document_of(service)
    pattern = confidential.traces_of(service.organization)
    hidden = service.service_at_locations.filter(location__confidential=True).exists()
    form = ListingForm(request.POST or None, initial=answers(document), with_places=not hidden, pattern=pattern)
    if _is_saved(request, form, service.organization, document, service):
        return redirect("listings_kept")
    return render(request, "directory/edit.html", {"form": form, "service": service, "waiting": waiting})


@require_http_methods(GET_OR_POST)
@login_required
def new(request: Request) -> HttpResponse:
    """A new listing of the reader's organisation; with `?revision=` one that waits or was declined, to be changed or
    taken back.
    """
    organizations = _organizations(request.user)
    if not organizations:
        raise Http404
    if "revision" in request.GET:
        return _again(request)
    chosen = [each for each in organizations if str(each.pk) == request.POST.get("organization")]
    organization = (chosen or organizations)[0]
    document = new_document(organization)
    # The page's own id comes back with it, so that a form sent twice is one listing.
    document["id"] = _uuid(request.POST.get("listing")) or document["id"]
    pattern = confidential.traces_of(organization)
    form = ListingForm(request.POST or None, initial=answers(document), with_places=True, pattern=pattern)
    if _is_saved(request, form, organization, document, None):
        return redirect("listings_kept")
    context = {"form": form, "organizations": organizations, "organization": organization, "listing": document["id"]}
    return render(request, "directory/edit.html", context)


def _again(request: Request) -> HttpResponse:
    number = request.GET["revision"]
    revision = get_object_or_404(_not_yet_listed(request.user), pk=number if number.isdecimal() else 0)
    if "withdraw" in request.POST:
        try:
            actions.withdraw(revision, by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"“{revision.document['name']}” is taken back. Nobody will see it.")
        return redirect("listings_kept")
    organization, document = revision.organization, revision.document
    pattern = confidential.traces_of(organization)
    form = ListingForm(request.POST or None, initial=answers(document), with_places=True, pattern=pattern)
    if _is_saved(request, form, organization, document, None):
        return redirect("listings_kept")
    return render(request, "directory/edit.html", {"form": form, "again": revision})


def _not_yet_listed(user: User) -> QuerySet[Revision]:
    """New listings of the reader's organisations that wait or were declined: of each what was sent last."""
    sent = Revision.objects.annotate(listing=KT("document__id"))
    later = sent.filter(organization=OuterRef("organization"), listing=OuterRef("listing"), pk__gt=OuterRef("pk"))
    mine = sent.filter(~Exists(later), service=None, organization__workplace__in=user.workplace_ids(Role.PROVIDER))
    return mine.select_related("organization", "by")


def _is_saved(
    request: Request, form: ListingForm, organization: Organization, document: Json, service: Service | None
) -> bool:
    """Whether the form was sent and is before the office now; else it says what is wrong."""
    if request.method != "POST" or not form.is_valid():
        return False
    changed = edited(document, form.answers(), terms=_terms(), shared=_shared(document, service))
    try:
        actions.revise(service=service, organization=organization, document=changed, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "Thank you. The office looks at it, and what is public stays as it is until then.")
    return True


def _organizations(user: User) -> list[Organization]:
    return list(Organization.objects.filter(workplace__in=user.workplace_ids(Role.PROVIDER)))


def _terms() -> dict[str, Json]:
    """Our needs' terms as they go out, by need."""
    ids = {need_id(need): need for need in Need.values}
    return {ids[term.pk]: flat(term, TAXONOMY_TERM) for term in TaxonomyTerm.objects.filter(pk__in=ids)}


def _shared(document: Json, service: Service | None) -> set[str]:
    """Places of the document that another listing uses too."""
    used = ServiceAtLocation.objects.filter(location__in=[each["id"] for each in locations(document)])
    others = used.exclude(service=service) if service else used
    return {str(pk) for pk in others.values_list("location_id", flat=True)}


def _uuid(text: str | None) -> str:
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return ""
