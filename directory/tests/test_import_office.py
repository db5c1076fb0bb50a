"""Imports from the office: looked at first, done by a worker, followed on a page."""

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory import tasks
from directory.actions import importing, run_next_import, start_import, take_in_what_was_seen
from directory.importing import Unreadable
from directory.models import ImportRun, Service
from directory.tests.feeds import listing, row_counts, take
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.models import User
from referrals.tests.race import elsewhere, race
from tests.world import logged_in

State = ImportRun.State
CONTENT = json.dumps([listing(1), listing(2)]).encode()


def change_page(run: ImportRun) -> str:
    return reverse("admin:directory_importrun_change", args=[run.pk])


def upload(client: Client, content: bytes = CONTENT, **data: object) -> ImportRun:
    file = SimpleUploadedFile("listings.json", content)
    answer = client.post(reverse("admin:directory_importrun_add"), {"file": file, "dry_run": "on", **data})
    run = ImportRun.objects.order_by("-created_at").first()
    assert run is not None, answer.context["adminform"].form.errors
    assert answer.headers["Location"] == change_page(run)
    return run


@pytest.mark.django_db
def test_a_file_is_looked_at_and_then_taken_in(admin: User) -> None:
    client = logged_in(admin)
    run = upload(client)
    page = client.get(change_page(run)).content.decode()
    assert "It waits for its turn." in page
    assert 'hx-trigger="every 2s"' in page
    tasks.take_in_next_import()
    page = client.get(change_page(run)).content.decode()
    assert "2 records read. 2 listings would be added and 0 changed." in page
    assert "New: Talking Café 1" in page
    assert 'hx-trigger="every 2s"' not in page
    assert client.get(change_page(run), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert not Service.objects.exists()
    answer = client.post(change_page(run), {"_save": ""})
    taken = ImportRun.objects.get(dry_run=False)
    assert answer.headers["Location"] == change_page(taken)
    tasks.take_in_next_import()
    assert Service.objects.count() == 2
    assert set(ImportRun.objects.values_list("content", flat=True)) == {None}
    verbs = AuditEvent.objects.filter(verb__startswith="import.").order_by("pk").values_list("verb", "actor_id")
    assert list(verbs) == [
        ("import.started", admin.pk), ("import.looked_at", admin.pk),
        ("import.started", admin.pk), ("import.taken_in", admin.pk),
    ]  # fmt: skip
    assert "Take it in" not in client.get(change_page(run)).content.decode()


@pytest.mark.django_db
def test_a_refused_file_says_which_record_and_why(admin: User) -> None:
    client = logged_in(admin)
    run = upload(client, json.dumps([listing(1), listing(2, status="open")]).encode(), dry_run="")
    tasks.take_in_next_import()
    run.refresh_from_db()
    page = client.get(change_page(run)).content.decode()
    assert (run.state, run.content) == (State.REFUSED, None)
    assert "status: “open” is none of" in page
    assert "Take it in" not in page
    assert client.post(change_page(run)).status_code == 403
    assert not Service.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a file, or type an address: one of the two."),
        ({"url": "ftp://a.example"}, "Type an address that begins with http:// or https://."),
        ({"file": SimpleUploadedFile("big.json", b"x" * 2000)}, "manage.py import_oruk"),
    ],
)
def test_what_is_not_one_file_or_address_is_refused_in_the_form(
    data: dict[str, object], said: str, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.admin.importing.LARGEST_UPLOAD", 1000)
    answer = logged_in(admin).post(reverse("admin:directory_importrun_add"), data)
    assert said in answer.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_an_address_is_fetched_once_and_what_was_seen_is_taken_in(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    def fetch(url: str, file: object, **kwargs: object) -> None:
        fetched.append(url)
        file.write(CONTENT)  # type: ignore[attr-defined]
        file.seek(0)  # type: ignore[attr-defined]

    monkeypatch.setattr(importing, "fetch", fetch)
    run = start_import(name="A feed", url="https://feed.example/api", by=admin)
    assert run_next_import() == run
    again = take_in_what_was_seen(run, by=admin)
    run_next_import()
    again.refresh_from_db()
    assert again.state == State.DONE
    assert fetched == ["https://feed.example/api"]
    assert Service.objects.filter(source="https://feed.example/api").count() == 2
    with pytest.raises(Refused, match="no longer here"):
        take_in_what_was_seen(run, by=admin)


@pytest.mark.django_db
def test_a_feed_that_cannot_be_read_is_a_refusal(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(*args: object, **kwargs: object) -> None:
        raise Unreadable("The feed stopped at page 2 of 3.")

    monkeypatch.setattr(importing, "fetch", fetch)
    start_import(name="A feed", url="https://feed.example/api", by=admin, dry_run=False)
    run = run_next_import()
    assert run is not None
    assert (run.state, run.report["refused"]) == (State.REFUSED, [(1, "The feed stopped at page 2 of 3.")])


@pytest.mark.django_db
def test_a_mistake_of_ours_is_told_and_not_hidden(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "take_in", lambda *args, **kwargs: 1 / 0)
    run = start_import(name="a file", content=CONTENT, by=admin)
    with pytest.raises(ZeroDivisionError):
        run_next_import()
    run.refresh_from_db()
    assert run.state == State.REFUSED
    assert "Something went wrong on our side" in run.report["refused"][0][1]


@pytest.mark.django_db
def test_without_a_worker_the_page_says_that_it_waits(admin: User) -> None:
    run = start_import(name="a file", content=CONTENT, by=admin)
    ImportRun.objects.update(created_at=timezone.now() - dt.timedelta(minutes=5))
    assert "no worker is there to do it" in logged_in(admin).get(change_page(run)).content.decode()


@pytest.mark.django_db
def test_an_interrupted_import_is_started_again(admin: User) -> None:
    client = logged_in(admin)
    run = start_import(name="a file", content=CONTENT, by=admin, dry_run=False)
    ImportRun.objects.update(state=State.SAVING, created_at=timezone.now() - dt.timedelta(hours=2))
    assert "It was interrupted, and nothing was changed." in client.get(change_page(run)).content.decode()
    assert run_next_import() is None
    client.post(change_page(run))
    run_next_import()
    assert Service.objects.count() == 2


@pytest.mark.django_db
def test_only_the_office_imports(manager: User, link_worker: User) -> None:
    for user in (manager, link_worker):
        assert logged_in(user).get(reverse("admin:directory_importrun_add")).status_code == 302
        with pytest.raises(PermissionDenied):
            start_import(name="a file", content=CONTENT, by=user)
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_what_was_only_looked_at_is_not_kept_for_ever(admin: User) -> None:
    old = start_import(name="old", content=CONTENT, by=admin)
    ImportRun.objects.update(created_at=timezone.now() - dt.timedelta(days=3))
    start_import(name="new", content=CONTENT, by=admin)
    assert ImportRun.objects.get(pk=old.pk).content is None


@pytest.mark.django_db
def test_the_list_asks_the_same_for_one_and_for_thirty(admin: User) -> None:
    client = logged_in(admin)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("admin:directory_importrun_changelist")).status_code == 200
        return len(captured)

    start_import(name="a file", content=CONTENT, by=admin)
    asked()
    one = asked()
    for number in range(29):
        start_import(name=f"file {number}", content=CONTENT, by=admin)
    assert asked() == one <= 9


# --- At the same moment


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_are_one_after_the_other() -> None:
    take([listing(1)])
    jobs = [lambda: take([listing(1, name="Changed"), listing(2)])] * 2
    first, second = race(Service.objects.all(), *jobs)
    assert Service.objects.count() == 2
    assert sorted([first.is_unchanged, second.is_unchanged]) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_do_the_same_import(admin: User) -> None:
    start_import(name="a file", content=CONTENT, by=admin, dry_run=False)
    taken = elsewhere(run_next_import)
    assert taken.state == State.DONE
    assert elsewhere(run_next_import) is None
    assert row_counts()["Service"] == 2
