"""Every address of the project, for every account, compared with the table written by hand in access_table.py."""

import copy
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from directory.links import claim_path, still_right_path
from directory.models import NEEDS_TAXONOMY, need_id
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.factories_learning import let_learn, of_learning
from members.factories_money import make_books
from members.factories_people import make_acquaintance, of_members
from members.models import (
    Association,
    CreditNote,
    Flag,
    Interest,
    Invoice,
    LibraryItem,
    Payment,
    Topic,
    User,
    Workplace,
)
from members.vacancy_links import own_path
from tests.access_table import ACCOUNTS
from tests.access_tables import OFFICE_TABLES, TABLES
from tests.events_world import OF_WHAT_IS_OVER, conference_of, of_events
from tests.members_world import Belongings, belongings_of
from tests.volunteers_world import of_volunteers, roster_of
from tests.world import World, build_world, give_to, logged_in, talk

METHODS = {"GET": ("GET",), "POST": ("POST",), "FORM": ("GET", "POST")}
OUTCOMES = {HTTPStatus.OK: "ok", HTTPStatus.NOT_FOUND: "no", HTTPStatus.FORBIDDEN: "403"}
LET_IN = {"ok", "go"}
LOG_IN = {"account_login", "admin:login"}
# Where the answer to a referral that waits is given; every other address of a referral is tried with a case.
TRIAGE = {"referral_accept", "referral_ask", "referral_decline", "referral_answer", "referral_withdraw"}


@dataclass(frozen=True)
class Row:
    method: str
    name: str
    outcomes: dict[str, str]  # by account
    leads_to: frozenset[str]


def read(table: str) -> Iterator[Row]:
    """The rows of a table; a column `oth` stands for every account that has no column of its own."""
    lines = iter(filter(None, map(str.strip, table.splitlines())))
    columns = next(lines).split()
    for line in lines:
        cells, _, leads_to = line.partition(" > ")
        method, *rest = cells.split()
        if method not in METHODS:  # a heading
            continue
        name, *outcomes = rest
        assert len(outcomes) == len(columns), line
        said = dict(zip(columns, outcomes, strict=True))
        by_account = {account: said.get(account, said.get("oth", "")) for account in ACCOUNTS}
        yield Row(method, name, by_account, frozenset(leads_to.split()))


PAGE_ROWS = [row for table in TABLES for row in read(table.PAGES)]
ROWS = [*PAGE_ROWS, *(row for table in OFFICE_TABLES for row in read(table.OFFICE))]


@dataclass(frozen=True)
class Address:
    """An address of the project: its name or, where it has none, its route."""

    name: str
    route: str
    parameters: frozenset[str]


def addresses() -> Iterator[Address]:
    yield from _under(get_resolver(), "/", "")


