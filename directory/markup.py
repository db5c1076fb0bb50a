"""A listing in schema.org's words, for search engines and assistants."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.utils.safestring import SafeString

from directory import facts
from directory.models import Address, Location, Phone, Schedule, Service
from directory.schedules import DAYS, NAMES
from linkworkers.json_ld import Json
from linkworkers.json_ld import json_ld as as_json_ld


def json_ld(service: Service) -> SafeString:
    """The listing as JSON-LD, safe within `<script type="application/ld+json">`.

    Takes a service whose parts have been fetched and asks the database for nothing. Says nothing of a confidential
    place; whatever is not known is left out.
    """
    return as_json_ld(_service(service))


def _service(service: Service) -> Json:
    organization = service.organization
    return {
        "@context": "https://schema.org",
        "@type": "Service",
        "@id": settings.SITE_URL + service.get_absolute_url(),
        "url": settings.SITE_URL + service.get_absolute_url(),
        "name": service.name,
        "description": service.description,
        "sameAs": service.url,
        "provider": {
            "@type": "Organization",
            "name": organization.name,
            "url": organization.website,
            "email": organization.email,
            "logo": organization.logo,
        },
        "areaServed": [name for area in service.service_areas.all() if (name := area.name or area.service_area)],
        "audience": _audience(service),
        "offers": [
            {
                "@type": "Offer",
                "price": f"{cost.amount:.2f}",
                "priceCurrency": "GBP",
                "description": cost.option or cost.amount_description,
            }
            for cost in facts.current_costs(service)
            if cost.amount is not None
        ],
        "hoursAvailable": list(_hours(facts.schedules(service))),
        "availableChannel": list(_channels(service)),
    }


def _audience(service: Service) -> Json:
    if service.minimum_age is None and service.maximum_age is None:
        return {}
    return {
        "@type": "PeopleAudience",
        "suggestedMinAge": service.minimum_age,
        "suggestedMaxAge": service.maximum_age,
    }


def _channels(service: Service) -> Iterator[Json]:
    """A way to it for each place, or one without a place."""
    common = {
        "@type": "ServiceChannel",
        "serviceUrl": service.url,
        "servicePhone": next(map(_phone, _phones(service)), {}),
        "availableLanguage": [language.name for language in service.languages.all() if language.name],
    }
    places = [each for each in facts.public_locations(service) if each.location_type != Location.Type.VIRTUAL]
    for location in places:
        yield {**common, "serviceLocation": _place(location)}
    if not places:
        yield common


def _phones(service: Service) -> list[Phone]:
    return [*service.phones.all(), *(phone for contact in service.contacts.all() for phone in contact.phones.all())]


def _phone(phone: Phone) -> Json:
    return {"@type": "ContactPoint", "telephone": phone.number}


def _place(location: Location) -> Json:
    geo = {"@type": "GeoCoordinates", "latitude": location.latitude, "longitude": location.longitude}
    return {
        "@type": "Place",
        "name": location.name,
        "address": next((_address(each) for each in location.addresses.all()), {}),
        "geo": geo if facts.position(location) else {},
    }


def _address(address: Address) -> Json:
    return {
        "@type": "PostalAddress",
        "streetAddress": address.address_1,
        "addressLocality": address.city,
        "addressRegion": address.state_province,
        "postalCode": address.postal_code,
        "addressCountry": address.country,
    }


def _hours(schedules: list[Schedule]) -> Iterator[Json]:
    """Those that are so every week: schema.org cannot say "the first Saturday"."""
    for schedule in schedules:
        days = [NAMES[DAYS.index(day)] for day in schedule.byday.replace(" ", "").split(",") if day in DAYS]
        if schedule.freq == Schedule.Frequency.WEEKLY and schedule.interval in (None, 1) and days:
            yield {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": [f"https://schema.org/{day}" for day in days],
                "opens": _clock(schedule.opens_at),
                "closes": _clock(schedule.closes_at),
                "validFrom": _day(schedule.valid_from),
                "validThrough": _day(schedule.valid_to),
            }


def _clock(time: dt.time | None) -> str:
    return f"{time:%H:%M}" if time else ""


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
