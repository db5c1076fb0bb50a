"""The listings, the guide and the news of the demo: whole, and read as a reader finds them."""

from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from linkworkers.demo.clock import Clock
from linkworkers.demo.members import articles, vacancies
from linkworkers.demo.places import settle
from members.models import Article, Vacancy

pytestmark = pytest.mark.django_db


def test_they_are_there_and_open() -> None:
    clock = Clock(timezone.now(), Random(1))
    world = settle(clock)
    vacancies.build(world, clock)
    articles.build(world, clock)
    assert Vacancy.objects.open().count() == 11
    assert Vacancy.objects.open().filter(closes_on=clock.today).exists()
    assert Vacancy.objects.queue().get().title == "Link worker, maternity cover"
    assert Vacancy.objects.filter(state="declined").exclude(reason="").count() == 1
    assert Vacancy.objects.open().exclude(region="").values("region").distinct().count() >= 7
    client = Client()
    for row in [*Vacancy.objects.open(), *Article.objects.all()]:
        assert client.get(row.get_absolute_url()).status_code == 200
    assert Article.objects.published().guide().count() == 6
    assert Article.objects.published().news().count() == 3
    first = Article.objects.guide().first()
    assert first is not None
    assert first.versions.count() == first.version == 2
    assert first.versions.get(number=2).text == first.text != first.versions.get(number=1).text
