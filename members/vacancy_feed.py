"""Jobs and volunteer roles for programs: a feed, and each page in schema.org's words."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from linkworkers.feeds import AtomFeed, readable
from linkworkers.json_ld import Json
from linkworkers.json_ld import json_ld as as_json_ld
from linkworkers.markdown import render
from members.forms.vacancies import SearchForm
from members.models import Vacancy

NEWEST = 50
EMPLOYMENT = {Vacancy.Contract.FIXED: "TEMPORARY", Vacancy.Contract.SESSIONAL: "PER_DIEM"}
FULL_TIME = 35  # hours a week
UNITS = {Vacancy.Per.YEAR: "YEAR", Vacancy.Per.HOUR: "HOUR"}
KINGDOM = {"@type": "Country", "name": "United Kingdom"}


class VacancyFeed(AtomFeed):
    """Those that are open, narrowed as the page is."""

    title = "Jobs and volunteer roles in social prescribing"
    subtitle = "From Link Workers, each read by the office, with its pay."

    def get_object(self, request: HttpRequest) -> SearchForm:
        return SearchForm(request.GET)

    def link(self) -> str:
        return reverse("vacancies")

    def items(self, search: SearchForm) -> Any:
        return search.found(Vacancy.objects.open().select_related("pay_band"))[:NEWEST]

    def item_description(self, item: Vacancy) -> str:
        """HTML: the facts in a line, then what it is about."""
        facts = as_line(item)
        return readable(f"{render(facts)}{render(item.about)}")

    def item_author_name(self, item: Vacancy) -> str:
        return readable(item.organization)

    def item_pubdate(self, item: Vacancy) -> Any:
        return item.published_at

    def item_updateddate(self, item: Vacancy) -> Any:
        return item.decided_at

    def item_categories(self, item: Vacancy) -> list[str]:
        return [item.get_kind_display(), *filter(None, [item.get_region_display()])]


def as_line(vacancy: Vacancy) -> str:
    """Who, where, what it pays and until when, as words."""
    closes = f"closes {vacancy.closes_on:%-d %B %Y}"
    return " · ".join([vacancy.organization, vacancy.place, vacancy.pay, vacancy.hours_told, closes])


def json_ld(vacancy: Vacancy) -> SafeString:
    """The JobPosting of an open one, safe within a script. A volunteer role has no pay in it. Asks for nothing."""
    return as_json_ld(
        {
            "@context": "https://schema.org",
            "@type": "JobPosting",
            "url": settings.SITE_URL + vacancy.get_absolute_url(),
            "identifier": {"@type": "PropertyValue", "name": "Link Workers", "value": vacancy.slug},
            "title": vacancy.title,
            "description": str(render(vacancy.about)),
            "datePosted": vacancy.published_at and timezone.localdate(vacancy.published_at).isoformat(),
            # The closing day is the last one to apply on, to its end in London.
            "validThrough": f"{vacancy.closes_on.isoformat()}T23:59",
            "employmentType": _employment(vacancy),
            "hiringOrganization": {"@type": "Organization", "name": vacancy.organization},
            "workHours": vacancy.hours_told if vacancy.hours else "",
            "directApply": False,
            **_where(vacancy),
            "baseSalary": _salary(vacancy),
        }
    )


def _employment(vacancy: Vacancy) -> list[str]:
    if not vacancy.is_job:
        return ["VOLUNTEER"]
    time = "" if vacancy.hours is None else "FULL_TIME" if vacancy.hours >= FULL_TIME else "PART_TIME"
    return list(filter(None, [time, EMPLOYMENT.get(Vacancy.Contract(vacancy.contract), "")]))


def _where(vacancy: Vacancy) -> Json:
    area = {"@type": "AdministrativeArea", "name": vacancy.get_region_display()} if vacancy.region else KINGDOM
    remote = {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": area}
    if vacancy.setting == Vacancy.Setting.REMOTE:
        return remote
    address = {
        "@type": "PostalAddress",
        "addressLocality": vacancy.town,
        "addressRegion": vacancy.get_region_display(),
        "postalCode": vacancy.postcode,
        "addressCountry": "GB",
    }
    return {"jobLocation": {"@type": "Place", "address": address}}


def _salary(vacancy: Vacancy) -> Json:
    if not vacancy.is_job or vacancy.pay_from is None:
        return {}
    unit = UNITS[Vacancy.Per(vacancy.pay_per)]
    high = vacancy.pay_to if vacancy.pay_to is not None else vacancy.pay_from
    amounts = {"minValue": f"{vacancy.pay_from:.2f}", "maxValue": f"{high:.2f}"}
    return {
        "@type": "MonetaryAmount",
        "currency": "GBP",
        "value": {"@type": "QuantitativeValue", **amounts, "unitText": unit},
    }
