"""Imports as the office sees them, at both widths."""

import json

import pytest
from playwright.sync_api import expect

from directory.actions import run_next_import, start_import
from directory.models import ImportRun, Service
from directory.tests.feeds import listing, take
from members.models import User
from tests.browser.conftest import Visit
from tests.browser.test_every_page import THEME, at, look_at

pytestmark = pytest.mark.django_db(transaction=True)


def looked_at(admin: User, *documents: object, name: str = "council-listings-november-2026.json") -> ImportRun:
    run = start_import(name=name, content=json.dumps(documents).encode(), by=admin)
    assert run_next_import() == run
    return run


def test_pages_of_the_directory_about_imports(visit: Visit, admin: User) -> None:
    take([listing(1), listing(2)])
    changed = listing(1, name="Talking Café for everybody", mascot="A badger", phones=[])
    right = looked_at(admin, changed, listing(2), *(listing(number) for number in range(3, 40)))
    wrong = looked_at(admin, *(listing(number, status="open", email="nobody") for number in range(1, 9)))
    waiting = start_import(
        name="https://feeds.example.org/open-referral/api/v3/services", by=admin, url="https://a.example"
    )
    problems = look_at(
        visit(admin),
        [
            ("office imports", at("admin:directory_importrun_changelist")),
            ("office import new", at("admin:directory_importrun_add")),
            ("office import waiting", at("admin:directory_importrun_change", waiting.pk)),
            ("office import looked at", at("admin:directory_importrun_change", right.pk)),
            ("office import refused", at("admin:directory_importrun_change", wrong.pk)),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def test_the_office_looks_and_then_takes_in(visit: Visit, admin: User) -> None:
    page = visit(admin)
    page.goto(at("admin:directory_importrun_add"))
    file = {"name": "a.json", "mimeType": "application/json", "buffer": json.dumps([listing(1)]).encode()}
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("It waits for its turn.")).to_be_visible()
    run_next_import()
    expect(page.get_by_text("1 listing would be added and 0 changed.")).to_be_visible()  # the page follows by itself
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("It waits for its turn.")).to_be_visible()
    run_next_import()
    expect(page.get_by_text("1 listing was added and 0 changed.")).to_be_visible()
    assert Service.objects.get().name == "Talking Café 1"
