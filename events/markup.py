"""An event in schema.org's words, for search engines and assistants; never the link for joining online."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from events.models import Event, Speaker, TicketType
from events.selling import FOR_ALL, FOR_OWN
from linkworkers.json_ld import Json
from linkworkers.json_ld import json_ld as as_json_ld

SCHEMA = "https://schema.org/"


def json_ld(event: Event, types: Iterable[TicketType], speakers: Iterable[Speaker]) -> SafeString:
    """The facts that everybody may have. Makes no queries."""
    page = settings.SITE_URL + event.get_absolute_url()
    place = {
        "@type": "Place",
        "name": event.venue,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": event.address,
            "postalCode": event.postcode,
            "addressCountry": "GB",
        },
    }
    online = {"@type": "VirtualLocation", "url": page}
    mode = "Online" if event.is_online else "Mixed" if event.online_link else "Offline"
    shown = [each for each in types if each.audience in FOR_ALL | FOR_OWN]
    return as_json_ld(
        {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": event.title,
            "description": event.summary,
            "url": page,
            "startDate": timezone.localtime(event.starts_at).isoformat(),
            "endDate": timezone.localtime(event.ends_at).isoformat(),
            "eventStatus": f"{SCHEMA}{'EventCancelled' if event.is_cancelled else 'EventScheduled'}",
            "eventAttendanceMode": f"{SCHEMA}{mode}EventAttendanceMode",
            "location": online if event.is_online else [place, online] if event.online_link else place,
            "organizer": {"@type": "Organization", "name": "Link Workers", "url": settings.SITE_URL + reverse("home")},
            "performer": [{"@type": "Person", "name": each.name} for each in speakers],
            "offers": [_offer(event, each) for each in shown],
        }
    )


def _offer(event: Event, each: TicketType) -> Json:
    gone = event.is_cancelled or event.has_begun or not event.free or each.free == 0 or each.is_after_sale
    state = "SoldOut" if gone else "PreOrder" if each.is_before_sale else "InStock"
    return {
        "@type": "Offer",
        "name": each.name,
        "price": f"{each.price_with_vat:.2f}",
        "priceCurrency": "GBP",
        "availability": SCHEMA + state,
        "url": settings.SITE_URL + reverse("event_book", args=[event.slug]),
        "validFrom": timezone.localtime(each.sale_from).isoformat() if each.sale_from else "",
        "validThrough": timezone.localtime(each.sale_until).isoformat() if each.sale_until else "",
    }
