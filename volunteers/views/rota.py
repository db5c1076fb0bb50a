"""My shifts and the rota."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.http import Request


@require_GET
@login_required
def my_shifts(request: Request) -> HttpResponse:
    return render(request, "volunteers/my_shifts.html")


@require_GET
@login_required
def rota(request: Request) -> HttpResponse:
    return render(request, "volunteers/rota.html")
