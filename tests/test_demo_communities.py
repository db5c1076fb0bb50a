"""The communities of the demo: alive, and with something for each page to show."""

import datetime as dt
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from linkworkers.demo.clock import Clock
from linkworkers.demo.members import communities
from linkworkers.demo.places import settle
from members.factories import MembershipFactory
from members.models import Community, Flag, LibraryItem, Region, Reply, Topic, TopicWish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "now", [dt.datetime(2026, 4, 5, 4, 30, tzinfo=dt.UTC), dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)]
)
def test_members_talk_on_any_day(now: dt.datetime, client: Client) -> None:
    clock = Clock(now, Random(1))
    world = settle(clock)
    MembershipFactory(user=world.people["member"], region=Region.EAST)
    communities.build(world, clock)
    assert Topic.objects.count() == 13
    assert not Reply.objects.filter(written_at__gt=now).exists()
    for topic in Topic.objects.prefetch_related("replies"):
        moments = [topic.written_at, *(reply.written_at for reply in topic.replies.all())]
        assert moments == sorted(moments)
        assert topic.reply_count == len(moments) - 1
    assert set(TopicWish.objects.values_list("topic__kind", flat=True)) == {"learned"}
    assert Flag.objects.waiting().get().community == Community.objects.get(kind="national")
    assert Community.objects.get(state="asked").name == "Young carers"
    assert Community.objects.get(region=Region.EAST).follower_count == 1
    client.force_login(world.people["member"])
    for item in LibraryItem.objects.select_related("community"):
        assert client.get(reverse("library_file", args=[item.community.slug, item.pk])).content.startswith(b"%PDF")
