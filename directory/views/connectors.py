"""Community connectors as link workers, coordinators and managers see them: who counts, and what they counted."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from directory import actions, permissions
from directory.forms.connectors import ConnectorForm, NewConnectorForm
from directory.leaflet import poster_pdf
from directory.models import Connector
from directory.tallies import figures
from linkworkers import qr
from linkworkers.http import as_pdf
from members.http import Request

GET_OR_POST = ["GET", "POST"]
PER_PAGE = 30


def get_connector(request: Request, connector_id: int) -> Connector:
    found = Connector.objects.visible_to(request.user).select_related("workplace")
    return get_object_or_404(found, pk=connector_id)


def link_of(connector: Connector) -> str:
    """The whole address of the counter, as a QR code holds it."""
    return f"{settings.SITE_URL}{connector.get_absolute_url()}"


@require_GET
@login_required
def connectors(request: Request) -> HttpResponse:
    """The connectors one runs, with what each has counted, and all of them together."""
    if not permissions.can_run_connectors(request.user):
        raise Http404
    visible = Connector.objects.visible_to(request.user)
    this_month = timezone.localdate().replace(day=1)
    rows = (
        visible.select_related("workplace")
        .annotate(month=Count("taps", filter=Q(taps__on__gte=this_month)), last=Max("taps__on"))
        .order_by("-is_active", "name", "pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/connectors.html", {"page": page, "figures": figures(visible)})


@require_http_methods(GET_OR_POST)
@login_required
def new(request: Request) -> HttpResponse:
    if not permissions.can_run_connectors(request.user):
        raise Http404
    form = NewConnectorForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        connector = actions.make_connector(**form.cleaned_data, by=request.user)
        messages.success(request, f"The counter of {connector} is ready. Print its code, or send them the link.")
        return redirect("connector_edit", connector.pk)
    return render(request, "directory/connector_new.html", {"form": form})


@require_http_methods(GET_OR_POST)
@login_required
def edit(request: Request, connector_id: int) -> HttpResponse:
    """One connector: the link and its code, what was counted, and the form that renames or switches it off."""
    connector = get_connector(request, connector_id)
    name = connector.name
    form = ConnectorForm(request.POST or None, instance=connector)
    if request.method == "POST" and form.is_valid():
        actions.change_connector(connector=connector, **form.cleaned_data, by=request.user)
        messages.success(request, "Saved.")
        return redirect("connectors")
    link = link_of(connector)
    return render(
        request,
        "directory/connector_edit.html",
        {
            "form": form,
            "connector": connector,
            "name": name,
            "link": link,
            "code": qr.svg(link, label=f"QR code of the counter of {name}"),
            "figures": figures([connector]),
        },
    )


@require_GET
@login_required
def poster(request: Request, connector_id: int) -> HttpResponse:
    """The counter's code on a page to print."""
    connector = get_connector(request, connector_id)
    lines = ["Scan this with your phone, and add the page to your home screen.", "Press once for each conversation."]
    link = link_of(connector)
    return as_pdf(poster_pdf(title=connector.name, lines=lines, link=link, caption=link), "counter.pdf")
