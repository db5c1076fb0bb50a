"""The least that a page with data can cost here, which every other page is measured against."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from directory import places
from directory.search import Search
from directory.search.engine import compose
from directory.search.words import understand
from referrals.models import Episode

ROWS = 20


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    """Twenty rows of one indexed query through a small template, behind the whole middleware, logged in."""
    cases = Episode.objects.filter(holder=request.user.pk, closed_at=None).order_by("accepted_at")[:ROWS]
    return render(request, "bench/floor.html", {"cases": cases})


def bare_search(request: HttpRequest) -> HttpResponse:
    """The one statement of a search, its rows through a small template, behind the whole middleware.

    With `prepare=1` nothing is searched: the place and the words are looked up for when it will be.
    """
    query = request.META["QUERY_STRING"]
    prepared = query.removesuffix("&prepare=1")
    statement, parameters = _composed(prepared)
    if query != prepared:
        return HttpResponse()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    return render(request, "bench/search.html", {"rows": rows})


@lru_cache(maxsize=10_000)
def _composed(query: str) -> tuple[str, dict[str, Any]]:
    search = Search.read(QueryDict(query))
    return compose(search, places.locate(search.near), understand(search.q))


class CountQueries:
    """Tells of the queries of a request that asks in `X-Queries`: "count" answers with their number in a header of the
    same name, "show" with the queries themselves instead of the page.

    On request only, so that no measured request pays for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.headers.get("X-Queries")
        if not wanted:
            return self.get_response(request)
        statements: list[str] = []

        def noting(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
            each = parameters if many else [parameters]
            statements.append(";".join(context["cursor"].mogrify(sql, values).decode() for values in each))
            return execute(sql, parameters, many, context)

        with connection.execute_wrapper(noting):
            response = self.get_response(request)
        if wanted == "show":
            return JsonResponse(statements, safe=False, status=response.status_code)
        response["X-Queries"] = str(len(statements))
        return response
