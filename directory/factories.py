"""The rows that a test needs, and no others."""

import datetime as dt
import uuid
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from directory.index import refresh
from directory.models import (
    Accessibility,
    Address,
    Attribute,
    Collection,
    CollectionItem,
    Connector,
    CostOption,
    Language,
    Location,
    Organization,
    OutwardCode,
    Phone,
    Postcode,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Tap,
    Taxonomy,
    TaxonomyTerm,
)
from directory.models.taxonomy import NEEDS_TAXONOMY, Need, need_id
from members.factories import NetworkFactory, UserFactory

ST_ALBANS = (51.752, -0.339)  # degrees


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Good Neighbours {n}")
    description = "Neighbours who help each other."
    email = factory.Sequence(lambda n: f"hello@neighbours{n}.example")


class ServiceFactory(DjangoModelFactory[Service]):
    """A listing that runs and was checked ten days ago. Nothing is around it, and the search does not know it yet."""

    class Meta:
        model = Service

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Talking Café {n}")
    description = "A weekly table where anyone can turn up."
    slug = factory.Sequence(lambda n: f"talking-cafe-{n}")
    assured_date = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=10))
    assured_how = Service.How.RANG


class LocationFactory(DjangoModelFactory[Location]):
    """A hall in the middle of St Albans."""

    class Meta:
        model = Location

    name = factory.Sequence(lambda n: f"Verulam Hall {n}")
    latitude, longitude = ST_ALBANS


class AddressFactory(DjangoModelFactory[Address]):
    class Meta:
        model = Address

    location = factory.SubFactory(LocationFactory)
    address_1 = "12 Priory Mead"
    city = "St Albans"
    state_province = "Hertfordshire"
    postal_code = "AL1 3JQ"


class OutwardCodeFactory(DjangoModelFactory[OutwardCode]):
    class Meta:
        model = OutwardCode
        django_get_or_create = ("code",)

    code = "AL1"
    name = "St Albans"
    latitude, longitude = ST_ALBANS
    areas = ["st albans", "hertfordshire", "england"]


class PostcodeFactory(DjangoModelFactory[Postcode]):
    class Meta:
        model = Postcode
        django_get_or_create = ("code",)

    code = "AL1 3JQ"
    latitude, longitude = ST_ALBANS


def need_term(need: str) -> TaxonomyTerm:
    """The term of a need. A migration makes it; a test that empties the database takes it away."""
    taxonomy, _ = Taxonomy.objects.get_or_create(pk=NEEDS_TAXONOMY, defaults={"name": "Needs", "description": "Needs"})
    label = Need(need).label
    facts = {"name": label, "description": label, "term": need, "taxonomy": taxonomy, "taxonomy_name": "Needs"}
    return TaxonomyTerm.objects.get_or_create(pk=need_id(need), defaults=facts)[0]


def make_listing(
    name: str = "Verulam Talking Café",
    *,
    at: tuple[float, float] | None = ST_ALBANS,
    confidential: bool = False,
    covers: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    byday: str = "",
    hours: tuple[int, int] | None = None,
    amount: float | None = None,
    step_free: bool = False,
    online: bool = False,
    languages: tuple[str, ...] = (),
    phone: str = "",
    **service: Any,
) -> Service:
    """A whole listing, as the search knows it. `at` is degrees, None for nowhere; `hours` are whole ones of `byday`."""
    made = ServiceFactory.create(name=name, **service)
    if at:
        location = LocationFactory.create(latitude=at[0], longitude=at[1], confidential=confidential)
        AddressFactory.create(location=location)
        ServiceAtLocation.objects.create(service=made, location=location)
        if step_free:
            Accessibility.objects.create(location=location, description="Step-free entrance")
    if online:
        virtual = Location.objects.create(location_type=Location.Type.VIRTUAL, name="Video call")
        ServiceAtLocation.objects.create(service=made, location=virtual)
    for area in covers:
        ServiceArea.objects.create(service=made, name=area)
    for need in needs:
        Attribute.objects.create(service=made, taxonomy_term=need_term(need))
    if byday:
        opens, closes = (dt.time(hour) for hour in hours) if hours else (None, None)
        Schedule.objects.create(service=made, freq="WEEKLY", byday=byday, opens_at=opens, closes_at=closes)
    if amount is not None:
        CostOption.objects.create(service=made, amount=amount, amount_description="a session")
    for language in languages:
        Language.objects.create(service=made, name=language)
    if phone:
        Phone.objects.create(service=made, number=phone)
    refresh([made.pk])
    return made


class CollectionFactory(DjangoModelFactory[Collection]):
    """A collection that nobody but its owner sees."""

    class Meta:
        model = Collection

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"For carers {n}")


class CollectionItemFactory(DjangoModelFactory[CollectionItem]):
    class Meta:
        model = CollectionItem

    collection = factory.SubFactory(CollectionFactory)
    service = factory.SubFactory(ServiceFactory)


class ConnectorFactory(DjangoModelFactory[Connector]):
    class Meta:
        model = Connector

    workplace = factory.SubFactory(NetworkFactory)
    name = factory.Sequence(lambda n: f"Sal’s hairdresser {n}")


class TapFactory(DjangoModelFactory[Tap]):
    """A conversation counted today; what it was about was not said."""

    class Meta:
        model = Tap

    id = factory.LazyFunction(uuid.uuid4)
    connector = factory.SubFactory(ConnectorFactory)
    on = factory.LazyFunction(timezone.localdate)
