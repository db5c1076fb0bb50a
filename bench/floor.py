"""The least that a page with data can cost here, which every other page is measured against."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from referrals.models import Episode

ROWS = 20


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    """Twenty rows of one indexed query through a small template, behind the whole middleware, logged in."""
    cases = Episode.objects.filter(holder=request.user.pk, closed_at=None).order_by("accepted_at")[:ROWS]
    return render(request, "bench/floor.html", {"cases": cases})


class CountQueries:
    """Answers a request that carries `X-Count-Queries` with the number of queries it made, in `X-Queries`.

    Counted on request only, so that no measured request pays for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Count-Queries" not in request.headers:
            return self.get_response(request)
        count = 0

        def counting(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        with connection.execute_wrapper(counting):
            response = self.get_response(request)
        response["X-Queries"] = str(count)
        return response
