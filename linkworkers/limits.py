"""How often somebody may ask for what makes work for others, or guess. The rates are in the settings."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from linkworkers.http import client_address


def allows(request: HttpRequest, action: str, about: object) -> bool:
    """Counts one try of the action about something, by the address it came from; False when there were too many.

    A whole surgery sits behind one address: what is narrow is the limit of one listing from there. Pages that are only
    read are counted too, which the public function of allauth leaves out.
    """
    key = f"{about}:{client_address(request)}"
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True))
