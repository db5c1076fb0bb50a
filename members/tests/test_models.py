import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.factories import PostFactory, UserFactory, WorkplaceFactory
from members.models import ROLES_AT, Post, Role, User, Workplace

TODAY = dt.date(2026, 11, 23)


def days(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=number)


def test_two_posts_in_one_role_at_one_workplace_cannot_overlap(practice):
    user = UserFactory()
    PostFactory(user=user, workplace=practice, start_date=days(0), end_date=days(10))
    with pytest.raises(IntegrityError, match="post_no_overlap"), transaction.atomic():
        PostFactory(user=user, workplace=practice, start_date=days(10))
    assert PostFactory(user=user, workplace=practice, start_date=days(11)).pk
    assert PostFactory(user=user, workplace=practice, role=Role.VOLUNTEER).pk
    assert PostFactory(workplace=practice).pk


def test_a_post_cannot_end_before_it_begins(practice):
    with pytest.raises(IntegrityError, match="post_ends_after_it_begins"):
        PostFactory(workplace=practice, end_date=days(-1))


def test_access_lasts_from_the_first_day_to_the_last_both_included(practice, django_assert_num_queries):
    user = UserFactory()
    PostFactory(user=user, workplace=practice, start_date=TODAY, end_date=TODAY + dt.timedelta(days=2))
    held = [bool(Post.objects.current(TODAY + dt.timedelta(days=n)).filter(user=user)) for n in range(-1, 4)]
    assert held == [False, True, True, True, False]


def test_a_closed_account_holds_no_post_today(link_worker):
    assert Post.objects.current().filter(user=link_worker).exists()
    User.objects.filter(pk=link_worker.pk).update(is_active=False)
    assert not Post.objects.current().filter(user=link_worker).exists()


@pytest.mark.django_db
def test_two_addresses_that_differ_in_case_only_are_one(db):
    UserFactory(email="amara@example.test")
    assert User.objects.create_user(" Dev@Example.TEST ").email == "dev@example.test"
    with pytest.raises(IntegrityError, match="user_email"):
        User.objects.create(email="Amara@example.test")


@pytest.mark.parametrize("kind", Workplace.Kind)
def test_only_the_roles_of_a_kind_of_workplace_can_be_held_there(db, kind):
    workplace = WorkplaceFactory(kind=kind, parent=None)
    for role in Role:
        post = Post(user=UserFactory(), workplace=workplace, role=role)
        if role in ROLES_AT[kind]:
            post.full_clean()
        else:
            with pytest.raises(ValidationError, match="the roles are"):
                post.full_clean()


def test_only_a_practice_belongs_to_a_network(network):
    with pytest.raises(IntegrityError, match="workplace_only_practice_has_network"):
        WorkplaceFactory(kind=Workplace.Kind.EMPLOYER, parent=network)


def test_a_manager_sees_the_posts_of_the_network_and_its_practices(
    manager, admin, practice_staff, link_worker, outsider
):
    assert {post.user for post in Post.objects.visible_to(manager)} == {manager, practice_staff, link_worker}
    assert {post.user for post in Post.objects.visible_to(admin)} >= {admin, outsider, link_worker}
    assert not Post.objects.visible_to(link_worker).exists()


def test_an_administrator_is_staff_until_the_last_day(admin):
    assert admin.is_staff
    Post.objects.filter(user=admin).update(start_date=days(-9), end_date=days(-1))
    assert not User.objects.get(pk=admin.pk).is_staff
