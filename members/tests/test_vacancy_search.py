"""Jobs and volunteer roles for whoever looks for one: the search, the feed, the page, the digest."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from linkworkers.outbox.models import Message
from members.digest_sections.vacancies import new_vacancies
from members.models import PayBand, Region, Vacancy
from members.tests.vacancy_factories import BEFRIENDER, make_vacancy, soon, typed

pytestmark = pytest.mark.django_db
NEW, LIST = "/listings/new/", "/listings/"
DAY = dt.timedelta(days=1)


def mails(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("created_at"))


def text(response) -> str:
    return response.content.decode()


def errors(client, **changed) -> dict[str, list[str]]:
    return client.post(NEW, typed(**changed)).context["form"].errors


ALL = {"Manager of volunteers", "Sessional worker", "Telephone befriender", "Navigator"}


@pytest.fixture
def some(admin) -> None:
    make_vacancy(
        by=admin, title="Manager of volunteers", region="london", town="Camden", pay_from=Decimal(35000), pay_to=None
    )
    hourly = {"pay_from": Decimal(15), "pay_to": None, "pay_per": "hour"}
    make_vacancy(by=admin, title="Sessional worker", hours=None, contract="sessional", **hourly)
    make_vacancy(BEFRIENDER, by=admin, setting="remote", region="", town="", closes_on=timezone.localdate())
    band = PayBand.objects.all()[0]
    only_a_band = {"pay_from": None, "pay_to": None, "pay_per": "", "pay_band": band}
    make_vacancy(by=admin, title="Navigator", hours=Decimal(20), setting="hybrid", **only_a_band)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ALL),
        ("q=managing", {"Manager of volunteers"}),
        ("q=camden+volunteer", {"Manager of volunteers"}),
        ("q=zebra", set()),
        ("kind=volunteer", {"Telephone befriender"}),
        ("region=london", {"Manager of volunteers", "Telephone befriender"}),
        ("pay=£29,250", {"Manager of volunteers", "Sessional worker"}),
        ("pay=29251", {"Manager of volunteers"}),
        ("hours=part", {"Navigator"}),
        ("hours=few", {"Telephone befriender"}),
        ("hours=full", {"Manager of volunteers"}),
        ("setting=hybrid", {"Navigator"}),
        (
            "kind=nothing&region=%00&sort=x&page=x",
            ALL,
        ),
        ("q=%00'%22:*!()", set()),
        ("pay=lots", ALL),
    ],
)
def test_people_find_by_words_and_by_what_they_need(client, some, asked, found):
    page = client.get(f"{LIST}?{asked}")
    assert {vacancy.title for vacancy in page.context["page"]} == found
    assert client.get(f"/listings/feed/?{asked}").status_code == 200


def test_the_one_that_closes_first_comes_first(client, some):
    page = client.get(f"{LIST}?sort=closing")
    assert page.context["page"][0].title == "Telephone befriender"
    assert "Closes today" in text(page)


def test_a_pay_that_is_no_number_is_told_so(client, some):
    assert "Write a number of pounds" in text(client.get(f"{LIST}?pay=lots"))


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_ask_no_more_for_more_rows(client, admin, rows, django_assert_max_num_queries):
    band = PayBand.objects.all()[0]
    for number in range(rows):
        make_vacancy(by=admin, title=f"Job {number}", pay_band=band)
    with django_assert_max_num_queries(3):
        page = text(client.get(f"{LIST}?q=job&kind=job"))
    assert ("q=job&amp;kind=job&amp;page=2" in page) == (rows > 20)
    with django_assert_max_num_queries(2):
        client.get("/listings/feed/")
    ended = make_vacancy(by=admin, title="Ended", closes_on=timezone.localdate() - DAY)
    with django_assert_max_num_queries(4):
        client.get(ended.get_absolute_url())
    with django_assert_max_num_queries(1):
        assert len(new_vacancies(timezone.now() - DAY, ["east", "london"])["east"]) == min(rows, 10)
    client.force_login(admin)
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:members_vacancy_changelist"))


def test_the_markup_says_what_search_engines_ask_for(client, admin):
    def markup(vacancy: Vacancy) -> dict:
        page = text(client.get(vacancy.get_absolute_url()))
        return json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)[1])

    job = markup(make_vacancy(by=admin))
    assert job["employmentType"] == ["FULL_TIME"]
    assert job["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "minValue": "28000.00",
        "maxValue": "31000.00",
        "unitText": "YEAR",
    }
    assert job["jobLocation"]["address"]["postalCode"] == "AL1 3JQ"
    assert job["validThrough"].startswith(soon().isoformat())
    assert "contact" not in json.dumps(job)
    role = markup(make_vacancy(BEFRIENDER, by=admin, setting="remote", region="", town="", postcode=""))
    assert role["employmentType"] == ["VOLUNTEER"]
    assert (role["jobLocationType"], "baseSalary" in role, "jobLocation" in role) == ("TELECOMMUTE", False, False)
    assert role["applicantLocationRequirements"]["name"] == "United Kingdom"


def test_who_posted_it_is_for_the_office_alone(client, admin):
    vacancy = make_vacancy(by=admin, contact_email="private@example.test")
    for page in (LIST, vacancy.get_absolute_url(), "/listings/feed/"):
        assert "private@" not in text(client.get(page))


def test_the_digest_is_told_of_what_is_new_in_each_region(admin, some):
    old = timezone.now() - dt.timedelta(days=10)
    make_vacancy(by=admin, title="Last month’s", region="london", published_at=old)
    make_vacancy(title="Not read yet", region="london")
    found = new_vacancies(timezone.now() - DAY, [Region.LONDON, Region.WALES, ""])
    assert {each.title for each in found["london"]} == {"Manager of volunteers", "Telephone befriender"}
    assert [each.title for each in found["wales"]] == ["Telephone befriender"]
    assert len(found[""]) == 4
