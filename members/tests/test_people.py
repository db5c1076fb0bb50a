"""Members find each other by consent, and no page of theirs holds an address."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linkworkers.audit.models import AuditEvent
from members import actions
from members.actions.people import save_profile
from members.factories import MembershipFactory, UserFactory
from members.factories_people import ProfileFactory, make_letter
from members.models import Interest, Membership, Profile, Region, User

pytestmark = pytest.mark.django_db
PEOPLE = "/members/people/"


@pytest.fixture
def reader(client, member):
    client.force_login(member)
    return client


def listed(name: str, region: str = "", **facts) -> Profile:
    user = MembershipFactory(user__name=name, region=region).user
    return ProfileFactory(user=user, **facts)


def found(client, **query) -> list[str]:
    return [profile.user.name for profile in client.get(PEOPLE, query).context["page"]]


def test_only_who_said_so_and_belongs_is_there(reader):
    listed("Ada Listed")
    listed("Hidden", is_listed=False)
    lapsed = listed("Lapsed")
    Membership.objects.filter(user=lapsed.user).update(ends_on="2020-01-01")
    User.objects.filter(pk=listed("Closed").user.pk).update(is_active=False)
    assert found(reader) == ["Ada Listed"]
    hidden = Profile.objects.exclude(user__name="Ada Listed")
    assert [reader.get(f"{PEOPLE}{profile.key}/").status_code for profile in hidden] == [404] * 3


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("siobhan oneill", []),
        ("SIOBHAN o'neill", ["Siobhán O’Neill"]),
        ("bereave", ["Siobhán O’Neill"]),
        ("siobhan walking", ["Siobhán O’Neill"]),
        ("walking nobody", []),
        ("100%", []),
        ("_", []),
        ("\x00", ["Amara", "Siobhán O’Neill"]),
        ("word " * 500, []),
        ("नमस्ते", ["Amara"]),
    ],
)
def test_they_are_found_by_parts_of_words_without_accents(reader, typed, who):
    listed("Siobhán O’Neill", headline="Bereavement", about="A walking group")
    listed("Amara", about="नमस्ते")
    assert found(reader, q=typed) == who


def test_they_are_found_by_region_and_interest_together(reader):
    carers = Interest.objects.get(slug="carers")
    for name, region, cares in [("A", Region.EAST, True), ("B", Region.EAST, False), ("C", Region.WALES, True)]:
        profile = listed(name, region)
        profile.interests.set([carers] if cares else [])
    assert found(reader, region="east", interest="carers") == ["A"]
    assert found(reader, region="mars", interest="' or 1=1") == ["A", "B", "C"]


def test_the_search_reads_an_index(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "profile_words" in Profile.objects.with_words("walking").only("pk").explain()


def test_thirty_people_cost_what_one_costs(reader):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert reader.get(PEOPLE, {"q": "link", "region": "east"}).status_code == 200
        return len(queries)

    listed("First", Region.EAST)
    one = cost()
    for number in range(30):
        listed(f"Person {number}", Region.EAST).interests.set(Interest.objects.all())
    assert cost() == one <= 9


def test_no_page_shows_an_address(reader, member):
    other = listed("Ada Lovelace", about="Ask me about walking.")
    letter = make_letter(other.user, member)
    ProfileFactory(user=member)
    pages = [PEOPLE, f"{PEOPLE}{other.key}/", "/members/profile/", "/members/letters/", "/members/letters/blocked/"]
    pages += [f"/members/letters/to/{other.key}/", f"/members/letters/{letter.correspondence.key}/"]
    for page in pages:
        html = reader.get(page).content.decode()
        assert other.user.name in html or "blocked" in page or "profile" in page
        assert "@example" not in html, page


def save(user: User, **facts) -> Profile:
    usual = {"headline": "", "about": "", "interests": [], "is_listed": False, "takes_letters": True}
    return save_profile(**(usual | facts), by=user)


def test_consent_is_dated_and_taken_back_it_hides_at_once(reader, member):
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        first = save(member, is_listed=True).listed_at
        assert first == timezone.now()
    assert save(member, is_listed=True, headline="New").listed_at == first
    assert member in User.objects.filter(profile__in=Profile.objects.listed())
    assert not save(member).is_listed
    assert not Profile.objects.listed().exists()
    trail = AuditEvent.objects.filter(verb__startswith="profile.").order_by("pk")
    assert list(trail.values_list("verb", flat=True)) == [
        *("profile.changed", "profile.listed", "profile.changed", "profile.changed", "profile.unlisted")
    ]


def test_a_profile_is_saved_with_the_region_of_the_membership(reader, member):
    carers = Interest.objects.get(slug="carers")
    typed = {"headline": "Hi", "region": "wales", "interests": [carers.pk], "is_listed": "on"}
    answer = reader.post("/members/profile/", typed, follow=True)
    profile = Profile.objects.get(user=member)
    assert answer.redirect_chain[-1][0] == f"{PEOPLE}{profile.key}/"
    assert (profile.is_listed, profile.takes_letters, list(profile.interests.all())) == (True, False, [carers])
    assert Membership.objects.get(user=member).region == Region.WALES


def test_what_cannot_be_saved_is_kept_as_typed(reader):
    answer = reader.post("/members/profile/", {"headline": "x" * 121, "about": "Kept words", "region": "mars"})
    assert "Kept words" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"headline", "region"}
    assert not Profile.objects.exists()


def test_a_new_name_is_found(reader, member):
    ProfileFactory(user=member)
    actions.change_name(member, name="Zoë Ng", by=member)
    assert found(reader, q="zoe") == ["Zoë Ng"]


def test_whoever_is_no_member_is_sent_to_join(client):
    client.force_login(UserFactory())
    assert client.get(PEOPLE).url == reverse("members")
