"""Favourites and collections: who sees them, who changes them, and that each tells what has ended."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from directory import actions
from directory.actions.collections import MOST_LISTINGS
from directory.factories import CollectionFactory, CollectionItemFactory, ServiceFactory
from directory.models import Collection, Service
from directory.tests.queries import same_for_many
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.factories import UserFactory
from members.models import User, Workplace

pytestmark = pytest.mark.django_db


def open_as(user: User | None, name: str, *arguments: object) -> int:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(reverse(name, args=arguments)).status_code


@pytest.fixture
def mine(link_worker: User) -> Collection:
    return CollectionFactory(owner=link_worker, name="For carers")


def test_a_favourite_is_kept_once_and_taken_out(link_worker: User) -> None:
    service = ServiceFactory()
    for _ in range(2):
        actions.set_favourite(service=service, by=link_worker, kept=True)
    [favourites] = Collection.objects.filter(owner=link_worker)
    assert list(favourites.services.all()) == [service]
    for _ in range(2):
        actions.set_favourite(service=service, by=link_worker, kept=False)
    assert not favourites.services.exists()
    verbs = AuditEvent.objects.filter(subject_type="directory.collection").values_list("verb", flat=True)
    assert sorted(verbs) == ["collection.listing_added", "collection.listing_removed"]


def test_taking_out_what_was_never_kept_makes_no_favourites(link_worker: User) -> None:
    actions.set_favourite(service=ServiceFactory(), by=link_worker, kept=False)
    assert not Collection.objects.exists()


def test_somebody_without_a_post_keeps_nothing() -> None:
    somebody = UserFactory()
    with pytest.raises(PermissionDenied):
        actions.set_favourite(service=ServiceFactory(), by=somebody, kept=True)
    with pytest.raises(PermissionDenied):
        actions.make_collection(name="Mine", by=somebody)
    assert open_as(somebody, "collections") == 404


def test_the_favourite_button_works_with_and_without_htmx(client: Client, link_worker: User) -> None:
    service = ServiceFactory()
    client.force_login(link_worker)
    url = reverse("service_favourite", args=[service.slug])
    assert client.post(url, {"keep": "yes"}).headers["Location"] == service.get_absolute_url()
    fragment = client.post(url, {"keep": "no"}, headers={"HX-Request": "true"}).content.decode()
    assert "Keep as a favourite" in fragment
    assert "no longer among your favourites" in fragment
    assert not Collection.objects.get(owner=link_worker).services.exists()


def test_a_listing_goes_into_a_new_collection_with_why_it_is_there(client: Client, link_worker: User) -> None:
    service = ServiceFactory()
    client.force_login(link_worker)
    url = reverse("service_collect", args=[service.slug])
    assert "Give the new collection a name." in client.post(url, {"collection": "new"}).content.decode()
    answer = client.post(url, {"collection": "new", "name": "For carers", "note": "Kind to newcomers"})
    collection = Collection.objects.get(owner=link_worker)
    assert answer.headers["Location"] == collection.get_absolute_url()
    page = client.get(collection.get_absolute_url()).content.decode()
    assert "Kind to newcomers" in page
    client.post(url, {"collection": collection.key, "note": "Kind to all"})
    assert collection.items.get().note == "Kind to all"


def test_a_collection_of_somebody_else_cannot_be_chosen(client: Client, link_worker: User, colleague: User) -> None:
    theirs = CollectionFactory(owner=colleague)
    client.force_login(link_worker)
    answer = client.post(reverse("service_collect", args=[ServiceFactory().slug]), {"collection": theirs.key})
    assert answer.status_code == 200
    assert not theirs.items.exists()


def test_a_collection_that_is_full_says_so_and_stays_as_it_is(client: Client, mine: Collection) -> None:
    for _ in range(MOST_LISTINGS):
        CollectionItemFactory(collection=mine)
    with pytest.raises(Refused, match="no more fit"):
        actions.add_to_collection(collection=mine, service=ServiceFactory(), by=mine.owner)
    assert mine.items.count() == MOST_LISTINGS
    client.force_login(mine.owner)
    page = client.post(reverse("service_collect", args=[ServiceFactory().slug]), {"collection": mine.key})
    assert "no more fit" in page.content.decode()


def test_without_sharing_a_collection_is_there_for_its_owner_alone(
    mine: Collection, link_worker: User, colleague: User, outsider: User, admin: User
) -> None:
    assert open_as(link_worker, "collection", mine.key) == 200
    for other in (None, colleague, outsider, admin):
        assert open_as(other, "collection", mine.key) == 404
        assert open_as(other, "collection_leaflet", mine.key) == 404


def test_shared_with_a_workplace_colleagues_change_it_and_others_do_not_see_it(
    mine: Collection, network: Workplace, colleague: User, outsider: User
) -> None:
    service = ServiceFactory()
    Collection.objects.update(workplace=network)
    actions.add_to_collection(collection=mine, service=service, by=colleague)
    assert open_as(colleague, "collection_edit", mine.key) == 200
    assert open_as(outsider, "collection", mine.key) == 404
    with pytest.raises(PermissionDenied):
        actions.remove_from_collection(collection=mine, service=service, by=outsider)
    actions.remove_from_collection(collection=mine, service=service, by=colleague)
    assert not mine.items.exists()


def test_a_colleague_renames_a_shared_collection_and_leaves_who_sees_it(
    client: Client, mine: Collection, network: Workplace, colleague: User
) -> None:
    Collection.objects.update(workplace=network)
    client.force_login(colleague)
    sent = {"name": "For all carers", "note": "", "link_shared": "on", "workplace": ""}
    client.post(reverse("collection_edit", args=[mine.key]), sent)
    mine.refresh_from_db()
    assert (mine.name, mine.workplace, mine.link_shared) == ("For all carers", network, False)
    assert open_as(colleague, "collection_delete", mine.key) == 404
    with pytest.raises(PermissionDenied):
        actions.delete_collection(collection=mine, by=colleague)
    with pytest.raises(PermissionDenied):
        actions.change_collection(collection=mine, name="x", note="", workplace=network, link_shared=True, by=colleague)


def test_its_owner_shares_it_with_their_own_workplaces_only(
    client: Client, mine: Collection, network: Workplace, other_network: Workplace
) -> None:
    client.force_login(mine.owner)
    url = reverse("collection_edit", args=[mine.key])
    client.post(url, {"name": mine.name, "note": "", "workplace": other_network.pk})
    mine.refresh_from_db()
    assert mine.workplace is None
    client.post(url, {"name": mine.name, "note": "", "workplace": network.pk, "link_shared": "on"})
    mine.refresh_from_db()
    assert (mine.workplace, mine.link_shared) == (network, True)


def test_whoever_has_the_link_of_a_shared_collection_reads_it_and_changes_nothing(
    mine: Collection, outsider: User
) -> None:
    item = CollectionItemFactory(collection=mine)
    Collection.objects.update(link_shared=True)
    for reader in (None, outsider):
        client = Client()
        if reader:
            client.force_login(reader)
        page = client.get(mine.get_absolute_url()).content.decode()
        assert item.service.name in page
        for forbidden in ("Take out", "Rename", "Delete", "Copy the link"):
            assert forbidden not in page
    assert open_as(outsider, "collection_edit", mine.key) == 404


def test_favourites_are_neither_renamed_nor_shared(link_worker: User, network: Workplace) -> None:
    actions.set_favourite(service=ServiceFactory(), by=link_worker, kept=True)
    favourites = Collection.objects.get()
    assert open_as(link_worker, "collection_edit", favourites.key) == 404
    with pytest.raises(PermissionDenied):
        actions.change_collection(
            collection=favourites, name="x", note="", workplace=network, link_shared=False, by=link_worker
        )


@pytest.mark.parametrize(
    ("status", "said"),
    [("defunct", "Ended"), ("inactive", "Not listed any more"), ("temporarily closed", "Closed for now")],
)
def test_what_has_ended_is_said_by_its_name(client: Client, mine: Collection, status: str, said: str) -> None:
    item = CollectionItemFactory(collection=mine, service__status=status)
    client.force_login(mine.owner)
    page = client.get(mine.get_absolute_url()).content.decode()
    assert item.service.name in page
    assert said in page
    assert (item.service.get_absolute_url() in page) == (status == Service.Status.TEMPORARILY_CLOSED)


def test_an_ended_listing_is_taken_out_by_its_button(client: Client, mine: Collection) -> None:
    item = CollectionItemFactory(collection=mine, service__status="defunct")
    client.force_login(mine.owner)
    url = reverse("collection_remove", args=[mine.key, item.service.slug])
    assert client.post(url).headers["Location"] == mine.get_absolute_url()
    assert not mine.items.exists()
    assert client.post(url).status_code == 404


def test_deleting_asks_first_and_leaves_the_listings(client: Client, mine: Collection) -> None:
    service = CollectionItemFactory(collection=mine).service
    client.force_login(mine.owner)
    url = reverse("collection_delete", args=[mine.key])
    assert "For carers" in client.get(url).content.decode()
    assert Collection.objects.exists()
    client.post(url)
    assert not Collection.objects.exists()
    assert Service.objects.filter(pk=service.pk).exists()


@pytest.mark.parametrize("page", ["collections", "collection"])
def test_more_rows_ask_no_more_of_the_database(page: str, client: Client, mine: Collection, network: Workplace) -> None:
    def more() -> None:
        CollectionItemFactory(collection=mine)
        CollectionItemFactory(collection=CollectionFactory(workplace=network))

    client.force_login(mine.owner)
    same_for_many(client, reverse(page, args=[mine.key] if page == "collection" else []), more)


def test_a_collection_is_made_on_its_own(client: Client, link_worker: User) -> None:
    client.force_login(link_worker)
    assert reverse("collection_new") in client.get(reverse("collections")).content.decode()
    answer = client.post(reverse("collection_new"), {"name": "For carers", "note": "Ask us."})
    made = Collection.objects.get(owner=link_worker)
    assert (made.name, made.note, made.favourites) == ("For carers", "Ask us.", False)
    assert answer.headers["Location"] == made.get_absolute_url()
    assert open_as(UserFactory(), "collection_new") == 404


def test_the_line_about_a_listing_is_changed_from_its_collection(client: Client, mine: Collection) -> None:
    CollectionFactory(owner=mine.owner, name="Another, which comes first")
    item = CollectionItemFactory(collection=mine, note="Kind to newcomers")
    client.force_login(mine.owner)
    url = f"{reverse('service_collect', args=[item.service.slug])}?collection={mine.key}"
    assert url in client.get(mine.get_absolute_url()).content.decode()
    form = client.get(url).context["form"]
    assert (form["collection"].value(), form["note"].value()) == (mine.key, "Kind to newcomers")


def test_the_line_of_somebody_elses_collection_is_not_shown(client: Client, mine: Collection, colleague: User) -> None:
    item = CollectionItemFactory(collection=mine, note="Kind to newcomers")
    client.force_login(colleague)
    page = client.get(reverse("service_collect", args=[item.service.slug]), {"collection": mine.key})
    assert "Kind to newcomers" not in page.content.decode()


def test_favourites_cannot_be_deleted(client: Client, link_worker: User) -> None:
    actions.set_favourite(service=ServiceFactory(), by=link_worker, kept=True)
    favourites = Collection.objects.get()
    client.force_login(link_worker)
    assert "Delete" not in client.get(favourites.get_absolute_url()).content.decode()
    assert client.post(reverse("collection_delete", args=[favourites.key])).status_code == 404