def _under(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + _readable(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _under(entry, route, f"{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            parameters = frozenset(re.findall(r"<(\w+)>", route))
            yield Address(f"{namespace}{entry.name}" if entry.name else route, route, parameters)


def _readable(pattern: str) -> str:
    """A route without its converters and its regular expressions: `<object_id>/`."""
    named = re.sub(r"\(\?P(<\w+>)(?:[^()]|\\.)*\)", r"\1", pattern)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", named).strip("^$")


ADDRESSES = {address.name: address for address in addresses()}


@pytest.fixture
def world(
    practice: Workplace,
    link_worker: User,
    practice_staff: User,
    manager: User,
    provider: User,
    volunteer: User,
    member: User,
    coordinator: User,
    colleague: User,
    admin: User,
) -> World:
    make_acquaintance(member, admin)
    make_books(member.membership, by=admin)
    world = build_world(practice=practice, link_worker=link_worker, practice_staff=practice_staff, manager=manager)
    give_to(provider, world.listing)
    talk(member)
    let_learn(member)
    roster_of(volunteer, practice=practice, referral=world.case.referral)
    conference_of(member, coordinator=coordinator, colleague=colleague)
    return world


@pytest.fixture
def belongings(member: User) -> Belongings:
    return belongings_of(member)


@dataclass(frozen=True)
class Known:
    """What fills in addresses: the same for most, and what is another for some."""

    world: World
    rows: dict[str, Any]  # by a part of the address
    values: dict[str, object]
    events: dict[bool, dict[str, object]]  # of what is to come, and of what is over


@pytest.fixture
def known(world: World, belongings: Belongings) -> Known:
    case = world.case
    rows = {
        "audit": AuditEvent.objects.first(),
        "outbox": Message.objects.first(),
        "members/user": world.post.user,
        "members/workplace": world.post.workplace,
        "members/invitation": world.invitation,
        "members/membership": belongings.employer,
        "members/plan": belongings.employer.plan,
        "members/interest": Interest.objects.first(),
        "members/association": Association.get(),
    }
    values = {
        "contact_id": case.contact.pk,
        "appointment_id": case.appointment.pk,
        "follow_up_id": case.follow_up.pk,
        "message_id": case.message.pk,
        "draft_id": world.draft.pk,
        "token": world.invitation.path.split("/")[-2],
        "invitation_id": world.invitation.pk,
        "post_id": world.post.pk,
        "slug": world.listing.slug,
        "letter_token": still_right_path(world.listing).split("/")[-2],
        "claim_token": claim_path(world.listing.organization.claims.get()).split("/")[-2],
        "vacancy_token": own_path(world.vacancy).split("/")[-2],
        "vacancy_slug": world.vacancy.slug,
        "guide_slug": world.guide_page.slug,
        "news_slug": world.news.slug,
        "code": world.listing.code,
        "collection_key": world.collection.key,
        "connector_id": world.connector.pk,
        "counter_token": world.connector.token,
        "service_id": world.listing.pk,
        "place_id": world.listing.service_at_locations.get().pk,
        "taxonomy_id": NEEDS_TAXONOMY,
        "term_id": need_id("money"),
        **of_members(),
        **of_learning(),
        "name": "services.json.gz",
        "rest": "nothing",
        "section": "listings",
        "plan_key": "free",
        "membership_number": belongings.employer.number,
        "join_token": "altered",
        "seat_id": belongings.seat.pk,
        "seat_token": belongings.seat.path.split("/")[-2],
        **of_volunteers(),
        **_of_the_communities(),
        "content_type_id": 1,
        "app_label": "members",
        "url": "nowhere/",
        "uidb36": "1",
        "key": "made-up",
        "pk": 1,
    }
    return Known(world, rows, values, {is_over: of_events(is_over) for is_over in (False, True)})


def path(name: str, known: Known) -> str:
    """The address, filled in with what is in the world."""
    address = ADDRESSES[name]
    world, route = known.world, address.route
    values = {
        **known.values,
        **known.events[name in OF_WHAT_IS_OVER],
        "number": _paper(route) if "number" in address.parameters else "",
        "reference": world.waiting.reference if name in TRIAGE else world.case.episode.reference,
        "object_id": next((row.pk for place, row in known.rows.items() if f"/{place}/" in route), world.post.pk),
        **_of_the_office(route),
    }
    filled = {parameter: values[parameter] for parameter in address.parameters}
    if name == route:
        return re.sub(r"<(\w+)>", lambda found: str(filled[found[1]]), route)
    return reverse(name, kwargs=filled)


def _of_the_communities() -> dict[str, object]:
    """The rows of `tests.world.talk`."""
    item, flag, topic = LibraryItem.objects.get(), Flag.objects.get(), Topic.objects.get()
    return {
        "community": topic.community.slug,
        "topic_id": topic.pk,
        "reply_id": topic.replies.get().pk,
        "item_id": item.pk,
        "flag_id": flag.pk,
        "kind": "topic",
        "thing": topic.pk,
    }


def _paper(route: str) -> str:
    """The number of the first paper that an address is about: an invoice, a receipt or a credit note."""
    model = Payment if "/receipts/" in route else CreditNote if "/credit-notes/" in route else Invoice
    return model.objects.earliest("pk").number


def _of_the_office(route: str) -> dict[str, object]:
    """The first row of the model whose page in the office this is."""
    found = re.match(
        r"/admin/(directory|events|members|volunteers)/(?!user/|workplace/|invitation/|post/)(\w+)/", route
    )
    row = found and apps.get_model(found[1], found[2]).objects.order_by("pk").first()
    return {"object_id": row.pk} if row else {}


def attempt(client: Client, method: str, url: str) -> HttpResponse:
    """What `client` is answered. Afterwards nothing has happened, in the database or to who is logged in."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        # A field of no form: a POST that is not empty, as a browser's never is.
        response = client.generic("GET", url) if method == "GET" else client.post(url, {"answered": "nothing"})
        transaction.set_rollback(True)
    if response.streaming:
        response.getvalue()  # a file is closed when it has been read
    client.cookies = cookies
    return response


def outcome(response: HttpResponse) -> tuple[str, str]:
    """The table's word for a response, and the name of where it leads."""
    if response.status_code != HTTPStatus.FOUND:
        return OUTCOMES.get(HTTPStatus(response.status_code), str(response.status_code)), ""
    name = resolve(response.url.partition("?")[0].partition("#")[0]).view_name
    return ("in" if name in LOG_IN else "go"), name


def mistakes(row: Row, account: str, client: Client, url: str) -> Iterator[str]:
    """What happens otherwise than the table says, for one row and one account."""
    expected = row.outcomes[account]
    for method in METHODS[row.method]:
        got, leads_to = outcome(attempt(client, method, url))
        # A form that was sent may lead on where reading it opens the page.
        right = got in LET_IN if method == "POST" and row.method == "FORM" and expected in LET_IN else got == expected
        if not right:
            yield f"{method} {row.name} as {account}: {got}, not {expected}   ({url} {leads_to})"
        elif got == "go" and leads_to not in row.leads_to:
            yield f"{method} {row.name} as {account}: sent on to {leads_to}, which the table does not say   ({url})"


@pytest.mark.parametrize("account", ACCOUNTS)
def test_each_account_gets_in_where_the_table_says(
    account: str,
    request: pytest.FixtureRequest,
    known: Known,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, logger="django.request")  # hundreds of refusals are what is wanted
    somebody = ACCOUNTS[account]
    client = logged_in(request.getfixturevalue(somebody)) if somebody else Client()
    # Each comes from an address of their own, for one address may ask the open data for so much in a minute.
    client.defaults["REMOTE_ADDR"] = f"127.0.1.{list(ACCOUNTS).index(account)}"
    rows = [row for row in ROWS if row.name in ADDRESSES]  # another test asks for the rest
    found = [mistake for row in rows for mistake in mistakes(row, account, client, path(row.name, known))]
    assert not found, "\n".join(["", *found])


def test_the_table_names_every_address_and_no_other() -> None:
    assert {row.name for row in ROWS} == set(ADDRESSES)


def test_no_row_is_there_twice() -> None:
    tried = [(method, row.name) for row in ROWS for method in METHODS[row.method]]
    assert len(tried) == len(set(tried))


def test_an_address_that_is_read_only_refuses_a_post(link_worker: User, known: Known) -> None:
    client = logged_in(link_worker)
    posts = {row.name for row in ROWS if row.method != "GET"}
    only_read = [row.name for row in PAGE_ROWS if row.method == "GET" and row.name not in posts]
    answers = {name: attempt(client, "POST", path(name, known)).status_code for name in only_read}
    allauths = {name for name in only_read if name.startswith(("account_", "mfa_"))}
    assert {name for name, status in answers.items() if status != HTTPStatus.METHOD_NOT_ALLOWED} <= allauths


# An id of one case under the address of another: what is found there would be shown, or changed, under a wrong name.


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("contact_amend", "contact"),
        ("appointment_cancel", "appointment"),
        ("follow_up_done", "follow_up"),
        ("message", "message"),
        ("message_letter", "message"),
        ("message_file", "message"),
    ],
)
@pytest.mark.parametrize("somebody", ["link_worker", "practice_staff"])
def test_what_belongs_to_another_case_is_not_found_under_this_one(
    name: str, part: str, somebody: str, request: pytest.FixtureRequest, world: World
) -> None:
    client = logged_in(request.getfixturevalue(somebody))
    method = next(row.method for row in ROWS if row.name == name)
    own, others = getattr(world.case, part), getattr(world.neighbour, part)

    def answer(found: object) -> str:
        url = reverse(name, kwargs={"reference": world.case.episode.reference, f"{part}_id": found.pk})
        return outcome(attempt(client, METHODS[method][-1], url))[0]

    allowed = next(row for row in ROWS if row.name == name).outcomes["lw" if somebody == "link_worker" else "pra"]
    assert answer(own) in (LET_IN if allowed in LET_IN else {"no"})
    assert answer(others) == "no"


def test_an_appointment_of_another_case_is_not_written_down_in_this_one(link_worker: User, world: World) -> None:
    client = logged_in(link_worker)
    url = reverse("contact_new", args=[world.case.episode.reference])
    assert client.get(f"{url}?appointment={world.case.appointment.pk}").status_code == HTTPStatus.OK
    assert client.get(f"{url}?appointment={world.neighbour.appointment.pk}").status_code == HTTPStatus.NOT_FOUND


def test_a_referral_of_another_network_is_not_found_by_its_reference(outsider: User, world: World) -> None:
    client = logged_in(outsider)
    for reference in (world.case.episode.reference, world.waiting.reference, "LW-2222-2222"):
        assert client.get(reverse("referral", args=[reference])).status_code == HTTPStatus.NOT_FOUND


def test_the_reader_of_the_table_reads_what_is_written() -> None:
    table = """
                 any lw  oth
    A heading
    FORM  page   in  ok  no  > elsewhere
    """
    [row] = read(table)
    assert (row.method, row.name, row.leads_to) == ("FORM", "page", {"elsewhere"})
    assert row.outcomes["any"] == "in"
    assert row.outcomes["lw"] == "ok"
    assert row.outcomes["adm"] == "no"
