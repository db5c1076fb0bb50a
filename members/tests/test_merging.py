"""Two records of one person become one, in every app, and nothing is lost but days that were covered twice."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from directory.models import Collection
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.actions import applications, merging
from members.actions.merging import merge_people, pointers
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, PostFactory, UserFactory, make_term
from members.models import FOREVER, Frequency, MailChoice, Membership, Post, Role, Seat, Status, User, Workplace
from referrals.factories import CareContactFactory, EpisodeFactory
from referrals.tests.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(db):
    return UserFactory(name="Ada Lord", email="ada@work.test")


@pytest.fixture
def drop(db):
    return UserFactory(name="A. Lord", email="ada@home.test")


def day(month: int, date: int = 1, year: int = 2026) -> dt.date:
    return dt.date(year, month, date)


def term(membership: Membership, first: dt.date, last: dt.date):
    return make_term(membership, start=first, days=(last - first).days + 1)


def terms(membership: Membership) -> list[tuple[dt.date, dt.date]]:
    return [(each.start_date, each.end_date) for each in membership.terms.order_by("start_date")]


def test_every_column_that_points_to_people_moves_or_is_named_with_a_reason():
    """A new app is covered without a word; what stays is one of these."""
    found = {pointer.label: pointer.stays for model in (User, Membership) for pointer in pointers(model)}
    every = {
        f"{column.model._meta.label}.{column.name}"
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.get_fields()
        if column.is_relation and column.concrete and not column.many_to_many
        if column.related_model in (User, Membership) and column.model is model
    }
    assert every <= set(found)
    reasons = {*merging.STAYS.values(), merging.HISTORY, merging.WRITTEN_ONCE}
    assert {stays for stays in found.values() if stays} == reasons
    assert set(merging.STAYS) <= set(found)
    for label in (
        "members.Post.user",
        "members.Invoice.membership",
        "members.Seat.member",
        "directory.Collection.owner",
    ):
        assert found[label] == ""
    for label in ("referrals.CareContact.by", "members.Invoice.created_by", "members.CreditNote.by"):
        assert found[label] == merging.WRITTEN_ONCE


def test_what_one_has_moves_and_the_account_is_closed(admin, keep, drop, practice):
    post = PostFactory(user=drop, workplace=practice)
    collection = Collection.objects.create(owner=drop, name="Mine")
    episode = EpisodeFactory(active=True, holder=drop)
    contact = CareContactFactory(episode=episode, by=drop)
    merge = merge_people(keep=keep, drop=drop, by=admin)
    for row, column in ((post, "user"), (collection, "owner"), (episode, "holder")):
        row.refresh_from_db()
        assert getattr(row, column) == keep
    contact.refresh_from_db()
    assert contact.by == drop  # written once
    drop.refresh_from_db()
    assert drop.is_active is False
    event = AuditEvent.objects.get(verb="account.merged")
    assert (event.subject_id, event.actor_id, event.facts["into"]) == (str(drop.pk), admin.pk, keep.pk)
    assert event.facts["moved"]["members.Post.user"] == 1
    assert {each.label for each in merge.moved} == set(event.facts["moved"])


def test_posts_that_overlap_stay_behind_and_the_others_come(admin, keep, drop, practice, network):
    PostFactory(user=keep, workplace=practice)
    PostFactory(user=drop, workplace=practice)
    PostFactory(user=drop, workplace=practice, start_date=day(1, year=2020), end_date=day(2, year=2020))
    PostFactory(user=drop, workplace=network, role=Role.LINK_WORKER)
    merge = merge_people(keep=keep, drop=drop, by=admin)
    assert [(each.number, each.kept_back) for each in merge.moved if each.label == "members.Post.user"] == [(2, 1)]
    assert (Post.objects.filter(user=keep).count(), Post.objects.filter(user=drop).count()) == (3, 1)


def test_a_choice_that_both_made_stays_as_the_keeper_made_it(admin, keep, drop):
    MailChoice.objects.create(user=keep, kind="members-digest", frequency=Frequency.OFF)
    MailChoice.objects.create(user=drop, kind="members-digest", frequency=Frequency.MONTHLY)
    MailChoice.objects.create(user=drop, kind="topic-reply", frequency=Frequency.OFF)
    merge_people(keep=keep, drop=drop, by=admin)
    assert MailChoice.objects.by_user("members-digest", [keep.pk]) == {keep.pk: Frequency.OFF}
    assert MailChoice.objects.by_user("topic-reply", [keep.pk]) == {keep.pk: Frequency.OFF}


def test_the_membership_of_one_comes_with_its_number(admin, keep, drop):
    membership = MembershipFactory(user=drop)
    merge_people(keep=keep, drop=drop, by=admin)
    membership.refresh_from_db()
    assert (membership.user, membership.status_today) == (keep, Status.CURRENT)


class TestTwoMemberships:
    @pytest.fixture
    def ours(self, keep):
        return MembershipFactory(user=keep, term=False)

    @pytest.fixture
    def theirs(self, drop):
        return MembershipFactory(user=drop, term=False, region="london")

    def test_days_that_only_one_has_come_along(self, admin, keep, drop, ours, theirs):
        term(ours, day(1), day(6, 30))
        term(theirs, day(1, year=2025), day(12, 31, 2025))
        merge = merge_people(keep=keep, drop=drop, by=admin)
        assert merge.overlaps == []
        ours.refresh_from_db()
        theirs.refresh_from_db()
        assert terms(ours) == [(day(1, year=2025), day(12, 31, 2025)), (day(1), day(6, 30))]
        assert (ours.region, ours.user, theirs.ends_on) == ("london", keep, None)
        assert theirs.cancel_reason == f"Merged into {ours.number}."
        assert theirs.status_today == Status.CANCELLED

    def test_days_that_both_have_need_a_word_and_only_those_are_given_up(self, admin, keep, drop, ours, theirs):
        term(ours, day(3), day(3, 31))
        term(ours, day(5), day(5, 31))
        term(theirs, day(1), day(12, 31))
        with pytest.raises(Refused, match="covered twice"):
            merge_people(keep=keep, drop=drop, by=admin)
        assert terms(theirs) == [(day(1), day(12, 31))]
        merge = merge_people(keep=keep, drop=drop, give_up_overlaps=True, by=admin)
        assert merge.overlaps == [(day(3), day(3, 31)), (day(5), day(5, 31))]
        assert terms(ours) == [
            (day(1), day(2, 28)),
            (day(3), day(3, 31)),
            (day(4), day(4, 30)),
            (day(5), day(5, 31)),
            (day(6), day(12, 31)),
        ]
        assert AuditEvent.objects.get(verb="account.merged").facts["days_given_up"] == [
            "2026-03-01 to 2026-03-31",
            "2026-05-01 to 2026-05-31",
        ]

    def test_a_membership_for_life_covers_all_that_follows(self, admin, keep, drop, ours, theirs):
        term(ours, day(1), day(12, 31))
        term(theirs, day(6), FOREVER)
        merge_people(keep=keep, drop=drop, give_up_overlaps=True, by=admin)
        ours.refresh_from_db()
        assert (ours.ends_on, len(terms(ours))) == (FOREVER, 2)

    def test_invoices_come_along_and_still_bring_their_days(self, admin, keep, drop, ours):
        theirs = applications.join(plan=PlanFactory(key="paid-one", price=36), user=drop, by=drop)
        invoice = theirs.invoices.get()
        merge_people(keep=keep, drop=drop, by=admin)
        invoice.refresh_from_db()
        assert (invoice.membership, invoice.created_by) == (ours, drop)

    def test_of_two_seats_one_is_free_again(self, admin, keep, drop, ours, theirs):
        for number, member in enumerate((ours, theirs)):
            Seat.objects.create(
                membership=EmployerFactory(),
                member=member,
                email=member.user.email,
                token_hash=str(number),
                expires_at=timezone.now(),
                accepted_at=timezone.now(),
            )
        merge_people(keep=keep, drop=drop, by=admin)
        theirs.refresh_from_db()
        assert (Seat.objects.taken().get().member, theirs.sponsor) == (ours, None)

    def test_looking_changes_nothing(self, admin, keep, drop, ours, theirs):
        term(ours, day(1), day(6, 30))
        term(theirs, day(6), day(12, 31))
        merge = merging.look(keep=keep, drop=drop, by=admin)
        assert merge.overlaps == [(day(6), day(6, 30))]
        assert terms(theirs) == [(day(6), day(12, 31))]
        drop.refresh_from_db()
        assert drop.is_active
        assert not AuditEvent.objects.exists()


class TestIsRefused:
    def test_for_anybody_but_the_office(self, keep, drop, manager):
        with pytest.raises(PermissionDenied):
            merge_people(keep=keep, drop=drop, by=manager)

    def test_for_one_record_for_oneself_and_for_administrators(self, admin, keep, drop, association):
        for one, other in ((keep, keep), (admin, drop), (drop, admin)):
            with pytest.raises(Refused):
                merge_people(keep=one, drop=other, by=admin)
        PostFactory(user=drop, workplace=association, role=Role.ADMINISTRATOR)
        with pytest.raises(Refused, match="is an administrator"):
            merge_people(keep=keep, drop=drop, by=admin)

    def test_into_a_closed_account_and_twice(self, admin, keep, drop):
        merge_people(keep=keep, drop=drop, by=admin)
        with pytest.raises(Refused, match="merged already: into Ada Lord"):
            merge_people(keep=keep, drop=drop, by=admin)
        with pytest.raises(Refused, match="is closed"):
            merge_people(keep=drop, drop=keep, by=admin)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_the_second_is_told(admin, keep, drop):
    MembershipFactory(user=keep)
    MembershipFactory(user=drop)
    first, second = race(
        User.objects.filter(pk__in=[keep.pk, drop.pk]),
        lambda: merge_people(keep=keep, drop=drop, give_up_overlaps=True, by=admin),
        lambda: merge_people(keep=drop, drop=keep, give_up_overlaps=True, by=admin),
    )
    assert isinstance(first, merging.Merge)
    assert "is closed" in str(second)


class TestThePage:
    URL = "admin:members_user_merge"

    def test_chooses_shows_and_merges(self, client, admin, keep, drop):
        client.force_login(admin)
        ours, theirs = MembershipFactory(user=keep), MembershipFactory(user=drop)
        assert "The record that stays" in client.get(reverse(self.URL)).content.decode()
        assert "Choose the record that goes." in client.get(reverse(self.URL), {"keep": keep.pk}).content.decode()
        pair = f"{reverse(self.URL)}?keep={keep.pk}&drop={drop.pk}"
        shown = client.get(pair).content.decode()
        for words in ("ada@work.test", "ada@home.test", ours.number, theirs.number, "covered twice"):
            assert words in shown
        assert "Tick this" in client.post(pair, {"answered": "nothing"}).content.decode()
        done = client.post(pair, {"give_up_overlaps": "on"}, follow=True).content.decode()
        assert "The account of ada@home.test is closed." in done
        assert "merged already" in client.post(pair, {"give_up_overlaps": "on"}).content.decode()

    @pytest.mark.parametrize("given", ["keep=x&drop=²", "keep=1&drop=99999999999999999999", "keep=%00&drop=1"])
    def test_takes_anything_for_a_key(self, client, admin, given):
        client.force_login(admin)
        assert client.get(f"{reverse(self.URL)}?{given}").status_code == 200

    def test_is_reached_by_two_ticks(self, client, admin, keep, drop):
        client.force_login(admin)
        people = reverse("admin:members_user_changelist")
        ticked = {"action": "merge_ticked", "_selected_action": [keep.pk, drop.pk]}
        assert client.post(people, ticked).url == f"{reverse(self.URL)}?keep={keep.pk}&drop={drop.pk}"
        one = client.post(people, ticked | {"_selected_action": [keep.pk]}, follow=True).content.decode()
        assert "Tick two records" in one


def test_a_workplace_is_no_person(network):
    """What points to other things is none of a merge's business."""
    assert not any(pointer.model is Workplace for pointer in pointers(User))
