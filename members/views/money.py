"""What somebody was asked to pay, and what they paid."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from members.http import Request
from members.models import Invoice

PER_PAGE = 20


@require_GET
@login_required
def invoices(request: Request) -> HttpResponse:
    found = Invoice.objects.visible_to(request.user).with_balance()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "members/money/invoices.html", {"page": page})


@require_GET
@login_required
def invoice(request: Request, number: str) -> HttpResponse:
    shown = get_object_or_404(Invoice.objects.visible_to(request.user).with_balance(), number=number)
    return render(request, "members/money/invoice.html", {"invoice": shown})
