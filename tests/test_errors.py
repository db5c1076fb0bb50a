"""Each kind of error through the whole stack of middleware, and the page it ends in."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import requires_csrf_token

from linkworkers import urls
from tests.outages import database_away

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def raises(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


@requires_csrf_token
def reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{get_user_model().objects.count()} people")


urlpatterns = [
    *urls.urlpatterns,
    path("raises/suspicion/", raises(SuspiciousOperation("mangled"))),
    path("raises/denial/", raises(PermissionDenied())),
    path("raises/fault/", raises(ZeroDivisionError("the secret number is 42"))),
    path("reads/", reads),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def member(visitor: Client) -> Client:
    visitor.force_login(get_user_model().objects.create_user("amara@example.org", name="Amara Okafor"))
    return visitor


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/raises/suspicion/", 400, "We could not read that"),
        ("/raises/denial/", 403, "You cannot do that here"),
        ("/nowhere/", 404, "This page does not exist, or you cannot see it"),
        ("/raises/fault/", 500, "Something went wrong on our side"),
    ],
)
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_an_error_page_says_what_happened_and_what_to_do_next(request, who, address, status, heading):
    response = request.getfixturevalue(who).get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in page
    assert page.count('class="btn btn-primary"') == 1
    assert "the secret number" not in page


def test_a_form_from_before_logging_out_is_told_so(visitor):
    response = visitor.post("/reads/")
    assert response.status_code == 403
    assert "<h1>This page had been open too long</h1>" in response.content.decode()


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_a_database_that_is_away_ends_in_a_calm_page(request, who):
    browser = request.getfixturevalue(who)
    with database_away():
        response = browser.get("/reads/?page=2")
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "<h1>We cannot reach our records just now</h1>" in page
    assert 'href="/reads/?page=2"' in page
    assert browser.get("/reads/").status_code == 200  # and all is well when it is back


def test_even_a_page_not_found_is_calm_without_a_database(member):
    with database_away():
        assert member.get("/nowhere/").status_code == 503


def test_what_was_posted_is_not_offered_as_a_link():
    browser = Client(raise_request_exception=False)
    with database_away():
        page = browser.post("/reads/").content.decode()
    assert 'href="/reads/"' not in page
    assert "Go to the front page" in page


def test_trying_again_never_leads_to_another_site(member):
    with database_away():
        page = member.get("/", PATH_INFO="//elsewhere.example/").content.decode()
    assert 'href="/%2Felsewhere.example/"' in page


def test_htmx_gets_a_sentence_instead_of_a_page(visitor):
    with database_away():
        response = visitor.get("/reads/", headers={"HX-Request": "true"})
    assert response.status_code == 503
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().startswith("We cannot reach our records just now")


def test_a_page_seen_while_logged_in_is_not_kept_by_the_browser(member):
    assert "no-store" in member.get("/reads/")["Cache-Control"]
    assert "no-store" in member.get("/raises/fault/")["Cache-Control"]


def test_a_page_seen_without_logging_in_may_be_kept(visitor):
    assert "no-store" not in visitor.get("/reads/").get("Cache-Control", "")


@pytest.mark.parametrize("address", ["/reads/", "/raises/fault/", "/nowhere/"])
def test_no_page_runs_a_script_written_into_it(visitor, address):
    policy = visitor.get(address)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_admin_may_evaluate_its_own_attributes_and_still_runs_no_inline_script(visitor):
    policy = visitor.get("/admin/")["Content-Security-Policy"]
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert directives["script-src"] == "'self' 'unsafe-eval'"
    assert directives["style-src"] == "'self' 'unsafe-inline'"
    assert directives["default-src"] == "'none'"
