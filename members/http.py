"""The request of somebody who is logged in, for the types of views."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import User


class Request(HttpRequest):
    """What a view behind `login_required` gets: its user is one of ours, never anonymous."""

    user: User
    htmx: HtmxDetails
