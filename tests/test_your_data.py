"""Everything about a person: nothing is forgotten, nobody else is in it, and it stays small in memory."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.test import Client

from directory.factories import CollectionFactory
from linkworkers.audit.models import AuditEvent
from linkworkers.export import Section, write_zip
from linkworkers.outbox.actions import queue
from linkworkers.your_data import LEFT_OUT, SECTIONS
from members.actions.mail import choose_mails
from members.factories_people import ProfileFactory, make_letter
from members.models import Block, User
from tests.world import logged_in
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
PAGE = "/members/data/"
APPS = ("members", "volunteers", "events")


def foreign_keys_to_people() -> set[str]:
    """Of the apps whose rows are about those who log in, to them and to the volunteers they are."""
    return {
        f"{model._meta.label_lower}.{field.name}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model in (User, Volunteer)
    }


def test_every_foreign_key_to_a_person_is_given_out_or_left_out_for_a_reason() -> None:
    nobody = User(pk=0)
    covered = [path for make in SECTIONS for path in make(nobody).covers]
    assert len(covered) == len(set(covered))
    assert set(covered) & set(LEFT_OUT) == set()
    ours = {path for path in {*covered, *LEFT_OUT} if path.startswith(tuple(f"{app}." for app in APPS))}
    assert ours == foreign_keys_to_people()
    assert all(LEFT_OUT.values())


def test_no_two_sections_write_one_file() -> None:
    keys = [make(User(pk=0)).key for make in SECTIONS]
    assert len(keys) == len(set(keys))


def download(user: User) -> zipfile.ZipFile:
    response = logged_in(user).post(PAGE)
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response)))


def test_the_file_holds_what_somebody_wrote_chose_and_got(member: User, colleague: User) -> None:
    ProfileFactory(user=member, about="<b>Zebra</b> क")
    make_letter(member, colleague, "Letter I wrote")
    make_letter(colleague, member, "Letter I got")
    Block.objects.create(by=member, whom=colleague)
    choose_mails({"members-digest": "off"}, by=member)
    CollectionFactory(owner=member, name="For carers")
    queue(key="a:1", kind="a", to=member.email, template="account", context={"subject": "Your card", "body": "B"})
    archive = download(member)
    assert archive.testzip() is None
    assert set(archive.namelist()) == {"index.html", *(f"{make(member).key}.json" for make in SECTIONS)}
    html = archive.read("index.html").decode()
    for text in ("Yusuf Rahman", "Letter I wrote", "Letter I got", "For carers", "Your card", "The week’s digest", "क"):
        assert text in html
    assert "&lt;b&gt;Zebra" in html
    assert colleague.email not in html
    assert [row["text"] for row in json.loads(archive.read("letters.json")) if "text" in row] == [
        "Letter I wrote",
        "Letter I got",
    ]
    assert AuditEvent.objects.filter(verb="account.data_downloaded", subject_id=str(member.pk)).count() == 1


def test_it_holds_nothing_of_anybody_else(member: User, colleague: User, link_worker: User) -> None:
    ProfileFactory(user=link_worker, about="Not yours")
    make_letter(link_worker, colleague, "Not yours")
    html = download(member).read("index.html").decode()
    assert "Not yours" not in html
    assert "Amara" not in html


def test_an_account_with_nothing_gets_a_whole_file(coordinator: User) -> None:
    archive = download(coordinator)
    assert json.loads(archive.read("letters.json")) == []


def test_it_is_asked_who_it_is_first(member: User) -> None:
    client = Client()
    client.force_login(member)
    assert "Show that it is me" in client.get(PAGE).content.decode()
    assert client.post(PAGE).url.startswith("/accounts/")
    assert not AuditEvent.objects.filter(verb="account.data_downloaded").exists()


def test_five_a_day_are_enough(member: User) -> None:
    client = logged_in(member)
    codes = []
    for _ in range(6):
        response = client.post(PAGE)
        codes.append(response.status_code)
        b"".join(response)
    assert codes == [200] * 5 + [429]


def test_a_long_life_stays_small_in_memory() -> None:
    def rows() -> Iterator[dict[str, str]]:
        for number in range(4_000):
            yield {"text": f"{number} {'x' * 5_000}"}

    section = Section(key="long", title="Long", why="", rows=rows(), files=[("a.bin", lambda: b"\x00" * 1_000_000)])
    tracemalloc.start()
    with write_zip([section], name="Ada", on="today") as made:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        archive = zipfile.ZipFile(made)
        assert len(json.loads(archive.read("long.json"))) == 4_000
        assert archive.getinfo("long/a.bin").file_size == 1_000_000
    assert peak < 12_000_000  # bytes, of 20 million that were written twice
