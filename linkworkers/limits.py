"""How often somebody may ask for what makes work for others. The rates are in the settings."""

from allauth.core import ratelimit
from django.http import HttpRequest

from linkworkers.http import client_address


def allows(request: HttpRequest, action: str, about: object) -> bool:
    """Counts one try of the action about something, by the address it came from; False when there were too many.

    A whole surgery sits behind one address: what is narrow is the limit of one listing from there.
    """
    return ratelimit.consume(request, action=action, key=f"{about}:{client_address(request)}")
