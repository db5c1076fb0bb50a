"""What a reader wants to know of a listing at a glance, read out of the standard's free texts.

Every function takes a service whose parts have been fetched, or those parts, and asks the database for nothing.
"""

import re
from decimal import Decimal

from django.utils import timezone
from django.utils.text import Truncator

from directory.models import CostOption, Location, Need, Schedule, Service, ServiceArea
from directory.needs import guess
from directory.schedules import in_words, is_over
from linkworkers import geo

SUMMARY_LENGTH = 170  # letters
FREE = re.compile(r"\b(?:free|no (?:charge|cost)|donations?)\b", re.IGNORECASE)
STEP_FREE = re.compile(r"\bstep[- ]?free|wheelchair|level access|\bramp", re.IGNORECASE)
NOT_STEP_FREE = re.compile(
    r"\b(?:not|no|without|isn['’]t|lacks)\b[^.]{0,30}(?:step[- ]?free|wheelchair|level access|ramp)", re.IGNORECASE
)
ONLINE = re.compile(r"\bonline|\bvirtual|\bvideo|\bzoom\b|\bremote", re.IGNORECASE)
WHOLE = "uk"  # what every place in the country is covered by
WHOLE_NAMES = frozenset({WHOLE, "united kingdom", "great britain", "gb", "national", "nationwide"})
NATIONS = frozenset({WHOLE, "england", "scotland", "wales", "northern ireland"})
LONGEST_AREA = 200  # letters


def summary(service: Service) -> str:
    """The first sentence or two."""
    return Truncator(re.sub(r"\s+", " ", service.description).strip()).chars(SUMMARY_LENGTH, truncate=" …")


def current_costs(service: Service) -> list[CostOption]:
    today = timezone.localdate()
    return [cost for cost in service.cost_options.all() if not (cost.valid_to and cost.valid_to < today)]


def is_free(service: Service) -> bool:
    """Whether somebody can come without paying, as far as anybody said."""
    costs = current_costs(service)
    amounts = [cost.amount for cost in costs if cost.amount is not None]
    if amounts:
        return min(amounts) == 0
    return bool(FREE.search(" ".join([service.fees, *(f"{cost.option} {cost.amount_description}" for cost in costs)])))


def cost_in_words(service: Service) -> str:
    """ "Free", "£2 a session"; the cheapest where there are several; "" when nobody said."""
    costs = current_costs(service)
    priced = [cost for cost in costs if cost.amount is not None]
    if priced:
        return price(min(priced, key=lambda cost: cost.amount or Decimal()))
    for text in (*(cost.option or cost.amount_description for cost in costs), service.fees):
        if text:
            return Truncator(text).chars(60, truncate=" …")
    return ""


def price(cost: CostOption) -> str:
    """One price as people say it."""
    if cost.amount is None:
        return cost.option or cost.amount_description
    if cost.amount == 0:
        return cost.option if FREE.search(cost.option) else "Free"
    pounds = f"£{cost.amount:.2f}".removesuffix(".00")
    return f"{pounds} {cost.amount_description}".strip()


def is_step_free(location: Location) -> bool:
    texts = [f"{each.description} {each.details} {each.accessibility}" for each in location.accessibility.all()]
    return any(STEP_FREE.search(text) and not NOT_STEP_FREE.search(text) for text in texts)


def public_locations(service: Service) -> list[Location]:
    """The places that may be told: never a confidential one, however the rows were fetched."""
    places = (place.location for place in service.service_at_locations.all())
    return [location for location in places if not location.confidential]


def is_online(service: Service) -> bool:
    if any(location.location_type == Location.Type.VIRTUAL for location in public_locations(service)):
        return True
    return any(ONLINE.search(schedule.attending_type) for schedule in service.schedules.all())


def schedules(service: Service, location: Location | None = None) -> list[Schedule]:
    """Those of the service that are not over, with those of one public place or, without one, of all of them."""
    own = list(service.schedules.all())
    for place in service.service_at_locations.all():
        if not place.location.confidential and location in (None, place.location):
            own += place.schedules.all()
    return [schedule for schedule in own if not is_over(schedule)]


def times_in_words(service: Service, location: Location | None = None) -> list[str]:
    return list(dict.fromkeys(filter(None, map(in_words, schedules(service, location)))))


def needs(service: Service) -> list[str]:
    """The needs it is listed under; guessed from its words when nobody said."""
    terms = [attribute.taxonomy_term for attribute in service.attributes.all() if attribute.taxonomy_term]
    said = {term.term for term in terms} & set(Need.values)
    if said:
        return [need for need in Need.values if need in said]
    return guess(" ".join([service.name, *(term.name for term in terms), service.description[:400]]))


def terms(service: Service) -> list[str]:
    return [attribute.taxonomy_term.name for attribute in service.attributes.all() if attribute.taxonomy_term]


def town(location: Location) -> str:
    return next((address.city for address in location.addresses.all() if address.city), "")


def place_in_words(location: Location) -> str:
    """ "Verulam Hall, St Albans": the place's name, or its street, and its town."""
    street = next((address.address_1 for address in location.addresses.all()), "")
    name, city = location.name or street, town(location)
    return name if not city or city in name else ", ".join(filter(None, (name, city)))


def areas_in_words(service: Service) -> str:
    names = [area.name or area.service_area for area in service.service_areas.all()]
    return Truncator(", ".join(filter(None, names))).chars(120, truncate=" …")


def position(location: Location) -> tuple[float, float] | None:
    """Where it is, in degrees, in our part of the world; elsewhere is a slip, and search ignores it."""
    if location.latitude is None or location.longitude is None:
        return None
    here = geo.in_the_united_kingdom(location.latitude, location.longitude)
    return (location.latitude, location.longitude) if here else None


def area_tokens(area: ServiceArea) -> set[str]:
    """The names and codes by which an area may be known, as `OutwardCode.areas` has them. Polygons are looked up
    elsewhere.
    """
    named = {area.name, area.service_area, area.uri.rstrip("/").rpartition("/")[2]}
    if area.extent_type == "postcodes":
        named |= set(re.split(r"[\s,;]+", area.extent))
    tokens = {token for name in named if (token := geo.fold(name)) and len(token) <= LONGEST_AREA}
    return tokens | {WHOLE} if tokens & WHOLE_NAMES else tokens
