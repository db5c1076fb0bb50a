"""Profiles, letters and blocks for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.factories import MembershipFactory
from members.mail_kinds import unsubscribe_path
from members.models import Block, Correspondence, MemberLetter, Profile, User


class ProfileFactory(DjangoModelFactory[Profile]):
    """Of a member whose membership began today, listed. `user=` takes somebody who has one."""

    class Meta:
        model = Profile

    user = factory.LazyFunction(lambda: MembershipFactory().user)
    headline = "Link worker in two rural practices"
    is_listed = True
    listed_at = factory.LazyFunction(timezone.now)


def make_letter(by: User, to: User, text: str = "Could we talk about your walking group?") -> MemberLetter:
    """A letter that was sent and not read, in the one correspondence of the two."""
    first, second = sorted([by, to], key=lambda person: person.pk)
    correspondence, _ = Correspondence.objects.get_or_create(first=first, second=second, defaults={"begun_by": by})
    return MemberLetter.objects.create(correspondence=correspondence, by=by, to=to, text=text)


def make_acquaintance(one: User, other: User) -> None:
    """A listed profile of the one, a letter to the other, and a block of the other by the one."""
    ProfileFactory(user=one)
    make_letter(one, other)
    Block.objects.create(by=one, whom=other)


def of_members() -> dict[str, object]:
    """What fills in the addresses of these pages: the first of each."""
    profile = Profile.objects.earliest("pk")
    return {
        "profile_key": profile.key,
        "correspondence_key": Correspondence.objects.earliest("pk").key,
        "block_id": Block.objects.earliest("pk").pk,
        "mail_token": unsubscribe_path(profile.user_id, "member-letter").split("/")[-2],
    }
